public import Cards
import Glibc
import Tensors

/// Bounds the angle at the negative in the triangle it makes with an anchor and a positive.
///
///     L = mean over P of log( 1 + Σ_{Nₐ} e^{4t(zₐ+zₚ)·xₙ − 2(1+t) zₐ·zₚ} ),   t = tan²α
///
/// Wang et al. 2017. α is `alpha` in radians. Anchor and positive are unit vectors z, negatives x as
/// given. The matrix is n×d; the terms are those of one class at a time, each pair once.
public struct Angular: Loss {
  /// The bound α of the angle at the negative, in radians.
  public var alpha = 40.0 / 180 * Double.pi
  /// How the positive pairs are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "angular", "Bounds the angle at the negative in its triangle with anchor and positive.",
    signature: signature("angular"),
    formula: "L = mean over P of log( 1 + Σ_{Nₐ} e^{4t(zₐ+zₚ)·xₙ − 2(1+t) zₐ·zₚ} ),   t = tan²α",
    details: """
      z: n×d, y: n labels; α = alpha in radians, 0 ≤ α < π/2, 40 degrees unless given. Anchor and \
      positive are normalised inside, negatives are not. 0 without negatives.
      """,
    reference: "Wang et al. 2017",
    example: "angular([[1, 0], [1, 0.5], [0, 1], [0.2, 1]], [0, 0, 1, 1])",
    seeAlso: ["npair", "triplet"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("alpha", \.alpha, .from(0, below: .pi / 2), "the bound of the angle, in radians"),
      Parameter("reduction", \.reduction, "how the positive pairs are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.reduced)
    t = tan(alpha)^2
    u = normalize(z)
    terms = zeros(0)
    for a in range(len(y)) {
        negatives = z[y != y[a]]
        for p in range(len(y)) {
            if p == a or y[p] != y[a] { continue }
            f = 4*t * (negatives @ (u[a] + u[p])) - 2*(1 + t) * dot(u[a], u[p])
            terms = append(terms, softplus(logsumexp(f)) if len(f) > 0 else 0)
        }
    }
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["alpha"] }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    ["angle at a negative", "positive pairs", how.words]
  }

  private var how: Reduction { reduction.resolved(paper: .mean) }
}

extension Angular {
  /// The value and its gradient, in one pass.
  public func evaluate(_ input: LossInput) throws(LossError) -> LossResult {
    try requireNoneUnused(input)
    let batch = try Batch(input)
    let given = Rows(batch.embeddings.elements, width: batch.width, normalized: false)
    let unit = Rows(batch.embeddings.elements, width: batch.width, normalized: true)
    var byGiven = given.zeroGradient
    var byUnit = unit.zeroGradient
    let t = tan(alpha) * tan(alpha)
    let classes = batch.classes.ofRow
    var cost = AnchorCost.none
    var meter = WorkMeter()
    for a in 0..<batch.count {
      let negatives = classes.indices.filter { classes[$0] != classes[a] }
      // A pair costs the same from either end.
      for p in a + 1..<max(a + 1, batch.count) where classes[p] == classes[a] {
        if meter.stops(after: 4 * negatives.count * batch.width) { break }
        let own = 2 * (1 + t) * unit.dot(a, unit, p)
        let (shares, push) = softmax(
          negatives.map { 4 * t * (given.dot($0, unit, a) + given.dot($0, unit, p)) })
        let (term, slope) = softplus(push - own)
        cost.add(term)
        unit.add(p, times: -slope * 2 * (1 + t), to: &byUnit, row: a)
        unit.add(a, times: -slope * 2 * (1 + t), to: &byUnit, row: p)
        for (n, share) in zip(negatives, shares) {
          let factor = 4 * t * slope * share
          given.add(n, times: factor, to: &byUnit, row: a)
          given.add(n, times: factor, to: &byUnit, row: p)
          unit.add(a, times: factor, to: &byGiven, row: n)
          unit.add(p, times: factor, to: &byGiven, row: n)
        }
      }
    }
    let factor = 2 * how.factor(terms: 2 * cost.terms, active: 2 * cost.active)
    let gradient = zip(
      given.gradient(byGiven, times: factor), unit.gradient(byUnit, times: factor)
    ).map(+)
    return LossResult(
      value: factor * cost.sum,
      embeddingGradient: Tensor(shape: batch.embeddings.shape, elements: gradient),
      notices: batch.classes.notices)
  }
}
