import Typography

/// One character cell of a drawing.
public struct Cell: Hashable, Sendable {
  /// The glyph; nil in the right half of a wide one.
  public var glyph: Character?
  /// What the glyph is drawn with.
  public var ink: Ink
  /// What the cell behind the glyph is filled with; nil leaves the terminal's own background.
  public var ground: Ink?

  /// A cell with a glyph.
  public init(_ glyph: Character?, _ ink: Ink = .plain, on ground: Ink? = nil) {
    self.glyph = glyph
    self.ink = ink
    self.ground = ground
  }

  /// Nothing to see.
  public static let blank = Cell(" ")

  /// Whether nothing is to be seen in it.
  public var isBlank: Bool { glyph == " " && ground == nil }
}

/// A rectangle of character cells: what a chart draws, before colours become escape sequences.
///
/// Whatever is written outside the rectangle is cut off, so no position can trap.
public struct TextDrawing: Sendable {
  /// How many cells a row has.
  public let columns: Int
  /// How many rows there are.
  public let rows: Int
  private var cells: [Cell]

  /// A blank drawing; negative sizes count as 0.
  public init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
    cells = Array(repeating: .blank, count: self.columns * self.rows)
  }

  /// Lines of text, one a row, as wide as the widest.
  init(lines: [String], ink: Ink = .plain) {
    self.init(columns: lines.map(\.cellWidth).max() ?? 0, rows: lines.count)
    for (row, line) in lines.enumerated() { write(line, ink, column: 0, row: row) }
  }

  /// The cell at a place; blank outside the drawing.
  public subscript(column: Int, row: Int) -> Cell {
    get { contains(column, row) ? cells[row * columns + column] : .blank }
    set {
      guard contains(column, row) else { return }
      splitWideGlyph(at: column, row)
      cells[row * columns + column] = newValue
    }
  }

  /// Writes text from a place to the right; a wide glyph that would be cut in half is left out.
  public mutating func write(_ text: String, _ ink: Ink = .plain, column: Int, row: Int) {
    var column = column
    for glyph in text {
      let width = glyph.cellWidth
      guard width > 0 else { continue }
      if contains(column, row), contains(column + width - 1, row) {
        self[column, row] = Cell(glyph, ink)
        if width == 2 {
          self[column + 1, row] = .blank
          cells[row * columns + column] = Cell(glyph, ink)
          cells[row * columns + column + 1] = Cell(nil, ink)
        }
      }
      column += width
    }
  }

  /// Copies another drawing onto this one, blanks included.
  public mutating func place(_ other: TextDrawing, column: Int, row: Int) {
    for y in 0..<other.rows {
      for x in 0..<other.columns where contains(column + x, row + y) {
        cells[(row + y) * columns + column + x] = other.cells[y * other.columns + x]
      }
    }
  }

  /// Drawings next to each other, tops aligned; those without columns take no gap either.
  static func sideBySide(_ drawings: [TextDrawing], gap: Int) -> TextDrawing {
    let parts = drawings.filter { $0.columns > 0 }
    var whole = TextDrawing(
      columns: parts.reduce(0) { $0 + $1.columns } + gap * (parts.count - 1),
      rows: parts.map(\.rows).max() ?? 0)
    var column = 0
    for part in parts {
      whole.place(part, column: column, row: 0)
      column += part.columns + gap
    }
    return whole
  }

  /// Drawings below each other, left edges aligned; those without rows take no gap either.
  static func stacked(_ drawings: [TextDrawing], gap: Int) -> TextDrawing {
    let parts = drawings.filter { $0.rows > 0 }
    var whole = TextDrawing(
      columns: parts.map(\.columns).max() ?? 0,
      rows: parts.reduce(0) { $0 + $1.rows } + gap * (parts.count - 1))
    var row = 0
    for part in parts {
      whole.place(part, column: 0, row: row)
      row += part.rows + gap
    }
    return whole
  }

  /// This drawing moved to the right.
  public func indented(by margin: Int) -> TextDrawing {
    var drawing = TextDrawing(columns: columns + margin, rows: rows)
    drawing.place(self, column: margin, row: 0)
    return drawing
  }

  /// The cells of a row up to the last that shows something, and none past `limit` columns.
  func trimmedRow(_ row: Int, limit: Int) -> ArraySlice<Cell> {
    let start = row * columns
    var end = start + min(columns, max(0, limit))
    // A wide glyph across the limit goes with the half that is cut off.
    if end < start + columns, cells[end].glyph == nil, end > start { end -= 1 }
    while end > start, cells[end - 1].isBlank { end -= 1 }
    return cells[start..<end]
  }

  private func contains(_ column: Int, _ row: Int) -> Bool {
    column >= 0 && column < columns && row >= 0 && row < rows
  }

  /// Blanks the other half of a wide glyph of which one half is about to be overwritten.
  private mutating func splitWideGlyph(at column: Int, _ row: Int) {
    let index = row * columns + column
    if cells[index].glyph == nil, column > 0 { cells[index - 1] = .blank }
    if column + 1 < columns, cells[index + 1].glyph == nil { cells[index + 1] = .blank }
  }
}
