/// Reading and writing by NumPy's index rules: negative positions, clamped slices, masks and lists.
///
/// All throw `tooManyIndices`, `indexOutOfRange`, `zeroStep`, `maskShape`, `secondEllipsis`, and
/// `shapesDoNotBroadcast` for lists of positions that do not fit together.
extension Tensor {
  /// The selected elements, as a tensor of the shape the indices give.
  public func subscripted(_ indices: [Index]) throws(TensorError) -> Tensor {
    if let position = try flatPosition(indices) {
      return Tensor(self[position: position], dtype: dtype)
    }
    return try Selection(indices, of: shape).read(self)
  }

  /// The shape that `subscripted` gives for these indices.
  public static func subscriptedShape(
    _ shape: [Int], at indices: [Index]
  ) throws(TensorError) -> [Int] {
    try Selection(indices, of: shape).shape
  }

  /// Writes `value`, stretched to the selection's shape, in place, as elements of this dtype: rounded
  /// in float32, truth values in a mask.
  ///
  /// Of positions selected twice the last one counts.
  /// - Throws: `cannotAssign` if the value does not stretch to the selection.
  public mutating func assign(_ value: Tensor, at indices: [Index]) throws(TensorError) {
    if value.rank == 0, let position = try flatPosition(indices) {
      let number = value[position: 0]
      self[position: position] = dtype != .bool ? number : number != 0 ? 1 : 0
      return
    }
    let value = value.converted(to: dtype)
    let selection = try Selection(indices, of: shape)
    let source = try Tensor.fitted(value, to: selection.shape)
    switch takeStorage() {
    case .float64(var numbers):
      selection.write(source.elements, into: &numbers)
      storage = .float64(numbers)
    case .float32(var numbers):
      selection.write(source.singles, into: &numbers)
      storage = .float32(numbers)
    case .bool(var numbers):
      selection.write(source.elements, into: &numbers)
      storage = .bool(numbers)
    }
  }

  /// Adds `value`, stretched to the selection's shape, in place; positions selected twice get both.
  ///
  /// - Throws: `cannotAssign` if the value does not stretch to the selection.
  public mutating func scatterAdd(_ value: Tensor, at indices: [Index]) throws(TensorError) {
    if value.rank == 0, let position = try flatPosition(indices) {
      self[position: position] += value[position: 0]
      return
    }
    let selection = try Selection(indices, of: shape)
    let source = try Tensor.fitted(value, to: selection.shape)
    switch takeStorage() {
    case .float64(var numbers):
      selection.add(source.elements, to: &numbers)
      storage = .float64(numbers)
    case .float32(var numbers):
      selection.add(source.singles, to: &numbers)
      storage = .float32(numbers)
    case .bool(var numbers):
      selection.add(source.elements, to: &numbers)
      storage = .bool(numbers)
    }
  }

  /// Adds a tensor of the same shape in place.
  package mutating func accumulate(_ part: Tensor) {
    precondition(part.shape == shape, "what is added has another shape")
    switch takeStorage() {
    case .float64(var numbers):
      Elementwise.add(part.elements, to: &numbers)
      storage = .float64(numbers)
    case .float32(var numbers):
      Elementwise.add(part.singles, to: &numbers)
      storage = .float32(numbers)
    case .bool(var numbers):
      Elementwise.add(part.elements, to: &numbers)
      storage = .bool(numbers)
    }
  }

  /// A tensor of `shape`, zero but for `self` added at `indices`: the adjoint of `subscripted`.
  public func scattered(at indices: [Index], shape: [Int]) throws(TensorError) -> Tensor {
    var result = try Tensor.zeros(shape, dtype: dtype.arithmetic)
    try result.scatterAdd(self, at: indices)
    return result
  }

  /// The buffer position meant by one plain position per axis; nil for any other subscript.
  @inline(__always)
  private func flatPosition(_ indices: [Index]) throws(TensorError) -> Int? {
    guard indices.count == rank else { return nil }
    var result = 0
    for axis in indices.indices {
      guard case .at(let position) = indices[axis] else { return nil }
      let length = shape[axis]
      guard position >= -length, position < length else {
        throw .indexOutOfRange(index: position, axis: axis, length: length)
      }
      result = result * length + (position < 0 ? position + length : position)
    }
    return result
  }

  /// `value` stretched to `target`; as in NumPy, surplus leading axes of length 1 are dropped.
  private static func fitted(_ value: Tensor, to target: [Int]) throws(TensorError) -> Tensor {
    do {
      return try value.reshaped(to: assignedShape(value.shape, target: target))
        .broadcast(to: target)
    } catch {
      throw .cannotAssign(value: value.shape, target: target)
    }
  }

  /// `shape` without the leading ones that `target` has no axis for.
  package static func assignedShape(_ shape: [Int], target: [Int]) -> [Int] {
    let surplus = Swift.max(0, shape.count - target.count)
    guard shape.prefix(surplus).allSatisfy({ $0 == 1 }) else { return shape }
    return Array(shape.dropFirst(surplus))
  }
}
