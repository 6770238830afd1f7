public import Cards
import Tensors

/// N-pair on the unit sphere, with an angle taken off every positive.
///
///     L = mean over P of log( 1 + Σ_{Nₐ} e^{s(cos θₐₙ − cos(θₐₚ − m))} )     Yu, Tao 2019
///
/// s is `scale`, m `margin` in radians. `z` is n×d.
public struct TupletMargin: AnchorLoss {
  /// The angle taken off a positive, in radians, m.
  public var margin = 0.1
  /// The inverse temperature s.
  public var scale = 64.0
  /// How the positive pairs are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "tuplet_margin", "One classmate against all strangers, its angle made smaller by a margin.",
    signature: signature("tuplet_margin"),
    formula: "L = mean over P of log( 1 + Σ_{Nₐ} e^{s(cos θₐₙ − cos(θₐₚ − m))} )",
    details: """
      z: n×d, y: n labels; s = scale > 0, m = margin in radians, 0 ≤ m < π. The margin is slack: \
      it keeps positives from collapsing. 0 without negatives. Defaults: margin, 5.73 degrees, and \
      scale are those of pytorch-metric-learning.
      """,
    reference: "Yu, Tao 2019",
    example: "tuplet_margin([[1, 0], [1, 0.5], [0, 1], [0.2, 1]], [0, 0, 1, 1], scale=8)",
    seeAlso: ["npair", "ntxent", "intra_pair_variance"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("margin", \.margin, .from(0, below: .pi), "the angle taken off a positive"),
      Parameter("scale", \.scale, .positive, "one over the temperature"),
      Parameter("reduction", \.reduction, "how the positive pairs are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.reduced)
    S = cosine_matrix(z)
    \(PairFormula.kinds)
    terms = zeros(0)
    for a in range(n) {
        own, others = S[a][P[a]], S[a][N[a]]
        square = 1 - own^2
        sine = sqrt(where(square > 0, square, 1)) * (square > 0)
        slack = own * cos(margin) + sine * sin(margin)
        push = logsumexp(scale * others) if len(others) > 0 else 0
        terms = concat([terms, softplus(push - scale * slack) if len(others) > 0 else 0 * own])
    }
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["margin", "scale"] }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: true, negative: true, positive: true)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] { [Distance.cosine.words, "positive pairs", how.words] }

  var how: Reduction { reduction.resolved(paper: .mean) }
}

extension TupletMargin {
  /// Cosines near 1 say little of a small angle, squared distances all.
  var distance: Distance { .sqeuclideanNormalized }

  /// The squared lengths, 0 or 1: a zero row stays at its place.
  func survey(_ sweep: PairSweep) -> [Double] { sweep.squares }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    let squares = visit.survey
    let own = squares[row.place(row.anchor)]
    // −½ is the derivative of a similarity by the squared distance.
    let slope = -scale / 2
    func exponent(_ j: Int, _ measure: Double) -> Double {
      scale * (own + squares[row.place(j)] - measure) / 2
    }
    var exponents: [Double] = []
    row.forEach(.negatives) { j, measure in exponents.append(exponent(j, measure)) }
    let (shares, push) = softmax(exponents)
    guard push > -.infinity else { return TermSum(terms: row.number(of: .positives)) }
    var cost = TermSum.none
    var byPush = 0.0
    row.forEach(.positives) { j, measure in
      let slack = slackened(measure, own * squares[row.place(j)] > 0)
      let (term, share) = softplus(push - scale * slack.value)
      cost.add(term)
      row.slopes[j] = -share * scale * slack.slope
      byPush += share
    }
    var next = 0
    row.forEach(.negatives) { j, _ in
      row.slopes[j] = slope * byPush * shares[next]
      next += 1
    }
    return cost
  }

  /// cos(θ − m) at a squared distance, and its derivative by that.
  ///
  /// Where two rows meet the slope has no end; the part that grows is left out.
  private func slackened(
    _ measure: Double, _ areUnit: Bool
  ) -> (value: Double, slope: Double) {
    let cosine = areUnit ? 1 - measure / 2 : 0
    let sine = areUnit ? max(0, measure * (1 - measure / 4)).squareRoot() : 1
    let slope = Portable.cos(margin) - (sine > 0 ? cosine / sine * Portable.sin(margin) : 0)
    return (cosine * Portable.cos(margin) + sine * Portable.sin(margin), -slope / 2)
  }
}
