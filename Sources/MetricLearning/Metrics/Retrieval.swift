import Cards
public import Tensors

/// Searching the batch with each of its rows: the query itself is left out by its number, and ties go
/// to the lower number.
public enum Retrieval {
  /// What becomes of a query whose class has no other member.
  public enum Singletons: String, CaseIterable, Sendable {
    /// It is left out.
    case skip
    /// It counts as a miss.
    case miss
  }

  /// Recall at one or several k.
  public struct Recall: Sendable, Equatable {
    /// For every k the share of queries with a classmate among the k nearest; nan without queries.
    public let values: [Double]
    /// How many queries were left out, since their class has no other member.
    public let skipped: Int
  }

  /// The share of rows that have a row of their label among the `k` nearest others, for every k.
  ///
  /// Theory §9. `z` is n×d. One count of what is nearer than the nearest classmate serves all k:
  /// O(n²d) time, O(n) memory.
  /// - Throws: `LossError.parameter` for k below 1, and what a batch of a loss throws.
  public static func recall(
    _ z: Tensor, _ labels: [Int], at ks: [Int], distance: Distance = .euclidean,
    singletons: Singletons = .skip
  ) throws(LossError) -> Recall {
    for k in ks { try requirePositive(k) }
    let batch = try Batch(LossInput(embeddings: z, labels: labels))
    var hits = [Int](repeating: 0, count: ks.count)
    var skipped = 0
    let sweep = PairSweep(batch, distance: distance)
    sweep.forEachRow { row, _ in
      guard let nearer = rankOfNearestPositive(row, sweep.order, sign: distance.sign) else {
        if singletons == .skip { skipped += 1 }
        return
      }
      for (place, k) in ks.enumerated() where nearer < k { hits[place] += 1 }
    }
    let queries = Double(batch.count - skipped)
    return Recall(values: hits.map { queries > 0 ? Double($0) / queries : .nan }, skipped: skipped)
  }

  /// The numbers of the `k` nearest other rows of every row, nearest first; fewer where n ≤ k.
  ///
  /// - Throws: `LossError.parameter` for k below 1, and what a batch of a loss throws.
  public static func nearestNeighbours(
    _ z: Tensor, count k: Int, distance: Distance = .euclidean
  ) throws(LossError) -> [[Int]] {
    try requirePositive(k)
    let unlabelled = [Int](repeating: 0, count: z.shape.first ?? 0)
    let batch = try Batch(LossInput(embeddings: z, labels: unlabelled))
    var neighbours: [[Int]] = []
    neighbours.reserveCapacity(batch.count)
    PairSweep(batch, distance: distance).forEachRow { row, _ in
      neighbours.append(nearest(k, of: row, sign: distance.sign))
    }
    return neighbours
  }

  private static func requirePositive(_ k: Int) throws(LossError) {
    guard k < 1 else { return }
    throw .parameter(.outOfRange(name: "k", given: Double(k), range: .atLeast(1)))
  }

  /// How many other rows come before the nearest classmate, of equals those that come first in
  /// `order`; nil without classmates.
  private static func rankOfNearestPositive(
    _ row: PairRow, _ order: [Int], sign: Double
  ) -> Int? {
    var best: Int?
    for j in 0..<row.count where j != row.anchor && row.isPositive(j) {
      if let nearest = best, sign * row.measures[j] >= sign * row.measures[nearest] { continue }
      best = j
    }
    guard let best else { return nil }
    let limit = sign * row.measures[best]
    var rank = 0
    for j in 0..<row.count where j != row.anchor {
      let distance = sign * row.measures[j]
      if distance < limit || (distance == limit && order[j] < order[best]) { rank += 1 }
    }
    return rank
  }

  /// The first `k` other rows by distance and number, kept in order while scanning.
  private static func nearest(_ k: Int, of row: PairRow, sign: Double) -> [Int] {
    var best: [Int] = []
    for j in 0..<row.count where j != row.anchor {
      let distance = sign * row.measures[j]
      if best.count == k, let last = best.last, distance >= sign * row.measures[last] { continue }
      let place = best.firstIndex { distance < sign * row.measures[$0] } ?? best.count
      best.insert(j, at: place)
      if best.count > k { best.removeLast() }
    }
    return best
  }
}
