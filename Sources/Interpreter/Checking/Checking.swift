import Autodiff
import Glibc
import Syntax
import Tensors

/// `check`: evaluates a claim, prints one line, and remembers a failure.
enum Checking {
  /// How far `== <= >=` may be off by rounding in float64, relative to 1 + |A|.
  static let tolerance = 1e-9

  static func run(_ site: CheckSite, _ values: [Value], in context: Context) throws {
    let operandCount = site.relations.count + 1
    var extras = values.dropFirst(operandCount)
    var message = site.claim
    if site.hasMessage, let text = extras.popFirst() {
      message = Formatting.shown(text, precision: context.precision)
    }
    var tolerance = Self.tolerance
    if site.hasTolerance, let value = extras.popFirst() {
      guard case .number(let number) = value.untraced, number >= 0 else {
        throw Failure("tol of check is a number from 0, not \(value.described)")
      }
      tolerance = number
    }
    let report =
      site.relations.isEmpty
      ? plain(values[0], message)
      : try related(
        site.relations, Array(values.prefix(operandCount)), message: message, tolerance: tolerance)
    if !report.passed { context.failures += 1 }
    context.output(.check(report))
  }

  /// A claim that is not a comparison wants `true`, exactly.
  private static func plain(_ value: Value, _ message: String) -> CheckReport {
    switch value.untraced {
    case .bool(true): return CheckReport(passed: true, message: message, evidence: "")
    case .bool(false): return CheckReport(passed: false, message: message, evidence: "it is false")
    default:
      return CheckReport(
        passed: false, message: message, evidence: "wants true, got \(Formatting.inline(value))")
    }
  }

  private static func related(
    _ relations: [Comparison], _ values: [Value], message: String, tolerance: Double
  ) throws -> CheckReport {
    var evidence = ""
    for (index, relation) in relations.enumerated() {
      let outcome = try Comparison.Outcome(
        relation, values[index], values[index + 1], tolerance: tolerance)
      guard outcome.holds else {
        return CheckReport(passed: false, message: message, evidence: outcome.evidence)
      }
      evidence = outcome.evidence
    }
    return CheckReport(passed: true, message: message, evidence: evidence)
  }
}

extension Comparison {
  /// Whether a relation holds between two values up to rounding, and by how much.
  struct Outcome {
    let holds: Bool
    let evidence: String
    /// |A − B|, at most; 0 where nothing was measured.
    var difference = 0.0
    /// The smallest distance to failing, for inequalities.
    var margin = Double.infinity

    init(_ relation: Comparison, _ left: Value, _ right: Value, tolerance: Double) throws {
      guard let a = left.plainTensor, let b = right.plainTensor, relation.isNumeric else {
        let result = try Comparing.compare(relation, left, right)
        if case .bool(let truth) = result {
          holds = truth
        } else {
          holds = (result.plainTensor?.elements.allSatisfy { $0 != 0 }) ?? false
        }
        evidence =
          holds
          ? "" : "\(Formatting.inline(left)) against \(Formatting.inline(right))"
        return
      }
      let shape = try Tensor.broadcastShape(a.shape, b.shape)
      let lefts = try a.broadcast(to: shape).elements
      let rights = try b.broadcast(to: shape).elements
      var worst: (index: Int, excess: Double)?
      var largest = 0.0
      var slack = Double.infinity
      for (index, (x, y)) in zip(lefts, rights).enumerated() {
        let difference = x == y ? 0 : abs(x - y)
        if !(difference <= largest) { largest = difference }
        slack = min(slack, relation.slack(x, y))
        guard !relation.holds(x, y, tolerance: tolerance) else { continue }
        let excess = difference.isNaN ? Double.infinity : difference
        if excess >= worst?.excess ?? -1 { worst = (index, excess) }
      }
      difference = largest
      margin = slack
      holds = worst == nil
      guard let worst else {
        evidence = relation.margin(difference: largest, slack: slack, isEmpty: lefts.isEmpty)
        return
      }
      let place = Self.place(worst.index, in: shape)
      let x = Formatting.number(lefts[worst.index], precision: 8)
      let y = Formatting.number(rights[worst.index], precision: 8)
      evidence = "\(x) \(relation.rawValue) \(y) fails\(place)"
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
  }

  fileprivate var isNumeric: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .close: true
    case .contained, .notContained: false
    }
  }

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
