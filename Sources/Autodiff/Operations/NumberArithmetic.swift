import Tensors

/// Arithmetic of two plain numbers of which a tape follows one or both.
package enum NumberOperation {
  case add
  case subtract
  case multiply
  case divide
  case power

  /// The result, and the slopes by which it follows `a` and `b`; where one is a constant, its slope
  /// is of no interest.
  @inline(__always)
  fileprivate func result(
    _ a: Double, _ b: Double, isConstant: (first: Bool, second: Bool)
  ) -> (value: Double, first: Double, second: Double) {
    switch self {
    case .add: return (a + b, 1, 1)
    case .subtract: return (a - b, 1, -1)
    case .multiply: return (a * b, b, a)
    case .divide: return (a / b, 1 / b, -(a / b) / b)
    case .power:
      if isConstant.second, b == 2 { return (a * a, 2 * a, 0) }
      let value = numberPower(a, b)
      return (
        value, isConstant.first ? 0 : Self.slope(ofBase: a, b),
        isConstant.second || a == 0 ? 0 : value * Portable.log(a)
      )
    }
  }

  /// `b·aᵇ⁻¹`, with 0 where b = 0, and where a = 0 and b < 1 is not negative.
  private static func slope(ofBase a: Double, _ b: Double) -> Double {
    b == 0 || (a == 0 && b > 0 && b < 1) ? 0 : b * Portable.power(a, b - 1)
  }
}

extension Tape {
  /// The operation on two plain numbers; nil if they are more than that.
  @inline(__always)
  func combine(_ operation: NumberOperation, _ a: Quantity, _ b: Quantity) -> Quantity? {
    guard let p = number(a), let q = number(b) else { return nil }
    return .variable(combine(operation, p, index(of: a) ?? -1, q, index(of: b) ?? -1))
  }

  /// The operation on numbers with their entries on this tape, −1 for a constant.
  @inline(__always)
  fileprivate func combine(
    _ operation: NumberOperation, _ p: Double, _ first: Int, _ q: Double, _ second: Int
  ) -> Variable {
    let result = operation.result(p, q, isConstant: (first < 0, second < 0))
    return record(
      result.value, from: first, slope: result.first, from: second, slope: result.second)
  }
}

extension Variable {
  /// The operation on plain numbers; nil where that is not all there is to it.
  package static func combine(
    _ operation: NumberOperation, _ a: Variable, _ b: Variable
  ) -> Variable? {
    guard let p = a.number, let q = b.number, a.tape === b.tape, !a.tape.isFinished else {
      return nil
    }
    return a.tape.combine(operation, p, a.index, q, b.index)
  }

  /// The operation with a constant on the right.
  package static func combine(
    _ operation: NumberOperation, _ a: Variable, _ q: Double
  ) -> Variable? {
    guard let p = a.number, !a.tape.isFinished else { return nil }
    return a.tape.combine(operation, p, a.index, q, -1)
  }

  /// The operation with a constant on the left.
  package static func combine(
    _ operation: NumberOperation, _ p: Double, _ b: Variable
  ) -> Variable? {
    guard let q = b.number, !b.tape.isFinished else { return nil }
    return b.tape.combine(operation, p, -1, q, b.index)
  }
}
