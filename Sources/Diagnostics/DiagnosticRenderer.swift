import Typography

/// Draws a diagnostic: its message, the place, the line with a caret, then the advice.
public struct DiagnosticRenderer: Sendable {
  /// Whether lines may be drawn with characters beyond ASCII.
  public var unicode: Bool
  /// Whether the first line and the caret are coloured.
  public var color: Bool

  /// A renderer for a terminal or pipe with these abilities.
  public init(unicode: Bool = true, color: Bool = false) {
    self.unicode = unicode
    self.color = color
  }

  /// The whole message, lines joined by line breaks, without one at the end.
  public func render(_ diagnostic: Diagnostic) -> String {
    let head = "\(diagnostic.severity.rawValue): \(printable(diagnostic.message))"
    var lines = [paint(head, diagnostic.severity == .error ? "1;31" : "1;33")]
    if let source = diagnostic.source, let span = diagnostic.span {
      lines += excerpt(of: source, span)
    }
    lines += diagnostic.details.flatMap { Self.wrapped(printable($0)).map { "  " + $0 } }
    lines += calls(diagnostic.frames)
    return lines.joined(separator: "\n")
  }

  /// A place as it is written: `file.mlr:3:7`.
  public static func place(_ source: Source, _ span: Span) -> String {
    let position = source.position(at: span.start)
    return "\(source.name):\(position.line):\(position.column)"
  }

  private func excerpt(of source: Source, _ span: Span) -> [String] {
    let position = source.position(at: span.start)
    let (text, start) = Self.surroundings(of: span, in: source)
    let number = String(position.line)
    let margin = String(repeating: " ", count: number.count)
    let bar = unicode ? "│" : "|"
    let corner = unicode ? "┌" : "-"
    let remark = source.remark.map { ", " + $0 } ?? ""
    let place = "\(margin)\(corner) \(source.name):\(position.line):\(position.column)\(remark)"

    let before = source.text(of: Span(start, span.start))
    let inLine = min(span.end, start + text.utf8.count)
    let marked = source.text(of: Span(span.start, max(inLine, span.start)))
    let window = Window(text: text, column: before.count)
    let indent = String(repeating: " ", count: width(of: window.visible(before)) + window.lead)
    let room = max(1, 76 - indent.count)
    let carets = String(repeating: "^", count: min(room, max(1, width(of: marked))))
    return [
      place,
      "\(number)\(bar) \(excerpted(window.line))",
      "\(margin)\(bar) \(indent)\(paint(carets, "1;31"))",
    ]
  }

  /// The line of a span and where it starts; of a line of megabytes what is near.
  private static func surroundings(
    of span: Span, in source: Source
  ) -> (text: String, start: Int) {
    let line = source.bounds(ofLineAt: span.start)
    guard line.end - line.start > 4 * nearby else { return (source.text(of: line), line.start) }
    var start = max(line.start, span.start - nearby)
    // Not in the middle of a character.
    while start > line.start, start < line.end, source.bytes[start] & 0xc0 == 0x80 { start += 1 }
    return (source.text(of: Span(start, min(line.end, span.start + nearby))), start)
  }

  private static let nearby = 1000

  /// A sentence over as many lines of 78 cells as it takes, broken between words.
  private static func wrapped(_ text: String) -> [String] {
    guard text.cellWidth > 78 else { return [text] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty, line.cellWidth + 1 + word.cellWidth > 78 {
        lines.append(line)
        line = "  " + word
      } else {
        line += line.isEmpty ? String(word) : " " + word
      }
    }
    return lines + [line]
  }

  private func calls(_ frames: [Diagnostic.Frame]) -> [String] {
    guard !frames.isEmpty else { return [] }
    let shown = frames.count > 8 ? Array(frames.prefix(4)) + Array(frames.suffix(3)) : frames
    var lines = shown.map { "  in \($0.function), called at \($0.place)" }
    if frames.count > 8 { lines.insert("  … \(frames.count - 7) more calls …", at: 4) }
    return unicode ? lines : lines.map(ASCIIText.of)
  }

  /// More of a message than this is not read: the rest may be a name of megabytes.
  private static let longestText = 1000

  private func printable(_ text: String) -> String {
    let isLong = text.utf8.count > 4 * Self.longestText
    let shown = Self.escapingControls(isLong ? text.prefix(Self.longestText) + " …" : text)
    return unicode ? shown : ASCIIText.of(shown)
  }

  /// A line of the program as it can be shown, every character where it was.
  private func excerpted(_ line: String) -> String {
    let shown = Self.escapingControls(line)
    return unicode ? shown : ASCIIText.inPlace(shown)
  }

  private func paint(_ text: String, _ code: String) -> String {
    color ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }

  /// The text with control and direction-changing characters written as `\u{1b}`, tabs as `tab`.
  public static func escapingControls(_ text: String, tab: String = " ") -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      if scalar == "\t" {
        shown += tab
      } else if isControl(scalar) {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1f, 0x7f...0x9f, 0x200e...0x200f, 0x202a...0x202e, 0x2066...0x2069: true
    default: false
    }
  }

  private func width(of text: String) -> Int {
    text.reduce(0) { $0 + $1.cellWidth }
  }
}

/// The part of a very long line around one column.
private struct Window {
  let line: String
  let lead: Int
  private let dropped: Int

  init(text: String, column: Int) {
    let limit = 70
    guard text.count > limit else {
      line = text
      lead = 0
      dropped = 0
      return
    }
    dropped = max(0, column - limit / 2)
    let part = text.dropFirst(dropped).prefix(limit)
    lead = dropped > 0 ? 2 : 0
    line = (dropped > 0 ? "… " : "") + part + (dropped + limit < text.count ? " …" : "")
  }

  func visible(_ before: String) -> String { String(before.dropFirst(dropped)) }
}
