/// Reads the lines of a `quiz` or `predict` block.
///
///     ? What is the mean loss?
///     = 0.2 ± 0.001
///     wrong: 0.04 :: That is its square.
///     hint: Put both distances in.
///     why: The hinge sees the margin alone.
///
/// A line that starts with none of the marks goes on with the question, choice, hint, reason or
/// known mistake above it.
struct QuizParser {
  /// Everything that was wrong.
  private(set) var errors: [LessonError] = []

  private var items: [Item] = []

  private enum Mark: Equatable {
    case question, choice(isRight: Bool), answer, mistake, hint, why
  }

  private struct Item {
    var mark: Mark
    var text: String
    var line: Int
  }

  /// Reads a block.
  ///
  /// - Parameters:
  ///   - code: the lines between the fences.
  ///   - id: the block's id.
  ///   - line: the line of the opening fence.
  ///   - isPrediction: whether the next cell may be the answer.
  /// - Returns: the quiz, as far as it could be read.
  mutating func parse(_ code: Code, id: String, line: Int, isPrediction: Bool) -> Quiz {
    for (offset, text) in code.text.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      read(String(text), line: code.line + offset)
    }
    items = items.map { Item(mark: $0.mark, text: $0.text.trimmed, line: $0.line) }
    let answer = self.answer(line: line, isPrediction: isPrediction)
    return Quiz(
      id: id, question: question(line: line), answer: answer, hints: hints(), why: why(), line: line
    )
  }

  private mutating func refuse(_ line: Int, _ problem: LessonError.QuizProblem) {
    errors.append(LessonError(line: line, .quiz(problem)))
  }
}

// MARK: - Lines

extension QuizParser {
  private mutating func read(_ text: String, line: Int) {
    let trimmed = text.trimmed
    if let (mark, rest) = Self.marked(trimmed) {
      items.append(Item(mark: mark, text: rest, line: line))
    } else if !trimmed.isEmpty, let keyword = Self.misspelt(trimmed) {
      refuse(line, .unexpectedLine(trimmed, closest: keyword))
    } else if let last = items.last, last.mark != .answer {
      items[items.count - 1].text += "\n" + text
    } else if !trimmed.isEmpty {
      refuse(line, .unexpectedLine(trimmed, closest: nil))
    }
  }

  private static func marked(_ text: String) -> (Mark, String)? {
    for (word, mark) in [("hint:", Mark.hint), ("why:", .why), ("wrong:", .mistake)] {
      if text.hasPrefix(word) { return (mark, String(text.dropFirst(word.count)).trimmed) }
    }
    if text.hasPrefix("?") { return (.question, String(text.dropFirst()).trimmed) }
    if text.hasPrefix("="), !text.hasPrefix("==") {
      return (.answer, String(text.dropFirst()).trimmed)
    }
    guard let bullet = text.first, bullet == "-" || bullet == "*" else { return nil }
    let box = text.dropFirst().drop(while: \.isWhitespace)
    for (sign, isRight) in [("[ ]", false), ("[x]", true), ("[X]", true)] {
      if box.hasPrefix(sign) {
        return (.choice(isRight: isRight), String(box.dropFirst(3)).trimmed)
      }
    }
    return nil
  }

  /// The keyword a line's first word nearly is: `hnit: …`.
  private static func misspelt(_ text: String) -> String? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let word = String(text[..<colon])
    guard word.count >= 2, word.allSatisfy(\.isLetter) else { return nil }
    let closest = Spelling.closest(to: word, among: ["hint", "why", "wrong"])
    // "who:" and "when:" may well start a line of a question.
    guard let closest, Spelling.distance(word.lowercased(), closest) <= 1 else { return nil }
    return ["who", "when"].contains(word.lowercased()) ? nil : closest + ":"
  }
}

// MARK: - Parts

extension QuizParser {
  private mutating func question(line: Int) -> String {
    let questions = items.filter { $0.mark == .question }
    for extra in questions.dropFirst() { refuse(extra.line, .secondQuestion) }
    let text = questions.first?.text ?? ""
    if text.isEmpty { refuse(questions.first?.line ?? line, .noQuestion) }
    return text
  }

  private mutating func hints() -> [String] {
    let hints = items.filter { $0.mark == .hint }
    for hint in hints where hint.text.isEmpty { refuse(hint.line, .empty("hint:")) }
    return hints.map(\.text)
  }

  private mutating func why() -> String? {
    let reasons = items.filter { $0.mark == .why }
    for reason in reasons where reason.text.isEmpty { refuse(reason.line, .empty("why:")) }
    for extra in reasons.dropFirst() { refuse(extra.line, .secondWhy) }
    return reasons.first?.text
  }

