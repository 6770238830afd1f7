import Cards
public import Tensors

/// Searching the batch with each of its rows: the query itself is left out by its number, and ties go
/// to the lower number (theory §9).
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

  /// How well classmates come first, over all queries.
  public struct Precision: Sendable, Equatable {
    /// The mean of the share of classmates among the R nearest, R the size of the class less one; nan
    /// without queries.
    public let atR: Double
    /// MAP@R, the mean average precision of the R nearest; nan without queries.
    public let meanAverageAtR: Double
    /// How many queries were left out, since their class has no other member.
    public let skipped: Int
  }

  /// The share of rows that have a row of their label among the `k` nearest others, for every k.
  ///
  /// `z` is n×d. Exact: O(n²d) time, O(n·d + tile) memory.
  /// - Throws: `LossError.parameter` for k below 1, and what a batch of a loss throws.
  public static func recall(
    _ z: Tensor, _ labels: [Int], at ks: [Int], distance: Distance = .euclidean,
    singletons: Singletons = .skip
  ) throws(LossError) -> Recall {
    for k in ks { try requirePositive(k) }
    let batch = try Batch(LossInput(embeddings: z, labels: labels))
    let most = ks.max() ?? 0
    return answers(batch, distance) { $0 > 0 ? most : 0 }.recall(at: ks, singletons)
  }

  /// R-precision and MAP@R: how many of the R nearest are classmates, and how early they come.
  ///
  /// `z` is n×d; R is the number of classmates of the query. Exact: O(n²d) time, O(n·d + tile)
  /// memory.
  /// - Throws: what a batch of a loss throws.
  public static func precision(
    _ z: Tensor, _ labels: [Int], distance: Distance = .euclidean,
    singletons: Singletons = .skip
  ) throws(LossError) -> Precision {
    let batch = try Batch(LossInput(embeddings: z, labels: labels))
    return answers(batch, distance) { $0 }.precision(singletons)
  }

  /// Recall and precision by one search.
  static func scores(
    _ z: Tensor, _ labels: [Int], at ks: [Int], distance: Distance
  ) throws(LossError) -> (recall: Recall, precision: Precision) {
    let batch = try Batch(LossInput(embeddings: z, labels: labels))
    let most = ks.max() ?? 0
    let answers = answers(batch, distance) { $0 > 0 ? max($0, most) : 0 }
    return (answers.recall(at: ks, .skip), answers.precision(.skip))
  }

  /// What all queries found.
  private struct Answers {
    /// How many queries have no classmate.
    let lonely: Int
    /// The place of the nearest classmate of every query, or one that no k reaches.
    var places: [Int]
    /// The share of classmates among its R nearest, and their average precision.
    var scores: [(hits: Double, average: Double)]

    private func skipped(_ singletons: Singletons) -> Int { singletons == .skip ? lonely : 0 }

    func recall(at ks: [Int], _ singletons: Singletons) -> Recall {
      let queries = Double(places.count - skipped(singletons))
      return Recall(
        values: ks.map { k in queries > 0 ? Double(places.count { $0 < k }) / queries : .nan },
        skipped: skipped(singletons))
    }

    func precision(_ singletons: Singletons) -> Precision {
      let queries = Double(scores.count - skipped(singletons))
      func mean(_ values: [Double]) -> Double {
        queries > 0 ? values.reduce(0, +) / queries : .nan
      }
      return Precision(
        atR: mean(scores.map(\.hits)), meanAverageAtR: mean(scores.map(\.average)),
        skipped: skipped(singletons))
    }
  }

  /// Asks with every row for as many neighbours as `depth` makes of the number of its classmates.
  private static func answers(
    _ batch: Batch, _ distance: Distance, depth: (_ mates: Int) -> Int
  ) -> Answers {
    let mates = batch.mates
    let nothing: (place: Int, scores: (hits: Double, average: Double)) = (Int.max, (0, 0))
    let found = perRow(
      batch, distance, mates.map(depth), else: nothing,
      areAlike: { row, a, b in batch.areMates(row, a) == batch.areMates(row, b) }
    ) { row, neighbours in
      let relevant = neighbours.map { batch.areMates(row, $0) }
      return (
        relevant.firstIndex(of: true) ?? Int.max,
        Ranking.scores(Array(relevant.prefix(mates[row])))
      )
    }
    return Answers(
      lonely: mates.count { $0 == 0 }, places: found.map(\.place), scores: found.map(\.scores))
  }

  /// The share of rows whose label most of their `k` nearest others have.
  ///
  /// Of labels with as many votes that of the nearest row wins. `z` is n×d; nan for one row or none.
  /// - Throws: `LossError.parameter` for k below 1, and what a batch of a loss throws.
  public static func neighbourAccuracy(
    _ z: Tensor, _ labels: [Int], count k: Int, distance: Distance = .euclidean
  ) throws(LossError) -> Double {
    try requirePositive(k)
    let batch = try Batch(LossInput(embeddings: z, labels: labels))
    guard batch.count > 1 else { return .nan }
    let depths = [Int](repeating: k, count: batch.count)
    let hits = perRow(batch, distance, depths, else: false) { row, neighbours in
      var votes: [Int: Int] = [:]
      for neighbour in neighbours { votes[labels[neighbour], default: 0] += 1 }
      let most = votes.values.max() ?? 0
      return neighbours.first { votes[labels[$0]] == most }.map {
        labels[$0] == labels[row]
      } ?? false
    }
    return Double(hits.count { $0 }) / Double(batch.count)
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
    let depths = [Int](repeating: k, count: batch.count)
    return perRow(batch, distance, depths, else: []) { _, neighbours in neighbours }
  }

  private static func requirePositive(_ k: Int) throws(LossError) {
    guard k < 1 else { return }
    throw .parameter(.outOfRange(name: "k", given: Double(k), range: .atLeast(1)))
  }

  /// Something of every row by its nearest others.
  private static func perRow<Result>(
    _ batch: Batch, _ distance: Distance, _ depths: [Int], else nothing: Result,
    areAlike: (_ row: Int, _ a: Int, _ b: Int) -> Bool = { _, _, _ in false },
    _ body: (_ row: Int, _ neighbours: [Int]) -> Result
  ) -> [Result] {
    var results = [Result](repeating: nothing, count: batch.count)
    results.withUnsafeMutableBufferPointer { results in
      // Every row writes to its own result.
      nonisolated(unsafe) let results = results
      NeighbourSearch(batch.given, distance: distance)
        .forEachRow(depth: { depths[$0] }, areAlike: areAlike) { results[$0] = body($0, $1) }
    }
    return results
  }
}

extension Batch {
  /// How many others share the class of every row.
  var mates: [Int] { classes.ofRow.map { classes.sizes[$0] - 1 } }

  /// Whether two rows share a class.
  func areMates(_ a: Int, _ b: Int) -> Bool { classes.ofRow[a] == classes.ofRow[b] }
}
