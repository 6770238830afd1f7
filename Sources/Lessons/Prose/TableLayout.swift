/// Sets a table: columns as wide as their texts, wrapped where the terminal is narrower, and one
/// cell below the other where even that would not fit.
struct TableLayout {
  /// Words up to this width are not broken to fit more columns beside each other.
  private static let longestWholeWord = 16

  var renderer: ProseRenderer
  var width: Int

  /// The lines of the table.
  func lines(_ table: MarkdownTable) -> [StyledLine] {
    let count = table.header.count
    let available = width - 3 * (count - 1)
    let columns = (0..<count).map { column in
      let cells = ([table.header] + table.rows).map { $0[column] }
      let lines = cells.flatMap { renderer.paragraph($0, width: .max) }
      return Column(
        natural: max(1, lines.map(\.width).max() ?? 1),
        least: min(Self.longestWholeWord, max(1, lines.map(\.widestWord).max() ?? 1)))
    }
    guard let widths = fitted(columns, into: available) else { return records(table) }
    let header = row(table.header, widths, table.alignments, ProseStyle(isBold: true))
    var lines = header + [rule(widths)]
    for cells in table.rows { lines += row(cells, widths, table.alignments) }
    return lines
  }

  private var isAscii: Bool { renderer.notation == .ascii }

  private struct Column {
    /// The width at which nothing is wrapped.
    var natural: Int
    /// The width below which words would be broken.
    var least: Int
  }

  /// The widths, the widest columns cut so that all fit; nil where words would have to be broken.
  private func fitted(_ columns: [Column], into available: Int) -> [Int]? {
    func widths(under cap: Int) -> [Int] { columns.map { max($0.least, min($0.natural, cap)) } }
    var cap = columns.map(\.natural).max() ?? 1
    while cap > 1, widths(under: cap).reduce(0, +) > available { cap -= 1 }
    var result = widths(under: cap)
    var rest = available - result.reduce(0, +)
    guard rest >= 0 else { return nil }
    for index in result.indices where rest > 0 && result[index] < columns[index].natural {
      result[index] += 1
      rest -= 1
    }
    return result
  }

  private func row(
    _ cells: [[MarkdownInline]], _ widths: [Int], _ alignments: [MarkdownTable.Alignment],
    _ style: ProseStyle = ProseStyle()
  ) -> [StyledLine] {
    let columns = zip(cells, widths).map { renderer.paragraph($0, width: $1, style) }
    let height = max(1, columns.map(\.count).max() ?? 1)
    return (0..<height).map { height in
      var line = StyledLine()
      for (index, column) in columns.enumerated() {
        if index > 0 { line.append(isAscii ? " | " : " │ ", ProseStyle(isDim: true)) }
        let part = height < column.count ? column[height] : StyledLine()
        line.append(part.padded(to: widths[index], alignments[index]))
      }
      return line
    }
  }

  private func rule(_ widths: [Int]) -> StyledLine {
    let parts = widths.map { String(repeating: isAscii ? "-" : "─", count: $0) }
    return StyledLine(
      parts.joined(separator: isAscii ? "-+-" : "─┼─"), ProseStyle(isDim: true), breaks: false)
  }

  /// Every row as lines of its own, each cell after its column's name.
  private func records(_ table: MarkdownTable) -> [StyledLine] {
    var lines: [StyledLine] = []
    for cells in table.rows {
      if !lines.isEmpty { lines.append(StyledLine()) }
      for (name, cell) in zip(table.header, cells) {
        let label: [MarkdownInline] =
          name.isEmpty || cell.isEmpty ? [] : [.strong(name), .text(": ")]
        lines += renderer.paragraph(label + cell, width: width)
      }
    }
    return lines
  }
}
