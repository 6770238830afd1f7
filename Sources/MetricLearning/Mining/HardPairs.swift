public import Cards

/// The pairs that are out of order: positives beyond a negative, negatives within a positive.
///
/// A positive is kept if it is farther than the anchor's nearest negative; a negative if it is nearer
/// than the anchor's farthest positive, and within `margin`. For a similarity the signs turn.
public struct HardPairs: Miner {
  /// What a pair is measured by.
  public var distance = Distance.euclideanNormalized
  private var chosenMargin: Double?

  /// Where a negative stops mattering; unless set, 1, or 0.5 for a similarity.
  public var margin: Double {
    get { chosenMargin ?? (distance.isSimilarity ? 0.5 : 1) }
    set { chosenMargin = newValue }
  }

  /// The miner with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "hard_pairs", "Pairs out of order: positives beyond a negative, negatives within a positive.",
    signature: signature("hard_pairs"),
    details: """
      z: n×d, y: n labels, or a data set. A positive is kept if it is farther than its anchor's nearest \
      negative, a negative if it is nearer than the farthest positive, and nearer than margin. Pairs are \
      ordered; the table has .anchor .other .same .d. For a similarity the signs turn, and margin=0.5 \
      unless given.
      """,
    reference: "theory §8.5",
    example: "hard_pairs([[1, 0], [0, 1], [1, 0.2], [1, 1]], [0, 0, 1, 1]).same",
    seeAlso: ["mine", "all_pairs", "semihard_triplets", "contrastive"])

  /// The word for it where miners are named.
  public static let word = "hard"

  /// The parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("margin", \.margin, .finite, "where a negative stops mattering"),
      Parameter("distance", \.distance, "what a pair is measured by"),
    ]
  }

  /// Adds the pairs of an anchor that are out of order.
  public func choose(from anchor: MinedAnchor, into table: inout TupleTable) {
    let nearest = anchor.negatives.map(anchor.far).min() ?? .infinity
    let farthest = anchor.positives.map(anchor.far).max() ?? -.infinity
    let limit = min(farthest, distance.sign * margin)
    for other in anchor.positives where anchor.far(other) > nearest {
      table.addPair(anchor, other, same: true)
    }
    for other in anchor.negatives where anchor.far(other) < limit {
      table.addPair(anchor, other, same: false)
    }
  }
}
