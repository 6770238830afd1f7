import Autodiff
import Tensors

/// Reading and changing parts of values.
enum Indexing {
  typealias Operands = UnsafeMutablePointer<Value>

  /// `base[items]`; the items' values stand at `operands`.
  static func value(
    of base: Value, _ shapes: [IndexShape], _ operands: Operands
  ) throws -> Value {
    do {
      return try part(of: base, shapes, operands)
    } catch let error as TensorError {
      var failure = Wording.failure(error)
      // Where every item speaks about one axis, the item is the axis.
      if case .indexOutOfRange(_, let axis, _) = error, shapes.allSatisfy({ $0.registerCount > 0 })
      {
        failure.focus = .item(axis)
      }
      throw failure
    }
  }

  private static func part(
    of base: Value, _ shapes: [IndexShape], _ operands: Operands
  ) throws -> Value {
    switch base {
    case .tensor(let box):
      if shapes.count == 1, case .value = shapes[0], case .number(let number) = operands[0],
        box.tensor.rank == 1, box.tensor.dtype == .float64
      {
        let position = try position(number, length: box.tensor.count)
        return .number(box.tensor[position: position])
      }
      return .tensor(try box.tensor.subscripted(try indices(shapes, operands)))
    case .traced(let variable):
      return Value(try Quantity.variable(variable).subscripted(try indices(shapes, operands)))
    case .range(let range):
      return .tensor(try range.vector().subscripted(try indices(shapes, operands)))
    case .list(let list):
      return try part(of: list, shapes, operands)
    case .text(let text):
      let chosen = try positions(shapes, operands, length: text.characters.count, in: "a string")
      return .text(String(chosen.map { text.characters[$0] }))
    case .record(let record):
      let name = try fieldName(shapes, operands)
      guard let value = record[name] else { throw Fields.unknown(name, of: "record", record.names) }
      return value
    case .object(let object):
      if let indexed = object as? any IndexedObject, shapes.count == 1, case .value = shapes[0] {
        return try indexed.value(at: operands[0])
      }
      throw Failure("\(base.described) cannot be indexed")
    case .function, .builtin:
      throw Failure("\(base.described) cannot be indexed", ["To call it, write parentheses: f(x)."])
    default: throw Failure("\(base.described) cannot be indexed")
    }
  }

  private static func part(
    of list: ListBox, _ shapes: [IndexShape], _ operands: Operands
  ) throws -> Value {
    if shapes.count == 1, case .value = shapes[0], case .number(let number) = operands[0].untraced {
      return list.values[try position(number, length: list.values.count)]
    }
    if shapes.count > 1, let tensor = Tensor.packed(list.values) {
      return .tensor(try tensor.subscripted(try indices(shapes, operands)))
    }
    guard shapes.count == 1 else {
      let why = list.raggedRow.map { ["It is not a matrix: \($0)"] } ?? []
      throw Failure("a list has one index, not \(shapes.count)", why)
    }
    let chosen = try positions(shapes, operands, length: list.values.count, in: "a list")
    return .list(chosen.map { list.values[$0] })
  }

  // MARK: - Changing

  /// Changes the part of `root` that `steps` lead to, in place where nobody else holds it.
  static func assign(
    _ value: Value, into root: inout Value, _ steps: ArraySlice<PathStep>, _ operands: Operands
  ) throws {
    guard let step = steps.first else {
      root = value
      return
    }
    let rest = steps.dropFirst()
    switch step {
    case .field(let name):
      guard case .record(var record) = root else {
        throw Failure("\(root.described) has no fields that can be set", ["A record has."])
      }
      root = .undefined
      defer { root = .record(record) }
      if !isKnownUniquelyReferenced(&record) {
        record = RecordBox(names: record.names, values: record.values)
      }
      try assignField(value, name, of: record, rest, operands)
    case .index(let shapes):
      let next = operands + step.registerCount
      try assignElement(value, into: &root, shapes, operands, rest, next)
    }
  }

  private static func assignField(
    _ value: Value, _ name: String, of record: RecordBox, _ rest: ArraySlice<PathStep>,
    _ operands: Operands
  ) throws {
    if rest.isEmpty {
      record.set(name, to: value)
      return
    }
    guard let index = record.names.firstIndex(of: name) else {
      throw Fields.unknown(name, of: "record", record.names)
    }
    try record.update(index) { try assign(value, into: &$0, rest, operands) }
  }

  private static func assignElement(
    _ value: Value, into root: inout Value, _ shapes: [IndexShape], _ operands: Operands,
    _ rest: ArraySlice<PathStep>, _ next: Operands
  ) throws {
    switch root {
    case .tensor(var box):
      guard rest.isEmpty else {
        try assignThrough(value, into: &root, shapes, operands, rest, next)
        return
      }
      if case .traced(let variable) = value {
        let isMask = box.tensor.dtype == .bool
        let target =
          isMask ? box.tensor.converted(to: variable.primal.dtype.arithmetic) : box.tensor
        root = try assigned(value, into: .constant(target), shapes, operands)
        return
      }
      root = .undefined
      defer { root = .tensor(box) }
      guard let new = value.plainTensor else {
        throw Failure("a tensor holds numbers, not \(value.described)")
      }
      let places = try indices(shapes, operands)
      if !isKnownUniquelyReferenced(&box) { box = TensorBox(box.tensor) }
      if box.tensor.dtype == .bool, new.dtype != .bool {
        box.tensor = box.tensor.converted(to: new.dtype)
      }
      try box.tensor.assign(new, at: places)
    case .traced(let variable):
      guard rest.isEmpty else {
        try assignThrough(value, into: &root, shapes, operands, rest, next)
        return
      }
      root = try assigned(value, into: .variable(variable), shapes, operands)
    case .range(let range):
      root = .tensor(TensorBox(try range.vector()))
      try assignElement(value, into: &root, shapes, operands, rest, next)
    case .list(var list):
      guard shapes.count == 1, case .value = shapes[0],
        case .number(let number) = operands[0].untraced
      else {
        throw Failure("a list is changed one element at a time", ["Write xs[2] = …"])
      }
      root = .undefined
      defer { root = .list(list) }
      let position = try position(number, length: list.values.count)
      if !isKnownUniquelyReferenced(&list) { list = ListBox(list.values) }
      try list.update(position) { try assign(value, into: &$0, rest, next) }
    case .record:
      let name = try fieldName(shapes, operands)
      try assign(value, into: &root, [.field(name)] + rest, next)
    case .text:
      throw Failure("a string's characters cannot be changed", ["Build a new string."])
    default: throw Failure("\(root.described) has no elements that can be set")
    }
  }

