extension FigureSheet {
  /// Draws the things of one kind.
  func draw(_ layer: Figure.Layer, on canvas: inout some VectorCanvas) {
    switch layer {
    case .tiles(let tiles): draw(tiles, on: &canvas)
    case .bars(let bars, let direction):
      for bar in bars { draw(bar, direction, on: &canvas) }
    case .lines(let lines):
      for line in lines { draw(line, on: &canvas) }
      drawTags(lines, on: &canvas)
    case .arrows(let arrows):
      for arrow in arrows { draw(arrow, on: &canvas) }
    case .marks(let marks):
      var letters: [Point] = []
      for mark in marks where mark.point.isDrawable {
        var place = place(mark.point)
        if case .letter = mark.symbol {
          // Letters of centres at one place stand in a row.
          for _ in 0..<4 where letters.contains(where: { Self.distance($0, place) < 14 }) {
            place.x += 15
          }
          if letters.count < 200 { letters.append(place) }
        }
        draw(mark.symbol, mark.ink, at: place, on: &canvas)
      }
    case .texts(let texts):
      for text in texts where text.point.isDrawable {
        let place = place(text.point)
        var style = PaperText(size: 11, color: PaperPalette.color(text.ink))
        style.anchor = text.anchor
        let apart: Double =
          switch text.anchor {
          case .start: 7
          case .middle: 0
          case .end: -7
          }
        canvas.write(text.text, at: Point(place.x + apart, place.y + 4), style)
      }
    }
  }

  private static func distance(_ a: Point, _ b: Point) -> Double {
    Point(a.x - b.x, a.y - b.y).length
  }

  private func draw(_ tiles: Figure.Tiles, on canvas: inout some VectorCanvas) {
    guard tiles.columns > 0 else { return }
    let rows = tiles.inks.count / tiles.columns
    let (across, up) = tiles.limits ?? (figure.x.limits, figure.y.limits)
    let corner = place(Point(across.lower, up.upper))
    let end = place(Point(across.upper, up.lower))
    let (width, height) = (
      (end.x - corner.x) / Double(tiles.columns), (end.y - corner.y) / Double(rows)
    )
    for (index, ink) in tiles.inks.enumerated() {
      let frame = Frame(
        x: corner.x + Double(index % tiles.columns) * width,
        y: corner.y + Double(index / tiles.columns) * height, width: width, height: height)
      if let ink {
        let isRegion = if case .series = ink { true } else { false }
        // A hair more, or white lines show between the tiles.
        var covering = frame
        covering.width += isRegion ? 0 : 0.3
        covering.height += isRegion ? 0 : 0.3
        canvas.rectangle(covering, PaperPalette.color(ink), opacity: isRegion ? 0.15 : 1)
      }
      guard index < tiles.texts.count, !tiles.texts[index].isEmpty else { continue }
      var style = PaperText(size: 11, color: Self.readable(on: ink))
      style.anchor = .middle
      canvas.write(
        tiles.texts[index], at: Point(frame.x + width / 2, frame.y + height / 2 + 4), style)
    }
  }

  private static func readable(on ink: Ink?) -> PaperColor {
    guard case .heat(let part) = ink, part < 0.45 else { return PaperPalette.plain }
    return PaperPalette.paper
  }

  private func draw(
    _ bar: Figure.Bar, _ direction: Figure.Bar.Direction, on canvas: inout some VectorCanvas
  ) {
    let (a, b) =
      switch direction {
      case .up: (place(Point(bar.place.lower, bar.base)), place(Point(bar.place.upper, bar.tip)))
      case .across:
        (place(Point(bar.base, bar.place.lower)), place(Point(bar.tip, bar.place.upper)))
      }
    var frame = Frame(
      x: min(a.x, b.x), y: min(a.y, b.y), width: abs(b.x - a.x), height: abs(b.y - a.y))
    switch direction {
    case .up where frame.width > 3: frame.width -= 1
    case .across where frame.height > 3: frame.height -= 1
    case .up, .across: break
    }
    canvas.rectangle(frame, PaperPalette.color(bar.ink), opacity: 1)
  }

  private func draw(_ line: Figure.Line, on canvas: inout some VectorCanvas) {
    let color = PaperPalette.color(line.ink)
    let width = line.ink == .faint || line.isDashed ? 1 : 1.6
    for part in line.points.split(whereSeparator: { !$0.isDrawable }) {
      let places = part.map { place($0) }.filter(\.isDrawable)
      if places.count == 1 {
        canvas.circle(at: places[0], radius: 1.5, color, isFilled: true)
      } else {
        canvas.stroke(places, color, width: width, isDashed: line.isDashed)
      }
    }
  }

