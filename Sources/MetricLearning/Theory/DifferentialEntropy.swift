public import Autodiff
import Tensors

/// The entropy of a continuous distribution, estimated from points drawn from it, in nats.
///
/// All obey H(aZ) = H(Z) + d log|a| (theory §10). Every estimate can be differentiated in the points;
/// points that coincide make it −∞ and add nothing to the derivative.
public enum DifferentialEntropy {
  /// How it is estimated.
  public enum Estimator: String, CaseIterable, Sendable {
    /// By the distance to the k-th nearest neighbour: Kozachenko and Leonenko.
    case nearestNeighbour = "kl"
    /// By the distances of all pairs: MeanNN.
    case allPairs = "meannn"
  }

  /// What sum over all pairs is meant.
  public enum PairwiseForm: String, CaseIterable, Sendable {
    /// The estimate in nats: d/(n(n−1)) Σ log Dᵢⱼ + log V_d + 1.
    case meanNearestNeighbour = "meannn"
    /// As published, twice the part that depends on distances: d/(n(n−1)) Σ log D²ᵢⱼ.
    case published = "eq7"
  }

  /// ψ(n) − ψ(k) + log V_d + d/n Σ log εₖ(i), with εₖ(i) the distance to the k-th nearest other row.
  ///
  /// `z` is n×d with n > k. O(n²d) time, O(n·tile) memory.
  /// - Throws: `EstimateError`, `LossError` for points that are not finite rows, `TensorError`.
  public static func nearestNeighbour(_ z: Quantity, k: Int = 3) throws -> Quantity {
    let points = try Points(z)
    guard k > 0 else { throw EstimateError.neighbours(k) }
    guard points.count > k else {
      throw EstimateError.tooFewPoints(points.count, least: k + 1)
    }
    return try points.nearestNeighbourEntropy(k: k)
  }

  /// The entropy by the distances of all pairs, theory §3.5; `z` is n×d with n > 1.
  ///
  /// O(n²d) time, O(n·tile) memory.
  /// - Throws: `EstimateError`, `LossError` for points that are not finite rows, `TensorError`.
  public static func pairwise(
    _ z: Quantity, form: PairwiseForm = .meanNearestNeighbour
  ) throws -> Quantity {
    let points = try Points(z)
    guard points.count > 1 else { throw EstimateError.tooFewPoints(points.count, least: 2) }
    switch form {
    case .meanNearestNeighbour: return try points.pairwiseEntropy()
    case .published: return try 2 * points.logDistancePart()
    }
  }

  /// H(Z | Y): the entropies of the classes, each weighted by its share of the points.
  ///
  /// Points without a classmate are left out. A class of no more than `k` points is judged by the
  /// farthest of them, so that k is n − 1 there.
  /// - Throws: `EstimateError`, `LossError` for points that are not finite rows or labels that do not
  ///   fit them, `TensorError`.
  public static func conditional(
    _ z: Quantity, labels: [Int], by estimator: Estimator = .nearestNeighbour, k: Int = 3
  ) throws -> Estimate {
    let (points, leftOut) = try Points.withClassmates(z, labels)
    return Estimate(value: try points.entropy(estimator, k: k), leftOut: leftOut)
  }
}

/// An estimate from labelled points.
public struct Estimate: Sendable {
  /// The entropy or information, in nats.
  public let value: Quantity
  /// How many points were left out, since their class has no other member.
  public let leftOut: Int
}

/// Points that entropies are estimated from, apart by class.
struct Points {
  private let z: Quantity
  private let batch: Batch
  /// What the rows were divided by, so that squares of distances neither overflow nor vanish.
  private let scale: Double

  /// How many there are.
  var count: Int { batch.count }
  var sizes: [Int] { batch.classes.sizes }

