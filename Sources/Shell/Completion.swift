import Interpreter

/// Words that may continue what is typed.
public enum Completion {
  /// Names of the session, reserved words, commands behind a colon, and `\theta` for θ.
  ///
  /// - Parameters:
  ///   - line: what stands before the word.
  ///   - word: the word up to the cursor.
  ///   - names: what has a value.
  /// - Returns: whole words, each starting with `word` or standing for it.
  public static func words(line: String, word: String, names: [String]) -> [String] {
    if word.hasPrefix("\\") { return letter(String(word.dropFirst())) }
    if line.trimmed.isEmpty, word.hasPrefix(":") {
      return CommandCatalog.all.map { ":" + $0.name }.filter { $0.hasPrefix(word) }
    }
    if line.trimmed.isEmpty, word.hasPrefix("?") {
      let query = word.drop { $0 == "?" }
      let marks = word.prefix { $0 == "?" }
      return names.filter { $0.hasPrefix(query) }.map { marks + $0 }
    }
    if word.contains(".") { return [] }
    return (names + reserved).filter { $0.hasPrefix(word) && !word.isEmpty }.sorted()
  }

  private static let reserved = [
    "def", "if", "else", "for", "in", "while", "break", "continue", "return", "nonlocal", "and",
    "or", "not", "true", "false", "none", "check", "derive", "refute", "because",
  ]

  private static let letters: [(String, String)] = [
    ("alpha", "α"), ("beta", "β"), ("gamma", "γ"), ("delta", "δ"), ("epsilon", "ε"),
    ("theta", "θ"), ("lambda", "λ"), ("mu", "μ"), ("pi", "π"), ("rho", "ρ"), ("sigma", "σ"),
    ("tau", "τ"), ("phi", "φ"), ("psi", "ψ"), ("omega", "ω"), ("le", "≤"), ("ge", "≥"), ("ne", "≠"),
    ("approx", "≈"), ("doteq", "≐"), ("cdot", "·"),
  ]

  private static func letter(_ name: String) -> [String] {
    if let exact = letters.first(where: { $0.0 == name }) { return [exact.1] }
    return letters.filter { $0.0.hasPrefix(name) }.map { "\\" + $0.0 }
  }
}
