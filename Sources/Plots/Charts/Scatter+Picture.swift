import Glibc
import Typography

extension Scatter {
  /// The plot area of a scatter plot, drawn from the back to the front.
  struct Picture: Sendable {
    let scatter: Scatter
    let survey: Survey
    let occupancy: Occupancy
    let glyphs: GlyphSet
    let lettering: Lettering
    let usesBraille: Bool

    /// An arrow shorter than this part of the longest is not drawn: its direction is mostly noise.
    static let shortestArrow = 0.03

    /// The plot area, and how many point labels found no room.
    func drawing() -> (area: TextDrawing, labelsLeftOut: Int) {
      var area = TextDrawing(columns: grid.columns, rows: grid.rows)
      drawRegions(on: &area)
      let shafts = shafts()
      if usesBraille {
        drawBrailleLines(shafts, on: &area)
      } else {
        if scatter.unitCircle { drawCircle(on: &area) }
        drawGlyphLinks(on: &area)
        drawGlyphShafts(shafts, on: &area)
      }
      drawHeads(shafts, on: &area)
      drawPoints(on: &area)
      drawCenters(on: &area)
      let labelsLeftOut = drawPointLabels(on: &area)
      if survey.drawable == 0 {
        let sentence = lettering.fitted("no points to draw", to: grid.columns)
        area.write(
          sentence, column: (grid.columns - sentence.cellWidth) / 2, row: grid.rows / 2)
      }
      return (area, labelsLeftOut)
    }

    var grid: EqualAspectGrid { occupancy.grid }

    private func drawPoints(on area: inout TextDrawing) {
      for row in 0..<grid.rows {
        for column in 0..<grid.columns {
          let mark = occupancy.cells[row * grid.columns + column]
          if mark == Occupancy.mixed {
            area[column, row] = Cell(glyphs.overlap, .strong)
          } else if mark != Occupancy.empty {
            area[column, row] = Cell(glyphs.glyph(ofClass: Int(mark)), .series(Int(mark)))
          }
        }
      }
    }

    /// Letters at the centres; one whose cell has another letter goes to the right of it, or left.
    private func drawCenters(on area: inout TextDrawing) {
      var taken: [Int: Character] = [:]
      for (number, centers) in scatter.centers.enumerated() {
        for center in centers where center.isDrawable {
          guard let cell = grid.cell(center) else { continue }
          let letter = glyphs.letter(ofClass: number)
          let columns = [cell.column, cell.column + 1, cell.column - 1, cell.column + 2]
          let free = columns.first { column in
            (0..<grid.columns).contains(column)
              && (taken[cell.row * grid.columns + column] ?? letter) == letter
          }
          guard let column = free else { continue }
          taken[cell.row * grid.columns + column] = letter
          area[column, cell.row] = Cell(letter, .strong)
        }
      }
    }

    /// Writes each text right of its point, or left, above or below: wherever it covers nothing.
    private func drawPointLabels(on area: inout TextDrawing) -> Int {
      guard let texts = scatter.pointLabels else { return 0 }
      var leftOut = 0
      for (point, text) in zip(scatter.points, texts) where point.isDrawable && !text.isEmpty {
        guard let cell = grid.cell(point) else { continue }
        let text = lettering.clean(text)
        let width = text.cellWidth
        let places = [
          (cell.column + 1, cell.row), (cell.column - width, cell.row),
          (cell.column - width / 2, cell.row - 1), (cell.column - width / 2, cell.row + 1),
        ]
        let free = places.first { column, row in
          column >= 0 && column + width <= grid.columns && row >= 0 && row < grid.rows
            && (column..<column + width).allSatisfy { isFree(area[$0, row]) }
        }
        if let (column, row) = free {
          area.write(text, column: column, row: row)
        } else {
          leftOut += 1
        }
      }
      return leftOut
    }

    /// Whether a text may cover the cell: nothing is there, or only the unit circle.
    private func isFree(_ cell: Cell) -> Bool { cell.isBlank || cell.ink == .faint }
  }
}

// MARK: Lines

extension Scatter.Picture {
  /// An arrow from its point to its tip, in cells from the upper left corner.
  fileprivate struct Shaft {
    let from: Point
    let to: Point
    /// The eighth of the full turn in which it points.
    let heading: Int
    let ink: Ink
  }

