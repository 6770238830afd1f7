import Autodiff
import Tensors

/// The arguments of a builtin's call, in the order of its parameters, and ways to ask for them.
///
/// Each `throws` a `Failure` that names the parameter, what it should be, and what it was.
struct Call {
  private let binding: Binding
  private var values: ArgumentValues
  let machine: Machine

  /// A call with a value for every parameter.
  init(_ binding: Binding, _ values: ArgumentValues, _ machine: Machine) {
    self.binding = binding
    self.values = values
    self.machine = machine
  }

  var name: String { binding.builtin.name }
  var parameters: [Builtin.Parameter] { binding.builtin.parameters }
  /// Where each argument stands in the call as written, nil for one not given.
  var positions: [Int?] { binding.positions }
  /// Whether each argument was given by its name.
  var isNamed: [Bool] { binding.isNamed }
  var context: Context { machine.context }

  subscript(_ index: Int) -> Value { values[index] }

  /// The call with other values for its first parameters: a dataset taken apart.
  func replacing(_ first: [Value]) -> Call {
    var call = self
    for (index, value) in first.enumerated() { call.values[index] = value }
    return call
  }

  /// Whether the caller gave this argument.
  func isGiven(_ index: Int) -> Bool { positions[index] != nil }

  func isNone(_ index: Int) -> Bool { if case .nothing = values[index] { true } else { false } }

  /// An error that points at one argument.
  func failure(_ index: Int, _ message: String, _ details: [String] = []) -> Failure {
    Failure(message, details, at: positions[index].map { .argument($0) } ?? .whole)
  }

  /// What to tell of a tensor error, pointing at the argument it is about where its name says so.
  func failure(_ error: TensorError) -> Failure {
    let guilty: String? =
      switch error {
      case .axisOutOfRange, .cannotSqueeze: "axis"
      case .notAPermutation: "axes"
      case .cannotReshape, .negativeLength: "shape"
      default: nil
      }
    var failure = Wording.failure(error)
    if let index = parameters.firstIndex(where: { $0.name == guilty }), let place = positions[index]
    {
      failure.focus = .argument(place)
    }
    return failure
  }

  func wrong(_ index: Int, _ wanted: String) -> Failure {
    failure(
      index,
      "\(parameters[index].name) of \(name) is \(wanted), not \(values[index].described)")
  }

  /// Runs `body`; an error of the tensor library points at this argument.
  func at<T>(_ index: Int, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as TensorError {
      let failure = Wording.failure(error)
      throw self.failure(index, failure.message, failure.details)
    }
  }

  /// Whether a derivative follows an argument that is a number or tensor.
  var hasFollowedNumbers: Bool { values.containFollowed }

  /// A value whose derivative nobody computes must not pass for a constant.
  func refuseFollowed(
    _ index: Int, _ advice: [String] = ["stop_gradient(x) makes a constant of x."]
  ) throws {
    guard values[index].isFollowed else { return }
    throw failure(index, "\(name) cannot be differentiated", advice)
  }

  // MARK: - Numbers and tensors

  func quantity(_ index: Int) throws -> Quantity {
    if let quantity = values[index].quantity { return quantity }
    if case .list(let list) = values[index], let row = list.raggedRow {
      throw failure(
        index, "\(parameters[index].name) of \(name) is a tensor; this list is not one",
        ["It does not line up: \(row)"])
    }
    throw wrong(index, "a number or tensor")
  }

  func tensor(_ index: Int) throws -> Tensor { try quantity(index).tensor }

  func number(_ index: Int) throws -> Double {
    switch values[index].untraced {
    case .number(let number): return number
    case .bool(let bool): return bool ? 1 : 0
    case .tensor(let box) where box.tensor.count == 1: return box.tensor[position: 0]
    default: throw wrong(index, "a number")
    }
  }

  func whole(_ index: Int, from least: Int = Int.min) throws -> Int {
    let number = try number(index)
    guard number == number.rounded(), abs(number) < 9e15, Int(number) >= least else {
      let floor = least == Int.min ? "" : " of at least \(least)"
      throw failure(
        index,
        "\(parameters[index].name) of \(name) is a whole number\(floor), not \(Formatting.number(number))"
      )
    }
    return Int(number)
  }

  func optionalWhole(_ index: Int, from least: Int = Int.min) throws -> Int? {
    isNone(index) ? nil : try whole(index, from: least)
  }

  /// Whole numbers: widths, axes, counts.
  func wholes(_ index: Int, from least: Int = Int.min) throws -> [Int] {
    try tensor(index).elements.map { number in
      guard let whole = Int(exactly: number), whole >= least, abs(number) < 9e15 else {
        let floor = least == Int.min ? "" : " of at least \(least)"
        throw failure(
          index,
          "\(parameters[index].name) of \(name) is made of whole numbers\(floor), "
            + "not \(Formatting.number(number))")
      }
      return whole
    }
  }

