/// Reads which choices an answer means: by letter, by number, or by text.
struct ChoiceReader {
  private let texts: [String]
  /// A label that could be mistaken for the text of a choice is no label: with the choices
  /// `2`, `1`, `4`, the answer `2` is the first.
  private let hasLetters: Bool
  private let hasNumbers: Bool

  init(_ choices: [Choice]) {
    texts = choices.map { PlainAnswer.normalised($0.text) }
    hasLetters = !texts.contains { $0.count == 1 && $0.first?.isLetter == true }
    hasNumbers = !texts.contains { Double($0) != nil }
  }

  /// The letter of a choice: a, b, c; after z, its number.
  static func letter(_ index: Int) -> String {
    guard index < 26, let scalar = Unicode.Scalar(UInt32(0x61 + index)) else {
      return "\(index + 1)"
    }
    return String(Character(scalar))
  }

  /// The indices an answer means, each once; nil where a part of it means none.
  func indices(of answer: String) -> [Int]? {
    if let index = index(of: answer) { return [index] }
    var result: [Int] = []
    for part in answer.split(whereSeparator: { ",;&".contains($0) }) where !part.isBlank {
      guard let found = indices(ofPart: String(part)) else { return nil }
      result += found.filter { !result.contains($0) }
    }
    return result.isEmpty ? nil : result
  }

  private func indices(ofPart part: String) -> [Int]? {
    if let index = index(of: part) { return [index] }
    var result: [Int] = []
    for word in part.split(whereSeparator: \.isWhitespace) where word != "and" {
      guard let index = index(of: String(word)) else { return nil }
      if !result.contains(index) { result.append(index) }
    }
    return result.isEmpty ? nil : result
  }

  private func index(of answer: String) -> Int? {
    if let index = texts.firstIndex(of: PlainAnswer.normalised(answer)) { return index }
    let label = answer.lowercased().filter { !$0.isWhitespace && !"().[]".contains($0) }
    if hasNumbers, let number = Int(label) {
      return texts.indices.contains(number - 1) ? number - 1 : nil
    }
    guard hasLetters else { return nil }
    return texts.indices.prefix(26).first { Self.letter($0) == label }
  }
}

/// Texts compared as a reader compares them.
enum PlainAnswer {
  /// The text without what does not count: case, blanks, quotes around it, final punctuation.
  static func normalised(_ text: String) -> String {
    var text = text.lowercased().filter { !$0.isWhitespace }[...]
    while let last = text.last, text.count > 1, ".,;:!?".contains(last) { text.removeLast() }
    for quote in ["\"\"", "“”", "''", "``", "$$"] where text.count > 2 {
      if text.first == quote.first, text.last == quote.last {
        text = text.dropFirst().dropLast()
      }
    }
    while let last = text.last, text.count > 1, ".,;:!?".contains(last) { text.removeLast() }
    return String(text)
  }
}
