public import Tensors

extension Tape {
  /// The gradients of `y` in each of `variables`, in one pass back over the tape.
  ///
  /// - Parameters:
  ///   - y: the result to be differentiated.
  ///   - seed: the cotangent of y, of y's shape; ones if nil.
  ///   - variables: variables of this tape.
  /// - Returns: one quantity, not on this tape, for every variable, of its shape and dtype; nil if y
  ///   does not depend on it.
  /// - Throws: what the operations of the way back throw, `tooLarge` above all;
  ///   `shapesDoNotBroadcast` for a seed of another shape than y's.
  public func gradients(
    of y: Quantity, seed: Quantity? = nil, wrt variables: [Quantity]
  ) throws(TensorError) -> [Quantity?] {
    if let seed, seed.shape != y.shape { throw .shapesDoNotBroadcast(seed.shape, y.shape) }
    guard let last = index(of: y) else { return variables.map { _ in nil } }
    var cotangents = Cotangents(entries[...last])
    let dtype = entries[last].dtype
    if let seed {
      let seed: Quantity = outside(seed).converted(to: dtype)
      try cotangents.add(seed, to: last)
    } else if entries[last].isNumber {
      cotangents.add(1.0, to: last)
    } else {
      let ones = Quantity.constant(try .ones(y.shape, dtype: dtype))
      try cotangents.add(ones, to: last)
    }
    let wanted = variables.map { index(of: $0) }
    for case .some(let index) in wanted where index <= last { cotangents.keep(index) }
    for index in stride(from: last, through: 0, by: -1) {
      // Pullbacks may record on this very tape, after `last`: entries are read one by one.
      let entry = entries[index]
      if entry.edgeCount < 0, let number = cotangents.number(at: index) {
        // What does not matter to the result does not matter however steep it is.
        let slopes = number == 0 ? (first: 0, second: 0) : entry.slopes
        if entry.first >= 0 { cotangents.add(number * slopes.first, to: entry.first) }
        if entry.second >= 0 { cotangents.add(number * slopes.second, to: entry.second) }
      } else if let cotangent = cotangents.take(index) {
        try carryBack(cotangent, of: entry, into: &cotangents)
      }
    }
    return wanted.map { index in index.flatMap { $0 <= last ? cotangents[$0] : nil } }
  }

  /// Carries the cotangent of an entry to its operands.
  private func carryBack(
    _ cotangent: Quantity, of entry: Entry, into cotangents: inout Cotangents
  ) throws(TensorError) {
    guard entry.edgeCount >= 0 else {
      if entry.first >= 0 {
        try cotangents.add(
          Quantity.multiply(cotangent, .scalar(entry.slopes.first)), to: entry.first)
      }
      if entry.second >= 0 {
        try cotangents.add(
          Quantity.multiply(cotangent, .scalar(entry.slopes.second)), to: entry.second)
      }
      return
    }
    for position in entry.first..<entry.first + Int(entry.edgeCount) {
      switch edges[position] {
      case .single(let operand, let pullback):
        try cotangents.add(outside(try pullback(cotangent)), to: operand)
      case .selection(let operand, let indices, let shape):
        try cotangents.scatter(cotangent, at: indices, shape: shape, to: operand)
      case .joint(let operands, let pullback):
        for case (.some(let operand), .some(let part)) in zip(operands, try pullback(cotangent)) {
          try cotangents.add(outside(part), to: operand)
        }
      }
    }
  }
}

/// The cotangents of a tape's entries while they are added up.
///
/// Those of plain numbers are plain numbers too, so that a program of numbers is differentiated
/// without a tensor; only where an outer tape follows a cotangent does it become a quantity.
private struct Cotangents {
  private let entries: ArraySlice<Tape.Entry>
  private var numbers: [Double]
  /// What is known of an entry: nothing, a number, a quantity.
  private var states: [State]
  private var quantities: [Quantity?] = []
  /// Entries whose cotangents are wanted at the end.
  private var kept: Set<Int> = []

  private enum State: UInt8 { case untouched, number, quantity }

  init(_ entries: ArraySlice<Tape.Entry>) {
    self.entries = entries
    numbers = Array(repeating: 0, count: entries.count)
    states = Array(repeating: .untouched, count: entries.count)
  }

  /// Keeps the cotangent of an entry when it is taken.
  mutating func keep(_ index: Int) { kept.insert(index) }

  /// The cotangent of an entry; nil if nothing came to it.
  subscript(index: Int) -> Quantity? {
    switch states[index] {
    case .untouched: nil
    case .number: .scalar(numbers[index])
    case .quantity: quantities[index]
    }
  }

  /// The cotangent of an entry if it is a plain number.
  @inline(__always)
  func number(at index: Int) -> Double? { states[index] == .number ? numbers[index] : nil }

  /// The cotangent of an entry, which is forgotten unless it is to be kept.
  mutating func take(_ index: Int) -> Quantity? {
    let cotangent = self[index]
    if states[index] == .quantity, !kept.contains(index) { quantities[index] = nil }
    return cotangent
  }

  /// Adds to the cotangent of a plain number.
  @inline(__always)
  mutating func add(_ part: Double, to index: Int) {
    switch states[index] {
    case .untouched:
      numbers[index] = part
      states[index] = .number
    case .number: numbers[index] += part
    case .quantity: addToQuantity(part, index)
    }
  }

  private mutating func addToQuantity(_ part: Double, _ index: Int) {
    // Numbers have one shape: nothing can fail.
    if let old = quantities[index] { quantities[index] = try? .add(old, .scalar(part)) }
  }

  /// Adds to the cotangent of an entry, in its dtype: in place, if nothing follows either.
  mutating func add(_ part: Quantity, to index: Int) throws(TensorError) {
    if entries[index].isNumber, let number = part.plainNumber { return add(number, to: index) }
    let dtype = entries[index].dtype
    let part = part.dtype == dtype ? part : part.converted(to: dtype)
    switch states[index] {
    case .untouched: put(part, at: index)
    case .number: put(try .add(.scalar(numbers[index]), part), at: index)
    case .quantity:
      guard let shape = quantities[index].constantShape, case .constant(let tensor) = part,
        tensor.shape == shape
      else {
        if let old = quantities[index] { quantities[index] = try .add(old, part) }
        return
      }
      // Taken out of its place, the tensor is the only owner of its elements and is not copied.
      guard case .constant(var total) = quantities[index].take() else { return }
      total.accumulate(tensor)
      quantities[index] = .constant(total)
    }
  }

  /// Adds the cotangent of a selection to that of the whole: in place, if nothing follows either,
  /// so that a loop over single elements does not touch all of them every time.
  mutating func scatter(
    _ part: Quantity, at indices: [Tensor.Index], shape: [Int], to index: Int
  ) throws(TensorError) {
    guard case .constant(let tensor) = part, states[index] == .quantity,
      quantities[index].constantShape == shape
    else {
      return try add(try part.scattered(at: indices, shape: shape), to: index)
    }
    guard case .constant(var total) = quantities[index].take() else { return }
    try total.scatterAdd(tensor, at: indices)
    quantities[index] = .constant(total)
  }

  private mutating func put(_ quantity: Quantity, at index: Int) {
    if quantities.isEmpty { quantities = Array(repeating: nil, count: entries.count) }
    quantities[index] = quantity
    states[index] = .quantity
  }
}

extension Quantity? {
  /// The shape of a constant; nil for nothing and for what a tape follows.
  fileprivate var constantShape: [Int]? {
    guard case .constant(let tensor) = self else { return nil }
    return tensor.shape
  }
}
