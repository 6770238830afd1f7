/// One dot a cell, drawn with any glyph: for terminals and fonts without braille.
struct GlyphCanvas: DotCanvas {
  let dotColumns: Int
  let dotRows: Int
  /// The glyph that `set` draws with.
  var glyph: Character
  private var cells: [Cell]

  init(columns: Int, rows: Int, glyph: Character) {
    dotColumns = columns
    dotRows = rows
    self.glyph = glyph
    cells = Array(repeating: .blank, count: columns * rows)
  }

  mutating func set(column: Int, row: Int, ink: Ink) {
    cells[row * dotColumns + column] = Cell(glyph, ink)
  }

  func paint(onto drawing: inout TextDrawing) {
    for row in 0..<dotRows {
      for column in 0..<dotColumns where !cells[row * dotColumns + column].isBlank {
        drawing[column, row] = cells[row * dotColumns + column]
      }
    }
  }
}
