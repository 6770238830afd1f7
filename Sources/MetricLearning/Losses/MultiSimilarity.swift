public import Cards
import Tensors

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
    \(PairFormula.kinds)
    if form == "authors" { P = (P or eye(n) == 1) and S < (1 if sign < 0 else 0) - 1e-5 }
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

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: true, negative: true, positive: isMining)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    !isMining && distance.normalizes && how != .meanNonzero ? .simplex : .zero
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
    let limits = isMining ? miningLimits(of: row) : nil
    let pull = sum(row, .positives, rate: -alpha, limit: limits?.positives)
    let push = sum(row, .negatives, rate: beta, limit: limits?.negatives)
    if form == .authors, pull.isEmpty || push.isEmpty { return }
    let sign = -distance.sign
    addShares(row, .positives, pull, times: -sign)
    addShares(row, .negatives, push, times: sign)
    totals.pull += pull.logarithm / alpha
    totals.push += push.logarithm / beta
    if pull.logarithm > 0 || push.logarithm > 0 { totals.activeAnchors += 1 }
  }

  /// log(1 + Σ e^{rate·(S − base)}) over the pairs of a kind that take part; their exponents are left
  /// in the scratch, −∞ for the others.
  ///
  /// The authors' code knows the anchor's own entry by its similarity of 1, not by its place: a
  /// duplicate is no positive, and a row that is not of unit length stays its own.
  private func sum(
    _ row: PairRow, _ kind: PairKind, rate: Double, limit: Double?
  ) -> PhantomSum {
    // Distances are turned into similarities by their sign.
    let sign = -distance.sign
    let level = sign * base
    var largest = 0.0
    var isEmpty = true
    if kind == .positives { row.scratch[row.anchor] = -.infinity }
    row.forEach(kind) { j, measure in
      let similarity = sign * measure
      guard takesPart(similarity, kind, limit) else {
        row.scratch[j] = -.infinity
        return
      }
      isEmpty = false
      row.scratch[j] = rate * (similarity - level)
      largest = max(largest, row.scratch[j])
    }
    var powers = row.sumOfPowers(kind, offset: -largest)
    if kind == .positives, let own = ownSimilarity(row), takesPart(own, kind, limit) {
      isEmpty = false
      let exponent = rate * (own - level)
      let rest = max(largest, exponent)
      powers = powers * Portable.exp(largest - rest) + Portable.exp(exponent - rest)
      largest = rest
      row.scratch[row.anchor] = exponent
    }
    return PhantomSum(largest: largest, sum: powers, isEmpty: isEmpty)
  }

  /// Adds the derivative of such a logarithm, divided by the rate, to the slopes.
  private func addShares(_ row: PairRow, _ kind: PairKind, _ sum: PhantomSum, times factor: Double)
  {
    let factor = factor / sum.total
    row.addPowers(kind, offset: -sum.largest, times: factor)
    guard kind == .positives, ownSimilarity(row) != nil else { return }
    row.slopes[row.anchor] =
      factor * Portable.exp(row.scratch[row.anchor] - sum.largest)
  }

  /// The anchor's similarity to itself, where it may take part.
  private func ownSimilarity(_ row: PairRow) -> Double? {
    form == .authors ? -distance.sign * row.measures[row.anchor] : nil
  }

  private func takesPart(_ similarity: Double, _ kind: PairKind, _ limit: Double?) -> Bool {
    if form == .authors, kind == .positives,
      similarity >= (distance.isSimilarity ? 1 : 0) - 1e-5
    {
      return false
    }
    guard let limit else { return true }
    return kind == .positives ? similarity - epsilon < limit : similarity + epsilon > limit
  }

  /// Unmined, it is a matter of two sums of exponentials.
  func pairExponents(_ halves: Halves) -> PairExponents? {
    guard !isMining, distance.isSimilarity else { return nil }
    return PairExponents(
      pull: .linear(slope: -alpha, offset: alpha * base),
      push: .linear(slope: beta, offset: -beta * base)
    ) { sums in
      let pull = Portable.log1p(sums.pull) / alpha
      let push = Portable.log1p(sums.push) / beta
      return (
        .term(pull + push, shown: halves.sum(pull, push)),
        AnchorSlopes(
          pullFactor: -halves.pull / (1 + sums.pull), pushFactor: halves.push / (1 + sums.push))
      )
    }
  }

  func factors(_ totals: PairTotals, _ counts: PairCounts) -> (pull: Double, push: Double) {
    let factor = how.factor(terms: counts.rows, active: totals.activeAnchors)
    return (factor, factor)
  }

  /// The similarities a positive must stay below and a negative must exceed.
  private func miningLimits(of row: PairRow) -> (positives: Double, negatives: Double) {
    let sign = -distance.sign
    var nearestNegative = -Double.infinity
    var farthestPositive = Double.infinity
    row.forEach(.negatives) { _, measure in nearestNegative = max(nearestNegative, sign * measure) }
    row.forEach(.positives) { _, measure in
      guard takesPart(sign * measure, .positives, nil) else { return }
      farthestPositive = min(farthestPositive, sign * measure)
    }
    if let own = ownSimilarity(row), takesPart(own, .positives, nil) {
      farthestPositive = min(farthestPositive, own)
    }
    return (nearestNegative, farthestPositive)
  }
}
