import Interpreter
import Plots
import Testing
import Typography

/// Notices of a terminal keep to its width and their words; those of a pipe are one line.
@Suite struct NoticeTests {
  private static let words = "the loss grew; diagnose(h) says what may be wrong: 损失增长 and more"

  @Test(arguments: [20, 33, 80]) func noticesAreBrokenBetweenWords(_ columns: Int) {
    var renderer = ReplyRenderer(RenderOptions(columns: columns))
    renderer.wrapsNotices = true
    let text = renderer.text(.notice(Self.words))
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.allSatisfy { $0.cellWidth <= columns })
    #expect(
      lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
        == "notice: \(Self.words)")
    #expect(text.hasSuffix("\n"))
  }

  @Test func linesOfANoticeStayApart() {
    var renderer = ReplyRenderer(RenderOptions(columns: 40))
    renderer.wrapsNotices = true
    #expect(renderer.text(.notice("one\ntwo")) == "notice: one\n  two\n")
  }

  @Test func pipedNoticesAreWhole() {
    let renderer = ReplyRenderer(RenderOptions(columns: 20))
    #expect(renderer.text(.notice(Self.words)) == "notice: \(Self.words)\n")
  }
}
