public import Cards
import Tensors

/// Makes two views of the same points agree, without labels and without collapse.
///
///     L = λ·mean (x − r)² + ½μ Σ_{x, r} mean_d [1 − √(var_d + ε)]₊ + ν Σ_{x, r} 1/D Σ_{d≠e} C²_de
///
/// Bardes et al. 2022, VICReg. The three terms are the invariance of what both views share, the
/// variance of every coordinate over the rows, and the covariance C of coordinates; both divide by
/// n − 1. `z` and the other view are n×D, n ≥ 2.
public struct VarianceInvarianceCovariance: Loss {
  /// The weight λ of the views' agreement.
  public var invariance = 25.0
  /// The weight μ of the coordinates' spread.
  public var variance = 25.0
  /// The weight ν of the coordinates' independence.
  public var covariance = 1.0
  /// What is added to a variance before its root is taken.
  public var epsilon = 1e-4

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "vicreg", "Makes two views of the same points agree, without labels and without collapse.",
    signature: signature("vicreg"),
    formula: """
      L = λ·mean (x − r)² + ½μ Σ_{x, r} mean_d [1 − √(var_d + ε)]₊ + ν Σ_{x, r} 1/D Σ_{d≠e} C²_de
      """,
    details: """
      z: n×D, n ≥ 2; y: the other view, n×D, in the place of labels, with its gradient. λ = \
      invariance, μ = variance, ν = covariance ≥ 0, ε = eps > 0. Variances and covariances divide \
      by n − 1. Defaults: invariance, variance, covariance and eps are those of the paper and of \
      pytorch-metric-learning.
      """,
    reference: "Bardes, Ponce, LeCun 2022",
    example: "vicreg([[1, 0], [0, 1], [2, 2]], [[1, 0.1], [0, 1.2], [1.9, 2]])",
    seeAlso: ["ntxent", "supcon"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("invariance", \.invariance, .nonNegative, "the weight of the views' agreement"),
      Parameter("variance", \.variance, .nonNegative, "the weight of the coordinates' spread"),
      Parameter(
        "covariance", \.covariance, .nonNegative, "the weight of the coordinates' independence"),
      Parameter("eps", \.epsilon, .positive, "what is added to a variance"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    n, D = z.shape
    def spread(x) = mean(relu(1 - sqrt(sum((x - mean(x, axis=0))^2, axis=0) / (n - 1) + eps)))
    def dependence(x) {
        centered = x - mean(x, axis=0)
        C = centered.T @ centered / (n - 1)
        sum(where(eye(D) == 0, C, 0)^2) / D
    }
    agreement = mean((z - y)^2)
    invariance * agreement + variance / 2 * (spread(z) + spread(y)) +
        covariance * (dependence(z) + dependence(y))
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["invariance", "variance", "covariance"] }

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] { ["coordinates of two views, as given", "whole"] }

  /// The other view stands in the place of labels.
  public static var comparesViews: Bool { true }
}

extension VarianceInvarianceCovariance {
  /// The value and its gradients by both views, in one pass.
  public func evaluate(_ input: LossInput) throws(LossError) -> LossResult {
    try requireNoneUnused(input)
    let batch = try Batch(
      LossInput(
        embeddings: input.embeddings,
        labels: [Int](repeating: 0, count: input.embeddings.shape.first ?? 0)))
    guard let view = input.view, view.shape == batch.embeddings.shape else {
      throw .viewShape(given: input.view?.shape, wanted: batch.embeddings.shape)
    }
    try requireFinite(view, .view)
    guard batch.count > 1 else { throw .tooFewRows(batch.count, least: 2) }
    let first = batch.embeddings.elements
    let second = view.converted(to: .float64).elements
    let ofFirst = regularity(first, width: batch.width)
    let ofSecond = regularity(second, width: batch.width)
    let share = first.isEmpty ? 0 : invariance / Double(first.count)
    var value = ofFirst.value + ofSecond.value
    var byFirst = ofFirst.gradient
    var bySecond = ofSecond.gradient
    for i in first.indices {
      let difference = first[i] - second[i]
      value += share * difference * difference
      byFirst[i] += 2 * share * difference
      bySecond[i] -= 2 * share * difference
    }
    return LossResult(
      value: value,
      embeddingGradient: Tensor(shape: view.shape, elements: byFirst),
      viewGradient: Tensor(shape: view.shape, elements: bySecond))
  }

  /// The terms of one view: what its coordinates lack in spread, and how they depend on each other.
  private func regularity(
    _ elements: [Double], width: Int
  ) -> (value: Double, gradient: [Double]) {
    let columns = centeredColumns(elements, width: width)
    let freedom = Double(elements.count / max(1, width) - 1)
    var gradient = columns.map { [Double](repeating: 0, count: $0.count) }
    var value = 0.0
    var meter = WorkMeter()
    for d in 0..<width {
      for e in d..<width {
        if meter.stops(after: 3 * columns[d].count) { break }
        let product = zip(columns[d], columns[e]).reduce(0) { $0 + $1.0 * $1.1 } / freedom
        if d == e {
          let deviation = (product + epsilon).squareRoot()
          guard deviation < 1 else { continue }
          let share = variance / 2 / Double(width)
          value += share * (1 - deviation)
          add(columns[d], times: -share / (freedom * deviation), to: &gradient[d])
        } else {
          // Entry (e, d) is the same once more.
          let share = 2 * covariance / Double(width)
          value += share * product * product
          add(columns[e], times: 2 * share * product / freedom, to: &gradient[d])
          add(columns[d], times: 2 * share * product / freedom, to: &gradient[e])
        }
      }
    }
    return (value, elements.indices.map { gradient[$0 % width][$0 / width] })
  }

  /// The columns of a matrix, each less its mean.
  private func centeredColumns(_ elements: [Double], width: Int) -> [[Double]] {
    (0..<width).map { d in
      let column = stride(from: d, to: elements.count, by: width).map { elements[$0] }
      let mean = column.reduce(0, +) / Double(column.count)
      return column.map { $0 - mean }
    }
  }

  private func add(_ column: [Double], times factor: Double, to sum: inout [Double]) {
    for i in sum.indices { sum[i] += factor * column[i] }
  }
}