  /// Points of one class, or apart by `labels`.
  init(_ z: Quantity, labels: [Int]? = nil) throws {
    let unlabelled = [Int](repeating: 0, count: z.shape.first ?? 0)
    let given = try Batch(LossInput(embeddings: z.tensor, labels: labels ?? unlabelled))
    guard given.width > 0 else { throw EstimateError.noCoordinates }
    let largest = given.embeddings.elements.reduce(0) { max($0, abs($1)) }
    guard largest > 0, !(1e-70...1e70).contains(largest) else {
      (self.z, batch, scale) = (z, given, 1)
      return
    }
    scale = Double(sign: .plus, exponent: largest.exponent, significand: 1)
    self.z = try z / .scalar(scale)
    batch = try Batch(LossInput(embeddings: self.z.tensor, labels: given.labels))
  }

  /// The points that have a classmate, apart by class, and how many others there are.
  static func withClassmates(
    _ z: Quantity, _ labels: [Int]
  ) throws -> (points: Points, leftOut: Int) {
    let all = try Points(z, labels: labels)
    let classes = all.batch.classes
    let kept = (0..<all.count).filter { classes.sizes[classes.ofRow[$0]] > 1 }
    guard !kept.isEmpty else { throw EstimateError.noClassmates }
    guard kept.count < all.count else { return (all, 0) }
    let rows = try z.subscripted([.gather(kept, shape: [kept.count])])
    return (try Points(rows, labels: kept.map { labels[$0] }), all.count - kept.count)
  }

  /// The same points as members of one class.
  func together() throws -> Points {
    try Points(z * .scalar(scale))
  }

  /// The entropy of the points within their classes.
  func entropy(_ estimator: DifferentialEntropy.Estimator, k: Int) throws -> Quantity {
    switch estimator {
    case .nearestNeighbour: try nearestNeighbourEntropy(k: k)
    case .allPairs: try pairwiseEntropy()
    }
  }

  func nearestNeighbourEntropy(k: Int) throws -> Quantity {
    guard k > 0 else { throw EstimateError.neighbours(k) }
    let neighbours = neighbours(k: k).numbers
    let lengths = try (z - z.subscripted([.gather(neighbours, shape: [count])])).norm(axis: 1)
    let apart = lengths.tensor.elements.indices.filter { lengths.tensor.elements[$0] > 0 }
    let logs = try lengths.subscripted([.gather(apart, shape: [apart.count])]).log().sum()
    let d = Double(batch.width)
    let constant = correction(k: k) + logVolume + d * Portable.log(scale)
    let coincident = apart.count < count ? -Double.infinity : 0
    return try logs * .scalar(d / Double(count)) + .scalar(constant + coincident)
  }

  func pairwiseEntropy() throws -> Quantity {
    try logDistancePart() + .scalar(logVolume + 1)
  }

  /// Σₖ nₖ/n · d/(nₖ(nₖ−1)) Σ log Dᵢⱼ, the second sum over the ordered pairs of class k.
  func logDistancePart() throws -> Quantity {
    let d = Double(batch.width)
    let weights = sizes.map { $0 > 1 ? d / (Double(count) * Double($0 - 1)) : 0 }
    let sum = LogDistances(batch, weights: weights).sum(z)
    return scale == 1 ? sum : try sum + .scalar(d * Portable.log(scale))
  }

  /// The mean over the points of ψ(n_y) − ψ(k_y).
  func correction(k: Int) -> Double {
    let sum = zip(sizes, ranks(k)).reduce(0.0) { sum, known in
      sum + Double(known.0) * (Digamma.value(known.0) - Digamma.value(known.1))
    }
    return sum / Double(count)
  }

  /// How many neighbours each class has to offer, k at most.
  func ranks(_ k: Int) -> [Int] { sizes.map { min(k, $0 - 1) } }

  /// The k-th nearest classmate of every point, or the last where there are fewer.
  func neighbours(k: Int) -> NearestNeighbours {
    let ranks = ranks(k)
    return NearestNeighbours(batch, ranks: batch.classes.ofRow.map { ranks[$0] })
  }

  /// log of the volume of the unit ball, by V_d = V_{d−2}·2π/d.
  private var logVolume: Double {
    let d = batch.width
    var volume = d % 2 == 0 ? 0.0 : Portable.log(2)
    for dimension in stride(from: d % 2 == 0 ? 2 : 3, through: d, by: 2) {
      volume += Portable.log(2 * .pi / Double(dimension))
    }
    return volume
  }
}
