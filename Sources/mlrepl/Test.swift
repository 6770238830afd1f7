import ArgumentParser
import Glibc
import Interpreter
import Lessons

/// The author's proof: every lesson and program does what it promises.
struct Test: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run lessons and programs, compare outputs, check exercises and their solutions.")

  @Argument(help: "Lessons (.md), programs (.mlr), or folders of them.")
  var paths: [String]

  @OptionGroup var common: CommonOptions

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    var passed = 0
    var failed = 0
    for path in paths {
      let files = Self.files(at: path)
      if files.isEmpty {
        Streams.error("error: there is no lesson or program at \(path)\n")
        failed += 1
      }
      for file in files {
        let result = file.hasSuffix(".md") ? lesson(file) : program(file)
        let mark = result.failures.isEmpty ? "✓" : "✗"
        let count = "\(result.passed) passed, \(result.failures.count) failed"
        Streams.out("\(mark) \(file): \(count)\n")
        for failure in result.failures {
          Streams.out("  \(file):\(failure.line): \(failure.message)\n")
        }
        passed += result.passed
        failed += result.failures.count
      }
    }
    Streams.out("\(passed) passed, \(failed) failed\n")
    if failed > 0 { throw ExitCode(1) }
  }

  private struct Outcome {
    var passed = 0
    var failures: [(line: Int, message: String)] = []
  }

  private func lesson(_ file: String) -> Outcome {
    do {
      let result = LessonChecker.check(
        try Lesson(contentsOf: file), maxSeconds: common.maxSeconds)
      return Outcome(
        passed: result.passed, failures: result.failures.map { ($0.line, $0.message) })
    } catch {
      return Outcome(
        failures: error.errors.map { error in
          (
            error.line,
            ([error.message] + (error.advice.map { [$0] } ?? [])).joined(separator: "\n  ")
          )
        })
    }
  }

  private func program(_ file: String) -> Outcome {
    let text: String
    do {
      text = try ProgramText.read(file)
    } catch {
      return Outcome(failures: [(1, error.message(file))])
    }
    let session = Session(common.session(of: file))
    let reply = session.run(text, name: file, isScript: true)
    let renderer = ReplyRenderer()
    if let diagnostic = reply.diagnostic {
      return Outcome(failures: [(1, renderer.diagnostic(diagnostic))])
    }
    return reply.failures == 0
      ? Outcome(passed: 1)
      : Outcome(failures: [(1, "checks do not hold\n" + renderer.transcript(reply))])
  }

  /// The lessons and programs at a path: the file itself, or those of the folder.
  private static func files(at path: String) -> [String] {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard let names = LessonFolder.names(in: path) else {
      return access(path, R_OK) == 0 ? [path] : []
    }
    return names.filter { $0.hasSuffix(".md") || $0.hasSuffix(".mlr") }
      .filter { $0 != "README.md" }.map { "\(path)/\($0)" }
  }
}
