/// A part of a step.
public enum Block: Sendable, Equatable {
  /// Text to read.
  case prose(Prose)
  /// Code that is run, with the output it should give.
  case cell(Cell)
  /// A question about the next cell, asked before it runs.
  case predict(Quiz)
  /// A question.
  case quiz(Quiz)
  /// Code for the learner to complete.
  case exercise(Exercise)
  /// What a learner gave: only in transcripts and submissions.
  case answer(Answer)

  /// The line the block starts at: of a fenced one, its opening fence.
  public var line: Int {
    switch self {
    case .prose(let prose): prose.line
    case .cell(let cell): cell.line
    case .predict(let quiz), .quiz(let quiz): quiz.line
    case .exercise(let exercise): exercise.line
    case .answer(let answer): answer.line
    }
  }
}

/// Text between the fences of a lesson, other languages' code blocks included.
public struct Prose: Sendable, Equatable {
  /// The Markdown as it was written.
  public var source: String
  /// The same, parsed.
  public var markdown: Markdown
  /// Its first line.
  public var line: Int
}

/// Code, and where it stands.
public struct Code: Sendable, Equatable {
  /// The lines between the fences, without the last line end.
  public var text: String
  /// The line of the file its first line is; line `k` of the code is line `line + k - 1`.
  public var line: Int
}

/// A cell: code that a lesson runs and shows.
public struct Cell: Sendable, Equatable {
  /// What it runs.
  public var code: Code
  /// Whether it is run without being shown.
  public var isHidden: Bool
  /// Its place among the cells of the file, hidden ones included, from 1.
  public var number: Int
  /// The line of its opening fence.
  public var line: Int
  /// What it should print, if the lesson says so.
  public var output: ExpectedOutput?
}

/// The output a lesson expects of the cell before it.
public struct ExpectedOutput: Sendable, Equatable {
  /// The text between the fences, without the last line end.
  public var text: String
  /// How far numbers may be off beyond the digits written; nil where nothing was said.
  public var tolerance: Double?
  /// The line of its opening fence.
  public var line: Int
  /// The lines between the fences, for rewriting them: a half-open range of line numbers.
  public var contentLines: Range<Int>

  /// The rules by which an output is compared with this one.
  public var comparison: OutputComparison {
    OutputComparison(expected: text, tolerance: tolerance)
  }
}

/// An exercise with everything that belongs to it.
public struct Exercise: Sendable, Equatable {
  /// A known mistake: code that fails the check, and what to say about it.
  public struct Mistake: Sendable, Equatable {
    /// The code with the mistake in it.
    public var code: Code
    /// What the learner is told, as Markdown.
    public var feedback: String
  }

  /// What names it: `[a-z0-9-]+`.
  public var id: String
  /// What the learner starts from; `____` marks blanks.
  public var code: Code
  /// The hints, in the order they are given: Markdown.
  public var hints: [String]
  /// What decides; it sees `result` and the learner's names.
  public var check: Code
  /// An answer that passes the check.
  public var solution: Code
  /// The known mistakes.
  public var wrongs: [Mistake]
  /// The line of its opening fence.
  public var line: Int
}

/// What a learner gave for an exercise, a quiz or a prediction.
public struct Answer: Sendable, Equatable {
  /// The id of what it answers.
  public var id: String
  /// The answer as it was given.
  public var content: Code
  /// Whether it is code, as for an exercise.
  public var isCode: Bool
  /// The line of its opening fence.
  public var line: Int
}
