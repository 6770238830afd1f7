import ArgumentParser
import Glibc
import Interpreter
import Lessons
import Shell
import Terminal

/// Runs files, an expression or standard input; with none of them, the REPL.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run files, an expression, or the REPL.", shouldDisplay: false)

  // Whatever follows is code, also where it begins with a minus.
  @Option(
    name: .customShort("e"), parsing: .unconditional, help: "Evaluate this and print its value.")
  var expression: String?

  @Argument(help: "Programs (.mlr) or lessons (.md); - is standard input.")
  var files: [String] = []

  @OptionGroup var common: CommonOptions

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    if let expression {
      try finish(runCell(expression, name: "-e"))
    } else if files == ["-"] || (files.isEmpty && !Screen.isInputTerminal) {
      guard let text = Self.text(of: "/dev/stdin", called: "standard input") else {
        throw ExitCode(1)
      }
      try finish(runCell(text, name: "stdin"))
    } else if files.isEmpty {
      REPL(options: common).run()
    } else {
      // Every file runs, whatever became of those before.
      let statuses = files.map(runFile)
      try finish(statuses.max() ?? 0)
    }
  }

  private func finish(_ status: Int32) throws {
    if status != 0 { throw ExitCode(status) }
  }

  /// The text of a program; nil after telling why there is none.
  private static func text(of path: String, called name: String) -> String? {
    do {
      return try ProgramText.read(path)
    } catch {
      Streams.error("error: \(error.message(name))\n")
      return nil
    }
  }

  /// Runs one text as one cell; gives the exit status.
  private func runCell(_ text: String, name: String) -> Int32 {
    let session = interruptible(Session(common.session(), interrupt: InterruptFlag()))
    let reply = session.run(text, name: name)
    if let shown = common.renderer.shown(reply) { Streams.out(shown + "\n") }
    return report(reply)
  }

  private func runFile(_ path: String) -> Int32 {
    if path.hasSuffix(".md") { return runLesson(path) }
    guard let text = Self.text(of: path, called: path) else { return 1 }
    let session = interruptible(Session(common.session(of: path), interrupt: InterruptFlag()))
    return report(session.run(text, name: path, isScript: true))
  }

  private func runLesson(_ path: String) -> Int32 {
    do {
      let lesson = try Lesson(contentsOf: path)
      let runner = LessonRunner(lesson, options: common.session(of: path))
      _ = interruptible(runner.session, showsOutputs: false)
      return LessonPrinter(runner, renderer: common.renderer, write: Streams.out).print() == 0
        ? 0 : 1
    } catch {
      Streams.error("\(error.description)\n")
      return 1
    }
  }

  /// A session whose outputs appear as they happen and that Ctrl-C stops.
  private func interruptible(_ session: Session, showsOutputs: Bool = true) -> Session {
    let flag = session.interrupt
    Interrupts.install {
      // Inside one long computation nobody hears the first Ctrl-C; the second ends the program.
      guard !flag.raise() else { return }
      let message: StaticString = "error: interrupted\n"
      write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
      _exit(130)
    }
    let renderer = common.renderer
    let live = LiveScreen(common)
    session.live = live.display
    if showsOutputs {
      session.onOutput = { output in
        live.settle()
        if case .notice = output {
          Streams.error(renderer.text(output))
        } else {
          Streams.out(renderer.text(output))
        }
      }
    }
    return session
  }

  private func report(_ reply: Reply) -> Int32 {
    if let diagnostic = reply.diagnostic {
      Streams.error(common.renderer.diagnostic(diagnostic) + "\n")
    }
    if reply.isInterrupted { return 130 }
    return reply.succeeded ? 0 : 1
  }
}
