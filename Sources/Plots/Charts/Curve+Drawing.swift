import Typography

extension Curve {
  /// The chart as cells: about 72×20 unless a height is given, narrower where there is less room.
  public func drawing(in options: RenderOptions) -> TextDrawing {
    let survey = Survey(self)
    let lettering = Lettering(options.characters)
    let glyphs = GlyphSet(options.characters)
    let usesBraille = options.characters == .braille
    let entries = legendEntries(survey, glyphs, usesBraille: usesBraille)
    let layout = Layout(
      survey, entries, words: wordsAround(survey, lettering, options),
      hasXLabel: !xLabel.isEmpty, lettering, options)

    let picture = Picture(
      curve: self, survey: survey, columns: layout.columns, rows: layout.plan.area, glyphs: glyphs,
      lettering: lettering, usesBraille: usesBraille)
    let frame = AxisFrame(
      outline: .corner, xTicks: layout.xTicks, yTicks: layout.yTicks, gutter: layout.gutter,
      glyphs: glyphs.frame)
    var framed = frame.around(picture.drawing(), within: options.columns)
    if layout.labelsAreBeside {
      let labels = LineLabels(entries, rows: layout.plan.area, lettering: lettering) {
        survey.height($0).map { survey.row($0, of: layout.plan.area) }
      }
      // The numbers below may reach past the area; the labels stand right next to it.
      let column = layout.left + layout.columns + 1
      var wider = TextDrawing(
        columns: max(framed.columns, column + labels.drawing.columns), rows: framed.rows)
      wider.place(framed, column: 0, row: 0)
      wider.place(labels.drawing, column: column, row: 0)
      framed = wider
    }
    if !xLabel.isEmpty {
      let text = lettering.fitted(xLabel, to: layout.columns)
      let line = TextDrawing(lines: [text])
        .indented(by: layout.left + (layout.columns - text.cellWidth) / 2)
      framed = TextDrawing.stacked([framed, line], gap: 0)
    }
    return layout.plan.assembled(around: framed, left: layout.left, within: options.columns)
  }

  /// The series, where there are several or where they have a name, then the levels.
  private func legendEntries(
    _ survey: Survey, _ glyphs: GlyphSet, usesBraille: Bool
  ) -> [LineLabels.Entry] {
    let lines = series.enumerated().compactMap { index, line -> LineLabels.Entry? in
      guard series.count > 1 || !line.name.isEmpty else { return nil }
      let lone = usesBraille ? Picture.brailleSample : glyphs.curve
      return LineLabels.Entry(
        sample: String(series.count > 1 ? glyphs.glyph(ofClass: index) : lone),
        isMarked: series.count > 1, ink: .series(index),
        name: line.name.isEmpty ? "series \(index)" : line.name,
        value: line.y.last { survey.height($0) != nil })
    }
    return lines
      + levels.filter { survey.height($0.value) != nil }.map { level in
        LineLabels.Entry(
          sample: String(glyphs.dashes[0]), isMarked: false, ink: .faint, name: level.name,
          figure: compactLabel(level.value),
          value: level.value)
      }
  }

  /// The title with the name of the y axis, and what is said under the plot.
  private func wordsAround(
    _ survey: Survey, _ lettering: Lettering, _ options: RenderOptions
  ) -> (title: TextDrawing, notes: TextDrawing) {
    let title = TextDrawing(
      lines: lettering.wrapped(title, to: options.columns - 8), ink: .strong)
    let axis = TextDrawing(lines: lettering.wrapped(yLabel, to: options.columns - 8))
    return (
      TextDrawing.stacked([title, axis], gap: 0),
      TextDrawing(
        lines: remarks(survey).flatMap { lettering.wrapped($0, to: options.columns) }, ink: .faint)
    )
  }

