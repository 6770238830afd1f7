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

  /// What the measure of another class is multiplied by to be its logit.
  var rate: Double { get }

  /// Whether the cost takes the sum of the other logits too.
  var takesSum: Bool { get }

  /// The logit of the own class by its measure and the length of the row times that of the weight.
  func own(_ measure: Double, length: Double) -> OwnLogit

  /// The cost of the logits of a row; nil where they are not worth a term.
  func cost(_ logits: LogitSums, _ halves: Halves) -> LogitCost?
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

extension LogitCost {
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

  /// The measures themselves are logits, unless a loss says otherwise.
  var rate: Double { 1 }

  /// The cost does not, unless a loss says otherwise.
  var takesSum: Bool { false }

  /// The own logit is like the others, unless a loss says otherwise.
  func own(_ measure: Double, length: Double) -> OwnLogit {
    OwnLogit(value: rate * measure, slope: rate)
  }

  /// The cross-entropy, unless a loss says otherwise.
  func cost(_ logits: LogitSums, _ halves: Halves) -> LogitCost? { .crossEntropy(logits, halves) }

  /// What the softmax of a row is taken of.
  func logits(_ row: WeightRow) -> [Double] {
    var logits = row.measures.map { rate * $0 }
    logits[row.label] = own(row.measures[row.label], length: row.length).value
    return logits
  }

  /// What a row costs.
  func cost(_ row: WeightRow) -> Double? {
    var measures = row.measures
    let own = own(measures[row.label], length: row.length)
    return classSoftmax(.whole).settle(&measures, row.label, own)?.term
  }

  private func classSoftmax(_ halves: Halves) -> ClassSoftmax {
    ClassSoftmax(rate: rate, takesSum: takesSum) { cost($0, halves) }
  }

  /// The value and its gradients, in one pass.
  public func evaluate(_ input: LossInput) throws(LossError) -> LossResult {
    try result(input, .whole)
  }

  /// One half of the value with its gradients; nil where there is no exact split.
  public func evaluate(_ half: LossHalf, of input: LossInput) throws(LossError) -> LossResult? {
    hasHalves ? try result(input, Halves(half)) : nil
  }

  private func result(_ input: LossInput, _ halves: Halves) throws(LossError) -> LossResult {
    let (batch, weights) = try checked(input, centers: centersPerClass)
    guard weights.isTiled(with: batch) else {
      return swept(batch, ClassWeights(weights, normalized: normalizesWeights), halves)
    }
    return weights.isSingle(with: batch)
      ? tiled(Float.self, batch, weights, halves) : tiled(Double.self, batch, weights, halves)
  }

  /// The result row by row, in float64.
  private func swept(_ batch: Batch, _ weights: ClassWeights, _ halves: Halves) -> LossResult {
    let rows = Rows(batch.embeddings.elements, width: batch.width, normalized: normalizesRows)
    let lengths = weights.rows.lengths
    let softmax = classSoftmax(halves)
    var byRows = rows.zeroGradient
    var byWeights = weights.rows.zeroGradient
    var total = TermSum.none
    var meter = WorkMeter()
    for (i, length) in rows.lengths.enumerated() {
      if meter.stops(after: weights.rows.count * batch.width) { break }
      var (slopes, places) = compare(rows, i, weights)
      let label = batch.labels[i]
      let place = places[label]
      let own = own(slopes[label], length: length * lengths[place])
      guard let cost = softmax.settle(&slopes, label, own) else { continue }
      guard total.take(cost, how) else { continue }
      for (place, slope) in zip(places, slopes) {
        let factor = usesDistance ? -2 * slope : slope
        weights.rows.add(place, times: factor, to: &byRows, row: i)
        rows.add(i, times: factor, to: &byWeights, row: place)
        guard usesDistance else { continue }
        rows.add(i, times: 2 * slope, to: &byRows, row: i)
        weights.rows.add(place, times: 2 * slope, to: &byWeights, row: place)
      }
      let byLength = cost.byOwn * own.byLength
      guard byLength != 0, length * lengths[place] > 0 else { continue }
      rows.add(i, times: byLength * lengths[place] / length, to: &byRows, row: i)
      weights.rows.add(
        place, times: byLength * length / lengths[place], to: &byWeights, row: place)
    }
    let factor = total.factor(how)
    return LossResult(
      value: factor * total.sum,
      embeddingGradient: Tensor(
        shape: batch.embeddings.shape, elements: rows.gradient(byRows, times: factor)),
      weightGradient: weights.gradient(byWeights, times: factor),
      notices: notices(batch, total))
  }

