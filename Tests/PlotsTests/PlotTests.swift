import Foundation
import Testing

@testable import Plots

@Suite struct PlotTests {
  private let plot: Plot

  init() throws { plot = Plot(try Scatter(points: [Point(0, 0), Point(1, 1)], title: "title")) }

  private func titles(_ plot: Plot, columns: Int) -> [Int] {
    TextRenderer(RenderOptions(columns: columns)).render(plot).split(separator: "\n")
      .map { $0.split(separator: "title", omittingEmptySubsequences: false).count - 1 }
      .filter { $0 > 0 }
  }

  @Test func plotsStandBesideEachOtherWhereThereIsRoom() throws {
    let pair = try Plot.beside([plot, plot])
    #expect(titles(pair, columns: 80) == [2])
    #expect(titles(pair, columns: 70) == [1, 1])
    #expect(titles(try .above([plot, plot]), columns: 80) == [1, 1])
    #expect(titles(try .above([pair, plot]), columns: 80) == [2, 1])
  }

  @Test func compositionsOfOneKindAreFlat() throws {
    var chain = plot
    for _ in 0..<50 { chain = try .beside([chain, plot]) }
    #expect(titles(chain, columns: 40).count == 51)
  }

  @Test func compositionsHaveALimitedDepth() throws {
    var nested = plot
    for level in 0..<Plot.deepestNesting {
      nested = try level % 2 == 0 ? .beside([nested, plot]) : .above([nested, plot])
    }
    #expect(throws: PlotError.nestedTooDeeply(limit: Plot.deepestNesting)) {
      try Plot.beside([nested, plot])
    }
    #expect(throws: PlotError.nothingToCompose) { try Plot.above([]) }
  }

  @Test func wordsNumberTheParts() throws {
    let words = try Plot.beside([plot, plot]).words
    #expect(words.hasPrefix("2 plots side by side. (1) title: scatter plot of 2 points."))
    #expect(words.contains("(2) title"))
  }
}
