package import Autodiff
package import Tensors

/// Anything a variable can hold: 9 bytes, 16 in memory, and trivial to copy while it is a number.
///
/// Boxes are shared between copies and copied on the first change of a shared one, so that no alias
/// is ever visible. A session and its values live on one thread, which is what makes the promise of
/// `Sendable` true.
package enum Value: @unchecked Sendable {
  /// A register or variable that has no value yet; never seen by a program.
  case undefined
  /// The value `none`.
  case nothing
  case bool(Bool)
  case number(Double)
  /// A number in float32; to a program it is a number whose dtype is float32.
  case single(Float)
  case text(Text)
  case tensor(TensorBox)
  case range(RangeBox)
  case list(ListBox)
  case record(RecordBox)
  /// A number or tensor that is being differentiated.
  case traced(Variable)
  case function(Function)
  case builtin(BuiltinFunction)
  case object(FieldObject)
  /// A captured variable; lives in registers only.
  case cell(Cell)
}

/// A string, with its characters at hand once they were asked for.
package final class Text: @unchecked Sendable {
  package let string: String
  /// The characters a reader counts (grapheme clusters).
  private(set) lazy var characters = Array(string)

  package init(_ string: String) { self.string = string }

  /// The most bytes a string may have: doubling one in a loop must not take all memory.
  static let longest = 100_000_000

  static let tooLong = Failure("this string would be longer than 100 MB")

  /// Strings one after the other.
  ///
  /// - Throws: a `Failure` when that would be too long.
  static func joined(_ parts: [String], separator: String = "") throws -> String {
    let length = parts.reduce(0) { $0 + $1.utf8.count + separator.utf8.count }
    guard length <= longest + separator.utf8.count else { throw tooLong }
    return parts.joined(separator: separator)
  }
}

/// A half-open run of numbers that costs no memory.
package final class RangeBox {
  let start: Double
  let stop: Double
  let step: Double

  init(start: Double, stop: Double, step: Double) {
    self.start = start
    self.stop = stop
    self.step = step
  }

  /// How many numbers it holds.
  var count: Int {
    let steps = ((stop - start) / step).rounded(.up)
    return steps > 0 ? Int(min(steps, 9e15)) : 0
  }

  func element(_ index: Int) -> Double { start + step * Double(index) }
}

/// A list on the heap.
package final class ListBox {
  package private(set) var values: [Value]
  private(set) var extent: Extent

  package init(_ values: [Value]) {
    self.values = values
    extent = Extent(holding: values)
  }

  deinit { Dismantling.free(values) }

  func append(_ value: Value) {
    values.append(value)
    extent.add(value.extent)
  }

  /// Changes one element in place.
  func update(_ index: Int, _ body: (inout Value) throws -> Void) rethrows {
    let before = values[index].extent
    defer { extent.replace(before, by: values[index].extent) }
    try body(&values[index])
  }

  /// Gives its elements away, keeping none.
  func surrender() -> [Value] {
    defer { values = [] }
    return values
  }
}

/// Named fields in the order they were given.
package final class RecordBox {
  package private(set) var names: [String]
  package private(set) var values: [Value]
  private(set) var extent: Extent
  /// How it is shown by itself, where that is not the literal; forgotten once a field changes.
  private(set) var page: String?

  package convenience init(_ fields: [(String, Value)]) {
    self.init(names: fields.map(\.0), values: fields.map(\.1))
  }

  package init(names: [String], values: [Value], page: String? = nil) {
    self.names = names
    self.values = values
    self.page = page
    extent = Extent(holding: values)
  }

  deinit { Dismantling.free(values) }

  package subscript(name: String) -> Value? {
    names.firstIndex(of: name).map { values[$0] }
  }

  func set(_ name: String, to value: Value) {
    if let index = names.firstIndex(of: name) {
      update(index) { $0 = value }
    } else {
      page = nil
      names.append(name)
      values.append(value)
      extent.add(value.extent)
    }
  }

  /// Changes one field in place.
  func update(_ index: Int, _ body: (inout Value) throws -> Void) rethrows {
    page = nil
    let before = values[index].extent
    defer { extent.replace(before, by: values[index].extent) }
    try body(&values[index])
  }

  /// Gives its fields away, keeping none.
  func surrender() -> [Value] {
    defer { (names, values) = ([], []) }
    return values
  }
}

/// An object of the field: a dataset, a loss, a model, an optimizer, a plot.
///
/// Like every value it stays on its session's thread.
package class FieldObject: @unchecked Sendable {
  /// The word `type(x)` gives.
  var typeName: String { "object" }
  /// How it is shown on one line.
  var display: String { typeName }
  /// How it is shown by itself, where it may take several lines.
  var page: String { display }
  /// The names of its fields.
  var fieldNames: [String] { [] }
  /// The value of a field, or nil where there is none.
  func field(_ name: String) throws -> Value? { nil }
  /// What calling it does, if it can be called.
  var callable: BuiltinFunction? { nil }
  /// The values it unpacks into: `x, y = moons(200)`.
  var parts: [Value]? { nil }
}

