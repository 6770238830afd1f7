import Autodiff
import Tensors

/// Batches of embeddings and labels, with the edge cases where claims break mixed in.
final class BatchGenerator: Generator, @unchecked Sendable {
  struct Options {
    var smallest = 24
    var largest = 24
    var d = 2
    var classes = 3
    /// Whether the program asks for this d and these classes; what it left open may shrink.
    var isDimensionGiven = false
    var isClassCountGiven = false
    var isNormalized = false
    var isBalanced = false
    var seed: UInt64 = 0
  }

  let options: Options

  /// Trials in a row that have the same labels.
  static let trialsPerLabels = 10

  init(_ options: Options, trials: Int) {
    self.options = options
    super.init(trials: trials)
  }

  override var display: String { "random_batches(\(size))" }
  override var scope: String { "\(trials) batches · \(size)" }

  private var size: String {
    let n =
      options.smallest == options.largest
      ? "n=\(options.smallest)" : "n=\(options.smallest)…\(options.largest)"
    return "\(n) d=\(options.d)"
  }

  override func group(of trial: Int) -> Int { trial / Self.trialsPerLabels }

  // MARK: - Drawing

  /// Every other batch is plain; the rest are of the kinds where claims break first.
  override func draw(_ trial: Int, stream: Int) throws -> Value {
    let group = group(of: trial)
    var labelDice = TrialDice(
      "random_batches labels", seed: options.seed, trial: group, stream: stream)
    let labels = labels(LabelPattern.of(group), &labelDice)
    var dice = TrialDice("random_batches", seed: options.seed, trial: trial, stream: stream)
    var batch = DrawnBatch(rows: labels.map { _ in dice.normals(options.d) }, labels: labels)
    if trial % 2 == 1 {
      let edge = BatchEdge.allCases[(trial / 2) % BatchEdge.allCases.count]
      edge.apply(to: &batch, isNormalized: options.isNormalized, &dice)
    }
    return try finished(batch, &dice).value
  }

  /// A batch without anything unusual, to compare with.
  func plain(_ trial: Int) throws -> Value {
    var dice = TrialDice("plain batches", seed: options.seed, trial: trial, stream: 0)
    let labels = labels(.random, &dice)
    let batch = DrawnBatch(rows: labels.map { _ in dice.normals(options.d) }, labels: labels)
    return try finished(batch, &dice).value
  }

  private func finished(_ batch: DrawnBatch, _ dice: inout TrialDice) throws -> DrawnBatch {
    guard options.isNormalized else { return batch }
    var batch = batch
    for row in batch.rows.indices {
      while batch.rows[row].allSatisfy({ $0 == 0 }) { batch.rows[row] = dice.normals(options.d) }
    }
    return try batch.normalized()
  }

  // MARK: - Labels

  /// How many members the classes of a group of trials have.
  private enum LabelPattern: CaseIterable {
    case random, oneLargeClass, equal, oneSingle, halves

    static func of(_ group: Int) -> LabelPattern { allCases[group % allCases.count] }
  }

  /// How many rows a batch has: any number of the range that the options allow, its ends often.
  private func count(_ dice: inout TrialDice) -> Int {
    let unit = options.isBalanced ? options.classes : 1
    let least = (options.smallest + unit - 1) / unit
    let most = options.largest / unit
    switch dice.below(8) {
    case 0: return least * unit
    case 1: return most * unit
    default: return (least + dice.below(most - least + 1)) * unit
    }
  }

  /// One label per row; every class has a member.
  private func labels(_ pattern: LabelPattern, _ dice: inout TrialDice) -> [Int] {
    let n = count(&dice)
    let classes = options.classes
    if options.isBalanced { return (0..<n).map { $0 % classes } }
    return (0..<n).map { row in
      if row < classes { return row }
      switch pattern {
      case .random: return dice.below(classes)
      case .oneLargeClass: return 0
      case .equal: return row % classes
      case .oneSingle: return classes == 1 ? 0 : 1 + dice.below(classes - 1)
      case .halves: return row % min(2, classes)
      }
    }
  }

  // MARK: - Shrinking

  private var shrinking: BatchShrinking { BatchShrinking(options: options) }

  override var passCount: Int { shrinking.passCount }

  override func isShared(_ pass: Int) -> Bool { shrinking.isShared(pass) }

  override func simplification(of drawn: Drawn, pass: Int, step: Int) throws -> Simplification {
    try shrinking.simplification(of: drawn, pass: pass, step: step)
  }

  /// Rows on the sphere read best as whole numbers to be normalized.
  override func code(forPart index: Int, _ part: Value, of drawn: Drawn) -> String? {
    let literal = PastedCode.literal(part)
    guard options.isNormalized, index == 0, let batch = DrawnBatch(drawn.value),
      let directions = SpherePoint.wholeDirections(batch)
    else { return literal }
    let whole = Tensor(shape: [batch.count, batch.d], elements: directions.flatMap { $0 })
    let call = PastedCode.literal(.tensor(whole)).map { "normalize(\($0))" }
    return [call, literal].compactMap { $0 }.min { $0.utf8.count < $1.utf8.count }
  }
}

/// Embeddings by row, and their labels.
struct DrawnBatch: Equatable {
  var rows: [[Double]]
  var labels: [Int]

  init(rows: [[Double]], labels: [Int]) {
    self.rows = rows
    self.labels = labels
  }

  /// The batch in `[z, y]`; nil where that is none.
  init?(_ value: Value) {
    guard case .list(let parts) = value, parts.values.count == 2,
      let z = parts.values[0].plainTensor, let y = parts.values[1].plainTensor, z.rank == 2,
      y.shape == [z.shape[0]]
    else { return nil }
    let d = z.shape[1]
    labels = y.elements.map { Int($0) }
    rows = labels.indices.map { Array(z.elements[$0 * d..<($0 + 1) * d]) }
  }

  var count: Int { labels.count }
  var d: Int { rows.first?.count ?? 0 }
  var classCount: Int { (labels.max() ?? -1) + 1 }

  /// The rows of every class.
  var members: [[Int]] {
    var members = [[Int]](repeating: [], count: classCount)
    for (row, label) in labels.enumerated() { members[label].append(row) }
    return members
  }

  private var z: Tensor { Tensor(shape: [count, d], elements: rows.flatMap { $0 }) }

  var value: Value { .list([.tensor(TensorBox(z)), .vector(labels.map(Double.init))]) }

  /// The batch with rows of length 1, to the bit as `normalize` makes them.
  func normalized() throws -> DrawnBatch {
    var batch = self
    let unit = try Quantity.constant(z).normalize().tensor.elements
    let d = d
    batch.rows = rows.indices.map { Array(unit[$0 * d..<($0 + 1) * d]) }
    return batch
  }

  /// The rows at some places.
  func keeping(_ kept: [Int]) -> DrawnBatch {
    DrawnBatch(rows: kept.map { rows[$0] }, labels: kept.map { labels[$0] })
  }
}
