import Tensors

/// Something `derive` draws its samples from.
class Generator: FieldObject, @unchecked Sendable {
  let trials: Int
  override var typeName: String { "generator" }

  init(trials: Int) { self.trials = trials }

  /// The sample of one trial.
  func draw(_ trial: Int) throws -> Value { .nothing }
  /// Trials that share everything but the embeddings, so that constants may be fitted over them.
  func group(of trial: Int) -> Int { 0 }
  /// Simpler samples that still obey the generator's promises, simplest first.
  func simpler(_ sample: Value) throws -> [Value] { [] }
  /// What is drawn, for the derivation's head line.
  var scope: String { "\(trials) samples" }
}

/// Batches of embeddings and labels, with the edge cases where claims break mixed in.
final class BatchGenerator: Generator, @unchecked Sendable {
  struct Options {
    var smallest = 24
    var largest = 24
    var d = 2
    var classes = 3
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

  override func draw(_ trial: Int) throws -> Value {
    let group = group(of: trial)
    var labelDraws = Random(
      seed: options.seed &+ UInt64(group) &* 0x9e37_79b9, name: "random_batches labels")
    let labels = labels(group, &labelDraws)
    var random = Random(
      seed: options.seed &+ UInt64(trial) &* 0x85eb_ca6b, name: "random_batches")
    var rows = (0..<labels.count).map { _ in random.normals(options.d) }
    disturb(&rows, labels, trial, &random)
    if options.isNormalized { rows = rows.map { Self.unit($0, &random) } }
    return Self.batch(rows, labels)
  }

  /// One label per row; every class has a member.
  ///
  /// Every third group is as unbalanced as it can be.
  private func labels(_ group: Int, _ random: inout Random) -> [Int] {
    let span = options.largest - options.smallest + 1
    let n = options.smallest + Int(random.uniform() * Double(span))
    let classes = options.classes
    if options.isBalanced { return (0..<n / classes * classes).map { $0 % classes } }
    return (0..<n).map { row in
      if row < classes { return row }
      if group % 3 == 2 { return 0 }
      return Int(random.uniform() * Double(classes))
    }
  }

  /// Half of the batches are plain; the others are of the kinds where claims break first.
  private func disturb(
    _ rows: inout [[Double]], _ labels: [Int], _ trial: Int, _ random: inout Random
  ) {
    let n = rows.count
    guard n > 0 else { return }
    func row() -> Int { Int(random.uniform() * Double(n)) }
    switch trial % 16 {
    case 1:  // duplicates, within and across classes
      for _ in 0..<max(1, n / 4) { rows[row()] = rows[row()] }
    case 3:  // one class on a single point
      let chosen = labels[row()]
      let point = rows[row()]
      for index in 0..<n where labels[index] == chosen { rows[index] = point }
    case 5:  // everything on a single point
      rows = [[Double]](repeating: rows[0], count: n)
    case 7:  // antipodal points
      for index in 0..<n where index % 2 == 1 { rows[index] = rows[index - 1].map { -$0 } }
    case 9:  // very small
      rows = rows.map { $0.map { $0 * 1e-3 } }
    case 11:  // large
      rows = rows.map { $0.map { $0 * 30 } }
    case 13:  // tight, well separated classes
      let centers = (0...(labels.max() ?? 0)).map { _ in random.normals(options.d) }
      for index in 0..<n {
        rows[index] = zip(rows[index], centers[labels[index]]).map { 0.05 * $0 + 3 * $1 }
      }
    case 15:  // whole coordinates, where margins are met exactly
      rows = rows.map { $0.map { ($0 * 2).rounded() } }
    default: break
    }
  }

  private static func unit(_ row: [Double], _ random: inout Random) -> [Double] {
    var row = row
    while row.allSatisfy({ $0 == 0 }), !row.isEmpty { row = random.normals(row.count) }
    let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? row.map { $0 / length } : row
  }

