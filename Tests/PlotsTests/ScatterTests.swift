import Foundation
import Plots
import Testing

@Suite struct ScatterTests {
  /// A drawing as rows of characters.
  private func lines(_ chart: some Chart, _ options: RenderOptions = RenderOptions())
    -> [[Character]]
  {
    TextRenderer(options).render(Plot(chart)).split(separator: "\n").map(Array.init)
  }

  @Test(arguments: [24, 40, 80, 200], [nil, 16, 40])
  func theUnitCircleIsRoundWithinOneCell(columns: Int, rows: Int?) throws {
    let scatter = try Scatter(points: [Point(0, 0)], unitCircle: true)
    let options = RenderOptions(columns: columns, rows: rows, characters: .unicode)
    let drawing = lines(scatter, options)
    let top = try #require(drawing.first)
    let left = try #require(top.firstIndex(of: "┌"))
    let right = try #require(top.firstIndex(of: "┐"))
    let bottom = try #require(drawing.firstIndex { $0.contains("└") })
    let inside = drawing[..<bottom].enumerated().flatMap { row, line in
      line.indices.filter { left < $0 && $0 < right && line[$0] == "·" }
        .map { (column: $0, row: row) }
    }
    // Distances from the middle, in columns; a row is as tall as two columns are wide.
    let middle = (column: (left + right) / 2, row: bottom / 2)
    let radii = inside.map { cell in
      let (dx, dy) = (cell.column - middle.column, 2 * (cell.row - middle.row))
      return Double(dx * dx + dy * dy).squareRoot()
    }
    let mean = radii.reduce(0, +) / Double(radii.count)
    #expect(mean > 5)
    #expect(radii.allSatisfy { abs($0 - mean) < 1.5 }, "\(mean): \(radii)")
  }

  @Test func aClassLooksTheSameWithoutTheOthers() throws {
    let scatter = try Scatter(points: [Point(0, 0)], labels: [2], classNames: ["a", "b", "c"])
    #expect(lines(scatter).joined().contains("■"))
    #expect(TextRenderer().render(Plot(scatter)).contains("■ c"))
  }

  @Test func severalClassesInOneCellAreMarkedAndExplained() throws {
    let scatter = try Scatter(
      points: [Point(0, 0), Point(0, 0), Point(1, 1)], labels: [0, 1, 1])
    let text = TextRenderer().render(Plot(scatter))
    #expect(text.contains("* several classes"))
    #expect(scatter.words.contains("Several classes share 1 cell"))
    let apart = try Scatter(points: [Point(0, 0), Point(1, 1)], labels: [0, 1])
    #expect(!TextRenderer().render(Plot(apart)).contains("several classes"))
    #expect(apart.words.contains("No two classes share a cell"))
  }

  @Test func arrowsOfAPairPulledTogetherPointAtEachOther() throws {
    let scatter = try Scatter(
      points: [Point(-1, 0), Point(1, 0)], labels: [0, 0], arrows: [Point(1, 0), Point(-1, 0)])
    let row = try #require(lines(scatter).first { $0.contains("●") && $0.contains("→") })
    let shafts = row.filter { "●→←".contains($0) }
    #expect(String(shafts).hasPrefix("●→←●"))
  }

  @Test func lettersOfCentersAtOnePlaceStandBesideEachOther() throws {
    let center = [Point(0, 0)]
    let scatter = try Scatter(points: [Point(-1, -1), Point(1, 1)], centers: [center, center])
    #expect(lines(scatter).contains { $0.contains("AB") })
  }

