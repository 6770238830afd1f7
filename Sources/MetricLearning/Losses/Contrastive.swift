public import Cards

/// Pulls pairs of one class together and pushes other pairs `margin` apart.
///
///     L = 1/n Σᵢ ( Σ_{j∈Pᵢ} D²ᵢⱼ + Σ_{j∈Nᵢ} [margin − Dᵢⱼ]₊² )     theory §3.1; Hadsell et al. 2006
///
/// `z` is n×d, `labels` has n entries. Every form but `eq8` sums `[± (D − margin)]₊ᵖ` over pairs;
/// for a similarity the signs turn.
public struct Contrastive: PairLoss {
  /// Which of the published versions.
  public var form = Form.boudiaf
  /// How the terms are summed up.
  public var reduction = Reduction.paper
  private var chosenMargin: Double?
  private var chosenPositiveMargin: Double?
  private var chosenDistance: Distance?

  /// The versions of the loss.
  public enum Form: String, CaseIterable, Sendable {
    /// Boudiaf et al. 2020: squares over ordered pairs, divided by n.
    case boudiaf
    /// Hadsell et al. 2006: half squares, summed over unordered pairs.
    case hadsell
    /// pytorch-metric-learning: hinges, positive and negative pairs averaged apart.
    case pml
    /// Two margins on the cosine: hinges, averaged over unordered pairs.
    case cosine
    /// Boudiaf et al. 2020, equation 8: the margin linearised.
    case eq8
  }

  /// The loss with all defaults.
  public init() {}

  /// Where a negative pair stops costing; unless set, what goes with the form.
  public var margin: Double {
    get { chosenMargin ?? (hasCosineMargins ? 0.5 : 1) }
    set { chosenMargin = newValue }
  }

  /// Where a positive pair stops costing; unless set, what goes with the form.
  public var positiveMargin: Double {
    get { chosenPositiveMargin ?? (hasCosineMargins ? 1 : 0) }
    set { chosenPositiveMargin = newValue }
  }

  /// What a pair is measured by; unless set, what goes with the form.
  public var distance: Distance {
    get {
      if let chosenDistance { return chosenDistance }
      return switch form {
      case .boudiaf, .hadsell, .eq8: .euclidean
      case .pml: .euclideanNormalized
      case .cosine: .cosine
      }
    }
    set { chosenDistance = newValue }
  }

  private var hasCosineMargins: Bool { distance.isSimilarity && form != .pml }