  /// The arrows worth drawing.
  private func shafts() -> [Shaft] {
    guard let arrows = scatter.arrows else { return [] }
    let scale = scatter.arrowScale(survey)
    let shortest = Self.shortestArrow * survey.longestArrow
    return scatter.points.indices.compactMap { index in
      let (point, arrow) = (scatter.points[index], arrows[index])
      guard point.isDrawable, arrow.isDrawable, arrow.length > shortest else { return nil }
      let tip = Point(point.x + arrow.x * scale, point.y + arrow.y * scale)
      guard grid.cell(point) != nil || grid.cell(tip) != nil else { return nil }
      return Shaft(
        from: grid.place(point), to: grid.place(tip), heading: Self.heading(of: arrow),
        ink: .series(survey.classes.number(ofPoint: index)))
    }
  }

  /// The eighth of the full turn that a direction lies in: 0 east, 1 north-east, 2 north.
  static func heading(of direction: Point) -> Int {
    let eighths = Int((atan2(direction.y, direction.x) / (Double.pi / 4)).rounded())
    return (eighths + 8) % 8
  }

  /// The heads, each at the end of its shaft, or next to the point where the shaft is short.
  private func drawHeads(_ shafts: [Shaft], on area: inout TextDrawing) {
    let steps = [(1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1)]
    for shaft in shafts {
      let start = cell(shaft.from)
      var end = cell(shaft.to)
      if start == end {
        end = (start.0 + steps[shaft.heading].0, start.1 + steps[shaft.heading].1)
      }
      area[end.0, end.1] = Cell(glyphs.arrowHeads[shaft.heading], shaft.ink)
    }
  }

  /// The cell of a place; one outside the grid for any place outside.
  private func cell(_ place: Point) -> (Int, Int) {
    let x = min(max(place.x, -1), Double(grid.columns)).rounded(.down)
    let y = min(max(place.y, -1), Double(grid.rows)).rounded(.down)
    return (Int(x), Int(y))
  }

  private func drawBrailleLines(_ shafts: [Shaft], on area: inout TextDrawing) {
    var canvas = BrailleCanvas(columns: grid.columns, rows: grid.rows)
    if scatter.unitCircle {
      // Dots are half a cell's width apart; four samples for each, all around.
      let samples = Int(min(100_000, 8 * 2 * Double.pi / grid.unit)) + 16
      for sample in 0..<samples {
        let angle = 2 * Double.pi * Double(sample) / Double(samples)
        let place = grid.place(Point(cos(angle), sin(angle)))
        canvas.dot(at: Point(place.x * 2, place.y * 4), ink: .faint)
      }
    }
    for link in linkLines() {
      canvas.line(
        from: Point(link.from.x * 2, link.from.y * 4),
        to: Point(link.to.x * 2, link.to.y * 4), ink: link.isPositive ? .plain : .faint)
    }
    for shaft in shafts {
      canvas.line(
        from: Point(shaft.from.x * 2, shaft.from.y * 4),
        to: Point(shaft.to.x * 2, shaft.to.y * 4), ink: shaft.ink)
    }
    canvas.paint(onto: &area)
  }

  private func drawGlyphLinks(on area: inout TextDrawing) {
    var canvas = GlyphCanvas(columns: grid.columns, rows: grid.rows, glyph: glyphs.trace)
    for link in linkLines() {
      canvas.glyph = link.isPositive ? glyphs.frame.horizontal : glyphs.trace
      canvas.line(from: link.from, to: link.to, ink: link.isPositive ? .plain : .faint)
    }
    canvas.paint(onto: &area)
  }

  private func drawGlyphShafts(_ shafts: [Shaft], on area: inout TextDrawing) {
    guard !shafts.isEmpty else { return }
    var canvas = GlyphCanvas(
      columns: grid.columns, rows: grid.rows, glyph: glyphs.arrowShafts[0])
    for shaft in shafts {
      canvas.glyph = glyphs.arrowShafts[shaft.heading % 4]
      canvas.line(from: shaft.from, to: shaft.to, ink: shaft.ink)
    }
    canvas.paint(onto: &area)
  }

  /// The unit circle with one glyph a column where it is flat, and one a row where it is steep.
  private func drawCircle(on area: inout TextDrawing) {
    func mark(_ point: Point) {
      guard let cell = grid.cell(point) else { return }
      area[cell.column, cell.row] = Cell(glyphs.trace, .faint)
    }
    for column in 0..<grid.columns {
      let x = grid.x.lower + (Double(column) + 0.5) * grid.unit
      guard abs(x) < 1 else { continue }
      let y = (1 - x * x).squareRoot()
      if abs(x) <= 2 * y {
        mark(Point(x, y))
        mark(Point(x, -y))
      }
    }
    for row in 0..<grid.rows {
      let y = grid.y.upper - (Double(row) + 0.5) * 2 * grid.unit
      guard abs(y) < 1 else { continue }
      let x = (1 - y * y).squareRoot()
      if 2 * abs(y) <= x {
        mark(Point(x, y))
        mark(Point(-x, y))
      }
    }
  }
}
