public import Cards
import Tensors

/// Takes proxies for anchors: each pulls its class and pushes all other rows, the hard ones more.
///
///     L = 1/|P⁺| Σ_{P⁺} log(1 + Σ_{X⁺} e^{−α(s−δ)}) + 1/|P| Σ_P log(1 + Σ_{X⁻} e^{α(s+δ)})
///
/// Theory §8.3; Kim et al. 2020. P are all proxies, P⁺ those of classes in the batch; s is the cosine,
/// δ `margin`. `z` is n×d, `weights` K×d.
public struct ProxyAnchor: SplitLoss {
  /// How sharply hard rows are preferred, α.
  public var alpha = 32.0
  /// The margin δ on both sides.
  public var margin = 0.1
  /// How the proxies are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "proxy_anchor", "Takes proxies for anchors: each pulls its class and pushes all other rows.",
    signature: signature("proxy_anchor"),
    formula: """
      L = 1/|P⁺| Σ_{P⁺} log(1 + Σ_{X⁺} e^{−α(s−δ)}) + 1/|P| Σ_P log(1 + Σ_{X⁻} e^{α(s+δ)})
      """,
    details: """
      z: n×d, y: n labels, weights: K×d, one proxy per class; α = alpha > 0, δ = margin. P⁺ are \
      the proxies whose class is in the batch, P are all. Both are normalised inside. Defaults: \
      alpha and margin are those of the paper, its code and pytorch-metric-learning.
      """,
    reference: "Kim et al. 2020; theory §8.3",
    example: "proxy_anchor([[1, 0], [0, 1]], [0, 1], weights=[[2, 0], [1, 2]])",
    seeAlso: ["proxy_nca", "ms", "norm_softmax"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("alpha", \.alpha, .positive, "how sharply hard rows are preferred"),
      Parameter("margin", \.margin, .finite, "the margin on both sides"),
      Parameter("reduction", \.reduction, "how the proxies are summed up"),
    ]
  }

  /// The tensors taken beside embeddings and labels.
  public static let operands = ["weights"]

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.reduced)
    S = cosine_matrix(weights, z)
    own = one_hot(y, len(weights)).T > 0
    one = zeros(len(weights), 1)
    pull = logsumexp(concat([one, where(own, -alpha * (S - margin), -inf)], axis=1), axis=1)
    push = logsumexp(concat([one, where(own, -inf, alpha * (S + margin))], axis=1), axis=1)
    how = "mean" if reduction == "paper" else reduction
    reduced(pull[any(own, axis=1)], how) + reduced(push, how)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["alpha", "margin"] }

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    ["cosine similarity to proxies, [-1, 1]", "proxies, present and all", "each \(how.words)"]
  }

  /// Whether weights must be given.
  public var needsWeights: Bool { true }

  private var how: Reduction { reduction.resolved(paper: .mean) }
}

extension ProxyAnchor {
  /// Both halves, a proxy at a time.
  func result(
    _ input: LossInput, pull: Double, push: Double
  ) throws(LossError) -> LossResult {
    let (batch, weights) = try checked(input, centers: nil)
    guard weights.isTiled(with: batch) else {
      return swept(batch, ClassWeights(weights, normalized: true), pull: pull, push: push)
    }
    return weights.isSingle(with: batch)
      ? tiled(Float.self, batch, weights, pull: pull, push: push)
      : tiled(Double.self, batch, weights, pull: pull, push: push)
  }

  /// What a similarity is multiplied by in the exponent of its half, once `level` is taken off.
  private func exponent(isPull: Bool) -> (rate: Double, level: Double) {
    isPull ? (-alpha, margin) : (alpha, -margin)
  }

  /// What a proxy costs by the similarities of one half, which become the derivatives by them.
  private func cost(_ similarities: inout [Double], isPull: Bool) -> Double {
    let (rate, level) = exponent(isPull: isPull)
    let exponents = similarities.map { rate * ($0 - level) }
    let largest = exponents.reduce(0, max)
    let powers = exponents.map { Portable.exp($0 - largest) }
    let sum = PhantomSum(largest: largest, sum: powers.reduce(0, +), isEmpty: exponents.isEmpty)
    similarities = powers.map { rate * $0 / sum.total }
    return sum.logarithm
  }

