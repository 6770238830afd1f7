import Diagnostics
public import Interpreter

/// A lesson under way: its session, and how its cells, questions and exercises are run in it.
public final class LessonRunner {
  /// The lesson.
  public let lesson: Lesson
  /// Where its cells run.
  public let session: Session
  private var number = 0

  /// A lesson at its beginning, its random numbers started at the lesson's seed.
  public init(_ lesson: Lesson, options: Session.Options = Session.Options()) {
    self.lesson = lesson
    var options = options
    options.programPath = lesson.file
    options.seed = lesson.frontMatter.seed ?? options.seed
    session = Session(options)
  }

  /// Runs a cell of the lesson.
  public func run(_ cell: Cell) -> Reply {
    session.run(
      cell.code.text, name: lesson.file, firstLine: cell.code.line, remark: "cell \(cell.number)")
  }

  /// Runs code of the lesson that is no cell: a check, a solution.
  func run(_ code: Code, called remark: String) -> Reply {
    session.run(code.text, name: lesson.file, firstLine: code.line, remark: remark)
  }

  /// Runs code a learner typed.
  public func runTyped(_ text: String) -> Reply {
    number += 1
    return session.run(text, name: "In[\(number)]")
  }

  /// The number an expression stands for, computed on the side: it changes no variable.
  ///
  /// - Throws: the expression's own error, or `NotANumber`.
  public func number(_ expression: String) throws -> Double {
    let before = session.snapshot()
    defer { session.restore(before) }
    let reply = session.aside(expression, name: "answer")
    if let diagnostic = reply.diagnostic { throw diagnostic }
    guard let number = reply.value.singleNumber else { throw NotANumber() }
    return number
  }

  /// An answer that is no number.
  public struct NotANumber: Error {}

  /// Judges an answer to a question, or to a prediction whose cell gave `cellValue`.
  public func judge(_ answer: String, to quiz: Quiz, cellValue: Double? = nil) -> Verdict {
    quiz.judge(answer, cellValue: cellValue) { try number($0) }
  }

  /// Runs a learner's code for an exercise and says whether it is right.
  ///
  /// The names of a right answer stay; a wrong one leaves nothing behind.
  public func judge(_ code: String, for exercise: Exercise) -> ExerciseJudgement {
    let before = session.snapshot()
    let reply = runTyped(code)
    let judgement = ExerciseJudge(runner: self, exercise: exercise, before: before)
      .judgement(of: reply)
    if !judgement.isRight { session.restore(before) }
    return judgement
  }

  /// Runs an exercise's solution, leaving its names.
  public func solve(_ exercise: Exercise) -> Reply {
    run(exercise.solution, called: "solution \(exercise.id)")
  }
}
