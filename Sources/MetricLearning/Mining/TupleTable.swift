/// Pairs or triplets of rows with their distances: what a miner gives.
public struct TupleTable: Sendable {
  /// The row every tuple starts from.
  public private(set) var anchor: [Int] = []
  /// The other row of a pair, or the positive of a triplet.
  public private(set) var second: [Int] = []
  /// The negative of a triplet; empty for pairs.
  public private(set) var negative: [Int] = []
  /// Whether the two rows of a pair share a label; empty for triplets.
  public private(set) var same: [Bool] = []
  /// The distance or similarity of the pair, or of anchor and positive.
  public private(set) var distance: [Double] = []
  /// The distance or similarity of anchor and negative; empty for pairs.
  public private(set) var negativeDistance: [Double] = []
  /// By how much a triplet fails to be as it should; empty for pairs.
  public private(set) var violation: [Double] = []
  /// Whether every tuple that was asked for is here.
  private(set) var fits = true
  private let most: Int
  /// Whether tuples are triplets, not pairs.
  public private(set) var isOfTriplets = false

  /// An empty table for at most so many numbers.
  init(most: Int) { self.most = most }

  /// How many tuples there are.
  public var count: Int { anchor.count }

  /// How many tuples there may be.
  var mostTuples: Int { most / (isOfTriplets ? 6 : 4) }

  /// Announces tuples; once there are too many none are taken in.
  private mutating func hasRoom(for tuples: Int) -> Bool {
    if tuples > mostTuples - count { fits = false }
    return fits
  }

  /// Adds a pair.
  mutating func addPair(_ anchor: MinedAnchor, _ other: Int, same: Bool) {
    guard hasRoom(for: 1) else { return }
    self.anchor.append(anchor.row)
    second.append(other)
    self.same.append(same)
    distance.append(anchor.measures[other])
  }

  /// Adds the triplets of a positive and some negatives; a negative has to be `margin` farther.
  mutating func addTriplets(
    _ anchor: MinedAnchor, _ positive: Int, _ negatives: some Collection<Int>, margin: Double
  ) {
    isOfTriplets = true
    guard hasRoom(for: negatives.count) else { return }
    for negative in negatives {
      self.anchor.append(anchor.row)
      second.append(positive)
      self.negative.append(negative)
      distance.append(anchor.measures[positive])
      negativeDistance.append(anchor.measures[negative])
      violation.append(anchor.far(positive) - anchor.far(negative) + margin)
    }
  }

  /// Says that this is a table of triplets, though it may stay empty.
  mutating func holdTriplets() { isOfTriplets = true }
}
