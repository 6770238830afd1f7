import Typography

/// A figure on paper: where its parts stand.
struct FigureSheet {
  /// The size of a character cell for which `size=` asks.
  static let cell = (width: 8.0, height: 16.0)
  /// The cells of a figure for which no size is asked.
  static let usual = (columns: 70, rows: 25)
  private static let textSize = 12.0
  private static let lineHeight = 16.0

  let figure: Figure
  let width: Double
  let height: Double
  /// The frame of the picture itself.
  let area: Frame
  /// The limits of the picture, extended where both axes have one unit.
  let x: Limits
  let y: Limits
  let xTicks: [Tick]
  let yTicks: [Tick]
  private let titles: [String]
  private let notes: [String]
  private let legendX: Double

  init(_ figure: Figure, columns: Int?, rows: Int?) {
    self.figure = figure
    width = Double(columns ?? Self.usual.columns) * Self.cell.width
    let lettering = Lettering(.unicode)
    let cells = Int(width / 7)
    titles = lettering.wrapped(figure.title, to: cells - 4)
    notes = figure.notes.flatMap { lettering.wrapped($0, to: cells) }
    height =
      Double(rows ?? Self.usual.rows) * Self.cell.height
      + (rows == nil ? Double(notes.count) * Self.lineHeight : 0)
    let legend = figure.legend.map { Self.width(of: $0) }.max() ?? 0
    let top = 12 + 20 * Double(titles.count)
    let bottom =
      26 + (figure.x.label.isEmpty ? 0 : 18) + Double(notes.count) * Self.lineHeight
    let tall = max(20, height - top - bottom)
    yTicks = figure.y.ticks { Double($0.count) <= max(2, tall / 36) }
    let labelWidth = yTicks.map { Self.width(of: $0.label) }.max() ?? 0
    let left = 14 + min(labelWidth, width / 3) + (figure.y.label.isEmpty ? 0 : 18)
    let wide = max(20, width - left - 14 - (legend > 0 ? legend + 12 : 0))
    if figure.hasEqualAspect {
      let unit = max(figure.x.limits.span / wide, figure.y.limits.span / tall)
      // A strip gets more height, or width, than it needs.
      let size = (
        width: min(wide, max(figure.x.limits.span / unit, wide / 3)),
        height: min(tall, max(figure.y.limits.span / unit, tall / 3))
      )
      area = Frame(x: left, y: top, width: size.width, height: size.height)
      x = Self.extended(figure.x.limits, to: size.width * unit)
      y = Self.extended(figure.y.limits, to: size.height * unit)
    } else {
      area = Frame(x: left, y: top, width: wide, height: tall)
      (x, y) = (figure.x.limits, figure.y.limits)
    }
    let area = area
    let axis = figure.x
    xTicks = axis.ticks { ticks in
      let room = ticks.map { Self.width(of: $0.label) + 16 }.reduce(0, +)
      return room <= area.width
    }
    legendX = area.right + 16
  }

  private static func extended(_ limits: Limits, to span: Double) -> Limits {
    Limits(covering: Extent(limits.middle - span / 2, limits.middle + span / 2))
  }

  static func width(of text: String) -> Double { 7 * Double(text.cellWidth) }

  private static func width(of key: Figure.Key) -> Double {
    26 + min(170, width(of: key.name + (key.figure.isEmpty ? "" : " " + key.figure)))
  }

  /// Where a point of the figure lies on the sheet.
  func place(_ point: Point) -> Point {
    Point(
      area.x + (point.x - x.lower) / x.span * area.width,
      area.y + (y.upper - point.y) / y.span * area.height)
  }

  /// Draws everything, from the back to the front.
  func draw(on canvas: inout some VectorCanvas) {
    let text = PaperText(size: Self.textSize, color: PaperPalette.plain)
    for (index, line) in titles.enumerated() {
      var style = text
      (style.isBold, style.size, style.anchor) = (true, 14, .middle)
      canvas.write(
        line, at: Point(area.x + area.width / 2, 18 + 20 * Double(index)), style)
    }
    canvas.clipped(to: area) { canvas in
      for layer in figure.layers { draw(layer, on: &canvas) }
    }
    canvas.fill(
      [
        Point(area.x, area.y), Point(area.right, area.y), Point(area.right, area.bottom),
        Point(area.x, area.bottom),
      ], nil, outline: PaperPalette.faint)
    drawTicks(on: &canvas, text)
    drawLegend(on: &canvas, text)
    var style = text
    style.anchor = .middle
    var below = area.bottom + 20
    if !figure.x.label.isEmpty {
      below += 18
      canvas.write(figure.x.label, at: Point(area.x + area.width / 2, below), style)
    }
    if !figure.absence.isEmpty {
      canvas.write(
        figure.absence, at: Point(area.x + area.width / 2, area.y + area.height / 2), style)
    }
    if !figure.y.label.isEmpty {
      style.isUpright = true
      canvas.write(figure.y.label, at: Point(16, area.y + area.height / 2), style)
    }
    var remark = text
    remark.color = PaperPalette.faint
    for (index, line) in notes.enumerated() {
      canvas.write(
        line, at: Point(10, below + Self.lineHeight * Double(index + 1)), remark)
    }
  }

  private func drawTicks(on canvas: inout some VectorCanvas, _ text: PaperText) {
    var style = text
    style.anchor = .middle
    for tick in xTicks {
      let value = figure.x.position(of: tick)
      guard figure.hasEqualAspect ? x.contains(value) : figure.x.limits.contains(value) else {
        continue
      }
      let column = place(Point(value, y.middle)).x
      canvas.stroke(
        [Point(column, area.bottom), Point(column, area.bottom + 4)], PaperPalette.faint, width: 1,
        isDashed: false)
      canvas.write(tick.label, at: Point(column, area.bottom + 17), style)
    }
    style.anchor = .end
    for tick in yTicks {
      let value = figure.y.position(of: tick)
      guard y.contains(value) else { continue }
      let row = place(Point(x.middle, value)).y
      canvas.stroke(
        [Point(area.x - 4, row), Point(area.x, row)], PaperPalette.faint, width: 1,
        isDashed: false)
      let label = Lettering(.unicode).fitted(tick.label, to: Int(width / 3 / 7))
      canvas.write(label, at: Point(area.x - 7, row + 4), style)
    }
  }

  private func drawLegend(on canvas: inout some VectorCanvas, _ text: PaperText) {
    let most = max(1, Int(height / Self.lineHeight) - 2)
    for (index, key) in figure.legend.prefix(most).enumerated() {
      let row = area.y + 8 + Self.lineHeight * Double(index)
      draw(key.sample, key.ink, at: Point(legendX + 8, row), on: &canvas)
      let words = key.figure.isEmpty ? key.name : "\(key.name): \(key.figure)"
      canvas.write(
        Lettering(.unicode).fitted(words, to: 26), at: Point(legendX + 22, row + 4), text)
    }
  }
}
