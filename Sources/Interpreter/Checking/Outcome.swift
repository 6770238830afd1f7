import Syntax
import Tensors

/// Whether a relation holds between two values up to rounding, and by how much.
struct Outcome {
  /// How a relation came out, by its worth as a counterexample.
  enum Verdict: Int, Comparable {
    case holds
    /// It fails because a side is no number.
    case undefined
    /// It fails by so little that rounding may be to blame.
    case narrow
    /// It fails, but a reader has to compare many digits.
    case faint
    case clear

    /// How plain a failure is that misses by this part of 1 + |A|.
    init(missing part: Double) {
      self = part > 1e-2 ? .clear : part > Outcome.beyondRounding ? .faint : .narrow
    }

    static func < (a: Verdict, b: Verdict) -> Bool { a.rawValue < b.rawValue }
  }

  private(set) var verdict = Verdict.holds
  /// Both values where it fails worst; the distance to failing where it holds.
  private(set) var evidence = ""
  /// |A − B|, at most; 0 where nothing was measured.
  private(set) var difference = 0.0
  /// The smallest distance to failing, for inequalities.
  private(set) var margin = Double.infinity
  /// Whether there were numbers to compare.
  private(set) var isMeasured = false

  var holds: Bool { verdict == .holds }

  /// Beyond this part of 1 + |A| a failure is not rounding's.
  static let beyondRounding = 1e-6

  /// Compares two values up to `tolerance`, or what their dtypes call for.
  ///
  /// - Throws: a `Failure` where the two cannot be compared, a `TensorError` where shapes differ.
  init(
    _ relation: Comparison, _ left: Value, _ right: Value, tolerance: Double? = nil
  ) throws {
    if relation.isNumeric, let a = left.plainTensor, let b = right.plainTensor {
      isMeasured = true
      let failure = try measure(relation, a, b, tolerance)
      evidence =
        failure ?? relation.margin(difference: difference, slack: margin, isEmpty: a.count == 0)
      return
    }
    if relation.isEquality, left.hasParts, right.hasParts {
      try compareParts(relation, left, right, tolerance)
      return
    }
    let result = try Comparing.compare(relation, left, right)
    let truths = result.plainTensor?.elements ?? []
    guard !truths.allSatisfy({ $0 != 0 }) else { return }
    verdict = .clear
    evidence = "\(Formatting.inline(left)) against \(Formatting.inline(right))"
  }

  // MARK: - Numbers

  /// Compares all elements; gives the words for the worst that fails, nil where none does.
  private mutating func measure(
    _ relation: Comparison, _ a: Tensor, _ b: Tensor, _ tolerance: Double?
  ) throws -> String? {
    let tolerance = tolerance ?? Checking.tolerance(for: a, b)
    let shape = try Tensor.broadcastShape(a.shape, b.shape)
    let lefts = try a.broadcast(to: shape).elements
    let rights = try b.broadcast(to: shape).elements
    var worst: (index: Int, excess: Double)?
    for (index, (x, y)) in zip(lefts, rights).enumerated() {
      let distance = x == y ? 0 : abs(x - y)
      if !(distance <= difference) { difference = distance }
      margin = min(margin, relation.slack(x, y))
      guard !relation.holds(x, y, tolerance: tolerance) else { continue }
      let excess = distance.isNaN ? Double.infinity : distance
      if excess > worst?.excess ?? -1 { worst = (index, excess) }
    }
    guard let worst else { return nil }
    let (x, y) = (lefts[worst.index], rights[worst.index])
    if x.isNaN || y.isNaN {
      verdict = max(verdict, .undefined)
    } else {
      verdict = max(verdict, Verdict(missing: worst.excess / (1 + min(abs(x), abs(y)))))
    }
    let isMask = a.dtype == .bool && b.dtype == .bool
    let (first, second) = isMask ? Self.truths(x, y) : Self.apart(x, y)
    return "\(first) \(relation.rawValue) \(second) fails\(Self.place(worst.index, in: shape))"
  }

  private static func truths(_ x: Double, _ y: Double) -> (String, String) {
    (x != 0 ? "true" : "false", y != 0 ? "true" : "false")
  }

  /// Two numbers with as many digits as it takes to tell them apart.
  private static func apart(_ x: Double, _ y: Double) -> (String, String) {
    for precision in [8, 12] {
      let first = Formatting.number(x, precision: precision)
      let second = Formatting.number(y, precision: precision)
      if first != second || x == y { return (first, second) }
    }
    return (x.shortestDecimal, y.shortestDecimal)
  }

