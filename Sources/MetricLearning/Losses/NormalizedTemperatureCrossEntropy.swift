public import Cards

/// The cross-entropy of telling one classmate from the rows of other classes.
///
///     L = mean over P of −log( e^{Sₐₚ/τ} / ( e^{Sₐₚ/τ} + Σ_{Nₐ} e^{Sₐₙ/τ} ) )
///
/// Theory §8.9; Chen et al. 2020, and Sohn 2016 for more than two views. τ is `temperature`. `z` is
/// n×d. For a distance the signs turn.
public struct NormalizedTemperatureCrossEntropy: AnchorLoss {
  /// The temperature τ.
  public var temperature = 0.07
  /// What a pair is measured by.
  public var distance = Distance.cosine
  /// How the positive pairs are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "ntxent", "NT-Xent: one classmate against the rows of other classes, with a temperature.",
    signature: signature("ntxent"),
    formula: "L = mean over P of −log( e^{Sₐₚ/τ} / ( e^{Sₐₚ/τ} + Σ_{Nₐ} e^{Sₐₙ/τ} ) )",
    details: """
      z: n×d, y: n labels; τ = temperature > 0. Other classmates are not in the denominator; with \
      two rows per label it is SimCLR's loss, and supcon's. 0 without negatives. Defaults: \
      temperature is that of pytorch-metric-learning, distance the paper's.
      """,
    reference: "Chen et al. 2020; theory §8.9",
    example: "ntxent([[1, 0], [1, 0.5], [0, 1], [0.2, 1]], [0, 0, 1, 1], temperature=0.5)",
    seeAlso: ["supcon", "npair", "snca"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("temperature", \.temperature, .positive, "how evenly all rows are compared"),
      Parameter("distance", \.distance, "what a pair is measured by"),
      Parameter("reduction", \.reduction, "how the positive pairs are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.sorted)
    \(PairFormula.reduced)
    S = -D / temperature
    terms = zeros(0)
    for a in range(n) {
        push = logsumexp(S[a][N[a]]) if any(N[a]) else -inf
        own = S[a][P[a]]
        terms = concat([terms, softplus(push - own) if any(N[a]) else 0 * own])
    }
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["temperature"] }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: distance.bendsSimilarity, negative: true, positive: true)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    distance.normalizes && how != .meanNonzero ? .simplex : .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] { [distance.words, "positive pairs", how.words] }

  var how: Reduction { reduction.resolved(paper: .mean) }
}

extension NormalizedTemperatureCrossEntropy {
  var hasHalves: Bool { true }

  /// Classmates are each against all others as rivals.
  func pairExponents(_ halves: Halves) -> PairExponents? {
    guard distance.isSimilarity, how != .meanNonzero else { return nil }
    let slope = 1 / temperature
    let exponent = PairExponents.Exponent.linear(slope: slope)
    return PairExponents(
      pull: exponent, push: exponent, shift: .common, takesProducts: true, rivalSlope: slope
    ) { sums in
      let pairs = Double(sums.classmates)
      guard sums.others > 0, pairs > 0 else { return (TermSum(terms: pairs), AnchorSlopes()) }
      let own = slope * sums.ofClassmates
      let (pull, push) = (-own, sums.rivalCost + own)
      return (
        TermSum(sum: halves.sum(pull, push), terms: pairs, active: pairs),
        AnchorSlopes(
          pullFactor: -halves.push * slope,
          pushFactor: halves.push * slope * sums.rivalShare / sums.push,
          pullLevel: slope * (halves.push - halves.pull))
      )
    }
  }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    let slope = -distance.sign / temperature
    func exponent(_ measure: Double) -> Double { slope * measure }
    let push = row.logSumExp(.negatives, exponent)
    guard push > -.infinity else { return TermSum(terms: row.number(of: .positives)) }
    var cost = TermSum.none
    var byPush = 0.0
    row.forEach(.positives) { j, measure in
      let own = exponent(measure)
      let (term, share) = softplus(push - own)
      cost.terms += 1
      if term > 0 { cost.active += 1 }
      cost.sum += visit.halves.sum(-own, term + own)
      row.slopes[j] = slope * visit.halves.sum(-1, 1 - share)
      byPush += share
    }
    row.addShares(.negatives, of: push, times: visit.halves.push * slope * byPush, exponent)
    return cost
  }
}
