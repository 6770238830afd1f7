public import Cards

/// Keeps pairs of one kind alike: none may be much worse than the mean of its kind.
///
///     L = mean over P of [(1−ε⁺)·S̄⁺ − S]₊² + mean over N of [S − (1+ε⁻)·S̄⁻]₊²     Yu, Tao 2019
///
/// S̄⁺ and S̄⁻ are the mean cosines of all positive and all negative pairs, with the gradient through
/// them. `z` is n×d.
public struct IntraPairVariance: AnchorLoss {
  /// The share of the mean that a positive may lack for nothing, ε⁺.
  public var positiveSlack = 0.01
  /// The share of the mean that a negative may exceed for nothing, ε⁻.
  public var negativeSlack = 0.01
  /// How the pairs of a kind are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "intra_pair_variance", "Keeps pairs of one kind alike: none much worse than their mean.",
    signature: signature("intra_pair_variance"),
    formula: "L = mean over P of [(1−ε⁺)·S̄⁺ − S]₊² + mean over N of [S − (1+ε⁻)·S̄⁻]₊²",
    details: """
      z: n×d, y: n labels; ε⁺ = pos_eps, ε⁻ = neg_eps ≥ 0; S̄ are the mean cosines of both kinds. \
      Where a mean is negative its slack works the other way. To be added to another loss. \
      Defaults: pos_eps and neg_eps are those of pytorch-metric-learning.
      """,
    reference: "Yu, Tao 2019",
    example: "intra_pair_variance([[1, 0], [1, 0.5], [0, 1], [1, 1]], [0, 0, 0, 1])",
    seeAlso: ["tuplet_margin", "center"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("pos_eps", \.positiveSlack, .nonNegative, "what a positive may lack for nothing"),
      Parameter("neg_eps", \.negativeSlack, .nonNegative, "what a negative may exceed by"),
      Parameter("reduction", \.reduction, "how the pairs of a kind are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.reduced)
    S = cosine_matrix(z)
    \(PairFormula.kinds)
    near, far = S[P], S[N]
    pull = relu((1 - pos_eps) * mean(near) - near)^2 if len(near) > 0 else near
    push = relu(far - (1 + neg_eps) * mean(far))^2 if len(far) > 0 else far
    how = "mean" if reduction == "paper" else reduction
    reduced(pull, how) + reduced(push, how)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["pos_eps", "neg_eps"] }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: true, negative: true, positive: false)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    let words = reduction.resolved(paper: .mean).words
    return [distance.words, "positive pairs and negative pairs", "each \(words)"]
  }
}

extension IntraPairVariance {
  var distance: Distance { .cosine }

  /// The survey has the factors in it.
  var how: Reduction { .sum }

  var hasHalves: Bool { true }

  /// What a kind of pairs has in common.
  private struct Kind {
    /// Where a pair begins to cost.
    var threshold = 0.0
    /// What its terms are multiplied by.
    var factor = 0.0
    /// The derivative by the similarity of any pair, through the mean.
    var drift = 0.0

    /// The threshold of pairs with this sum and number.
    init(_ sum: Double, _ count: Double, share: Double) {
      threshold = count > 0 ? share * sum / count : 0
    }

    /// What a survey found.
    init(_ numbers: ArraySlice<Double>) {
      let numbers = Array(numbers)
      (threshold, factor, drift) = (numbers[0], numbers[1], numbers[2])
    }

    /// For the survey.
    var numbers: [Double] { [threshold, factor, drift] }
  }

  /// Both kinds, positives first: the means need one visit of all pairs, and their slopes another.
  func survey(_ sweep: PairSweep) -> [Double] {
    var numbers: [Double] = []
    for (kind, share) in [(PairKind.positives, 1 - positiveSlack), (.negatives, 1 + negativeSlack)]
    {
      var (sum, count, excesses, active) = (0.0, 0.0, 0.0, 0.0)
      sweep.forEachRow { row, _ in
        row.forEach(kind) { _, similarity in
          sum += similarity
          count += 1
        }
      }
      var common = Kind(sum, count, share: share)
      sweep.forEachRow { row, _ in
        row.forEach(kind) { _, similarity in
          let excess = excess(similarity, kind, common)
          excesses += excess
          if excess > 0 { active += 1 }
        }
      }
      common.factor = reduction.resolved(paper: .mean).factor(terms: count, active: active)
      let sign = kind == .positives ? 1.0 : -1
      common.drift = count > 0 ? sign * 2 * excesses * share / count : 0
      numbers += common.numbers
    }
    return numbers
  }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    var cost = TermSum.none
    for (kind, shown) in [(PairKind.positives, visit.halves.pull), (.negatives, visit.halves.push)]
    {
      let common = Kind(kind == .positives ? visit.survey[..<3] : visit.survey[3...])
      let sign = kind == .positives ? 1.0 : -1
      row.forEach(kind) { j, similarity in
        let excess = excess(similarity, kind, common)
        cost.add(shown * common.factor * excess * excess)
        row.slopes[j] = shown * common.factor * (common.drift - sign * 2 * excess)
      }
    }
    return cost
  }

  private func excess(_ similarity: Double, _ kind: PairKind, _ common: Kind) -> Double {
    max(0, kind == .positives ? common.threshold - similarity : similarity - common.threshold)
  }
}
