public import Cards

/// Softmax cross-entropy of cosines: only directions count.
///
///     L = 1/n Σᵢ ( log Σₖ e^{s·cos θᵢₖ} − s·cos θᵢ_{yᵢ} )     theory §8.6; Wang et al. 2017
///
/// s is `scale`, the inverse temperature. `z` is n×d, `weights` K×d; both are normalised inside.
public struct NormalizedSoftmax: AngularSoftmaxLoss {
  /// The inverse temperature s.
  public var scale = 20.0
  /// How the rows are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "norm_softmax", "Softmax cross-entropy of cosines: only directions count.",
    signature: signature("norm_softmax"),
    formula: "L = 1/n Σᵢ ( log Σₖ e^{s·cos θᵢₖ} − s·cos θᵢ_{yᵢ} )",
    details: """
      z: n×d, y: n labels, weights: K×d, one row per class; s = scale > 0, one over the \
      temperature. Rows and weights are normalised inside, there is no bias. Defaults: scale is \
      that of pytorch-metric-learning, a temperature of 0.05.
      """,
    reference: "Wang et al. 2017; theory §7.1, §8.6",
    example: "norm_softmax([[1, 0], [0, 1]], [0, 1], weights=[[2, 0], [1, 2]])",
    seeAlso: ["softmax_ce", "cosface", "softtriple", "proxy_nca_pp"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("scale", \.scale, .positive, "one over the temperature"),
      Parameter("reduction", \.reduction, "how the rows are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(LogitCost.formula)
    terms = cross_entropy(scale * cosine_matrix(z, weights), y)
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// How low the value can get.
  public var floor: LossFloor {
    how == .meanNonzero ? .zero : .simplex
  }

  /// The parameters the description shows.
  public var shownParameters: [String] { ["scale"] }
}

extension NormalizedSoftmax {
  func target(_ cosine: Double) -> (value: Double, slope: Double) { (cosine, 1) }
}
