import Foundation
import Testing

@Suite struct CourseTests {
  private let mlrepl: Program

  init() throws { mlrepl = try Program("mlrepl") }

  private static var lessons: [String] {
    let folder = Program.root.appending(path: "lessons").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".md") }.sorted()
  }

  @Test func heartOfTheCourseIsThere() {
    for number in ["03", "07", "08", "11"] {
      #expect(Self.lessons.contains { $0.hasPrefix(number + "-") })
    }
  }

  @Test(arguments: lessons)
  func lessonKeepsItsPromises(name: String) throws {
    let result = try mlrepl.run(["test", "lessons/\(name)"])
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains(" passed, 0 failed"))
  }

  @Test(arguments: lessons)
  func lessonIsPrintedWholeWithoutATerminal(name: String) throws {
    let number = try #require(Int(name.prefix(2)))
    let result = try mlrepl.run(["learn", "\(number)"])
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("✓"))
    #expect(!result.output.contains("\u{1b}"))
  }

  /// All but those that train for minutes in a debug build; `make check` runs these too.
  @Test func examplesRun() throws {
    let folder = Program.root.appending(path: "examples").path
    let programs = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".mlr") && $0 != "reality_check.mlr" }.sorted()
    try #require(!programs.isEmpty)
    let result = try mlrepl.run(["test"] + programs.map { "examples/\($0)" })
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func irisIsSeparatedByBothLosses() throws {
    let result = try mlrepl.run(["examples/iris.mlr"])
    let recalls = result.output.split(separator: "\n").filter { $0.hasPrefix("recall@1 after") }
      .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
    #expect(recalls.count == 2)
    #expect(recalls.allSatisfy { $0 >= 0.93 })
  }

  @Test func brokenLessonIsToldWithItsLines() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).md")
    try "---\ntitle: T\nsumary: x\n---\n\n## A\n\n```qiuz q\n? one\n```\n".write(
      to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let result = try mlrepl.run(["test", file.path])
    #expect(result.status == 1)
    #expect(result.output.contains(".md:3:"))
    #expect(result.output.contains(".md:8:"))
  }

  @Test func listNamesEveryLesson() throws {
    let result = try mlrepl.run(["learn"])
    #expect(result.output.split(separator: "\n").count >= Self.lessons.count)
    #expect(result.status == 0)
  }
}