  private mutating func answer(line: Int, isPrediction: Bool) -> QuizAnswer {
    let choices = items.filter { if case .choice = $0.mark { true } else { false } }
    let answers = items.filter { $0.mark == .answer }
    if let extra = answers.dropFirst().first ?? (choices.isEmpty ? nil : answers.first) {
      refuse(extra.line, .mixedAnswers)
    }
    if !choices.isEmpty {
      forbidMistakes()
      return .choices(read(choices))
    }
    guard let answer = answers.first else {
      if isPrediction { return .nextCell(mistakes: mistakes()) }
      refuse(line, .noAnswer)
      return .text([])
    }
    if answer.text.isEmpty { refuse(answer.line, .empty("=")) }
    if answer.text.hasPrefix("\"") {
      forbidMistakes()
      return .text(texts(answer))
    }
    return .number(number(answer))
  }

  private mutating func read(_ items: [Item]) -> [Choice] {
    var choices: [Choice] = []
    for item in items {
      let (text, feedback) = Self.divided(item.text)
      if feedback == nil { refuse(item.line, .choiceWithoutFeedback(text)) }
      let plain = PlainAnswer.normalised(text)
      if choices.contains(where: { PlainAnswer.normalised($0.text) == plain }) {
        refuse(item.line, .duplicateChoice(text))
      }
      choices.append(
        Choice(text: text, isRight: item.mark == .choice(isRight: true), feedback: feedback ?? ""))
    }
    if choices.count == 1, let item = items.first { refuse(item.line, .onlyOneChoice) }
    if !choices.contains(where: \.isRight), let item = items.first {
      refuse(item.line, .noRightChoice)
    }
    return choices
  }

  private mutating func number(_ item: Item) -> NumericAnswer {
    var expression = item.text
    var tolerance = Tolerance.standard
    if let sign = Self.lastSign(in: item.text) {
      let text = String(item.text[sign.upperBound...]).trimmed
      expression = String(item.text[..<sign.lowerBound]).trimmed
      if let limit = Double(text), limit > 0, limit.isFinite {
        tolerance = .absolute(limit)
      } else {
        refuse(item.line, .malformedTolerance(text))
      }
      if expression.isEmpty { refuse(item.line, .empty("=")) }
    }
    return NumericAnswer(expression: expression, tolerance: tolerance, mistakes: mistakes())
  }

  /// The last `±` or `+-`.
  private static func lastSign(in text: String) -> Range<String.Index>? {
    var place = text.endIndex
    while place > text.startIndex {
      place = text.index(before: place)
      let following = text.index(after: place)
      if text[place] == "±" { return place..<following }
      if text[place] == "+", following < text.endIndex, text[following] == "-" {
        return place..<text.index(after: following)
      }
    }
    return nil
  }

  private mutating func mistakes() -> [NumericAnswer.Mistake] {
    items.filter { $0.mark == .mistake }.map { item in
      let (expression, feedback) = Self.divided(item.text)
      if feedback == nil || expression.isEmpty {
        refuse(item.line, .mistakeWithoutFeedback(expression))
      }
      return NumericAnswer.Mistake(expression: expression, feedback: feedback ?? "")
    }
  }

  private mutating func forbidMistakes() {
    for item in items where item.mark == .mistake { refuse(item.line, .mistakeWithoutNumber) }
  }

  private mutating func texts(_ item: Item) -> [String] {
    var texts: [String] = []
    var rest = item.text[...]
    while true {
      rest = rest.drop(while: \.isWhitespace)
      guard rest.first == "\"" else { break }
      rest = rest.dropFirst()
      guard let end = rest.firstIndex(of: "\"") else { break }
      texts.append(String(rest[..<end]))
      rest = rest[rest.index(after: end)...].drop(while: \.isWhitespace)
      if rest.isEmpty, !texts.contains(where: \.isBlank) { return texts }
      guard rest.first == "|" else { break }
      rest = rest.dropFirst()
    }
    refuse(item.line, .malformedText(item.text))
    return texts
  }

  /// What stands before and after the first ` :: `; nothing after it is no feedback.
  private static func divided(_ text: String) -> (String, String?) {
    guard let sign = text.firstRange(of: "::") else { return (text, nil) }
    let feedback = String(text[sign.upperBound...]).trimmed
    return (String(text[..<sign.lowerBound]).trimmed, feedback.isEmpty ? nil : feedback)
  }
}
