/// Whether a scalar could do something to a terminal other than being seen.
///
/// These are the control characters (line ends and tabs too: whoever lays out text has dealt with
/// them by then) and the marks that turn the direction of writing, which can make text read as
/// something it is not.
func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0: true
  case 0x200E, 0x200F, 0x061C: true
  case 0x2028...0x202E, 0x2066...0x2069: true
  case 0xFFF9...0xFFFB: true
  default: false
  }
}

extension String {
  /// The text on one line without anything a terminal would obey; line ends and tabs are blanks.
  var printable: String {
    guard unicodeScalars.contains(where: isUnprintable) else { return self }
    var scalars = UnicodeScalarView()
    var isAfterReturn = false
    for scalar in unicodeScalars {
      let isLineFeedOfPair = isAfterReturn && scalar == "\n"
      isAfterReturn = scalar == "\r"
      guard isUnprintable(scalar) else {
        scalars.append(scalar)
        continue
      }
      let isBlank = scalar == "\n" || scalar == "\t" || scalar == "\r"
      if isBlank && !isLineFeedOfPair { scalars.append(" ") }
    }
    return String(scalars)
  }

  /// The text without the blanks at its end.
  var withoutTrailingBlanks: String {
    var end = endIndex
    while end > startIndex, self[index(before: end)].isWhitespace { end = index(before: end) }
    return String(self[..<end])
  }
}