  /// `z[i][j] = value`: the part is taken out, changed and put back.
  private static func assignThrough(
    _ value: Value, into root: inout Value, _ shapes: [IndexShape], _ operands: Operands,
    _ rest: ArraySlice<PathStep>, _ next: Operands
  ) throws {
    var part = try part(of: root, shapes, operands)
    try assign(value, into: &part, rest, next)
    try assignElement(part, into: &root, shapes, operands, [], next)
  }

  private static func assigned(
    _ value: Value, into target: Quantity, _ shapes: [IndexShape], _ operands: Operands
  ) throws -> Value {
    guard let new = value.quantity else {
      throw Failure("a tensor holds numbers, not \(value.described)")
    }
    return Value(try target.assigned(new, at: try indices(shapes, operands)))
  }

  // MARK: - Index values

  /// The items as the tensor library wants them.
  static func indices(
    _ shapes: [IndexShape], _ operands: Operands
  ) throws -> [Tensor.Index] {
    var indices: [Tensor.Index] = []
    var operand = operands
    for (number, shape) in shapes.enumerated() {
      switch shape {
      case .ellipsis: indices.append(.ellipsis)
      case .value:
        do {
          indices.append(try index(operand[0]))
        } catch var failure as Failure {
          failure.focus = .item(number)
          throw failure
        }
      case .slice(let hasStart, let hasStop, let hasStep):
        var parts = operand
        func bound(_ isGiven: Bool) throws -> Int? {
          guard isGiven else { return nil }
          defer { parts += 1 }
          if case .nothing = parts[0] { return nil }
          return try whole(parts[0], "a slice's end")
        }
        let start = try bound(hasStart)
        let stop = try bound(hasStop)
        indices.append(.slice(start: start, stop: stop, step: try bound(hasStep)))
      }
      operand += shape.registerCount
    }
    return indices
  }

  private static func index(_ value: Value) throws -> Tensor.Index {
    switch value {
    case .number, .single, .traced:
      if let tensor = value.plainTensor, tensor.rank > 0 { return try gather(tensor) }
      return .at(try whole(value, "an index"))
    case .nothing: return .newAxis
    case .bool(let bool):
      return .mask(Tensor(shape: [], elements: [bool ? 1 : 0], dtype: .bool))
    case .range(let range):
      return try gather(try range.vector())
    case .tensor(let box):
      return box.tensor.dtype == .bool ? .mask(box.tensor) : try gather(box.tensor)
    case .list:
      guard let tensor = value.plainTensor else { fallthrough }
      return tensor.dtype == .bool && tensor.count > 0 ? .mask(tensor) : try gather(tensor)
    default:
      throw Failure(
        "\(value.described) cannot be an index",
        ["An index is a whole number, a slice, a mask or a tensor of whole numbers."])
    }
  }

  private static func gather(_ tensor: Tensor) throws -> Tensor.Index {
    let positions = try tensor.elements.map { try whole(.number($0), "an index") }
    return .gather(positions, shape: tensor.shape)
  }

  private static func whole(_ value: Value, _ what: String) throws -> Int {
    guard case .number(let number) = value.untraced else {
      throw Failure("\(what) is a whole number, not \(value.described)")
    }
    guard number == number.rounded(), abs(number) < 9e15 else {
      throw Failure(
        "\(what) is a whole number, not \(Formatting.inline(value))",
        ["round(x), floor(x) or x // 1 make one."])
    }
    return Int(number)
  }

  private static func position(_ number: Double, length: Int) throws -> Int {
    let index: Int
    do {
      index = try whole(.number(number), "an index")
    } catch var failure as Failure {
      failure.focus = .item(0)
      throw failure
    }
    let position = index < 0 ? index + length : index
    guard position >= 0, position < length else {
      throw TensorError.indexOutOfRange(index: index, axis: 0, length: length)
    }
    return position
  }

  /// The positions that one index chooses from something with one axis.
  private static func positions(
    _ shapes: [IndexShape], _ operands: Operands, length: Int, in what: String
  ) throws -> [Int] {
    guard shapes.count == 1 else { throw Failure("\(what) has one index, not \(shapes.count)") }
    let all = Tensor(shape: [length], elements: (0..<length).map(Double.init))
    let chosen = try all.subscripted(try indices(shapes, operands))
    guard chosen.rank < 2 else { throw Failure("\(what) has one axis, and cannot get another") }
    return chosen.elements.map { Int($0) }
  }

  private static func fieldName(_ shapes: [IndexShape], _ operands: Operands) throws -> String {
    guard shapes.count == 1, case .value = shapes[0], case .text(let name) = operands[0] else {
      throw Failure("a record is asked for a field's name", ["Write r.x or r[\"x\"]."])
    }
    return name.string
  }
}

/// An object that can be asked for parts by number.
protocol IndexedObject: FieldObject {
  func value(at index: Value) throws -> Value
}