extension Value {
  package static func tensor(_ tensor: consuming Tensor) -> Value {
    guard tensor.shape.isEmpty else { return .tensor(TensorBox(tensor)) }
    return element(0, of: tensor)
  }

  /// One element of a tensor, by its place in row-major order.
  static func element(_ position: Int, of tensor: Tensor) -> Value {
    let element = tensor[position: position]
    return switch tensor.dtype {
    case .float64: .number(element)
    case .float32: .single(Float(element))
    case .bool: .bool(element != 0)
    }
  }

  package static func text(_ string: String) -> Value { .text(Text(string)) }
  package static func list(_ values: [Value]) -> Value { .list(ListBox(values)) }
  package static func record(_ fields: [(String, Value)]) -> Value { .record(RecordBox(fields)) }
  package static func vector(_ numbers: [Double]) -> Value {
    .tensor(TensorBox(Tensor(shape: [numbers.count], elements: numbers)))
  }

  /// A quantity as a program sees it: a constant without axes is a number.
  package init(_ quantity: consuming Quantity) {
    switch consume quantity {
    case .constant(let tensor): self = .tensor(tensor)
    case .variable(let variable): self = .traced(variable)
    }
  }

  /// The word `type(x)` gives.
  package var typeName: String {
    switch self {
    case .undefined, .nothing: "none"
    case .bool: "bool"
    case .number, .single: "number"
    case .text: "string"
    case .tensor: "tensor"
    case .range: "range"
    case .list: "list"
    case .record: "record"
    case .traced(let variable): variable.primal.shape.isEmpty ? "number" : "tensor"
    case .function, .builtin: "function"
    case .object(let object): object.typeName
    case .cell(let cell): cell.value.typeName
    }
  }

  /// The type with its article, for messages.
  package var described: String {
    switch self {
    case .nothing, .undefined: return "none"
    case .tensor(let box): return "a tensor of shape \(shapeText(box.tensor.shape))"
    case .traced(let variable) where !variable.primal.shape.isEmpty:
      return "a tensor of shape \(shapeText(variable.primal.shape))"
    case .range(let range) where range.count > Tensor.largestCount:
      return "a range of \(Formatting.number(Double(range.count))) numbers"
    default:
      let name = typeName
      let isVowel = name.first.map { "aeiou".contains($0) } ?? false
      return (isVowel ? "an " : "a ") + name
    }
  }

  /// The value as a number or tensor that may be under differentiation; nil for anything else.
  package var quantity: Quantity? {
    switch self {
    case .number(let number): .constant(Tensor(number))
    case .single(let single): .constant(Tensor(shape: [], singles: [single]))
    case .bool(let bool): .constant(Tensor(shape: [], elements: [bool ? 1 : 0], dtype: .bool))
    case .tensor(let box): .constant(box.tensor)
    case .traced(let variable): .variable(variable)
    case .range(let range): range.tensor.map { .constant($0) }
    case .list(let list): Tensor.packed(list.values).map { .constant($0) }
    case .undefined, .nothing, .text, .record, .function, .builtin, .object, .cell: nil
    }
  }

  /// Whether a derivative under way follows any number in it.
  var isFollowed: Bool {
    switch self {
    case .traced(let variable): Quantity.variable(variable).depth > 0
    case .list(let list): list.values.contains(where: \.isFollowed)
    case .record(let record): record.values.contains(where: \.isFollowed)
    case .object(let object):
      (object as? ModelObject)?.parameters.values.contains(where: \.isFollowed)
        ?? (object as? LossObject)?.isFollowed ?? false
    case .undefined, .nothing, .bool, .number, .single, .text, .tensor, .range, .function, .builtin,
      .cell:
      false
    }
  }

  /// The value as a plain tensor; a differentiated one gives what it stands for.
  package var plainTensor: Tensor? { quantity?.tensor }

  /// A value as it is read: its tracing taken off, and a number in float32 as the number it is.
  var untraced: Value {
    switch self {
    case .traced(let variable): Value.tensor(variable.primal.tensor).untraced
    case .single(let single): .number(Double(single))
    default: self
    }
  }
}

extension RangeBox {
  /// The numbers as a vector, or nil where there are more than a tensor may have.
  var tensor: Tensor? {
    let count = self.count
    guard count <= Tensor.largestCount else { return nil }
    return Tensor.progression(from: start, step: step, count: count)
  }

  /// The numbers as a vector.
  ///
  /// - Throws: `tooLarge`.
  func vector() throws(TensorError) -> Tensor {
    guard let tensor else { throw .tooLarge(elements: Double(count)) }
    return tensor
  }
}

/// A shape as it is written: `8×2`, `(3)` for a vector, `number` for none.
func shapeText(_ shape: [Int]) -> String {
  switch shape.count {
  case 0: "number"
  case 1: "(\(shape[0]))"
  default: shape.map(String.init).joined(separator: "×")
  }
}
