/// What came of an answer.
public struct Verdict: Sendable, Equatable {
  /// How it ended.
  public enum Outcome: Sendable, Equatable {
    /// It is right.
    case right
    /// It is wrong.
    case wrong
    /// It is no answer of the kind asked for; it should not count as a try.
    case unreadable
    /// It can be read, and only the next cell can tell whether it is right.
    case open
  }

  /// How it ended.
  public var outcome: Outcome
  /// What to tell the learner, a paragraph of Markdown each; the quiz's `why` is not among them.
  public var feedback: [String]
  /// For wrong numbers, what is between them and the right one, as far as that can be said.
  public var difference: NumericDifference?

  /// A verdict.
  public init(
    _ outcome: Outcome, feedback: [String] = [], difference: NumericDifference? = nil
  ) {
    self.outcome = outcome
    self.feedback = feedback
    self.difference = difference
  }
}
