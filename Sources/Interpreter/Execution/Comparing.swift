import Autodiff
import Syntax
import Tensors

/// Comparisons, truth, and the logical operators.
enum Comparing {
  static func compare(_ relation: Comparison, _ left: Value, _ right: Value) throws -> Value {
    if case .number(let a) = left, case .number(let b) = right,
      let truth = number(relation, a, b)
    {
      return .bool(truth)
    }
    switch relation {
    case .contained: return .bool(try contains(right, left))
    case .notContained: return .bool(!(try contains(right, left)))
    case .equal, .notEqual:
      if let a = left.numericTensor, let b = right.numericTensor {
        return .tensor(try relation == .equal ? .equal(a, b) : .notEqual(a, b))
      }
      return .bool(same(left, right) == (relation == .equal))
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .close: break
    }
    if case .text(let a) = left, case .text(let b) = right {
      return .bool(try order(relation, a.string, b.string))
    }
    guard let a = left.plainTensor, let b = right.plainTensor else {
      throw Failure("\(left.described) and \(right.described) have no order")
    }
    switch relation {
    case .less: return .tensor(try .less(a, b))
    case .lessOrEqual: return .tensor(try .lessOrEqual(a, b))
    case .greater: return .tensor(try .greater(a, b))
    case .greaterOrEqual: return .tensor(try .greaterOrEqual(a, b))
    default: return .tensor(try .isclose(a, b))
    }
  }

  private static func number(_ relation: Comparison, _ a: Double, _ b: Double) -> Bool? {
    switch relation {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .close, .contained, .notContained: nil
    }
  }

  private static func order(_ relation: Comparison, _ a: String, _ b: String) throws -> Bool {
    switch relation {
    case .less: return a < b
    case .lessOrEqual: return a <= b
    case .greater: return a > b
    case .greaterOrEqual: return a >= b
    default: throw Failure("≈ compares numbers", ["For strings write ==."])
    }
  }

  /// Equality of anything, as one truth: same kind, same structure, all parts equal.
  static func same(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.nothing, .nothing): return true
    case (.text(let a), .text(let b)): return a.string == b.string
    case (.record(let a), .record(let b)):
      return a.names == b.names && zip(a.values, b.values).allSatisfy { same($0, $1) }
    case (.function(let a), .function(let b)): return a === b
    case (.builtin(let a), .builtin(let b)): return a.name == b.name
    case (.object(let a), .object(let b)): return a === b
    default: break
    }
    if let a = left.plainTensor, let b = right.plainTensor {
      guard a.shape == b.shape, let equal = try? Tensor.equal(a, b) else { return false }
      return equal.elements.allSatisfy { $0 != 0 }
    }
    if case .list(let a) = left, case .list(let b) = right {
      return a.values.count == b.values.count
        && zip(a.values, b.values).allSatisfy { same($0, $1) }
    }
    return false
  }

  private static func contains(_ container: Value, _ element: Value) throws -> Bool {
    switch container {
    case .text(let text):
      guard case .text(let part) = element else {
        throw Failure("a string holds strings, not \(element.described)")
      }
      return part.string.isEmpty || text.string.contains(part.string)
    case .record(let record):
      guard case .text(let name) = element else {
        throw Failure("a record is asked for a field's name", ["Write \"x\" in r."])
      }
      return record[name.string] != nil
    case .list(let list): return list.values.contains { same($0, element) }
    default:
      guard let tensor = container.plainTensor, tensor.rank > 0 else {
        throw Failure(
          "in asks a list, tensor, range, string or record, not \(container.described)")
      }
      guard case .number(let number) = element.untraced else { return false }
      return tensor.contains(number)
    }
  }

  // MARK: - Truth

  /// The truth of a single value, or nil for a mask or tensor of several elements.
  static func scalarTruth(_ value: Value) throws -> Bool? {
    switch value {
    case .bool(let bool): return bool
    case .number(let number): return number != 0
    case .single(let single): return single != 0
    case .tensor, .traced, .range:
      guard let tensor = value.plainTensor else { return nil }
      return tensor.count == 1 ? tensor[position: 0] != 0 : nil
    default: throw notATruth(value)
    }
  }

  /// The truth of a bool or a number for `and`, `or` and `not`; nil for a mask or tensor, of one
  /// element too: there they go element by element and keep its shape.
  static func axislessTruth(_ value: Value) throws -> Bool? {
    guard let tensor = value.plainTensor else { return try scalarTruth(value) }
    return tensor.rank == 0 ? tensor[position: 0] != 0 : nil
  }

  static func truth(_ value: Value) throws -> Bool {
    guard let truth = try scalarTruth(value) else { throw notATruth(value) }
    return truth
  }

  private static func notATruth(_ value: Value) -> Failure {
    switch value {
    case .tensor, .traced, .range:
      Failure(
        "\(value.described) is neither true nor false",
        ["Ask any(…) or all(…) of its elements."])
    case .text, .list, .record:
      Failure(
        "\(value.described) is neither true nor false", ["Ask len(…) > 0."])
    case .nothing:
      Failure("none is neither true nor false", ["Ask x != none."])
    case .function, .builtin:
      Failure("a function is neither true nor false", ["Call it: f(x)."])
    default: Failure("\(value.described) is neither true nor false", ["Ask x != none."])
    }
  }

  static func logical(isAnd: Bool, _ left: Value, _ right: Value) throws -> Value {
    if let a = try axislessTruth(left), let b = try axislessTruth(right) {
      return .bool(isAnd ? a && b : a || b)
    }
    guard let a = left.plainTensor, let b = right.plainTensor else {
      throw notATruth(left.plainTensor == nil ? left : right)
    }
    return .tensor(try isAnd ? .and(a, b) : .or(a, b))
  }

  static func not(_ value: Value) throws -> Value {
    if let truth = try axislessTruth(value) { return .bool(!truth) }
    guard let tensor = value.plainTensor else { throw notATruth(value) }
    return .tensor(.not(tensor))
  }
}

extension Value {
  /// A number, bool, tensor or range as a tensor: what `==` compares element by element.
  fileprivate var numericTensor: Tensor? {
    switch self {
    case .number, .single, .bool, .tensor, .range, .traced: plainTensor
    default: nil
    }
  }
}
