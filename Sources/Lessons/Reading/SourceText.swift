/// The text of a file as numbered lines, whatever ended them there, without a byte order mark.
struct SourceText: Sendable, Equatable {
  /// The lines; line 1 is `lines[0]`.
  let lines: [String]

  /// Splits at LF, CRLF and CR alike.
  init(_ text: String) {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var isAfterReturn = false
    let scalars = text.unicodeScalars
    for scalar in scalars.first == "\u{FEFF}" ? scalars.dropFirst() : scalars[...] {
      switch scalar {
      case "\n" where isAfterReturn: isAfterReturn = false
      case "\n", "\r":
        lines.append(String(line))
        line = String.UnicodeScalarView()
        isAfterReturn = scalar == "\r"
      default:
        line.append(scalar)
        isAfterReturn = false
      }
    }
    if !line.isEmpty { lines.append(String(line)) }
    self.lines = lines
  }

  /// Lines that were split already.
  init(lines: [String]) { self.lines = lines }

  /// The lines in the range of line numbers, joined, without blank lines around them.
  func text(_ range: Range<Int>) -> String {
    let numbers = range.clamped(to: 1..<lines.count + 1)
    var slice = lines[(numbers.lowerBound - 1)..<(numbers.upperBound - 1)]
    while let first = slice.first, first.isBlank { slice.removeFirst() }
    while let last = slice.last, last.isBlank { slice.removeLast() }
    return slice.joined(separator: "\n")
  }
}

extension StringProtocol {
  /// Whether there is nothing to see.
  var isBlank: Bool { allSatisfy(\.isWhitespace) }

  /// The text without blanks and line ends around it.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
