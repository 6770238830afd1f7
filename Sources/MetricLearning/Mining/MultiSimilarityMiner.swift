public import Cards

/// The pairs the Multi-Similarity loss keeps: those near the border between the two kinds.
///
/// A negative stays if Sᵢⱼ > min over positives − ε, a positive if Sᵢⱼ < max over negatives + ε
/// (theory §6.4). For a distance the signs turn.
public struct MultiSimilarityMiner: Miner {
  /// How far from the border a pair may be.
  public var epsilon = 0.1
  /// What a pair is measured by.
  public var distance = Distance.cosine

  /// The miner with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "ms_miner", "Pairs near the border of positives and negatives: the Multi-Similarity loss's.",
    signature: signature("ms_miner"),
    formula: "negatives: Sᵢⱼ > min_{Pᵢ} S − ε;  positives: Sᵢⱼ < max_{Nᵢ} S + ε",
    details: """
      z: n×d, y: n labels, or a data set; ε = epsilon ≥ 0. Both limits are taken over all pairs of the \
      anchor, before any is left out. Pairs are ordered; the table has .anchor .other .same .d, d the \
      cosine unless distance= is given, for which the signs turn.
      """,
    reference: "Wang et al. 2019; theory §6.4",
    example: "ms_miner([[1, 0], [1, 0.3], [0.8, 0.6], [0, 1]], [0, 0, 1, 1]).other",
    seeAlso: ["mine", "ms", "hard_pairs"])

  /// The word for it where miners are named.
  public static let word = "ms"

  /// The parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("epsilon", \.epsilon, .nonNegative, "how far from the border a pair may be"),
      Parameter("distance", \.distance, "what a pair is measured by"),
    ]
  }

  /// Adds the pairs of an anchor near the border.
  public func choose(from anchor: MinedAnchor, into table: inout TupleTable) {
    let nearest = anchor.negatives.map(anchor.far).min() ?? .infinity
    let farthest = anchor.positives.map(anchor.far).max() ?? -.infinity
    for other in anchor.positives where anchor.far(other) + epsilon > nearest {
      table.addPair(anchor, other, same: true)
    }
    for other in anchor.negatives where anchor.far(other) - epsilon < farthest {
      table.addPair(anchor, other, same: false)
    }
  }
}