  /// The result proxy by proxy, in float64.
  private func swept(
    _ batch: Batch, _ weights: ClassWeights, pull: Double, push: Double
  ) -> LossResult {
    let rows = Rows(batch.embeddings.elements, width: batch.width, normalized: true)
    let pulling = half(batch, rows, weights, isPull: true, shown: pull)
    let pushing = half(batch, rows, weights, isPull: false, shown: push)
    return LossResult(
      value: pulling.value + pushing.value,
      embeddingGradient: Tensor(
        shape: batch.embeddings.shape,
        elements: rows.gradient(zip(pulling.byRows, pushing.byRows).map(+))),
      weightGradient: weights.gradient(zip(pulling.byWeights, pushing.byWeights).map(+)))
  }

  /// One half, reduced, with its gradients by the unit rows.
  private func half(
    _ batch: Batch, _ rows: Rows, _ weights: ClassWeights, isPull: Bool, shown: Double
  ) -> (value: Double, byRows: [Rows.Vector], byWeights: [Rows.Vector]) {
    var byRows = rows.zeroGradient
    var byWeights = weights.rows.zeroGradient
    var total = TermSum.none
    var meter = WorkMeter()
    for p in 0..<weights.classes {
      let others = batch.labels.indices.filter { (batch.labels[$0] == p) == isPull }
      if isPull, others.isEmpty { continue }
      if meter.stops(after: others.count * batch.width) { break }
      var slopes = others.map { rows.dot($0, weights.rows, p) }
      total.add(cost(&slopes, isPull: isPull))
      for (i, slope) in zip(others, slopes) {
        weights.rows.add(p, times: slope, to: &byRows, row: i)
        rows.add(i, times: slope, to: &byWeights, row: p)
      }
    }
    let factor = shown * total.factor(how)
    return (factor * total.sum, byRows.map { factor * $0 }, byWeights.map { factor * $0 })
  }

  /// The result in tiles, in the precision of the input: proxies against all rows for what pushes,
  /// and one by one what pulls, of which every row has one.
  private func tiled<Number: ClassNumber>(
    _ type: Number.Type, _ batch: Batch, _ weights: GivenWeights, pull: Double, push: Double
  ) -> LossResult {
    let tiles = CrossTiles<Number>(
      rows: TileRows(weights.tensor, width: batch.width, normalized: true),
      columns: TileRows(batch.given, width: batch.width, normalized: true))
    var members = [[Int]](repeating: [], count: weights.classes)
    for (i, label) in batch.labels.enumerated() { members[label].append(i) }
    var pushing = [Double](repeating: 0, count: push > 0 ? weights.classes : 0)
    var (byProxies, byRows) = pushing.withUnsafeMutableBufferPointer { pushing in
      // Proxies have costs of their own.
      nonisolated(unsafe) let pushing = pushing
      return push > 0
        ? tiles.gradient(room: 0) { p, line, _ in
          pushing[p] = pushCost(line, batch.count, members[p])
        } : tiles.noGradient
    }
    let total = pushing.reduce(into: TermSum.none) { $0.add($1) }
    let factor = push * total.factor(how)
    byProxies.scale(by: factor)
    byRows.scale(by: factor)
    var slopes = members.enumerated().map { p, rows in rows.map { tiles.product(p, $0) } }
    var pulling = TermSum.none
    for p in slopes.indices where !slopes[p].isEmpty {
      pulling.add(cost(&slopes[p], isPull: true))
    }
    let ofPull = pull * pulling.factor(how)
    for (p, slopes) in slopes.enumerated() {
      for (i, slope) in zip(members[p], slopes) {
        tiles.rows.add(p, times: ofPull * slope, to: &byRows, row: i)
        tiles.columns.add(i, times: ofPull * slope, to: &byProxies, row: p)
      }
    }
    return LossResult(
      value: ofPull * pulling.sum + factor * total.sum,
      embeddingGradient: Number.tensor(
        shape: [batch.count, batch.width], tiles.columns.gradient(byRows, times: 1)),
      weightGradient: Number.tensor(
        shape: weights.tensor.shape, tiles.rows.gradient(byProxies, times: 1)))
  }

  /// What a proxy costs by its similarities with all rows but its members, which become the
  /// derivatives by them.
  private func pushCost<Number: ClassNumber>(
    _ line: UnsafeMutablePointer<Number>, _ count: Int, _ members: [Int]
  ) -> Double {
    let (rate, level) = exponent(isPull: false)
    for i in members { line[i] = Number.lowest }
    let origin = max(Number.largest(line, count), Number(level))
    let sum = PhantomSum(
      largest: rate * (Double(origin) - level),
      sum: Number.setPowers(line, count, rate: Number(rate), origin: origin),
      isEmpty: count == members.count)
    Number.setShares(line, count, factor: rate / sum.total, level: 0)
    for i in members { line[i] = 0 }
    return sum.isEmpty ? 0 : sum.logarithm
  }
}
