public import Cards
import Tensors

/// Contrastive hinges on a ratio of variances: what differs is noise, what the anchor has is signal.
///
///     Dᵢⱼ = var(zᵢ − zⱼ) / var(zᵢ),
///     L = mean of [D − pos_margin]₊ over P + mean of [margin − D]₊ over N, terms above 0
///
/// Yuan et al. 2019. Variances are over the numbers of a row, which is normalised first; D is not
/// symmetric. `z` is n×d.
public struct SignalToNoiseContrastive: SplitLoss {
  /// Where a negative pair stops costing.
  public var margin = 1.0
  /// Where a positive pair stops costing.
  public var positiveMargin = 0.0
  /// How the pairs of a kind are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "snr_contrastive", "Contrastive hinges on a ratio of variances, noise to signal.",
    signature: signature("snr_contrastive"),
    formula: """
      Dᵢⱼ = var(zᵢ − zⱼ) / var(zᵢ)
      L = mean of [D − pos_margin]₊ over P + mean of [margin − D]₊ over N, each over terms above 0
      """,
    details: """
      z: n×d, y: n labels, margins ≥ 0. Variances are over the numbers of a row of unit length. An \
      anchor whose numbers are all equal has no signal and is left out. Defaults: margin and \
      pos_margin are those of pytorch-metric-learning.
      """,
    reference: "Yuan et al. 2019",
    example: "snr_contrastive([[1, 0], [1, 0.5], [0, 1], [0.2, 1]], [0, 0, 1, 1])",
    seeAlso: ["contrastive"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("margin", \.margin, .nonNegative, "where a negative pair stops costing"),
      Parameter(
        "pos_margin", \.positiveMargin, .nonNegative, "where a positive pair stops costing"),
      Parameter("reduction", \.reduction, "how the pairs of a kind are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.reduced)
    u = normalize(z)
    signal = var(u, axis=1)
    heard = signal > 1e-28
    D = var(u[:, none] - u[none], axis=2) / where(heard, signal, 1)[:, none]
    \(PairFormula.kinds)
    how = "mean_nonzero" if reduction == "paper" else reduction
    pull = relu(D - pos_margin)[P and heard[:, none]]
    push = relu(margin - D)[N and heard[:, none]]
    reduced(pull, how) + reduced(push, how)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["margin", "pos_margin"] }

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    ["noise over signal of unit rows", "positive pairs and negative pairs", "each \(how.words)"]
  }

  private var how: Reduction { reduction.resolved(paper: .meanNonzero) }
}

extension SignalToNoiseContrastive {
  /// Pairs are what is summed over.
  public static let takesTuples = true

  /// The formula, of the pairs that are listed.
  public static var tupleFormula: String? { PairFormula.listed(formula) }

  /// A variance that rounding alone makes.
  private static let silence = 1e-28

  /// Both halves, by the squared distances of centered rows.
  func result(
    _ input: LossInput, pull: Double, push: Double
  ) throws(LossError) -> LossResult {
    try requireNoneUnused(input)
    let batch = try Batch(input)
    let (n, d) = (batch.count, batch.width)
    let unit = Rows(batch.embeddings.elements, width: d, normalized: true)
    let centered = centered(unit.elements, width: d)
    let signals = (0..<n).map { i in centered[i * d..<(i + 1) * d].reduce(0) { $0 + $1 * $1 } }
    let sweep = PairSweep(
      try Batch(
        LossInput(
          embeddings: Tensor(shape: batch.embeddings.shape, elements: centered),
          labels: batch.labels, tuples: input.tuples)), distance: .sqeuclidean)

    let heard = (0..<n).filter { signals[$0] > Self.silence * Double(d) }
    let terms = heard.reduce((pull: 0.0, push: 0.0)) { terms, row in
      let own = batch.pairs(of: row)
      return (terms.pull + own.positives, terms.push + own.negatives)
    }
    func factors(_ totals: PairTotals) -> (pull: Double, push: Double) {
      (
        pull * how.factor(terms: terms.pull, active: totals.activePull),
        push * how.factor(terms: terms.push, active: totals.activePush)
      )
    }
    var bySignal = [(pull: Double, push: Double)](repeating: (0, 0), count: n)
    let (totals, gradient) = bySignal.withUnsafeMutableBufferPointer { bySignal in
      // Every anchor has an entry of its own.
      nonisolated(unsafe) let bySignal = bySignal
      return sweep.gradient(
        { row, totals in
          let anchor = sweep.order[row.place(row.anchor)]
          let signal = signals[anchor]
          guard signal > Self.silence * Double(d) else { return }
          var slope = (pull: 0.0, push: 0.0)
          row.forEach(.positives) { j, measure in
            let excess = measure / signal - positiveMargin
            guard excess > 0 else { return }
            totals.pull += excess
            totals.activePull += 1
            row.slopes[j] = 1 / signal
            slope.pull -= measure / signal / signal
          }
          row.forEach(.negatives) { j, measure in
            let excess = margin - measure / signal
            guard excess > 0 else { return }
            totals.push += excess
            totals.activePush += 1
            row.slopes[j] = -1 / signal
            slope.push += measure / signal / signal
          }
          bySignal[anchor] = slope
        }, factors: factors)
    }

    let factor = factors(totals)
    var byCentered = gradient.elements
    for i in byCentered.indices {
      let slope = bySignal[i / d]
      byCentered[i] += 2 * centered[i] * (factor.pull * slope.pull + factor.push * slope.push)
    }
    let byUnit = Rows(self.centered(byCentered, width: d), width: d, normalized: false)
    let silent = signals.contains { $0 <= Self.silence * Double(d) }
    return LossResult(
      value: factor.pull * totals.pull + factor.push * totals.push,
      embeddingGradient: Tensor(
        shape: batch.embeddings.shape, elements: unit.gradient(byUnit.vectors)),
      notices: batch.notices
        + (silent ? ["a row of equal numbers has no signal: as an anchor it is left out"] : []))
  }

  /// The rows of a matrix, each less its mean.
  private func centered(_ elements: [Double], width: Int) -> [Double] {
    var result = elements
    for start in stride(from: 0, to: elements.count, by: max(1, width)) {
      let mean = elements[start..<start + width].reduce(0, +) / Double(width)
      for i in start..<start + width { result[i] -= mean }
    }
    return result
  }
}
