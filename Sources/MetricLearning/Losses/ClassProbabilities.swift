import Tensors

/// How likely every row is in every class: given and constant, or the softmax of `z Wᵀ`.
struct ClassProbabilities {
  /// The probability of class k for row i at i·classes + k.
  let shares: [Double]
  /// How many classes there are.
  let classes: Int
  /// What they come from, unless they were given.
  private let weights: ClassWeights?

  /// The probabilities of an input; `loss` is who needs them.
  init(
    _ input: LossInput, _ batch: Batch, _ rows: Rows, loss: String
  ) throws(LossError) {
    if let probs = input.probs {
      guard probs.shape.count == 2, probs.shape[0] == batch.count else {
        throw .probsShape(given: probs.shape, rows: batch.count)
      }
      try requireFinite(probs, .probs)
      try batch.requireLabels(below: probs.shape[1], of: "probs")
      (shares, classes, weights) = (probs.elements, probs.shape[1], nil)
      return
    }
    guard let given = input.weights else { throw .probsMissing(loss: loss) }
    let weights = try ClassWeights(given, width: batch.width)
    try batch.requireLabels(below: weights.classes)
    shares = (0..<batch.count).flatMap { i in
      softmax((0..<weights.classes).map { rows.dot(i, weights.rows, $0) }).shares
    }
    classes = weights.classes
    self.weights = weights
  }

  /// Adds the part of the gradient that flows through the softmax, and returns that by the weights;
  /// nil where probabilities were given.
  ///
  /// `byShare` is the derivative by the probabilities of a row.
  func carryBack(
    to byRows: inout [Rows.Vector], _ rows: Rows, _ byShare: (_ row: Int) -> [Double]
  ) -> Tensor? {
    guard let weights else { return nil }
    var byWeights = weights.rows.zeroGradient
    for i in 0..<rows.count {
      let p = shares[i * classes..<(i + 1) * classes]
      let byShare = byShare(i)
      let mean = zip(p, byShare).reduce(0) { $0 + $1.0 * $1.1 }
      for (k, share) in p.enumerated() {
        let byLogit = share * (byShare[k] - mean)
        weights.rows.add(k, times: byLogit, to: &byRows, row: i)
        rows.add(i, times: byLogit, to: &byWeights, row: k)
      }
    }
    return weights.gradient(byWeights)
  }
}
