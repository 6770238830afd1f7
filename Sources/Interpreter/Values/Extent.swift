import Tensors

/// How much a value holds: limits on it keep whatever walks through a value, freeing it included,
/// from running out of stack, time or memory.
struct Extent {
  /// Lists and records inside one another.
  var depth = 0
  /// Numbers, strings and other parts in all, counted as often as they are reached.
  var size = 1

  /// Lists and records may nest this deep, as brackets in a program may.
  static let deepest = 1000
  /// The most parts of one value: those of the largest tensor.
  static let largest = Tensor.largestCount

  static let tooLarge = Failure(
    "this value would be too large", ["The most is \(largest) numbers in all, 1 GB."])

  /// The extent of something that holds values of these extents.
  init(holding parts: some Sequence<Value>) {
    for part in parts { add(part.extent) }
  }

  init(size: Int) { self.size = size }

  /// Takes one more part in.
  mutating func add(_ part: Extent) {
    depth = max(depth, part.depth + 1)
    size = min(size + part.size, 2 * Self.largest)
  }

  /// Takes a part in for another one; the depth is then an upper bound.
  mutating func replace(_ old: Extent, by new: Extent) {
    size = max(1, size - old.size)
    add(new)
  }
}

extension Value {
  var extent: Extent {
    switch self {
    case .list(let list): list.extent
    case .record(let record): record.extent
    case .tensor(let box): Extent(size: box.count)
    case .undefined, .nothing, .bool, .number, .single, .text, .range, .traced, .function, .builtin,
      .object, .cell:
      Extent(size: 1)
    }
  }

  /// The value itself.
  ///
  /// - Throws: a `Failure` when it holds too much.
  func admitted() throws -> Value {
    let extent = extent
    guard extent.depth <= Extent.deepest else {
      throw Failure("this value would be nested more than \(Extent.deepest) levels deep")
    }
    guard extent.size <= Extent.largest else {
      throw Extent.tooLarge
    }
    return self
  }
}

/// Frees values that hold values one after the other: closures may hold one another in a chain of
/// any length, and freeing each inside the one before would take as much stack.
enum Dismantling {
  static func free(_ values: [Value]) {
    guard values.contains(where: \.holdsValues) else { return }
    var waiting = values
    while var value = waiting.popLast() {
      switch value {
      case .list(var list):
        value = .undefined
        if isKnownUniquelyReferenced(&list) { waiting += list.surrender() }
      case .record(var record):
        value = .undefined
        if isKnownUniquelyReferenced(&record) { waiting += record.surrender() }
      case .function(var function):
        value = .undefined
        if isKnownUniquelyReferenced(&function) { waiting += function.surrender() }
      case .cell(var cell):
        value = .undefined
        if isKnownUniquelyReferenced(&cell) { waiting += cell.surrender() }
      case .undefined, .nothing, .bool, .number, .single, .text, .tensor, .range, .traced, .builtin,
        .object:
        break
      }
    }
  }
}

extension Value {
  /// Whether other values may hang on it.
  var holdsValues: Bool {
    switch self {
    case .list, .record, .function, .cell: true
    case .undefined, .nothing, .bool, .number, .single, .text, .tensor, .range, .traced, .builtin,
      .object:
      false
    }
  }
}
