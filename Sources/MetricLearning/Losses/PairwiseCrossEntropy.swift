public import Cards
import Tensors

/// The pairwise cross-entropy: both halves of cross-entropy at the weights that minimise each.
///
///     L = −1/(2λn²) Σᵢ Σ_{j: yⱼ=yᵢ} ⟨zᵢ, zⱼ⟩
///         + 1/n Σᵢ log Σₖ exp( 1/(λn) Σⱼ pⱼₖ ⟨zᵢ, zⱼ⟩ ) − 1/(2λ) Σₖ ‖cₖ‖²,   cₖ = 1/n Σᵢ pᵢₖ zᵢ
///
/// Theory §5.3; Boudiaf et al. 2020. The class probabilities `p`, n×K, are given and constant, or
/// the softmax of `z` times K×d weights, with the gradient through it.
public struct PairwiseCrossEntropy: SplitLoss {
  /// The curvature λ that splits cross-entropy into two halves.
  public var lambda = 1.0

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "pce", "Pairwise cross-entropy: cross-entropy with its weights minimised away, half by half.",
    signature: signature("pce"),
    formula: """
      L = −1/(2λn²) Σᵢ Σ_{j: yⱼ=yᵢ} ⟨zᵢ, zⱼ⟩ \
      + 1/n Σᵢ log Σₖ exp( 1/(λn) Σⱼ pⱼₖ ⟨zᵢ, zⱼ⟩ ) − 1/(2λ) Σₖ ‖cₖ‖²
      cₖ = 1/n Σᵢ pᵢₖ zᵢ
      """,
    details: """
      z: n×d, y: n labels, lam λ > 0. Either probs: n×K, constant in the gradient, or weights: \
      K×d, and then p = softmax(z Wᵀ) with its gradient. Rows are used as given. Defaults: lam is \
      that of spce; the paper ties it to the encoder (theory §5.4).
      """,
    reference: "Boudiaf et al. 2020, eq. 14; theory §5.3",
    example: "pce([[1, 0], [0, 1]], [0, 1], weights=[[2, 0], [0, 2]])",
    seeAlso: ["spce", "dpce", "softmax_ce"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [Parameter("lam", \.lambda, .positive, "the curvature that splits cross-entropy in two")]
  }

  /// The tensors taken beside embeddings and labels.
  public static let operands = ["probs", "weights"]

  /// The body of the textbook definition, in the language.
  public static let formula = """
    n = len(z)
    p = softmax(z @ weights.T, axis=1) if probs == none else stop_gradient(probs)
    means = p.T @ z / n
    pull = -sum(gram(z) * same_class(y)) / (2 * lam * n^2)
    push = mean(logsumexp(z @ means.T / lam, axis=1)) - sum(means^2) / (2 * lam)
    pull + push
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

extension PairwiseCrossEntropy {
  /// The pull of hard class means and the push of soft ones.
  func result(
    _ input: LossInput, pull: Double, push: Double
  ) throws(LossError) -> LossResult {
    try requireNoneUnused(input)
    let batch = try Batch(input)
    let rows = Rows(batch.embeddings.elements, width: batch.width, normalized: false)
    let probabilities = try ClassProbabilities(input, batch, rows, loss: Self.card.name)
    let n = Double(max(1, batch.count))
    var byRows = rows.zeroGradient

    let masses = ClassMasses(rows, classes: batch.classes)
    for i in 0..<batch.count {
      masses.rows.add(batch.classes.ofRow[i], times: -pull / (lambda * n), to: &byRows, row: i)
    }
    var value = -pull * masses.squares / (2 * lambda)

    let means = ClassMasses(rows, memberships: probabilities.shares, classes: probabilities.classes)
    var byMeans = means.rows.zeroGradient
    if push > 0 {
      let contrast = means.addLogSumExp(rows, scale: 1 / lambda, to: &byRows)
      value = (contrast.value + value) - means.squares / (2 * lambda)
      byMeans = contrast.gradient
    }
    for k in 0..<probabilities.classes {
      means.rows.add(k, times: -push / lambda, to: &byMeans, row: k)
    }
    let meanRows = Rows(vectors: byMeans, like: means.rows)
    for i in 0..<batch.count {
      for k in 0..<probabilities.classes {
        let share = probabilities.shares[i * probabilities.classes + k]
        meanRows.add(k, times: share / n, to: &byRows, row: i)
      }
    }
    let byWeights = probabilities.carryBack(to: &byRows, rows) { i in
      (0..<probabilities.classes).map { meanRows.dot($0, rows, i) / n }
    }
    return LossResult(
      value: value,
      embeddingGradient: Tensor(shape: batch.embeddings.shape, elements: rows.gradient(byRows)),
      weightGradient: byWeights)
  }
}