  private static func place(_ index: Int, in shape: [Int]) -> String {
    guard !shape.isEmpty, shape != [1] else { return "" }
    var rest = index
    var places: [String] = []
    for length in shape.reversed() {
      places.insert(String(rest % length), at: 0)
      rest /= length
    }
    return " at [\(places.joined(separator: ", "))]"
  }

  // MARK: - Lists and records

  /// Compares leaf by leaf: numbers up to rounding, anything else exactly.
  private mutating func compareParts(
    _ relation: Comparison, _ left: Value, _ right: Value, _ tolerance: Double?
  ) throws {
    let isEqual = relation != .notEqual
    let comparison = isEqual ? relation : .equal
    var failure = try firstFailure(comparison, left, right, tolerance, at: "")
    if !isEqual {
      failure = failure == nil ? "both are \(Formatting.inline(left))" : nil
      verdict = failure == nil ? .holds : .clear
    }
    if let failure {
      evidence = failure
    } else if isEqual, isMeasured {
      evidence = relation.margin(difference: difference, slack: margin, isEmpty: false)
    }
  }

  private mutating func firstFailure(
    _ relation: Comparison, _ left: Value, _ right: Value, _ tolerance: Double?, at path: String
  ) throws -> String? {
    let place = path.isEmpty ? "" : " at \(path)"
    if let a = left.plainTensor, let b = right.plainTensor {
      guard a.shape == b.shape else {
        verdict = .clear
        return "shape \(shapeText(a.shape)) against \(shapeText(b.shape))\(place)"
      }
      isMeasured = true
      return try measure(relation, a, b, tolerance).map { $0 + (path.isEmpty ? "" : " of \(path)") }
    }
    switch (left, right) {
    case (.list(let a), .list(let b)):
      guard a.values.count == b.values.count else {
        verdict = .clear
        return "\(a.values.count) against \(b.values.count) entries\(place)"
      }
      for (index, (x, y)) in zip(a.values, b.values).enumerated() {
        if let failure = try firstFailure(relation, x, y, tolerance, at: "\(path)[\(index)]") {
          return failure
        }
      }
      return nil
    case (.record(let a), .record(let b)):
      guard a.names == b.names else {
        verdict = .clear
        return "fields \(a.names.joined(separator: ", ")) against "
          + "\(b.names.joined(separator: ", "))\(place)"
      }
      for (name, (x, y)) in zip(a.names, zip(a.values, b.values)) {
        if let failure = try firstFailure(relation, x, y, tolerance, at: "\(path).\(name)") {
          return failure
        }
      }
      return nil
    default:
      guard !Comparing.same(left, right) else { return nil }
      verdict = .clear
      return "\(Formatting.inline(left)) against \(Formatting.inline(right))\(place)"
    }
  }
}

extension Value {
  /// Whether it is a list or record, compared part by part.
  fileprivate var hasParts: Bool {
    switch self {
    case .list, .record: true
    case .tensor, .range, .traced, .undefined, .nothing, .bool, .number, .single, .text,
      .function, .builtin, .object, .cell:
      false
    }
  }
}

extension Comparison {
  fileprivate var isNumeric: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .close: true
    case .contained, .notContained: false
    }
  }

  fileprivate var isEquality: Bool { self == .equal || self == .notEqual || self == .close }

  /// Equality and the weak inequalities hold up to rounding, the others exactly; nan never.
  fileprivate func holds(_ a: Double, _ b: Double, tolerance: Double) -> Bool {
    let room = tolerance * (1 + abs(a))
    switch self {
    case .equal: return a == b || abs(a - b) <= room
    case .lessOrEqual: return a <= b || a - b <= room
    case .greaterOrEqual: return a >= b || b - a <= room
    case .less: return a < b
    case .greater: return a > b
    case .notEqual: return a != b && !a.isNaN && !b.isNaN
    case .close: return a == b || abs(a - b) <= 1e-8 + 1e-5 * abs(b)
    case .contained, .notContained: return false
    }
  }

  /// How far the sides are from breaking an inequality.
  fileprivate func slack(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .less, .lessOrEqual: b - a
    case .greater, .greaterOrEqual: a - b
    default: .infinity
    }
  }

  fileprivate func margin(difference: Double, slack: Double, isEmpty: Bool) -> String {
    if isEmpty { return "nothing to compare" }
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      return "margin \(Formatting.number(max(slack, 0), precision: 3))"
    case .notEqual: return ""
    default: return "max |Δ| \(Formatting.number(difference, precision: 2))"
    }
  }
}
