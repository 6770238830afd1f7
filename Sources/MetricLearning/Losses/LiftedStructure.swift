public import Cards
import Tensors

/// Compares a positive pair with all negatives of both its ends at once, smoothly.
///
///     L = mean over P of ½[Jᵢⱼ]₊²,   Jᵢⱼ = Dᵢⱼ + log( Σ_{Nᵢ} e^{margin−Dᵢₖ} + Σ_{Nⱼ} e^{margin−Dⱼₗ} )
///
/// Theory §6.3, §8.8; Oh Song et al. 2016. `z` is n×d. For a similarity the signs turn.
public struct LiftedStructure: AnchorLoss {
  /// Where a negative begins to count.
  public var margin = 1.0
  /// How far apart positives may be for nothing.
  public var positiveMargin = 0.0
  /// Which of the published versions.
  public var form = Form.song
  /// How the terms are summed up.
  public var reduction = Reduction.paper
  private var chosenDistance: Distance?

  /// The versions of the loss.
  public enum Form: String, CaseIterable, Sendable {
    /// Oh Song et al. 2016: squares over positive pairs.
    case song
    /// Hermans et al. 2017: positives are summed smoothly too, a hinge for every anchor.
    case generalized
    /// The same by similarities and without the hinge.
    case similarity
  }

  /// The loss with all defaults.
  public init() {}

  /// What a pair is measured by; unless set, what goes with the form.
  public var distance: Distance {
    get { chosenDistance ?? (form == .similarity ? .cosine : .euclidean) }
    set { chosenDistance = newValue }
  }

