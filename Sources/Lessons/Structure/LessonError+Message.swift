extension LessonError: CustomStringConvertible {
  /// What is wrong, in one line.
  public var message: String { wording.printable }

  private var wording: String {
    switch problem {
    case .notReadable: "this file is not there, or is not UTF-8 text"
    case .noFrontMatter: "a lesson starts with front matter"
    case .unclosedFrontMatter: "the front matter is not closed"
    case .brokenYAML(let reason): "the front matter is not YAML: \(reason)"
    case .frontMatterIsNoMapping: "the front matter has to be lines of `key: value`"
    case .unknownKey(let key, _): "front matter has no key `\(key)`"
    case .wrongValue(let key, let wanted): "`\(key)` takes \(wanted)"
    case .missingKey(let key): "the front matter has no `\(key)`"
    case .headingWithoutID(let title): "the step “\(title)” has no letter to make an id of"
    case .malformedID(let id): "`\(id)` cannot be an id"
    case .duplicateID(let id, let line): "the id `\(id)` is taken: it is that of line \(line)"
    case .unclosedFence: "the fence that opens here is never closed"
    case .nestedFence(let word): "a `\(word)` block cannot stand inside a list or a quote"
    case .unknownFence(let word, _): "lessons have no `\(word)` blocks"
    case .unknownCellWord(let word, _): "`\(word)` means nothing after `mlr`"
    case .fenceWithoutID(let word): "a `\(word)` block needs an id"
    case .unexpectedFenceText(let text): "nothing is known of `\(text)` in this fence"
    case .malformedTolerance(let text): "`\(text)` is no tolerance"
    case .emptyBlock(let word): "this `\(word)` block is empty"
    case .outputWithoutCell: "this output has no cell before it in its step"
    case .secondOutput(let line): "the cell before has its output already, in line \(line)"
    case .predictionWithoutCell(let id): "the prediction `\(id)` has no cell after it in its step"
    case .partWithoutExercise(let part, let id, _):
      "this \(part) is for `\(id)`, and no exercise above has that id"
    case .secondPart(let part, let id, let line):
      "the exercise `\(id)` has a \(part) already, in line \(line)"
    case .exerciseWithoutCheck(let id): "the exercise `\(id)` has no check"
    case .exerciseWithoutSolution(let id): "the exercise `\(id)` has no solution"
    case .mistakeWithoutFeedback(let id): "this known mistake of `\(id)` has no feedback"
    case .answerToNothing(let id, _): "nothing in this lesson has the id `\(id)`"
    case .quiz(let problem): problem.message
    }
  }

  /// What to do about it: advice that can be followed as it stands; nil where the message says all.
  public var advice: String? {
    switch problem {
    case .notReadable: nil
    case .noFrontMatter: "Put it at the top: a line `---`, then `title: …`, then a line `---`."
    case .unclosedFrontMatter: "End it with a line `---`."
    case .brokenYAML: "A text with `: ` or `#` in it needs quotes: title: \"Pairs: why\""
    case .frontMatterIsNoMapping: "For example: title: What a loss value means"
    case .unknownKey(_, let closest):
      closest.map { "Did you mean `\($0)`?" }
        ?? "The keys are " + FrontMatterKey.allCases.map(\.rawValue).joined(separator: ", ") + "."
    case .wrongValue: nil
    case .missingKey(let key): "Add a line: \(key): …"
    case .headingWithoutID: "Give it one: ## Title {#my-step}"
    case .malformedID: "Ids are made of a–z, 0–9 and hyphens, such as `soft-margin`."
    case .duplicateID: "Ids are unique in the file, steps included; a step takes one by {#id}."
    case .unclosedFence: "Close it with a line of as many backticks."
    case .nestedFence: "Move it to the margin, between two paragraphs."
    case .unknownFence(_, let closest): closest.map { "Did you mean `\($0)`?" }
    case .unknownCellWord(_, let closest):
      closest.map { "Did you mean `mlr \($0)`?" }
        ?? "It may be " + CellWord.allCases.map(\.rawValue).joined(separator: ", ")
        + ", or nothing."
    case .fenceWithoutID(let word):
      "For example: ```\(word) my-\(word.split(separator: " ").last ?? "")"
    case .unexpectedFenceText: "Leave it out."
    case .malformedTolerance: "It is a positive number: tol=1e-2"
    case .emptyBlock: "Write something, or remove it."
    case .outputWithoutCell: "Put it after the cell that prints it."
    case .secondOutput: "A cell has one output: make them one, or split the cell."
    case .predictionWithoutCell: "Put a ```mlr cell after it, or make it a quiz."
    case .partWithoutExercise(let part, _, let closest):
      closest.map { "Did you mean `\($0)`?" }
        ?? "A \(part) follows its exercise and repeats its id."
    case .secondPart(let part, _, _): "Make them one \(part)."
    case .exerciseWithoutCheck(let id): "Add one after it: ```mlr check \(id)"
    case .exerciseWithoutSolution(let id): "Add one after it: ```mlr solution \(id)"
    case .mistakeWithoutFeedback(let id): "Say it in quotes: ```mlr wrong \(id) \"what went wrong\""
    case .answerToNothing(_, let closest): closest.map { "Did you mean `\($0)`?" }
    case .quiz(let problem): problem.advice
    }
  }

  /// The line, the message and the advice.
  public var description: String {
    "line \(line): " + message + (advice.map { "\n  " + $0 } ?? "")
  }
}

