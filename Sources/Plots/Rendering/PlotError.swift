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
    /// A name per bar.
    case barNames = "labels of bars"
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
  /// A number of bins that is not from 1 to the limit.
  case binsOutOfRange(Int, most: Int)
  /// A grid without room between its nodes.
  case gridTooSmall
  /// A size that is not 20 to 1000 columns and 5 to 1000 rows.
  case sizeOutOfRange(columns: Int, rows: Int)
  /// A picture of more pixels than can be drawn, in units of a sheet.
  case pictureTooLarge(width: Int, height: Int)
  /// A link to a point that is not there.
  case linkOutOfRange(Int, points: Int)
  /// More points than regions of nearest neighbours are computed for.
  case tooManyForRegions(Int, most: Int)
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
    case .binsOutOfRange(let bins, let most):
      return "bins are from 1 to \(most), not \(bins)"
    case .gridTooSmall:
      return "a grid has at least two nodes each way"
    case .sizeOutOfRange(let columns, let rows):
      return "a size is 20 to 1000 columns and 5 to 1000 rows, not \(columns) and \(rows)"
    case .pictureTooLarge(let width, let height):
      return "a picture of \(width)×\(height) is too large"
    case .linkOutOfRange(let row, let points):
      return "there is no point \(row) among \(points)"
    case .tooManyForRegions(let count, let most):
      return "regions of \(count) neighbours are too many to compute; up to \(most) go"
    case .nothingToCompose:
      return "no plots to put together"
    case .nestedTooDeeply(let limit):
      return "plots are put together more than \(limit) levels deep"
    }
  }
}
