public import Cards

/// The triplets whose negative is beyond the positive, but not by more than a margin.
///
/// Kept are 0 < Dₐₙ − Dₐₚ ≤ `margin` (theory §8.5): their hinge costs something, yet less than the
/// margin. The negatives of an anchor are sorted once, so that only chosen triplets are visited.
public struct SemihardTriplets: Miner {
  /// How far beyond the positive a negative may be.
  public var margin = 0.2
  /// What a pair is measured by.
  public var distance = Distance.euclideanNormalized

  /// The miner with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "semihard_triplets", "Triplets whose negative is beyond the positive, but within a margin.",
    signature: signature("semihard_triplets"),
    formula: "0 < Dₐₙ − Dₐₚ ≤ margin",
    details: """
      z: n×d, y: n labels, or a data set; margin ≥ 0. The table has .anchor .positive .negative .d_ap \
      .d_an .violation, the last d_ap − d_an + margin; of one positive the nearest negatives come first. \
      For a similarity the signs turn.
      """,
    reference: "Schroff et al. 2015; theory §8.5",
    example: "semihard_triplets([[1, 0], [1, 0.3], [1, 0.4]], [0, 0, 1]).violation",
    seeAlso: ["mine", "hardest_triplets", "triplet"])

  /// The word for it where miners are named.
  public static let word = "semihard"

  /// The parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("margin", \.margin, .nonNegative, "how far beyond the positive a negative may be"),
      Parameter("distance", \.distance, "what a pair is measured by"),
    ]
  }

  /// Adds the triplets of an anchor, a run of its sorted negatives for every positive.
  public func choose(from anchor: MinedAnchor, into table: inout TupleTable) {
    table.holdTriplets()
    guard !anchor.positives.isEmpty else { return }
    let negatives = anchor.negatives.sorted {
      (anchor.far($0), $0) < (anchor.far($1), $1)
    }
    for positive in anchor.positives {
      let start = anchor.far(positive)
      let first = negatives.partitioningPoint { anchor.far($0) - start > 0 }
      let end = negatives.partitioningPoint { anchor.far($0) - start > margin }
      guard first < end else { continue }
      table.addTriplets(anchor, positive, negatives[first..<end], margin: margin)
    }
  }
}

extension [Int] {
  /// The first place from which on all elements are beyond something; they are sorted so.
  fileprivate func partitioningPoint(_ isBeyond: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
