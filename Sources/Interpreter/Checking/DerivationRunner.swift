import Diagnostics
import Glibc
import Syntax
import Tensors

/// Runs a `derive` or `refute`: evaluates every link on every drawn sample and reports the proof.
struct DerivationRunner {
  let site: DerivationSite
  let machine: Machine

  /// One sample of every draw, and what the chain's expressions are there.
  private struct Sample {
    let draws: [Value]
    let values: [Value]
    let group: Int
  }

  /// How far an equality up to constants may be off, relative to 1 + |A|.
  private static let fitTolerance = 1e-9
  /// Simplifications of a counterexample tried at most: it should take no time to notice.
  private static let mostAttempts = 400

  func run(chain: Value, generators values: [Value]) throws {
    let generators = try values.enumerated().map { try generator($1, number: $0) }
    let trials = generators.first?.trials ?? 1
    var samples: [Sample] = []
    for trial in 0..<trials {
      try machine.context.poll()
      let draws = try generators.map { try $0.draw(trial) }
      samples.append(
        Sample(
          draws: draws, values: try evaluate(chain, draws),
          group: generators.first?.group(of: trial) ?? 0))
    }
    let isRefutation = site.derivation.isRefutation
    var links: [DerivationReport.Link] = []
    for (index, link) in site.derivation.links.enumerated() {
      let outcome =
        link.relation == .upToConstants
        ? try fit(index, samples)
        : try compare(index, link.relation, samples, chain, generators)
      links.append(
        DerivationReport.Link(
          relation: link.relation.rawValue, expression: site.expressions[index + 1],
          outcome: outcome.holds ? .held : isRefutation ? .refuted : .failed,
          evidence: outcome.evidence, reason: link.reason,
          counterexample: outcome.counterexample))
    }
    let allHold = links.allSatisfy { if case .held = $0.outcome { true } else { false } }
    let passed = allHold != isRefutation
    if !passed { machine.context.failures += 1 }
    machine.context.output(
      .derivation(
        DerivationReport(
          title: site.derivation.title, isRefutation: isRefutation,
          scope: generators.first?.scope ?? "", first: site.expressions[0], links: links,
          passed: passed)))
  }

  private func generator(_ value: Value, number: Int) throws -> Generator {
    switch value {
    case .object(let object):
      if let generator = object as? Generator { return generator }
    case .function, .builtin: return FunctionGenerator(value, machine: machine)
    case .list, .tensor, .range: return ListedGenerator(try Iterating.all(value))
    default: break
    }
    throw Failure(
      "\(site.drawNames[number]) cannot be drawn from \(value.described)",
      ["Draw from random_batches(), simplex(k), uniform(a, b), a list, or a function."],
      at: .generator(number))
  }

  private func evaluate(_ chain: Value, _ draws: [Value]) throws -> [Value] {
    guard case .list(let values) = try machine.call(chain, draws) else { return [] }
    return values.values
  }

  // MARK: - Relations that hold sample by sample

  private struct Outcome {
    let holds: Bool
    let evidence: String
    var counterexample = ""
  }

  private func compare(
    _ index: Int, _ relation: Relation, _ samples: [Sample], _ chain: Value,
    _ generators: [Generator]
  ) throws -> Outcome {
    let comparison = relation.comparison
    var difference = 0.0
    var margin = Double.infinity
    for sample in samples {
      let outcome = try Comparison.Outcome(
        comparison, sample.values[index], sample.values[index + 1],
        tolerance: Checking.tolerance)
      guard outcome.holds else {
        let smallest = try shrunk(sample, index, comparison, chain, generators)
        return Outcome(
          holds: false, evidence: try evidence(smallest, index, comparison),
          counterexample: code(smallest))
      }
      difference = max(difference, outcome.difference)
      margin = min(margin, outcome.margin)
    }
    switch relation {
    case .equal:
      return Outcome(
        holds: true, evidence: "max |Δ| \(Formatting.number(difference, precision: 2))")
    default:
      let shown = Formatting.number(max(margin, 0), precision: 2)
      return Outcome(holds: true, evidence: "margin ≥ \(shown)")
    }
  }

  private func evidence(
    _ sample: Sample, _ index: Int, _ comparison: Comparison
  ) throws -> String {
    try Comparison.Outcome(
      comparison, sample.values[index], sample.values[index + 1], tolerance: Checking.tolerance
    ).evidence
  }

  /// The smallest sample found that still breaks the link.
  private func shrunk(
    _ sample: Sample, _ index: Int, _ comparison: Comparison, _ chain: Value,
    _ generators: [Generator]
  ) throws -> Sample {
    var smallest = sample
    var attempts = 0
    search: while attempts < Self.mostAttempts {
      for (number, generator) in generators.enumerated() {
        for candidate in try generator.simpler(smallest.draws[number]) {
          attempts += 1
          guard attempts < Self.mostAttempts else { break search }
          try machine.context.poll()
          var draws = smallest.draws
          draws[number] = candidate
          guard let values = try failing(index, comparison, chain, draws) else { continue }
          smallest = Sample(draws: draws, values: values, group: smallest.group)
          continue search
        }
      }
      break
    }
    return smallest
  }

