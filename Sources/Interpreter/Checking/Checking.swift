import Syntax
import Tensors

/// `check`: evaluates a claim, prints one line, and remembers a failure.
enum Checking {
  /// How far `== <= >=` may be off by rounding, relative to 1 + |A|.
  static func tolerance(for tensors: Tensor...) -> Double {
    tensors.contains { $0.dtype == .float32 } ? 1e-5 : 1e-9
  }

  static func run(_ site: CheckSite, _ values: [Value], in context: Context) throws {
    let operandCount = site.relations.count + 1
    var extras = values.dropFirst(operandCount)
    var message = site.claim
    if site.hasMessage, let text = extras.popFirst() {
      message = Formatting.shown(text, precision: context.precision)
    }
    var tolerance: Double?
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
    try context.poll()
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

  /// A chain: its first failure, or the tightest of its links.
  private static func related(
    _ relations: [Comparison], _ values: [Value], message: String, tolerance: Double?
  ) throws -> CheckReport {
    var tightest: Outcome?
    for (index, relation) in relations.enumerated() {
      let outcome = try Outcome(relation, values[index], values[index + 1], tolerance: tolerance)
      guard outcome.holds else {
        return CheckReport(passed: false, message: message, evidence: outcome.evidence)
      }
      guard let known = tightest else {
        tightest = outcome
        continue
      }
      let isTighter =
        outcome.margin < known.margin
        || (outcome.margin == known.margin && outcome.difference > known.difference)
      if isTighter { tightest = outcome }
    }
    return CheckReport(passed: true, message: message, evidence: tightest?.evidence ?? "")
  }
}
