public import Cards

/// Weighs every pair by its similarity, by its rank among pairs of its kind, and, when mining, by
/// the hardest pair of the other kind.
///
///     L = 1/n Σᵢ { 1/α log[1 + Σ_{Pᵢ} e^{−α(Sᵢⱼ−λ)}] + 1/β log[1 + Σ_{Nᵢ} e^{β(Sᵢⱼ−λ)}] }
///
/// Theory §6.4; Wang et al. 2019. λ is `base`. For a distance the signs turn.
public struct MultiSimilarity: PairLoss {
  /// How sharply hard positives are preferred.
  public var alpha = 2.0
  /// How sharply hard negatives are preferred.
  public var beta = 50.0
  /// The similarity λ that a pair is compared with.
  public var base = 0.5
  /// Whether only pairs that violate the hardest of the other kind take part.
  public var mining = false
  /// The slack of mining.
  public var epsilon = 0.1
  /// The paper's form or the authors' code.
  public var form = Form.paper
  /// How the anchors' terms are summed up.
  public var reduction = Reduction.paper
  private var chosenDistance: Distance?

  /// The versions of the loss.
  public enum Form: String, CaseIterable, Sendable {
    /// As the paper writes it.
    case paper
    /// As the authors' code has it: mined, duplicates dropped, one-sided anchors left out.
    case authors
  }

  /// The loss with all defaults.
  public init() {}

  /// What a pair is measured by; unless set, what goes with the form.
  public var distance: Distance {
    get { chosenDistance ?? (form == .authors ? .dot : .cosine) }
    set { chosenDistance = newValue }
  }