  /// What help shows.
  public static let card = Card(
    "contrastive", "Pulls equal labels together and pushes others a margin apart.",
    signature: signature("contrastive"),
    formula: "L = 1/n Σᵢ ( Σ_{j∈Pᵢ} D²ᵢⱼ + Σ_{j∈Nᵢ} [margin − Dᵢⱼ]₊² )",
    details: """
      z: n×d, y: n labels. form="hadsell" halves and sums unordered pairs; "pml" takes the plain \
      hinges [D − pos_margin]₊ and [margin − D]₊ on unit rows, averaged apart over those above 0; \
      "cosine" takes [1 − s]₊ and [s − 0.5]₊ averaged over pairs; "eq8" is the linearised margin. \
      For a similarity the signs turn, and pos_margin=1, margin=0.5 unless given or form="pml". \
      Defaults: form and distance are those of Boudiaf et al. 2020, eq. 2; margin and pos_margin \
      those of pytorch-metric-learning (Hadsell et al. name none).
      """,
    reference: "Hadsell, Chopra, LeCun 2006; Boudiaf et al. 2020, eq. 2; theory §3",
    example: "contrastive([[0, 0], [0, 1], [2, 0], [2, 1]], [0, 0, 1, 1], margin=3)",
    seeAlso: ["center", "ms", "triplet", "pairs_hist"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("margin", \.margin, .finite, "where a negative pair stops costing"),
      Parameter("form", \.form, "which published version"),
      Parameter("pos_margin", \.positiveMargin, .finite, "where a positive pair stops costing"),
      Parameter("distance", \.distance, "what a pair is measured by"),
      Parameter("reduction", \.reduction, "how the terms are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.measured)
    \(PairFormula.reduced)
    D = measured(z)
    \(PairFormula.kinds)
    if form == "eq8" {
        return sum(P * (D^2 + 2*margin*D)) / n - 2*margin/n * sum((P or N) * D)
    }
    pull = relu(sign * (D[P] - pos_margin))
    push = relu(sign * (margin - D[N]))
    if form == "pml" {
        how = "mean_nonzero" if reduction == "paper" else reduction
        return reduced(pull, how) + reduced(push, how)
    }
    terms = concat([pull, push])
    if form == "boudiaf" {
        return sum(terms^2) / n if reduction == "paper" else reduced(terms^2, reduction)
    }
    if form == "hadsell" { terms = terms^2 / 2 }
    paper = "sum" if form == "hadsell" else "mean"
    how = paper if reduction == "paper" else reduction
    reduced(terms, how) / (2 if how == "sum" else 1)    # every unordered pair was met twice
    """

  /// The formula, of the pairs that are listed.
  public static var tupleFormula: String? {
    PairFormula.listed(
      formula, "if form == \"hadsell\" or form == \"cosine\" { \(PairFormula.mirrored) }")
  }

  /// Throws when the margins or the form do not go with the distance.
  public func validate() throws(LossError) {
    if form == .eq8, distance.isSimilarity {
      let known = Distance.allCases.filter { !$0.isSimilarity }.map(\.rawValue)
      throw .parameter(
        .unknownChoice(name: "distance", given: distance.rawValue, known: known))
    }
    guard !distance.isSimilarity else { return }
    for (name, value) in [("margin", margin), ("pos_margin", positiveMargin)] where value < 0 {
      throw .parameter(.outOfRange(name: name, given: value, range: .nonNegative))
    }
  }

  /// The parameters the description shows.
  public var shownParameters: [String] {
    switch form {
    case .boudiaf: positiveMargin == 0 ? ["margin"] : ["margin", "pos_margin"]
    case .hadsell: positiveMargin == 0 ? ["margin", "form"] : ["margin", "form", "pos_margin"]
    case .pml, .cosine: ["margin", "form", "pos_margin"]
    case .eq8: ["margin", "form"]
    }
  }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: true, negative: false, positive: false)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    form == .eq8 ? .unknown : distance.normalizes && how != .meanNonzero ? .simplex : .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    switch form {
    case .boudiaf:
      [distance.words, "positive and negative pairs", reduction == .paper ? "sum / n" : how.words]
    case .hadsell, .cosine: [distance.words, "unordered pairs", how.words]
    case .pml: [distance.words, "positive pairs and negative pairs", "each \(how.words)"]
    case .eq8: [distance.words, "all pairs", "sum / n"]
    }
  }

  private var how: Reduction {
    switch form {
    case .boudiaf, .eq8: reduction
    case .hadsell: reduction.resolved(paper: .sum)
    case .pml: reduction.resolved(paper: .meanNonzero)
    case .cosine: reduction.resolved(paper: .mean)
    }
  }
}

extension Contrastive {
  /// Every form but `eq8` is made of hinges; the kernel knows those on distances.
  var hinges: PairHinges? {
    guard form != .eq8, !distance.isSimilarity else { return nil }
    return PairHinges(
      positiveMargin: positiveMargin, margin: margin,
      isSquared: form == .boudiaf || form == .hadsell)
  }

  /// The same hinges for tiles, which know similarities too.
  func pairCosts(_ classes: ClassIndex) -> PairCosts? {
    guard form != .eq8 else { return nil }
    let shape = form == .boudiaf || form == .hadsell ? PairCost.Shape.squaredHinge : .hinge
    return PairCosts(
      pull: PairCost(shape: shape, sign: distance.sign, margin: positiveMargin),
      push: PairCost(shape: shape, sign: -distance.sign, margin: margin),
      halvesWeighApart: form == .pml && how != .sum)
  }

  func cost(of row: PairRow, into totals: inout PairTotals) {
    let sign = distance.sign
    let squared = form == .boudiaf || form == .hadsell
    let margin = margin
    let positiveMargin = positiveMargin
    for j in 0..<row.count where j != row.anchor {
      let measure = row.measures[j]
      let isPositive = row.isPositive(j)
      if form == .eq8 {
        if isPositive {
          totals.pull += measure * (measure + 2 * margin)
          row.slopes[j] = 2 * measure
        } else {
          row.slopes[j] = -2 * margin
        }
        totals.push -= 2 * margin * measure
        continue
      }
      let excess = isPositive ? sign * (measure - positiveMargin) : sign * (margin - measure)
      guard excess > 0 else { continue }
      let term = squared ? excess * excess : excess
      let slope = (isPositive ? sign : -sign) * (squared ? 2 * excess : 1)
      row.slopes[j] = slope
      if isPositive {
        totals.pull += term
        totals.activePull += 1
      } else {
        totals.push += term
        totals.activePush += 1
      }
    }
  }

  /// Two forms are sums over unordered pairs.
  var countsUnorderedPairs: Bool { form == .hadsell || form == .cosine }

  func factors(_ totals: PairTotals, _ counts: PairCounts) -> (pull: Double, push: Double) {
    let n = max(1, counts.rows)
    if form == .eq8 || (form == .boudiaf && reduction == .paper) { return (1 / n, 1 / n) }
    if form == .pml {
      return (
        how.factor(terms: counts.positives, active: totals.activePull),
        how.factor(terms: counts.negatives, active: totals.activePush)
      )
    }
    let reduced = how.factor(
      terms: counts.positives + counts.negatives,
      active: totals.activePull + totals.activePush)
    // A sum over unordered pairs is half the sweep's; a mean is the same.
    let unordered = form != .boudiaf && how == .sum ? 0.5 : 1
    let factor = reduced * unordered * (form == .hadsell ? 0.5 : 1)
    return (factor, factor)
  }
}
