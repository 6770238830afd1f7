public import Cards

/// Named values as bars from zero.
public struct BarChart: Chart {
  /// The values; one that is nan or infinite has no bar, and its name says so.
  public let values: [Double]
  /// What the values are called, from the top.
  public let names: [String]
  /// The words around the chart.
  public let captions: Captions

  /// The most bars that are drawn.
  private static let mostBars = 60

  /// A bar per value; without names they are numbered from 0.
  ///
  /// - Throws: `countMismatch` where names are not one per value.
  public init(
    _ values: [Double], names: [String]? = nil, captions: Captions = Captions()
  ) throws(PlotError) {
    if let names, names.count != values.count {
      throw .countMismatch(.barNames, expected: values.count, found: names.count, row: nil)
    }
    self.values = values
    self.names = names ?? values.indices.map(String.init)
    self.captions = captions
  }

  /// The chart in the units of its data.
  public var figure: Figure { figure(showing: Self.mostBars) }

  /// The chart as cells, a row for each bar: of more bars than rows the first are drawn.
  public func drawing(in options: RenderOptions) -> TextDrawing {
    let rows = Figure.Layout.fitting(figure, options).area.rows
    guard rows < min(values.count, Self.mostBars) else { return figure.drawing(in: options) }
    // One row less: the number of bars left out is said below.
    return figure(showing: rows - 1).drawing(in: options)
  }

  private func figure(showing most: Int) -> Figure {
    let shown = min(values.count, max(1, min(most, Self.mostBars)))
    var extent = Extent(0, 0)
    for value in values.prefix(shown) { extent.include(value) }
    let hasValues = extent.lower < extent.upper
    let span = hasValues ? extent.upper - extent.lower : 1
    // Room for the numbers at the ends of the bars.
    let limits = Limits(
      covering: Extent(
        extent.lower < 0 ? extent.lower - 0.2 * span : 0,
        extent.upper > 0 || !hasValues ? extent.upper + 0.2 * span : 0))
    var bars: [Figure.Bar] = []
    var texts: [Figure.Text] = []
    for (index, value) in values.prefix(shown).enumerated() {
      let middle = Double(shown - index) - 0.5
      if value.isDrawable {
        bars.append(
          Figure.Bar(
            place: Extent(middle - 0.4, middle + 0.4), base: 0, tip: value, ink: .series(0)))
      }
      texts.append(
        Figure.Text(
          text: compactLabel(value), point: Point(value.isDrawable ? value : 0, middle),
          anchor: value < 0 ? .end : .start))
    }
    let more = values.count > shown ? ["and \(counted(values.count - shown, "bar")) more."] : []
    let ticks = names.prefix(shown).enumerated().map {
      Tick(value: Double(shown - $0) - 0.5, label: $1)
    }
    return Figure(
      title: captions.title,
      x: Figure.Axis(
        limits: limits, scale: hasValues ? .linear : .ticks([]), label: captions.xLabel),
      y: Figure.Axis(
        limits: Limits(covering: Extent(0, Double(max(shown, 1)))), scale: .ticks(Array(ticks)),
        label: captions.yLabel, steps: shown),
      layers: [.bars(bars, .across), .texts(texts)], notes: captions.remark + more,
      usualRows: max(1, shown), mostRows: max(1, shown),
      absence: values.isEmpty ? "no values to draw" : "")
  }

  /// The values with their names, the greatest first told.
  public var words: String {
    var sentences = [captions.opening("bar chart of \(counted(values.count, "value")).")]
    let listed = zip(names, values).prefix(12).map { "\($0) \(compactLabel($1))" }
    if !listed.isEmpty {
      let more = values.count > listed.count ? " and \(values.count - listed.count) more" : ""
      sentences.append(listed.joined(separator: ", ") + more + ".")
    }
    let usable = zip(names, values).filter { $0.1.isDrawable }
    if let greatest = usable.max(by: { $0.1 < $1.1 }), usable.count > 1 {
      sentences.append("The greatest is \(greatest.0).")
    }
    return (sentences + captions.remark).joined(separator: " ")
  }

  /// What help says of it.
  public static let card = Card(
    "bar", "Named values as bars from zero.",
    signature: "bar(values, labels=none, \(Captions.parameters))",
    details: """
      values: a vector, or a record of numbers, which brings its names. labels: a string per value. \
      A value that is nan or infinite has no bar, and is written.
      """,
    example: "bar([3, 1, 2], labels=[\"a\", \"b\", \"c\"])", seeAlso: ["hist", "curve"])
}
