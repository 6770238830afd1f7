extension Character {
  /// How many terminal cells the character takes: 0, 1 or 2.
  ///
  /// Combining marks take none, East Asian wide characters and emoji two. The ranges are those
  /// terminals agree on; characters of ambiguous width count as narrow, as outside East Asia.
  package var cellWidth: Int {
    var width = 0
    for scalar in unicodeScalars {
      // U+FE0F asks for the coloured, wide form of the symbol before it.
      width = scalar.value == 0xFE0F ? 2 : max(width, scalar.cellWidth)
    }
    return width
  }
}

extension StringProtocol {
  /// How many terminal cells the text takes.
  package var cellWidth: Int {
    // Plain ASCII is nearly everything there is, and one byte is one cell.
    if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return utf8.count }
    return reduce(0) { $0 + $1.cellWidth }
  }

  /// How many terminal cells the text takes once the terminal has read its colours.
  package var visibleWidth: Int {
    guard contains("\u{1b}") else { return cellWidth }
    return String(self).replacing(#/\u{1b}\[[0-9;]*m/#, with: "").cellWidth
  }
}

extension Unicode.Scalar {
  fileprivate var cellWidth: Int {
    if value < 0x300 { return properties.generalCategory == .control || value == 0xAD ? 0 : 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator:
      return 0
    default: return isWide ? 2 : 1
    }
  }

  private var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0, 0x23F3,
      0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F, 0x2693, 0x26A1, 0x26AA...0x26AB,
      0x26BD...0x26BE, 0x26C4...0x26C5, 0x26CE, 0x26D4, 0x26EA, 0x26F2...0x26F3, 0x26F5, 0x26FA,
      0x26FD, 0x2705, 0x270A...0x270B, 0x2728, 0x274C, 0x274E, 0x2753...0x2755, 0x2757,
      0x2795...0x2797, 0x27B0, 0x27BF, 0x2B1B...0x2B1C, 0x2B50, 0x2B55:
      true
    case 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6:
      true
    case 0x16FE0...0x18AFF, 0x1B000...0x1B2FF, 0x1F004, 0x1F0CF, 0x1F18E, 0x1F191...0x1F19A,
      0x1F1E6...0x1F265, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F7E0...0x1F7EB,
      0x1F900...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
