import CKernels
import Tensors

/// A loss that is summed over anchors: it says what the pairs of one anchor cost together, as one
/// term or as many.
protocol AnchorLoss: TiledLoss {
  /// What a pair is measured by.
  var distance: Distance { get }

  /// How the terms are summed up, the paper's way resolved.
  var how: Reduction { get }

  /// Whether the terms split exactly into tightness and contrast (theory §4.1).
  var hasHalves: Bool { get }

  /// Whether a pair counts once, met from both its rows.
  var countsUnorderedPairs: Bool { get }

  /// What must be known of all rows before an anchor can be costed.
  func survey(_ sweep: PairSweep) -> [Double]

  /// The cost of an anchor's pairs; its derivatives are written to the row's slopes.
  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum
}

/// What a loss knows when it costs an anchor.
struct AnchorVisit {
  /// All pairs.
  let sweep: PairSweep
  /// What `survey` found.
  let survey: [Double]
  /// Which half of the loss is asked for.
  let halves: Halves
}

extension AnchorLoss {
  /// Pairs or triplets are what is summed over.
  public static var takesTuples: Bool { true }

  /// The formula, of the pairs that are listed.
  public static var tupleFormula: String? { PairFormula.listed(formula) }

  /// Every pair counts for its first row.
  var countsUnorderedPairs: Bool { false }

  /// No exact split, unless a loss says otherwise.
  var hasHalves: Bool { false }

  /// Most losses need to know nothing beforehand.
  func survey(_ sweep: PairSweep) -> [Double] { [] }

  /// The value and its gradient, in one pass.
  public func evaluate(_ input: LossInput) throws(LossError) -> LossResult {
    try result(input, .whole)
  }

  /// One half of the value with its gradient; nil where there is no exact split.
  public func evaluate(_ half: LossHalf, of input: LossInput) throws(LossError) -> LossResult? {
    hasHalves ? try result(input, Halves(half)) : nil
  }

  /// The value or a half of it, with the gradient by the embeddings.
  func result(_ input: LossInput, _ halves: Halves) throws(LossError) -> LossResult {
    try requireNoneUnused(input)
    let batch = try batch(input)
    if batch.isTiled, let result = tiledResult(batch, halves) { return result }
    let sweep = PairSweep(batch, distance: distance)
    let (totals, gradient) = sweep.gradient(adding(sweep, halves), factors: factors)
    return LossResult(
      value: factor(totals) * totals.pull,
      embeddingGradient: gradient,
      notices: notices(totals, batch))
  }

  /// The batch of an input, with the pairs that are listed as the loss counts them.
  func batch(_ input: LossInput) throws(LossError) -> Batch {
    let batch = try Batch(input)
    return countsUnorderedPairs ? batch.withUnorderedPairs : batch
  }

  /// The same in tiles, where the loss is made for them.
  private func tiledResult(_ batch: Batch, _ halves: Halves) -> LossResult? {
    if var costs = pairCosts(batch.classes) {
      costs.halvesWeighApart = halves.pull != halves.push
      // Every pair is a part of a term, and every anchor with a pair has one.
      let terms = Double(batch.count)
      let factor = how.factor(terms: terms, active: terms)
      let (totals, gradient) = batch.tiled(costs, distance) { _ in
        (halves.pull * factor, halves.push * factor)
      }
      return LossResult(
        value: factor * halves.sum(totals.pull, totals.push), embeddingGradient: gradient,
        notices: batch.notices)
    }
    guard let exponents = pairExponents(halves),
      let (total, gradient) = batch.tiled(
        exponents, distance, leavesInactive: how == .meanNonzero,
        factor: { $0.factor(how) })
    else { return nil }
    let totals = PairTotals(pull: total.sum, activeTerms: total.active, terms: total.terms)
    return LossResult(
      value: factor(totals) * total.sum, embeddingGradient: gradient,
      notices: notices(totals, batch))
  }

  /// The derivative by the similarity of every pair, a distance read as D² = 2 − 2S.
  public func pairWeights(_ input: LossInput) throws(LossError) -> Tensor? {
    try slopes(input)
  }

  /// The derivative by the similarity of every pair.
  func slopes(_ input: LossInput) throws(LossError) -> Tensor {
    try requireNoneUnused(input)
    let sweep = PairSweep(try batch(input), distance: distance)
    return try sweep.pairWeights(adding(sweep, .whole), factors: factors)
  }

  /// The same at given similarities of unit rows.
  public func pairWeights(similarities: Tensor, labels: [Int]) throws(LossError) -> Tensor? {
    let sweep = try PairSweep(similarities: similarities, labels: labels, distance: distance)
    return try sweep.pairWeights(adding(sweep, .whole), factors: factors)
  }

