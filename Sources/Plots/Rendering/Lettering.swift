import Typography

/// Makes text fit: for the characters that may be used, and for the room there is.
struct Lettering: Sendable {
  let characters: RenderOptions.Characters
  private let ellipsis: String

  init(_ characters: RenderOptions.Characters) {
    self.characters = characters
    ellipsis = GlyphSet(characters).ellipsis
  }

  /// The text in one line, without control characters, and in ASCII where only that may be used.
  func clean(_ text: String) -> String {
    var result = ""
    for glyph in text {
      if glyph.isNewline || glyph == "\t" {
        result.append(" ")
      } else if characters == .ascii, !glyph.isASCII {
        result += Self.transliterations[glyph] ?? "?"
      } else {
        result.unicodeScalars.append(contentsOf: glyph.unicodeScalars.filter { !$0.isUnsafe })
      }
    }
    return result
  }

  /// The clean text, cut off to at most `width` cells.
  func fitted(_ text: String, to width: Int) -> String {
    let text = clean(text)
    guard text.cellWidth > width else { return text }
    guard width > ellipsis.count else { return text.prefixFilling(width) }
    return text.prefixFilling(width - ellipsis.count) + ellipsis
  }

  /// The clean text broken between words into lines of at most `width` cells.
  func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in clean(text).split(separator: " ") {
      if line.isEmpty {
        line = fitted(String(word), to: width)
      } else if line.cellWidth + 1 + word.cellWidth <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = fitted(String(word), to: width)
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// How a reader without Unicode writes what is common in mathematics and names.
  private static let transliterations: [Character: String] = [
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "Δ": "Delta", "Σ": "Sigma", "Ω": "Omega", "∇": "grad ", "∞": "inf",
    "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "×": "x", "·": ".", "−": "-", "–": "-",
    "—": "-", "…": "...", "→": "->", "←": "<-", "²": "^2", "³": "^3", "°": " deg",
    "‘": "'", "’": "'", "“": "\"", "”": "\"", "ä": "a", "ö": "o", "ü": "u", "ß": "ss",
    "á": "a", "à": "a", "â": "a", "é": "e", "è": "e", "ê": "e", "ë": "e", "í": "i", "ï": "i",
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "⁰": "^0", "¹": "^1", "½": "1/2", "√": "sqrt ",
    "ó": "o", "ô": "o", "ú": "u", "ñ": "n", "ç": "c", "å": "a", "ø": "o",
  ]
}

extension String {
  /// The longest beginning that fills at most `width` cells.
  fileprivate func prefixFilling(_ width: Int) -> String {
    var filled = 0
    return String(
      prefix { glyph in
        filled += glyph.cellWidth
        return filled <= width
      })
  }
}

extension Unicode.Scalar {
  /// Whether it would do something to the terminal: a control, or a change of writing direction.
  fileprivate var isUnsafe: Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}
