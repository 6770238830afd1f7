public import Cards

/// Softmax of cosines, the own angle made wider by a margin.
///
///     L = 1/n Σᵢ −log( e^{s·cos(θ_y+m)} / ( e^{s·cos(θ_y+m)} + Σ_{k≠y} e^{s·cos θₖ} ) )
///
/// Theory §8.6; Deng et al. 2019. Where θ_y > π − m the cosine less m sin m stands for cos(θ_y + m),
/// which would rise again. s is `scale`, m `margin` in radians. `z` is n×d, `weights` K×d.
public struct ArcFace: AngularSoftmaxLoss {
  /// What the own angle is made wider by, in radians, m.
  public var margin = 0.5
  /// The inverse temperature s.
  public var scale = 64.0
  /// Whether the margin holds only where the own cosine is above 0.
  public var easyMargin = false
  /// How the rows are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "arcface", "Softmax of cosines in which the own angle is made wider by a margin.",
    signature: signature("arcface"),
    formula: "L = 1/n Σᵢ −log( e^{s·cos(θ_y+m)} / ( e^{s·cos(θ_y+m)} + Σ_{k≠y} e^{s·cos θₖ} ) )",
    details: """
      z: n×d, y: n labels, weights: K×d; s = scale > 0, m = margin in radians, 0 ≤ m < π. Beyond \
      θ_y = π − m it is cos θ_y − m sin m. easy_margin=true adds m only where cos θ_y > 0. \
      Defaults: margin, scale and easy_margin, off, are those of the paper; \
      pytorch-metric-learning gives the margin as 28.6 degrees.
      """,
    reference: "Deng et al. 2019; theory §8.6",
    example: "arcface([[1, 0], [0, 1]], [0, 1], weights=[[2, 1], [1, 2]], scale=8)",
    seeAlso: ["cosface", "subcenter_arcface", "sphereface", "norm_softmax"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("margin", \.margin, .from(0, below: .pi), "what the own angle is made wider by"),
      Parameter("scale", \.scale, .positive, "one over the temperature"),
      Parameter("easy_margin", \.easyMargin, "whether it holds only for cosines above 0"),
      Parameter("reduction", \.reduction, "how the rows are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(AngularMargin.formula)
    \(LogitCost.formula)
    own = one_hot(y, len(weights))
    S = cosine_matrix(z, weights)
    wide = widened(S)
    if easy_margin {
        wide = where(S > 0, S * cos(margin) - sqrt(maximum(1e-300, 1 - S^2)) * sin(margin), S)
    }
    terms = cross_entropy(scale * where(own > 0, wide, S), y)
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// The parameters the description shows.
  public var shownParameters: [String] {
    ["margin", "scale"] + (easyMargin ? ["easy_margin"] : [])
  }
}

extension ArcFace {
  func target(_ cosine: Double) -> (value: Double, slope: Double) {
    AngularMargin(margin: margin, isEasy: easyMargin).target(cosine)
  }
}