  /// Writes the tags of lines on white, as far apart as makes them readable.
  private func drawTags(_ lines: [Figure.Line], on canvas: inout some VectorCanvas) {
    var taken: [(tag: String, place: Point)] = []
    for line in lines where !line.tag.isEmpty {
      let start = line.points.count / 2
      for offset in line.points.indices {
        let place = place(line.points[(start + offset) % line.points.count])
        let isFree = taken.allSatisfy { other in
          Self.distance(other.place, place) >= (other.tag == line.tag ? 120 : 24)
        }
        let isInside =
          min(place.x - area.x, area.right - place.x, place.y - area.y, area.bottom - place.y) > 8
        guard place.isDrawable, isInside, isFree else { continue }
        taken.append((line.tag, place))
        canvas.circle(at: place, radius: 6, PaperPalette.paper, isFilled: true)
        var style = PaperText(size: 10, color: PaperPalette.color(line.ink))
        style.anchor = .middle
        canvas.write(line.tag, at: Point(place.x, place.y + 3.5), style)
      }
    }
  }

  private func draw(_ arrow: Figure.Arrow, on canvas: inout some VectorCanvas) {
    guard arrow.from.isDrawable, arrow.to.isDrawable else { return }
    draw(arrow: (place(arrow.from), place(arrow.to)), arrow.ink, on: &canvas)
  }

  private func draw(
    arrow places: (Point, Point), _ ink: Ink, on canvas: inout some VectorCanvas
  ) {
    let (from, to) = places
    let color = PaperPalette.color(ink)
    let along = Point(to.x - from.x, to.y - from.y)
    let length = along.length
    guard length > 0.5 else {
      canvas.circle(at: from, radius: 1, color, isFilled: true)
      return
    }
    canvas.stroke([from, to], color, width: 1.4, isDashed: false)
    let (unit, size) = (Point(along.x / length, along.y / length), min(7, length * 0.6))
    let back = Point(to.x - unit.x * size, to.y - unit.y * size)
    canvas.fill(
      [
        to, Point(back.x - unit.y * size / 2, back.y + unit.x * size / 2),
        Point(back.x + unit.y * size / 2, back.y - unit.x * size / 2),
      ], color, outline: nil)
  }

  /// What an entry of the legend stands for.
  func draw(
    _ sample: Figure.Key.Sample, _ ink: Ink, at place: Point, on canvas: inout some VectorCanvas
  ) {
    switch sample {
    case .mark(let symbol): draw(symbol, ink, at: place, on: &canvas)
    case .line(let isDashed):
      canvas.stroke(
        [Point(place.x - 8, place.y), Point(place.x + 8, place.y)], PaperPalette.color(ink),
        width: 1.6, isDashed: isDashed)
    case .stroke:
      canvas.stroke(
        [Point(place.x - 8, place.y), Point(place.x + 8, place.y)], PaperPalette.color(ink),
        width: 1.6, isDashed: false)
    case .arrow(let weight):
      draw(
        arrow: (Point(place.x - 9 * weight, place.y), Point(place.x + 9 * weight, place.y)), ink,
        on: &canvas)
    case .bar:
      canvas.rectangle(
        Frame(x: place.x - 6, y: place.y - 6, width: 12, height: 12), PaperPalette.color(ink),
        opacity: 1)
    case .text(let text):
      var style = PaperText(size: 11, color: PaperPalette.color(ink))
      (style.anchor, style.isBold) = (.middle, true)
      canvas.write(text, at: Point(place.x, place.y + 4), style)
    }
  }

  /// The shape of a class: those of the terminal's glyphs, then the terminal's letters.
  private func draw(
    _ symbol: Figure.Mark.Symbol, _ ink: Ink, at place: Point, on canvas: inout some VectorCanvas
  ) {
    let color = PaperPalette.color(ink)
    let size = 3.6
    func corners(_ offsets: [(Double, Double)]) -> [Point] {
      offsets.map { Point(place.x + $0.0 * size, place.y + $0.1 * size) }
    }
    switch symbol {
    case .shape(let number) where number % 4 == 0 && number < 8:
      canvas.circle(at: place, radius: size, color, isFilled: number < 4)
    case .shape(let number) where number < 8:
      let outline: [(Double, Double)] =
        switch number % 4 {
        case 1: [(0, -1.2), (1.1, 0.9), (-1.1, 0.9)]
        case 2: [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
        default: [(0, -1.3), (1.2, 0), (0, 1.3), (-1.2, 0)]
        }
      canvas.fill(corners(outline), number < 4 ? color : nil, outline: number < 4 ? nil : color)
    case .shape(let number):
      var style = PaperText(size: 11, color: color)
      style.anchor = .middle
      let letter = GlyphSet(.unicode).glyph(ofClass: number)
      canvas.write(String(letter), at: Point(place.x, place.y + 4), style)
    case .letter(let letter):
      canvas.circle(at: place, radius: 7.5, PaperPalette.paper, isFilled: true)
      canvas.circle(at: place, radius: 7.5, color, isFilled: false)
      var style = PaperText(size: 11, color: color)
      (style.anchor, style.isBold) = (.middle, true)
      canvas.write(String(letter), at: Point(place.x, place.y + 4), style)
    }
  }
}
