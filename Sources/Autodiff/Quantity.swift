public import Tensors

/// A tensor that may be followed by tapes: what every differentiable operation takes and gives.
///
/// A variable lives on one tape and wraps a quantity of the tapes outside it, down to a constant.
/// Each operation works on the innermost tape among its operands: there it records how the result
/// depends on them, and computes the result with the same operation on what they wrap. So the
/// derivative of a derivative needs no code of its own.
public enum Quantity: Sendable {
  /// A tensor no tape follows.
  case constant(Tensor)
  /// A tensor on a tape.
  case variable(Variable)
}

/// A quantity on a tape.
public final class Variable: Sendable {
  /// The tape that follows it.
  public let tape: Tape
  /// Its number on the tape.
  public let index: Int
  private let content: Content

  /// What is wrapped; most programs are full of plain numbers, which need no tensor.
  private enum Content: Sendable {
    case number(Double)
    case quantity(Quantity)
  }

  init(tape: Tape, index: Int, _ primal: Quantity) {
    self.tape = tape
    self.index = index
    content = primal.plainNumber.map { .number($0) } ?? .quantity(primal)
  }

  init(tape: Tape, index: Int, number: Double) {
    self.tape = tape
    self.index = index
    content = .number(number)
  }

  /// The quantity itself, without this tape.
  public var primal: Quantity {
    switch content {
    case .number(let number): .scalar(number)
    case .quantity(let quantity): quantity
    }
  }

  /// The quantity itself if it is a float64 number that no other tape follows.
  package var number: Double? {
    if case .number(let number) = content { number } else { nil }
  }
}

extension Quantity {
  /// A constant number.
  public static func scalar(_ number: Double) -> Quantity { .constant(Tensor(number)) }

  /// The tensor inside, without any tape.
  public var tensor: Tensor {
    if case .constant(let tensor) = self { return tensor }
    var quantity = self
    while case .variable(let variable) = quantity { quantity = variable.primal }
    guard case .constant(let tensor) = quantity else { return Tensor(.nan) }
    return tensor
  }

  /// The number, if it is one of float64 that no tape follows.
  @inline(__always)
  package var plainNumber: Double? {
    if case .constant(let tensor) = self { tensor.plainNumber } else { nil }
  }

  /// Whether it is a float64 number that at most one tape follows.
  private var isNumber: Bool {
    if case .variable(let variable) = self { variable.number != nil } else { false }
  }

  /// The length of every axis.
  public var shape: [Int] { isNumber ? [] : tensor.shape }

  /// What the elements are.
  public var dtype: DType { isNumber ? .float64 : tensor.dtype }

  /// How many axes there are.
  public var rank: Int { isNumber ? 0 : tensor.rank }

  /// How many elements there are.
  public var count: Int { isNumber ? 1 : tensor.count }

  /// How many tapes follow the quantity.
  public var depth: Int {
    var depth = 0
    var quantity = self
    while case .variable(let variable) = quantity {
      if !variable.tape.isFinished { depth += 1 }
      quantity = variable.primal
    }
    return depth
  }

  /// How many tapes follow any of `quantities`.
  public static func depth(of quantities: [Quantity]) -> Int {
    var tapes: Set<ObjectIdentifier> = []
    for var quantity in quantities {
      while case .variable(let variable) = quantity {
        if !variable.tape.isFinished { tapes.insert(ObjectIdentifier(variable.tape)) }
        quantity = variable.primal
      }
    }
    return tapes.count
  }

  /// The tensor inside as a constant: nothing that is computed from it depends on the quantity.
  public var stopped: Quantity { .constant(tensor) }
}

extension Quantity: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// A constant number.
  public init(floatLiteral value: Double) { self = .scalar(value) }

  /// A constant number.
  public init(integerLiteral value: Int) { self = .scalar(Double(value)) }
}
