public import Autodiff
import Tensors

/// I(Z; Y), what embeddings say about labels, estimated from points, in nats.
///
/// Estimates can be negative or exceed the entropy of the labels, which the true value cannot.
public enum MutualInformation {
  /// H(Z) − H(Z | Y), both entropies by one estimator; differentiable in the points.
  ///
  /// `z` is n×d, with one label per row. Points without a classmate are left out of both entropies.
  /// - Throws: `EstimateError`, `LossError` for points that are not finite rows or labels that do not
  ///   fit them, `TensorError`.
  public static func generative(
    _ z: Quantity, labels: [Int], by estimator: DifferentialEntropy.Estimator = .nearestNeighbour,
    k: Int = 3
  ) throws -> Estimate {
    let (points, leftOut) = try Points.withClassmates(z, labels)
    let whole = try points.together().entropy(estimator, k: k)
    let apart = try points.entropy(estimator, k: k)
    guard [whole, apart].allSatisfy({ $0.tensor.elements[0] > -.infinity }) else {
      throw EstimateError.coincidence
    }
    return Estimate(value: try whole - apart, leftOut: leftOut)
  }

  /// Ross's estimate from the ranks of distances, which does not change when the points are scaled:
  /// ψ(n) + mean ψ(kᵢ) − mean ψ(n_yᵢ) − mean ψ(mᵢ), or 0 if that is negative.
  ///
  /// kᵢ is `k` or as many classmates as there are; mᵢ counts the points of any class that are not
  /// farther than the kᵢ-th nearest classmate (theory §10). Points without a classmate are left out.
  /// It is made of counts and so has no derivative.
  /// - Throws: `EstimateError`, `LossError` for points that are not finite rows or labels that do not
  ///   fit them.
  public static func ross(_ z: Quantity, labels: [Int], k: Int = 3) throws -> Estimate {
    let (points, leftOut) = try Points.withClassmates(z.stopped, labels)
    guard k > 0 else { throw EstimateError.neighbours(k) }
    let n = Double(points.count)
    let reached = points.neighbours(k: k).withinReach
    let counted = reached.reduce(0) { $0 + Digamma.value(max($1, 1)) } / n
    let value = Digamma.value(points.count) - points.correction(k: k) - counted
    return Estimate(value: .scalar(max(0, value)), leftOut: leftOut)
  }

  /// What the leave-one-out kernel estimate of theory §4.3 comes to where SNCA is 0:
  /// log(n − 1) − mean log(n_yᵢ − 1), over the points with a classmate.
  ///
  /// The estimate itself is this minus the SNCA loss of the same σ, exactly.
  /// - Throws: `EstimateError.noClassmates`.
  public static func kernelCeiling(labels: [Int]) throws -> (value: Double, leftOut: Int) {
    let classes = try ClassIndex(labels)
    let known = classes.sizes.filter { $0 > 1 }
    let kept = known.reduce(0, +)
    guard kept > 0 else { throw EstimateError.noClassmates }
    let own = known.reduce(0.0) { $0 + Double($1) * Portable.log(Double($1 - 1)) }
    let value = Portable.log(Double(labels.count - 1)) - own / Double(kept)
    return (value, labels.count - kept)
  }
}
