import Typography

/// Shows Markdown as lines for a terminal: wrapped, with its mathematics in readable characters.
///
/// Control characters of the text never reach the result; the only escape sequences in it are the
/// renderer's own, and only with `.ansi`.
public struct ProseRenderer: Sendable {
  /// Whether emphasis is shown by the terminal's means.
  public enum Styling: Sendable, Equatable {
    /// Characters alone; inline code keeps its backticks, headings are underlined.
    case plain
    /// Bold, italic, dim, underlined and coloured text by ANSI sequences.
    case ansi
  }

  /// The widest a line may be, in cells: 20 to 200, whatever was asked for.
  public let width: Int
  /// How emphasis is shown.
  public let styling: Styling
  /// The characters the terminal can show; with `.ascii` the whole text is ASCII.
  public let notation: Mathematics.Notation

  /// A renderer for one terminal.
  public init(
    width: Int = 80, styling: Styling = .plain, notation: Mathematics.Notation = .unicode
  ) {
    self.width = min(max(width, 20), 200)
    self.styling = styling
    self.notation = notation
  }

  /// The lines of a piece of Markdown, each at most `width` cells wide.
  public func lines(_ markdown: Markdown) -> [String] {
    lines(of: markdown.blocks, width: width).map { $0.rendered(withStyles: styling == .ansi) }
  }

  /// The lines of Markdown source.
  public func lines(_ source: String) -> [String] { lines(Markdown(parsing: source)) }

  /// Markdown source on a single line of any width, as a title or a choice of a quiz wants it.
  public func line(_ source: String) -> String {
    var line = StyledLine()
    for block in Markdown(parsing: source).blocks {
      if !line.isEmpty { line.append(" ") }
      let parts =
        if case .heading(_, let inlines) = block {
          paragraph(inlines, width: .max)
        } else {
          lines(of: [block], width: .max)
        }
      for part in parts {
        if !line.isEmpty, line.text.last != " " { line.append(" ") }
        line.append(part)
      }
    }
    return line.rendered(withStyles: styling == .ansi)
  }

  private var isAscii: Bool { notation == .ascii }

  private func sign(_ unicode: String, _ ascii: String) -> String { isAscii ? ascii : unicode }

  private func shown(_ text: String) -> String { isAscii ? Ascii.text(text) : text }
}

// MARK: - Blocks

extension ProseRenderer {
  private func lines(of blocks: [MarkdownBlock], width: Int, isTight: Bool = false) -> [StyledLine]
  {
    var lines: [StyledLine] = []
    for block in blocks {
      let part = self.lines(of: block, width: width)
      if part.isEmpty { continue }
      if !lines.isEmpty, !isTight { lines.append(StyledLine()) }
      lines += part
    }
    return lines
  }

  private func lines(of block: MarkdownBlock, width: Int) -> [StyledLine] {
    switch block {
    case .paragraph(let inlines): return paragraph(inlines, width: width)
    case .heading(let level, let inlines): return heading(level, inlines, width: width)
    case .list(let start, let isTight, let items):
      return list(start, items, isTight: isTight, width: width)
    case .quote(let blocks):
      let bar = StyledLine(sign("│ ", "| "), ProseStyle(isDim: true))
      let (prefix, inner) = indentation(bar, bar, width: width)
      return prefixed(lines(of: blocks, width: inner), by: prefix)
    case .code(_, let text): return code(text, width: width)
    case .table(let table): return TableLayout(renderer: self, width: width).lines(table)
    case .mathematics(let tex): return display(tex, width: width)
    case .rule:
      let dash = sign("─", "-")
      return [StyledLine(String(repeating: dash, count: min(width, 40)), ProseStyle(isDim: true))]
    case .html(let text):
      return text.split(separator: "\n").flatMap {
        StyledLine(shown(String($0)), ProseStyle(isDim: true)).wrapped(to: width)
      }
    }
  }

  private func heading(_ level: Int, _ inlines: [MarkdownInline], width: Int) -> [StyledLine] {
    let lines = paragraph(inlines, width: width, ProseStyle(isBold: true))
    guard styling == .plain, level <= 2, let longest = lines.map(\.width).max() else {
      return lines
    }
    let stroke = level == 1 ? sign("═", "=") : sign("─", "-")
    return lines + [StyledLine(String(repeating: stroke, count: min(longest, width)))]
  }

  private func list(
    _ start: Int?, _ items: [[MarkdownBlock]], isTight: Bool, width: Int
  ) -> [StyledLine] {
    // The library bounds an ordered list's first number to nine digits.
    let numbers = start.map { $0..<($0 + items.count) }
    let room = numbers.map { "\($0.upperBound - 1). ".count } ?? 2
    var lines: [StyledLine] = []
    for (index, item) in items.enumerated() {
      let number = numbers.map { "\($0.lowerBound + index)." }
      let mark = StyledLine(number ?? sign("•", "-")).padded(to: room)
      let blank = StyledLine(String(repeating: " ", count: room))
      let (prefix, inner) = indentation(mark, blank, width: width)
      let content = self.lines(of: item, width: inner, isTight: isTight)
      if index > 0, !isTight { lines.append(StyledLine()) }
      lines += prefixed(content.isEmpty ? [StyledLine()] : content, by: prefix)
    }
    return lines
  }

