public import Cards
public import Tensors

/// Draws a boundary between the distances of positives and of negatives, a margin on each side.
///
///     L = mean over active pairs of [margin ± (D − β)]₊, + for positives, − for negatives
///
/// Theory §8.9; Wu et al. 2017. β is `beta`, one number, or one per class in `weights`, which are
/// trained: then a pair has that of the anchor's class, half of either. `z` is n×d. For a similarity
/// the signs turn.
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
  /// The boundary of every row's class; empty where all have `beta`.
  private var boundaries: [Double] = []

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
      z: n×d, y: n labels; β = beta, a number, margin ≥ 0. The mean is over the unordered pairs \
      above 0. form="triplets" counts the two pairs of every triplet. nu adds ν·β for every pair \
      or triplet, divided by the same count. beta or weights: K numbers, one per class, are \
      trained in fit; a pair then has that of its anchor. Defaults: margin, beta, form and \
      distance are those of Wu et al. 2017; nu, off, is that of their code and of \
      pytorch-metric-learning.
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
    b = full([n, 1], beta) if weights == none else weights[y][:, none]
    pull = relu(margin + D - sign * b)
    push = relu(margin - D + sign * b)
    terms = concat([pull[P], push[N]])
    charges = sum(b * (P or N))
    if form == "triplets" {
        terms, charges = zeros(0), 0
        for a in range(n) {
            p, q = count(P[a]), count(N[a])
            terms = concat([terms, repeat(pull[a][P[a]], q), repeat(push[a][N[a]], p)])
            charges += p * q * b[a, 0]
        }
    }
    total = sum(terms) + nu * charges
    if reduction == "sum" { return total / 2 if form == "pairs" else total }    # pairs were met twice
    if reduction == "mean" { return total / maximum(1, len(terms)) }
    total / count(terms > 0) if any(terms > 0) else 0 * total
    """

  /// The formula, of the pairs or triplets that are listed.
  public static var tupleFormula: String? {
    PairFormula.listed(
      formula, "\(PairFormula.chosen)\nif form == \"pairs\" { \(PairFormula.mirrored) }")?
      .replacing(
        "terms = concat([terms, repeat(pull[a][P[a]], q), repeat(push[a][N[a]], p)])",
        with: """
          m = chosen(a)
                  near = pull[a][P[a]][:, none] + zeros(p, q)
                  far = push[a][N[a]][none, :] + zeros(p, q)
                  terms = concat([terms, near[m], far[m]])
          """
      )
      .replacing("charges += p * q * b[a, 0]", with: "charges += count(m) * b[a, 0]")
  }

  /// The parameters the description shows.
  public var shownParameters: [String] {
    ["margin", "beta"] + (nu > 0 ? ["nu"] : []) + (form == .triplets ? ["form"] : [])
  }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: true, negative: false, positive: false)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    nu == 0 ? .zero : .unknown
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    [
      distance.words, form == .pairs ? "unordered pairs" : "both pairs of every triplet", how.words,
    ]
  }

  var how: Reduction { reduction.resolved(paper: .meanNonzero) }

  /// The tensors taken beside embeddings and labels.
  public static let operands = ["weights"]

  /// The boundaries may be given as `beta`.
  public static var weightParameter: String? { "beta" }

  /// One number per class.
  public func weightShape(classes: Int, d: Int) -> [Int] { [classes] }

  /// The boundary of all classes is the one of the loss.
  public func initialWeights(
    classes: Int, d: Int, seed: UInt64
  ) throws(TensorError) -> Tensor {
    Tensor(shape: [try Shape.count([classes])], elements: Array(repeating: beta, count: classes))
  }
}

extension MarginLoss {
  var hasHalves: Bool { nu == 0 }

  var countsUnorderedPairs: Bool { form == .pairs }

  /// The value and its gradients.
  public func evaluate(_ input: LossInput) throws(LossError) -> LossResult {
    try bounded(input).result(input, byBoundaries: .whole)
  }

  /// One half of the value with its gradients; nil where the boundary costs something too.
  public func evaluate(_ half: LossHalf, of input: LossInput) throws(LossError) -> LossResult? {
    hasHalves ? try bounded(input).result(input, byBoundaries: Halves(half)) : nil
  }

  /// The derivative by the similarity of every pair, a distance read as D² = 2 − 2S.
  public func pairWeights(_ input: LossInput) throws(LossError) -> Tensor? {
    try bounded(input).slopes(input)
  }

  /// The loss with a boundary per class, where an input has them.
  private func bounded(_ input: LossInput) throws(LossError) -> MarginLoss {
    guard let weights = input.weights else { return self }
    let batch = try Batch(input)
    guard weights.shape.count == 1 else { throw .weightsNotAVector(given: weights.shape) }
    try requireFinite(weights, .weights)
    try batch.requireLabels(below: weights.count, of: "beta")
    var loss = self
    loss.boundaries = batch.labels.map { weights.elements[$0] }
    return loss
  }

  /// The value with its gradients; that by the boundaries takes another visit of all pairs.
  private func result(
    _ input: LossInput, byBoundaries halves: Halves
  ) throws(LossError) -> LossResult {
    let result = try result(input, halves)
    guard let weights = input.weights else { return result }
    let sweep = PairSweep(try batch(input), distance: distance)
    let visit = AnchorVisit(sweep: sweep, survey: [], halves: halves)
    var gradient = [Double](repeating: 0, count: weights.count)
    var total = TermSum.none
    sweep.forEachRow { row, _ in
      let cost = cost(of: row, in: visit)
      total.terms += cost.terms
      total.active += cost.active
      // Every hinge is one of the distance less the boundary.
      let anchor = sweep.order[row.place(row.anchor)]
      gradient[input.labels[anchor]] += nu * charges(row) - row.slopes.reduce(0, +)
    }
    return LossResult(
      value: result.value, embeddingGradient: result.embeddingGradient,
      weightGradient: Tensor(
        shape: weights.shape, elements: gradient.map { total.factor(how) * $0 }),
      notices: result.notices)
  }

  /// How often the boundary of an anchor is charged for.
  private func charges(_ row: PairRow) -> Double {
    let (positives, negatives) = (row.number(of: .positives), row.number(of: .negatives))
    if form == .pairs { return (positives + negatives) / 2 }
    return row.triplets.map { Double($0.count) } ?? positives * negatives
  }

  /// In how many triplets every pair of a row is, where these are listed.
  private func listedTriplets(_ row: PairRow) -> [Double]? {
    guard form == .triplets, let triplets = row.triplets else { return nil }
    var counts = [Double](repeating: 0, count: row.count)
    for triplet in triplets {
      counts[triplet.positive] += 1
      counts[triplet.negative] += 1
    }
    return counts
  }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    let sign = distance.sign
    var cost = TermSum.none
    // An unordered pair is met twice and counts one half each time.
    let (positives, negatives) = (row.number(of: .positives), row.number(of: .negatives))
    let boundary = boundaries.isEmpty ? beta : boundaries[visit.sweep.order[row.place(row.anchor)]]
    let listed = listedTriplets(row)
    func add(_ kind: PairKind, _ direction: Double, times weight: Double, shown: Double) {
      guard weight > 0 else { return }
      row.forEach(kind) { j, measure in
        let excess = margin + direction * (measure - boundary)
        let weight = listed?[j] ?? weight
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
    cost.sum += nu * boundary * charges(row)
    return cost
  }
}
