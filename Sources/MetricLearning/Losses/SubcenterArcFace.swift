public import Cards

/// ArcFace with several centers per class, of which the nearest counts.
///
///     cos θₖ = maxₘ ⟨x, wₖₘ⟩,   L = 1/n Σᵢ −log softmax_y( s·cos(θ_y + m), s·cos θₖ )
///
/// Theory §8.6; Deng et al. 2020. `z` is n×d, `weights` K×centers×d, or (K·centers)×d with
/// row = class·centers + center.
public struct SubcenterArcFace: AngularSoftmaxLoss {
  /// How many centers a class has where the weights' shape does not say.
  public var centers = 3
  /// What the own angle is made wider by, in radians, m.
  public var margin = 0.5
  /// The inverse temperature s.
  public var scale = 64.0
  /// How the rows are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "subcenter_arcface", "ArcFace with several centers per class, of which the nearest counts.",
    signature: signature("subcenter_arcface"),
    formula: """
      cos θₖ = maxₘ ⟨x, wₖₘ⟩
      L = 1/n Σᵢ −log( e^{s·cos(θ_y+m)} / ( e^{s·cos(θ_y+m)} + Σ_{k≠y} e^{s·cos θₖ} ) )
      """,
    details: """
      z: n×d, y: n labels, weights: K×centers×d, or (K·centers)×d with row = class·centers + \
      center; s = scale > 0, m = margin in radians. The fallback beyond π − m is that of arcface. \
      Defaults: centers is that of the paper and of pytorch-metric-learning; margin and scale are \
      those of arcface.
      """,
    reference: "Deng et al. 2020; theory §8.6",
    example: """
      subcenter_arcface([[1, 0], [0, 1]], [0, 1], weights=[[[1, 0], [1, 1]], [[0, 1], [-1, 1]]])
      """,
    seeAlso: ["arcface", "softtriple"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("centers", \.centers, .atLeast(1), "how many centers a class has"),
      Parameter("margin", \.margin, .from(0, below: .pi), "what the own angle is made wider by"),
      Parameter("scale", \.scale, .positive, "one over the temperature"),
      Parameter("reduction", \.reduction, "how the rows are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(AngularMargin.formula)
    \(LogitCost.formula)
    d = z.shape[1]
    m = weights.shape[1] if weights.ndim == 3 else centers
    w = reshape(weights, [weights.size // d, d])
    S = max(reshape(cosine_matrix(z, w), [len(z), len(w) // m, m]), axis=2)
    own = one_hot(y, len(w) // m)
    terms = cross_entropy(scale * where(own > 0, widened(S), S), y)
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// The parameters the description shows.
  public var shownParameters: [String] { ["centers", "margin", "scale"] }

  /// Several rows per class.
  public func weightShape(classes: Int, d: Int) -> [Int] { [classes, centers, d] }
}

extension SubcenterArcFace {
  var centersPerClass: Int? { centers }

  func target(_ cosine: Double) -> (value: Double, slope: Double) {
    AngularMargin(margin: margin, isEasy: false).target(cosine)
  }
}
