extension Figure.Painter {
  /// The cells between two tags of one line, and between tags of different lines.
  private static let tagSpacing = (same: 16.0, other: 4.0)

  /// Draws lines: as dots in braille, else by glyphs that tell the lines apart.
  func paint(_ lines: [Figure.Line], on drawing: inout TextDrawing) {
    let (across, free) = (lines.filter(isAcross), lines.filter { !isAcross($0) })
    for line in across { paint(across: line, on: &drawing) }
    if usesBraille {
      var canvas = BrailleCanvas(columns: area.columns, rows: area.rows)
      for line in free { paint(line, on: &canvas) { _, _ in } }
      canvas.paint(onto: &drawing)
      paintTags(free, on: &drawing)
    } else {
      var canvas = GlyphCanvas(columns: area.columns, rows: area.rows, glyph: glyphs.joint)
      for line in free {
        canvas.glyph = line.tag.first ?? (line.isDashed ? glyphs.dashes[0] : glyphs.joint)
        paint(line, on: &canvas) { canvas, direction in
          guard line.isStroked else { return }
          canvas.glyph = glyphs.arrowShafts[Scatter.Picture.heading(of: direction) % 4]
        }
      }
      canvas.paint(onto: &drawing)
    }
  }

  /// Draws the parts of a line, after a word with the canvas on the direction of each.
  private func paint<Canvas: DotCanvas>(
    _ line: Figure.Line, on canvas: inout Canvas, before: (inout Canvas, Point) -> Void
  ) {
    let scale = (
      x: Double(canvas.dotColumns / max(1, area.columns)),
      y: Double(canvas.dotRows / max(1, area.rows))
    )
    var previous: Point?
    for point in line.points {
      guard point.isDrawable else {
        previous = nil
        continue
      }
      let place = area.place(point)
      let end = Point(place.x * scale.x, place.y * scale.y)
      if let previous {
        // A cell is twice as tall as wide, and its rows count downward.
        before(&canvas, Point(end.x - previous.x, 2 * (previous.y - end.y)))
      }
      canvas.line(from: previous ?? end, to: end, ink: line.ink)
      previous = end
    }
  }

  /// Whether a line is a level: dashed, from side to side.
  private func isAcross(_ line: Figure.Line) -> Bool {
    line.isDashed && line.points.count == 2 && line.points[0].y == line.points[1].y
  }

  private func paint(across line: Figure.Line, on drawing: inout TextDrawing) {
    guard let start = area.cell(line.points[0]), let end = area.cell(line.points[1]) else { return }
    for column in min(start.column, end.column)...max(start.column, end.column) {
      drawing[column, start.row] = Cell(glyphs.dashes[column % glyphs.dashes.count], line.ink)
    }
  }

  /// Writes the tags of lines, as far apart as makes them readable.
  private func paintTags(_ lines: [Figure.Line], on drawing: inout TextDrawing) {
    var taken: [(tag: String, place: Point)] = []
    for line in lines where !line.tag.isEmpty {
      // From the middle on, so that a short line has its tag there.
      let start = line.points.count / 2
      for offset in line.points.indices {
        let point = line.points[(start + offset) % line.points.count]
        guard point.isDrawable, let cell = area.cell(point) else { continue }
        let place = Point(Double(cell.column), 2 * Double(cell.row))
        let isFree = taken.allSatisfy { other in
          let distance = Point(other.place.x - place.x, other.place.y - place.y).length
          let spacing = Self.tagSpacing
          return distance >= (other.tag == line.tag ? spacing.same : spacing.other)
        }
        guard isFree else { continue }
        taken.append((line.tag, place))
        drawing.write(line.tag, line.ink, column: cell.column, row: cell.row)
      }
    }
  }

  /// Draws each arrow as a head where it begins, heavy where it is long.
  func paint(_ arrows: [Figure.Arrow], on drawing: inout TextDrawing) {
    for arrow in arrows where arrow.from.isDrawable && arrow.to.isDrawable {
      guard let cell = area.cell(arrow.from) else { continue }
      let direction = Point(arrow.to.x - arrow.from.x, arrow.to.y - arrow.from.y)
      let glyph =
        direction.length > 0
        ? glyphs.head(Scatter.Picture.heading(of: direction), weight: arrow.weight) : glyphs.trace
      drawing[cell.column, cell.row] = Cell(glyph, arrow.ink)
    }
  }
}
