import Tensors

/// Samples a program lists.
final class ListedGenerator: Generator, @unchecked Sendable {
  private let samples: [Value]

  init(_ samples: [Value]) {
    self.samples = samples
    super.init(trials: samples.count)
  }

  override func draw(_ trial: Int, stream: Int) throws -> Value {
    guard !samples.isEmpty else { throw Failure("there is nothing to draw from") }
    return samples[trial % samples.count]
  }

  /// The entries from the simplest on: smaller ones before larger, then earlier before later.
  private lazy var order = samples.indices.sorted {
    (samples[$0].extent.size, $0) < (samples[$1].extent.size, $1)
  }

  override var passCount: Int { 1 }

  override func simplification(of drawn: Drawn, pass: Int, step: Int) throws -> Simplification {
    guard step < order.count, order[step] != drawn.trial % samples.count else { return .end }
    return .simpler(Drawn(value: samples[order[step]], trial: order[step]))
  }

  override func code(for drawn: Drawn, from text: String) -> String? {
    PastedCode.literal(drawn.value) ?? "(\(text))[\(drawn.trial % samples.count)]"
  }
}

/// Samples a function of the program makes from the trial's number.
final class FunctionGenerator: Generator, @unchecked Sendable {
  private let function: Value
  private unowned let machine: Machine

  /// Code longer than this is told as the call that makes it.
  private static let longestLiteral = 200

  init(_ function: Value, machine: Machine) {
    self.function = function
    self.machine = machine
    super.init(trials: 200)
  }

  override func draw(_ trial: Int, stream: Int) throws -> Value {
    try machine.call(function, [.number(Double(trial))])
  }

  override var passCount: Int { 1 }

  /// Earlier trials, the first one first.
  override func simplification(of drawn: Drawn, pass: Int, step: Int) throws -> Simplification {
    guard step < drawn.trial else { return .end }
    return .simpler(Drawn(value: try draw(step, stream: 0), trial: step))
  }

  override func code(for drawn: Drawn, from text: String) -> String? {
    let literal = PastedCode.literal(drawn.value)
    if let literal, literal.utf8.count <= Self.longestLiteral { return literal }
    let isName = text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    let call = "\(isName ? text : "(\(text))")(\(drawn.trial))"
    guard let literal else { return call }
    // A function that draws from the session's dice gives something else every time.
    let again = (try? draw(drawn.trial, stream: 0)).flatMap(PastedCode.literal)
    return again == literal ? call : literal
  }
}
