import Cards
public import Tensors

/// Losses added up, each times a number: `2*triplet() + 0.1*center()`.
///
/// A single loss is a sum of one term with factor 1, and reads and computes as the loss itself.
public struct LossSum: Sendable, CustomStringConvertible {
  /// The losses with their factors, in the order they are written.
  public var terms: [Term]

  /// One loss of a sum.
  public struct Term: Sendable {
    /// What its value is multiplied by.
    public var factor: Double
    /// The loss.
    public var loss: any Loss
    /// Its class weights, proxies or centers, where they are given.
    public var weights: Tensor?
    /// Its class probabilities, where they are given.
    public var probs: Tensor?
    /// The pairs or triplets it sums over alone, where they are given.
    public var tuples: LossTuples?

    /// A loss times a factor.
    public init(
      _ loss: any Loss, times factor: Double = 1, weights: Tensor? = nil, probs: Tensor? = nil,
      tuples: LossTuples? = nil
    ) {
      self.loss = loss
      self.factor = factor
      self.weights = weights
      self.probs = probs
      self.tuples = tuples
    }

    /// What the loss computes, nothing hidden.
    var description: String {
      loss.description + (tuples.map { " · of \($0) given" } ?? "")
    }

    /// The definition, over tuples as an operand where they are given.
    fileprivate var definition: String {
      (tuples == nil ? nil : loss.tupleDefinition) ?? loss.definition
    }

    /// What the definition takes beside embeddings and labels.
    fileprivate var operands: [String] {
      let own = type(of: loss).operands
      return tuples == nil || loss.tupleDefinition == nil ? own : own + ["tuples"]
    }

    /// The word a user types for the loss.
    public var name: String { type(of: loss).card.name }

    /// The loss on a batch.
    func input(_ embeddings: Tensor, _ labels: [Int]) -> LossInput {
      LossInput(
        embeddings: embeddings, labels: labels, weights: weights, probs: probs, tuples: tuples)
    }
  }

  /// A sum of these terms.
  public init(_ terms: [Term]) { self.terms = terms }

  /// The loss, where the sum is nothing but one.
  public var single: Term? { terms.count == 1 && terms[0].factor == 1 ? terms[0] : nil }

  /// What is added to what: `2*triplet + 0.1*center`.
  public var name: String { single?.name ?? written { $0.name } }

  /// What the sum computes on one line, nothing hidden.
  public var description: String {
    single?.description ?? written { "[\($0.description)]" }
  }

  /// The same with a line for every term.
  public var lines: [String] {
    if let single { return [single.description] }
    return terms.enumerated().map { place, term in
      Self.sign(term.factor, isFirst: place == 0) + Self.times(term.factor) + term.description
    }
  }

  /// The formula of the sum, and below it those of its losses.
  public var formula: String {
    if let single { return type(of: single.loss).card.formula }
    let names = distinctNames
    let sum = written(names: names)
    return
      (["L = \(sum)"]
      + zip(names, terms).map { "\($0): \(type(of: $1.loss).card.formula)" }).joined(
        separator: "\n")
  }

  /// A name for every term; losses that occur more than once are numbered.
  public var distinctNames: [String] {
    let names = terms.map(\.name)
    var seen: [String: Int] = [:]
    return names.map { name in
      guard names.count(where: { $0 == name }) > 1 else { return name }
      seen[name, default: 0] += 1
      return "\(name)_\(seen[name] ?? 0)"
    }
  }

  /// The textbook definition, as source in the language: those of the losses, and how they are
  /// added up.
  public var definition: String {
    if let single { return single.definition }
    let names = distinctNames
    var operands: [String] = []
    var inner: [String] = []
    var calls: [String] = []
    for (name, term) in zip(names, terms) {
      let own = term.operands.map { (short: $0, long: "\(name)_\($0)") }
      operands += own.map { "\($0.long)=none" }
      let text = term.definition.replacing(
        "def \(term.name)(", with: "def \(name)(", maxReplacements: 1)
      inner += text.split(separator: "\n", omittingEmptySubsequences: false).map {
        $0.isEmpty ? "" : "    \($0)"
      }
      let arguments = ["z", "y"] + own.map { "\($0.short)=\($0.long)" }
      calls.append("\(name)(\(arguments.joined(separator: ", ")))")
    }
    let header = (["z", "y"] + operands).joined(separator: ", ")
    return
      "def loss(\(header)) {\n\(inner.joined(separator: "\n"))\n    \(written(names: calls))\n}"
  }

  /// The signed ∂L/∂S_ij, n×n, of embeddings; nil where one of the losses is not one of pairs.
  public func pairWeights(_ embeddings: Tensor, labels: [Int]) throws(LossError) -> Tensor? {
    try added { (term) throws(LossError) in
      try term.loss.pairWeights(term.input(embeddings, labels))
    }
  }

  /// The same at given similarities of unit rows, n×n.
  public func pairWeights(similarities: Tensor, labels: [Int]) throws(LossError) -> Tensor? {
    try added { (term) throws(LossError) in
      try term.loss.pairWeights(similarities: similarities, labels: labels)
    }
  }

  /// The value on a batch.
  public func value(_ embeddings: Tensor, labels: [Int]) throws(LossError) -> Double {
    var sum = 0.0
    for term in terms {
      sum += term.factor * (try term.loss.evaluate(term.input(embeddings, labels)).value)
    }
    return sum
  }

  /// Matrices of the terms, times their factors, added up.
  private func added(
    _ matrix: (Term) throws(LossError) -> Tensor?
  ) throws(LossError) -> Tensor? {
    var sum: Tensor?
    for term in terms {
      guard let part = try matrix(term) else { return nil }
      let before = sum?.elements
      sum = Tensor(
        shape: part.shape,
        elements: part.elements.enumerated().map {
          term.factor * $1 + (before?[$0] ?? 0)
        })
    }
    return sum
  }
}

// How a sum is written.
extension LossSum {
  private func written(_ name: (Term) -> String) -> String { written(names: terms.map(name)) }

  private func written(names: [String]) -> String {
    zip(names, terms).enumerated().map { place, term in
      Self.sign(term.1.factor, isFirst: place == 0, isInline: true) + Self.times(term.1.factor)
        + term.0
    }.joined()
  }

  private static func sign(_ factor: Double, isFirst: Bool, isInline: Bool = false) -> String {
    if isFirst { return factor < 0 ? "-" : "" }
    return (isInline ? " " : "") + (factor < 0 ? "- " : "+ ")
  }

  private static func times(_ factor: Double) -> String {
    factor.magnitude == 1 ? "" : "\(ParameterValue.number(factor.magnitude))*"
  }
}