  /// The chain's values on a sample that breaks the link; nil where the link holds.
  ///
  /// A sample on which the chain has no value is no counterexample; an interruption is passed on.
  private func failing(
    _ index: Int, _ comparison: Comparison, _ chain: Value, _ draws: [Value]
  ) throws -> [Value]? {
    do {
      let values = try evaluate(chain, draws)
      let outcome = try Comparison.Outcome(
        comparison, values[index], values[index + 1], tolerance: Checking.tolerance)
      return outcome.holds ? nil : values
    } catch let interruption as Interruption {
      throw interruption
    } catch {
      return nil
    }
  }

  /// The sample as code that can be pasted: the draws, then the definitions of the block.
  private func code(_ sample: Sample) -> String {
    let draws = zip(site.drawNames, sample.draws).map { names, value in
      guard case .list(let parts) = value, names.contains(",") else {
        return "\(names) = \(Formatting.inline(value, precision: 12))"
      }
      let split = names.split(separator: ",").map { $0.drop { $0 == " " } }
      guard split.count == parts.values.count else {
        return "\(names) = \(Formatting.inline(value, precision: 12))"
      }
      return zip(split, parts.values).map { "\($0) = \(Formatting.inline($1, precision: 12))" }
        .joined(separator: "; ")
    }
    return (draws + site.definitionTexts).joined(separator: "; ")
  }

  // MARK: - Equal up to constants

  /// Fits A = a·B + b with a > 0 over the samples of each group.
  private func fit(_ index: Int, _ samples: [Sample]) throws -> Outcome {
    var slopes: [Double] = []
    var offsets: [Double] = []
    for (_, group) in Dictionary(grouping: samples, by: \.group).sorted(by: { $0.key < $1.key }) {
      guard group.count >= 3 else {
        throw Failure("≐ needs three samples at least", ["Draw more trials."])
      }
      let a = try group.map { try numbers($0.values[index]) }
      let b = try group.map { try numbers($0.values[index + 1]) }
      guard zip(a, b).allSatisfy({ $0.count == $1.count }) else {
        throw Failure("both sides of ≐ need the same number of entries")
      }
      let line = Line(through: b.flatMap { $0 }, a.flatMap { $0 })
      if let miss = line.worstMiss(tolerance: Self.fitTolerance) {
        let ratios = line.ratios
        return Outcome(
          holds: false,
          evidence:
            "no a > 0 and b fit: best ×\(Formatting.number(line.slope, precision: 4)) misses by "
            + "\(Formatting.number(miss, precision: 3))"
            + (ratios.map { "; the ratio runs from \($0) to \($1)" } ?? ""))
      }
      slopes.append(line.slope)
      offsets.append(line.offset)
    }
    return Outcome(
      holds: true, evidence: "×\(Self.range(slopes)) + \(Self.range(offsets)), R² 1")
  }

  private func numbers(_ value: Value) throws -> [Double] {
    guard let tensor = value.plainTensor else {
      throw Failure("≐ compares numbers, not \(value.described)")
    }
    return tensor.elements
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

/// The straight line a = slope·b + offset closest to points.
private struct Line {
  let slope: Double
  let offset: Double
  private let xs: [Double]
  private let ys: [Double]

  init(through xs: [Double], _ ys: [Double]) {
    self.xs = xs
    self.ys = ys
    let n = Double(xs.count)
    let meanX = xs.reduce(0, +) / n
    let meanY = ys.reduce(0, +) / n
    let covariance = zip(xs, ys).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let variance = xs.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    slope = variance > 0 ? covariance / variance : 1
    offset = meanY - slope * meanX
  }

  /// The largest miss beyond the tolerance; a line that does not rise misses everything.
  func worstMiss(tolerance: Double) -> Double? {
    var worst: Double?
    for (x, y) in zip(xs, ys) {
      let miss = abs(y - slope * x - offset)
      if !(miss <= tolerance * (1 + abs(y))) {
        worst = max(worst ?? 0, miss.isNaN ? .infinity : miss)
      }
    }
    return worst ?? (slope > 0 ? nil : 0)
  }

  /// The range of y/x, where all x are positive.
  var ratios: (String, String)? {
    let positive = zip(xs, ys).filter { $0.0 > 1e-12 }.map { $0.1 / $0.0 }
    guard let low = positive.min(), let high = positive.max() else { return nil }
    return (Formatting.number(low, precision: 4), Formatting.number(high, precision: 4))
  }
}

extension Relation {
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
