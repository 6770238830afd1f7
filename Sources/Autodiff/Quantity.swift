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
  /// The quantity itself, without this tape.
  public let primal: Quantity

  init(tape: Tape, index: Int, primal: Quantity) {
    self.tape = tape
    self.index = index
    self.primal = primal
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

  /// The length of every axis.
  public var shape: [Int] {
    if case .constant(let tensor) = self { return tensor.shape }
    return tensor.shape
  }

  /// What the elements are.
  public var dtype: DType {
    switch self {
    case .constant(let tensor): tensor.dtype
    case .variable: tensor.dtype
    }
  }

  /// How many axes there are.
  public var rank: Int {
    if case .constant(let tensor) = self { return tensor.rank }
    return tensor.rank
  }

  /// How many elements there are.
  public var count: Int {
    if case .constant(let tensor) = self { return tensor.count }
    return tensor.count
  }

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

  /// The tensor inside as a constant: nothing that is computed from it depends on the quantity.
  public var stopped: Quantity { .constant(tensor) }
}

extension Quantity: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// A constant number.
  public init(floatLiteral value: Double) { self = .scalar(value) }

  /// A constant number.
  public init(integerLiteral value: Int) { self = .scalar(Double(value)) }
}
