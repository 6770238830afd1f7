import Cards
import Tensors

/// A loss that compares every row with the weights of all classes: it says what the comparisons of
/// one row cost.
protocol ClassWeightLoss: Loss {
  /// Whether rows are divided by their length first.
  var normalizesRows: Bool { get }

  /// Whether weights are divided by their length first.
  var normalizesWeights: Bool { get }

  /// Whether a row is compared by its squared distance, in place of the inner product.
  var usesDistance: Bool { get }

  /// How many weights a class has where their shape does not say; nil where it has one.
  var centersPerClass: Int? { get }

  /// How the rows are summed up, the paper's way resolved.
  var how: Reduction { get }

  /// Whether the rows' costs split exactly into tightness and contrast (theory §4.1).
  var hasHalves: Bool { get }

  /// The cost of a row, and its derivatives.
  func cost(_ row: WeightRow, _ halves: Halves) -> WeightCost?

  /// What the softmax of a row is taken of.
  func logits(_ row: WeightRow) -> [Double]
}

/// One row and its comparison with every class.
struct WeightRow {
  /// The inner product or squared distance to every class, that to the nearest center where a class
  /// has several.
  let measures: [Double]
  /// The class of the row.
  let label: Int
  /// The length of the row times that of its class's weight.
  let length: Double
}

/// What a row costs.
struct WeightCost {
  /// The cost.
  var term: Double
  /// The half of it that was asked for, or the whole.
  var shown: Double
  /// The derivative by every measure.
  var slopes: [Double]
  /// The derivative by the length.
  var byLength = 0.0
}

extension WeightCost {
  /// The cross-entropy of logits, with its derivatives by them; the halves are the own logit and the
  /// log-sum-exp.
  static func crossEntropy(_ logits: [Double], _ label: Int, _ halves: Halves) -> WeightCost {
    // The own logit stays out of the sum, so that the cost of a sure row keeps its digits.
    let own = logits[label]
    var others = logits
    others[label] = -.infinity
    let (shares, ofOthers) = logits.count > 1 ? softmax(others) : ([0], -.infinity)
    let (term, slope) = softplus(ofOthers - own)
    var slopes = shares.map { halves.push * slope * $0 }
    slopes[label] = halves.push == halves.pull ? -slope : halves.push * (1 - slope) - halves.pull
    return WeightCost(term: term, shown: halves.sum(-own, own + term), slopes: slopes)
  }

  /// `cross_entropy(logits, y)` of every row, in the language.
  static let formula = """
    def cross_entropy(logits, y) {
        own = one_hot(y, logits.shape[1]) > 0
        if logits.shape[1] < 2 { return 0 * logits[:, 0] }
        softplus(logsumexp(where(own, -inf, logits), axis=1) - sum(where(own, logits, 0), axis=1))
    }
    \(PairFormula.reduced)
    """
}

extension ClassWeightLoss {
  /// The tensors taken beside embeddings and labels.
  public static var operands: [String] { ["weights"] }

  /// Whether weights must be given.
  public var needsWeights: Bool { true }

  /// Everything is normalised, unless a loss says otherwise.
  var normalizesRows: Bool { true }

  /// Everything is normalised, unless a loss says otherwise.
  var normalizesWeights: Bool { true }

  /// Inner products, unless a loss says otherwise.
  var usesDistance: Bool { false }

  /// One weight per class, unless a loss says otherwise.
  var centersPerClass: Int? { nil }

  /// No exact split, unless a loss says otherwise.
  var hasHalves: Bool { false }

  /// The measures, unless a loss says otherwise.
  func logits(_ row: WeightRow) -> [Double] { row.measures }

  /// The value and its gradients, in one pass.
  public func evaluate(_ input: LossInput) throws(LossError) -> LossResult {
    try result(input, .whole)
  }

  /// One half of the value with its gradients; nil where there is no exact split.
  public func evaluate(_ half: LossHalf, of input: LossInput) throws(LossError) -> LossResult? {
    hasHalves ? try result(input, Halves(half)) : nil
  }

  private func result(_ input: LossInput, _ halves: Halves) throws(LossError) -> LossResult {
    let (batch, weights) = try checked(
      input, centers: centersPerClass, normalized: normalizesWeights)
    let rows = Rows(batch.embeddings.elements, width: batch.width, normalized: normalizesRows)
    let lengths = weights.rows.lengths
    var byRows = rows.zeroGradient
    var byWeights = weights.rows.zeroGradient
    var total = TermSum.none
    var meter = WorkMeter()
    for (i, length) in rows.lengths.enumerated() {
      if meter.stops(after: weights.rows.count * batch.width) { break }
      let comparison = compare(rows, i, weights)
      let own = comparison.places[batch.labels[i]]
      let row = WeightRow(
        measures: comparison.measures, label: batch.labels[i], length: length * lengths[own])
      guard let cost = cost(row, halves) else { continue }
      total.terms += 1
      if cost.term > 0 { total.active += 1 } else if how == .meanNonzero { continue }
      total.sum += cost.shown
      for (place, slope) in zip(comparison.places, cost.slopes) {
        let factor = usesDistance ? -2 * slope : slope
        weights.rows.add(place, times: factor, to: &byRows, row: i)
        rows.add(i, times: factor, to: &byWeights, row: place)
        guard usesDistance else { continue }
        rows.add(i, times: 2 * slope, to: &byRows, row: i)
        weights.rows.add(place, times: 2 * slope, to: &byWeights, row: place)
      }
      guard cost.byLength != 0, row.length > 0 else { continue }
      rows.add(i, times: cost.byLength * lengths[own] / length, to: &byRows, row: i)
      weights.rows.add(own, times: cost.byLength * length / lengths[own], to: &byWeights, row: own)
    }
    let factor = total.factor(how)
    return LossResult(
      value: factor * total.sum,
      embeddingGradient: Tensor(
        shape: batch.embeddings.shape, elements: rows.gradient(byRows, times: factor)),
      weightGradient: weights.gradient(byWeights, times: factor),
      notices: batch.count > 0 && total.terms == 0 ? ["nothing was selected: the loss is 0"] : [])
  }

  /// The measure of every class, and the place of the weight it is taken to.
  func compare(
    _ rows: Rows, _ i: Int, _ weights: ClassWeights
  ) -> (measures: [Double], places: [Int]) {
    var measures: [Double] = []
    var places: [Int] = []
    for k in 0..<weights.classes {
      var nearest = k * weights.centers
      var measure = -Double.infinity
      for place in k * weights.centers..<(k + 1) * weights.centers {
        let other =
          usesDistance
          ? rows.squaredDistance(i, weights.rows, place) : rows.dot(i, weights.rows, place)
        if other > measure { (measure, nearest) = (other, place) }
      }
      measures.append(measure)
      places.append(nearest)
    }
    return (measures, places)
  }
}

extension Loss {
  /// The batch and the weights of its classes, where a loss takes one weight per class or several.
  func checked(
    _ input: LossInput, centers: Int?, normalized: Bool
  ) throws(LossError) -> (Batch, ClassWeights) {
    try requireNoneUnused(input)
    let batch = try Batch(input)
    guard let given = input.weights else { throw .weightsMissing(loss: Self.card.name) }
    let weights =
      if let centers {
        try ClassWeights(given, width: batch.width, centers: centers, normalized: normalized)
      } else {
        try ClassWeights(given, width: batch.width, normalized: normalized)
      }
    try batch.requireLabels(below: weights.classes)
    return (batch, weights)
  }
}
