public import Cards

/// The logarithmic form of NCA on the unit sphere, with a temperature.
///
///     L = mean of −log( Σ_{Pᵢ} e^{Sᵢⱼ/σ} / Σ_{k≠i} e^{Sᵢₖ/σ} )     theory §4.3, §8.1; Wu et al. 2018
///
/// It is an estimate of −I(Z; Y) up to a constant. `z` is n×d. For a distance the signs turn.
public struct ScalableNeighbourhoodComponents: AnchorLoss {
  /// The temperature σ.
  public var sigma = 0.05
  /// What a pair is measured by.
  public var distance = Distance.cosine
  /// How the anchors are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "snca", "NCA on the unit sphere: a kernel estimate of how much embeddings tell of labels.",
    signature: signature("snca"),
    formula: "L = mean of −log( Σ_{Pᵢ} e^{Sᵢⱼ/σ} / Σ_{k≠i} e^{Sᵢₖ/σ} )",
    details: """
      z: n×d, y: n labels; σ = sigma > 0. The mean is over the anchors that have a positive. It is \
      nca(form="log", scale=1/sigma, distance="cosine"). Defaults: sigma is that of the authors' \
      code, distance the paper's.
      """,
    reference: "Wu et al. 2018; theory §4.3, §8.1",
    example: "snca([[1, 0], [1, 0.5], [0, 1], [0.2, 1]], [0, 0, 1, 1], sigma=0.5)",
    seeAlso: ["nca", "supcon", "ms"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("sigma", \.sigma, .positive, "the temperature"),
      Parameter("distance", \.distance, "what a pair is measured by"),
      Parameter("reduction", \.reduction, "how the anchors are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.sorted)
    \(PairFormula.reduced)
    S = -D / sigma
    terms = [logsumexp(S[i][P[i] or N[i]]) - logsumexp(S[i][P[i]]) for i in range(n) if any(P[i])]
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["sigma"] }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: distance.bendsSimilarity, negative: true, positive: true)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    distance.normalizes && how != .meanNonzero ? .simplex : .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] { neighbours.terms }

  var how: Reduction { neighbours.how }

  /// The loss it is a case of.
  private var neighbours: NeighbourhoodComponents {
    var loss = NeighbourhoodComponents()
    loss.form = .log
    loss.scale = 1 / sigma
    loss.distance = distance
    loss.reduction = reduction
    return loss
  }
}

extension ScalableNeighbourhoodComponents {
  var hasHalves: Bool { true }

  func pairExponents(_ halves: Halves) -> PairExponents? { neighbours.pairExponents(halves) }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    neighbours.cost(of: row, in: visit)
  }
}