  func bool(_ index: Int) throws -> Bool {
    switch values[index].untraced {
    case .bool(let bool): return bool
    case .number(let number) where number == 0 || number == 1: return number == 1
    default: throw wrong(index, "true or false")
    }
  }

  func text(_ index: Int) throws -> String {
    guard case .text(let text) = values[index] else { throw wrong(index, "a string") }
    return text.string
  }

  /// One of several words.
  func choice(_ index: Int, _ words: [String]) throws -> String {
    let word = try text(index)
    guard words.contains(word) else {
      let known = words.map { "\"\($0)\"" }.joined(separator: ", ")
      throw failure(
        index, "\(parameters[index].name) of \(name) cannot be \"\(word)\"",
        [words.count == 1 ? "It can be \(known)." : "It is one of \(known)."])
    }
    return word
  }

  func list(_ index: Int) throws -> [Value] {
    guard case .list(let list) = values[index] else {
      return try at(index) { try Iterating.all(values[index]) }
    }
    return list.values
  }

  /// Everything an argument holds: elements, rows, characters, names of fields.
  func elements(_ index: Int) throws -> [Value] {
    switch values[index].untraced {
    case .number, .bool, .nothing, .function, .builtin:
      throw wrong(index, "a list, tensor, range or string")
    default: return try at(index) { try Iterating.all(values[index]) }
    }
  }

  func texts(_ index: Int) throws -> [String] {
    try list(index).map { value in
      guard case .text(let text) = value else {
        throw failure(
          index, "\(parameters[index].name) of \(name) are strings, not \(value.described)",
          ["map(str, xs) writes every element."])
      }
      return text.string
    }
  }

  /// A matrix: n×d embeddings, for instance.
  func matrix(_ index: Int) throws -> Tensor {
    let tensor = try tensor(index)
    guard tensor.rank == 2 else {
      throw failure(
        index,
        "\(parameters[index].name) of \(name) is a matrix, not \(values[index].described)",
        tensor.rank == 1 ? ["reshape(x, [-1, 1]) makes a column of it."] : [])
    }
    return tensor
  }

  func matrixQuantity(_ index: Int) throws -> Quantity {
    _ = try matrix(index)
    return try quantity(index)
  }

  /// Class labels: whole numbers from 0, `rows` of them.
  func labels(_ index: Int, rows: Int? = nil) throws -> [Int] {
    let tensor = try tensor(index)
    guard tensor.rank == 1 else { throw wrong(index, "one label per row, a vector") }
    if let rows, rows != tensor.count {
      throw failure(
        index, "\(name) needs one label per row",
        ["There are \(counted(rows, "row")) and \(counted(tensor.count, "label"))."])
    }
    return try tensor.elements.enumerated().map { row, label in
      guard label == label.rounded(), label >= 0, label < 1e9 else {
        throw failure(
          index, "labels are whole numbers from 0", ["Entry \(row) is \(Formatting.number(label))."]
        )
      }
      return Int(label)
    }
  }

  /// A shape given as `f(2, 3)`, `f([2, 3])`, or a parameter of its own; -1 only where it is `open`.
  func shape(_ index: Int, open: Bool = false) throws -> [Int] {
    func lengths(_ value: Value) throws -> [Value] {
      if case .number = value.untraced { return [value] }
      return try Iterating.all(value)
    }
    var values = try lengths(values[index])
    if values.count == 1 { values = try lengths(values[0]) }
    return try values.map { value in
      guard case .number(let number) = value.untraced, number == number.rounded(),
        number >= (open ? -9e15 : 0), number < 9e15
      else {
        let floor = open ? "" : " from 0"
        throw failure(
          index, "a shape is made of whole numbers\(floor), not \(Formatting.inline(value))")
      }
      return Int(number)
    }
  }

  /// The generator a `seed=` argument asks for, else the session's; the session's moves on.
  func drawing<T>(seed index: Int, _ body: (inout Random) throws -> T) throws -> T {
    if isNone(index) { return try body(&context.random) }
    var random = Random(seed: try seed(index))
    return try body(&random)
  }

  func seed(_ index: Int) throws -> UInt64 {
    UInt64(try whole(index, from: 0))
  }

  // MARK: - Functions

  /// An argument that can be called.
  func function(_ index: Int) throws -> Value {
    switch values[index] {
    case .function, .builtin: break
    case .object(let object) where object.callable != nil: break
    default: throw wrong(index, "a function")
    }
    return values[index]
  }

  /// Calls a function the program gave.
  func invoke(_ index: Int, _ arguments: [Value]) throws -> Value {
    try machine.call(try function(index), arguments)
  }
}
