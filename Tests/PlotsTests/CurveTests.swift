import Foundation
import Plots
import Testing

@Suite struct CurveTests {
  private func text(_ curve: Curve, _ options: RenderOptions = RenderOptions()) -> String {
    TextRenderer(options).render(Plot(curve))
  }

  @Test func levelsAreDashedAndNamed() throws {
    let curve = try Curve(
      series: [Curve.Series("", y: [3, 2, 1])], levels: [Curve.Level("chance", 2.303)])
    let line = try #require(text(curve).split(separator: "\n").first { $0.contains("chance") })
    #expect(line.contains("╌╌╌╌"))
    #expect(line.hasSuffix(" chance 2.303"))
    #expect(curve.words.contains("Levels: chance 2.303."))
  }

  @Test func everySeriesIsNamedOnceThereAreTwo() throws {
    let curve = try Curve(series: [Curve.Series("a", y: [1, 2]), Curve.Series("", y: [2, 1])])
    for columns in [20, 80] {
      let drawn = text(curve, RenderOptions(columns: columns))
      #expect(drawn.contains("● a"))
      #expect(drawn.contains("▲ series 1"))
    }
  }

  @Test func linesHaveGapsWhereValuesAreMissing() throws {
    let curve = try Curve(series: [Curve.Series("", y: [1, 1, .nan, 1, 1])])
    let drawn = text(curve, RenderOptions(characters: .ascii))
    let line = try #require(drawn.split(separator: "\n").first { $0.contains("*") })
    #expect(line.contains(/\.\*  +\*\./))
    #expect(drawn.contains("1 value left out: nan or infinite."))
  }

  @Test func aLogAxisLeavesOutWhatIsNotPositive() throws {
    let curve = try Curve(
      series: [Curve.Series("", y: [100, 10, 0, -1, 1])], levels: [Curve.Level("none", 0)],
      logY: true)
    let drawn = text(curve)
    #expect(drawn.contains("2 values left out"))
    #expect(drawn.contains("none 0 is outside the picture."))
    #expect(drawn.contains("100 ┤"))
  }

  @Test func aStraightLineOnALogAxisFallsEvenly() throws {
    let curve = try Curve(
      series: [Curve.Series("", y: (0..<50).map { pow(10, -Double($0) / 10) })], logY: true)
    let lines = text(curve, RenderOptions(characters: .ascii)).split(separator: "\n")
    let columns = lines.compactMap { line in
      line.lastIndex(of: "*").map { line.distance(from: line.startIndex, to: $0) }
    }
    #expect(columns.count > 10)
    #expect(columns == columns.sorted())
  }

  @Test func countedValuesHaveWholeNumbersBelow() throws {
    let curve = try Curve(series: [Curve.Series("", y: [1, 2, 3])])
    let last = try #require(text(curve).split(separator: "\n").last)
    #expect(last.split(separator: " ") == ["0", "1", "2"])
  }

  @Test func labelsOfLinesThatEndTogetherKeepApart() throws {
    let curve = try Curve(
      series: (0..<5).map { Curve.Series("line \($0)", y: [0, 1]) }
        + [Curve.Series("low", y: [0, 0])])
    let drawn = text(curve).split(separator: "\n")
    for index in 0..<5 { #expect(drawn.count { $0.hasSuffix("line \(index)") } == 1) }
  }

  @Test func askedLimitsCutLinesOff() throws {
    let curve = try Curve(
      series: [Curve.Series("", y: [0, 1000, 0])], levels: [Curve.Level("far", 500)],
      yLimits: Limits(0, 10, axis: .y))
    let drawn = text(curve)
    #expect(drawn.contains("1 value outside the limits."))
    #expect(drawn.contains("far 500 is outside the picture."))
    #expect(drawn.contains("10 ┤"))
  }

  @Test func farValuesBesideNarrowLimitsAreCutOff() throws {
    let values = [0, 1e300, -1e300, 3, 1e-300, -1e200, 1e299, 0.5]
    for limits in [try Limits(-1, 1, axis: .y), try Limits(-1e-280, 1e-280, axis: .y)] {
      let curve = try Curve(
        series: [Curve.Series("", x: values.reversed(), y: values)], xLimits: limits,
        yLimits: limits)
      for characters in RenderOptions.Characters.allCases {
        #expect(text(curve, RenderOptions(characters: characters)).contains("outside the limits"))
      }
    }
  }

  @Test(arguments: [[], [Double.nan], [.infinity, -.infinity]])
  func aSentenceStandsWhereThereAreNoValues(values: [Double]) throws {
    let curve = try Curve(series: [Curve.Series("", y: values)])
    #expect(text(curve).contains("no values to draw"))
    #expect(curve.words.contains("has no values"))
  }

  @Test(arguments: [0, 1, -7.5, 1e300, -1e300, 1e-300, .leastNonzeroMagnitude], [false, true])
  func aConstantIsDrawn(value: Double, logY: Bool) throws {
    let curve = try Curve(series: [Curve.Series("", y: [value, value])], logY: logY)
    let drawn = text(curve, RenderOptions(characters: .ascii))
    #expect(drawn.contains("*") == (value > 0 || !logY))
  }

  @Test func whatDoesNotMatchIsRefused() {
    #expect(throws: PlotError.countMismatch(.coordinates, expected: 2, found: 1, row: 1)) {
      try Curve(series: [Curve.Series("", y: [1]), Curve.Series("", x: [1], y: [1, 2])])
    }
    #expect(throws: PlotError.limitsNotIncreasing(.y, lower: 0, upper: 1)) {
      try Curve(series: [], logY: true, yLimits: Limits(0, 1, axis: .y))
    }
  }

  @Test func wordsSayWhereTheLineGoes() throws {
    let curve = try Curve(series: [Curve.Series("loss", y: [3, 0.5, 1])], title: "run")
    #expect(
      curve.words
        == "run: curve. loss goes from 3 at 0 to 1 at 2; lowest 0.5 at 1, highest 3 at 0.")
  }

  @Test func timeGrowsWithTheValues() throws {
    var noise = Samples.Noise(seed: 1)
    let curve = try Curve(series: [Curve.Series("", y: (0..<100_000).map { _ in noise.normal() })])
    let clock = ContinuousClock()
    let time = clock.measure { _ = TextRenderer().render(Plot(curve)) }
    // Some milliseconds when optimised; a shared machine and a debug build take far longer.
    #expect(time < .seconds(5))
  }
}
