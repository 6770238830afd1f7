import Diagnostics

/// Spellings of other languages, and what is written for them here.
extension Lexer {
  private struct Habit {
    let text: StaticString
    let message: String
    let advice: String
    /// The spelling of ours that `text` may begin.
    var unless: StaticString?

    init(
      _ text: StaticString, _ advice: String, unless: StaticString? = nil, message: String? = nil
    ) {
      self.text = text
      self.advice = advice
      self.unless = unless
      self.message = message ?? "\(text) is not an operator here"
    }
  }

  /// Longest first where one begins another.
  private static let habits = [
    Habit("&&", "Write and."),
    Habit("||", "Write or."),
    Habit("<>", "Write !=."),
    Habit("!==", "Write !=."),
    Habit("===", "Write ==."),
    Habit("!", "Write not x.", unless: "!="),
    Habit("~", "Write not x.", unless: "~="),
    Habit("=>", "A function is written x -> x + 1; to compare, write >=."),
    Habit("=<", "To compare, write <=."),
    Habit(":=", "Write x = 1."),
    Habit("..", "A range is written 0:3.", unless: "..."),
    Habit("?", "A choice is written a if c else b."),
    Habit("/*", "Put one before every line of it.", message: "a comment starts with #"),
    Habit(
      "'", "Write \"text\". A transpose is A.T.", message: "a string needs double quotes"),
  ]

  private static let habitsByByte: [[Habit]] = {
    var table = [[Habit]](repeating: [], count: 256)
    for habit in habits {
      habit.text.withUTF8Buffer { if let first = $0.first { table[Int(first)].append(habit) } }
    }
    return table
  }()

  func refuseForeignHabits() throws(Diagnostic) {
    if matches("?"), source.text(of: Span(0, position)).allSatisfy(\.isWhitespace) {
      throw Diagnostic(
        "help is asked for at the prompt", source: source, span: Span(position, position + 1),
        details: ["Start mlrepl without a file, then write ?name."])
    }
    for habit in Self.habitsByByte[Int(bytes[position])] where matches(habit.text) {
      if let own = habit.unless, matches(own) { continue }
      throw Diagnostic(
        habit.message, source: source,
        span: Span(position, position + habit.text.utf8CodeUnitCount),
        details: [habit.advice])
    }
  }

  /// `0xff`, `0b101` and `3j` of other languages, of which the lexer reads a number and a name.
  func foreignNumber(_ number: String, _ name: String) -> String? {
    let radices: [Character: Int] = ["x": 16, "X": 16, "o": 8, "O": 8, "b": 2, "B": 2]
    if number == "0", let radix = name.first.flatMap({ radices[$0] }),
      let value = Int(name.dropFirst(), radix: radix), value < 1 << 53
    {
      return "Numbers are written with the base ten: \(value)."
    }
    return name == "j" || name == "im" ? "There are no complex numbers." : nil
  }

  /// Characters of mathematics and typography, with what is written for them.
  private static let spelledOut: [Character: String] = [
    "∧": "Write and.", "∨": "Write or.", "¬": "Write not x.", "∈": "Write in.",
    "∉": "Write not in.", "∞": "Write inf.", "√": "Write sqrt(x).", "∑": "Write sum(x).",
    "∏": "Write prod(x).", "‖": "Write norm(x).", "÷": "Write /.", "∘": "Write x -> f(g(x)).",
    "⊤": "A transpose is A.T.", "∇": "Write grad(f).", "–": "Write -.", "—": "Write -.",
    "“": "A string stands in straight quotes: \"text\".",
    "”": "A string stands in straight quotes: \"text\".",
    "„": "A string stands in straight quotes: \"text\".",
    "‘": "A string stands in straight quotes: \"text\".",
    "’": "A string stands in straight quotes: \"text\".",
    "`": "A string stands in straight quotes: \"text\".",
  ]

  private static let powers: [Character: String] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
    "⁹": "9", "⁻": "-1",
  ]

  func unknownCharacter(at start: Int) -> Diagnostic {
    let rest = String(decoding: bytes[start..<min(end, start + 16)], as: UTF8.self)
    let character = rest.first ?? " "
    let span = Span(start, start + max(1, String(character).utf8.count))
    func failure(_ message: String, _ advice: String) -> Diagnostic {
      Diagnostic(message, source: source, span: span, details: [advice])
    }
    if let power = Self.powers[character] {
      return failure("a power is not written as a superscript", "Write x^\(power).")
    }
    if character.isWhitespace || character.unicodeScalars.allSatisfy(Self.isInvisible) {
      return failure(
        "a character that cannot be seen stands here",
        character.isWhitespace ? "Write a plain space." : "Remove it.")
    }
    return failure(
      "this character has no meaning here",
      Self.spelledOut[character] ?? "Remove it, or put it in a string.")
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .format
  }
}
