import Foundation
import Testing
import Typography

@testable import Lessons

@Suite struct ProseRendererTests {
  private func plain(_ source: String, width: Int = 40) -> [String] {
    ProseRenderer(width: width).lines(source)
  }

  @Test func paragraphsAreWrappedAndSeparated() {
    let lines = plain("one two three\nfour five six seven\n\neight", width: 20)
    #expect(lines == ["one two three four", "five six seven", "", "eight"])
  }

  @Test func wideAndCombiningCharactersCountTheirCells() {
    #expect("漢字".cellWidth == 4)
    #expect("z\u{304}é".cellWidth == 2)
    #expect("👩‍🔬".cellWidth == 2)
    #expect(plain("漢字漢字漢字 漢字漢字漢字", width: 20) == ["漢字漢字漢字", "漢字漢字漢字"])
  }

  @Test func wordsWiderThanTheLineAreCut() {
    let lines = plain(String(repeating: "x", count: 50), width: 20)
    #expect(lines.map(\.count) == [20, 20, 10])
  }

  @Test func mathematicsIsNoEmphasis() {
    #expect(plain("both $a_i b_i$ and *$c_j$* here") == ["both aᵢbᵢ and cⱼ here"])
    #expect(plain("$a*b$ and $c*d$") == ["a * b and c * d"])
  }

  @Test func pricesAndCodeAreNoMathematics() {
    #expect(plain(#"costs $5 or $6, \$x\$"#) == ["costs $5 or $6, $x$"])
    #expect(plain("`$x_i$` and $x_i$") == ["`$x_i$` and xᵢ"])
    #expect(plain("```text\n$x_i$\n```") == ["    $x_i$"])
  }

  @Test func displayMathematicsStandsAlone() {
    #expect(plain("so\n$$\nD^2\n= 2\n- S\n$$\nholds") == ["so", "    D² = 2 − S", "holds"])
  }

  @Test func listsAreIndentedUnderTheirMarks() {
    #expect(
      plain("- one\n- two words and more\n  - inner\n", width: 20)
        == ["• one", "• two words and more", "  • inner"])
    #expect(plain("9. a\n10. b") == ["9.  a", "10. b"])
    #expect(plain("- a\n\n- b") == ["• a", "", "• b"])
  }

  @Test func tablesHaveColumns() {
    let source = "| id | value |\n|---|---:|\n| `a` | 1 |\n| $x_i$ | 12 |"
    #expect(plain(source) == ["id  │ value", "────┼──────", "`a` │     1", "xᵢ  │    12"])
  }

  @Test func escapedBarsAreNoBorders() {
    let source = "| a | b |\n|---|---|\n| x \\| y | `u \\| v` |\n| $p(a|b)$ | |"
    let lines = plain(source)
    #expect(lines[2].contains("x | y") && lines[2].contains("`u | v`"))
    #expect(lines[3].hasPrefix("p(a | b)"))
    #expect(plain(#"no table: a \| b"#) == ["no table: a | b"])
  }

  @Test func columnsWrapBetweenWords() {
    let source = "symbol | meaning\n---|---\n= | equal for all inputs under the assumptions"
    let lines = plain(source, width: 30)
    #expect(lines[2...] == ["=      │ equal for all inputs", "       │ under the assumptions"])
  }

  @Test func tablesTooWideBecomeRecords() {
    let header = (1...6).map { "column\($0)" }.joined(separator: " | ")
    let rule = Array(repeating: "---", count: 6).joined(separator: "|")
    let lines = plain("\(header)\n\(rule)\n1 | 2 | 3 | 4 | 5 | 6", width: 20)
    #expect(lines.first == "column1: 1")
    #expect(lines.last == "column6: 6")
  }

  @Test func codeKeepsItsBlanks() {
    #expect(
      plain("```python\ndef f():\n\treturn  1\n```") == ["    def f():", "        return  1"])
  }

  @Test func headingsQuotesAndRulesAreDrawn() {
    #expect(plain("# Top\n\n> said\n> so\n\n---")[0...4] == ["Top", "═══", "", "│ said so", ""])
    #expect(plain("### Small") == ["Small"])
  }

  @Test func linksShowWhereTheyGo() {
    #expect(plain("[here](https://a.b)") == ["here <https://a.b>"])
    #expect(plain("<https://a.b>") == ["https://a.b"])
  }

  @Test func stylesAreClosedOnEveryLine() {
    let renderer = ProseRenderer(width: 20, styling: .ansi)
    let lines = renderer.lines("**bold words that go over two lines** and `code`")
    #expect(lines[0] == "\u{1B}[1mbold words that go\u{1B}[0m")
    #expect(lines.joined().contains("\u{1B}[36mcode\u{1B}[0m"))
    #expect(lines.allSatisfy { !$0.contains("\u{1B}[1m") || $0.contains("\u{1B}[0m") })
  }

  @Test func controlCharactersNeverArrive() {
    let evil =
      "a\u{1B}[2J `b\u{1B}c` $d\u{7}$ [e\u{9B}](x\u{1B}y)\u{202E}\n\n    code\u{1B}[0m\u{8}"
    let lines = plain(evil)
    let scalars = lines.joined().unicodeScalars
    #expect(!scalars.contains { $0.properties.generalCategory == .control || $0 == "\u{202E}" })
    #expect(lines.first?.hasPrefix("a[2J `bc` d e") == true)
  }

  @Test func asciiTerminalsGetAscii() {
    let source = "“Naïve” – $\\lambda\\le1$\n\n- é … ✓ 語\n\n> q\n\n| a |b|\n|--|--|\n|1|2|"
    let lines = ProseRenderer(width: 40, notation: .ascii).lines(source)
    #expect(lines.joined().utf8.allSatisfy { $0 < 0x80 })
    #expect(lines[0] == "\"Naive\" - lambda <= 1")
  }

  @Test func htmlCommentsAreNotShown() {
    #expect(plain("<!-- note -->\n\ntext<!-- more --> on<br>line") == ["text on", "line"])
  }

  @Test func titlesAreOneLine() {
    #expect(ProseRenderer().line("What `tau` and $\\tau$ *do*") == "What `tau` and τ do")
  }

  @Test(arguments: [1, 20, 33, 80, 200, 1000])
  func noLineIsWiderThanAsked(width: Int) throws {
    let source =
      try Sample.lesson.text() + """

        > > > - deep 1. and $\\sum_{i} \\frac{aaaaaaaaaaaaaaaa + bbbbbbbbbbbbbbbbbb}{ccccccccccc}$

        $$\\underbrace{\\frac1n\\sum_i\\sum_{j\\in P_i}(D_{ij}^2+2mD_{ij})}_{\\text{tightness}} + R$$

        | a long header | another | 漢字 |
        |---|:-:|--:|
        | one two three four five six seven eight nine ten | `code_that_is_long(x, y)` | $x_i$ |
        """
    let renderer = ProseRenderer(width: width)
    let lines = renderer.lines(source)
    #expect(lines.allSatisfy { $0.cellWidth <= min(max(width, 20), 200) })
    #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
  }

  @Test(arguments: [">", "- ", "*", "[", "**a ", "![", "`", "$", "$$", "<", "1. ", "\\|"])
  func deepNestingIsHarmless(part: String) {
    let lines = plain(String(repeating: part, count: 3000) + "x")
    #expect(lines.allSatisfy { $0.cellWidth <= 40 })
  }
}
