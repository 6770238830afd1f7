import Tensors

/// A cost of a row that depends on its logits, one per class, by the own one and the softmax of the
/// others.
struct ClassSoftmax {
  /// What the measure of another class is multiplied by to be its logit.
  var rate: Double
  /// What is added to it then.
  var offset = 0.0
  /// Whether the cost takes the sum of the other logits too.
  var takesSum = false
  /// What the logits cost; nil where they are not worth a term.
  var cost: (LogitSums) -> LogitCost?
}

/// The logit of the own class.
struct OwnLogit {
  var value: Double
  /// The derivative by the measure of the class.
  var slope: Double
  /// The derivative by the length of the row times that of the class's weight.
  var byLength = 0.0
}

/// The logits of a row as its cost sees them.
struct LogitSums {
  /// The own logit.
  let own: Double
  /// The log-sum-exp of the others, −∞ where there are none.
  ///
  /// The own logit stays out, so that the cost of a sure row keeps its digits.
  let others: Double
  /// The sum of the others, where that is asked for.
  let sumOfOthers: Double
  /// How many classes there are.
  let classes: Int
}

/// What a row costs by its logits.
struct LogitCost {
  /// The cost.
  var term: Double
  /// The half of it that was asked for, or the whole.
  var shown: Double
  /// The derivative by the own logit.
  var byOwn: Double
  /// The derivative by another logit is `factor` times its share in the softmax of the others, plus
  /// `level`.
  var factor: Double
  var level = 0.0
}

extension LogitCost {
  /// The cross-entropy; its halves are the own logit and the log-sum-exp.
  static func crossEntropy(_ logits: LogitSums, _ halves: Halves) -> LogitCost {
    let (term, slope) = softplus(logits.others - logits.own)
    return LogitCost(
      term: term, shown: halves.sum(-logits.own, logits.own + term),
      byOwn: halves.push == halves.pull ? -slope : halves.push * (1 - slope) - halves.pull,
      factor: halves.push * slope)
  }
}

extension ClassSoftmax {
  /// The cost of a row; its measures become the derivatives by them.
  func settle(_ measures: inout [Double], _ label: Int, _ own: OwnLogit) -> LogitCost? {
    var logits = measures.map { rate * $0 + offset }
    logits[label] = 0
    let sum = takesSum ? logits.reduce(0, +) : 0
    logits[label] = -.infinity
    let (shares, ofOthers) = logits.count > 1 ? softmax(logits) : ([0], -.infinity)
    let cost = cost(
      LogitSums(own: own.value, others: ofOthers, sumOfOthers: sum, classes: logits.count))
    guard let cost else { return nil }
    measures = shares.map { (cost.factor * $0 + cost.level) * rate }
    measures[label] = cost.byOwn * own.slope
    return cost
  }

  /// The same in a tile, with the measures of all `classes`; without a term they become 0.
  func settle<Number: ClassNumber>(
    _ measures: UnsafeMutablePointer<Number>, _ classes: Int, _ label: Int, _ own: OwnLogit
  ) -> LogitCost? {
    var (ofOthers, sum, powers) = (-Double.infinity, 0.0, 1.0)
    if classes > 1 {
      measures[label] = 0
      if takesSum {
        sum = UnsafeBufferPointer(start: measures, count: classes).reduce(0) { $0 + Double($1) }
        sum = rate * sum + offset * Double(classes - 1)
      }
      measures[label] = Number.lowest
      let largest = Number.largest(measures, classes)
      powers = Number.setPowers(measures, classes, rate: Number(rate), origin: largest)
      ofOthers = rate * Double(largest) + offset + Portable.log(powers)
    }
    let cost = cost(
      LogitSums(own: own.value, others: ofOthers, sumOfOthers: sum, classes: classes))
    guard let cost else {
      measures.update(repeating: 0, count: classes)
      return nil
    }
    Number.setShares(
      measures, classes, factor: cost.factor / powers * rate, level: cost.level * rate)
    measures[label] = Number.weight(cost.byOwn * own.slope)
    return cost
  }
}

extension ClassNumber {
  /// A weight in a product; one too small to matter is 0, since it would slow down all others.
  static func weight(_ weight: Double) -> Self {
    abs(weight) < (Self.self == Float.self ? 1e-30 : 1e-290) ? 0 : Self(weight)
  }
}
