public import Cards
import Tensors

/// The cross-entropy of a linear classifier without bias.
///
///     L = 1/n Σᵢ ( log Σₖ e^{⟨wₖ, zᵢ⟩} − ⟨w_{yᵢ}, zᵢ⟩ )     theory §5
///
/// With `smoothing` ε > 0 it is KL(t ‖ softmax(Wz)), t being 1 − ε on the true class and ε/(K − 1) on
/// each other (theory §5.8). `z` is n×d, `weights` K×d; nothing is normalised.
public struct SoftmaxCrossEntropy: Loss {
  /// The probability ε that is spread over the other classes.
  public var smoothing = 0.0
  /// How the rows are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "softmax_ce", "Cross-entropy of a linear classifier: embeddings align with their class weight.",
    signature: signature("softmax_ce"),
    formula: "L = 1/n Σᵢ ( log Σₖ e^{⟨wₖ, zᵢ⟩} − ⟨w_{yᵢ}, zᵢ⟩ )",
    details: """
      z: n×d, y: n labels, weights: K×d, one row per class, no bias, nothing normalised. \
      0 ≤ smoothing < 1 gives the Kullback–Leibler form with smoothing/(K − 1) on every other class.
      """,
    reference: "Boudiaf et al. 2020; theory §5, §5.8",
    example: "softmax_ce([[1, 0], [0, 1]], [0, 1], weights=[[2, 0], [0, 2]])",
    seeAlso: ["norm_softmax", "pce", "spce", "softtriple"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter(
        "smoothing", \.smoothing, .from(0, below: 1), "the probability spread over other classes"),
      Parameter("reduction", \.reduction, "how the rows are summed up"),
    ]
  }

  /// The tensors taken beside embeddings and labels.
  public static let operands = ["weights"]

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.reduced)
    K = len(weights)
    target = one_hot(y, K)
    if smoothing > 0 and K > 1 {
        target = (1 - smoothing) * target + smoothing / (K - 1) * (1 - target)
    }
    entropy = -sum(target * log(maximum(target, 1e-300)), axis=1)
    terms = -sum(target * log_softmax(z @ weights.T, axis=1), axis=1) - entropy
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { smoothing > 0 ? ["smoothing"] : [] }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] { ["inner product with class weights, as given", "rows", how.words] }

  /// Whether weights must be given.
  public var needsWeights: Bool { true }

  private var how: Reduction { reduction.resolved(paper: .mean) }
}

extension SoftmaxCrossEntropy {
  /// The value and its gradients, in one pass.
  public func evaluate(_ input: LossInput) throws(LossError) -> LossResult {
    let (batch, weights) = try checked(input)
    let rows = Rows(batch.embeddings.elements, width: batch.width, normalized: false)
    var byRows = rows.zeroGradient
    var byWeights = weights.rows.zeroGradient
    var sum = 0.0
    var active = 0.0
    for i in 0..<batch.count {
      let logits = logits(rows, i, weights)
      let (shares, logSumExp) = softmax(logits)
      var term = 0.0
      for k in 0..<weights.classes {
        let target = target(k, of: batch.labels[i], classes: weights.classes)
        if target > 0 { term += target * (logSumExp - logits[k] + Portable.log(target)) }
        weights.rows.add(k, times: shares[k] - target, to: &byRows, row: i)
        rows.add(i, times: shares[k] - target, to: &byWeights, row: k)
      }
      sum += term
      if term > 0 { active += 1 }
    }
    let factor = how.factor(terms: Double(batch.count), active: active)
    return LossResult(
      value: factor * sum,
      embeddingGradient: Tensor(
        shape: batch.embeddings.shape, elements: rows.gradient(byRows, times: factor)),
      weightGradient: weights.gradient(byWeights, times: factor))
  }

  /// The alignment with the true weight, or the log-sum-exp over all; nil with smoothing.
  public func evaluate(_ half: LossHalf, of input: LossInput) throws(LossError) -> LossResult? {
    let (batch, weights) = try checked(input)
    guard smoothing == 0 else { return nil }
    let rows = Rows(batch.embeddings.elements, width: batch.width, normalized: false)
    var byRows = rows.zeroGradient
    var byWeights = weights.rows.zeroGradient
    var sum = 0.0
    var active = 0.0
    for i in 0..<batch.count {
      let label = batch.labels[i]
      let logits = logits(rows, i, weights)
      let (shares, logSumExp) = softmax(logits)
      if logSumExp > logits[label] { active += 1 }
      sum += half.push * logSumExp - half.pull * logits[label]
      for k in 0..<weights.classes {
        let slope = half.push * shares[k] - (k == label ? half.pull : 0)
        weights.rows.add(k, times: slope, to: &byRows, row: i)
        rows.add(i, times: slope, to: &byWeights, row: k)
      }
    }
    let factor = how.factor(terms: Double(batch.count), active: active)
    return LossResult(
      value: factor * sum,
      embeddingGradient: Tensor(
        shape: batch.embeddings.shape, elements: rows.gradient(byRows, times: factor)),
      weightGradient: weights.gradient(byWeights, times: factor))
  }

  private func checked(_ input: LossInput) throws(LossError) -> (Batch, ClassWeights) {
    try requireNoneUnused(input)
    let batch = try Batch(input)
    guard let given = input.weights else { throw .weightsMissing(loss: Self.card.name) }
    let weights = try ClassWeights(given, width: batch.width)
    try batch.requireLabels(below: weights.classes)
    return (batch, weights)
  }

  private func logits(_ rows: Rows, _ i: Int, _ weights: ClassWeights) -> [Double] {
    (0..<weights.classes).map { rows.dot(i, weights.rows, $0) }
  }

  /// The probability the target gives to class `k` of a row labelled `label`.
  private func target(_ k: Int, of label: Int, classes: Int) -> Double {
    guard classes > 1 else { return 1 }
    return k == label ? 1 - smoothing : smoothing / Double(classes - 1)
  }
}
