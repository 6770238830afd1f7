import Typography

extension Figure {
  /// Draws layers into the cells of a plot area.
  struct Painter {
    let area: CellArea
    let glyphs: GlyphSet
    private let lettering: Lettering
    let usesBraille: Bool

    init(
      _ area: CellArea, _ glyphs: GlyphSet, _ lettering: Lettering, _ options: RenderOptions
    ) {
      self.area = area
      self.glyphs = glyphs
      self.lettering = lettering
      usesBraille = options.characters == .braille
    }

    func painted(_ layers: [Layer]) -> TextDrawing {
      var drawing = TextDrawing(columns: area.columns, rows: area.rows)
      for layer in layers {
        switch layer {
        case .tiles(let tiles): paint(tiles, on: &drawing)
        case .bars(let bars, .up): for bar in bars { paint(up: bar, on: &drawing) }
        case .bars(let bars, .across): for bar in bars { paint(across: bar, on: &drawing) }
        case .lines(let lines): paint(lines, on: &drawing)
        case .arrows(let arrows): paint(arrows, on: &drawing)
        case .marks(let marks): paint(marks, on: &drawing)
        case .texts(let texts): paint(texts, on: &drawing)
        }
      }
      return drawing
    }

    private func paint(_ tiles: Tiles, on drawing: inout TextDrawing) {
      let tileRows = tiles.columns > 0 ? tiles.inks.count / tiles.columns : 0
      guard tileRows > 0 else { return }
      for row in 0..<area.rows {
        for column in 0..<area.columns {
          let tile =
            row * tileRows / area.rows * tiles.columns + column * tiles.columns / area.columns
          if let ink = tiles.inks[tile] { drawing[column, row] = Cell(glyphs.trace, ink) }
        }
      }
    }

    private func paint(_ marks: [Mark], on drawing: inout TextDrawing) {
      for mark in marks where mark.point.isDrawable {
        guard let cell = area.cell(mark.point) else { continue }
        let glyph =
          switch mark.symbol {
          case .shape(let number): glyphs.glyph(ofClass: number)
          case .letter(let letter): letter
          }
        let before = drawing[cell.column, cell.row]
        let isTaken = before.glyph.map(glyphs.shapes.contains) == true && before.glyph != glyph
        drawing[cell.column, cell.row] =
          isTaken && mark.ink != .strong
          ? Cell(glyphs.overlap, .strong) : Cell(glyph, mark.ink)
      }
    }

    private func paint(_ texts: [Text], on drawing: inout TextDrawing) {
      for text in texts {
        guard let cell = area.cell(text.point) else { continue }
        let clean = lettering.fitted(text.text, to: area.columns)
        let start =
          switch text.anchor {
          case .start: cell.column + 2
          case .middle: cell.column - clean.cellWidth / 2
          case .end: cell.column - clean.cellWidth - 1
          }
        let column = max(0, min(start, area.columns - clean.cellWidth))
        drawing.write(clean, text.ink, column: column, row: cell.row)
      }
    }
  }
}

// MARK: - Bars

extension Figure.Painter {
  private func paint(up bar: Figure.Bar, on drawing: inout TextDrawing) {
    let start = area.place(Point(bar.place.lower, bar.base))
    let end = area.place(Point(bar.place.upper, bar.tip))
    // A base between two rows would leave a sliver of the bar on its other side.
    let shift = start.y.rounded() - start.y
    let (top, bottom) = (min(start.y, end.y) + shift, max(start.y, end.y) + shift)
    for column in Self.cells(from: start.x, to: end.x, of: area.columns) {
      for row in Self.touched(from: top, to: bottom, of: area.rows) {
        let part = min(bottom, Double(row + 1)) - max(top, Double(row))
        // What does not reach down to the next cell hangs from the one above.
        let side = bottom >= Double(row + 1) ? GlyphSet.Side.bottom : .top
        fill(part, at: side, bar.ink, on: &drawing, column: column, row: row)
      }
    }
  }

  private func paint(across bar: Figure.Bar, on drawing: inout TextDrawing) {
    let start = area.place(Point(bar.base, bar.place.upper))
    let end = area.place(Point(bar.tip, bar.place.lower))
    let shift = start.x.rounded() - start.x
    let (left, right) = (min(start.x, end.x) + shift, max(start.x, end.x) + shift)
    for row in Self.cells(from: start.y, to: end.y, of: area.rows) {
      for column in Self.touched(from: left, to: right, of: area.columns) {
        let part = min(right, Double(column + 1)) - max(left, Double(column))
        let side = left <= Double(column) ? GlyphSet.Side.left : .right
        fill(part, at: side, bar.ink, on: &drawing, column: column, row: row)
      }
    }
  }

  /// Fills a part of a cell; of bars that share a cell the one that fills more of it is seen.
  private func fill(
    _ part: Double, at side: GlyphSet.Side, _ ink: Ink, on drawing: inout TextDrawing,
    column: Int, row: Int
  ) {
    guard let glyph = glyphs.part(part, at: side) else { return }
    let steps = glyphs.parts[side] ?? []
    func rank(_ glyph: Character?) -> Int { glyph.flatMap { steps.firstIndex(of: $0) } ?? -1 }
    guard rank(glyph) > rank(drawing[column, row].glyph) else { return }
    drawing[column, row] = Cell(glyph, ink)
  }

  /// The cells of which the middle lies in a stretch, and at least the one that holds its middle.
  private static func cells(from start: Double, to end: Double, of count: Int) -> Range<Int> {
    let first = bounded((start - 0.5).rounded(.up), 0, count)
    let last = bounded((end - 0.5).rounded(.up), 0, count)
    if first < last { return first..<last }
    let only = bounded(((start + end) / 2).rounded(.down), 0, count - 1)
    return only..<only + 1
  }

  private static func touched(from start: Double, to end: Double, of count: Int) -> Range<Int> {
    let first = bounded(start.rounded(.down), 0, count)
    return first..<max(first, bounded(end.rounded(.up), 0, count))
  }

  private static func bounded(_ value: Double, _ least: Int, _ most: Int) -> Int {
    value > Double(least) ? Int(min(value, Double(max(least, most)))) : least
  }
}