  /// What is said under the plot: the note, and everything that is not shown.
  func remarks(_ survey: Survey) -> [String] {
    var remarks = note.isEmpty ? [] : [note]
    if survey.unusable > 0 {
      remarks.append("\(counted(survey.unusable, "value")) left out: nan or infinite.")
    }
    if survey.notPositive > 0 {
      remarks.append(
        "\(counted(survey.notPositive, "value")) left out: a log axis begins above 0.")
    }
    if survey.outside > 0 {
      remarks.append("\(counted(survey.outside, "value")) outside the limits.")
    }
    let unseen = levels.filter { level in
      survey.height(level.value).map { !survey.y.contains($0) } ?? true
    }
    remarks += unseen.map { "\($0.label) is outside the picture." }
    return remarks
  }
}

extension Curve {
  /// Where everything stands.
  private struct Layout: Sendable {
    /// The most columns and rows of the plot area while no height is asked for.
    static let usual = (columns: 60, rows: 16)

    let columns: Int
    let plan: RowPlan
    let gutter: Int
    let xTicks: [AxisTick]
    let yTicks: [AxisTick]
    let labelsAreBeside: Bool

    init(
      _ survey: Survey, _ entries: [LineLabels.Entry],
      words: (title: TextDrawing, notes: TextDrawing), hasXLabel: Bool, _ lettering: Lettering,
      _ options: RenderOptions
    ) {
      let labelWidth = LineLabels.width(entries, lettering: lettering)
      let frame = AxisFrame.rows(.corner) + (hasXLabel ? 1 : 0)

      func plan(legend: TextDrawing) -> RowPlan {
        RowPlan(
          rows: options.rows, usual: survey.isEmpty ? 5 : Self.usual.rows, frame: frame,
          title: words.title,
          legend: legend, notes: words.notes)
      }
      func rowTicks(_ rows: Int) -> [AxisTick] {
        func placed(_ ticks: [Tick]) -> [AxisTick] {
          ticks.compactMap { tick in
            survey.height(tick.value).map {
              AxisTick(offset: survey.row($0, of: rows), label: tick.label)
            }
          }
        }
        let fit = { AxisFrame.rowsFit(placed($0), rows: rows) }
        guard survey.isLogarithmic else { return placed(Ticks.linear(survey.y, fit: fit)) }
        return placed(Ticks.logarithmic(survey.y, fit: fit))
      }

      let none = TextDrawing(columns: 0, rows: 0)
      let widePlan = plan(legend: none)
      let wideGutter = AxisFrame.gutter(for: rowTicks(widePlan.area), columns: options.columns)
      let wideRoom = options.columns - AxisFrame.left(ofGutter: wideGutter) - 1 - labelWidth
      labelsAreBeside = !entries.isEmpty && wideRoom >= 30 && entries.count <= widePlan.area
      if labelsAreBeside || entries.isEmpty {
        self.plan = widePlan
      } else {
        let legend = Legend(entries: entries.map(\.legendEntry), lettering: lettering)
        self.plan = plan(
          legend: legend.flow(width: options.columns - AxisFrame.left(ofGutter: wideGutter)))
      }
      let hasYScale = !survey.hasNoHeights
      yTicks = hasYScale ? rowTicks(self.plan.area) : []
      gutter = AxisFrame.gutter(for: yTicks, columns: options.columns)
      let room =
        options.columns - AxisFrame.left(ofGutter: gutter)
        - (labelsAreBeside ? labelWidth + 1 : 0)
      let columns = options.rows == nil ? min(room, Self.usual.columns) : room
      self.columns = columns

      func columnTicks(_ ticks: [Tick]) -> [AxisTick] {
        ticks.map { tick in
          AxisTick(offset: survey.column(tick.value, of: columns), label: tick.label)
        }
      }
      // Without values the numbers would be made up.
      guard !survey.isEmpty else {
        xTicks = []
        return
      }
      xTicks = columnTicks(
        Ticks.linear(survey.x, wholeNumbers: survey.countsX) {
          AxisFrame.columnsFit(columnTicks($0))
        })
    }

    var left: Int { AxisFrame.left(ofGutter: gutter) }
  }
}
