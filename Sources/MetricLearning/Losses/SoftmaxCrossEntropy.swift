public import Cards
import Tensors

/// The cross-entropy of a linear classifier without bias.
///
///     L = 1/n Σᵢ ( log Σₖ e^{⟨wₖ, zᵢ⟩} − ⟨w_{yᵢ}, zᵢ⟩ )     theory §5
///
/// With `smoothing` ε > 0 it is KL(t ‖ softmax(Wz)), t being 1 − ε on the true class and ε/(K − 1) on
/// each other (theory §5.8). `z` is n×d, `weights` K×d; nothing is normalised.
public struct SoftmaxCrossEntropy: ClassWeightLoss {
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
      z: n×d, y: n labels, weights: K×d, one row per class, no bias, nothing normalised. 0 ≤ \
      smoothing < 1 gives the Kullback–Leibler form with smoothing/(K − 1) on every other class. \
      Defaults: smoothing is off; Boudiaf et al. 2020 take 0.1 in their code.
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

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] { ["inner product with class weights, as given", "rows", how.words] }

  var how: Reduction { reduction.resolved(paper: .mean) }
}

extension SoftmaxCrossEntropy {
  var normalizesRows: Bool { false }

  var normalizesWeights: Bool { false }

  var hasHalves: Bool { smoothing == 0 }

  var takesSum: Bool { smoothing > 0 }

  func cost(_ logits: LogitSums, _ halves: Halves) -> LogitCost? {
    var cost = LogitCost.crossEntropy(logits, halves)
    guard smoothing > 0, logits.classes > 1 else { return cost }
    let count = Double(logits.classes - 1)
    let other = smoothing / count
    let ofOthers = count * (logits.own + cost.term + Portable.log(other)) - logits.sumOfOthers
    cost.term = (1 - smoothing) * (cost.term + Portable.log(1 - smoothing)) + other * ofOthers
    cost.shown = cost.term
    cost.byOwn += smoothing
    cost.level = -other
    return cost
  }
}
