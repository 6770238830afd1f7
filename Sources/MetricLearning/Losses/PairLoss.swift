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
  func factors(_ totals: PairTotals, _ classes: ClassIndex) -> (pull: Double, push: Double)
}

extension PairLoss {
  /// Every loss of pairs can be swept an anchor at a time.
  var hinges: PairHinges? { nil }

  /// Both halves in one pass over the pairs.
  func result(
    _ input: LossInput, pull: Double, push: Double
  ) throws(LossError) -> LossResult {
    try requireNoneUnused(input)
    let batch = try Batch(input)
    func weighted(_ totals: PairTotals) -> (pull: Double, push: Double) {
      let factor = factors(totals, batch.classes)
      return (pull * factor.pull, push * factor.push)
    }
    if batch.isTiled, let costs = pairCosts(batch.classes) {
      let (totals, gradient) = batch.tiled(costs, distance, factors: weighted)
      let factor = weighted(totals)
      return LossResult(
        value: factor.pull * totals.pull + factor.push * totals.push, embeddingGradient: gradient,
        notices: batch.classes.notices)
    }
    if batch.isTiled, let exponents = pairExponents(Halves(pull: pull, push: push)),
      let (total, gradient) = batch.tiled(
        exponents, distance, leavesInactive: false,
        factor: { factors(PairTotals(activeAnchors: $0.active), batch.classes).pull })
    {
      let factor = factors(PairTotals(activeAnchors: total.active), batch.classes).pull
      return LossResult(
        value: factor * total.sum, embeddingGradient: gradient, notices: batch.classes.notices)
    }
    let (totals, gradient) =
      if let hinges {
        HingePairs(batch, distance: distance).gradient(hinges, factors: weighted)
      } else {
        PairSweep(batch, distance: distance).gradient(cost, factors: weighted)
      }
    let factor = weighted(totals)
    return LossResult(
      value: factor.pull * totals.pull + factor.push * totals.push,
      embeddingGradient: gradient,
      notices: batch.classes.notices)
  }

  /// The derivative by the similarity of every pair, a distance read as D² = 2 − 2S.
  public func pairWeights(_ input: LossInput) throws(LossError) -> Tensor? {
    try requireNoneUnused(input)
    let batch = try Batch(input)
    return try PairSweep(batch, distance: distance).pairWeights(cost) { factors($0, batch.classes) }
  }

  /// The same at given similarities of unit rows.
  public func pairWeights(similarities: Tensor, labels: [Int]) throws(LossError) -> Tensor? {
    let sweep = try PairSweep(similarities: similarities, labels: labels, distance: distance)
    return try sweep.pairWeights(cost) { factors($0, sweep.classes) }
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
    n = len(y)
    N = not same_class(y)
    P = same_class(y) and eye(n) == 0
    """

  /// `reduced(terms, how)`: the sum or a mean of a vector of terms.
  static let reduced = """
    def reduced(terms, how) {
        if how == "sum" { return sum(terms) }
        if how == "mean_nonzero" { return sum(relu(terms)) / maximum(1, count(terms > 0)) }
        sum(terms) / maximum(1, len(terms))
    }
    """
}
