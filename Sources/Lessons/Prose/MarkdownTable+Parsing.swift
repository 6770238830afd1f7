extension MarkdownTable {
  /// The pipe table a paragraph is, or nil where it is none.
  ///
  /// The installed cmark-gfm parses tables only with its extensions library, which systems do not
  /// ship headers for; a paragraph's inlines tell a table just as well. A `|` in code or in a
  /// formula is no border, and neither is `\|`.
  init?(paragraph inlines: [MarkdownInline]) {
    let lines = inlines.split(separator: .softBreak, omittingEmptySubsequences: false)
      .map { Self.cells(of: Array($0)) }
    guard lines.count >= 2, let alignments = Self.alignments(lines[1]) else { return nil }
    guard lines[0].count == alignments.count, lines.allSatisfy({ !$0.isEmpty }) else { return nil }
    self.header = lines[0]
    self.alignments = alignments
    // As on a Git host: cells that are missing are empty, those too many are dropped.
    self.rows = lines.dropFirst(2).map { row in
      (0..<alignments.count).map { $0 < row.count ? row[$0] : [] }
    }
  }

  /// The cells of one line; none if it has no `|`.
  private static func cells(of line: [MarkdownInline]) -> [[MarkdownInline]] {
    var cells: [[MarkdownInline]] = [[]]
    for inline in line {
      guard case .text(let text) = inline else {
        cells[cells.count - 1].append(inline)
        continue
      }
      for (index, part) in text.split(separator: "|", omittingEmptySubsequences: false).enumerated()
      {
        if index > 0 { cells.append([]) }
        if !part.isEmpty { cells[cells.count - 1].append(.text(String(part))) }
      }
    }
    guard cells.count > 1 else { return [] }
    cells = cells.map(trimmed)
    if cells.first?.isEmpty == true { cells.removeFirst() }
    if cells.last?.isEmpty == true, cells.count > 1 { cells.removeLast() }
    return cells
  }

  private static func trimmed(_ cell: [MarkdownInline]) -> [MarkdownInline] {
    var cell = cell
    if case .text(let text)? = cell.first {
      cell[0] = .text(String(text.drop(while: \.isWhitespace)))
    }
    if case .text(let text)? = cell.last {
      cell[cell.count - 1] = .text(text.withoutTrailingBlanks)
    }
    return cell.filter { $0 != .text("") }.withBars.map { inline in
      guard case .code(let text) = inline else { return inline }
      return .code(text.replacing(#"\|"#, with: "|"))
    }
  }

  private static func alignments(_ cells: [[MarkdownInline]]) -> [Alignment]? {
    var alignments: [Alignment] = []
    for cell in cells {
      guard cell.count == 1, case .text(let text) = cell[0],
        text.drop(while: { $0 == ":" }).contains("-"),
        text.filter({ $0 != "-" }).allSatisfy({ $0 == ":" })
      else { return nil }
      switch (text.first == ":", text.last == ":") {
      case (true, true): alignments.append(.centre)
      case (false, true): alignments.append(.right)
      case (_, false): alignments.append(.left)
      }
    }
    return alignments.isEmpty ? nil : alignments
  }
}