  private func code(_ text: String, width: Int) -> [StyledLine] {
    let blank = StyledLine("    ")
    let (prefix, inner) = indentation(blank, blank, width: width)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { line -> [StyledLine] in
        let line = line.replacing("\t", with: "    ")
        return StyledLine(shown(String(line)), ProseStyle(isCode: true)).cut(to: inner)
      }
    return prefixed(lines, by: prefix)
  }

  private func display(_ tex: String, width: Int) -> [StyledLine] {
    let blank = StyledLine(width < 40 ? "  " : "    ")
    let (prefix, inner) = indentation(blank, blank, width: width)
    var lines: [StyledLine] = []
    for text in Mathematics.display(tex, in: notation) {
      let line = StyledLine(text)
      if line.width <= inner {
        lines.append(line)
        continue
      }
      // What does not fit goes on below, indented once more so that it reads as one formula.
      let parts = line.wrapped(to: max(inner - 4, 8))
      lines += parts.prefix(1)
      lines += prefixed(Array(parts.dropFirst()), by: (blank, blank))
    }
    return prefixed(lines, by: prefix)
  }

  private typealias Prefix = (first: StyledLine, rest: StyledLine)

  /// The prefix and the width left beside it; no prefix where too little would be left to read.
  private func indentation(
    _ first: StyledLine, _ rest: StyledLine, width: Int
  ) -> (Prefix, Int) {
    let inner = width - max(first.width, rest.width)
    if inner >= 12 { return ((first, rest), inner) }
    return ((StyledLine(), StyledLine()), width)
  }

  private func prefixed(_ lines: [StyledLine], by prefix: Prefix) -> [StyledLine] {
    lines.enumerated().map { index, line in
      var result = index == 0 ? prefix.first : prefix.rest
      result.append(line)
      return result
    }
  }
}

// MARK: - Inlines

extension ProseRenderer {
  /// What a paragraph falls into where its author asked for a new line.
  private enum Part {
    case line(StyledLine)
    case display(String)
  }

  /// The lines of a paragraph, or of a table's cell.
  func paragraph(
    _ inlines: [MarkdownInline], width: Int, _ style: ProseStyle = ProseStyle()
  ) -> [StyledLine] {
    var parts: [Part] = [.line(StyledLine())]
    flatten(inlines, style, width: width, onto: &parts)
    return parts.flatMap { part -> [StyledLine] in
      switch part {
      case .line(let line): return line.wrapped(to: width)
      case .display(let tex): return display(tex, width: width)
      }
    }
  }

  private func flatten(
    _ inlines: [MarkdownInline], _ style: ProseStyle, width: Int, onto parts: inout [Part]
  ) {
    for inline in inlines {
      switch inline {
      case .text(let text): add(collapsed(shown(text.printable)), style, to: &parts)
      case .softBreak:
        // After a formula on its own line there is nothing to keep apart.
        if case .line(let line)? = parts.last, line.isEmpty { continue }
        add(" ", style, to: &parts)
      case .lineBreak: parts.append(.line(StyledLine()))
      case .emphasis(let inner):
        var style = style
        style.isItalic = true
        flatten(inner, style, width: width, onto: &parts)
      case .strong(let inner):
        var style = style
        style.isBold = true
        flatten(inner, style, width: width, onto: &parts)
      case .code(let text):
        var style = style
        style.isCode = true
        let quote = styling == .plain ? "`" : ""
        add(quote + shown(text.printable) + quote, style, to: &parts)
      case .mathematics(let tex, isDisplay: true):
        parts.append(.display(tex))
        parts.append(.line(StyledLine()))
      case .mathematics(let tex, isDisplay: false):
        let formula = Mathematics.inline(tex, in: notation)
        // A short formula stays in one piece; one of half a line would leave gaps.
        add(formula, style, breaks: formula.cellWidth > width / 2, to: &parts)
      case .link(let destination, let inner):
        link(destination, inner, style, width: width, onto: &parts)
      case .image(let destination, let inner):
        add("[", style, to: &parts)
        flatten(inner, style, width: width, onto: &parts)
        add("]", style, to: &parts)
        add(" <" + shown(destination) + ">", ProseStyle(isDim: true), to: &parts)
      case .html(let text): add(shown(text), style, to: &parts)
      }
    }
  }

  private func link(
    _ destination: String, _ inner: [MarkdownInline], _ style: ProseStyle, width: Int,
    onto parts: inout [Part]
  ) {
    var underlined = style
    underlined.isUnderlined = true
    flatten(inner, underlined, width: width, onto: &parts)
    if inner != [.text(destination)], !destination.isEmpty, !destination.hasPrefix("#") {
      add(" <" + shown(destination) + ">", ProseStyle(isDim: true), to: &parts)
    }
  }

  private func add(
    _ text: String, _ style: ProseStyle, breaks: Bool = true, to parts: inout [Part]
  ) {
    guard case .line(var line)? = parts.popLast() else { return }
    line.append(text, style, breaks: breaks)
    parts.append(.line(line))
  }

  /// Several blanks are one in prose.
  private func collapsed(_ text: String) -> String {
    var result = ""
    for character in text where character != " " || result.last != " " { result.append(character) }
    return result
  }
}
