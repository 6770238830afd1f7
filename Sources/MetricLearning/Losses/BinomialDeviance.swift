public import Cards

/// Judges every pair by its own similarity alone: a logistic cost on either side of a base.
///
///     L = Σᵢ { 1/|Pᵢ| Σ_{Pᵢ} log[1 + e^{α(λ−Sᵢⱼ)}] + 1/|Nᵢ| Σ_{Nᵢ} log[1 + e^{β(Sᵢⱼ−λ)}] }
///
/// Theory §6.3; Yi et al. 2014, as in Wang et al. 2019. λ is `base`. `z` is n×d. For a distance the
/// signs turn.
public struct BinomialDeviance: AnchorLoss {
  /// How steeply positives cost below the base.
  public var alpha = 2.0
  /// How steeply negatives cost above the base.
  public var beta = 50.0
  /// The similarity λ that a pair is compared with.
  public var base = 0.5
  /// What a pair is measured by.
  public var distance = Distance.cosine
  /// How the anchors are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "binomial", "Binomial deviance: a logistic cost of every pair, by its own similarity alone.",
    signature: signature("binomial"),
    formula: """
      L = Σᵢ { 1/|Pᵢ| Σ_{Pᵢ} log[1 + e^{α(λ−Sᵢⱼ)}] + 1/|Nᵢ| Σ_{Nᵢ} log[1 + e^{β(Sᵢⱼ−λ)}] }
      """,
    details: """
      z: n×d, y: n labels; λ = base, alpha > 0, beta > 0. An anchor without positives or without \
      negatives lacks that term. Defaults: distance is the paper's; alpha, beta and base are those \
      of ms, to compare the two.
      """,
    reference: "Yi et al. 2014; Wang et al. 2019; theory §6.3",
    example: "binomial(normalize([[1, 0], [1, 0.5], [0, 1], [0.2, 1]]), [0, 0, 1, 1])",
    seeAlso: ["ms", "contrastive", "pair_weights"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("alpha", \.alpha, .positive, "how steeply positives cost below the base"),
      Parameter("beta", \.beta, .positive, "how steeply negatives cost above the base"),
      Parameter("base", \.base, .finite, "the similarity a pair is compared with"),
      Parameter("distance", \.distance, "what a pair is measured by"),
      Parameter("reduction", \.reduction, "how the anchors are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.sorted)
    \(PairFormula.reduced)
    level = sign * base
    pull = sum(P * softplus(alpha * (D - level)), axis=1) / maximum(1, count(P, axis=1))
    push = sum(N * softplus(beta * (level - D)), axis=1) / maximum(1, count(N, axis=1))
    reduced(pull + push, "sum" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["alpha", "beta", "base"] }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: true, negative: false, positive: false)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    distance.normalizes && how != .meanNonzero ? .simplex : .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    [distance.words, "mean positive and mean negative of every anchor", how.words]
  }

  var how: Reduction { reduction.resolved(paper: .sum) }
}

extension BinomialDeviance {
  var hasHalves: Bool { true }

  /// Every pair by itself, divided by how many of its kind its anchor has.
  func pairCosts(_ classes: ClassIndex) -> PairCosts? {
    guard distance.isSimilarity, how != .meanNonzero else { return nil }
    let count = classes.ofRow.count
    let sizes = classes.rowsInOrder.map { classes.sizes[classes.ofRow[$0]] }
    return PairCosts(
      pull: PairCost(shape: .softplus, sign: distance.sign, margin: base, rate: alpha),
      push: PairCost(shape: .softplus, sign: -distance.sign, margin: base, rate: beta)
    ) { (1 / Double(max(1, sizes[$0] - 1)), 1 / Double(max(1, count - sizes[$0]))) }
  }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    let sign = distance.sign
    func mean(_ kind: PairKind, _ rate: Double, shown: Double) -> Double {
      let number = row.number(of: kind)
      var sum = 0.0
      row.forEach(kind) { j, measure in
        let (value, slope) = softplus(rate * sign * (measure - base))
        sum += value / number
        row.slopes[j] = shown * slope * rate * sign / number
      }
      return sum
    }
    let pull = mean(.positives, alpha, shown: visit.halves.pull)
    let push = mean(.negatives, -beta, shown: visit.halves.push)
    return .term(pull + push, shown: visit.halves.sum(pull, push))
  }
}
