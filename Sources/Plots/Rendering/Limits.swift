/// The ends of an axis, the lower below the upper.
public struct Limits: Hashable, Sendable {
  /// The lower end.
  public let lower: Double
  /// The upper end.
  public let upper: Double

  /// Limits as asked for.
  ///
  /// - Throws: `limitsNotIncreasing` unless both are finite and `lower < upper`.
  public init(_ lower: Double, _ upper: Double, axis: PlotError.Axis) throws(PlotError) {
    guard lower.isDrawable, upper.isDrawable, lower < upper else {
      throw .limitsNotIncreasing(axis, lower: lower, upper: upper)
    }
    self.init(covering: Extent(lower, upper))
  }

  /// Limits that cover an extent, pulled apart where it has no width worth drawing.
  init(covering extent: Extent) {
    guard !extent.isEmpty else {
      (lower, upper) = (-1, 1)
      return
    }
    let largest = max(abs(extent.lower), abs(extent.upper))
    // Labels have about eight digits; differences below 1e-6 of the value would all look alike.
    guard extent.upper - extent.lower < max(1e-6 * largest, 1e-290) else {
      (lower, upper) = (extent.lower, extent.upper)
      return
    }
    let middle = extent.lower / 2 + extent.upper / 2
    let reach = largest < 1e-280 ? 1 : largest / 2
    (lower, upper) = (middle - reach, middle + reach)
  }

  /// The distance between the ends.
  var span: Double { upper - lower }
  /// The point half-way.
  var middle: Double { lower + span / 2 }

  /// Limits with a margin at both ends, as a part of the span.
  func padded(by part: Double) -> Limits {
    Limits(covering: Extent(lower - part * span, upper + part * span))
  }

  func contains(_ value: Double) -> Bool { value >= lower && value <= upper }
}

/// The least and the greatest of the numbers seen so far.
struct Extent: Hashable, Sendable {
  var lower = Double.infinity
  var upper = -Double.infinity

  init() {}

  init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  var isEmpty: Bool { lower > upper }

  /// Takes a number into account; one that cannot be drawn is passed over.
  mutating func include(_ value: Double) {
    guard value.isDrawable else { return }
    if value < lower { lower = value }
    if value > upper { upper = value }
  }
}
