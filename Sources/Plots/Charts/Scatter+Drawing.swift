import Typography

extension Scatter {
  /// The chart as cells: about 60×24 unless a height is given, narrower where there is less room.
  public func drawing(in options: RenderOptions) -> TextDrawing {
    let survey = Survey(self)
    let lettering = Lettering(options.characters)
    let glyphs = GlyphSet(options.characters)
    var legend = Legend(
      entries: legendEntries(survey, glyphs, mixedCells: nil), lettering: lettering)
    let layout = Layout.fitting(
      self, survey, title: heading(lettering, options), legend: legend,
      notes: notes(most(survey), lettering, options), options)
    let occupancy = Occupancy(self, on: layout.grid, classes: survey.classes)
    legend.entries = legendEntries(survey, glyphs, mixedCells: occupancy.mixedCells)

    let picture = Picture(
      scatter: self, survey: survey, occupancy: occupancy, glyphs: glyphs, lettering: lettering,
      usesBraille: options.characters == .braille)
    let drawn = picture.drawing()
    let left = layout.left
    var plan = layout.plan
    plan.fill(
      legend: legend.flow(width: options.columns - left),
      notes: notes(
        LeftOut(
          unusable: survey.unusable, outside: occupancy.outside, labels: drawn.labelsLeftOut),
        lettering, options))
    var framed = layout.frame(glyphs).around(drawn.area, within: options.columns)
    if layout.legendIsBeside {
      let column = legend.column(rows: layout.grid.rows)
      let lead = TextDrawing(columns: column.columns, rows: 1)
      framed = TextDrawing.sideBySide(
        [framed, TextDrawing.stacked([lead, column], gap: 0)], gap: Layout.gap)
    }
    if !xLabel.isEmpty {
      let text = lettering.fitted(xLabel, to: layout.grid.columns)
      let line = TextDrawing(lines: [text])
        .indented(by: left + (layout.grid.columns - text.cellWidth) / 2)
      framed = TextDrawing.stacked([framed, line], gap: 0)
    }
    return plan.assembled(around: framed, left: left, within: options.columns)
  }

  /// The title, and below it what the y axis shows.
  private func heading(_ lettering: Lettering, _ options: RenderOptions) -> TextDrawing {
    TextDrawing.stacked(
      [
        TextDrawing(lines: lettering.wrapped(title, to: options.columns - 4), ink: .strong),
        TextDrawing(lines: lettering.wrapped(yLabel, to: options.columns - 4)),
      ], gap: 0)
  }

  /// The most classes that a legend explains one by one.
  static let mostLegendClasses = 40

  /// The classes with their counts, then whatever else is drawn.
  ///
  /// With nil for `mixedCells` there is an entry for them if there might be such cells.
  func legendEntries(
    _ survey: Survey, _ glyphs: GlyphSet, mixedCells: Int?
  ) -> [Legend.Entry] {
    var entries: [Legend.Entry] = []
    if labels != nil {
      let present = survey.present
      entries = present.prefix(Self.mostLegendClasses).map { number in
        Legend.Entry(
          sample: String(glyphs.glyph(ofClass: number)), ink: .series(number),
          name: survey.classes.name(number), figure: String(survey.counts[number]))
      }
      if present.count > entries.count {
        entries.append(
          Legend.Entry(
            sample: "", ink: .plain, name: "\(present.count - entries.count) more classes"))
      }
    }
    if mixedCells ?? (entries.count > 1 ? 1 : 0) > 0 {
      entries.append(
        Legend.Entry(sample: String(glyphs.overlap), ink: .strong, name: "several classes"))
    }
    let letters = centers.indices.filter { centers[$0].contains { $0.isDrawable } }
    if let first = letters.first, let last = letters.last {
      let letter = String(glyphs.letter(ofClass: first))
      let range = letter + glyphs.dash + String(glyphs.letter(ofClass: last))
      entries.append(
        Legend.Entry(
          sample: first == last ? letter : range, ink: .strong,
          name: centers.joined().count == 1 ? "center" : "centers"))
    }
    if survey.longestArrow > 0 {
      entries.append(
        Legend.Entry(
          sample: String(glyphs.arrowHeads[0]), ink: .plain, name: "longest arrow",
          figure: compactLabel(survey.longestArrow, significant: 3)))
    }
    if unitCircle {
      entries.append(
        Legend.Entry(sample: String(glyphs.trace), ink: .faint, name: "unit circle"))
    }
    if let regions, let first = regions.anchors.map(\.label).min(),
      let last = regions.anchors.map(\.label).max()
    {
      let (low, high) = (Picture.digit(ofClass: first), Picture.digit(ofClass: last))
      let range = first == last ? String(low) : "\(low)\(glyphs.dash)\(high)"
      entries.append(Legend.Entry(sample: range, ink: .plain, name: regions.name))
    }
    for isPositive in [true, false] {
      let count = links.count { $0.isPositive == isPositive }
      guard count > 0 else { continue }
      entries.append(
        Legend.Entry(
          sample: String(isPositive ? glyphs.frame.horizontal : glyphs.trace),
          ink: isPositive ? .plain : .faint, name: isPositive ? "mined, same" : "mined, other",
          figure: String(count), isDashed: !isPositive))
    }
    return entries
  }

  /// How much is not shown.
  private struct LeftOut {
    var unusable: Int
    var outside: Int
    var labels: Int
  }

  /// The most that might have to be left out, to keep rows for saying so.
  private func most(_ survey: Survey) -> LeftOut {
    LeftOut(
      unusable: survey.unusable,
      outside: xLimits != nil || yLimits != nil ? points.count : 0,
      labels: pointLabels?.count ?? 0)
  }

  /// What is said under the plot: the note, and everything that is not shown.
  private func notes(
    _ leftOut: LeftOut, _ lettering: Lettering, _ options: RenderOptions
  ) -> TextDrawing {
    var remarks = note.isEmpty ? [] : [note]
    if leftOut.unusable > 0 {
      remarks.append("\(counted(leftOut.unusable, "point")) left out: nan or infinite.")
    }
    if leftOut.outside > 0 {
      remarks.append("\(counted(leftOut.outside, "point")) outside the limits.")
    }
    if leftOut.labels > 0 {
      remarks.append("\(counted(leftOut.labels, "label")) without room left out.")
    }
    remarks += linkRemarks
    return TextDrawing(
      lines: remarks.flatMap { lettering.wrapped($0, to: options.columns) }, ink: .faint)
  }
}
