/// A plot: a chart, or several put together.
public struct Plot: Sendable {
  fileprivate enum Content: Sendable {
    case chart(any Chart)
    case row([Plot])
    case column([Plot])
  }

  fileprivate let content: Content
  private let depth: Int
  /// The size that was asked for; nil leaves it to the window and the chart.
  private var size: (columns: Int, rows: Int)?
  /// The characters that were asked for; nil leaves them to the window.
  private var characters: RenderOptions.Characters?

  /// How deep compositions may stand inside each other: what draws them calls itself.
  public static let deepestNesting = 16
  /// The narrowest that a plot beside another is drawn; with less, they stand below each other.
  static let narrowestPanel = 34
  /// The blank columns between plots side by side.
  static let gap = 3

  /// The plot of a chart.
  public init(_ chart: some Chart) {
    content = .chart(chart)
    depth = 0
  }

  private init(_ content: Content, of plots: [Plot]) throws(PlotError) {
    guard !plots.isEmpty else { throw .nothingToCompose }
    let depth = 1 + (plots.map(\.depth).max() ?? 0)
    guard depth <= Self.deepestNesting else { throw .nestedTooDeeply(limit: Self.deepestNesting) }
    self.content = content
    self.depth = depth
  }

  /// This plot in a size and with characters of its own, where given, whatever the window.
  ///
  /// It is never wider than the window; sizes are 20 to 1000 columns and 5 to 1000 rows.
  /// - Throws: `sizeOutOfRange`.
  public func formed(
    size: (columns: Int, rows: Int)? = nil, characters: RenderOptions.Characters? = nil
  ) throws(PlotError) -> Plot {
    if let size {
      guard (RenderOptions.narrowest...1000).contains(size.columns),
        (5...1000).contains(size.rows)
      else { throw .sizeOutOfRange(columns: size.columns, rows: size.rows) }
    }
    var plot = self
    if let size { plot.size = size }
    if let characters { plot.characters = characters }
    return plot
  }

  /// Options with this plot's own wishes.
  private func wished(_ options: RenderOptions) -> RenderOptions {
    var options = options
    if let size {
      options.columns = min(options.columns, size.columns)
      options.rows = size.rows
    }
    if let characters { options.characters = characters }
    return options
  }

  /// Plots side by side, or below each other in a window too narrow for that.
  ///
  /// - Throws: `nothingToCompose`, `nestedTooDeeply`.
  public static func beside(_ plots: [Plot]) throws(PlotError) -> Plot {
    let flat = plots.flatMap { plot in
      if case .row(let parts) = plot.content { parts } else { [plot] }
    }
    return try Plot(.row(flat), of: flat)
  }

  /// Plots below each other.
  ///
  /// - Throws: `nothingToCompose`, `nestedTooDeeply`.
  public static func above(_ plots: [Plot]) throws(PlotError) -> Plot {
    let flat = plots.flatMap { plot in
      if case .column(let parts) = plot.content { parts } else { [plot] }
    }
    return try Plot(.column(flat), of: flat)
  }

  /// The plot in words, for a reader who does not see it.
  public var words: String {
    switch content {
    case .chart(let chart):
      chart.words
    case .row(let plots):
      "\(plots.count) plots side by side. " + Self.numbered(plots)
    case .column(let plots):
      "\(plots.count) plots below each other. " + Self.numbered(plots)
    }
  }

  /// The title, or where there is none the first sentence of the words.
  var heading: String {
    if case .chart(let chart) = content, !chart.figure.title.isEmpty { return chart.figure.title }
    return String(words.prefix { $0 != "." && $0 != ":" })
  }

  /// The plot on paper.
  var sheet: Sheet {
    switch content {
    case .chart(let chart):
      .figure(FigureSheet(chart.figure, columns: size?.columns, rows: size?.rows))
    case .row(let plots): .row(plots.map(\.sheet))
    case .column(let plots): .column(plots.map(\.sheet))
    }
  }

  private static func numbered(_ plots: [Plot]) -> String {
    plots.enumerated().map { "(\($0 + 1)) \($1.words)" }.joined(separator: " ")
  }
}

extension Plot {
  /// The plot as cells, for a window at least `RenderOptions.narrowest` wide.
  public func drawing(in options: RenderOptions) -> TextDrawing {
    let options = wished(options.bounded)
    switch content {
    case .chart(let chart):
      return chart.drawing(in: options)
    case .row(let plots):
      let share = (options.columns - Self.gap * (plots.count - 1)) / plots.count
      guard share >= Self.narrowestPanel else { return Self.stacked(plots, in: options) }
      let panels = plots.map {
        $0.drawing(in: options.with(columns: share, rows: options.rows))
      }
      return TextDrawing.sideBySide(panels, gap: Self.gap)
    case .column(let plots):
      return Self.stacked(plots, in: options)
    }
  }

  private static func stacked(_ plots: [Plot], in options: RenderOptions) -> TextDrawing {
    let rows = options.rows.map { ($0 - plots.count + 1) / plots.count }
    let panels = plots.map { $0.drawing(in: options.with(columns: options.columns, rows: rows)) }
    return TextDrawing.stacked(panels, gap: 1)
  }
}
