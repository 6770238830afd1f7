/// Similarities or distances of pairs, counted in fine bins as they come: pairs are too many to keep.
public struct PairCounts: Hashable, Sendable {
  /// Where the bins begin and end.
  public let range: ClosedRange<Double>
  /// The value from which, or below which, a pair is where its loss wants it; nil for none.
  public let margin: Double?
  /// Pairs of one class by bin, then those of two.
  private(set) var positives: [Int]
  private(set) var negatives: [Int]
  /// Pairs of one class, and of two, with a value under the margin.
  private(set) var positivesBelow = 0
  private(set) var negativesBelow = 0
  /// Pairs whose value is nan or infinite.
  private(set) var unusable = 0

  /// Divisible by most numbers of rows that a drawing may have.
  static let bins = 240

  /// Counts of nothing yet; `range` must not be empty.
  public init(range: ClosedRange<Double>, margin: Double? = nil) {
    self.range = range
    self.margin = margin
    positives = Array(repeating: 0, count: Self.bins)
    negatives = positives
  }

  /// Counts a pair; a value outside the range goes to the bin at that end.
  public mutating func add(_ value: Double, isPositive: Bool) {
    guard value.isDrawable else {
      unusable += 1
      return
    }
    let part = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    let bin = Int(min(max(part * Double(Self.bins), 0), Double(Self.bins - 1)))
    if isPositive { positives[bin] += 1 } else { negatives[bin] += 1 }
    guard let margin, value < margin else { return }
    if isPositive { positivesBelow += 1 } else { negativesBelow += 1 }
  }

  /// The shares of all pairs of a kind, in so many bins; zeros where there is no such pair.
  static func shares(_ counts: [Int], bins: Int) -> [Double] {
    let total = counts.reduce(0, +)
    guard total > 0 else { return Array(repeating: 0, count: bins) }
    let width = counts.count / bins
    return (0..<bins).map { bin in
      Double(counts[bin * width..<(bin + 1) * width].reduce(0, +)) / Double(total)
    }
  }
}
