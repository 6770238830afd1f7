public import Cards

/// Weighs every similarity by how far it is from its optimum, so that the boundary is a circle.
///
///     L = mean over anchors of log( 1 + Σ_P e^{−γαₚ(sₚ−(1−m))} · Σ_N e^{γαₙ(sₙ−m)} ),
///     αₚ = [1 + m − sₚ]₊,  αₙ = [sₙ + m]₊
///
/// Theory §8.9; Sun et al. 2020. m is `margin`. The weights α are constants in the gradient, unless
/// `detach` is off. `z` is n×d.
public struct Circle: AnchorLoss {
  /// The relaxation m of both optima.
  public var margin = 0.4
  /// The scale γ.
  public var gamma = 80.0
  /// Whether the weights are constants in the gradient.
  public var detach = true
  /// What a pair is measured by.
  public var similarity = Similarity.cosine
  /// How the anchors are summed up.
  public var reduction = Reduction.paper

  /// The measures it is defined for.
  public enum Similarity: String, CaseIterable, Sendable {
    /// The inner product of rows of unit length.
    case cosine
    /// The inner product, rows as given.
    case dot
  }

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "circle", "Weighs every similarity by its distance from its optimum: a circular boundary.",
    signature: signature("circle"),
    formula: """
      L = mean over anchors of log( 1 + Σ_P e^{−γαₚ(sₚ−(1−m))} · Σ_N e^{γαₙ(sₙ−m)} )
      αₚ = [1 + m − sₚ]₊,  αₙ = [sₙ + m]₊
      """,
    details: """
      z: n×d, y: n labels; m = margin, γ = gamma > 0. The mean is over the anchors above 0 that \
      have both kinds of pairs. The gradient stops at the weights α; detach=false follows them. \
      The paper takes 0.25 and 256 for faces. Defaults: margin and gamma are the paper's for \
      retrieval, as in pytorch-metric-learning; detach and distance are the paper's.
      """,
    reference: "Sun et al. 2020; theory §8.9",
    example: "circle([[1, 0], [1, 0.5], [0, 1], [0.2, 1]], [0, 0, 1, 1], gamma=8)",
    seeAlso: ["ms", "cosface", "triplet"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("margin", \.margin, .finite, "the relaxation of both optima"),
      Parameter("gamma", \.gamma, .positive, "the scale"),
      Parameter("detach", \.detach, "whether the weights are constants in the gradient"),
      Parameter("distance", \.similarity, "what a pair is measured by"),
      Parameter("reduction", \.reduction, "how the anchors are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.sorted)
    \(PairFormula.reduced)
    S = -D
    held = detach
    def weight(x) = stop_gradient(relu(x)) if held else relu(x)
    terms = zeros(0)
    for i in range(n) {
        if not any(P[i]) or not any(N[i]) { continue }
        p, q = S[i][P[i]], S[i][N[i]]
        pull = logsumexp(-gamma * weight(1 + margin - p) * (p - (1 - margin)))
        push = logsumexp(gamma * weight(q + margin) * (q - margin))
        terms = append(terms, softplus(pull + push))
    }
    reduced(terms, "mean_nonzero" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["margin", "gamma"] + (detach ? [] : ["detach"]) }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: true, negative: true, positive: true)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] { [distance.words, "anchors with both kinds of pairs", how.words] }

  /// Whether the gradient leaves out part of the slope on purpose.
  public var holdsConstants: Bool { detach }

  var how: Reduction { reduction.resolved(paper: .meanNonzero) }

  var distance: Distance { similarity == .cosine ? .cosine : .dot }
}

extension Circle {
  /// With constant weights it is a matter of two sums of exponentials.
  func pairExponents(_ halves: Halves) -> PairExponents? {
    guard detach else { return nil }
    return PairExponents(
      pull: .bent(slope: -gamma, turn: -1, reach: 1 + margin, goal: 1 - margin),
      push: .bent(slope: gamma, turn: 1, reach: margin, goal: margin), shift: .ofEachKind
    ) { sums in
      guard sums.classmates > 0, sums.others > 0 else { return (.none, AnchorSlopes()) }
      let (value, slope) = softplus(sums.logPull + sums.logPush)
      return (
        .term(value), AnchorSlopes(pullFactor: slope / sums.pull, pushFactor: slope / sums.push)
      )
    }
  }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    let pull = row.logSumExp(.positives) { ofPositive($0).value }
    let push = row.logSumExp(.negatives) { ofNegative($0).value }
    guard pull > -.infinity, push > -.infinity else { return .none }
    let (value, slope) = softplus(pull + push)
    row.addShares(.positives, of: pull, times: slope) { ofPositive($0).value }
    row.addShares(.negatives, of: push, times: slope) { ofNegative($0).value }
    row.forEach(.positives) { j, similarity in row.slopes[j] *= ofPositive(similarity).slope }
    row.forEach(.negatives) { j, similarity in row.slopes[j] *= ofNegative(similarity).slope }
    return .term(value)
  }

  /// The exponent of a positive and its derivative.
  private func ofPositive(_ similarity: Double) -> (value: Double, slope: Double) {
    let weight = max(0, 1 + margin - similarity)
    let distance = similarity - (1 - margin)
    let ofWeight = detach || weight == 0 ? 0 : distance
    return (-gamma * weight * distance, -gamma * (weight - ofWeight))
  }

  /// The exponent of a negative and its derivative.
  private func ofNegative(_ similarity: Double) -> (value: Double, slope: Double) {
    let weight = max(0, similarity + margin)
    let distance = similarity - margin
    let ofWeight = detach || weight == 0 ? 0 : distance
    return (gamma * weight * distance, gamma * (weight + ofWeight))
  }
}
