public import Cards
import Tensors

/// The simplified pairwise cross-entropy: cross-entropy with the weights tied to class means.
///
///     L = −1/n² Σᵢ Σ_{j: yⱼ=yᵢ} ⟨zᵢ, zⱼ⟩ + 1/n Σᵢ log Σₖ exp( 1/n Σ_{j: yⱼ=k} ⟨zᵢ, zⱼ⟩ )
///
/// Theory §5.7; Boudiaf et al. 2020, eq. 15. `k` runs over the classes present, `j = i` is included,
/// rows are used as given.
public struct SimplifiedPairwiseCrossEntropy: SplitLoss {
  /// The loss, which has no parameters.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "spce", "Cross-entropy whose class weights are the mass means of the batch.",
    signature: signature("spce"),
    formula: "L = −1/n² Σᵢ Σ_{j: yⱼ=yᵢ} ⟨zᵢ, zⱼ⟩ + 1/n Σᵢ log Σₖ exp( 1/n Σ_{j: yⱼ=k} ⟨zᵢ, zⱼ⟩ )",
    details: """
      z: n×d, y: n labels; k runs over the classes present and j = i is included. It equals \
      softmax_ce with weights mₖ = 1/n Σ_{yᵢ=k} zᵢ.
      """,
    reference: "Boudiaf et al. 2020, eq. 15; theory §5.7",
    example: "spce([[1, 0], [1, 1], [0, 1], [-1, 1]], [0, 0, 1, 1])",
    seeAlso: ["pce", "softmax_ce", "class_means"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] { [] }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    n = len(z)
    masses = [sum(z[y == k], axis=0) / n for k in unique(y)]
    pull = -sum(gram(z) * same_class(y)) / n^2
    push = mean(logsumexp(z @ masses.T, axis=1))
    pull + push
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { [] }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    ["inner product, as given", "all pairs, self pairs included", "whole"]
  }
}

extension SimplifiedPairwiseCrossEntropy {
  /// The pull of the classes' masses and the log-sum-exp over them.
  func result(
    _ input: LossInput, pull: Double, push: Double
  ) throws(LossError) -> LossResult {
    let (batch, rows, masses) = try checked(input)
    let n = Double(max(1, batch.count))
    var byRows = rows.zeroGradient
    var byMasses = masses.rows.zeroGradient
    var value = -pull * masses.squares
    if push > 0 {
      let contrast = masses.addLogSumExp(rows, scale: 1, to: &byRows)
      value += contrast.value
      byMasses = contrast.gradient
    }
    for k in 0..<masses.rows.count {
      masses.rows.add(k, times: -2 * pull, to: &byMasses, row: k)
    }
    let massRows = Rows(vectors: byMasses, like: masses.rows)
    for i in 0..<batch.count {
      massRows.add(batch.classes.ofRow[i], times: 1 / n, to: &byRows, row: i)
    }
    return LossResult(
      value: value,
      embeddingGradient: Tensor(shape: batch.embeddings.shape, elements: rows.gradient(byRows)))
  }

  private func checked(_ input: LossInput) throws(LossError) -> (Batch, Rows, ClassMasses) {
    try requireNoneUnused(input)
    let batch = try Batch(input)
    let rows = Rows(batch.embeddings.elements, width: batch.width, normalized: false)
    return (batch, rows, ClassMasses(rows, classes: batch.classes))
  }
}
