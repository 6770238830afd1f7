/// Text for terminals that show nothing but ASCII.
enum Ascii {
  /// The text with typographic characters and mathematical symbols spelled out; `?` for the rest.
  static func text(_ source: String) -> String {
    guard !source.utf8.allSatisfy({ $0 < 0x80 }) else { return source }
    return source.map { $0.isASCII ? String($0) : spelled($0) }.joined()
  }

  private static func spelled(_ character: Character) -> String {
    if let known = typographic[character] { return known }
    let symbol = MathSymbol.of(character)
    if symbol.ascii.utf8.allSatisfy({ $0 < 0x80 }) { return symbol.ascii }
    // A letter with a mark keeps the letter: é reads as e.
    if let base = character.decomposedBase { return String(base) }
    return "?"
  }

  private static let typographic: [Character: String] = [
    "“": "\"", "”": "\"", "„": "\"", "‘": "'", "’": "'", "–": "-", "—": "--", "…": "...",
    "\u{A0}": " ", "§": "sec. ", "•": "*", "½": "1/2", "¼": "1/4", "¾": "3/4", "²": "^2",
    "³": "^3", "¹": "^1", "⁻": "^-", "ᵢ": "_i", "ⱼ": "_j", "ₖ": "_k", "₀": "_0", "₁": "_1",
    "₂": "_2", "✓": "ok", "✗": "x", "★": "*", "√": "sqrt", "ß": "ss", "×": "x", "·": "*",
  ]
}

extension Character {
  /// The ASCII letter under the marks, if that is what the character is.
  fileprivate var decomposedBase: Character? {
    // Comparing with every letter is the standard library's only road to a decomposition.
    for letter in "aeioucnysz" {
      for base in [letter, Character(letter.uppercased())] {
        for mark in "\u{300}\u{301}\u{302}\u{303}\u{308}\u{327}\u{30A}\u{30C}".unicodeScalars {
          var scalars = String(base).unicodeScalars
          scalars.append(mark)
          if Character(String(scalars)) == self { return base }
        }
      }
    }
    return unicodeScalars.first.map(Character.init).flatMap { $0.isASCII ? $0 : nil }
  }
}