  /// What help shows.
  public static let card = Card(
    "lifted", "Lifted structure: a positive pair against all negatives of both ends, smoothly.",
    signature: signature("lifted"),
    formula: """
      L = mean over P of ½[Jᵢⱼ]₊²
      Jᵢⱼ = Dᵢⱼ − pos_margin + log( Σ_{Nᵢ} e^{margin−Dᵢₖ} + Σ_{Nⱼ} e^{margin−Dⱼₗ} )
      """,
    details: """
      z: n×d, y: n labels. form="generalized" is the mean over anchors of [log Σ_P \
      e^{D−pos_margin} + log Σ_N e^{margin−D}]₊; "similarity" the sum over anchors with both kinds \
      of log Σ_P e^{margin−S} + log Σ_N e^S, where pos_margin plays no part. For a similarity the \
      signs turn. Defaults: margin, form and distance are those of Oh Song et al. 2016; pos_margin \
      is that of pytorch-metric-learning.
      """,
    reference: "Oh Song et al. 2016; Hermans et al. 2017; theory §6.3, §8.8",
    example: "lifted([[0, 0], [1, 0], [0, 1], [1, 1.5]], [0, 0, 1, 1])",
    seeAlso: ["triplet", "ms", "npair"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("margin", \.margin, .finite, "where a negative begins to count"),
      Parameter(
        "pos_margin", \.positiveMargin, .finite, "how far apart positives may be for nothing"),
      Parameter("form", \.form, "which published version"),
      Parameter("distance", \.distance, "what a pair is measured by"),
      Parameter("reduction", \.reduction, "how the terms are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.sorted)
    \(PairFormula.reduced)
    if form == "song" {
        terms = zeros(count(P))
        if any(N) {
            push = [logsumexp(sign * margin - D[i][N[i]]) for i in range(n)]
            both = push[:, none] + softplus(push[none, :] - push[:, none])
            terms = relu(both + D - sign * pos_margin)[P]^2 / 2
        }
        return reduced(terms, "mean" if reduction == "paper" else reduction)
    }
    own, level = sign * pos_margin, sign * margin
    if form == "similarity" { own, level = sign * margin, 0 }
    terms = zeros(0)
    for i in range(n) {
        pull = logsumexp(D[i][P[i]] - own) if any(P[i]) else 0
        push = logsumexp(level - D[i][N[i]]) if any(N[i]) else 0
        if form == "generalized" { terms = append(terms, relu(pull + push)) }
        if form == "similarity" and any(P[i]) and any(N[i]) { terms = append(terms, pull + push) }
    }
    paper = "sum" if form == "similarity" else "mean"
    reduced(terms, paper if reduction == "paper" else reduction)
    """

  /// The formula, of the pairs that are listed; a row may then lack negatives that another has.
  public static var tupleFormula: String? {
    PairFormula.listed(formula)?
      .replacing("D[i][N[i]]) for i in", with: "D[i][N[i]]) if any(N[i]) else -1e300 for i in")
      .replacing(
        "both = push[:, none] + softplus(push[none, :] - push[:, none])",
        with: """
          high = maximum(push[:, none], push[none, :])
                  both = high + softplus(minimum(push[:, none], push[none, :]) - high)
          """)
  }

  /// The parameters the description shows.
  public var shownParameters: [String] {
    switch form {
    case .song: ["margin", "pos_margin"]
    case .generalized: ["margin", "pos_margin", "form"]
    case .similarity: ["margin", "form"]
    }
  }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(
      own: form == .song || distance.bendsSimilarity, negative: true, positive: form != .similarity)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    form == .song
      ? .zero
      : distance.normalizes && how != .meanNonzero
        ? .simplex : form == .similarity ? .unknown : .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    let terms =
      switch form {
      case .song: "positive pairs"
      case .generalized: "anchors"
      case .similarity: "anchors with both kinds of pairs"
      }
    return [distance.words, terms, how.words]
  }

  var how: Reduction { reduction.resolved(paper: form == .similarity ? .sum : .mean) }
}

extension LiftedStructure {
  var hasHalves: Bool { form == .similarity }

  /// The smooth maximum over the negatives of every row, which the song form compares in pairs.
  ///
  /// Of listed pairs, which need not be met from both ends, the slope by each of them comes after.
  func survey(_ sweep: PairSweep) -> [Double] {
    var pushes: [Double] = []
    guard form == .song else { return pushes }
    sweep.forEachRow { row, _ in pushes.append(row.logSumExp(.negatives, ofNegative)) }
    guard sweep.isOfListed, pushes.count == sweep.count else { return pushes }
    var slopes = [Double](repeating: 0, count: pushes.count)
    sweep.forEachRow { row, _ in
      let anchor = row.place(row.anchor)
      row.forEach(.positives) { j, measure in
        let (excess, share) = excess(measure, pushes[anchor], pushes[row.place(j)])
        slopes[anchor] += excess * (1 - share)
        slopes[row.place(j)] += excess * share
      }
    }
    return pushes + slopes
  }

  /// What is squared of a positive pair between rows with these pushes, and the share of the second.
  private func excess(
    _ measure: Double, _ own: Double, _ other: Double
  ) -> (excess: Double, share: Double) {
    if own == -.infinity {
      return (max(0, other + ofPositive(measure)), other > -.infinity ? 1 : 0)
    }
    let (above, share) = softplus(other - own)
    return (max(0, own + above + ofPositive(measure)), share)
  }

  /// The smooth form is a matter of two sums of exponentials.
  func pairExponents(_ halves: Halves) -> PairExponents? {
    guard form == .similarity, distance.isSimilarity else { return nil }
    return PairExponents(
      pull: .linear(slope: -1, offset: margin), push: .linear(slope: 1), shift: .ofEachKind
    ) { sums in
      guard sums.classmates > 0, sums.others > 0 else { return (.none, AnchorSlopes()) }
      let (pull, push) = (sums.logPull, sums.logPush)
      return (
        .term(pull + push, shown: halves.sum(pull, push)),
        AnchorSlopes(pullFactor: -halves.pull / sums.pull, pushFactor: halves.push / sums.push)
      )
    }
  }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    switch form {
    case .song: squares(row, pushes: visit.survey, of: visit.sweep)
    case .generalized: hinge(row)
    case .similarity: smooth(row, visit.halves)
    }
  }

  private func ofPositive(_ measure: Double) -> Double {
    distance.sign * (measure - (form == .similarity ? margin : positiveMargin))
  }

  private func ofNegative(_ measure: Double) -> Double {
    distance.sign * ((form == .similarity ? 0 : margin) - measure)
  }

  /// The squares of the song form.
  private func squares(_ row: PairRow, pushes: [Double], of sweep: PairSweep) -> TermSum {
    let sign = distance.sign
    var cost = TermSum.none
    // A stopped sweep leaves the survey short.
    let count = sweep.count
    guard pushes.count == (sweep.isOfListed ? 2 * count : count) else { return cost }
    let anchor = row.place(row.anchor)
    let own = pushes[anchor]
    var byPush = 0.0
    row.forEach(.positives) { j, measure in
      let (excess, share) = excess(measure, own, pushes[row.place(j)])
      cost.add(excess * excess / 2)
      row.slopes[j] = sign * excess
      // The pair is met from its other end too, with the same excess.
      byPush += 2 * excess * (1 - share)
    }
    if sweep.isOfListed { byPush = pushes[count + anchor] }
    row.addShares(.negatives, of: own, times: -sign * byPush, ofNegative)
    return cost
  }

  /// The hinge of an anchor.
  private func hinge(_ row: PairRow) -> TermSum {
    let pull = row.logSumExp(.positives, ofPositive)
    let push = row.logSumExp(.negatives, ofNegative)
    let excess = (pull > -.infinity ? pull : 0) + (push > -.infinity ? push : 0)
    guard excess > 0 else { return .term(0) }
    row.addShares(.positives, of: pull, times: distance.sign, ofPositive)
    row.addShares(.negatives, of: push, times: -distance.sign, ofNegative)
    return .term(excess)
  }

  /// The same without the hinge.
  private func smooth(_ row: PairRow, _ halves: Halves) -> TermSum {
    let pull = row.logSumExp(.positives, ofPositive)
    let push = row.logSumExp(.negatives, ofNegative)
    guard pull > -.infinity, push > -.infinity else { return .none }
    row.addShares(.positives, of: pull, times: halves.pull * distance.sign, ofPositive)
    row.addShares(.negatives, of: push, times: -halves.push * distance.sign, ofNegative)
    return .term(pull + push, shown: halves.sum(pull, push))
  }
}
