/// Pairs or triplets of rows that a loss sums over, in place of all there are.
///
/// Pairs are ordered: they count for their first row. A tuple that is listed twice counts once.
public struct LossTuples: Sendable, Equatable, CustomStringConvertible {
  /// What every loss that takes tuples says of them.
  static let details = """
    tuples: a miner's table of pairs or triplets, such as ms_miner(z, y), or a record with its columns of \
    rows; the loss then sums over these alone, each once. A loss of pairs takes both pairs of a \
    triplet, one of triplets puts the pairs of an anchor together.
    """

  /// The row every tuple starts from.
  public let anchor: [Int]
  /// The other row of a pair, or the positive of a triplet.
  public let second: [Int]
  /// What else there is to know of a tuple.
  public let kind: Kind

  /// What a list of tuples consists of.
  public enum Kind: Sendable, Equatable {
    /// Pairs, and whether the two rows share a label.
    case pairs(same: [Bool])
    /// Triplets, and their negatives.
    case triplets(negative: [Int])
  }

  /// Ordered pairs of rows.
  ///
  /// - Throws: `tupleColumns` unless all columns have one length.
  public init(anchor: [Int], other: [Int], same: [Bool]) throws(LossError) {
    try self.init(anchor, other, .pairs(same: same), lengths: [other.count, same.count])
  }

  /// Triplets of rows.
  ///
  /// - Throws: `tupleColumns` unless all columns have one length.
  public init(anchor: [Int], positive: [Int], negative: [Int]) throws(LossError) {
    try self.init(
      anchor, positive, .triplets(negative: negative), lengths: [positive.count, negative.count])
  }

  private init(
    _ anchor: [Int], _ second: [Int], _ kind: Kind, lengths: [Int]
  ) throws(LossError) {
    guard lengths.allSatisfy({ $0 == anchor.count }) else {
      throw .tupleColumns(lengths: [anchor.count] + lengths)
    }
    self.anchor = anchor
    self.second = second
    self.kind = kind
  }

  /// What a miner chose.
  public init(_ table: TupleTable) {
    anchor = table.anchor
    second = table.second
    kind =
      table.isOfTriplets ? .triplets(negative: table.negative) : .pairs(same: table.same)
  }

  /// How many tuples are listed.
  public var count: Int { anchor.count }

  /// Whether there are none.
  public var isEmpty: Bool { anchor.isEmpty }

  /// How many there are of what, in words: `12 triplets`.
  public var description: String {
    let word = if case .pairs = kind { "pair" } else { "triplet" }
    return "\(count) \(word)\(count == 1 ? "" : "s")"
  }
}

/// How many pairs a loss sums over.
struct PairCounts {
  /// The rows of the batch.
  let rows: Double
  /// The ordered pairs of rows of one class.
  let positives: Double
  /// The ordered pairs of rows of different classes.
  let negatives: Double
}

/// The tuples of a batch by their anchors, each once and in the order of rows.
struct ListedTuples {
  /// What is listed of every row.
  private(set) var anchors: [Anchor]
  /// Whether triplets were listed, and not pairs.
  let areTriplets: Bool

  /// What is listed of one row.
  struct Anchor {
    /// The other rows of pairs with its label.
    var positives: [Int] = []
    /// The other rows of pairs with another label.
    var negatives: [Int] = []
    /// The triplets that start from it.
    var triplets: [ListedTriplet] = []

    /// Puts everything in order, without repetitions.
    mutating func tidy() {
      positives.keepOnce()
      negatives.keepOnce()
      triplets.keepOnce()
    }
  }

  /// Nothing of so many rows.
  init(none count: Int) {
    anchors = Array(repeating: Anchor(), count: count)
    areTriplets = false
  }

  /// Checks and sorts tuples.
  ///
  /// - Throws: `tupleRow`, `tupleOfOneRow` or `tupleLabels` at the first that cannot be.
  init(_ tuples: LossTuples, labels: [Int]) throws(LossError) {
    anchors = Array(repeating: Anchor(), count: labels.count)
    func check(_ row: Int, _ tuple: Int) throws(LossError) {
      guard labels.indices.contains(row) else {
        throw .tupleRow(tuple: tuple, row: row, rows: labels.count)
      }
    }
    func check(_ a: Int, _ b: Int, same: Bool, _ tuple: Int) throws(LossError) {
      try check(a, tuple)
      try check(b, tuple)
      guard a != b else { throw .tupleOfOneRow(tuple: tuple, row: a) }
      guard (labels[a] == labels[b]) == same else {
        throw .tupleLabels(tuple: tuple, anchor: a, other: b, same: same)
      }
    }
    switch tuples.kind {
    case .pairs(let same):
      areTriplets = false
      for (tuple, a) in tuples.anchor.enumerated() {
        let other = tuples.second[tuple]
        try check(a, other, same: same[tuple], tuple)
        if same[tuple] {
          anchors[a].positives.append(other)
        } else {
          anchors[a].negatives.append(other)
        }
      }
    case .triplets(let negatives):
      areTriplets = true
      for (tuple, a) in tuples.anchor.enumerated() {
        let (positive, negative) = (tuples.second[tuple], negatives[tuple])
        try check(a, positive, same: true, tuple)
        try check(a, negative, same: false, tuple)
        anchors[a].positives.append(positive)
        anchors[a].negatives.append(negative)
        anchors[a].triplets.append(ListedTriplet(positive: positive, negative: negative))
      }
    }
    for row in anchors.indices { anchors[row].tidy() }
  }

