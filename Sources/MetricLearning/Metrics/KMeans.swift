import Cards
public import Tensors

/// Clusters around means, by Lloyd's rule: every point goes to its nearest center, every center to
/// the mean of its points, until nothing moves (theory §9).
///
/// Equally near centers come in the order of their numbers. Results depend neither on the number of
/// threads nor on how products round: centers that products cannot tell apart are compared by their
/// differences.
public struct KMeans: Sendable {
  /// The number of the center of every point.
  public let clusters: [Int]
  /// The centers, k×d.
  public let centers: Tensor
  /// The sum of squared distances of points from their centers.
  public let inertia: Double
  /// How often all points were assigned.
  public let iterations: Int

  /// The largest number of rounds; nearly always it is over long before.
  static let mostIterations = 300

  /// The best of `restarts` runs from centers of k-means++, or the run from `initial` ones.
  ///
  /// - Parameters:
  ///   - z: n×d, n ≥ k.
  ///   - k: how many clusters, 1 or more.
  ///   - initial: k×d; nil for centers drawn among the points.
  ///   - restarts: how many runs there are; those from given centers are all one.
  ///   - seed: of the draws.
  /// - Returns: the run of the least inertia, the first of equals.
  /// - Throws: `LossError.parameter` for k and restarts below 1, `tooFewRows` for k above n,
  ///   `weightsShape` for initial centers of another shape, and what a batch of a loss throws.
  public static func fit(
    _ z: Tensor, clusters k: Int, initial: Tensor? = nil, restarts: Int = 10, seed: UInt64 = 0
  ) throws(LossError) -> KMeans {
    for (name, number) in [("k", k), ("restarts", restarts)] where number < 1 {
      throw .parameter(.outOfRange(name: name, given: Double(number), range: .atLeast(1)))
    }
    let unlabelled = [Int](repeating: 0, count: z.shape.first ?? 0)
    _ = try Batch(LossInput(embeddings: z, labels: unlabelled))
    let (n, d) = (z.shape[0], z.shape[1])
    guard n >= k else { throw .tooFewRows(n, least: k) }
    if let initial {
      guard initial.shape == [k, d] else {
        throw .weightsShape(given: initial.shape, width: d, centers: nil)
      }
      try requireFinite(initial, .weights)
    }
    let points = KMeansPoints(z)
    var random = Random(seed: seed, name: "kmeans")
    var best: KMeans?
    for _ in 0..<(initial == nil ? restarts : 1) {
      if Stopping.isDue { break }
      let start = initial.map { points.centers($0) } ?? points.spreadCenters(k, &random)
      let run = KMeans(points, from: start, dtype: z.dtype)
      if best.map({ run.inertia < $0.inertia }) ?? true { best = run }
    }
    return best ?? KMeans(points, from: points.spreadCenters(k, &random), dtype: z.dtype)
  }

  private init(_ points: KMeansPoints, from start: Rows, dtype: DType) {
    var centers = start
    var clusters = points.assigned(to: centers)
    var iterations = 1
    while iterations < Self.mostIterations, !Stopping.isDue {
      centers = points.means(of: points.filled(clusters, centers), count: centers.count)
      let next = points.assigned(to: centers, expected: clusters)
      iterations += 1
      if next == clusters { break }
      clusters = next
    }
    self.clusters = clusters
    self.iterations = iterations
    self.centers = Tensor(
      shape: [centers.count, points.width], elements: points.width > 0 ? centers.elements : []
    )
    .converted(to: dtype == .float32 ? .float32 : .float64)
    inertia = points.squares(to: centers, clusters).reduce(0, +)
  }
}
