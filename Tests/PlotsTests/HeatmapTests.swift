import Foundation
import Plots
import Testing

@Suite struct HeatmapTests {
  private func text(_ heatmap: Heatmap, _ options: RenderOptions = RenderOptions()) -> String {
    TextRenderer(options).render(Plot(heatmap))
  }

  @Test func aSmallMatrixIsShownInNumbers() throws {
    let drawn = text(try Heatmap(rows: [[0, 0.25], [0.5, 1]]))
    for number in ["0.00", "0.25", "0.50", "1.00"] { #expect(drawn.contains(number)) }
    #expect(drawn.contains("1.00█"))
    #expect(drawn.contains("0 │    ░░░░▒▒▒▒▓▓▓▓████│ 1"))
  }

  @Test func labelsSortRowsAndColumnsOfASquareMatrix() throws {
    let drawn = text(
      try Heatmap(
        rows: [[0, 9, 1], [9, 0, 8], [1, 8, 0]], labels: [1, 0, 1], classNames: ["a", "b"]),
      RenderOptions(characters: .ascii))
    #expect(
      drawn == """
          +---+------+
        a | 0 | 9  8 |
          +---+------+
        b | 9 | 0  1 |
          | 8 | 1  0 |
          +---+------+
        """)
  }

  @Test func otherMatricesKeepTheOrderOfTheirColumns() throws {
    let drawn = text(
      try Heatmap(rows: [[1, 2], [3, 4], [5, 6]], labels: [2, 1, 0]),
      RenderOptions(characters: .ascii))
    let numbers = drawn.split(separator: "\n").filter { $0.contains("| ") }
    #expect(numbers.map { $0.suffix(8) } == ["| 5  6 |", "| 3  4 |", "| 1  2 |"])
  }

  @Test func blockMeansAreRight() throws {
    // Quarters of one value each keep that value whatever the blocks.
    let rows = (0..<100).map { i in (0..<100).map { j in (i < 50 ? 0.0 : 2) + (j < 50 ? 0 : 1) } }
    let drawn = text(try Heatmap(rows: rows))
    #expect(drawn.contains("0 │    ░░░░▒▒▒▒▓▓▓▓████│ 3"))
    #expect(drawn.contains("100×100 entries from 0 to 3, drawn by the means of blocks."))
    let cells = drawn.split(separator: "\n").filter { $0.hasSuffix("█│") }
    #expect(Set(cells.map { $0.drop { $0 != "│" } }).count == 1)
  }

  @Test func entriesThatAreNoNumbersAreMarkedAndCounted() throws {
    let heatmap = try Heatmap(rows: [[1, .nan], [.infinity, 0]])
    #expect(text(heatmap).contains("2 entries are nan or infinite, drawn as ?."))
    #expect(text(heatmap).count { $0 == "?" } == 3)
    let none = try Heatmap(rows: [[.nan]])
    #expect(text(none).contains("every entry is nan or infinite"))
  }

  @Test func equalEntriesHaveNoRange() throws {
    #expect(text(try Heatmap(rows: [[2, 2], [2, 2]])).contains("every entry is 2"))
  }

  @Test func anEmptyMatrixIsSaidToBeEmpty() throws {
    #expect(text(try Heatmap(rows: [])) == "nothing to draw: 0×0")
    #expect(text(try Heatmap(rows: [[], []])) == "nothing to draw: 2×0")
  }

  @Test func wordsCompareClasses() throws {
    let heatmap = try Heatmap(
      rows: [[0, 1, 5], [1, 0, 5], [5, 5, 0]], labels: [0, 0, 1], title: "distances")
    #expect(
      heatmap.words == """
        distances: heat map of a 3 by 3 matrix. The entries run from 0 to 5, with mean 2.444. Sorted \
        by class: class 0 (2), class 1 (1). The mean is 1 within classes (off the diagonal) and 5 \
        between them.
        """)
  }

  @Test func whatDoesNotMatchIsRefused() {
    #expect(throws: PlotError.countMismatch(.rowEntries, expected: 2, found: 1, row: 1)) {
      try Heatmap(rows: [[1, 2], [3]])
    }
    #expect(throws: PlotError.countMismatch(.labels, expected: 1, found: 2, row: nil)) {
      try Heatmap(rows: [[1]], labels: [0, 1])
    }
  }

  @Test(arguments: [(1, 1), (1, 1000), (1000, 1), (13, 13), (25, 25), (300, 7), (64, 65)])
  func anyShapeFitsAnyWindow(rows: Int, columns: Int) throws {
    let matrix = (0..<rows).map { i in (0..<columns).map { Double(($0 + i) % 17) } }
    for labels in [nil, (0..<rows).map { $0 % 3 }, Array(0..<rows)] {
      let heatmap = try Heatmap(rows: matrix, labels: labels)
      for options in [
        RenderOptions(columns: 20), RenderOptions(columns: 30, rows: 5),
        RenderOptions(columns: 80, color: .ansi256), RenderOptions(columns: 200, rows: 60),
      ] {
        let plain = text(heatmap, options).replacing(/\u{1B}\[[0-9;]*m/, with: "")
        let lines = plain.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= options.columns })
        #expect(lines.count <= options.rows ?? 60)
      }
    }
  }
}
