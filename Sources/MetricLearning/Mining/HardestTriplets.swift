public import Cards

/// For every anchor the triplet of its farthest positive and its nearest negative.
public struct HardestTriplets: Miner {
  /// What a pair is measured by.
  public var distance = Distance.euclideanNormalized

  /// The miner with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "hardest_triplets", "For every anchor its farthest positive and its nearest negative.",
    signature: signature("hardest_triplets"),
    formula: "p = argmax_P D, n = argmin_N D",
    details: """
      z: n×d, y: n labels, or a data set. The table has a triplet for every anchor with both: .anchor \
      .positive .negative .d_ap .d_an .violation, the last d_ap − d_an. Ties go to the lower row. For a \
      similarity the signs turn.
      """,
    reference: "Hermans et al. 2017; theory §8.5",
    example: "hardest_triplets([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).negative",
    seeAlso: ["mine", "semihard_triplets", "triplet"])

  /// The word for it where miners are named.
  public static let word = "hardest"

  /// The parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [Parameter("distance", \.distance, "what a pair is measured by")]
  }

  /// Adds the triplet of an anchor.
  public func choose(from anchor: MinedAnchor, into table: inout TupleTable) {
    table.holdTriplets()
    guard let positive = anchor.positives.max(by: { anchor.far($0) < anchor.far($1) }),
      let negative = anchor.negatives.min(by: { anchor.far($0) < anchor.far($1) })
    else { return }
    table.addTriplets(anchor, positive, [negative], margin: 0)
  }
}
