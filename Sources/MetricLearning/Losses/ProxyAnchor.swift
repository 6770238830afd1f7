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
    let (batch, weights) = try checked(input, centers: nil, normalized: true)
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
    var cost = TermSum.none
    var meter = WorkMeter()
    let rate = isPull ? -alpha : alpha
    let level = isPull ? margin : -margin
    for p in 0..<weights.classes {
      let others = batch.labels.indices.filter { (batch.labels[$0] == p) == isPull }
      if isPull, others.isEmpty { continue }
      if meter.stops(after: others.count * batch.width) { break }
      let exponents = others.map { rate * (rows.dot($0, weights.rows, p) - level) }
      let largest = exponents.reduce(0, max)
      let powers = exponents.map { Portable.exp($0 - largest) }
      let sum = PhantomSum(
        largest: largest, sum: powers.reduce(0, +), isEmpty: exponents.isEmpty)
      cost.add(sum.logarithm)
      for (i, power) in zip(others, powers) {
        let slope = rate * power / sum.total
        weights.rows.add(p, times: slope, to: &byRows, row: i)
        rows.add(i, times: slope, to: &byWeights, row: p)
      }
    }
    let factor = shown * cost.factor(how)
    return (factor * cost.sum, byRows.map { factor * $0 }, byWeights.map { factor * $0 })
  }
}
