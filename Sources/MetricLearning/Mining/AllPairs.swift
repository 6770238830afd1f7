public import Cards

/// Every pair of two rows, both ways round.
public struct AllPairs: Miner {
  /// What a pair is measured by.
  public var distance = Distance.euclideanNormalized

  /// The miner with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "all_pairs", "Every pair of two rows, both ways round: what a pair loss sums over.",
    signature: signature("all_pairs"),
    details: """
      z: n×d, y: n labels, or a data set. The table has n·(n−1) pairs: .anchor .other .same .d, d by \
      distance=, the Euclidean one on the unit sphere unless given.
      """,
    reference: "theory §1.1",
    example: "all_pairs([[1, 0], [0, 1], [1, 1]], [0, 0, 1]).d",
    seeAlso: ["mine", "hard_pairs", "count_tuples", "pairs"])

  /// The word for it where miners are named.
  public static let word = "all"

  /// The parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [Parameter("distance", \.distance, "what a pair is measured by")]
  }

  /// Four numbers for every pair.
  public func size(_ counts: TupleCounts) -> Double? {
    4 * Double(counts.positivePairs + counts.negativePairs)
  }

  /// Adds all pairs of an anchor.
  public func choose(from anchor: MinedAnchor, into table: inout TupleTable) {
    var positives = anchor.positives[...]
    for other in anchor.measures.indices where other != anchor.row {
      let same = positives.first == other
      if same { positives.removeFirst() }
      table.addPair(anchor, other, same: same)
    }
  }
}
