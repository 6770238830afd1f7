public import Cards
import Tensors

/// Bounds the angle at the negative in the triangle it makes with an anchor and a positive.
///
///     L = mean over P of log( 1 + Σ_{Nₐ} e^{4t(zₐ+zₚ)·xₙ − 2(1+t) zₐ·zₚ} ),   t = tan²α
///
/// Wang et al. 2017. α is `alpha` in radians. Anchor and positive are unit vectors z, negatives x as
/// given. `z` is n×d. Memory is O(nd): products are made for a few members of a class at a time.
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
      positive are normalised inside, negatives are not. 0 without negatives. Defaults: alpha is \
      that of pytorch-metric-learning; the paper tries 36 to 55 degrees.
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

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    ["angle at a negative", "positive pairs", how.words]
  }

  private var how: Reduction { reduction.resolved(paper: .mean) }
}

extension Angular {
  /// Members of a class whose products with all negatives are made together.
  private static let tile = 16

  /// Some members of a class, with 4t times their products with every negative and what the loss
  /// changes by those.
  private struct Tile {
    let members: ArraySlice<Int>
    let products: [[Double]]
    var slopes: [[Double]]
  }

  /// 4t.
  private var sharpness: Double {
    let tangent = Portable.sin(alpha) / Portable.cos(alpha)
    return 4 * tangent * tangent
  }

  /// 2(1 + t).
  private var attraction: Double { 2 + sharpness / 2 }

  /// The value and its gradient, in one pass.
  public func evaluate(_ input: LossInput) throws(LossError) -> LossResult {
    try requireNoneUnused(input)
    let batch = try Batch(input)
    guard batch.isTiled, batch.classes.negativePairs > 0 else { return swept(batch) }
    let tiles = AngularTiles(batch, sharpness: sharpness, attraction: attraction)
    let (cost, gradient) = tiles.result { 2 * $0.factor(how) }
    return LossResult(
      value: cost.factor(how) * cost.sum,
      embeddingGradient: Tensor(shape: batch.embeddings.shape, elements: gradient),
      notices: batch.classes.notices)
  }

  /// The same in one fixed order of sums.
  func swept(_ batch: Batch) -> LossResult {
    let (sharpness, attraction) = (sharpness, attraction)
    let given = Rows(batch.embeddings.elements, width: batch.width, normalized: false)
    let unit = Rows(batch.embeddings.elements, width: batch.width, normalized: true)
    var byGiven = given.zeroGradient
    var byUnit = unit.zeroGradient
    var cost = TermSum.none
    var meter = WorkMeter()
    let classes = batch.classes

    func tile(_ members: ArraySlice<Int>, _ negatives: [Int]) -> Tile {
      let products = members.map { a in negatives.map { sharpness * given.dot($0, unit, a) } }
      return Tile(
        members: members, products: products, slopes: products.map { $0.map { _ in 0 } })
    }
    func carryBack(_ tile: Tile, _ negatives: [Int]) {
      for (a, slopes) in zip(tile.members, tile.slopes) {
        for (n, slope) in zip(negatives, slopes) {
          given.add(n, times: sharpness * slope, to: &byUnit, row: a)
          unit.add(a, times: sharpness * slope, to: &byGiven, row: n)
        }
      }
    }
    /// The pairs with one end in either tile, each from one end only: it costs the same from both.
    func visit(_ first: inout Tile, _ second: inout Tile) {
      for (i, a) in first.members.enumerated() {
        for (j, p) in second.members.enumerated() where p > a {
          if meter.stops(after: 20 * first.products[i].count) { return }
          let own = attraction * unit.dot(a, unit, p)
          let (shares, push) = softmax(zip(first.products[i], second.products[j]).map(+))
          let (term, slope) = softplus(push - own)
          cost.add(term)
          unit.add(p, times: -slope * attraction, to: &byUnit, row: a)
          unit.add(a, times: -slope * attraction, to: &byUnit, row: p)
          for (k, share) in shares.enumerated() {
            first.slopes[i][k] += slope * share
            second.slopes[j][k] += slope * share
          }
        }
      }
    }

    var next = 0
    let order = classes.rowsInOrder
    for (index, size) in classes.sizes.enumerated() {
      let negatives = classes.ofRow.indices.filter { classes.ofRow[$0] != index }
      let end = next + size
      for start in stride(from: next, to: end, by: Self.tile) {
        for other in stride(from: start, to: end, by: Self.tile) {
          var first = tile(order[start..<min(start + Self.tile, end)], negatives)
          var second = tile(order[other..<min(other + Self.tile, end)], negatives)
          visit(&first, &second)
          carryBack(first, negatives)
          carryBack(second, negatives)
          if meter.stops(after: 6 * Self.tile * negatives.count * batch.width) { break }
        }
      }
      next = end
    }
    let factor = 2 * how.factor(terms: 2 * cost.terms, active: 2 * cost.active)
    let gradient = zip(
      given.gradient(byGiven, times: factor), unit.gradient(byUnit, times: factor)
    ).map(+)
    return LossResult(
      value: factor * cost.sum,
      embeddingGradient: Tensor(shape: batch.embeddings.shape, elements: gradient),
      notices: classes.notices)
  }
}
