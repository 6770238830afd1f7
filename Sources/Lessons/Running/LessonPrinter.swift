public import Interpreter

/// Plays a whole lesson for a reader who cannot be asked: every text, cell, plot and answer.
public struct LessonPrinter {
  private let runner: LessonRunner
  private let renderer: ReplyRenderer
  private let text: LessonText
  private let write: (String) -> Void

  /// Plays a lesson into `write`.
  public init(_ runner: LessonRunner, renderer: ReplyRenderer, write: @escaping (String) -> Void) {
    self.runner = runner
    self.renderer = renderer
    text = LessonText(renderer)
    self.write = write
  }

  /// Plays all steps.
  ///
  /// - Returns: how many cells failed though they should not.
  public func print() -> Int {
    let steps = runner.lesson.steps
    var failures = 0
    write(text.opening(runner.lesson) + "\n")
    for (index, step) in steps.enumerated() {
      write(text.heading(step, number: index + 1, of: steps.count) + "\n")
      for block in step.blocks { failures += play(block) }
    }
    return failures
  }

  private func play(_ block: Block) -> Int {
    switch block {
    case .prose(let prose): write(text.text(prose) + "\n")
    case .cell(let cell): return play(cell)
    case .predict(let quiz):
      write(text.question(quiz, isPrediction: true))
      write(text.answer(quiz) + "\n")
    case .quiz(let quiz):
      write(text.question(quiz, isPrediction: false))
      write(text.answer(quiz) + "\n")
    case .exercise(let exercise): return play(exercise)
    case .answer: break
    }
    return 0
  }

  private func play(_ cell: Cell) -> Int {
    let reply = runner.run(cell)
    if !cell.isHidden {
      write(text.code(cell.code))
      write(renderer.transcript(reply))
    }
    if let diagnostic = reply.diagnostic { write(renderer.diagnostic(diagnostic) + "\n") }
    write(cell.isHidden ? "" : "\n")
    let isExpected = cell.output?.text.hasPrefix("error:") ?? false
    return reply.succeeded || isExpected ? 0 : 1
  }

  private func play(_ exercise: Exercise) -> Int {
    write(text.label("Exercise"))
    write(text.code(exercise.code))
    for (index, hint) in exercise.hints.enumerated() {
      write(text.remark(hint, mark: text.dim("hint \(index + 1):")))
    }
    write(text.label("One solution"))
    write(text.code(exercise.solution))
    let reply = runner.solve(exercise)
    write(renderer.transcript(reply) + "\n")
    if let diagnostic = reply.diagnostic { write(renderer.diagnostic(diagnostic) + "\n\n") }
    return reply.succeeded ? 0 : 1
  }
}
