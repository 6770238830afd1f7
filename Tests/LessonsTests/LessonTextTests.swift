import Interpreter
import Plots
import Testing
import Typography

@testable import Lessons

@Suite struct LessonTextTests {
  private func code(_ text: String, columns: Int) -> [String] {
    let renderer = ReplyRenderer(RenderOptions(columns: columns))
    return LessonText(renderer).code(Code(text: text, line: 1)).split(separator: "\n")
      .map(String.init)
  }

  @Test func shortCodeStaysAsItIs() {
    #expect(code("x = 1\n    y", columns: 80) == ["▏ x = 1", "▏     y"])
  }

  @Test func longCodeHangsBelowItself() {
    #expect(
      code("    total = first + second + third", columns: 26) == [
        "▏     total = first +", "▏       second + third",
      ])
  }

  @Test func reasonsMoveBelowTheirLink() {
    #expect(
      code("  == sum(x)   because \"regroup the sums\"", columns: 36) == [
        "▏   == sum(x)", "▏         because \"regroup the sums\"",
      ])
  }

  @Test(arguments: [20, 24, 40, 79])
  func noLineIsWiderThanTheWindow(columns: Int) {
    let text = "derive \"a claim\" for z, y in batches, θ in classifiers, λ in uniform(0.05, 5) {"
    #expect(code(text, columns: columns).allSatisfy { $0.cellWidth <= columns })
  }
}