  /// The same pairs listed both ways round, for losses that count them once.
  var mirrored: ListedTuples {
    var both = self
    for (row, anchor) in anchors.enumerated() {
      for other in anchor.positives { both.anchors[other].positives.append(row) }
      for other in anchor.negatives { both.anchors[other].negatives.append(row) }
    }
    for row in both.anchors.indices { both.anchors[row].tidy() }
    return both
  }

  /// Whether nothing is listed.
  var isEmpty: Bool {
    anchors.allSatisfy { $0.positives.isEmpty && $0.negatives.isEmpty }
  }

  /// How many pairs are listed.
  var counts: PairCounts {
    PairCounts(
      rows: Double(anchors.count),
      positives: anchors.reduce(0) { $0 + Double($1.positives.count) },
      negatives: anchors.reduce(0) { $0 + Double($1.negatives.count) })
  }
}

/// The positive and the negative of a triplet of some anchor.
struct ListedTriplet: Comparable {
  var positive: Int
  var negative: Int

  static func < (a: ListedTriplet, b: ListedTriplet) -> Bool {
    (a.positive, a.negative) < (b.positive, b.negative)
  }
}

extension Array where Element: Comparable {
  /// Sorts the elements and drops those that are there already.
  fileprivate mutating func keepOnce() {
    sort()
    var kept = 0
    for place in indices where place == 0 || self[place] != self[kept - 1] {
      self[kept] = self[place]
      kept += 1
    }
    removeLast(count - kept)
  }
}

extension ListedTuples {
  /// Visits every row as an anchor with the pairs that are listed of it, rows that are not listed
  /// included: these have none.
  func forEachRow(_ rows: Rows, _ distance: Distance, _ body: (PairRow) -> Void) {
    let most = anchors.reduce(0) { max($0, $1.positives.count + $1.negatives.count) } + 1
    var places = [Int](repeating: 0, count: most)
    var measures = [Double](repeating: 0, count: most)
    var slopes = measures
    var scratch = measures
    var triplets: [ListedTriplet] = []
    var meter = WorkMeter()
    places.withUnsafeMutableBufferPointer { places in
      measures.withUnsafeMutableBufferPointer { measures in
        slopes.withUnsafeMutableBufferPointer { slopes in
          scratch.withUnsafeMutableBufferPointer { scratch in
            for (row, anchor) in anchors.enumerated() {
              let positives = anchor.positives.count
              let count = 1 + positives + anchor.negatives.count
              if meter.stops(after: count * (rows.width + 8)) { return }
              places[0] = row
              for (k, other) in anchor.positives.enumerated() { places[1 + k] = other }
              for (k, other) in anchor.negatives.enumerated() { places[1 + positives + k] = other }
              for k in 0..<count { measures[k] = rows.measure(row, places[k], by: distance) }
              slopes.update(repeating: 0)
              triplets = anchor.triplets.map { triplet in
                ListedTriplet(
                  positive: 1 + anchor.positives.place(of: triplet.positive),
                  negative: 1 + positives + anchor.negatives.place(of: triplet.negative))
              }
              triplets.withUnsafeBufferPointer { triplets in
                var pairs = PairRow(
                  anchor: 0, mates: 0..<1 + positives,
                  measures: UnsafeBufferPointer(rebasing: measures[..<count]),
                  slopes: UnsafeMutableBufferPointer(rebasing: slopes[..<count]),
                  scratch: UnsafeMutableBufferPointer(rebasing: scratch[..<count]))
                pairs.places = UnsafeBufferPointer(places)
                pairs.triplets = areTriplets ? triplets : nil
                body(pairs)
              }
            }
          }
        }
      }
    }
  }
}

extension [Int] {
  /// The place of an element of a sorted array.
  fileprivate func place(of element: Int) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < element { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
