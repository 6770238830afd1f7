import Autodiff
import Glibc
import Syntax
import Tensors

/// The arithmetic operators over values of every kind.
enum Arithmetic {
  /// `left op right`: numbers, tensors, quantities under differentiation, strings for `+` and `*`,
  /// and lists and records leaf by leaf.
  static func binary(
    _ operation: BinaryOperator, _ left: Value, _ right: Value,
    notice: (String) -> Void = { _ in }
  ) throws -> Value {
    if case .number(let a) = left, case .number(let b) = right {
      return .number(try number(operation, a, b))
    }
    if let text = try textual(operation, left, right) { return text }
    if operation != .matrixProduct, let structured = try leafwise(operation, left, right) {
      return structured
    }
    guard let a = left.quantity, let b = right.quantity else {
      if let losses = try LossArithmetic.binary(operation, left, right) { return losses }
      throw mismatch(operation, left, right)
    }
    if operation == .matrixProduct, a.rank == 0 || b.rank == 0 {
      throw Failure(
        "@ is the matrix product; one side here is a number", ["To multiply by it, write *."])
    }
    if operation != .matrixProduct { noteStretching(a.shape, b.shape, notice) }
    do {
      return Value(try quantity(operation, a, b))
    } catch {
      throw operation == .multiply ? productFailure(error) : error
    }
  }

  /// `*` of matrices that only `@` can multiply.
  private static func productFailure(_ error: TensorError) -> any Error {
    guard case .shapesDoNotBroadcast(let a, let b) = error, !a.isEmpty, b.count < 3,
      a.last == b.first
    else { return error }
    let failure = Wording.failure(error)
    return Failure(
      failure.message,
      ["* goes element by element. The matrix product is a @ b."] + failure.details)
  }

  /// The operation on plain tensors of equal rank, or on one and a number; nil for anything else,
  /// and where it fails: `binary` says why.
  ///
  /// This is what most operations in a loop are, done without looking for anything rarer.
  static func plain(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) -> Tensor? {
    switch (left, right) {
    case (.tensor(let a), .tensor(let b)):
      guard a.rank == b.rank else { return nil }
      guard operation == .matrixProduct else {
        return try? tensor(operation, a.tensor, b.tensor)
      }
      guard a.rank == 2 else { return nil }
      let (first, second) = (a.factor, b.factor)
      return try? .matmul(
        first.tensor, transposed: first.isTransposed, second.tensor,
        transposed: second.isTransposed)
    case (.tensor(let a), .number(let b)) where operation != .matrixProduct:
      return try? tensor(operation, a.tensor, Tensor(b))
    case (.number(let a), .tensor(let b)) where operation != .matrixProduct:
      return try? tensor(operation, Tensor(a), b.tensor)
    default: return nil
    }
  }

  /// The operation on numbers of which a tape follows one or both; nil for anything else.
  @inline(__always)
  static func followed(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) -> Variable? {
    guard let operation = operation.ofNumbers else { return nil }
    switch (left, right) {
    case (.traced(let a), .traced(let b)): return .combine(operation, a, b)
    case (.traced(let a), .number(let b)): return .combine(operation, a, b)
    case (.number(let a), .traced(let b)): return .combine(operation, a, b)
    default: return nil
    }
  }

  private static func tensor(
    _ operation: BinaryOperator, _ a: Tensor, _ b: Tensor
  ) throws(TensorError) -> Tensor {
    switch operation {
    case .add: try .add(a, b)
    case .subtract: try .subtract(a, b)
    case .multiply: try .multiply(a, b)
    case .divide: try .divide(a, b)
    case .power: try .power(a, b)
    case .matrixProduct: try .matmul(a, b)
    case .floorDivide: try .floorDivide(a, b)
    case .remainder: try .remainder(a, b)
    }
  }

  private static func number(
    _ operation: BinaryOperator, _ a: Double, _ b: Double
  ) throws -> Double {
    switch operation {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .power: return numberPower(a, b)
    case .floorDivide: return flooredQuotient(a, b)
    case .remainder: return flooredRemainder(a, b)
    case .matrixProduct:
      throw Failure(
        "@ is the matrix product; both sides here are numbers", ["To multiply, write *."])
    }
  }

  static func quantity(
    _ operation: BinaryOperator, _ a: Quantity, _ b: Quantity
  ) throws(TensorError) -> Quantity {
    switch operation {
    case .add: try .add(a, b)
    case .subtract: try .subtract(a, b)
    case .multiply: try .multiply(a, b)
    case .divide: try .divide(a, b)
    case .power: try .power(a, b)
    case .matrixProduct: try .matmul(a, b)
    case .floorDivide: .constant(try .floorDivide(a.tensor, b.tensor))
    case .remainder: try remainder(a, b)
    }
  }

  /// a − ⌊a/b⌋·b: the quotient is a constant between its steps, and the value that of the tensors.
  private static func remainder(
    _ a: Quantity, _ b: Quantity
  ) throws(TensorError) -> Quantity {
    let value = Quantity.constant(try .remainder(a.tensor, b.tensor))
    guard a.depth > 0 || b.depth > 0 else { return value }
    let quotient = Quantity.constant(try .floorDivide(a.tensor, b.tensor))
    return try value + (a - a.stopped) - quotient * (b - b.stopped)
  }

