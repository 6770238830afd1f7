/// A lesson as its file says it: front matter and steps.
///
/// A lesson file is Markdown that reads well on any Git host; fenced blocks make it run. The value
/// knows the line every part came from, so that whoever runs it can point there.
public struct Lesson: Sendable, Equatable {
  /// The file's name, as messages show it.
  public var file: String
  /// What the file says about itself.
  public var frontMatter: FrontMatter
  /// The steps, in order; what comes before the first level-2 heading is a step of its own.
  public var steps: [Step]

  /// The exercise of that id.
  public func exercise(_ id: String) -> Exercise? {
    for case .exercise(let exercise) in steps.flatMap(\.blocks) where exercise.id == id {
      return exercise
    }
    return nil
  }

  /// The quiz or prediction of that id.
  public func quiz(_ id: String) -> Quiz? {
    for block in steps.flatMap(\.blocks) {
      switch block {
      case .quiz(let quiz) where quiz.id == id, .predict(let quiz) where quiz.id == id: return quiz
      case .prose, .cell, .quiz, .predict, .exercise, .answer: continue
      }
    }
    return nil
  }
}

/// What the front matter of a lesson says.
public struct FrontMatter: Sendable, Equatable {
  /// The lesson's name, never empty.
  public var title: String
  /// One sentence for the list of lessons; may be empty.
  public var summary: String
  /// The paper or the part of the theory it follows; may be empty.
  public var paper: String
  /// How long it takes, if it says so.
  public var minutes: Int?
  /// The lessons to take before, as they were written: `01`.
  public var needs: [String]
  /// What one can do afterwards.
  public var goals: [String]
  /// Where the random numbers start, if it says so.
  public var seed: UInt64?
}

/// A part of a lesson under one level-2 heading.
public struct Step: Sendable, Equatable {
  /// The heading as Markdown, without its `{#id}`.
  public var title: String
  /// What names the step in progress files and `:goto`: `[a-z0-9-]+`.
  public var id: String
  /// The line of the heading, or the first line of an introduction.
  public var line: Int
  /// What the step consists of, in order.
  public var blocks: [Block]

  /// The cell a prediction is about: the next one shown after it.
  ///
  /// - Parameter index: the place of the prediction among the blocks.
  /// - Returns: the cell; nil after the last one.
  public func cellPredicted(at index: Int) -> Cell? {
    for case .cell(let cell) in blocks.dropFirst(max(0, index + 1)) where !cell.isHidden {
      return cell
    }
    return nil
  }
}
