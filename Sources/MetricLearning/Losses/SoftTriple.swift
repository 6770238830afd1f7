public import Cards
import Tensors

/// A softmax over classes of several centers each, of which the nearer ones count more.
///
///     S'ᵢ꜀ = Σₖ softmaxₖ(sᵢ꜀ₖ/γ) sᵢ꜀ₖ,   L = 1/n Σᵢ −log softmax_{yᵢ}( λ(S'ᵢ꜀ − δ[c = yᵢ]) )
///         + τ/(CK(K−1)) Σ꜀ Σ_{s<t} ‖w꜀ₛ − w꜀ₜ‖
///
/// Theory §7.4; Qian et al. 2019. λ is `scale`, δ `margin`, s the cosine. `weights` is C×K×d, or
/// (C·K)×d with row = class·K + center and K = `centers`.
public struct SoftTriple: Loss {
  /// The inverse temperature λ of the softmax over classes.
  public var scale = 20.0
  /// The temperature γ of the softmax over a class's centers.
  public var gamma = 0.1
  /// What the own class must be nearer by, δ.
  public var margin = 0.01
  /// The weight τ of the regulariser that merges centers.
  public var tau = 0.2
  /// How many centers a class has where the weights' shape does not say.
  public var centers = 10
  /// The paper's form or the authors' code.
  public var form = Form.paper
  /// How the rows are summed up.
  public var reduction = Reduction.paper