  private static func textual(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws -> Value? {
    guard left.isText || right.isText else { return nil }
    switch (left.untraced, right.untraced) {
    case (.text(let a), .text(let b)) where operation == .add:
      return .text(try Text.joined([a.string, b.string]))
    case (.text(let text), .number(let count)) where operation == .multiply,
      (.number(let count), .text(let text)) where operation == .multiply:
      guard count >= 0, count == count.rounded() else {
        throw Failure(
          "a string is repeated a whole number of times from 0, not \(Formatting.number(count))")
      }
      let length = count * Double(max(1, text.string.utf8.count))
      guard length <= Double(Text.longest) else { throw Text.tooLong }
      return .text(String(repeating: text.string, count: Int(count)))
    case (.text, _), (_, .text):
      guard operation == .add else { return nil }
      throw Failure(
        "a string and \(left.isText ? right.described : left.described) cannot be added",
        ["Put the value into the string: \"total {x}\"."])
    default: return nil
    }
  }

  /// Lists and records part by part: same structure, or a number or tensor on one side.
  private static func leafwise(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws -> Value? {
    switch (left, right) {
    case (.record(let a), .record(let b)):
      guard a.names == b.names else {
        throw Failure(
          "records with different fields cannot be combined",
          ["They have \(a.names.joined(separator: ", ")) and \(b.names.joined(separator: ", "))."])
      }
      let values = try zip(a.values, b.values).map { try binary(operation, $0, $1) }
      return .record(RecordBox(names: a.names, values: values))
    case (.record(let a), _):
      let values = try a.values.map { try binary(operation, $0, right) }
      return .record(RecordBox(names: a.names, values: values))
    case (_, .record(let b)):
      let values = try b.values.map { try binary(operation, left, $0) }
      return .record(RecordBox(names: b.names, values: values))
    case (.list(let a), .list(let b)) where left.quantity == nil || right.quantity == nil:
      guard a.values.count == b.values.count else {
        throw Failure(
          "lists of \(a.values.count) and \(b.values.count) values cannot be combined")
      }
      return .list(try zip(a.values, b.values).map { try binary(operation, $0, $1) })
    case (.list(let a), _) where left.quantity == nil && right.quantity?.rank == 0:
      return .list(try a.values.map { try binary(operation, $0, right) })
    case (_, .list(let b)) where right.quantity == nil && left.quantity?.rank == 0:
      return .list(try b.values.map { try binary(operation, left, $0) })
    default: return nil
    }
  }

  private static func mismatch(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) -> Failure {
    var details: [String] = []
    if left.isText, operation == .remainder {
      details.append("Put the value into the string: \"total {x:.2f}\".")
    } else if left.isText, right.isText {
      details.append(
        "Strings are joined by + and repeated by *; replace(a, b, \"\") takes a part out.")
    }
    for value in [left, right] {
      if case .list(let list) = value, let row = list.raggedRow {
        details.append("The list is not a matrix: \(row)")
      }
      if case .function = value { details.append("Call the function first: f(x).") }
      if case .builtin = value { details.append("Call the function first: f(x).") }
      if case .nothing = value { details.append("none is what a call without a value gives.") }
      if case .range(let range) = value, range.tensor == nil {
        details.append("Outside for, a range stands for its tensor; this one is too long for that.")
      }
    }
    return Failure(
      "\(left.described) \(operation.rawValue) \(right.described) has no meaning", details)
  }

  /// A vector against an n×1 matrix stretches to n×n, which is seldom meant.
  static func noteStretching(_ a: [Int], _ b: [Int], _ notice: (String) -> Void) {
    let (vector, column) = a.count == 1 ? (a, b) : (b, a)
    guard vector.count == 1, column.count == 2, column[1] == 1, column[0] == vector[0],
      vector[0] > 1
    else { return }
    notice(
      "a vector (\(vector[0])) and a column \(shapeText(column)) stretch to "
        + "\(vector[0])×\(vector[0]); for element by element, flatten the column")
  }

  static func negated(_ value: Value) throws -> Value {
    switch value {
    case .record, .list:
      if let quantity = value.quantity { return Value(quantity.negate()) }
      return try binary(.multiply, value, .number(-1))
    default:
      guard let quantity = value.quantity else {
        if let loss = LossArithmetic.loss(value) {
          return try LossArithmetic.scaled(loss, by: .number(-1))
        }
        throw Failure("\(value.described) has no negative")
      }
      return Value(quantity.negate())
    }
  }

  static func plus(_ value: Value) throws -> Value {
    guard value.quantity != nil else {
      if let loss = LossArithmetic.loss(value) { return .object(loss) }
      throw Failure("+ stands before numbers and tensors")
    }
    if case .bool(let bool) = value { return .number(bool ? 1 : 0) }
    return value
  }
}

extension Value {
  var isText: Bool { if case .text = self { true } else { false } }
}

extension ListBox {
  /// The first row that keeps the list from being a matrix, in words.
  var raggedRow: String? {
    guard let first = values.first?.plainTensor else { return nil }
    for (index, value) in values.enumerated() {
      guard let tensor = value.plainTensor else { return "row \(index) is \(value.described)." }
      if tensor.shape != first.shape {
        return "row \(index) has shape \(shapeText(tensor.shape)), row 0 \(shapeText(first.shape))."
      }
    }
    return nil
  }
}

extension BinaryOperator {
  /// The operation on numbers under differentiation; nil where it is made of others.
  @inline(__always)
  fileprivate var ofNumbers: NumberOperation? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .power: .power
    case .floorDivide, .remainder, .matrixProduct: nil
    }
  }
}