extension LessonError.QuizProblem {
  fileprivate var message: String {
    switch self {
    case .noQuestion: "the quiz has no question"
    case .secondQuestion: "the quiz has two questions"
    case .noAnswer: "the quiz has no answer"
    case .mixedAnswers: "the quiz has answers of two kinds"
    case .noRightChoice: "no choice is the right one"
    case .onlyOneChoice: "the quiz has only one choice"
    case .choiceWithoutFeedback(let text): "the choice “\(text)” has no feedback"
    case .duplicateChoice(let text): "the choice “\(text)” is there twice"
    case .malformedTolerance(let text): "`\(text)` is no tolerance"
    case .malformedText(let text): "the quotes in `\(text)` do not match"
    case .mistakeWithoutFeedback(let text): "the known mistake `\(text)` has no feedback"
    case .mistakeWithoutNumber: "a `wrong:` line belongs to a number"
    case .empty(let word): "there is nothing after `\(word)`"
    case .secondWhy: "the quiz has two `why:` lines"
    case .unexpectedLine(let text, _): "nothing is known of the line `\(text)` in a quiz"
    }
  }

  fileprivate var advice: String? {
    switch self {
    case .noQuestion: "Start with a line: ? What is …"
    case .secondQuestion: "One quiz asks one question: make it two quizzes."
    case .noAnswer: "Add choices (- [x] text :: feedback), a number (= 0.2) or a text (= \"word\")."
    case .mixedAnswers: "Choices, one number or one line of texts: only one of them."
    case .noRightChoice: "Mark it with an x: - [x] text :: feedback"
    case .onlyOneChoice: "Add another: - [ ] text :: feedback"
    case .choiceWithoutFeedback(let text): "Say why: - [ ] \(text) :: because …"
    case .duplicateChoice: nil
    case .malformedTolerance: "It is a positive number: = 0.2 ± 0.01"
    case .malformedText: "Texts stand in quotes: = \"one way\" | \"another\""
    case .mistakeWithoutFeedback(let text): "Say what it is: wrong: \(text) :: because …"
    case .mistakeWithoutNumber: "Choices carry their feedback themselves, after `::`."
    case .empty: "Write something, or remove the line."
    case .secondWhy: "Make them one: the lines after it go on with it."
    case .unexpectedLine(_, let closest):
      closest.map { "Did you mean `\($0)`?" }
        ?? "Lines start with ?, - [ ], - [x], =, wrong:, hint: or why:"
    }
  }
}

extension UnreadableLesson: CustomStringConvertible {
  /// Every error with its place, as `lessons/03-x.md:41: …`.
  public var description: String {
    errors.map { error in
      "\(file):\(error.line): \(error.message)" + (error.advice.map { "\n  " + $0 } ?? "")
    }.joined(separator: "\n")
  }
}
