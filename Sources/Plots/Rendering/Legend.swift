import Typography

/// What the glyphs of a plot mean.
struct Legend: Sendable {
  struct Entry: Sendable {
    /// The glyph, or a few.
    let sample: String
    let ink: Ink
    let name: String
    /// A count or a value; right-aligned where entries stand in a column.
    var figure: String = ""
    /// Whether it is a line that is dashed on paper.
    var isDashed = false
  }

  var entries: [Entry]
  let lettering: Lettering

  /// The widest that names may be.
  private static let nameWidth = 20

  /// How wide the legend is as a column.
  var width: Int { column(rows: entries.count).columns }

  /// One entry a row, in columns; those without room are counted in the last row.
  func column(rows: Int) -> TextDrawing {
    guard !entries.isEmpty, rows > 0 else { return TextDrawing(columns: 0, rows: 0) }
    let shown = entries.count <= rows ? entries : Array(entries.prefix(rows - 1))
    let names = shown.map { lettering.fitted($0.name, to: Self.nameWidth) }
    let sampleWidth = shown.map(\.sample.cellWidth).max() ?? 0
    let nameWidth = names.map(\.cellWidth).max() ?? 0
    let figureWidth = shown.map(\.figure.cellWidth).max() ?? 0
    let omitted = entries.count > shown.count ? "and \(entries.count - shown.count) more" : ""
    let nameStart = sampleWidth + 1
    let width = nameStart + nameWidth + (figureWidth > 0 ? 2 + figureWidth : 0)
    var drawing = TextDrawing(
      columns: max(width, omitted.count), rows: shown.count + (omitted.isEmpty ? 0 : 1))
    for (row, entry) in shown.enumerated() {
      drawing.write(entry.sample, entry.ink, column: 0, row: row)
      drawing.write(names[row], column: nameStart, row: row)
      drawing.write(entry.figure, column: width - entry.figure.cellWidth, row: row)
    }
    drawing.write(omitted, .faint, column: 0, row: shown.count)
    return drawing
  }

  /// Entries one after the other, in as many rows of `width` cells as they need, up to six.
  func flow(width: Int) -> TextDrawing {
    var drawing = TextDrawing(columns: width, rows: 6)
    var (column, row) = (0, 0)
    for (index, entry) in entries.enumerated() {
      let tail = entry.figure.isEmpty ? "" : " " + entry.figure
      let lead = entry.sample.cellWidth + 1
      let name = lettering.fitted(
        entry.name, to: min(Self.nameWidth, max(1, width - lead - tail.cellWidth)))
      let needed = lead + name.cellWidth + tail.cellWidth
      if column > 0, column + needed > width { (column, row) = (0, row + 1) }
      guard row < 5 || index == entries.count - 1 else {
        drawing.write("and \(entries.count - index) more", .faint, column: 0, row: row)
        break
      }
      drawing.write(entry.sample, entry.ink, column: column, row: row)
      drawing.write(name + tail, column: column + lead, row: row)
      column += needed + 3
    }
    var flow = TextDrawing(columns: width, rows: entries.isEmpty ? 0 : row + 1)
    flow.place(drawing, column: 0, row: 0)
    return flow
  }
}