  private static func batch(_ rows: [[Double]], _ labels: [Int]) -> Value {
    let z = Tensor(shape: [rows.count, rows.first?.count ?? 0], elements: rows.flatMap { $0 })
    return .list([.tensor(TensorBox(z)), .vector(labels.map(Double.init))])
  }

  /// The batch with fewer rows, then with rounder coordinates.
  override func simpler(_ sample: Value) throws -> [Value] {
    guard case .list(let parts) = sample, parts.values.count == 2,
      let z = parts.values[0].plainTensor, let y = parts.values[1].plainTensor
    else { return [] }
    let labels = y.elements.map { Int($0) }
    let rows = (0..<labels.count).map { row in
      Array(z.elements[row * options.d..<(row + 1) * options.d])
    }
    return withFewerRows(rows, labels) + (options.isNormalized ? [] : rounded(rows, labels))
  }

  private func withFewerRows(_ rows: [[Double]], _ labels: [Int]) -> [Value] {
    var dropped: [[Int]] = []
    let members = Dictionary(grouping: labels.indices) { labels[$0] }
    if options.isBalanced {
      if let most = members.values.map(\.count).min(), most > 1 {
        dropped.append(members.values.compactMap(\.last))
      }
    } else {
      // Halves first: a large batch shrinks in a few steps.
      if rows.count > 4 {
        let keepers = Set(members.values.compactMap(\.first))
        dropped.append(labels.indices.filter { $0 % 2 == 1 && !keepers.contains($0) })
        dropped.append(labels.indices.filter { $0 % 2 == 0 && !keepers.contains($0) })
      }
      dropped += labels.indices.reversed().filter { members[labels[$0]]?.count ?? 0 > 1 }.map {
        [$0]
      }
    }
    return dropped.filter { !$0.isEmpty }.map { gone in
      let kept = labels.indices.filter { !gone.contains($0) }
      return Self.batch(kept.map { rows[$0] }, kept.map { labels[$0] })
    }
  }

  private func rounded(_ rows: [[Double]], _ labels: [Int]) -> [Value] {
    [1.0, 10, 100].compactMap { scale in
      let simple = rows.map { $0.map { ($0 * scale).rounded() / scale } }
      return simple == rows ? nil : Self.batch(simple, labels)
    }
  }
}

/// Points of the probability simplex.
final class SimplexGenerator: Generator, @unchecked Sendable {
  private let k: Int
  private let n: Int?
  private let seed: UInt64

  init(k: Int, n: Int?, trials: Int, seed: UInt64) {
    self.k = k
    self.n = n
    self.seed = seed
    super.init(trials: trials)
  }

  override var scope: String { "\(trials) points of the simplex" }

  override func draw(_ trial: Int) throws -> Value {
    var random = Random(seed: seed &+ UInt64(trial) &* 0x85eb_ca6b, name: "simplex")
    var elements: [Double] = []
    for _ in 0..<(n ?? 1) {
      var weights = random.uniforms(k).map { -Tensor(1 - $0).log().elements[0] }
      switch trial % 8 {
      case 3: weights = weights.indices.map { $0 == trial % max(1, k) ? 1 : 0 }  // a corner
      case 5: weights = weights.map { _ in 1 }  // the middle
      case 7: weights = weights.map { $0 * $0 * $0 * $0 }  // near the boundary
      default: break
      }
      let total = weights.reduce(0, +)
      elements += weights.map { total > 0 ? $0 / total : 1 / Double(k) }
    }
    return .tensor(Tensor(shape: n.map { [$0, k] } ?? [k], elements: elements))
  }
}

/// Numbers drawn evenly between two ends, the ends included now and then.
final class UniformGenerator: Generator, @unchecked Sendable {
  private let low: Double
  private let high: Double
  private let shape: [Int]
  private let seed: UInt64

  init(low: Double, high: Double, shape: [Int], trials: Int, seed: UInt64) {
    self.low = low
    self.high = high
    self.shape = shape
    self.seed = seed
    super.init(trials: trials)
  }

