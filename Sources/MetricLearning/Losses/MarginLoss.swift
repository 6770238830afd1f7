public import Cards

/// Draws a boundary between the distances of positives and of negatives, a margin on each side.
///
///     L = mean over active pairs of [margin ± (D − β)]₊, + for positives, − for negatives
///
/// Theory §8.9; Wu et al. 2017. β is `beta`, one number. `z` is n×d. For a similarity the signs turn.
public struct MarginLoss: AnchorLoss {
  /// How far from the boundary a pair stops costing.
  public var margin = 0.2
  /// The boundary β between positives and negatives.
  public var beta = 1.2
  /// The weight ν of the regulariser that keeps the boundary near.
  public var nu = 0.0
  /// Whether a pair counts once, or in every triplet it is part of.
  public var form = Form.pairs
  /// What a pair is measured by.
  public var distance = Distance.euclideanNormalized
  /// How the terms are summed up.
  public var reduction = Reduction.paper

  /// The versions of the loss.
  public enum Form: String, CaseIterable, Sendable {
    /// Wu et al. 2017: every unordered pair once.
    case pairs
    /// pytorch-metric-learning: both pairs of every triplet.
    case triplets
  }

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "margin_loss", "Draws a boundary between the distances of positives and of negatives.",
    signature: signature("margin_loss"),
    formula: "L = mean over active pairs of [margin ± (D − β)]₊, + for positives, − for negatives",
    details: """
      z: n×d, y: n labels; β = beta, a number, margin ≥ 0. The mean is over the unordered pairs above \
      0. form="triplets" counts the two pairs of every triplet. nu adds ν·β for every pair or triplet, \
      divided by the same count.
      """,
    reference: "Wu et al. 2017; theory §8.9",
    example: "margin_loss([[1, 0], [1, 0.5], [0, 1], [0.2, 1]], [0, 0, 1, 1], beta=0.7)",
    seeAlso: ["triplet", "contrastive"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("margin", \.margin, .nonNegative, "how far from the boundary a pair stops costing"),
      Parameter("beta", \.beta, .finite, "the boundary between positives and negatives"),
      Parameter("nu", \.nu, .nonNegative, "the weight of the regulariser on the boundary"),
      Parameter("form", \.form, "whether pairs count once, or in every triplet"),
      Parameter("distance", \.distance, "what a pair is measured by"),
      Parameter("reduction", \.reduction, "how the terms are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.sorted)
    pull = relu(margin + D - sign * beta)
    push = relu(margin - D + sign * beta)
    upper = arange(n)[:, none] < arange(n)[none, :]
    terms = concat([pull[P and upper], push[N and upper]])
    charges = len(terms)
    if form == "triplets" {
        terms, charges = zeros(0), 0
        for a in range(n) {
            p, q = count(P[a]), count(N[a])
            terms = concat([terms, repeat(pull[a][P[a]], q), repeat(push[a][N[a]], p)])
            charges += p * q
        }
    }
    total = sum(terms) + nu * beta * charges
    if reduction == "sum" { return total }
    if reduction == "mean" { return total / maximum(1, len(terms)) }
    total / count(terms > 0) if any(terms > 0) else 0 * total
    """

  /// The parameters the description shows.
  public var shownParameters: [String] {
    ["margin", "beta"] + (nu > 0 ? ["nu"] : []) + (form == .triplets ? ["form"] : [])
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    [
      distance.words, form == .pairs ? "unordered pairs" : "both pairs of every triplet", how.words,
    ]
  }

  var how: Reduction { reduction.resolved(paper: .meanNonzero) }
}

extension MarginLoss {
  var hasHalves: Bool { nu == 0 }

  func cost(of row: PairRow, in visit: AnchorVisit) -> AnchorCost {
    let sign = distance.sign
    var cost = AnchorCost.none
    // An unordered pair is met twice and counts one half each time.
    let (positives, negatives) = (row.number(of: .positives), row.number(of: .negatives))
    let charge = form == .pairs ? 0.5 : 1
    func add(_ kind: PairKind, _ direction: Double, times weight: Double, shown: Double) {
      guard weight > 0 else { return }
      row.forEach(kind) { j, measure in
        let excess = margin + direction * (measure - beta)
        cost.terms += weight
        guard excess > 0 else { return }
        cost.active += weight
        cost.sum += shown * weight * excess
        row.slopes[j] = shown * weight * direction
      }
    }
    let (ofPull, ofPush) = form == .pairs ? (0.5, 0.5) : (negatives, positives)
    add(.positives, sign, times: ofPull, shown: visit.halves.pull)
    add(.negatives, -sign, times: ofPush, shown: visit.halves.push)
    let charges = form == .pairs ? positives + negatives : positives * negatives
    cost.sum += charge * charges * nu * beta
    return cost
  }
}
