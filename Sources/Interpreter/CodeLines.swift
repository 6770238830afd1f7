import Typography

/// Code laid out in a narrow column so that it still reads as the same program.
enum CodeLines {
  /// The lines of some code, none wider than `width` where it can be broken.
  ///
  /// A line that is too wide is split at its semicolons first, then inside brackets and after
  /// operators, where a line break means nothing.
  static func fitting(_ code: String, width: Int) -> [String] {
    code.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
      let line = String(line)
      guard line.cellWidth > width else { return [line] }
      return statements(line).flatMap { broken($0, width: width) }
    }
  }

  /// What stands between characters of a line, as far as breaking it is concerned.
  private struct Walk {
    private var open: [Character] = []
    private var isInString = false
    private var isEscaped = false
    private var isInComment = false
    private var last: Character = " "

    /// Whether the line may be broken at the blank that comes next.
    var isBreakable: Bool {
      guard isOutsideText else { return false }
      if let bracket = open.last { return bracket != "{" }
      return ",=+-*/%@^<>≤≥≠≈·×−".contains(last)
    }

    /// Whether what comes next stands in no string and no comment.
    var isOutsideText: Bool { !isInString && !isInComment }
    /// Whether a semicolon that comes next ends a statement.
    var isOutside: Bool { open.isEmpty && isOutsideText }

    mutating func pass(_ character: Character) {
      guard !isInComment else { return }
      if isInString {
        isInString = isEscaped || character != "\""
        isEscaped = !isEscaped && character == "\\"
      } else {
        switch character {
        case "\"": isInString = true
        case "#": isInComment = true
        case "(", "[", "{": open.append(character)
        case ")", "]", "}": _ = open.popLast()
        default: break
        }
      }
      if character != " " { last = character }
    }
  }

  private static func statements(_ line: String) -> [String] {
    var statements: [String] = []
    var current = ""
    var walk = Walk()
    for character in line {
      if character == ";", walk.isOutside {
        statements.append(current)
        current = ""
      } else if !current.isEmpty || character != " " || statements.isEmpty {
        current.append(character)
      }
      walk.pass(character)
    }
    return statements + (current.isEmpty ? [] : [current])
  }

  private static func broken(_ statement: String, width: Int) -> [String] {
    let indentation = String(statement.prefix { $0 == " " })
    var lines: [String] = []
    var line = ""
    var word = ""
    func flush() {
      if !line.isEmpty, (line + word).cellWidth > width {
        lines.append(String(line.reversed().drop { $0 == " " }.reversed()))
        line = indentation + "  " + String(word.drop { $0 == " " })
      } else {
        line += word
      }
      word = ""
    }
    var walk = Walk()
    for character in statement {
      let startsComment = character == "#" && walk.isOutsideText
      if startsComment || (character == " " && walk.isBreakable) { flush() }
      word.append(character)
      walk.pass(character)
    }
    flush()
    return lines + [line]
  }
}
