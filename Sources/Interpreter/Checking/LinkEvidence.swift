import Syntax
import Tensors

/// What the samples say of one link of a derivation.
struct LinkEvidence {
  /// The link's place in the chain: between the expressions `number` and `number + 1`.
  let number: Int
  let relation: Relation

  /// What came out.
  struct Finding {
    let holds: Bool
    let words: String
    /// Samples that show a failure, in several ways; constants that do not fit take several samples.
    var misfits: [[Sample]] = []
  }

  private var difference = 0.0
  private var margin = Double.infinity
  private var isMeasured = false
  /// The first of the samples on which the link fails most plainly.
  private var failure: (sample: Sample, verdict: Outcome.Verdict, words: String)?
  /// For `≐` the samples of every group and what both sides are there.
  private var groups: [Int: [(sample: Sample, point: ConstantFit.Point)]] = [:]

  init(number: Int, relation: Relation) {
    self.number = number
    self.relation = relation
  }

  // MARK: - Gathering

  /// Takes in one sample and the values of the whole chain on it.
  mutating func add(_ sample: Sample, _ values: [Value], group: Int) throws {
    if relation == .upToConstants {
      groups[group, default: []].append((sample, try Self.point(values, number)))
      return
    }
    let outcome = try outcome(values)
    guard outcome.holds else {
      if outcome.verdict > failure?.verdict ?? .holds {
        failure = (sample, outcome.verdict, outcome.evidence)
      }
      return
    }
    isMeasured = isMeasured || outcome.isMeasured
    difference = max(difference, outcome.difference)
    margin = min(margin, outcome.margin)
  }

  /// How the link comes out for the chain's values on one sample.
  func outcome(_ values: [Value]) throws -> Outcome {
    try Outcome(
      relation.comparison, values[number], values[number + 1])
  }

  /// Both sides of `≐` on one sample.
  static func point(_ values: [Value], _ number: Int) throws -> ConstantFit.Point {
    let (a, b) = (try numbers(values[number]), try numbers(values[number + 1]))
    guard a.count == b.count else {
      throw Failure(
        "both sides of ≐ need the same number of entries", ["Here are \(a.count) and \(b.count)."])
    }
    return ConstantFit.Point(a: a, b: b)
  }

  private static func numbers(_ value: Value) throws -> [Double] {
    guard let tensor = value.plainTensor else {
      throw Failure("≐ compares numbers, not \(value.described)")
    }
    return tensor.elements
  }

  // MARK: - The finding

  func finding() throws -> Finding {
    if relation == .upToConstants { return try constantsFinding() }
    if let failure {
      return Finding(holds: false, words: failure.words, misfits: [[failure.sample]])
    }
    guard isMeasured else { return Finding(holds: true, words: "") }
    switch relation {
    case .equal, .upToConstants:
      return Finding(
        holds: true, words: "max |Δ| \(Formatting.number(difference, precision: 2))")
    case .lessOrEqual, .greaterOrEqual, .less, .greater:
      let shown = Formatting.number(max(margin, 0), precision: 2)
      return Finding(holds: true, words: "margin ≥ \(shown)")
    }
  }

  /// Fits A = a·B + b with a > 0 over the samples of each group.
  private func constantsFinding() throws -> Finding {
    var slopes: [Double] = []
    var offsets: [Double] = []
    var worst: (fit: ConstantFit, group: Int)?
    for (number, group) in groups.sorted(by: { $0.key < $1.key }) {
      let fit = ConstantFit(group.map(\.point))
      if fit.verdict > worst?.fit.verdict ?? .holds { worst = (fit, number) }
      // Two points always lie on a line: such a group can refute, not confirm.
      guard group.count >= 3, let constants = fit.constants else { continue }
      slopes.append(constants.slope)
      offsets.append(constants.offset)
    }
    if let worst, let group = groups[worst.group] {
      let points = group.map(\.point)
      return Finding(
        holds: false, words: Self.words(worst.fit, points),
        misfits: ConstantFit.misfits(points).map { $0.map { group[$0].sample } })
    }
    guard groups.values.contains(where: { $0.count >= 3 }) else {
      throw Failure("≐ needs three samples at least", ["Draw more trials."])
    }
    guard !slopes.isEmpty else {
      return Finding(holds: true, words: "both sides are constant")
    }
    return Finding(holds: true, words: "×\(Self.range(slopes)) + \(Self.range(offsets)), R² 1")
  }

  /// Why no constants fit some samples.
  private static func words(_ fit: ConstantFit, _ points: [ConstantFit.Point]) -> String {
    guard fit.verdict != .undefined else { return "no a > 0 and b fit: a side is no number" }
    guard fit.slope > 0 else {
      return "no a > 0 and b fit: the left side does not rise with the right one"
    }
    let ratios = points.flatMap { zip($0.a, $0.b) }.filter { $0.1 > 1e-12 }.map { $0.0 / $0.1 }
    var words =
      "no a > 0 and b fit: best ×\(Formatting.number(fit.slope, precision: 4)) misses by "
      + Formatting.number(fit.miss, precision: 3)
    if let low = ratios.min(), let high = ratios.max(), low < high {
      words +=
        "; the ratio runs from \(Formatting.number(low, precision: 4)) to "
        + Formatting.number(high, precision: 4)
    }
    return words
  }

  private static func range(_ values: [Double]) -> String {
    let low = values.min() ?? .nan
    let high = values.max() ?? .nan
    func text(_ value: Double) -> String {
      Formatting.number(abs(value) < 1e-9 ? 0 : value, precision: 5)
    }
    return text(low) == text(high) ? text(low) : "\(text(low))…\(text(high))"
  }
}

extension Relation {
  /// The comparison it makes on one sample.
  var comparison: Comparison {
    switch self {
    case .equal, .upToConstants: .equal
    case .lessOrEqual: .lessOrEqual
    case .greaterOrEqual: .greaterOrEqual
    case .less: .less
    case .greater: .greater
    }
  }
}