  private func notices(_ batch: Batch, _ total: TermSum) -> [String] {
    batch.count > 0 && total.terms == 0 ? ["nothing was selected: the loss is 0"] : []
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

extension ClassWeightLoss {
  /// The result in tiles, in the precision of the input.
  private func tiled<Number: ClassNumber>(
    _ type: Number.Type, _ batch: Batch, _ weights: GivenWeights, _ halves: Halves
  ) -> LossResult {
    let tiles = CrossTiles<Number>(
      batch, weights, normalized: (normalizesRows, normalizesWeights))
    let lengths = (rows: tiles.rows.lengths, columns: tiles.columns.lengths)
    let zeros = usesDistance ? lengths.columns.indices.filter { lengths.columns[$0] == 0 } : []
    let (classes, width) = (weights.classes, batch.width)
    var costs = [LogitCost?](repeating: nil, count: batch.count)
    var byLengths = [(place: Int, slope: Double)](repeating: (0, 0), count: batch.count)
    let softmax = classSoftmax(halves)
    var (byRows, byColumns) = costs.withUnsafeMutableBufferPointer { costs in
      byLengths.withUnsafeMutableBufferPointer { byLengths in
        // Rows have numbers of their own.
        nonisolated(unsafe) let (costs, byLengths) = (costs, byLengths)
        return tiles.gradient(room: 2 * classes) { i, line, room in
          let label = batch.labels[i]
          var (measures, place) = (line, label)
          if weights.centers > 1 {
            Number.setNearest(room, line, classes, centers: weights.centers)
            while line[place] != room[label], place + classes < tiles.columns.count {
              place += classes
            }
            measures = room + classes
            measures.update(from: room, count: classes)
          }
          let product = tiles.product(i, place)
          let (length, ofWeight) = (lengths.rows[i], lengths.columns[place])
          var softmax = softmax
          var own: OwnLogit
          if usesDistance {
            // Of unit vectors ‖a − b‖² = ‖a‖² + 1 − 2aᵗb; b = 0 takes ½ for its product.
            for k in zeros { measures[k] += 0.5 }
            softmax.rate = -2 * rate
            softmax.offset = rate * (length + 1)
            own = self.own(length + ofWeight - 2 * product, length: length * ofWeight)
            own.slope *= -2
          } else {
            own = self.own(product, length: length * ofWeight)
          }
          costs[i] = softmax.settle(measures, classes, label, own)
          if let cost = costs[i] {
            byLengths[i] = (place, cost.byOwn * own.byLength)
            if how.leavesOut(cost.term) { measures.update(repeating: 0, count: classes) }
          }
          if weights.centers > 1 {
            Number.carryToNearest(
              line, classes, centers: weights.centers, nearest: room, slopes: measures)
          }
        }
      }
    }
    var total = TermSum.none
    for i in 0..<batch.count {
      guard let cost = costs[i], total.take(cost, how) else { continue }
      let (place, slope) = byLengths[i]
      let (length, ofWeight) = (lengths.rows[i], lengths.columns[place])
      guard slope != 0, length * ofWeight > 0 else { continue }
      tiles.rows.add(i, times: slope * ofWeight / length, to: &byRows, row: i)
      tiles.columns.add(place, times: slope * length / ofWeight, to: &byColumns, row: place)
    }
    let factor = total.factor(how)
    return LossResult(
      value: factor * total.sum,
      embeddingGradient: Number.tensor(
        shape: [batch.count, width], tiles.rows.gradient(byRows, times: factor)),
      weightGradient: Number.tensor(
        shape: weights.tensor.shape, tiles.columns.gradient(byColumns, times: factor)),
      notices: notices(batch, total))
  }
}

extension Reduction {
  /// Whether a term of this cost is left out.
  func leavesOut(_ term: Double) -> Bool { self == .meanNonzero && !(term > 0) }
}

extension TermSum {
  /// Adds the cost of a row; whether it has a gradient then.
  mutating func take(_ cost: LogitCost, _ how: Reduction) -> Bool {
    terms += 1
    if cost.term > 0 { active += 1 }
    if how.leavesOut(cost.term) { return false }
    sum += cost.shown
    return true
  }
}

extension Loss {
  /// The batch and the weights of its classes, where a loss takes one weight per class or several.
  func checked(
    _ input: LossInput, centers: Int?
  ) throws(LossError) -> (Batch, GivenWeights) {
    try requireNoneUnused(input)
    let batch = try Batch(input)
    guard let given = input.weights else { throw .weightsMissing(loss: Self.card.name) }
    let weights =
      if let centers {
        try GivenWeights(given, width: batch.width, centers: centers)
      } else {
        try GivenWeights(given, width: batch.width)
      }
    try batch.requireLabels(below: weights.classes)
    return (batch, weights)
  }
}

extension GivenWeights {
  /// Whether rows are compared with weights in tiles.
  func isTiled(with batch: Batch) -> Bool {
    let rows = classes * centers
    return rows > 0 && batch.count * batch.width > CrossTiles<Double>.from / rows
  }

  /// Whether that is done in float32.
  func isSingle(with batch: Batch) -> Bool {
    batch.given.dtype == .float32 && tensor.dtype == .float32
  }

  /// The rows center after center, for tiles: what classes have in common lies side by side then.
  func tileRows<Number: PairNumber>(width: Int, normalized: Bool) -> TileRows<Number> {
    let order = (0..<classes * centers).map { $0 % classes * centers + $0 / classes }
    return TileRows(
      tensor, width: width, normalized: normalized, order: centers > 1 ? order : nil)
  }
}

extension CrossTiles {
  /// The rows of a batch against weights.
  init(
    _ batch: Batch, _ weights: GivenWeights, normalized: (rows: Bool, weights: Bool)
  ) {
    rows = TileRows(batch.given, width: batch.width, normalized: normalized.rows)
    columns = weights.tileRows(width: batch.width, normalized: normalized.weights)
  }
}