  /// What help shows.
  public static let card = Card(
    "ms", "Weighs pairs by three kinds of similarity: their own, and relative to both kinds.",
    signature: signature("ms"),
    formula: "L = 1/n Σᵢ { 1/α log[1 + Σ_{Pᵢ} e^{−α(Sᵢⱼ−λ)}] + 1/β log[1 + Σ_{Nᵢ} e^{β(Sᵢⱼ−λ)}] }",
    details: """
      z: n×d, y: n labels; λ = base, alpha > 0, beta > 0. mining=true keeps a positive with S < \
      max over negatives + epsilon and a negative with S > min over positives − epsilon. \
      form="authors" is the published code: mined, inner products of rows as given, positives of S \
      ≥ 1 − 1e-5 dropped, anchors that lack either kind left out. Defaults: alpha, beta, epsilon, \
      form and distance are those of Wang et al. 2019; base is that of their code (the paper \
      prints 1; the code also has beta = 40); mining is off, as in pytorch-metric-learning, where \
      a miner does it.
      """,
    reference: "Wang et al. 2019; theory §6.4",
    example: "ms(normalize([[1, 0], [1, 0.5], [0, 1], [0.2, 1]]), [0, 0, 1, 1])",
    seeAlso: ["pair_weights", "contrastive", "binomial", "lifted"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("alpha", \.alpha, .positive, "how sharply hard positives are preferred"),
      Parameter("beta", \.beta, .positive, "how sharply hard negatives are preferred"),
      Parameter("base", \.base, .finite, "the similarity a pair is compared with"),
      Parameter("mining", \.mining, "whether only pairs near the hardest of the other kind count"),
      Parameter("epsilon", \.epsilon, .finite, "the slack of mining"),
      Parameter("form", \.form, "the paper's form or the authors' code"),
      Parameter("distance", \.distance, "what a pair is measured by"),
      Parameter("reduction", \.reduction, "how the anchors are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.measured)
    \(PairFormula.reduced)
    S = -sign * measured(z)
    level = -sign * base
    n = len(y)
    N = not same_class(y)
    P = same_class(y) and eye(n) == 0
    if form == "authors" { P = same_class(y) and S < (1 if sign < 0 else 0) - 1e-5 }
    if mining or form == "authors" {
        nearest_negative = max(where(N, S, -inf), axis=1, keepdims=true)
        farthest_positive = min(where(P, S, inf), axis=1, keepdims=true)
        P, N = P and S - epsilon < nearest_negative, N and S + epsilon > farthest_positive
    }
    one = zeros(n, 1)
    pull = logsumexp(concat([one, where(P, -alpha * (S - level), -inf)], axis=1), axis=1) / alpha
    push = logsumexp(concat([one, where(N, beta * (S - level), -inf)], axis=1), axis=1) / beta
    terms = pull + push
    if form == "authors" { terms = where(any(P, axis=1) and any(N, axis=1), terms, 0) }
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] {
    ["alpha", "beta", "base"] + (isMining ? ["epsilon"] : []) + (form == .authors ? ["form"] : [])
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    [
      distance.words, isMining ? "mined pairs of every anchor" : "all pairs of every anchor",
      how.words,
    ]
  }

  private var isMining: Bool { mining || form == .authors }

  private var how: Reduction { reduction.resolved(paper: .mean) }
}

extension MultiSimilarity {
  func cost(of row: PairRow, into totals: inout PairTotals) {
    // Distances are turned into similarities by their sign, and back at the end.
    let sign = -distance.sign
    let level = sign * base
    let (alpha, beta) = (alpha, beta)
    let limits = isMining ? miningLimits(of: row) : nil
    var pull = PhantomSum()
    var push = PhantomSum()
    // The slopes hold exponents first, then powers, then derivatives: one exp a pair.
    forEachPair(of: row, within: limits) { j, similarity, isPositive in
      let exponent = (isPositive ? -alpha : beta) * (similarity - level)
      row.slopes[j] = exponent
      if isPositive { pull.include(exponent) } else { push.include(exponent) }
    }
    if form == .authors, pull.isEmpty || push.isEmpty {
      row.slopes.update(repeating: 0)
      return
    }
    forEachPair(of: row, within: limits) { j, _, isPositive in
      row.slopes[j] = isPositive ? pull.add(row.slopes[j]) : push.add(row.slopes[j])
    }
    let (ofPull, ofPush) = (-sign / pull.total, sign / push.total)
    forEachPair(of: row, within: limits) { j, _, isPositive in
      row.slopes[j] *= isPositive ? ofPull : ofPush
    }
    totals.pull += pull.logarithm / alpha
    totals.push += push.logarithm / beta
    if pull.logarithm > 0 || push.logarithm > 0 { totals.activeAnchors += 1 }
  }

  func factors(_ totals: PairTotals, _ classes: ClassIndex) -> (pull: Double, push: Double) {
    let factor = how.factor(terms: Double(classes.ofRow.count), active: totals.activeAnchors)
    return (factor, factor)
  }

  /// The similarities a positive must stay below and a negative must exceed.
  private func miningLimits(of row: PairRow) -> (positives: Double, negatives: Double) {
    var nearestNegative = -Double.infinity
    var farthestPositive = Double.infinity
    forEachPair(of: row, within: nil) { _, similarity, isPositive in
      if isPositive {
        farthestPositive = min(farthestPositive, similarity)
      } else {
        nearestNegative = max(nearestNegative, similarity)
      }
    }
    return (nearestNegative, farthestPositive)
  }

  /// Visits the pairs that take part.
  ///
  /// The authors' code knows the anchor's own entry by its similarity of 1, not by its place; a
  /// zero row therefore stays its own positive.
  private func forEachPair(
    of row: PairRow, within limits: (positives: Double, negatives: Double)?,
    _ body: (_ other: Int, _ similarity: Double, _ isPositive: Bool) -> Void
  ) {
    let sign = -distance.sign
    let leavesDuplicates = form == .authors
    let closest = (distance.isSimilarity ? 1 : 0) - 1e-5
    for j in 0..<row.count {
      let similarity = sign * row.measures[j]
      let isPositive = row.isPositive(j)
      if isPositive, leavesDuplicates ? similarity >= closest : j == row.anchor { continue }
      if let limits {
        let isKept =
          isPositive
          ? similarity - epsilon < limits.positives : similarity + epsilon > limits.negatives
        if !isKept { continue }
      }
      body(j, similarity, isPositive)
    }
  }
}
