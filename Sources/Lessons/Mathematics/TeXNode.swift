/// A part of a formula: what the parser makes of TeX and the writer makes text of.
indirect enum TeXNode: Equatable {
  /// A letter, digit, sign or named symbol.
  case symbol(MathSymbol)
  /// Blanks that were asked for, as by `\quad`.
  case blank(Int)
  /// Words, as in `\text{if}`.
  case text(String)
  /// What stood in braces.
  case group([TeXNode])
  case fraction(over: [TeXNode], under: [TeXNode])
  case root(index: [TeXNode], of: [TeXNode])
  case script(base: [TeXNode], lower: [TeXNode], upper: [TeXNode])
  case accent(MathAccent, over: [TeXNode])
  /// A relation or operator with something written above it, as in `\overset{c}{=}`.
  case marked(base: [TeXNode], above: [TeXNode])
  /// A part of a formula with a remark below or above it.
  case braced([TeXNode], remark: [TeXNode])
  /// Rows of cells: an alignment, a matrix, a case distinction.
  case grid(MathGrid)
  /// `\\` outside of any grid.
  case lineBreak
}

/// The rows of a TeX environment.
struct MathGrid: Equatable {
  /// What stands around the rows.
  enum Frame: Equatable {
    case none, brace, brackets, parentheses, bars
  }

  var frame: Frame
  /// Whether cells alternate between right- and left-aligned, as around `&=`.
  var alignsRelations: Bool
  var rows: [[[TeXNode]]]
}

/// A mark over a letter.
struct MathAccent: Equatable {
  /// How it is read, `bar` or `hat`: written so over what has no single letter.
  var name: String
  /// The combining character that draws it.
  var mark: Character

  /// The accents, by command.
  static let all: [String: MathAccent] = [
    "bar": MathAccent(name: "bar", mark: "\u{304}"),
    "overline": MathAccent(name: "bar", mark: "\u{305}"),
    "hat": MathAccent(name: "hat", mark: "\u{302}"),
    "widehat": MathAccent(name: "hat", mark: "\u{302}"),
    "tilde": MathAccent(name: "tilde", mark: "\u{303}"),
    "widetilde": MathAccent(name: "tilde", mark: "\u{303}"),
    "dot": MathAccent(name: "dot", mark: "\u{307}"),
    "ddot": MathAccent(name: "ddot", mark: "\u{308}"),
    "check": MathAccent(name: "check", mark: "\u{30C}"),
    "breve": MathAccent(name: "breve", mark: "\u{306}"),
    "vec": MathAccent(name: "vec", mark: "\u{20D7}"),
    "underline": MathAccent(name: "under", mark: "\u{332}"),
  ]
}
