public import Tensors

/// One query with its nearest others, and the arithmetic of what they score.
public struct Ranking: Sendable {
  /// The row that asks.
  public let query: Int
  /// How many classmates it has, R.
  public let classmates: Int
  /// The R nearest others, or more where they were asked for, nearest first.
  public let places: [Place]

  /// One of the ranking.
  public struct Place: Sendable {
    /// The number of the row.
    public let row: Int
    /// Its distance from the query, or its similarity.
    public let measure: Double
    /// Whether it is a classmate of the query.
    public let isHit: Bool
    /// The share of classmates up to here.
    public let precision: Double
  }

  /// Ranks the rows around `query`, at least `least` of them.
  ///
  /// `z` is n×d.
  /// - Precondition: `query` is a row of `z`.
  /// - Throws: what a batch of a loss throws.
  public init(
    of query: Int, in z: Tensor, _ labels: [Int], distance: Distance = .euclidean, least: Int = 1
  ) throws(LossError) {
    let batch = try Batch(LossInput(embeddings: z, labels: labels))
    self.query = query
    classmates = batch.mates[query]
    var found: [Int] = []
    let depth = max(classmates, least)
    NeighbourSearch(z, distance: distance).forEachRow(depth: { $0 == query ? depth : 0 }) {
      if $0 == query { found = $1 }
    }
    let rows = Rows(
      z.converted(to: .float64).elements, width: max(1, z.shape[1]),
      normalized: distance.normalizes)
    var hits = 0
    places = found.enumerated().map { place, neighbour in
      let isHit = batch.areMates(query, neighbour)
      if isHit { hits += 1 }
      return Place(
        row: neighbour, measure: distance.measure(rows, query, neighbour), isHit: isHit,
        precision: Double(hits) / Double(place + 1))
    }
  }

  /// R-precision of the query, the share of classmates among the R nearest; nan without classmates.
  public var precisionAtR: Double { scores.hits }

  /// The average precision of the R nearest; nan without classmates.
  public var averagePrecisionAtR: Double { scores.average }

  private var scores: (hits: Double, average: Double) {
    guard classmates > 0 else { return (.nan, .nan) }
    return Self.scores(places.prefix(classmates).map(\.isHit))
  }

  /// The share of hits among the R nearest, and the mean over R of the precision at every hit.
  static func scores(_ relevant: [Bool]) -> (hits: Double, average: Double) {
    guard !relevant.isEmpty else { return (0, 0) }
    var hits = 0
    var sum = 0.0
    for (place, isHit) in relevant.enumerated() where isHit {
      hits += 1
      sum += Double(hits) / Double(place + 1)
    }
    return (Double(hits) / Double(relevant.count), sum / Double(relevant.count))
  }
}

extension Distance {
  /// The measure between two rows.
  fileprivate func measure(_ rows: Rows, _ a: Int, _ b: Int) -> Double {
    // Rows without numbers are all alike.
    guard rows.count > 0 else { return 0 }
    if isSimilarity { return rows.dot(a, rows, b) }
    let square = rows.squaredDistance(a, rows, b)
    return isSquared ? square : square.squareRoot()
  }
}
