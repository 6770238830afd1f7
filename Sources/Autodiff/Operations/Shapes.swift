public import Tensors

/// The same elements in another arrangement or dtype.
extension Quantity {
  /// The elements in another dtype; the derivative goes back in the old one, and none through a mask.
  public func converted(to dtype: DType) -> Quantity {
    if self.dtype == dtype { return self }
    guard dtype != .bool, let tape = Tape.innermost(self) else {
      return .constant(tensor.converted(to: dtype))
    }
    return tape.record(tape.outside(self).converted(to: dtype), from: self) { g in g }
  }

  /// The elements in order under another shape, one length of which may be −1: what remains.
  ///
  /// - Throws: `cannotReshape` if the counts differ or −1 is not determined.
  public func reshaped(to shape: [Int]) throws(TensorError) -> Quantity {
    let original = self.shape
    if original == shape { return self }
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.reshaped(to: shape))
    }
    return tape.record(try tape.outside(self).reshaped(to: shape), from: self) {
      g throws(TensorError) in try g.reshaped(to: original)
    }
  }

  /// The elements as a vector.
  public func flattened() throws(TensorError) -> Quantity { try reshaped(to: [count]) }

  /// The tensor with its axes in reverse order: of a matrix, the transpose.
  public func transposed() -> Quantity {
    guard let tape = Tape.innermost(self) else { return .constant(tensor.transposed()) }
    return tape.record(tape.outside(self).transposed(), from: self) { g in g.transposed() }
  }

  /// The tensor whose axis i is this one's axis `axes[i]`.
  ///
  /// - Throws: `notAPermutation`, `axisOutOfRange`.
  public func permuted(_ axes: [Int]) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else { return .constant(try tensor.permuted(axes)) }
    let y = try tape.outside(self).permuted(axes)
    var inverse = axes
    for (i, axis) in axes.enumerated() { inverse[try Shape.axis(axis, rank: axes.count)] = i }
    return tape.record(y, from: self) { [inverse] g throws(TensorError) in
      try g.permuted(inverse)
    }
  }

  /// The tensor stretched to `shape`.
  ///
  /// - Throws: `shapesDoNotBroadcast` unless every axis has the wanted length or length 1.
  public func broadcast(to shape: [Int]) throws(TensorError) -> Quantity {
    let original = self.shape
    if original == shape { return self }
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.broadcast(to: shape))
    }
    return tape.record(try tape.outside(self).broadcast(to: shape), from: self) {
      g throws(TensorError) in try g.sum(to: original)
    }
  }

  /// The tensor without `axis`, which must have length 1; without an axis, without all such.
  ///
  /// - Throws: `cannotSqueeze`, `axisOutOfRange`.
  public func squeezed(axis: Int? = nil) throws(TensorError) -> Quantity {
    try reshaped(to: try tensor.squeezed(axis: axis).shape)
  }

  /// The tensor with a new axis of length 1, which becomes axis number `axis`.
  public func expanded(axis: Int) throws(TensorError) -> Quantity {
    try reshaped(to: try Tensor.expandedShape(shape, axis: axis))
  }

  /// The tensor laid side by side `counts[i]` times along axis i, aligned at the last axis.
  ///
  /// - Throws: `negativeLength`, `tooLarge`.
  public func tiled(_ counts: [Int]) throws(TensorError) -> Quantity {
    let plan = try Tensor.tiling(shape, counts)
    return try reshaped(to: plan.apart).broadcast(to: plan.stretched).reshaped(to: plan.result)
  }

  /// Every element `count` times in a row along `axis`; without one, of the flattened tensor.
  ///
  /// - Throws: `negativeLength`, `axisOutOfRange`, `tooLarge`.
  public func repeated(_ count: Int, axis: Int? = nil) throws(TensorError) -> Quantity {
    let plan = try Tensor.repetition(shape, count, axis: axis)
    return try reshaped(to: plan.apart).broadcast(to: plan.stretched).reshaped(to: plan.result)
  }

  /// The tensors one after another along `axis`; they may differ in that length only.
  ///
  /// - Throws: `cannotJoin`, `axisOutOfRange`, `failure` for an empty list.
  public static func concat(_ parts: [Quantity], axis: Int = 0) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(parts) else {
      return .constant(try Tensor.concat(parts.map(\.tensor), axis: axis))
    }
    let y = try concat(parts.map { tape.outside($0) }, axis: axis)
    let position = try Shape.axis(axis, rank: y.rank)
    let before = Array(repeating: Tensor.Index.all, count: position)
    var start = 0
    var operands: [(Quantity, Pullback)] = []
    for part in parts {
      let stop = start + part.shape[position]
      let slice = before + [Tensor.Index.slice(start: start, stop: stop, step: 1)]
      operands.append((part, { g throws(TensorError) in try g.subscripted(slice) }))
      start = stop
    }
    return tape.record(y, from: operands)
  }

  /// The tensors, all of one shape, along a new axis.
  ///
  /// - Throws: `cannotJoin`, `axisOutOfRange`, `failure` for an empty list.
  public static func stack(_ parts: [Quantity], axis: Int = 0) throws(TensorError) -> Quantity {
    guard let first = parts.first else { throw .failure("there is nothing to stack") }
    var expanded: [Quantity] = []
    for part in parts {
      guard part.shape == first.shape else { throw .cannotJoin(first.shape, part.shape) }
      expanded.append(try part.expanded(axis: axis))
    }
    return try concat(expanded, axis: axis)
  }
}
