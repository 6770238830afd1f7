import Typography

extension Curve {
  /// The plot area of a curve chart: the levels, then the lines, then the marks that tell them apart.
  struct Picture: Sendable {
    let curve: Curve
    let survey: Survey
    let columns: Int
    let rows: Int
    let glyphs: GlyphSet
    let lettering: Lettering
    let usesBraille: Bool

    /// What stands in a legend for a lone line of braille dots.
    static let brailleSample: Character = "⠒"
    /// The columns between the marks of a line.
    private static let markSpacing = 12

    func drawing() -> TextDrawing {
      var area = TextDrawing(columns: columns, rows: rows)
      drawLevels(on: &area)
      if usesBraille {
        drawBrailleLines(on: &area)
      } else {
        drawGlyphLines(on: &area)
      }
      if survey.isEmpty {
        let sentence = lettering.fitted("no values to draw", to: columns)
        area.write(sentence, column: (columns - sentence.cellWidth) / 2, row: rows / 2)
      }
      return area
    }

    private func drawLevels(on area: inout TextDrawing) {
      for level in curve.levels {
        guard let height = survey.height(level.value), survey.y.contains(height) else { continue }
        let row = survey.row(height, of: rows)
        for column in 0..<columns {
          area[column, row] = Cell(glyphs.dashes[column % glyphs.dashes.count], .faint)
        }
      }
    }

    /// Lines of dots; of several lines each has its glyph every few columns, taking turns.
    private func drawBrailleLines(on area: inout TextDrawing) {
      var canvas = BrailleCanvas(columns: columns, rows: rows)
      for index in curve.series.indices { drawLine(index, on: &canvas) }
      canvas.paint(onto: &area)
      guard curve.series.count > 1 else { return }
      for index in curve.series.indices {
        var next = index * Self.markSpacing / curve.series.count
        for (column, row) in sampledRows(index).enumerated() {
          guard let row, column >= next else { continue }
          area[column, row] = Cell(glyphs.glyph(ofClass: index), .series(index))
          next = column + Self.markSpacing
        }
      }
    }

    /// A glyph at each value, and small dots that join them.
    private func drawGlyphLines(on area: inout TextDrawing) {
      var canvas = GlyphCanvas(columns: columns, rows: rows, glyph: glyphs.joint)
      for index in curve.series.indices {
        canvas.glyph = glyphs.joint
        drawLine(index, on: &canvas)
        canvas.glyph = curve.series.count > 1 ? glyphs.glyph(ofClass: index) : glyphs.curve
        for point in points(index) {
          guard let point else { continue }
          canvas.dot(at: point, ink: .series(index))
        }
      }
      canvas.paint(onto: &area)
    }

    /// Joins the values of a series; one between two gaps becomes a dot.
    private func drawLine(_ index: Int, on canvas: inout some DotCanvas) {
      let scale = (
        x: Double(canvas.dotColumns / max(1, columns)), y: Double(canvas.dotRows / max(1, rows))
      )
      var previous: Point?
      // Dots already set in the column that the line is in: noise must not be drawn over and over.
      var covered = (column: Int.min, top: Double.infinity, bottom: -Double.infinity)
      for point in points(index) {
        guard let point else {
          previous = nil
          continue
        }
        let end = Point(point.x * scale.x, point.y * scale.y)
        let start = previous ?? end
        previous = end
        let isVertical = start.x.rounded(.down) == end.x.rounded(.down)
        let column = Int(min(max(end.x, -1), Double(canvas.dotColumns) + 1).rounded(.down))
        if isVertical, covered.column == column, covered.top <= min(start.y, end.y),
          covered.bottom >= max(start.y, end.y)
        {
          continue
        }
        canvas.line(from: start, to: end, ink: .series(index))
        if !isVertical || covered.column != column {
          covered = (column, end.y, end.y)
        } else {
          covered.top = min(covered.top, start.y, end.y)
          covered.bottom = max(covered.bottom, start.y, end.y)
        }
      }
    }

    /// The places of the values in cells from the upper left corner; nil where there is a gap.
    private func points(_ index: Int) -> some Sequence<Point?> {
      let line = curve.series[index]
      return line.y.indices.lazy.map { sample -> Point? in
        let point = line.point(sample)
        guard point.x.isDrawable, let height = survey.height(point.y) else { return nil }
        return Point(
          (point.x - survey.x.lower) / survey.x.span * Double(columns),
          (survey.y.upper - height) / survey.y.span * Double(rows))
      }
    }

    /// The row in which a series was last sampled, for each column that has a sample.
    private func sampledRows(_ index: Int) -> [Int?] {
      var sampled = [Int?](repeating: nil, count: columns)
      for point in points(index) {
        guard let point, point.x >= 0, point.x <= Double(columns), point.y >= 0,
          point.y <= Double(rows)
        else { continue }
        sampled[min(Int(point.x), columns - 1)] = min(Int(point.y), rows - 1)
      }
      return sampled
    }
  }
}