  @Test func arrowsPointInEightDirections() throws {
    let turns = (0..<8).map { Double($0) * .pi / 4 }
    let scatter = try Scatter(
      points: turns.map { Point(cos($0), sin($0)) }, arrows: turns.map { Point(cos($0), sin($0)) })
    let drawn = lines(scatter).joined()
    for head in "→↗↑↖←↙↓↘" { #expect(drawn.contains(head), "\(head)") }
    let ascii = TextRenderer(RenderOptions(characters: .ascii)).render(Plot(scatter))
    for head in "><^v/\\" { #expect(ascii.contains(head), "\(head)") }
  }

  @Test func pointsThatAreNoNumbersAreCounted() throws {
    let scatter = try Scatter(
      points: [Point(.nan, 0), Point(0, 0), Point(1, -.infinity), Point(1, 1)])
    #expect(TextRenderer().render(Plot(scatter)).contains("2 points left out: nan or infinite."))
    #expect(scatter.words.contains("plot of 2 points"))
    #expect(scatter.words.contains("2 points left out"))
  }

  @Test func pointsBeyondAskedLimitsAreCounted() throws {
    let scatter = try Scatter(
      points: [Point(0, 0), Point(100, 0)], xLimits: Limits(-1, 1, axis: .x),
      yLimits: Limits(-1, 1, axis: .y))
    #expect(TextRenderer().render(Plot(scatter)).contains("1 point outside the limits."))
  }

  @Test func aSentenceStandsWhereThereAreNoPoints() throws {
    for points in [[], [Point(.nan, .nan)]] {
      let scatter = try Scatter(points: points)
      #expect(TextRenderer().render(Plot(scatter)).contains("no points to draw"))
      #expect(scatter.words.hasPrefix("Scatter plot of 0 points."))
    }
  }

  @Test(arguments: [0, 1, -1e-300, 1e300, .leastNonzeroMagnitude, 1e8, 123.456])
  func equalPointsAreDrawnInTheMiddle(value: Double) throws {
    let scatter = try Scatter(points: Array(repeating: Point(value, value), count: 3))
    let drawing = lines(scatter)
    let row = try #require(drawing.firstIndex { $0.contains("●") })
    #expect(row == 11)
  }

  @Test func extremeCoordinatesAreDrawn() throws {
    let scatter = try Scatter(
      points: [Point(-1e300, 1e-300), Point(1e300, 1), Point(.greatestFiniteMagnitude, 0)])
    let text = TextRenderer().render(Plot(scatter))
    #expect(text.contains("1e300"))
    #expect(text.contains("1 point left out"))
  }

  @Test func extremeArrowsAndFarPointsAreDrawn() throws {
    let far = [Point(0, 0), Point(1e300, -1e300), Point(1, 1), Point(-1e200, 0)]
    for arrow in [.leastNonzeroMagnitude, 1e-300, 1, 1e300, .infinity, .nan, 0] {
      let arrows = far.map { _ in Point(arrow, -arrow) }
      for limits in [nil, try Limits(-1, 1, axis: .x), try Limits(-1e-280, 1e-280, axis: .x)] {
        let scatter = try Scatter(
          points: far, unitCircle: true, centers: [[Point(.nan, 0), Point(1e250, 0)]],
          arrows: arrows, xLimits: limits, yLimits: limits)
        for characters in RenderOptions.Characters.allCases {
          let text = TextRenderer(RenderOptions(characters: characters)).render(Plot(scatter))
          #expect(text.contains("unit circle"))
        }
      }
    }
  }

  @Test func wideCharactersKeepTheLegendAligned() throws {
    let scatter = try Scatter(
      points: [Point(0, 0), Point(1, 1)], labels: [0, 1], classNames: ["日本語", "e\u{301}te\u{301}"])
    let text = TextRenderer().render(Plot(scatter))
    #expect(text.contains("● 日本語  1"))
    #expect(text.contains("▲ e\u{301}te\u{301}     1"))
  }

  @Test func namesCannotReachTheTerminal() throws {
    let scatter = try Scatter(
      points: [Point(0, 0)], labels: [0], classNames: ["a\u{1B}[31mb\u{202E}c\nd"],
      title: "τ = 0.1\u{07}")
    let text = TextRenderer(RenderOptions(characters: .ascii)).render(Plot(scatter))
    #expect(text.contains("tau = 0.1\n"))
    #expect(text.utf8.allSatisfy { $0 == 10 || (32..<127).contains($0) })
    let unicode = TextRenderer().render(Plot(scatter))
    #expect(unicode.contains("a[31mbc d"))
  }

  @Test func whatDoesNotMatchThePointsIsRefused() {
    let points = [Point(0, 0), Point(1, 1)]
    #expect(throws: PlotError.countMismatch(.labels, expected: 2, found: 1, row: nil)) {
      try Scatter(points: points, labels: [0])
    }
    #expect(throws: PlotError.countMismatch(.arrows, expected: 2, found: 0, row: nil)) {
      try Scatter(points: points, arrows: [])
    }
    #expect(throws: PlotError.countMismatch(.pointLabels, expected: 2, found: 3, row: nil)) {
      try Scatter(points: points, pointLabels: ["a", "b", "c"])
    }
    #expect(throws: PlotError.limitsNotIncreasing(.x, lower: 1, upper: 1)) {
      try Limits(1, 1, axis: .x)
    }
  }

  @Test func manyClassesHaveAShortLegend() throws {
    let scatter = try Scatter(
      points: (0..<5000).map { Point(Double($0), Double($0 % 70)) },
      labels: (0..<5000).map { 1000 + $0 })
    let text = TextRenderer(RenderOptions(columns: 40)).render(Plot(scatter))
    #expect(text.split(separator: "\n").count < 40)
    #expect(text.contains("more"))
    #expect(scatter.words.contains("and 4992 more"))
  }

  @Test func timeGrowsWithThePoints() throws {
    var noise = Samples.Noise(seed: 1)
    let points = (0..<100_000).map { _ in Point(noise.normal(), noise.normal()) }
    let scatter = try Scatter(
      points: points, labels: (0..<100_000).map { $0 % 10 }, unitCircle: true)
    let clock = ContinuousClock()
    let time = clock.measure { _ = TextRenderer().render(Plot(scatter)) }
    // Some milliseconds when optimised; a shared machine and a debug build take far longer.
    #expect(time < .seconds(5))
  }
}
