import Autodiff
import Tensors

/// Walks through what a `for` goes over: rows, elements, characters, fields.
final class Iterator: FieldObject, @unchecked Sendable {
  private enum Walk {
    case range(RangeBox)
    case vector(Tensor)
    case rows(Tensor)
    case traced(Quantity)
    case values([Value])
  }

  private let walk: Walk
  let count: Int
  private var position = 0

  override var typeName: String { "iterator" }

  /// - Throws: a `Failure` for a value that has nothing to go over.
  init(_ value: Value) throws {
    switch value {
    case .range(let range):
      walk = .range(range)
      count = range.count
    case .tensor(let box) where box.tensor.rank == 1:
      walk = .vector(box.tensor)
      count = box.tensor.count
    case .tensor(let box):
      walk = .rows(box.tensor)
      count = box.tensor.shape[0]
    case .traced(let variable) where !variable.primal.shape.isEmpty:
      walk = .traced(.variable(variable))
      count = variable.primal.shape[0]
    case .list(let list):
      walk = .values(list.values)
      count = list.values.count
    case .text(let text):
      walk = .values(text.characters.map { .text(String($0)) })
      count = text.characters.count
    case .record(let record):
      walk = .values(record.names.map { .text($0) })
      count = record.names.count
    case .object(let object):
      guard let parts = object.parts else { throw Self.nothing(value) }
      walk = .values(parts)
      count = parts.count
    default:
      if case .number(let number) = value.untraced, number == number.rounded(), number >= 0 {
        let text = Formatting.inline(value)
        throw Failure(
          "a number cannot be gone through", ["For 0, 1, … write for i in 0:\(text)."])
      }
      throw Self.nothing(value)
    }
  }

  private static func nothing(_ value: Value) -> Failure {
    Failure("\(value.described) cannot be gone through one by one")
  }

  func next() throws -> Value? {
    guard position < count else { return nil }
    let index = position
    position += 1
    switch walk {
    case .range(let range): return .number(range.element(index))
    case .vector(let tensor): return .element(index, of: tensor)
    case .rows(let tensor): return .tensor(try tensor.subscripted([.at(index)]))
    case .traced(let quantity): return Value(try quantity.subscripted([.at(index)]))
    case .values(let values): return values[index]
    }
  }
}

/// Taking values apart.
enum Iterating {
  /// Everything a value holds, in order.
  static func all(_ value: Value) throws -> [Value] {
    if case .list(let list) = value { return list.values }
    let iterator = try Iterator(value)
    guard iterator.count <= Tensor.largestCount else {
      throw TensorError.tooLarge(elements: Double(iterator.count))
    }
    var values: [Value] = []
    while let next = try iterator.next() { values.append(next) }
    return values
  }

  /// The `count` parts that names on the left of `=` get.
  static func parts(of value: Value, count: Int) throws -> [Value] {
    let found: Int
    switch value {
    case .record, .text, .number, .single, .bool, .nothing, .function, .builtin:
      throw Failure(
        "\(value.described) cannot be taken apart into \(count) names",
        ["A list, a tensor's rows or a dataset can."])
    default: found = try length(of: value)
    }
    guard found == count else {
      let have = found == 1 ? "is 1 value" : "are \(found) values"
      throw Failure("here \(have) for \(count) names", ["The right side is \(value.described)."])
    }
    return try all(value)
  }

  /// How many values `for` would go over.
  static func length(of value: Value) throws -> Int {
    switch value {
    case .text(let text): return text.characters.count
    case .list(let list): return list.values.count
    case .range(let range): return range.count
    case .record(let record): return record.names.count
    case .tensor(let box): return box.tensor.shape[0]
    case .traced(let variable) where !variable.primal.shape.isEmpty:
      return variable.primal.shape[0]
    case .object(let object):
      if let parts = object.parts { return parts.count }
      fallthrough
    default: throw Failure("\(value.described) has no length")
    }
  }
}
