/// The words that may follow ```` ```mlr ````.
enum CellWord: String, CaseIterable {
  case hidden, exercise, check, solution, wrong, answer
}

/// What the opening line of a fence says.
enum FenceHeader: Equatable {
  case cell(isHidden: Bool)
  case output(tolerance: Double?)
  case predict(String)
  case quiz(String)
  case exercise(String)
  case hint(String)
  case check(String)
  case solution(String)
  case wrong(String, feedback: String)
  case answer(String, isCode: Bool)
  /// Another language, or none: not the lesson's business.
  case foreign

  /// The words a fence of a lesson may start with.
  private static let words = ["mlr", "output", "predict", "quiz", "hint", "answer"]

  /// Reads what follows the backticks.
  init(_ info: String) throws(Problem) {
    var words = Words(info)
    guard let first = words.next() else {
      self = .foreign
      return
    }
    switch first {
    case "mlr": try self.init(cell: &words)
    case "output": self = .output(tolerance: try Self.tolerance(&words))
    case "predict": self = .predict(try words.id(of: first))
    case "quiz": self = .quiz(try words.id(of: first))
    case "hint": self = .hint(try words.id(of: first))
    case "answer": self = .answer(try words.id(of: first), isCode: false)
    default:
      try Self.refuse(first)
      self = .foreign
      return
    }
    try words.end()
  }

  /// Whether a fence starts with a word of lessons.
  static func isOfLesson(_ info: String) -> Bool {
    var words = Words(info)
    return words.next().map(Self.words.contains) ?? false
  }

  private init(cell words: inout Words) throws(Problem) {
    guard let word = words.next() else {
      self = .cell(isHidden: false)
      return
    }
    switch CellWord(rawValue: word) {
    case .hidden: self = .cell(isHidden: true)
    case .exercise: self = .exercise(try words.id(of: "mlr exercise"))
    case .check: self = .check(try words.id(of: "mlr check"))
    case .solution: self = .solution(try words.id(of: "mlr solution"))
    case .answer: self = .answer(try words.id(of: "mlr answer"), isCode: true)
    case .wrong:
      let id = try words.id(of: "mlr wrong")
      guard let feedback = words.quoted(), !feedback.isBlank else {
        throw .mistakeWithoutFeedback(id)
      }
      self = .wrong(id, feedback: feedback)
    case nil:
      let known = CellWord.allCases.map(\.rawValue)
      throw .unknownCellWord(word, closest: Spelling.closest(to: word, among: known))
    }
  }

  private static func tolerance(_ words: inout Words) throws(Problem) -> Double? {
    guard let option = words.next() else { return nil }
    guard option.hasPrefix("tol=") else { throw .unexpectedFenceText(option) }
    guard let value = Double(option.dropFirst(4)), value > 0, value.isFinite else {
      throw .malformedTolerance(option)
    }
    return value
  }

  /// Refuses a word that was meant for a lesson: a slip, or a word that belongs after `mlr`.
  private static func refuse(_ word: String) throws(Problem) {
    if word.lowercased().hasPrefix("mlr") { throw .unknownFence(word, closest: "mlr") }
    if CellWord(rawValue: word) != nil { throw .unknownFence(word, closest: "mlr " + word) }
    // `mlr` itself is too short to be guessed at: `ml` is a language.
    let guessable = words.filter { $0.count > 3 }
    if let closest = Spelling.closest(to: word, among: guessable) {
      throw .unknownFence(word, closest: closest)
    }
  }

  typealias Problem = LessonError.Problem
}

/// The words of a fence's opening line, read from the left.
private struct Words {
  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  mutating func next() -> String? {
    rest = rest.drop(while: \.isWhitespace)
    guard !rest.isEmpty else { return nil }
    let word = rest.prefix { !$0.isWhitespace }
    rest = rest.dropFirst(word.count)
    return String(word)
  }

  /// A text in quotes, in which `\"` is a quote.
  mutating func quoted() -> String? {
    rest = rest.drop(while: \.isWhitespace)
    guard rest.first == "\"" else { return nil }
    var text = ""
    var place = rest.index(after: rest.startIndex)
    while place < rest.endIndex, rest[place] != "\"" {
      let following = rest.index(after: place)
      if rest[place] == "\\", following < rest.endIndex, rest[following] == "\"" {
        place = following
      }
      text.append(rest[place])
      place = rest.index(after: place)
    }
    guard place < rest.endIndex else { return nil }
    rest = rest[rest.index(after: place)...]
    return text
  }

  mutating func id(of word: String) throws(LessonError.Problem) -> String {
    guard let id = next() else { throw .fenceWithoutID(word) }
    guard id.isIdentifier else { throw .malformedID(id) }
    return id
  }

  mutating func end() throws(LessonError.Problem) {
    let text = String(rest).trimmed
    if !text.isEmpty { throw .unexpectedFenceText(text) }
  }
}

extension String {
  /// Whether the text is `[a-z0-9-]+`.
  var isIdentifier: Bool {
    !isEmpty
      && utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
      }
  }
}