  /// The versions of the loss.
  public enum Form: String, CaseIterable, Sendable {
    /// All rows normalised.
    case paper
    /// Embeddings as given, and 1e-5 in the regulariser's root.
    case authors
  }

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "softtriple", "A softmax over classes that have several centers each.",
    signature: signature("softtriple"),
    formula: """
      S'ᵢ꜀ = Σₖ softmaxₖ(sᵢ꜀ₖ/γ) sᵢ꜀ₖ
      L = 1/n Σᵢ −log softmax_{yᵢ}( λ(S'ᵢ꜀ − δ[c = yᵢ]) ) + τ/(CK(K−1)) Σ꜀ Σ_{s<t} ‖w꜀ₛ − w꜀ₜ‖
      """,
    details: """
      z: n×d, y: n labels, weights: C×K×d, or (C·K)×d with row = class·K + center and K = centers; \
      scale λ > 0, gamma > 0. Everything is normalised inside; form="authors" takes z as given and \
      sqrt(2 + 1e-5 − 2⟨w, w'⟩) in the regulariser. Defaults: scale, gamma, margin, tau, centers \
      and form are those of the paper and its code; pytorch-metric-learning has no regulariser, \
      tau = 0.
      """,
    reference: "Qian et al. 2019; theory §7",
    example: "softtriple([[1, 0], [0, 1]], [0, 1], weights=[[[1, 0], [1, 1]], [[0, 1], [-1, 1]]])",
    seeAlso: ["norm_softmax", "cosface", "multimodal", "proxy_anchor"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("scale", \.scale, .positive, "the inverse temperature over classes"),
      Parameter("gamma", \.gamma, .positive, "the temperature over a class's centers"),
      Parameter("margin", \.margin, .finite, "what the own class must be nearer by"),
      Parameter("tau", \.tau, .nonNegative, "the weight of the regulariser that merges centers"),
      Parameter("centers", \.centers, .atLeast(1), "how many centers a class has"),
      Parameter("form", \.form, "the paper's form or the authors' code"),
      Parameter("reduction", \.reduction, "how the rows are summed up"),
    ]
  }

  /// The tensors taken beside embeddings and labels.
  public static let operands = ["weights"]

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.reduced)
    d = z.shape[1]
    m = weights.shape[1] if weights.ndim == 3 else centers
    w = normalize(reshape(weights, [weights.size // d, d]))
    classes = len(w) // m
    x = z if form == "authors" else normalize(z)
    S = reshape(x @ w.T, [len(z), classes, m])
    relaxed = sum(softmax(S / gamma, axis=2) * S, axis=2)
    own = one_hot(y, classes)
    terms = -sum(own * log_softmax(scale * (relaxed - margin * own), axis=1), axis=1)
    loss = reduced(terms, "mean" if reduction == "paper" else reduction)
    if tau > 0 and m > 1 {
        for c in range(classes) {
            own_centers = w[c*m:(c + 1)*m]
            apart = dist_matrix(own_centers)
            if form == "authors" {
                apart = where(eye(m) == 0, sqrt(maximum(0, 2 + 1e-5 - 2 * gram(own_centers))), 0)
            }
            loss += tau / (classes * m * (m - 1)) * sum(apart) / 2
        }
    }
    loss
    """

  /// The parameters the description shows.
  public var shownParameters: [String] {
    ["scale", "gamma", "margin", "tau", "centers"] + (form == .authors ? ["form"] : [])
  }

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    [
      form == .authors
        ? "inner product with unit centers" : "cosine similarity to centers, [-1, 1]",
      "rows", how.words + (tau > 0 ? " + regulariser" : ""),
    ]
  }

  /// Whether weights must be given.
  public var needsWeights: Bool { true }

  /// Several rows per class.
  public func weightShape(classes: Int, d: Int) -> [Int] { [classes, centers, d] }

  private var how: Reduction { reduction.resolved(paper: .mean) }
}

extension SoftTriple {
  /// The value and its gradients, in one pass.
  public func evaluate(_ input: LossInput) throws(LossError) -> LossResult {
    let (batch, weights) = try checked(input, centers: centers, normalized: true)
    let rows = Rows(batch.embeddings.elements, width: batch.width, normalized: form == .paper)

    var byRows = rows.zeroGradient
    var byWeights = weights.rows.zeroGradient
    var sum = 0.0
    var active = 0.0
    let m = weights.centers
    for i in 0..<batch.count {
      var logits: [Double] = []
      var slopes: [Double] = []
      for c in 0..<weights.classes {
        let similarities = (0..<m).map { rows.dot(i, weights.rows, c * m + $0) }
        let (relaxed, derivative) = relaxedSimilarity(similarities)
        logits.append(scale * (relaxed - (c == batch.labels[i] ? margin : 0)))
        slopes += derivative
      }
      let (shares, logSumExp) = softmax(logits)
      for c in 0..<weights.classes {
        let outer = scale * (shares[c] - (c == batch.labels[i] ? 1 : 0))
        for k in c * m..<(c + 1) * m {
          weights.rows.add(k, times: outer * slopes[k], to: &byRows, row: i)
          rows.add(i, times: outer * slopes[k], to: &byWeights, row: k)
        }
      }
      let term = logSumExp - logits[batch.labels[i]]
      sum += term
      if term > 0 { active += 1 }
    }
    let factor = how.factor(terms: Double(batch.count), active: active)
    for k in byWeights.indices { byWeights[k] *= factor }
    let regulariser = addRegulariser(weights, to: &byWeights)
    return LossResult(
      value: factor * sum + regulariser,
      embeddingGradient: Tensor(
        shape: batch.embeddings.shape, elements: rows.gradient(byRows, times: factor)),
      weightGradient: weights.gradient(byWeights))
  }

  /// The mean of a class's similarities weighted by their softmax, and its derivative by each.
  private func relaxedSimilarity(_ similarities: [Double]) -> (Double, [Double]) {
    let shares = softmax(similarities.map { $0 / gamma }).shares
    let relaxed = zip(shares, similarities).reduce(0) { $0 + $1.0 * $1.1 }
    let derivative = zip(shares, similarities).map { $0 * (1 + ($1 - relaxed) / gamma) }
    return (relaxed, derivative)
  }

  /// Adds the gradient of the regulariser and returns its value.
  private func addRegulariser(
    _ weights: ClassWeights, to gradient: inout [Rows.Vector]
  ) -> Double {
    let m = weights.centers
    guard tau > 0, m > 1, weights.classes > 0 else { return 0 }
    let factor = tau / Double(weights.classes * m * (m - 1))
    var sum = 0.0
    for c in 0..<weights.classes {
      for s in c * m..<(c + 1) * m {
        for t in s + 1..<(c + 1) * m {
          let distance = centerDistance(weights.rows, s, t)
          sum += distance
          // Merged centers stay merged: the derivative of a distance at 0 is taken as 0.
          guard distance > 0 else { continue }
          addDistanceGradient(weights.rows, s, t, times: factor / distance, to: &gradient)
        }
      }
    }
    return factor * sum
  }

  private func centerDistance(_ rows: Rows, _ s: Int, _ t: Int) -> Double {
    if form == .authors { return max(0, 2 + 1e-5 - 2 * rows.dot(s, rows, t)).squareRoot() }
    return rows.squaredDistance(s, rows, t).squareRoot()
  }

  /// Adds the derivative of half the squared center distance.
  private func addDistanceGradient(
    _ rows: Rows, _ s: Int, _ t: Int, times factor: Double, to gradient: inout [Rows.Vector]
  ) {
    rows.add(t, times: -factor, to: &gradient, row: s)
    rows.add(s, times: -factor, to: &gradient, row: t)
    guard form == .paper else { return }
    rows.add(s, times: factor, to: &gradient, row: s)
    rows.add(t, times: factor, to: &gradient, row: t)
  }
}
