import Typography

/// A tick at a column or row of the plot area.
struct AxisTick: Hashable, Sendable {
  let offset: Int
  let label: String
}

/// The lines and numbers around a plot area.
struct AxisFrame: Sendable {
  enum Outline: Sendable {
    /// A line on all four sides.
    case box
    /// A line at the left and below.
    case corner
  }

  let outline: Outline
  let xTicks: [AxisTick]
  let yTicks: [AxisTick]
  /// The room for the numbers at the left; 0 leaves them away.
  let gutter: Int
  let glyphs: GlyphSet.FrameGlyphs

  /// The room that numbers at the left take; none where they would take half of the window.
  static func gutter(for ticks: [AxisTick], columns: Int) -> Int {
    let width = ticks.map(\.label.cellWidth).max() ?? 0
    return width <= columns / 2 - 2 ? width : 0
  }

  /// How many columns stand left of the plot area.
  static func left(ofGutter gutter: Int) -> Int { gutter == 0 ? 1 : gutter + 2 }

  /// How many rows stand above and below the plot area.
  static func rows(_ outline: Outline) -> Int { outline == .box ? 3 : 2 }

  /// Whether numbers below an axis keep apart: about as much room between them as they take.
  static func columnsFit(_ ticks: [AxisTick]) -> Bool {
    zip(ticks, ticks.dropFirst()).allSatisfy { a, b in
      b.offset - a.offset >= max(6, (a.label.cellWidth + b.label.cellWidth) / 2 + 4)
    }
  }

  /// Whether numbers beside an axis of so many rows keep apart.
  static func rowsFit(_ ticks: [AxisTick], rows: Int) -> Bool {
    ticks.count <= max(2, rows * 2 / 5 + 1)
      && zip(ticks, ticks.dropFirst()).allSatisfy { abs($1.offset - $0.offset) >= 2 }
  }

  /// The plot area with its frame, at most `columns` wide.
  func around(_ area: TextDrawing, within columns: Int) -> TextDrawing {
    let left = Self.left(ofGutter: gutter)
    let top = outline == .box ? 1 : 0
    let right = left + area.columns
    let bottom = top + area.rows
    let labels = placedLabels(left: left, within: columns)
    let labelEnd = labels.map { $0.start + $0.text.cellWidth }.max() ?? 0
    var drawing = TextDrawing(columns: max(right + top, labelEnd), rows: bottom + 2)

    for row in top..<max(top, bottom) {
      drawing[left - 1, row] = Cell(glyphs.vertical, .faint)
      if outline == .box { drawing[right, row] = Cell(glyphs.vertical, .faint) }
    }
    for column in left..<max(left, right) {
      drawing[column, bottom] = Cell(glyphs.horizontal, .faint)
      if outline == .box { drawing[column, 0] = Cell(glyphs.horizontal, .faint) }
    }
    drawing[left - 1, bottom] = Cell(glyphs.bottomLeft, .faint)
    if outline == .box {
      drawing[left - 1, 0] = Cell(glyphs.topLeft, .faint)
      drawing[right, 0] = Cell(glyphs.topRight, .faint)
      drawing[right, bottom] = Cell(glyphs.bottomRight, .faint)
    }
    for tick in yTicks {
      drawing[left - 1, top + tick.offset] = Cell(glyphs.tickLeft, .faint)
      guard gutter > 0 else { continue }
      drawing.write(tick.label, column: gutter - tick.label.cellWidth, row: top + tick.offset)
    }
    for label in labels {
      drawing[left + label.tick, bottom] = Cell(glyphs.tickBelow, .faint)
      drawing.write(label.text, column: label.start, row: bottom + 1)
    }
    drawing.place(area, column: left, row: top)
    return drawing
  }

  /// The numbers below the axis, each under its tick, without those that have no room there.
  private func placedLabels(
    left: Int, within columns: Int
  ) -> [(tick: Int, text: String, start: Int)] {
    var end = -2
    return xTicks.compactMap { tick in
      // The middle of `-0.5` is its figures: the sign hangs out.
      let hanging = tick.label.hasPrefix("-") ? 1 : 0
      let width = tick.label.cellWidth
      let centred = left + tick.offset - (width - hanging - 1) / 2 - hanging
      let start = max(0, min(centred, columns - width))
      guard start >= end + 2, abs(start - centred) <= width / 2 else { return nil }
      end = start + width
      return (tick.offset, tick.label, start)
    }
  }
}