  override func draw(_ trial: Int) throws -> Value {
    var random = Random(seed: seed &+ UInt64(trial) &* 0x85eb_ca6b, name: "uniform")
    let count = shape.reduce(1, *)
    let elements = random.uniforms(count).map { u -> Double in
      switch trial % 16 {
      case 7: low
      case 15: high
      default: low + u * (high - low)
      }
    }
    return .tensor(Tensor(shape: shape, elements: elements))
  }
}

/// Given samples, or those of a function of the trial number.
final class ListedGenerator: Generator, @unchecked Sendable {
  private let samples: [Value]

  init(_ samples: [Value]) {
    self.samples = samples
    super.init(trials: samples.count)
  }

  override var scope: String { "\(trials) samples" }

  override func draw(_ trial: Int) throws -> Value {
    guard !samples.isEmpty else { throw Failure("there is nothing to draw from") }
    return samples[trial % samples.count]
  }
}

/// Samples a function of the program makes from the trial's number.
final class FunctionGenerator: Generator, @unchecked Sendable {
  private let function: Value
  private unowned let machine: Machine

  init(_ function: Value, machine: Machine) {
    self.function = function
    self.machine = machine
    super.init(trials: 200)
  }

  override func draw(_ trial: Int) throws -> Value {
    try machine.call(function, [.number(Double(trial))])
  }
}

extension BuiltinCatalog {
  /// What `derive` draws from.
  static let generators: [Builtin] = [
    Builtin(
      "random_batches(n=24, d=2, classes=3, normalized=false, balanced=false, trials=200, seed=0)",
      "Random embeddings and labels for derive: z, y in random_batches().",
      details: """
        z: n×d, y: n labels, every class with a member. n may be a range. Edge cases are mixed in: \
        duplicates, collapsed and antipodal points, unbalanced classes, whole coordinates.
        """,
      example: "type(random_batches())", seeAlso: ["simplex", "uniform"]
    ) { call in
      var options = BatchGenerator.Options()
      if case .range(let range) = call[0] {
        let sizes = try call.at(0) { try range.vector() }.elements
        options.smallest = Int(exactly: sizes.min() ?? 0) ?? 0
        options.largest = Int(exactly: sizes.max() ?? 0) ?? 0
      } else {
        options.smallest = try call.whole(0, from: 1)
        options.largest = options.smallest
      }
      options.d = try call.whole(1, from: 1)
      options.classes = try call.whole(2, from: 1)
      options.isNormalized = try call.bool(3)
      options.isBalanced = try call.bool(4)
      options.seed = try call.seed(6)
      guard options.smallest >= options.classes, options.smallest <= options.largest else {
        throw call.failure(
          0, "\(options.smallest) rows are too few for \(options.classes) classes")
      }
      _ = try Tensor.zeros([options.largest, options.d])
      if options.isBalanced, options.smallest == options.largest,
        options.smallest % options.classes != 0
      {
        throw call.failure(
          0, "\(options.smallest) rows cannot be balanced over \(options.classes) classes",
          ["n must be a multiple of classes."])
      }
      return .object(BatchGenerator(options, trials: try call.whole(5, from: 1)))
    },
    Builtin(
      "simplex(k, n=none, trials=200, seed=0)",
      "Random points of the probability simplex for derive.",
      details: "k numbers from 0 that sum to 1, or n rows of them.", example: "type(simplex(3))"
    ) { call in
      let k = try call.whole(0, from: 1)
      let n = try call.optionalWhole(1, from: 0)
      _ = try Tensor.zeros([n ?? 1, k])
      return .object(
        SimplexGenerator(k: k, n: n, trials: try call.whole(2, from: 1), seed: try call.seed(3)))
    },
    Builtin(
      "uniform(low, high, shape=[], trials=200, seed=0)", "Random numbers for derive.",
      example: "type(uniform(0, 1))"
    ) { call in
      let shape = try call.wholes(2, from: 0)
      _ = try Tensor.zeros(shape)
      return .object(
        UniformGenerator(
          low: try call.number(0), high: try call.number(1), shape: shape,
          trials: try call.whole(3, from: 1), seed: try call.seed(4)))
    },
  ]
}
