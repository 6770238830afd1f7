import ArgumentParser
import Glibc
import Interpreter
import Lessons
import Shell
import Terminal

/// The course: its list, or one lesson.
struct Learn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn", abstract: "Work through the course.",
    discussion: "Without a terminal a lesson is printed whole, and nothing is asked.")

  @Argument(help: "A lesson's number, or a file.")
  var lesson: String?

  @Option(help: "The folder of the lessons.")
  var lessons: String?

  @Flag(help: "Start the lesson from its first step.")
  var fresh = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    guard let lesson else {
      try list()
      return
    }
    let path = try path(of: lesson)
    do {
      let lesson = try Lesson(contentsOf: path)
      let runner = LessonRunner(lesson, options: common.session(of: path))
      let flag = runner.session.interrupt
      Interrupts.install { flag.raise() }
      guard Screen.isInputTerminal, Screen.isOutputTerminal else {
        let printer = LessonPrinter(runner, renderer: common.renderer, write: Streams.out)
        if printer.print() > 0 { throw ExitCode(1) }
        return
      }
      runner.session.live = LiveScreen(common).display
      LessonConversation(runner, renderer: common.renderer, isFresh: fresh).run()
    } catch let error as UnreadableLesson {
      Streams.error("\(error.description)\n")
      throw ExitCode(1)
    }
  }

  private func path(of lesson: String) throws -> String {
    guard let number = Int(lesson) else { return lesson }
    guard let course = LessonFolder.course(named: lessons) else { throw noCourse() }
    guard let entry = course.entry(number) else {
      let numbers = course.entries.map { String($0.number) }.joined(separator: ", ")
      Streams.error("error: there is no lesson \(number)\n  The course has \(numbers).\n")
      throw ExitCode(1)
    }
    return entry.path
  }

  private func noCourse() -> any Error {
    Streams.error(
      "error: the lessons are not found\n  Name their folder with --lessons or MLREPL_LESSONS.\n")
    return ExitCode(1)
  }

  private func list() throws {
    guard let course = LessonFolder.course(named: lessons) else { throw noCourse() }
    let text = LessonText(common.renderer)
    for entry in course.entries {
      do {
        let lesson = try Lesson(contentsOf: entry.path)
        let front = lesson.frontMatter
        let done = Progress(of: entry.name)?.words(steps: lesson.steps.count) ?? ""
        let minutes = front.minutes.map { "\($0) min" } ?? ""
        let facts = [minutes, done].filter { !$0.isEmpty }.joined(separator: ", ")
        let number = String(repeating: " ", count: entry.number < 10 ? 1 : 0) + "\(entry.number)"
        Streams.out("\(number)  \(text.line(front.title))  \(text.dim(facts))\n")
        Streams.out(text.remark(front.summary, mark: "   "))
      } catch {
        Streams.out("\(entry.number)  \(entry.name): cannot be read; mlrepl test says why\n")
      }
    }
    Streams.out("\nmlrepl learn N starts lesson N.\n")
  }
}
