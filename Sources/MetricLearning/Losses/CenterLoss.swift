public import Cards
public import Tensors

/// Half the squared distance of every row to the center of its class.
///
///     L = ½ Σᵢ ‖zᵢ − c_{yᵢ}‖²     theory §3.2, §8.4; Wen et al. 2016
///
/// Without weights `c` is the mean of the batch's rows of that class, and the gradient flows through
/// it; with weights, K×d, they are the centers.
public struct CenterLoss: Loss {
  /// How far centers move towards their rows in a training step.
  public var rate = 0.5
  /// Whether training makes centers and moves them, instead of taking batch means.
  public var learned = false
  /// How the rows are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "center", "Pulls every embedding to the center of its class.",
    signature: signature("center"),
    formula: "L = ½ Σᵢ ‖zᵢ − c_{yᵢ}‖²",
    details: """
      z: n×d, y: n labels. Without weights the centers are the batch's class means, with their \
      gradient; weights: K×d are Wen's centers. learned=true makes them in fit, where they move by \
      −rate·Δc, Δcₖ = Σ (cₖ − zᵢ) / (1 + nₖ) over the rows of class k. Defaults: rate is that of \
      Wen et al. 2016; learned is off, for the class means of Boudiaf et al. 2020.
      """,
    reference: "Wen et al. 2016; theory §3.2, §8.4",
    example: "center([[0, 0], [2, 0], [5, 5]], [0, 0, 1])",
    seeAlso: ["contrastive", "class_means", "softmax_ce"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("rate", \.rate, .nonNegative, "how far centers move in a training step"),
      Parameter("learned", \.learned, "whether training keeps centers of its own"),
      Parameter("reduction", \.reduction, "how the rows are summed up"),
    ]
  }

  /// The tensors taken beside embeddings and labels.
  public static let operands = ["weights"]

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.reduced)
    centers = class_means(z, y) if weights == none else weights
    terms = sum((z - centers[y])^2, axis=1) / 2
    reduced(terms, "sum" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { learned ? ["rate", "learned"] : [] }

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    [
      "½ squared Euclidean distance to \(learned ? "the class center" : "the batch class mean")",
      "rows", how.words,
    ]
  }

  /// Whether weights must be given.
  public var needsWeights: Bool { learned }

  private var how: Reduction { reduction.resolved(paper: .sum) }
}

extension CenterLoss {
  /// The value and its gradients, in one pass.
  public func evaluate(_ input: LossInput) throws(LossError) -> LossResult {
    let batch = try checked(input)
    let centers = try centers(of: batch, given: input.weights)
    let z = batch.embeddings.elements
    let width = batch.width
    // The gradient by a batch mean is a sum of differences that is 0, so both cases share this.
    var difference = [Double](repeating: 0, count: z.count)
    var byCenters = [Double](repeating: 0, count: centers.elements.count)
    var sum = 0.0
    var active = 0.0
    for i in 0..<batch.count {
      var square = 0.0
      for column in 0..<width {
        let at = centers.row[i] * width + column
        let step = z[i * width + column] - centers.elements[at]
        difference[i * width + column] = step
        byCenters[at] -= step
        square += step * step
      }
      sum += square / 2
      if square > 0 { active += 1 }
    }
    let factor = how.factor(terms: Double(batch.count), active: active)
    return LossResult(
      value: factor * sum,
      embeddingGradient: Tensor(
        shape: batch.embeddings.shape, elements: difference.map { factor * $0 }),
      weightGradient: input.weights.map {
        Tensor(shape: $0.shape, elements: byCenters.map { factor * $0 })
      })
  }

  /// The centers after one step of Wen's rule, `c − rate·Δc`; nil unless centers are given.
  public func movedWeights(_ input: LossInput) throws(LossError) -> Tensor? {
    guard let centers = input.weights else { return nil }
    let update = try centerUpdate(input)
    return Tensor(
      shape: centers.shape, elements: zip(centers.elements, update).map { $0 - rate * $1 })
  }

  /// The paper's Δc, K×d row by row: Δcₖ = Σ_{i: yᵢ=k} (cₖ − zᵢ) / (1 + nₖ); nothing without centers.
  public func centerUpdate(_ input: LossInput) throws(LossError) -> [Double] {
    let batch = try checked(input)
    guard let weights = input.weights else { return [] }
    let centers = try centers(of: batch, given: weights)
    let width = batch.width
    let z = batch.embeddings.elements
    var update = [Double](repeating: 0, count: centers.elements.count)
    for (i, label) in batch.labels.enumerated() {
      let divisor = Double(1 + batch.classes.sizes[batch.classes.ofRow[i]])
      for column in 0..<width {
        let at = label * width + column
        update[at] += (centers.elements[at] - z[i * width + column]) / divisor
      }
    }
    return update
  }

  private func checked(_ input: LossInput) throws(LossError) -> Batch {
    try requireNoneUnused(input)
    return try Batch(input)
  }

  /// The centers row by row, and which of them every row of the batch belongs to.
  private func centers(
    of batch: Batch, given weights: Tensor?
  ) throws(LossError) -> (elements: [Double], row: [Int]) {
    if let weights {
      let checked = try ClassWeights(weights, width: batch.width)
      try batch.requireLabels(below: checked.classes)
      return (weights.elements, batch.labels)
    }
    if learned { throw .weightsMissing(loss: Self.card.name) }
    return (batch.classMeans, batch.classes.ofRow)
  }
}

extension Batch {
  /// The mean row of every class present, in the order of `classes`.
  fileprivate var classMeans: [Double] {
    var means = [Double](repeating: 0, count: classes.sizes.count * width)
    for (i, k) in classes.ofRow.enumerated() {
      let size = Double(classes.sizes[k])
      for column in 0..<width {
        means[k * width + column] += embeddings.elements[i * width + column] / size
      }
    }
    return means
  }
}
