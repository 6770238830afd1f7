import Foundation
import Testing

@Suite struct CommandLineTests {
  private let mlrepl: Program

  init() throws { mlrepl = try Program("mlrepl") }

  @Test func expressionPrintsItsValue() throws {
    let result = try mlrepl.run(["-e", "1+1"])
    #expect(result.output == "2\n")
    #expect(result.status == 0)
  }

  @Test func expressionMayBeginWithAMinus() throws {
    #expect(try mlrepl.run(["-e", "-2^2"]).output == "-4\n")
  }

  @Test func standardInputIsOneCell() throws {
    let result = try mlrepl.run([], input: "x = 3\nprint(\"x is {x}\")\nx^2\n")
    #expect(result.output == "x is 3\n9\n")
    #expect(try mlrepl.run(["-"], input: "2 * 21").output == "42\n")
  }

  @Test(arguments: [
    ("nosuchname", "error: nosuchname is not defined"),
    ("zeros(2, 3) @ zeros(2, 3)", "error: 2×3 @ 2×3 has no matrix product"),
    ("f(1, (2", "error: this ( is never closed"),
    ("read_csv(\"nosuch.csv\")", "error: there is no file nosuch.csv"),
    ("check 1 == 2", ""),
  ])
  func failureIsToldAndEndsWithStatusOne(code: String, message: String) throws {
    let result = try mlrepl.run(["-e", code])
    #expect(result.error.hasPrefix(message))
    #expect(result.status == 1)
  }

  @Test func errorNamesItsPlace() throws {
    let result = try mlrepl.run(["-e", "a = 1\nb = a + c"])
    #expect(result.error.contains("-e:2:9"))
  }

  @Test(arguments: [
    ("x,label\n1,a\n2\n", "line 3 of", "has 1 field instead of 2"),
    ("x,label\n1,a\nhigh,b\n", "line 3 of", "\"high\" in column x is not a number"),
  ])
  func badTableIsToldWithItsLine(text: String, place: String, reason: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try text.write(to: folder.appending(path: "bad.csv"), atomically: true, encoding: .utf8)
    let program = folder.appending(path: "bad.mlr")
    try "d = read_csv(\"bad.csv\")\n".write(to: program, atomically: true, encoding: .utf8)
    let result = try mlrepl.run([program.path])
    #expect(result.status == 1)
    #expect(result.error.contains(place))
    #expect(result.error.contains(reason))
    #expect(result.error.contains("bad.mlr:1:14"))
  }

  @Test func filesOutsideTheProgramsFoldersAreClosed() throws {
    let result = try mlrepl.run(["-e", "read_csv(\"/etc/passwd\")"])
    #expect(result.error.contains("outside the folders a program may use"))
  }

  @Test func interruptEndsARunningProgram() throws {
    let result = try mlrepl.run(["-e", "while true {}"], interruptAfter: 0.5)
    #expect(result.status == 130)
    #expect(result.error.hasPrefix("error: interrupted"))
  }

  @Test func timeLimitEndsARunningProgram() throws {
    let result = try mlrepl.run(["-e", "while true {}", "--max-seconds", "0.2"])
    #expect(result.status == 1)
    #expect(result.error.contains("longer than 0.2 seconds"))
  }

  @Test func asciiLocaleGetsASCIIAlone() throws {
    let result = try mlrepl.run(["-e", "scatter(blobs(60))"], environment: ["LC_ALL": "C"])
    #expect(result.output.utf8.allSatisfy { $0 < 0x80 })
    #expect(result.output.contains("o"))
  }

  @Test func asciiLocaleGetsASCIIErrors() throws {
    let result = try mlrepl.run(["-e", "θ = zeros(2, 3)\nθ @ θ"], environment: ["LC_ALL": "C"])
    #expect(result.error.utf8.allSatisfy { $0 < 0x80 })
    #expect(result.error.contains("error: 2x3 @ 2x3 has no matrix product"))
    #expect(result.error.contains("2| ? @ ?\n | ^^^^^"))
  }

  @Test func pipesGetNoEscapes() throws {
    let result = try mlrepl.run(
      ["-e", "show(scatter(blobs(60))); check 1 < 2"], environment: ["TERM": "xterm-256color"])
    #expect(!result.output.contains("\u{1b}"))
  }

  @Test func watchedTrainingWritesPlainLinesIntoAPipe() throws {
    let result = try mlrepl.run(
      ["-e", "h = fit(linear(2, 2), blobs(30), ms, steps=6, watch=2); h.steps"],
      environment: ["TERM": "xterm-256color"])
    #expect(result.output == "6\n")
    let lines = result.error.split(separator: "\n")
    #expect(lines.map { $0.prefix(9) } == ["step 2/6 ", "step 4/6 ", "step 6/6 "])
    #expect(!result.error.contains("\u{1b}"))
  }

  @Test func interruptedTrainingKeepsItsHistory() throws {
    let code = "h = fit(linear(2, 2), blobs(300), ms, steps=1000000); print(h.stopped)"
    let result = try mlrepl.run(["-e", code], interruptAfter: 1.5)
    #expect(result.output == "interrupted\n")
    #expect(result.error.contains("the history is kept"))
  }

  @Test func unknownOptionIsAUsageError() throws {
    #expect(try mlrepl.run(["--nosuch"]).status == 2)
    #expect(try mlrepl.run(["-e", "1", "--style", "crayon"]).status == 2)
  }

  @Test func everyFileRunsWhateverBecameOfOthers() throws {
    let result = try mlrepl.run(["nosuch.mlr", "examples/iris.mlr"])
    #expect(result.status == 1)
    #expect(result.output.contains("recall@1 after ms"))
  }
}
