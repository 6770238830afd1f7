public import Cards

/// A kind of plot: numbers on one side, a drawing on the other.
public protocol Chart: Sendable {
  /// What help and completion say of it.
  static var card: Card { get }

  /// What the chart shows, in a few sentences, for a reader who does not see it.
  var words: String { get }

  /// What the chart shows, in the units of its data, for outputs of any kind.
  var figure: Figure { get }

  /// The chart as cells, at most `options.columns` wide (20 or more).
  func drawing(in options: RenderOptions) -> TextDrawing
}

extension Chart {
  /// The figure as cells.
  public func drawing(in options: RenderOptions) -> TextDrawing { figure.drawing(in: options) }
}
