import Tensors

/// A loss of pairs: it says what the pairs of an anchor cost, and how the costs are reduced.
protocol PairLoss: SplitLoss, TiledLoss {
  /// What a pair is measured by.
  var distance: Distance { get }

  /// Adds the cost of an anchor's pairs to `totals`, and its derivatives to the row's slopes.
  func cost(of row: PairRow, into totals: inout PairTotals)

  /// The cost as hinges on distances, if that is what it is; these have a faster kernel.
  var hinges: PairHinges? { get }

  /// What the two halves of the cost are multiplied by.
  func factors(_ totals: PairTotals, _ counts: PairCounts) -> (pull: Double, push: Double)

  /// Whether a pair counts once, met from both its rows.
  var countsUnorderedPairs: Bool { get }
}

extension PairLoss {
  /// Pairs are what is summed over.
  public static var takesTuples: Bool { true }

  /// The formula, of the pairs that are listed.
  public static var tupleFormula: String? { PairFormula.listed(formula) }

  /// Every pair counts for its first row.
  var countsUnorderedPairs: Bool { false }

  /// Every loss of pairs can be swept an anchor at a time.
  var hinges: PairHinges? { nil }

  /// Both halves in one pass over the pairs.
  func result(
    _ input: LossInput, pull: Double, push: Double
  ) throws(LossError) -> LossResult {
    try requireNoneUnused(input)
    let batch = try batch(input)
    let counts = batch.counts
    func weighted(_ totals: PairTotals) -> (pull: Double, push: Double) {
      let factor = factors(totals, counts)
      return (pull * factor.pull, push * factor.push)
    }
    if batch.isTiled, var costs = pairCosts(batch.classes) {
      if pull != push { costs.halvesWeighApart = true }
      let (totals, gradient) = batch.tiled(costs, distance, factors: weighted)
      let factor = weighted(totals)
      return LossResult(
        value: factor.pull * totals.pull + factor.push * totals.push, embeddingGradient: gradient,
        notices: batch.notices)
    }
    if batch.isTiled, let exponents = pairExponents(Halves(pull: pull, push: push)),
      let (total, gradient) = batch.tiled(
        exponents, distance, leavesInactive: false,
        factor: { factors(PairTotals(activeAnchors: $0.active), counts).pull })
    {
      let factor = factors(PairTotals(activeAnchors: total.active), counts).pull
      return LossResult(
        value: factor * total.sum, embeddingGradient: gradient, notices: batch.notices)
    }
    let (totals, gradient) =
      if let hinges, batch.tuples == nil {
        HingePairs(batch, distance: distance).gradient(hinges, factors: weighted)
      } else {
        PairSweep(batch, distance: distance).gradient(cost, factors: weighted)
      }
    let factor = weighted(totals)
    return LossResult(
      value: factor.pull * totals.pull + factor.push * totals.push,
      embeddingGradient: gradient,
      notices: batch.notices)
  }

  /// The derivative by the similarity of every pair, a distance read as D² = 2 − 2S.
  public func pairWeights(_ input: LossInput) throws(LossError) -> Tensor? {
    try requireNoneUnused(input)
    let batch = try batch(input)
    return try PairSweep(batch, distance: distance).pairWeights(cost) { factors($0, batch.counts) }
  }

  private func batch(_ input: LossInput) throws(LossError) -> Batch {
    let batch = try Batch(input)
    return countsUnorderedPairs ? batch.withUnorderedPairs : batch
  }

  /// The same at given similarities of unit rows.
  public func pairWeights(similarities: Tensor, labels: [Int]) throws(LossError) -> Tensor? {
    let sweep = try PairSweep(similarities: similarities, labels: labels, distance: distance)
    return try sweep.pairWeights(cost) { factors($0, sweep.classes.counts) }
  }
}

/// Definitions of the language that formulas of pair losses share.
enum PairFormula {
  /// `measured(z)`: the n×n distances or similarities that `distance` names.
  static let measured = """
    def measured(z) {
        if distance == "euclidean" { return dist_matrix(z) }
        if distance == "euclidean_normalized" { return dist_matrix(normalize(z)) }
        if distance == "sqeuclidean" { return sqdist_matrix(z) }
        if distance == "sqeuclidean_normalized" { return sqdist_matrix(normalize(z)) }
        if distance == "cosine" { return cosine_matrix(z) }
        gram(z)
    }
    sign = -1 if distance in ["cosine", "dot"] else 1    # a similarity is large where a distance is small
    """

  /// `D`, large where rows are far apart, and for every row its `P`ositives and `N`egatives.
  static let sorted = """
    \(measured)
    D = sign * measured(z)
    \(kinds)
    """

  /// For every row its `P`ositives and `N`egatives among `n` rows.
  static let kinds = """
    n = len(y)
    N = not same_class(y)
    P = same_class(y) and eye(n) == 0
    """

  /// The same of those pairs and triplets that `tuples` lists.
  private static let listedKinds = """
    n = len(y)
    P, N = zeros(n, n) > 0, zeros(n, n) > 0
    if len(tuples.anchor) > 0 {
        if "same" in tuples {
            P[tuples.anchor, tuples.other] = tuples.same
            N[tuples.anchor, tuples.other] = not tuples.same
        } else {
            P[tuples.anchor, tuples.positive] = true
            N[tuples.anchor, tuples.negative] = true
        }
    }
    """

  /// What makes pairs count once, whichever way round they are listed.
  static let mirrored = "P, N = P or P.T, N or N.T"

  /// `chosen(a)`: which positives of an anchor go with which of its negatives.
  static let chosen = """
    def chosen(a) {
        m = P[a][P[a]][:, none] and N[a][N[a]][none, :]
        if "same" in tuples { return m }
        T = zeros(n, n) > 0
        own = tuples.anchor == a
        if any(own) { T[tuples.positive[own], tuples.negative[own]] = true }
        m and T[P[a]][:, N[a]]
    }
    """

  /// A formula over listed tuples, with `more` after them; nil where it takes its pairs otherwise.
  static func listed(_ formula: String, _ more: String = "") -> String? {
    guard formula.contains(kinds) else { return nil }
    return formula.replacing(kinds, with: listedKinds + (more.isEmpty ? "" : "\n" + more))
  }

  /// `reduced(terms, how)`: the sum or a mean of a vector of terms.
  static let reduced = """
    def reduced(terms, how) {
        if how == "sum" { return sum(terms) }
        if how == "mean_nonzero" { return sum(relu(terms)) / maximum(1, count(terms > 0)) }
        sum(terms) / maximum(1, len(terms))
    }
    """
}
