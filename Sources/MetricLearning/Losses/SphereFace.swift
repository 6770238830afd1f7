public import Cards
import Tensors

/// Softmax of ‖x‖·cos θ, the own angle multiplied by a whole number.
///
///     L = 1/n Σᵢ −log( e^{s‖x‖ψ(θ_y)} / ( e^{s‖x‖ψ(θ_y)} + Σ_{k≠y} e^{s‖x‖cos θₖ} ) )
///     ψ(θ) = (−1)ᵏ cos(mθ) − 2k  on  [kπ/m, (k+1)π/m]
///
/// Theory §8.6; Liu et al. 2017. s is `scale`, m `margin`. `z` is n×d, as given, `weights` K×d. With
/// weights as given it is the large-margin softmax of Liu et al. 2016.
public struct SphereFace: ClassWeightLoss {
  /// What the own angle is multiplied by, m.
  public var margin = 4
  /// The factor s of all logits.
  public var scale = 1.0
  /// Whether weights are divided by their length first.
  public var normalizeWeights = true
  /// How the rows are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "sphereface", "Softmax of projections in which the own angle is multiplied.",
    signature: signature("sphereface"),
    formula: """
      L = 1/n Σᵢ −log( e^{s‖x‖ψ(θ_y)} / ( e^{s‖x‖ψ(θ_y)} + Σ_{k≠y} e^{s‖x‖cos θₖ} ) )
      ψ(θ) = (−1)ᵏ cos(mθ) − 2k  on  [kπ/m, (k+1)π/m]
      """,
    details: """
      z: n×d as given, y: n labels, weights: K×d; m = margin, whole and ≥ 1, s = scale > 0. \
      normalize_weights=false multiplies every logit by ‖wₖ‖: the large-margin softmax. Defaults: \
      margin and normalize_weights are those of Liu et al. 2017; scale is that of \
      pytorch-metric-learning, which multiplies the row's own length.
      """,
    reference: "Liu et al. 2016, 2017; theory §8.6",
    example: "sphereface([[2, 0], [1, 3]], [0, 1], weights=[[2, 1], [0, 1]])",
    seeAlso: ["arcface", "cosface", "softmax_ce"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("margin", \.margin, .from(1, below: 1000), "what the own angle is multiplied by"),
      Parameter("scale", \.scale, .positive, "the factor of all logits"),
      Parameter("normalize_weights", \.normalizeWeights, "whether weights get unit length"),
      Parameter("reduction", \.reduction, "how the rows are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(LogitCost.formula)
    w = normalize(weights) if normalize_weights else weights
    own = one_hot(y, len(w))
    logits = z @ w.T
    length = norm(z, axis=1) * norm(w, axis=1)[y]
    u = sum(own * logits, axis=1) / where(length > 0, length, 1)
    before, multiple = ones(len(y)), u    # cos(mθ) by cos((m + 1)θ) = 2 cos(θ) cos(mθ) − cos((m − 1)θ)
    for k in range(margin - 1) { before, multiple = multiple, 2 * u * multiple - before }
    turns = floor(margin * acos(clip(stop_gradient(u), -1, 1)) / pi)
    target = length * (where(turns % 2 == 0, multiple, -multiple) - 2 * turns)
    terms = cross_entropy(scale * where(own > 0, target[:, none], logits), y)
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] {
    ["margin", "scale"] + (normalizeWeights ? [] : ["normalize_weights"])
  }

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    [
      normalizeWeights
        ? "projection on class directions" : "inner product with class weights, as given",
      "rows", how.words,
    ]
  }

  var how: Reduction { reduction.resolved(paper: .mean) }
}

extension SphereFace {
  var normalizesRows: Bool { false }

  var normalizesWeights: Bool { normalizeWeights }

  var hasHalves: Bool { true }

  var rate: Double { scale }

  func own(_ measure: Double, length: Double) -> OwnLogit {
    let cosine = length > 0 ? min(1, max(-1, measure / length)) : 0
    let (value, slope) = multiplied(cosine)
    return OwnLogit(
      value: scale * length * value, slope: scale * slope,
      byLength: scale * (value - cosine * slope))
  }

  /// ψ at an angle, and its derivative by the cosine, from Chebyshev's polynomials: these are
  /// finite at every angle.
  private func multiplied(_ cosine: Double) -> (value: Double, slope: Double) {
    var first = (before: 1.0, now: cosine)
    var second = (before: 0.0, now: 1.0)
    for _ in 1..<max(1, margin) {
      first = (first.now, 2 * cosine * first.now - first.before)
      second = (second.now, 2 * cosine * second.now - second.before)
    }
    let m = Double(margin)
    // The turns are few, and cosines fall: so many of those at kπ/m have been passed.
    var turns = 0.0
    while turns + 1 < m, cosine <= Portable.cos((turns + 1) * .pi / m) { turns += 1 }
    let sign = turns.truncatingRemainder(dividingBy: 2) == 0 ? 1.0 : -1
    return (sign * first.now - 2 * turns, sign * m * second.now)
  }
}
