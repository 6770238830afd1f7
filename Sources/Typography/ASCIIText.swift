/// Text for terminals that show nothing beyond ASCII.
package enum ASCIIText {
  private static let spellings: [Character: String] = [
    "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~=", "≐": "=c", "·": "*", "×": "x", "−": "-", "–": "-",
    "—": "-", "…": "...", "→": "->", "⋮": ":", "Δ": "D", "²": "^2", "π": "pi", "λ": "lambda",
    "θ": "theta", "α": "alpha", "β": "beta", "γ": "gamma", "σ": "sigma", "τ": "tau", "μ": "mu",
    "ε": "epsilon", "δ": "delta", "∞": "inf", "√": "sqrt", "∂": "d", "✓": "ok", "✗": "x",
    "“": "\"", "”": "\"", "’": "'", "‖": "||",
  ]

  /// The text with symbols spelt out, and `?` for what has no spelling.
  package static func of(_ text: String) -> String {
    guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
    return text.map { character in
      if character.isASCII { return String(character) }
      return spellings[character] ?? "?"
    }.joined()
  }

  /// The text with `?` for every cell of a character beyond ASCII, so that columns stay.
  package static func inPlace(_ text: String) -> String {
    text.map { $0.isASCII ? String($0) : String(repeating: "?", count: $0.cellWidth) }.joined()
  }
}
