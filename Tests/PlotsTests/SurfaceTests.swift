import Foundation
import Testing

@testable import Plots

@Suite struct IsoLinesTests {
  private func nodes(_ value: (Double, Double) -> Double) -> [[Double]] {
    (0...20).map { row in (0...20).map { value(Double($0) - 10, Double(row) - 10) } }
  }

  @Test func theLineOfACircleIsClosedAndRound() throws {
    let lines = IsoLines(nodes { ($0 * $0 + $1 * $1).squareRoot() }, at: 7).lines
    let line = try #require(lines.first)
    #expect(lines.count == 1)
    #expect(line.first == line.last)
    for point in line {
      #expect(abs(hypot(point.x - 10, point.y - 10) - 7) < 0.02)
    }
  }

  @Test func everyPartHasItsLine() {
    let peaks = nodes { max(exp(-hypot($0 - 5, $1)), exp(-hypot($0 + 5, $1))) }
    #expect(IsoLines(peaks, at: 0.3).lines.count == 2)
    #expect(IsoLines(peaks, at: 2).lines.isEmpty)
    #expect(IsoLines(nodes { x, _ in x }, at: 0.5).lines.count == 1)
  }

  @Test func squaresWithoutAValueHaveNoLine() {
    let broken = nodes { x, y in y == 0 ? .nan : x }
    let lines = IsoLines(broken, at: 0.5).lines
    #expect(lines.count == 2)
    #expect(lines.joined().allSatisfy { $0.y <= 9 || $0.y >= 11 })
  }

  /// At a saddle the mean of the corners says which of the two pairs are joined.
  @Test(arguments: [(0.4, 2), (0.6, 2)]) func aSaddleHasTwoLines(level: Double, count: Int) {
    let lines = IsoLines([[0, 1], [1, 0]], at: level).lines
    #expect(lines.count == count)
    let cutsLowCorner = lines.contains { $0.allSatisfy { $0.x < 0.5 && $0.y < 0.5 } }
    #expect(cutsLowCorner == (level < 0.5))
  }
}

@Suite struct ContourTests {
  private func contour(_ values: [[Double]]) throws -> Contour {
    try Contour(values: values, x: Limits(0, 1, axis: .x), y: Limits(0, 2, axis: .y))
  }

  @Test func theLowestNodeIsMarkedWhereItIs() throws {
    let chart = try contour([[3, 2, 1], [4, 5, 0.5], [6, 7, 8]])
    #expect(chart.words.contains("Lowest 0.5 at (1, 1), highest 8 at (1, 2)."))
    let marks = chart.figure.layers.compactMap { layer -> [Figure.Mark]? in
      if case .marks(let marks) = layer { marks } else { nil }
    }.joined()
    #expect(marks.map(\.point) == [Point(1, 1)])
  }

  @Test func levelsSpreadWhereRoundOnesWouldNot() throws {
    let steep = (0..<10).map { row in (0..<10).map { exp(Double($0 + row)) } }
    let chart = try contour(steep)
    #expect(chart.figure.legend.count >= 6)
  }

  @Test func flatAndSpoiltSurfacesAreSaid() throws {
    #expect(try contour([[2, 2], [2, 2]]).words.contains("Everywhere 2."))
    let spoilt = try contour([[.nan, .nan], [.infinity, .nan]])
    #expect(spoilt.words.contains("4 nodes of the grid left out"))
    #expect(TextRenderer().render(Plot(spoilt)).contains("no values to draw"))
    #expect(throws: PlotError.gridTooSmall) { try contour([[1, 2]]) }
    #expect(throws: PlotError.countMismatch(.rowEntries, expected: 2, found: 1, row: 1)) {
      try contour([[1, 2], [1]])
    }
  }
}

@Suite struct VectorFieldTests {
  private func field(_ vector: (Point) -> Point) throws -> VectorField {
    let (x, y) = try (Limits(-1, 1, axis: .x), Limits(-1, 1, axis: .y))
    return try VectorField(
      vectors: VectorField.nodes(11, x: x, y: y).map(vector), columns: 11, x: x, y: y)
  }

  @Test func arrowsLeadToAPointThatAttracts() throws {
    let text = TextRenderer(RenderOptions(characters: .ascii)).render(
      Plot(try field { Point(-$0.x, -$0.y) }))
    let middle = try #require(text.split(separator: "\n").first { $0.contains("0.0") })
    let arrows = middle.filter { "><.".contains($0) }.suffix(11)
    #expect(arrows == ">>>>>.<<<<<")
  }

  @Test func spoiltAndStillFieldsAreSaid() throws {
    #expect(try field { _ in Point(0, 0) }.words.contains("Every vector is 0."))
    #expect(try field { _ in Point(.nan, 0) }.words.contains("121 vectors left out"))
    #expect(throws: PlotError.gridTooSmall) {
      try VectorField(
        vectors: [Point(0, 0)], columns: 2, x: Limits(0, 1, axis: .x), y: Limits(0, 1, axis: .y))
    }
  }
}

@Suite struct RegionTests {
  @Test func aPlaceBelongsToItsNearestAnchor() throws {
    let (points, labels) = Samples.blobs([(0, 0), (1, 1), (2, 0)], each: 5, spread: 0.5)
    let anchors = zip(points, labels).map { Scatter.Regions.Anchor($0, label: $1) }
    let regions = try Scatter.Regions(anchors, name: "nearest neighbour")
    for place in [Point(0.3, 0.4), Point(2, 2), Point(-5, 0)] {
      let nearest = points.indices.min {
        hypot(points[$0].x - place.x, points[$0].y - place.y)
          < hypot(points[$1].x - place.x, points[$1].y - place.y)
      }
      #expect(regions.owner(of: place) == nearest.map { labels[$0] })
    }
  }

  @Test func anAnchorFarFromThePlaneOwnsLess() throws {
    let regions = try Scatter.Regions(
      [.init(Point(0, 0), squaredHeight: 9, label: 0), .init(Point(2, 0), label: 1)], name: "")
    #expect(regions.owner(of: Point(0, 0)) == 1)
    #expect(regions.owner(of: Point(-4, 0)) == 0)
  }

  @Test func spoiltAnchorsOwnNothingAndTooManyAreRefused() throws {
    let none = try Scatter.Regions([.init(Point(.nan, 0), label: 0)], name: "")
    #expect(none.owner(of: Point(0, 0)) == nil)
    let many = Array(repeating: Scatter.Regions.Anchor(Point(0, 0), label: 0), count: 5001)
    #expect(throws: PlotError.tooManyForRegions(5001, most: 5000)) {
      try Scatter.Regions(many, name: "")
    }
  }

  @Test func aLinkToNobodyIsRefused() {
    #expect(throws: PlotError.linkOutOfRange(2, points: 2)) {
      try Scatter(
        points: [Point(0, 0), Point(1, 1)],
        links: [.init(anchor: 0, other: 2, isPositive: true)])
    }
  }
}
