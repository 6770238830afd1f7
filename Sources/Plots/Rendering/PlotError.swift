/// Why numbers cannot be made into a plot: the facts, for whoever words the message.
public enum PlotError: Error, Hashable, Sendable {
  /// Lists that should go together entry by entry.
  public enum Part: String, Hashable, Sendable {
    /// A class label per point or row.
    case labels
    /// An arrow per point.
    case arrows
    /// A text per point.
    case pointLabels = "point labels"
    /// An x per y.
    case coordinates = "x values"
    /// An entry per column of the matrix.
    case rowEntries = "entries in a row"
  }

  /// One of the two axes.
  public enum Axis: String, Hashable, Sendable {
    /// The horizontal axis.
    case x
    /// The vertical axis.
    case y
  }

  /// A list has another length than what it belongs to; `row` tells which series or matrix row.
  case countMismatch(Part, expected: Int, found: Int, row: Int?)
  /// Limits that are not finite, or whose lower end is not below the upper.
  case limitsNotIncreasing(Axis, lower: Double, upper: Double)
  /// A composition of no plots.
  case nothingToCompose
  /// Compositions inside compositions past the limit.
  case nestedTooDeeply(limit: Int)
}

extension PlotError: CustomStringConvertible {
  /// The facts in a sentence.
  public var description: String {
    switch self {
    case .countMismatch(let part, let expected, let found, let row):
      let place = row.map { " (number \($0), from 0)" } ?? ""
      return "expected \(expected) \(part.rawValue), found \(found)\(place)"
    case .limitsNotIncreasing(let axis, let lower, let upper):
      return "the \(axis.rawValue) limits run from \(lower) to \(upper)"
    case .nothingToCompose:
      return "no plots to put together"
    case .nestedTooDeeply(let limit):
      return "plots are put together more than \(limit) levels deep"
    }
  }
}
