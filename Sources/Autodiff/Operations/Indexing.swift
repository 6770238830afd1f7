public import Tensors

/// Reading and writing by index; a write gives a new quantity, so that its past stays as it was.
///
/// All throw what `Tensor.subscripted` and `Tensor.assign` throw.
extension Quantity {
  /// The selected elements, as a tensor of the shape the indices give.
  public func subscripted(_ indices: [Tensor.Index]) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.subscripted(indices))
    }
    let x = tape.outside(self)
    let y = try x.subscripted(indices)
    return tape.record(y, selected: indices, from: self, shape: x.shape)
  }

  /// The elements in ascending order along `axis`, nan last; without an axis, of the flattened tensor.
  public func sorted(axis: Int? = -1) throws(TensorError) -> Quantity {
    guard Tape.innermost(self) != nil else { return .constant(try tensor.sorted(axis: axis)) }
    let positions = try tensor.sortingPositions(axis: axis)
    let result = axis == nil ? [count] : shape
    return try flattened().subscripted([.gather(positions, shape: [count])]).reshaped(to: result)
  }

  /// A tensor of `shape`, zero but for the elements added at `indices`; what is hit twice gets both.
  public func scattered(
    at indices: [Tensor.Index], shape: [Int]
  ) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.scattered(at: indices, shape: shape))
    }
    let x = tape.outside(self)
    let original = x.shape
    return tape.record(try x.scattered(at: indices, shape: shape), from: self) {
      g throws(TensorError) in
      let read = try g.subscripted(indices)
      let aligned = Tensor.assignedShape(original, target: read.shape)
      return try read.sum(to: aligned).reshaped(to: original)
    }
  }

  /// The quantity with `value`, stretched to the selection, in the place of the selected elements.
  ///
  /// Of positions selected twice the last one counts, for the derivative too.
  public func assigned(
    _ value: Quantity, at indices: [Tensor.Index]
  ) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self, value) else {
      var result = tensor
      try result.assign(value.tensor, at: indices)
      return .constant(result)
    }
    let (x, v) = (tape.outside(self), tape.outside(value))
    let y = try x.assigned(v, at: indices)
    let (shape, original) = (x.shape, v.shape)
    return tape.record(
      y,
      from: self, { g throws(TensorError) in try g.assigned(0, at: indices) },
      from: value,
      { g throws(TensorError) in
        var read = try g.subscripted(indices)
        if let winners = try Quantity.winners(at: indices, shape: shape) {
          read = try read * .constant(winners)
        }
        let aligned = Tensor.assignedShape(original, target: read.shape)
        return try read.sum(to: aligned).reshaped(to: original)
      })
  }

  /// 1 for every selected position whose assignment lasts, 0 where a later one overwrites it.
  ///
  /// - Returns: nil if no list of positions is present, so that nothing is written twice.
  private static func winners(
    at indices: [Tensor.Index], shape: [Int]
  ) throws(TensorError) -> Tensor? {
    guard indices.contains(where: \.isAdvanced) else { return nil }
    let selected = try Tensor.subscriptedShape(shape, at: indices)
    let numbers = try Tensor.arange(Double(selected.reduce(1, *))).reshaped(to: selected)
    var board = try Tensor.zeros(shape)
    try board.assign(numbers, at: indices)
    return try Tensor.equal(board.subscripted(indices), numbers)
  }
}
