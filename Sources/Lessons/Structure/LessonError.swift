/// One thing in a lesson file that keeps it from being a lesson.
public struct LessonError: Error, Sendable, Equatable {
  /// The line it stands on.
  public var line: Int
  /// What it is.
  public var problem: Problem

  /// An error at a line.
  public init(line: Int, _ problem: Problem) {
    self.line = line
    self.problem = problem
  }

  /// What can be wrong with a lesson file.
  public enum Problem: Error, Sendable, Equatable {
    /// A file that is not there or not UTF-8 text.
    case notReadable
    /// The file does not start with a `---` line.
    case noFrontMatter
    /// There is no second `---` line.
    case unclosedFrontMatter
    /// The front matter is not YAML, for the reason given.
    case brokenYAML(String)
    /// The front matter is YAML, but not a list of `key: value`.
    case frontMatterIsNoMapping
    /// A key that lessons do not have, and the one it resembles.
    case unknownKey(String, closest: String?)
    /// A key with a value of another kind than it takes.
    case wrongValue(key: String, wanted: String)
    /// A key every lesson has.
    case missingKey(String)

    /// A heading of which no letter or digit is left to make an id of.
    case headingWithoutID(String)
    /// An id that is not `[a-z0-9-]+`.
    case malformedID(String)
    /// An id that was used before, and where.
    case duplicateID(String, firstLine: Int)

    /// A fence that was never closed.
    case unclosedFence
    /// A fence of a lesson inside a list or a quote.
    case nestedFence(String)
    /// A fence that starts with an unknown word, and the one it resembles.
    case unknownFence(String, closest: String?)
    /// A word after ```` ```mlr ```` that means nothing, and the one it resembles.
    case unknownCellWord(String, closest: String?)
    /// A fence whose word needs an id after it.
    case fenceWithoutID(String)
    /// Something after the words of a fence.
    case unexpectedFenceText(String)
    /// A `tol=` that is no positive number.
    case malformedTolerance(String)
    /// Nothing between the fences, where something has to be.
    case emptyBlock(String)

    /// An output with no cell before it in its step.
    case outputWithoutCell
    /// A second output for one cell, and where the first is.
    case secondOutput(firstLine: Int)
    /// A prediction with no cell after it in its step.
    case predictionWithoutCell(String)
    /// A hint, check, solution or known mistake for no exercise above it.
    case partWithoutExercise(part: String, id: String, closest: String?)
    /// A second check or solution, and where the first is.
    case secondPart(part: String, id: String, firstLine: Int)
    /// An exercise that nothing can judge.
    case exerciseWithoutCheck(String)
    /// An exercise that nobody solved.
    case exerciseWithoutSolution(String)
    /// A known mistake without the feedback in quotes.
    case mistakeWithoutFeedback(String)
    /// An answer to nothing in the file.
    case answerToNothing(id: String, closest: String?)

    /// A quiz with something wrong in it.
    case quiz(QuizProblem)
  }

  /// What can be wrong with the lines of a quiz.
  public enum QuizProblem: Sendable, Equatable {
    /// No line starts with `?`.
    case noQuestion
    /// A second line starts with `?`.
    case secondQuestion
    /// No answer of any kind.
    case noAnswer
    /// Answers of two kinds, or two lines of one kind that allows one.
    case mixedAnswers
    /// Choices, and none of them is right.
    case noRightChoice
    /// A single choice is no choice.
    case onlyOneChoice
    /// A choice without `::` and feedback.
    case choiceWithoutFeedback(String)
    /// The same choice twice.
    case duplicateChoice(String)
    /// A tolerance that is no positive number.
    case malformedTolerance(String)
    /// A `= "text"` whose quotes do not match.
    case malformedText(String)
    /// A `wrong:` without `::` and feedback.
    case mistakeWithoutFeedback(String)
    /// A `wrong:` in a quiz that does not ask for a number.
    case mistakeWithoutNumber
    /// A `hint:` or `why:` with nothing after it.
    case empty(String)
    /// A second `why:`.
    case secondWhy
    /// A line that belongs to nothing before it, and the word it may have been meant to start with.
    case unexpectedLine(String, closest: String?)
  }
}

/// Everything that is wrong with a lesson file.
public struct UnreadableLesson: Error, Sendable, Equatable {
  /// The file's name, as messages show it.
  public var file: String
  /// The errors, by line; at least one.
  public var errors: [LessonError]
}
