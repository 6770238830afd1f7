extension Scatter {
  /// Where everything stands.
  struct Layout: Sendable {
    /// The blank columns before a legend at the right.
    static let gap = 2
    /// The columns of the plot area that suffice for a legend at the right.
    static let leastBesideLegend = 40
    /// The most columns and rows of the plot area while no height is asked for.
    static let usual = (columns: 57, rows: 21)

    let grid: EqualAspectGrid
    let legendIsBeside: Bool
    /// The words above and below, as far as there are rows for them.
    let plan: RowPlan
    private let gutter: Int
    private let xTicks: [AxisTick]
    private let yTicks: [AxisTick]

    /// A layout whose room for numbers at the left is what its numbers need.
    static func fitting(
      _ scatter: Scatter, _ survey: Survey, title: TextDrawing, legend: Legend, notes: TextDrawing,
      _ options: RenderOptions
    ) -> Layout {
      let hasScale = scatter.hasScale(survey)
      func layout(gutter: Int) -> Layout {
        Layout(
          limits: scatter.limits(survey), hasScale: hasScale, gutter: gutter,
          hasXLabel: !scatter.xLabel.isEmpty, title: title, legend: legend, notes: notes, options)
      }
      // The numbers depend on the grid, and the grid on the room that the numbers take.
      var best = layout(gutter: 0)
      for _ in 0..<3 {
        let needed = AxisFrame.gutter(for: best.yTicks, columns: options.columns)
        if needed <= best.gutter { break }
        best = layout(gutter: needed)
      }
      return best
    }

    private init(
      limits: (x: Limits, y: Limits), hasScale: Bool, gutter: Int, hasXLabel: Bool,
      title: TextDrawing, legend: Legend, notes: TextDrawing, _ options: RenderOptions
    ) {
      self.gutter = gutter
      let left = AxisFrame.left(ofGutter: gutter)
      let room = options.columns - left - 1
      let besideRoom = room - Self.gap - legend.width

      func fit(legendBelow: TextDrawing, columns: Int) -> (plan: RowPlan, grid: EqualAspectGrid) {
        let plan = RowPlan(
          rows: options.rows, usual: Self.usual.rows,
          frame: AxisFrame.rows(.box) + (hasXLabel ? 1 : 0), title: title,
          legend: legendBelow, notes: notes)
        let grid = EqualAspectGrid(
          x: limits.x, y: limits.y,
          mostColumns: options.rows == nil ? min(columns, Self.usual.columns) : columns,
          mostRows: plan.area)
        return (plan, grid)
      }
      let beside = fit(legendBelow: TextDrawing(columns: 0, rows: 0), columns: besideRoom)
      let below = fit(legendBelow: legend.flow(width: options.columns - left), columns: room)
      // In a narrow window the legend goes below, unless the points get no more room by that.
      legendIsBeside =
        !legend.entries.isEmpty && besideRoom > 0
        && (besideRoom >= Self.leastBesideLegend || beside.grid.unit <= below.grid.unit)
      (plan, grid) = legendIsBeside ? beside : below
      guard hasScale else {
        (xTicks, yTicks) = ([], [])
        return
      }

      let grid = grid
      func columnTicks(_ ticks: [Tick]) -> [AxisTick] {
        ticks.compactMap { tick in
          grid.cell(Point(tick.value, grid.y.middle)).map {
            AxisTick(offset: $0.column, label: tick.label)
          }
        }
      }
      func rowTicks(_ ticks: [Tick]) -> [AxisTick] {
        ticks.compactMap { tick in
          grid.cell(Point(grid.x.middle, tick.value)).map {
            AxisTick(offset: $0.row, label: tick.label)
          }
        }
      }
      xTicks = columnTicks(Ticks.linear(grid.x) { AxisFrame.columnsFit(columnTicks($0)) })
      yTicks = rowTicks(
        Ticks.linear(grid.y) { AxisFrame.rowsFit(rowTicks($0), rows: grid.rows) })
    }

    /// The column at which the plot area begins.
    var left: Int { AxisFrame.left(ofGutter: gutter) }

    func frame(_ glyphs: GlyphSet) -> AxisFrame {
      AxisFrame(
        outline: .box, xTicks: xTicks, yTicks: yTicks, gutter: gutter, glyphs: glyphs.frame)
    }
  }
}
