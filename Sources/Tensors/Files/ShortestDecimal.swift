extension Double {
  /// The shortest decimal that reads back to the same bits; whole numbers up to 2⁵³ in full.
  ///
  /// `3`, `0.1`, `1e300`, `-0.0`, and `nan`, `inf`, `-inf` for what is no number.
  package var shortestDecimal: String {
    guard isFinite else { return isNaN ? "nan" : self < 0 ? "-inf" : "inf" }
    // Swift writes 3.0, 1e-07 and 1e+300.
    let text = description
    guard let mark = text.firstIndex(of: "e"),
      let exponent = Int(text[text.index(after: mark)...])
    else { return text.hasSuffix(".0") && text != "-0.0" ? String(text.dropLast(2)) : text }
    let digits = text[..<mark]
    return "\(digits.hasSuffix(".0") ? digits.dropLast(2) : digits)e\(exponent)"
  }
}
