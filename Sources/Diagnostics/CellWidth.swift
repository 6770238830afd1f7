/// How many terminal cells a character takes.
public enum CellWidth {
  /// 0 for a lone combining mark, 2 for wide East Asian characters and emoji, else 1.
  public static func of(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    let value = first.value
    if value < 0x300 { return 1 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    let wide =
      (0x1100...0x115f).contains(value) || (0x2e80...0xa4cf).contains(value)
      || (0xac00...0xd7a3).contains(value) || (0xf900...0xfaff).contains(value)
      || (0xfe30...0xfe6f).contains(value) || (0xff00...0xff60).contains(value)
      || (0x1f300...0x1faff).contains(value) || (0x20000...0x3fffd).contains(value)
    return wide ? 2 : 1
  }

  /// The cells a text takes.
  public static func of(_ text: String) -> Int { text.reduce(0) { $0 + of($1) } }
}
