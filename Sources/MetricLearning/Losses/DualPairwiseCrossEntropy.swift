public import Cards
import Tensors

/// The dual pairwise cross-entropy: a lower bound of cross-entropy with weight decay, whatever the
/// weights.
///
///     L = −1/(2λ) Σₖ ‖mₖ − cₖ‖² + 1/n Σᵢ H(pᵢ),   mₖ = 1/n Σ_{yᵢ=k} zᵢ,  cₖ = 1/n Σᵢ pᵢₖ zᵢ
///
/// Theory §5.6. The class probabilities `p`, n×K, are given and constant, or the softmax of `z` times
/// K×d weights, with the gradient through it. The bound is reached at the weights that minimise the
/// cross-entropy and their probabilities.
public struct DualPairwiseCrossEntropy: SplitLoss {
  /// The weight decay λ.
  public var lambda = 1.0

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "dpce", "Dual pairwise cross-entropy: a lower bound of cross-entropy with weight decay.",
    signature: signature("dpce"),
    formula: """
      L = −1/(2λ) Σₖ ‖mₖ − cₖ‖² + 1/n Σᵢ H(pᵢ)
      mₖ = 1/n Σ_{yᵢ=k} zᵢ,  cₖ = 1/n Σᵢ pᵢₖ zᵢ
      """,
    details: """
      z: n×d, y: n labels, lam λ > 0. Either probs: n×K, constant in the gradient, or weights: \
      K×d, and then p = softmax(z Wᵀ) with its gradient. For every θ and p it is at most \
      softmax_ce(z, y, weights=θ) + λ/2 ‖θ‖². Its tightness is that of pce. Defaults: lam is that \
      of pce.
      """,
    reference: "theory §5.6, after Boudiaf et al. 2020",
    example: "dpce([[1, 0], [0, 1]], [0, 1], weights=[[2, 0], [0, 2]])",
    seeAlso: ["pce", "spce", "softmax_ce"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [Parameter("lam", \.lambda, .positive, "the weight decay")]
  }

  /// The tensors taken beside embeddings and labels.
  public static let operands = ["probs", "weights"]

  /// The body of the textbook definition, in the language.
  public static let formula = """
    n = len(z)
    p = softmax(z @ weights.T, axis=1) if probs == none else stop_gradient(probs)
    masses = one_hot(y, p.shape[1]).T @ z / n
    soft_masses = p.T @ z / n
    entropy = -sum(p * log(maximum(p, 1e-300))) / n
    entropy - sum((masses - soft_masses)^2) / (2 * lam)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["lam"] }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    ["inner product, as given", "all pairs, weighted by class probabilities", "whole"]
  }

  /// Training makes weights, and so the probabilities.
  public var needsWeights: Bool { true }
}

extension DualPairwiseCrossEntropy {
  /// The pull of the masses, and the push of soft ones with the entropy.
  func result(
    _ input: LossInput, pull: Double, push: Double
  ) throws(LossError) -> LossResult {
    try requireNoneUnused(input)
    let batch = try Batch(input)
    let rows = Rows(batch.embeddings.elements, width: batch.width, normalized: false)
    let probabilities = try ClassProbabilities(input, batch, rows, loss: Self.card.name)
    let classes = probabilities.classes
    let n = Double(max(1, batch.count))
    let masses = ClassMasses(rows, labels: batch.labels, classes: classes)
    let soft = ClassMasses(rows, memberships: probabilities.shares, classes: classes)

    var byMasses = masses.rows.zeroGradient
    var bySoft = soft.rows.zeroGradient
    var products = 0.0
    for k in 0..<classes {
      products += masses.rows.dot(k, soft.rows, k)
      masses.rows.add(k, times: -pull / lambda, to: &byMasses, row: k)
      soft.rows.add(k, times: push / lambda, to: &byMasses, row: k)
      masses.rows.add(k, times: push / lambda, to: &bySoft, row: k)
      soft.rows.add(k, times: -push / lambda, to: &bySoft, row: k)
    }
    let massRows = Rows(vectors: byMasses, like: rows)
    let softRows = Rows(vectors: bySoft, like: rows)
    var byRows = rows.zeroGradient
    for (i, label) in batch.labels.enumerated() {
      massRows.add(label, times: 1 / n, to: &byRows, row: i)
      for k in 0..<classes {
        softRows.add(k, times: probabilities.shares[i * classes + k] / n, to: &byRows, row: i)
      }
    }
    let byWeights = probabilities.carryBack(to: &byRows, rows) { i in
      (0..<classes).map { k in
        let surprise = -logarithm(probabilities.shares[i * classes + k])
        return (softRows.dot(k, rows, i) + push * (surprise - 1)) / n
      }
    }
    let entropy = probabilities.shares.reduce(0) { $0 - $1 * logarithm($1) } / n
    let contrast = (products - soft.squares / 2) / lambda + entropy
    return LossResult(
      value: push * contrast - pull * masses.squares / (2 * lambda),
      embeddingGradient: Tensor(shape: batch.embeddings.shape, elements: rows.gradient(byRows)),
      weightGradient: byWeights)
  }

  /// The logarithm of a probability, finite at 0 too.
  private func logarithm(_ share: Double) -> Double { Portable.log(max(share, 1e-300)) }
}
