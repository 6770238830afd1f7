import Diagnostics
import Interpreter

/// The author's proof of a lesson: every cell, question and exercise does what the file promises.
public struct LessonChecker {
  /// One promise that was not kept.
  public struct Failure: Sendable {
    /// The line of the file it is about.
    public let line: Int
    /// What went wrong, and what was expected.
    public let message: String
  }

  /// What came of a lesson.
  public struct Result: Sendable {
    /// How many promises were kept.
    public internal(set) var passed = 0
    /// Those that were not.
    public internal(set) var failures: [Failure] = []
  }

  /// How a learner's window would show outputs: 80 columns, without colour.
  private let renderer = ReplyRenderer()
  private let runner: LessonRunner
  private var result = Result()

  private init(_ lesson: Lesson, maxSeconds: Double?) {
    var options = Session.Options()
    options.maxSeconds = maxSeconds
    runner = LessonRunner(lesson, options: options)
  }

  /// Checks a lesson from its first cell to its last.
  ///
  /// - Parameters:
  ///   - lesson: the lesson.
  ///   - maxSeconds: what a cell may take at most; nil for as long as it likes.
  /// - Returns: what was kept and what was not.
  public static func check(_ lesson: Lesson, maxSeconds: Double? = nil) -> Result {
    var checker = LessonChecker(lesson, maxSeconds: maxSeconds)
    for step in lesson.steps {
      for (index, block) in step.blocks.enumerated() { checker.check(block, index, in: step) }
    }
    return checker.result
  }

  private mutating func check(_ block: Block, _ index: Int, in step: Step) {
    switch block {
    case .prose, .answer: break
    case .cell(let cell): check(cell)
    case .quiz(let quiz): check(quiz)
    case .predict(let quiz): check(quiz)
    case .exercise(let exercise): check(exercise)
    }
  }

  private mutating func record(_ line: Int, _ problem: String?) {
    if let problem {
      result.failures.append(Failure(line: line, message: problem))
    } else {
      result.passed += 1
    }
  }

  // MARK: - Cells

  private mutating func check(_ cell: Cell) {
    let reply = runner.run(cell)
    record(cell.line, problem(of: reply, in: cell))
  }

  private func problem(of reply: Reply, in cell: Cell) -> String? {
    var actual = renderer.transcript(reply)
    if let diagnostic = reply.diagnostic {
      guard let output = cell.output, output.text.contains("error:") else {
        return "cell \(cell.number) ends in an error\n" + renderer.diagnostic(diagnostic)
      }
      actual += "error: \(diagnostic.message)"
    }
    if let output = cell.output, let difference = output.comparison.difference(from: actual) {
      let expected = difference.expected.map { "«\($0)»" } ?? "nothing more"
      let given = difference.actual.map { "«\($0)»" } ?? "nothing more"
      return "cell \(cell.number) gives another output, from line \(difference.line) of it on\n"
        + "  expected \(expected)\n  given    \(given)"
    }
    guard reply.failures == 0 || reply.diagnostic != nil else {
      return "\(reply.failures) checks of cell \(cell.number) do not hold\n" + actual
    }
    return nil
  }

  // MARK: - Questions

  private mutating func check(_ quiz: Quiz) {
    record(quiz.line, problem(of: quiz))
  }

  private func problem(of quiz: Quiz) -> String? {
    guard case .number(let number) = quiz.answer else { return nil }
    do {
      let right = try runner.number(number.expression)
      for mistake in number.mistakes {
        let wrong = try runner.number(mistake.expression)
        if number.tolerance.accepts(wrong, for: right) {
          return "the known mistake \(mistake.expression) of question \(quiz.id) is right"
        }
      }
    } catch let diagnostic as Diagnostic {
      return "the answer of question \(quiz.id) has no value: \(diagnostic.message)"
    } catch {
      return "the answer of question \(quiz.id) is not a number"
    }
    return nil
  }

  // MARK: - Exercises

  private mutating func check(_ exercise: Exercise) {
    let before = runner.session.snapshot()
    let judge = ExerciseJudge(runner: runner, exercise: exercise, before: before)
    let shipped = judge.passes(
      Code(text: exercise.code.text, line: exercise.code.line), called: "exercise \(exercise.id)")
    record(
      exercise.line,
      shipped.passes ? "exercise \(exercise.id) passes its check as shipped" : nil)
    let solution = judge.passes(exercise.solution, called: "solution \(exercise.id)")
    record(exercise.solution.line, solution.passes ? nil : failing(exercise, solution.reply))
    for wrong in exercise.wrongs {
      let outcome = judge.passes(wrong.code, called: "wrong \(exercise.id)")
      if outcome.passes {
        record(wrong.code.line, "a known wrong answer of \(exercise.id) passes its check")
      } else if let diagnostic = outcome.reply.diagnostic {
        record(
          wrong.code.line,
          "a known wrong answer of \(exercise.id) ends in an error: \(diagnostic.message)")
      } else {
        record(wrong.code.line, feedbackProblem(wrong, of: exercise, judge))
      }
    }
    let hasEmptyHint = exercise.hints.contains { $0.allSatisfy(\.isWhitespace) }
    if hasEmptyHint { record(exercise.line, "a hint of exercise \(exercise.id) is empty") }
    runner.session.restore(before)
    _ = runner.session.quietly { runner.solve(exercise) }
  }

  private func failing(_ exercise: Exercise, _ reply: Reply) -> String {
    let reason = reply.diagnostic.map { "\n" + renderer.diagnostic($0) } ?? ""
    return "the solution of \(exercise.id) does not pass its check\(reason)"
  }

  /// A known mistake must get its own feedback, not that of an earlier one.
  private func feedbackProblem(
    _ wrong: Exercise.Mistake, of exercise: Exercise, _ judge: ExerciseJudge
  ) -> String? {
    runner.session.quietly {
      let reply = runner.run(wrong.code, called: "wrong \(exercise.id)")
      let left = runner.session.changes(since: judge.before)
      let feedback = judge.mistake(like: reply, left: left)
      return feedback == wrong.feedback
        ? nil : "a known wrong answer of \(exercise.id) gets another's feedback"
    }
  }
}
