import Diagnostics
import Syntax
import Tensors

/// From samples that break a link of a derivation to the smallest found that still do, as code.
struct CounterexampleSearch {
  let site: DerivationSite
  let chain: Value
  let generators: [Generator]
  let machine: Machine
  let deadline: ContinuousClock.Instant

  /// The smallest counterexample found, and how the link comes out there.
  struct Result {
    /// Nil where the words for all samples say it better.
    let words: String?
    let code: String
  }

  /// The easiest to read of what several starts shrink to.
  func smallest(_ starts: [[Sample]], breaking link: LinkEvidence) throws -> Result {
    var easiest: (samples: [Sample], weight: Double)?
    for (number, samples) in starts.enumerated() {
      let claim = try Claim(link, samples, self)
      let share = ContinuousClock.now.duration(to: deadline) / (starts.count - number)
      var shrinking = Shrinking(
        generators, until: .now.advanced(by: share), poll: machine.context.poll
      ) { try claim.fails(on: $0) }
      let found = try shrinking.simplest(samples)
      let weight = found.reduce(0) { $0 + $1.reduce(0) { $0 + PastedCode.weight($1.value) } }
      if weight < easiest?.weight ?? .infinity { easiest = (found, weight) }
    }
    guard let samples = easiest?.samples else { return Result(words: nil, code: "") }
    let code = try code(samples, link)
    guard link.relation != .upToConstants else { return Result(words: nil, code: code) }
    return Result(words: try values(samples[0]).map { try link.outcome($0).evidence }, code: code)
  }

  /// The chain's values on a sample; nil where it has none.
  ///
  /// An interruption is passed on.
  fileprivate func values(_ sample: Sample) throws -> [Value]? {
    do {
      guard case .list(let list) = try machine.call(chain, sample.map(\.value)) else { return nil }
      return list.values
    } catch let interruption as Interruption {
      throw interruption
    } catch {
      return nil
    }
  }

  /// What must stay so while samples shrink: this link fails as plainly as it did, and the links that
  /// held still hold, lest the search end at another mistake.
  private struct Claim {
    private let link: LinkEvidence
    private let search: CounterexampleSearch
    private let verdict: Outcome.Verdict
    private let others: [LinkEvidence]

    init(_ link: LinkEvidence, _ samples: [Sample], _ search: CounterexampleSearch) throws {
      self.link = link
      self.search = search
      let values = try samples.compactMap { try search.values($0) }
      verdict = (try? Self.verdict(of: link, values)) ?? .holds
      others = search.site.derivation.links.indices.compactMap { number in
        let relation = search.site.derivation.links[number].relation
        guard number != link.number, relation != .upToConstants else { return nil }
        let other = LinkEvidence(number: number, relation: relation)
        return values.allSatisfy({ Self.holds(other, $0) }) ? other : nil
      }
    }

    func fails(on samples: [Sample]) throws -> Bool {
      var all: [[Value]] = []
      for sample in samples {
        guard let values = try search.values(sample) else { return false }
        all.append(values)
      }
      guard let found = try? Self.verdict(of: link, all), found != .holds, found >= verdict else {
        return false
      }
      return others.allSatisfy { other in all.allSatisfy { Self.holds(other, $0) } }
    }

    private static func verdict(
      of link: LinkEvidence, _ values: [[Value]]
    ) throws -> Outcome.Verdict {
      if link.relation == .upToConstants {
        return ConstantFit(try values.map { try LinkEvidence.point($0, link.number) }).verdict
      }
      return try values.map { try link.outcome($0).verdict }.min() ?? .holds
    }

    private static func holds(_ link: LinkEvidence, _ values: [Value]) -> Bool {
      ((try? link.outcome(values)) ?? nil)?.holds ?? false
    }
  }

  // MARK: - Code to paste

  /// Samples that take no more than this stand in one row.
  private static let longestRow = 40

  /// Assignments for one sample; for several a loop that prints both sides on each.
  private func code(_ samples: [Sample], _ link: LinkEvidence) throws -> String {
    guard samples.count > 1 else {
      let statements = assignments(samples[0]).map(\.line) + site.definitionTexts
      let isOneLine = statements.allSatisfy { !$0.contains("\n") && !$0.contains("#") }
      return statements.joined(separator: isOneLine ? "; " : "\n")
    }
    let drawn = samples.map(assignments)
    let shared = drawn[0].indices.filter { index in
      drawn.allSatisfy { $0[index].code == drawn[0][index].code }
    }
    let varying = drawn[0].indices.filter { !shared.contains($0) }
    let names = varying.map { drawn[0][$0].name }.joined(separator: ", ")
    let sides = [site.expressions[link.number], site.expressions[link.number + 1]]
    let print = "print(\(sides.joined(separator: ", ")))"
    let entries = drawn.map { parts in
      let codes = varying.map { parts[$0].code }
      return codes.count == 1 ? codes[0] : "[\(codes.joined(separator: ", "))]"
    }
    let comments = try samples.map { try comment($0, link) }
    var lines = shared.map { drawn[0][$0].line }
    let list = entries.joined(separator: ", ")
    if list.count <= Self.longestRow, site.definitionTexts.isEmpty, !print.contains("\n") {
      lines.append("for \(names) in [\(list)] { \(print) }")
      lines.append("# \(comments.joined(separator: ", "))")
      return lines.joined(separator: "\n")
    }
    lines.append("for \(names) in [")
    lines += zip(entries, comments).map { "  \($0),  # \($1)" }
    lines.append("] {")
    lines += (site.definitionTexts + [print]).map { "  \($0)" }
    lines.append("}")
    return lines.joined(separator: "\n")
  }

  /// Both sides of `≐` on one sample, in short.
  private func comment(_ sample: Sample, _ link: LinkEvidence) throws -> String {
    guard let values = try values(sample) else { return "" }
    let sides = [values[link.number], values[link.number + 1]]
    return sides.map { Formatting.inline($0, precision: 4) }.joined(separator: " against ")
  }

  private struct Assignment {
    let name: String
    let code: String
    var line: String { "\(name) = \(code)" }
  }

  /// The names a sample binds and the code of their values.
  private func assignments(_ sample: Sample) -> [Assignment] {
    zip(site.drawNames, zip(generators, sample)).enumerated().flatMap { number, draw in
      let (names, (generator, drawn)) = draw
      let span = site.derivation.draws[number].generator.span
      let text = site.source.text(of: span)
      let parts = Self.parts(names)
      if parts.count > 1, case .list(let values) = drawn.value, values.values.count == parts.count {
        let codes = values.values.enumerated().compactMap { index, value in
          generator.code(forPart: index, value, of: drawn)
        }
        if codes.count == parts.count {
          return zip(parts, codes).map { Assignment(name: $0, code: $1) }
        }
      }
      let code = generator.code(for: drawn, from: text) ?? "none"
      return [Assignment(name: names, code: code)]
    }
  }

  /// `z, y` as its names; targets inside one another stay as they are.
  private static func parts(_ names: String) -> [String] {
    guard !names.contains(where: { "([.".contains($0) }) else { return [names] }
    return names.split(separator: ",").map { name in
      String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
