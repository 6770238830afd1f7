import Syntax
import Tensors

/// Runs a `derive` or `refute`: evaluates every link on every drawn sample and reports the proof.
struct DerivationRunner {
  let site: DerivationSite
  let machine: Machine

  /// How long the search for smaller counterexamples may take in all: a reader waits for it.
  private static let patience = Duration.seconds(5)

  func run(chain: Value, generators values: [Value]) throws {
    let generators = try values.enumerated().map { try generator($1, number: $0) }
    var evidence = site.derivation.links.indices.map {
      LinkEvidence(number: $0, relation: site.derivation.links[$0].relation)
    }
    var drawn = 0
    for trial in 0..<(generators.first?.trials ?? 1) {
      try machine.context.poll()
      if drawn > Memory.noteworthy {
        try machine.context.weigh()
        drawn = 0
      }
      let sample = try generators.enumerated().map { stream, generator in
        Drawn(value: try generator.draw(trial, stream: stream), trial: trial)
      }
      drawn += sample.reduce(0) { $0 + $1.value.extent.size }
      let values = try evaluate(chain, sample)
      let group = generators.first?.group(of: trial) ?? 0
      for index in evidence.indices { try evidence[index].add(sample, values, group: group) }
    }
    let search = CounterexampleSearch(
      site: site, chain: chain, generators: generators, machine: machine,
      deadline: .now.advanced(by: Self.patience))
    let links = try evidence.map { try link($0, search) }
    try machine.context.poll()
    report(links, scope: generators.first?.scope ?? "")
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

  private func evaluate(_ chain: Value, _ sample: Sample) throws -> [Value] {
    guard case .list(let values) = try machine.call(chain, sample.map(\.value)) else { return [] }
    return values.values
  }

  private func link(
    _ evidence: LinkEvidence, _ search: CounterexampleSearch
  ) throws -> DerivationReport.Link {
    let finding = try evidence.finding()
    var words = finding.words
    var code = ""
    if !finding.misfits.isEmpty {
      let smallest = try search.smallest(finding.misfits, breaking: evidence)
      words = smallest.words ?? words
      code = smallest.code
    }
    let link = site.derivation.links[evidence.number]
    return DerivationReport.Link(
      relation: link.relation.rawValue, expression: site.expressions[evidence.number + 1],
      outcome: finding.holds ? .held : site.derivation.isRefutation ? .refuted : .failed,
      evidence: words, reason: link.reason, counterexample: code)
  }

  private func report(_ links: [DerivationReport.Link], scope: String) {
    let isRefutation = site.derivation.isRefutation
    let allHold = links.allSatisfy { if case .held = $0.outcome { true } else { false } }
    let passed = allHold != isRefutation
    if !passed { machine.context.failures += 1 }
    machine.context.output(
      .derivation(
        DerivationReport(
          title: site.derivation.title, isRefutation: isRefutation, scope: scope,
          first: site.expressions[0], links: links, passed: passed)))
  }
}
