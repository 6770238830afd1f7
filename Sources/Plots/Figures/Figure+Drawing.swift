import Glibc
import Typography

extension Figure {
  /// The figure as cells, at most `options.columns` wide.
  func drawing(in options: RenderOptions) -> TextDrawing {
    let layout = Layout.fitting(self, options)
    let lettering = Lettering(options.characters)
    let glyphs = GlyphSet(options.characters)
    let painter = Painter(layout.area, glyphs, lettering, options)
    var area = painter.painted(layers)
    if !absence.isEmpty {
      let sentence = lettering.fitted(absence, to: area.columns)
      area.write(sentence, column: (area.columns - sentence.cellWidth) / 2, row: area.rows / 2)
    }
    let frame = AxisFrame(
      outline: .box, xTicks: layout.xTicks, yTicks: layout.yTicks, gutter: layout.gutter,
      glyphs: glyphs.frame)
    var framed = frame.around(area, within: options.columns)
    if layout.legendIsBeside {
      let column = layout.legend.column(rows: area.rows)
      let lead = TextDrawing(columns: column.columns, rows: 1)
      framed = TextDrawing.sideBySide(
        [framed, TextDrawing.stacked([lead, column], gap: 0)], gap: Layout.gap)
    }
    if !x.label.isEmpty {
      let text = lettering.fitted(x.label, to: area.columns)
      let line = TextDrawing(lines: [text])
        .indented(by: layout.left + (area.columns - text.cellWidth) / 2)
      framed = TextDrawing.stacked([framed, line], gap: 0)
    }
    return layout.plan.assembled(around: framed, left: layout.left, within: options.columns)
  }
}

extension Figure {
  /// Where everything stands in characters.
  struct Layout: Sendable {
    /// The blank columns before a legend at the right.
    static let gap = 2
    /// The columns of the plot area that suffice for a legend at the right.
    static let leastBesideLegend = 36
    /// The most columns of the plot area while no height is asked for.
    static let usualColumns = 57

    let area: CellArea
    let legend: Legend
    let legendIsBeside: Bool
    let plan: RowPlan
    let gutter: Int
    let xTicks: [AxisTick]
    let yTicks: [AxisTick]

    /// A layout whose room for numbers at the left is what its numbers need.
    static func fitting(_ figure: Figure, _ options: RenderOptions) -> Layout {
      var best = Layout(figure, gutter: 0, options)
      for _ in 0..<3 {
        let needed = AxisFrame.gutter(for: best.yTicks, columns: options.columns)
        if needed <= best.gutter { break }
        best = Layout(figure, gutter: needed, options)
      }
      return best
    }

    private init(_ figure: Figure, gutter: Int, _ options: RenderOptions) {
      self.gutter = gutter
      let lettering = Lettering(options.characters)
      let legend = Legend(
        entries: figure.legend.compactMap { $0.entry(GlyphSet(options.characters)) },
        lettering: lettering)
      self.legend = legend
      let left = AxisFrame.left(ofGutter: gutter)
      let room = options.columns - left - 1
      let besideRoom = room - Self.gap - legend.width
      let none = TextDrawing(columns: 0, rows: 0)
      legendIsBeside = !legend.entries.isEmpty && besideRoom >= Self.leastBesideLegend
      let title = TextDrawing.stacked(
        [
          TextDrawing(
            lines: lettering.wrapped(figure.title, to: options.columns - 4), ink: .strong),
          TextDrawing(lines: lettering.wrapped(figure.y.label, to: options.columns - 4)),
        ], gap: 0)
      plan = RowPlan(
        rows: options.rows, usual: figure.usualRows,
        frame: AxisFrame.rows(.box) + (figure.x.label.isEmpty ? 0 : 1), title: title,
        legend: legendIsBeside ? none : legend.flow(width: options.columns - left),
        notes: TextDrawing(
          lines: figure.notes.flatMap { lettering.wrapped($0, to: options.columns) }, ink: .faint))
      let columns = max(1, legendIsBeside ? besideRoom : room)
      let area = CellArea(
        figure, columns: options.rows == nil ? min(columns, Self.usualColumns) : columns,
        rows: min(plan.area, figure.mostRows))
      self.area = area
      xTicks = figure.x.ticks(lettering, width: max(4, area.columns / 2)) { tick in
        area.cell(Point(tick, area.y.middle))?.column
      } fits: {
        AxisFrame.columnsFit($0)
      }
      yTicks = figure.y.ticks(lettering, width: max(4, options.columns / 3)) { tick in
        area.cell(Point(area.x.middle, tick))?.row
      } fits: {
        AxisFrame.rowsFit($0, rows: area.rows)
      }
    }

    /// The column at which the plot area begins.
    var left: Int { AxisFrame.left(ofGutter: gutter) }
  }
}

extension Figure.Axis {
  /// The numbers at the axis, as dense as fits.
  func ticks(fit: ([Tick]) -> Bool) -> [Tick] {
    switch scale {
    case .linear: Ticks.linear(limits, fit: fit)
    case .counting: Ticks.linear(limits, wholeNumbers: true, fit: fit)
    case .logarithmic: Ticks.logarithmic(limits, fit: fit)
    case .ticks(let ticks): ticks
    }
  }

  /// Where a tick stands on the axis.
  func position(of tick: Tick) -> Double {
    if case .logarithmic = scale { return log10(tick.value) }
    return tick.value
  }

  fileprivate func ticks(
    _ lettering: Lettering, width: Int, offset: (Double) -> Int?, fits: ([AxisTick]) -> Bool
  ) -> [AxisTick] {
    func placed(_ ticks: [Tick]) -> [AxisTick] {
      ticks.compactMap { tick in
        offset(position(of: tick)).map {
          AxisTick(offset: $0, label: lettering.fitted(tick.label, to: width))
        }
      }
    }
    return placed(ticks { fits(placed($0)) })
  }
}

extension Figure.Key {
  /// The entry of a legend in characters; nil for what these cannot tell apart.
  func entry(_ glyphs: GlyphSet) -> Legend.Entry? {
    let text =
      switch sample {
      case .mark(.shape(let number)): String(glyphs.glyph(ofClass: number))
      case .mark(.letter(let letter)): String(letter)
      case .stroke(let heading): String(glyphs.arrowShafts[heading % 4])
      case .arrow(let weight): String(glyphs.head(0, weight: weight))
      case .line(let isDashed): String(isDashed ? glyphs.dashes[0] : glyphs.curve)
      case .bar: String(glyphs.block)
      case .text(let text): text
      }
    if case .arrow(let weight) = sample, weight < 0.5, glyphs.heavyHeads == glyphs.arrowHeads {
      return nil
    }
    return Legend.Entry(sample: text, ink: ink, name: name, figure: figure)
  }
}
