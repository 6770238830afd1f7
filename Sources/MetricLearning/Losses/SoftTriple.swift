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
    let (batch, weights) = try checked(input, centers: centers)
    guard weights.isTiled(with: batch) else {
      return swept(batch, ClassWeights(weights, normalized: true))
    }
    return weights.isSingle(with: batch)
      ? tiled(Float.self, batch, weights) : tiled(Double.self, batch, weights)
  }

  /// The cost of a row by the relaxed similarities of its classes.
  private var classSoftmax: ClassSoftmax {
    ClassSoftmax(rate: scale) { .crossEntropy($0, .whole) }
  }

  /// The logit of the own class.
  private func own(_ relaxed: Double) -> OwnLogit {
    OwnLogit(value: scale * (relaxed - margin), slope: scale)
  }

  /// The result row by row, in float64.
  private func swept(_ batch: Batch, _ weights: ClassWeights) -> LossResult {
    let rows = Rows(batch.embeddings.elements, width: batch.width, normalized: form == .paper)
    var byRows = rows.zeroGradient
    var byWeights = weights.rows.zeroGradient
    var total = TermSum.none
    var meter = WorkMeter()
    let m = weights.centers
    for i in 0..<batch.count {
      if meter.stops(after: weights.rows.count * batch.width) { break }
      var outer: [Double] = []
      var slopes: [Double] = []
      for c in 0..<weights.classes {
        let similarities = (0..<m).map { rows.dot(i, weights.rows, c * m + $0) }
        let (relaxed, derivative) = relaxedSimilarity(similarities)
        outer.append(relaxed)
        slopes += derivative
      }
      let label = batch.labels[i]
      guard let cost = classSoftmax.settle(&outer, label, own(outer[label])),
        total.take(cost, how)
      else { continue }
      for k in 0..<weights.classes * m {
        let slope = outer[k / m] * slopes[k]
        weights.rows.add(k, times: slope, to: &byRows, row: i)
        rows.add(i, times: slope, to: &byWeights, row: k)
      }
    }
    let factor = total.factor(how)
    for k in byWeights.indices { byWeights[k] *= factor }
    let regulariser = addRegulariser(weights, to: &byWeights)
    return LossResult(
      value: factor * total.sum + regulariser,
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

extension SoftTriple {
  /// The result in tiles, in the precision of the input.
  private func tiled<Number: ClassNumber>(
    _ type: Number.Type, _ batch: Batch, _ weights: GivenWeights
  ) -> LossResult {
    let tiles = CrossTiles<Number>(batch, weights, normalized: (form == .paper, true))
    let (classes, m) = (weights.classes, weights.centers)
    var costs = [LogitCost?](repeating: nil, count: batch.count)
    let softmax = classSoftmax
    var (byRows, byColumns) = costs.withUnsafeMutableBufferPointer { costs in
      // Rows have costs of their own.
      nonisolated(unsafe) let costs = costs
      return tiles.gradient(room: classes + 256 * m) { i, line, room in
        Number.setRelaxed(
          room, line, classes, centers: m, rate: Number(1 / gamma), powers: room + classes)
        let label = batch.labels[i]
        costs[i] = softmax.settle(room, classes, label, own(Double(room[label])))
        Number.carryToCenters(line, classes, centers: m, slopes: room)
      }
    }
    var total = TermSum.none
    for case let cost? in costs { _ = total.take(cost, how) }
    let factor = total.factor(how)
    byRows = tiles.rows.gradient(byRows, times: factor)
    byColumns.scale(by: factor)
    let regulariser = addRegulariser(tiles.columns, classes: classes, to: &byColumns)
    return LossResult(
      value: factor * total.sum + regulariser,
      embeddingGradient: Number.tensor(shape: [batch.count, batch.width], byRows),
      weightGradient: Number.tensor(
        shape: weights.tensor.shape, tiles.columns.gradient(byColumns, times: 1)))
  }

  /// The same with centers that lie center after center; classes are shared out among threads.
  private func addRegulariser<Number: ClassNumber>(
    _ rows: TileRows<Number>, classes: Int, to gradient: inout [Number]
  ) -> Double {
    let m = rows.count / classes
    guard tau > 0, m > 1 else { return 0 }
    let factor = tau / Double(classes * m * (m - 1))
    let width = rows.width
    var sums = [Double](repeating: 0, count: classes)
    rows.elements.withUnsafeBufferPointer { rows in
      gradient.withUnsafeMutableBufferPointer { gradient in
        sums.withUnsafeMutableBufferPointer { sums in
          guard let rows = rows.baseAddress, let gradient = gradient.baseAddress else { return }
          // Classes have sums and rows of their own.
          nonisolated(unsafe) let sums = sums
          Threads.share(classes, isWorthwhile: classes * m * m * width > 100_000) { c, _ in
            if Stopping.isDue { return }
            let places = (0..<m).map { ($0 * classes + c) * width }
            let squares = places.map { Number.product(rows + $0, rows + $0, width) }
            for (s, first) in places.enumerated() {
              for (t, second) in places.enumerated().dropFirst(s + 1) {
                let distance = centerDistance(
                  rows + first, rows + second, width, squares[s] + squares[t])
                sums[c] += distance
                // Merged centers stay merged: the derivative of a distance at 0 is taken as 0.
                guard distance > 0 else { continue }
                // What a center adds along itself is taken out by its unit length.
                for (from, to) in [(first, second), (second, first)] {
                  Number.setTangent(
                    gradient + to, gradient + to, rows + from, width, along: factor / distance,
                    scale: 1)
                }
              }
            }
          }
        }
      }
    }
    return factor * sums.reduce(0, +)
  }

  private func centerDistance<Number: ClassNumber>(
    _ s: UnsafePointer<Number>, _ t: UnsafePointer<Number>, _ width: Int, _ squares: Double
  ) -> Double {
    let product = Number.product(s, t, width)
    if form == .authors { return max(0, 2 + 1e-5 - 2 * product).squareRoot() }
    let square = squares - 2 * product
    guard square < 1e-3 * squares else { return square.squareRoot() }
    // From the products it would have lost digits.
    return (0..<width).reduce(0) {
      let difference = Double(s[$1]) - Double(t[$1])
      return $0 + difference * difference
    }.squareRoot()
  }
}
