/// Mathematics of the TeX kind, written so that a terminal can show it.
///
///     Mathematics.inline(#"\frac1n\sum_i \lVert z_i-\bar z\rVert^2"#)      1/n ∑ᵢ ‖zᵢ − z̄‖²
///
/// Any text gives a result: a command that is not known shows its name, an unclosed brace closes at
/// the end, and nesting deeper than a person can read becomes `…`. Control characters are dropped.
public enum Mathematics {
  /// The characters a formula may be written with.
  public enum Notation: Sendable, Equatable {
    /// Greek letters, operators and raised digits as Unicode has them.
    case unicode
    /// Nothing but ASCII: `sum_i`, `<=`, `lambda`.
    case ascii
  }

  /// A formula on one line, as `$…$` stands in a sentence.
  ///
  /// - Parameters:
  ///   - tex: what stands between the dollar signs.
  ///   - notation: the characters the terminal can show.
  /// - Returns: the line; empty for an empty formula.
  public static func inline(_ tex: String, in notation: Notation = .unicode) -> String {
    var parser = TeXParser(tex)
    return MathWriter(notation: notation).text(parser.formula())
  }

  /// A formula on lines of its own, as `$$…$$` asks for; rows of an alignment stay aligned.
  ///
  /// - Parameters:
  ///   - tex: what stands between the double dollar signs.
  ///   - notation: the characters the terminal can show.
  /// - Returns: the lines, not indented, without trailing blanks; none for an empty formula.
  public static func display(_ tex: String, in notation: Notation = .unicode) -> [String] {
    var parser = TeXParser(tex)
    return MathLayout(writer: MathWriter(notation: notation)).lines(parser.formula())
  }
}
