/// How many pairs and triplets labels make, and what memory these would take: known before anything
/// is computed.
///
/// Counts are exact whole numbers, whatever the number of labels.
///
/// - Complexity: O(n).
public struct TupleCounts: Sendable {
  /// How many labels there are.
  public let points: Int
  /// How many rows every class has, none of them 0.
  public let classSizes: [Int]
  /// Ordered pairs of two rows of one class.
  public let positivePairs: Int128
  /// Ordered pairs of rows of different classes.
  public let negativePairs: Int128
  /// Anchors with a positive and a negative.
  public let triplets: Int128

  /// The counts for these labels.
  ///
  /// - Throws: `labelNegative`.
  public init(_ labels: [Int]) throws(LossError) {
    let sizes = try ClassIndex(labels).sizes
    let n = Int128(labels.count)
    points = labels.count
    classSizes = sizes
    positivePairs = sizes.reduce(0) { $0 + Int128($1) * Int128($1 - 1) }
    negativePairs = sizes.reduce(0) { $0 + Int128($1) * (n - Int128($1)) }
    triplets = sizes.reduce(0) { $0 + Int128($1) * Int128($1 - 1) * (n - Int128($1)) }
  }

  /// The bytes of an n×n matrix of distances in float64.
  public var matrixBytes: Int128 { 8 * Int128(points) * Int128(points) }

  /// The bytes of a table of all pairs, four numbers each.
  public var pairTableBytes: Int128 { 32 * (positivePairs + negativePairs) }

  /// The bytes of a table of all triplets, six numbers each.
  public var tripletTableBytes: Int128 { 48 * triplets }

  /// The bytes of an n×n×n tensor in float64, what code takes that makes all triples first.
  public var cubeBytes: Int128 { matrixBytes * Int128(points) }
}