  /// The cost of every anchor, added to the totals of a sweep.
  private func adding(
    _ sweep: PairSweep, _ halves: Halves
  ) -> (PairRow, inout PairTotals) -> Void {
    let visit = AnchorVisit(sweep: sweep, survey: survey(sweep), halves: halves)
    return { row, totals in
      let cost = cost(of: row, in: visit)
      totals.terms += cost.terms
      if cost.isInactive, how == .meanNonzero {
        row.slopes.update(repeating: 0)
        return
      }
      totals.pull += cost.sum
      totals.activeTerms += cost.active
    }
  }

  private func factor(_ totals: PairTotals) -> Double {
    how.factor(terms: totals.terms, active: totals.activeTerms)
  }

  private func factors(_ totals: PairTotals) -> (pull: Double, push: Double) {
    (factor(totals), factor(totals))
  }

  func notices(_ totals: PairTotals, _ batch: Batch) -> [String] {
    let notices = batch.notices
    // Of a sweep that was stopped nothing can be said.
    guard notices.isEmpty, !Stopping.isDue else { return notices }
    if totals.terms == 0 { return ["nothing was selected: the loss is 0, and so is its gradient"] }
    guard totals.activeTerms == 0, totals.pull == 0 else { return [] }
    return ["no term is above 0: the loss is 0"]
  }
}

/// The pairs of an anchor that a sum runs over.
enum PairKind {
  /// Those with the anchor's label.
  case positives
  /// Those with another label.
  case negatives
  /// Both.
  case others
}

extension PairRow {
  /// Visits the stretches of neighbours that pairs of a kind are.
  @inline(__always)
  func forEachStretch(_ kind: PairKind, _ body: (Range<Int>) -> Void) {
    func visit(_ lower: Int, _ upper: Int) {
      if lower < upper { body(lower..<upper) }
    }
    if kind != .positives { visit(0, mates.lowerBound) }
    if kind != .negatives {
      visit(mates.lowerBound, anchor)
      visit(anchor + 1, mates.upperBound)
    }
    if kind != .positives { visit(mates.upperBound, count) }
  }

  /// Visits the pairs of a kind in their order, each with its measure.
  @inline(__always)
  func forEach(_ kind: PairKind, _ body: (_ other: Int, _ measure: Double) -> Void) {
    forEachStretch(kind) { others in
      for j in others { body(j, measures[j]) }
    }
  }

  /// How many pairs of a kind there are.
  func number(of kind: PairKind) -> Double {
    switch kind {
    case .positives: Double(mates.count - 1)
    case .negatives: Double(count - mates.count)
    case .others: Double(count - 1)
    }
  }

  /// log Σ e^{exponent}, without overflow (theory §1.3); −∞ for no pairs.
  ///
  /// The exponents are left in the scratch.
  @inline(__always)
  func logSumExp(_ kind: PairKind, _ exponent: (_ measure: Double) -> Double) -> Double {
    var largest = -Double.infinity
    forEach(kind) { j, measure in
      let exponent = exponent(measure)
      scratch[j] = exponent
      largest = max(largest, exponent)
    }
    guard largest > -.infinity else { return largest }
    return largest + Portable.log(sumOfPowers(kind, offset: -largest))
  }

  /// Σ e^{exponent + offset} of exponents in the scratch.
  func sumOfPowers(_ kind: PairKind, offset: Double) -> Double {
    var sum = 0.0
    forEachStretch(kind) { others in
      guard let exponents = scratch.baseAddress else { return }
      sum += kernel_powers_f64(exponents + others.lowerBound, others.count, offset, 0, nil)
    }
    return sum
  }

  /// Adds to every slope of a kind its share of the log-sum-exp, times a factor: the derivative of
  /// `logSumExp` by the exponents.
  @inline(__always)
  func addShares(
    _ kind: PairKind, of logSumExp: Double, times factor: Double,
    _ exponent: (_ measure: Double) -> Double
  ) {
    guard factor != 0 else { return }
    forEach(kind) { j, measure in scratch[j] = exponent(measure) }
    addPowers(kind, offset: -logSumExp, times: factor)
  }

  /// Adds factor·e^{exponent + offset}, by the exponents in the scratch, to the slopes of a kind.
  func addPowers(_ kind: PairKind, offset: Double, times factor: Double) {
    forEachStretch(kind) { others in
      guard let exponents = scratch.baseAddress, let slopes = slopes.baseAddress else { return }
      _ = kernel_powers_f64(
        exponents + others.lowerBound, others.count, offset, factor, slopes + others.lowerBound)
    }
  }
}
