public import Cards

/// Softmax of cosines, the own one made smaller by a margin.
///
///     L = 1/n Σᵢ −log( e^{s(cos θ_y−m)} / ( e^{s(cos θ_y−m)} + Σ_{k≠y} e^{s·cos θₖ} ) )
///
/// Theory §8.6; Wang et al. 2018. s is `scale`, m `margin`. `z` is n×d, `weights` K×d.
public struct CosFace: AngularSoftmaxLoss {
  /// What the own cosine is made smaller by, m.
  public var margin = 0.35
  /// The inverse temperature s.
  public var scale = 64.0
  /// How the rows are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "cosface", "Softmax of cosines in which the own class has to be better by a margin.",
    signature: signature("cosface"),
    formula: "L = 1/n Σᵢ −log( e^{s(cos θ_y−m)} / ( e^{s(cos θ_y−m)} + Σ_{k≠y} e^{s·cos θₖ} ) )",
    details: """
      z: n×d, y: n labels, weights: K×d; s = scale > 0, m = margin. Both are normalised inside, \
      there is no bias. Defaults: margin and scale are those of the paper and of \
      pytorch-metric-learning.
      """,
    reference: "Wang et al. 2018; theory §8.6",
    example: "cosface([[1, 0], [0, 1]], [0, 1], weights=[[2, 0], [1, 2]], scale=8)",
    seeAlso: ["arcface", "norm_softmax", "softtriple", "circle"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("margin", \.margin, .finite, "what the own cosine is made smaller by"),
      Parameter("scale", \.scale, .positive, "one over the temperature"),
      Parameter("reduction", \.reduction, "how the rows are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(LogitCost.formula)
    own = one_hot(y, len(weights))
    terms = cross_entropy(scale * (cosine_matrix(z, weights) - margin * own), y)
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// How low the value can get.
  public var floor: LossFloor {
    how == .meanNonzero ? .zero : .simplex
  }

  /// The parameters the description shows.
  public var shownParameters: [String] { ["margin", "scale"] }
}

extension CosFace {
  func target(_ cosine: Double) -> (value: Double, slope: Double) { (cosine - margin, 1) }
}
