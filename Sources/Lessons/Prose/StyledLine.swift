import Typography

/// How a piece of prose stands out.
struct ProseStyle: Equatable {
  var isBold = false
  var isItalic = false
  var isDim = false
  var isUnderlined = false
  var isCode = false

  /// The parameters of the terminal's select-graphic-rendition sequence; empty for plain text.
  var parameters: String {
    var codes: [String] = []
    if isBold { codes.append("1") }
    if isDim { codes.append("2") }
    if isItalic { codes.append("3") }
    if isUnderlined { codes.append("4") }
    if isCode { codes.append("36") }
    return codes.joined(separator: ";")
  }
}

/// A line of text in which every character knows its style.
struct StyledLine: Equatable {
  /// A character, its style, and whether a line may end instead of it.
  struct Glyph: Equatable {
    var character: Character
    var style: ProseStyle
    var isBreak: Bool
    var width: Int
  }

  private(set) var glyphs: [Glyph] = []

  init() {}

  init(_ text: String, _ style: ProseStyle = ProseStyle(), breaks: Bool = true) {
    append(text, style, breaks: breaks)
  }

  private init(glyphs: [Glyph]) { self.glyphs = glyphs }

  var isEmpty: Bool { glyphs.isEmpty }
  var width: Int { glyphs.reduce(0) { $0 + $1.width } }

  /// The width of the widest part that no line may end in.
  var widestWord: Int {
    glyphs.split(whereSeparator: \.isBreak).map { $0.reduce(0) { $0 + $1.width } }.max() ?? 0
  }

  /// The characters without their styles.
  var text: String { String(glyphs.map(\.character)) }

  /// Adds text, of which nothing reaches the terminal but what can be seen.
  mutating func append(_ text: String, _ style: ProseStyle = ProseStyle(), breaks: Bool = true) {
    for character in text.printable {
      glyphs.append(
        Glyph(
          character: character, style: style, isBreak: breaks && character == " ",
          width: character.cellWidth))
    }
  }

  mutating func append(_ line: StyledLine) { glyphs += line.glyphs }

  /// The line with blanks up to a width, on the side the alignment leaves free.
  func padded(to width: Int, _ alignment: MarkdownTable.Alignment = .left) -> StyledLine {
    let room = max(0, width - self.width)
    let before =
      switch alignment {
      case .left: 0
      case .centre: room / 2
      case .right: room
      }
    var line = StyledLine(String(repeating: " ", count: before))
    line.append(self)
    line.append(String(repeating: " ", count: room - before))
    return line
  }

  /// The line broken at blanks so that no part is wider than asked; longer words are cut.
  ///
  /// - Parameter width: in cells, at least 2, so that every character fits.
  /// - Returns: the parts, without the blanks they were broken at.
  func wrapped(to width: Int) -> [StyledLine] {
    var lines: [StyledLine] = []
    var line: [Glyph] = []
    var lineWidth = 0
    var blanks: [Glyph] = []
    var index = 0
    func end() {
      lines.append(StyledLine(glyphs: line))
      (line, lineWidth, blanks) = ([], 0, [])
    }
    while index < glyphs.count {
      if glyphs[index].isBreak {
        blanks.append(glyphs[index])
        index += 1
        continue
      }
      var next = index
      var wordWidth = 0
      while next < glyphs.count, !glyphs[next].isBreak {
        wordWidth += glyphs[next].width
        next += 1
      }
      if !line.isEmpty, lineWidth + blanks.count + wordWidth > width { end() }
      if !line.isEmpty || lines.isEmpty, blanks.count + wordWidth <= width {
        line += blanks
        lineWidth += blanks.count
      }
      blanks = []
      for glyph in glyphs[index..<next] {
        if lineWidth + glyph.width > width { end() }
        line.append(glyph)
        lineWidth += glyph.width
      }
      index = next
    }
    if !line.isEmpty { end() }
    return lines
  }

  /// The line cut into parts of a width, blanks and all, as code wants it.
  func cut(to width: Int) -> [StyledLine] {
    var lines: [StyledLine] = []
    var line: [Glyph] = []
    var lineWidth = 0
    for glyph in glyphs {
      if lineWidth + glyph.width > width {
        lines.append(StyledLine(glyphs: line))
        (line, lineWidth) = ([], 0)
      }
      line.append(glyph)
      lineWidth += glyph.width
    }
    return lines + [StyledLine(glyphs: line)]
  }

  /// The line for a terminal, without trailing blanks.
  func rendered(withStyles: Bool) -> String {
    var glyphs = glyphs[...]
    while let last = glyphs.last, last.character == " ", !last.style.isUnderlined {
      glyphs.removeLast()
    }
    guard withStyles else { return String(glyphs.map(\.character)) }
    var result = ""
    var current = ""
    for glyph in glyphs {
      let parameters = glyph.style.parameters
      if parameters != current {
        if !current.isEmpty { result += "\u{1B}[0m" }
        if !parameters.isEmpty { result += "\u{1B}[" + parameters + "m" }
        current = parameters
      }
      result.append(glyph.character)
    }
    return current.isEmpty ? result : result + "\u{1B}[0m"
  }
}
