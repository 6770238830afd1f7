extension StringProtocol {
  /// The words in lines of at most `width` columns; a longer word has a line of its own.
  ///
  /// `first` begins the first line, `rest` all others.
  package func wrapped(to width: Int, first: String = "", rest: String = "") -> [String] {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in split(separator: " ") {
      if !isEmpty, line.visibleWidth + 1 + word.visibleWidth > width {
        lines.append(line)
        (line, isEmpty) = (rest, true)
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return isEmpty ? lines : lines + [line]
  }
}
