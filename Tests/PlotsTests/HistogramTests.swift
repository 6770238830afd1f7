import Foundation
import Testing

@testable import Plots

@Suite struct HistogramTests {
  private func heights(_ histogram: Histogram) -> [Double] {
    guard case .bars(let bars, .up) = histogram.figure.layers.first else { return [] }
    return bars.map(\.tip)
  }

  /// Counts of `numpy.histogram([0, 1, 1, 2.5, 4, 4], bins=4)`.
  @Test func binsAreHalfOpenAndTheLastClosed() throws {
    #expect(heights(try Histogram([0, 1, 1, 2.5, 4, 4], bins: 4)) == [1, 2, 1, 2])
  }

  /// As many bins as `numpy.histogram(range(n), bins="auto")` has.
  @Test(arguments: [(8, 4), (100, 8), (1000, 11)])
  func binsSuitTheValues(count: Int, bins: Int) throws {
    #expect(try Histogram((0..<count).map(Double.init)).bins == bins)
  }

  @Test(arguments: [
    [], [3], [3, 3, 3], [.nan], [.infinity, 1], [1e300, -1e300], [.leastNonzeroMagnitude, 0],
  ])
  func fewOrExtremeValuesAreDrawn(values: [Double]) throws {
    let histogram = try Histogram(values)
    let usable = values.count { abs($0) <= 1e300 }
    #expect(heights(histogram).reduce(0, +) == Double(usable))
    #expect(histogram.words.contains("of \(usable) value"))
    #expect(histogram.words.contains("nan or infinite") == (usable < values.count))
    #expect(TextRenderer().render(Plot(histogram)).contains("no values") == (usable == 0))
  }

  /// Of bins that share a column the fullest is seen.
  @Test func moreBinsThanColumnsKeepTheirPeaks() throws {
    let values = (0..<200).map { Double($0) } + Array(repeating: 77, count: 50)
    let histogram = try Histogram(values, bins: 200)
    let text = TextRenderer(RenderOptions(columns: 30)).render(Plot(histogram))
    let top = try #require(text.split(separator: "\n").dropFirst().first)
    #expect(top.filter { $0 == "█" }.count == 1)
  }

  @Test(arguments: [0, -1, 1001]) func aSenselessNumberOfBinsIsRefused(bins: Int) {
    #expect(throws: PlotError.binsOutOfRange(bins, most: 1000)) {
      try Histogram([1, 2], bins: bins)
    }
  }
}

@Suite struct PairsHistogramTests {
  private func histogram(
    _ positives: [Double], _ negatives: [Double], margin: Double? = nil,
    measure: PairsHistogram.Measure = .cosine
  ) -> PairsHistogram {
    var counts = PairCounts(range: -1...1, margin: margin)
    for value in positives { counts.add(value, isPositive: true) }
    for value in negatives { counts.add(value, isPositive: false) }
    return PairsHistogram(counts, measure: measure)
  }

  @Test func overlapIsTheSharedArea() {
    #expect(histogram([0.9, 0.8], [-0.5]).overlap == 0)
    #expect(histogram([0.9, -0.5], [-0.5, 0.9, 0.9, -0.5]).overlap == 1)
    #expect(histogram([0.9, 0.9, 0.9, 0], [0, 0.55]).overlap == 0.25)
  }

  @Test func pairsBeyondTheMarginAreCountedExactly() {
    let cosines = histogram([0.9, 0.5, 0.499], [0.5, 0.6, -1, 0], margin: 0.5)
    #expect(cosines.words.contains("33.3% of the pairs of one class, 50% of those of two."))
    let distances = histogram([0.9, 0.1], [0.1, 0.6, 1, 1], margin: 0.5, measure: .distance)
    #expect(distances.words.contains("50% of the pairs of one class, 25% of those of two."))
  }

  @Test func theMarginIsALineAcross() {
    let text = TextRenderer(RenderOptions(characters: .unicode)).render(
      Plot(histogram([0.9], [-0.9], margin: 0.05)))
    let rows = text.split(separator: "\n").filter { $0.contains("╌╌╌") }
    #expect(rows.count == 1)
  }

  @Test func noPairsAndSpoiltPairsAreSaid() {
    #expect(TextRenderer().render(Plot(histogram([], []))).contains("no pairs to draw"))
    #expect(histogram([.nan], [0.5]).words.contains("1 pair left out"))
    #expect(!histogram([], [0.5]).words.contains("Overlap"))
  }
}

@Suite struct BarChartTests {
  @Test func everyBarHasItsNameAndValue() throws {
    let chart = try BarChart([1, -2, .nan], names: ["one", "日本", "none"])
    let lines = TextRenderer(RenderOptions(columns: 40)).render(Plot(chart)).split(separator: "\n")
    for (name, value) in [("one", " 1 "), ("日本", " -2 "), ("none", " nan ")] {
      #expect(lines.contains { $0.contains(name) && $0.contains(value) }, "\(name)")
    }
  }

  @Test func moreBarsThanRowsAreCounted() throws {
    let chart = try BarChart((0..<100).map(Double.init))
    let text = TextRenderer(RenderOptions(columns: 40, rows: 12)).render(Plot(chart))
    #expect(text.split(separator: "\n").count <= 12)
    #expect(text.contains("and 92 bars more."))
  }

  @Test func namesMatchTheValues() {
    #expect(throws: PlotError.countMismatch(.barNames, expected: 2, found: 1, row: nil)) {
      try BarChart([1, 2], names: ["a"])
    }
  }
}
