import Testing

@testable import Lessons

@Suite struct OutputComparisonTests {
  private func accepts(_ expected: String, _ actual: String, tolerance: Double? = nil) -> Bool {
    OutputComparison(expected: expected, tolerance: tolerance).difference(from: actual) == nil
  }

  @Test(arguments: [
    ("0.6931", "0.693147"), ("0.6931", "6.93147e-1"), ("0.693", "0.6931"), ("-1.50", "-1.4999"),
    ("−1.5", "-1.5"), ("1.3e-5", "1.26e-05"), ("0.0000", "-0.00003"), ("3", "3.0"), ("3", "3"),
    ("x = 0.2", "x = 0.2000001"), ("nan", "nan"), ("-inf", "-inf"), ("2.5", "2.45"),
    ("2.5", "2.55"),
    ("[0.7, -0.1]", "[0.69, -0.12]"), ("6×2", "6×2"),
    ("12345678901234567890", "12345678901234567890"),
  ])
  func numbersMatchToTheDigitsWritten(expected: String, actual: String) {
    #expect(accepts(expected, actual))
  }

  @Test(arguments: [
    ("0.6931", "0.6932"), ("0.6931", "0.693"), ("3", "4"), ("3", "2.9999"), ("0.5", "-0.5"),
    ("nan", "0"), ("inf", "-inf"), ("inf", "1e308"), ("1.3e-5", "1.3e-4"), ("x2", "x3"),
    ("n-1", "n-2"), ("12345678901234567890", "12345678901234567891"), ("1.0", "a"),
  ])
  func otherNumbersDoNot(expected: String, actual: String) {
    #expect(!accepts(expected, actual))
  }

  @Test func toleranceLoosens() {
    #expect(!accepts("0.6931", "0.70"))
    #expect(accepts("0.6931", "0.70", tolerance: 1e-2))
    #expect(accepts("2", "1.999", tolerance: 1e-2))
    #expect(!accepts("100", "101", tolerance: 1e-1))
    #expect(!accepts("1.0", "nan", tolerance: 10))
  }

  @Test(arguments: [
    ("a … z", "a b c z"), ("a ... z", "a b z"), ("…", "anything"),
    ("loss … 0.69", "loss is 0.6931"),
    ("0.69…", "0.697"), ("3...", "3.14159"), ("…5", "x = 15 and 5"), ("a…b…c", "axxbxbxc"),
    ("a…", "a"),
  ])
  func anEllipsisMatchesAnything(expected: String, actual: String) {
    #expect(accepts(expected, actual))
  }

  @Test(arguments: [("a…z", "a b"), ("0.69…", "0.68"), ("…5", "x = 15"), ("a…b…c", "acb")])
  func anEllipsisIsNoExcuseForTheRest(expected: String, actual: String) {
    #expect(!accepts(expected, actual))
  }

  @Test(arguments: [
    ("…", ""), ("…", "a\nb"), ("a\n…\nz", "a\nz"), ("a\n...\nz", "a\nb\nc\nz"),
    ("…\nm\n…", "a\nm\nz"), ("…\n1\n2\n…\n3", "1\n1\n2\n2\n3"),
  ])
  func anEllipsisAloneMatchesLines(expected: String, actual: String) {
    #expect(accepts(expected, actual))
  }

  @Test func trailingBlanksNeverCount() {
    #expect(accepts("a  \nb\n\n", "a\nb   "))
    #expect(accepts("", "  \n\n"))
    #expect(accepts("a\r\nb", "a\nb"))
    #expect(!accepts(" a", "a"))
    #expect(!accepts("a  b", "a b"))
  }

  @Test func columnsMayBeAsWideAsTheirNumbers() {
    #expect(accepts("mean  0.50  std 1.00", "mean    0.5  std    1.001"))
    #expect(!accepts("mean 0.50", "mean0.50"))
  }

  @Test func theFirstDifferingLineIsReported() {
    let comparison = OutputComparison(expected: "a\nb\nc")
    #expect(
      comparison.difference(from: "a\nx\nc")
        == OutputDifference(line: 2, expected: "b", actual: "x"))
    #expect(
      comparison.difference(from: "a\nb") == OutputDifference(line: 3, expected: "c", actual: nil))
    #expect(
      comparison.difference(from: "a\nb\nc\nd")
        == OutputDifference(line: 4, expected: nil, actual: "d"))
  }

  @Test func differencesAreFoundAroundAnyLines() {
    #expect(
      OutputComparison(expected: "a\n…\ny\nz").difference(from: "a\nb\ny\nx")
        == OutputDifference(line: 4, expected: "z", actual: "x"))
    #expect(
      OutputComparison(expected: "…\nm\nn\n…").difference(from: "a\nm\nx")
        == OutputDifference(line: 3, expected: "n", actual: "x"))
    #expect(
      OutputComparison(expected: "a\n…\na").difference(from: "a")
        == OutputDifference(line: 3, expected: "a", actual: nil))
  }

  @Test func manyWildcardsStayFast() {
    let expected = Array(repeating: "a…", count: 200).joined() + "b"
    #expect(!accepts(expected, String(repeating: "a", count: 2000)))
  }
}
