/// A question with its answer, its hints and its reason.
public struct Quiz: Sendable, Equatable {
  /// What names it: `[a-z0-9-]+`.
  public var id: String
  /// What is asked, as Markdown.
  public var question: String
  /// What is right.
  public var answer: QuizAnswer
  /// The hints, in the order they are given: Markdown.
  public var hints: [String]
  /// What is shown after the answer, as Markdown.
  public var why: String?
  /// The line of its opening fence.
  public var line: Int

  /// How to answer, in a few words.
  public var instruction: String {
    switch answer {
    case .choices(let choices):
      let letters = choices.indices.map(ChoiceReader.letter)
      let list = letters.dropLast().joined(separator: ", ")
      let last = letters.last ?? ""
      return choices.count(where: \.isRight) == 1
        ? "Choose one: \(list) or \(last)." : "Choose all that are right, of \(list) and \(last)."
    case .number(let number): return "A number, " + number.tolerance.words + "."
    case .text: return "In words."
    case .nextCell: return "What will the next cell show?"
    }
  }
}

/// What answers a quiz.
public enum QuizAnswer: Sendable, Equatable {
  /// One of several, or all the right ones where several are.
  case choices([Choice])
  /// A number, by value.
  case number(NumericAnswer)
  /// Any of these texts; case, blanks and final punctuation do not count.
  case text([String])
  /// Whatever the next cell gives: predictions only.
  case nextCell(mistakes: [NumericAnswer.Mistake])
}

/// A choice of a quiz.
public struct Choice: Sendable, Equatable {
  /// The choice, as Markdown.
  public var text: String
  /// Whether it is a right one.
  public var isRight: Bool
  /// What is said to whoever chose it, as Markdown.
  public var feedback: String
}

/// A number that answers a quiz.
public struct NumericAnswer: Sendable, Equatable {
  /// A wrong number that is known, and what to say about it.
  public struct Mistake: Sendable, Equatable {
    /// The wrong number, as an expression of the language.
    public var expression: String
    /// What the learner is told, as Markdown.
    public var feedback: String
  }

  /// The right number, as an expression of the language.
  public var expression: String
  /// How near an answer has to be.
  public var tolerance: Tolerance
  /// The known mistakes.
  public var mistakes: [Mistake]
}

/// How near to a number another one has to be to count as the same.
public enum Tolerance: Sendable, Equatable {
  /// |a − b| at most so much.
  case absolute(Double)
  /// |a − b| at most so much of |b|; of 0, nothing but rounding is allowed.
  case relative(Double)

  /// What holds where an author says nothing.
  public static let standard = Tolerance.relative(1e-6)

  /// Whether a number is near enough to the right one; nan is near nan, inf near inf.
  public func accepts(_ given: Double, for right: Double) -> Bool {
    if given == right || (given.isNaN && right.isNaN) { return true }
    guard given.isFinite, right.isFinite else { return false }
    switch self {
    // The slack is rounding of decimals such as 0.2 + 0.01, far below any tolerance written.
    case .absolute(let limit):
      return abs(given - right) <= limit * (1 + 1e-9) + abs(right) * 4 * .ulpOfOne
    case .relative(let limit):
      return abs(given - right) <= limit * (abs(right) + 1e-9)
    }
  }

  /// The tolerance in words: `within 0.01`.
  public var words: String {
    switch self {
    case .absolute(let limit): "within \(limit)"
    case .relative(let limit): "to \(limit) of its size"
    }
  }
}
