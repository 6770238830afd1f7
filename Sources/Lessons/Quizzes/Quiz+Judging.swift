extension Quiz {
  /// Judges what a learner answered.
  ///
  /// - Parameters:
  ///   - answer: the answer as it was typed.
  ///   - cellValue: the value of the next cell, for a prediction that leaves the answer to it; until
  ///     that is known, a readable prediction is `.open`.
  ///   - evaluate: gives the value of an expression; the learner's answer and the author's numbers
  ///     go through it, unless they are plain numbers.
  /// - Returns: the verdict, with the feedback of the choice or known mistake it matches.
  public func judge(
    _ answer: String, cellValue: Double? = nil, evaluate: (String) throws -> Double
  ) -> Verdict {
    if answer.isBlank { return Verdict(.unreadable, feedback: ["No answer yet. " + instruction]) }
    switch self.answer {
    case .choices(let choices): return judge(answer, choices)
    case .text(let texts):
      let given = PlainAnswer.normalised(answer)
      let isRight = texts.contains { PlainAnswer.normalised($0) == given }
      return Verdict(isRight ? .right : .wrong)
    case .number(let number):
      guard let right = Self.value(of: number.expression, evaluate) else {
        return Verdict(
          .unreadable,
          feedback: ["The lesson's own answer, `\(number.expression)`, cannot be evaluated."])
      }
      return judge(answer, right, number.tolerance, number.mistakes, evaluate)
    case .nextCell(let mistakes):
      guard let right = cellValue else {
        return Self.value(of: answer, evaluate) == nil ? noNumber(answer) : Verdict(.open)
      }
      // A learner who writes four digits means four digits, as in an expected output.
      let typed = Array(answer.trimmed)
      if let number = WrittenNumber(in: typed, at: 0), number.end == typed.count,
        NumberPattern(number).accepts(right)
      {
        return Verdict(.right)
      }
      return judge(answer, right, .standard, mistakes, evaluate)
    }
  }

  private func judge(_ answer: String, _ choices: [Choice]) -> Verdict {
    guard let given = ChoiceReader(choices).indices(of: answer) else {
      return Verdict(
        .unreadable, feedback: ["`\(answer.printable)` is none of the choices. " + instruction])
    }
    let right = choices.indices.filter { choices[$0].isRight }
    if right.count == 1, given.count > 1 { return Verdict(.unreadable, feedback: [instruction]) }
    if given.sorted() == right {
      return Verdict(.right, feedback: given.sorted().map { choices[$0].feedback })
    }
    var feedback = given.sorted().filter { !choices[$0].isRight }.map { choices[$0].feedback }
    let missing = right.count { !given.contains($0) }
    if right.count > 1, missing > 0 {
      feedback.append(missing == 1 ? "One right choice is missing." : "Right choices are missing.")
    }
    return Verdict(.wrong, feedback: feedback)
  }

  private func judge(
    _ answer: String, _ right: Double, _ tolerance: Tolerance, _ mistakes: [NumericAnswer.Mistake],
    _ evaluate: (String) throws -> Double
  ) -> Verdict {
    guard let given = Self.value(of: answer, evaluate) else { return noNumber(answer) }
    if tolerance.accepts(given, for: right) { return Verdict(.right) }
    let difference = NumericDifference(given: given, right: right)
    let known = mistakes.first { mistake in
      Self.value(of: mistake.expression, evaluate).map { tolerance.accepts(given, for: $0) }
        ?? false
    }
    let feedback = [known?.feedback, difference?.sentence].compactMap(\.self)
    return Verdict(.wrong, feedback: feedback, difference: difference)
  }

  private func noNumber(_ answer: String) -> Verdict {
    Verdict(.unreadable, feedback: ["`\(answer.printable)` gives no number. " + instruction])
  }

  private static func value(
    of expression: String, _ evaluate: (String) throws -> Double
  ) -> Double? {
    let text = expression.trimmed.replacing("−", with: "-")
    // Swift would read hexadecimal and `infinity` too; those are the evaluator's to refuse.
    if text.allSatisfy({ $0.isNumber || ".-+eE".contains($0) }), let value = Double(text) {
      return value
    }
    return try? evaluate(expression.trimmed)
  }
}
