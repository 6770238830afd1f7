/// The same elements in another arrangement.
extension Tensor {
  /// The elements in order under another shape, one length of which may be −1: what remains.
  ///
  /// - Throws: `cannotReshape` if the counts differ or −1 is not determined.
  public func reshaped(to shape: [Int]) throws(TensorError) -> Tensor {
    if shape == self.shape { return self }
    let complete = try Tensor.completed(shape, count: count, from: self.shape)
    return Tensor(shape: complete, storage: storage)
  }

  /// The elements as a vector.
  public func flattened() -> Tensor {
    Tensor(shape: [count], storage: storage)
  }

  /// The tensor with its axes in reverse order: of a matrix, the transpose.
  public func transposed() -> Tensor {
    if rank < 2 { return self }
    if rank == 2 { return transposedMatrix() }
    return gathered(axes: Array((0..<rank).reversed()))
  }

  /// The tensor whose axis i is this one's axis `axes[i]`.
  ///
  /// - Throws: `notAPermutation`, `axisOutOfRange`.
  public func permuted(_ axes: [Int]) throws(TensorError) -> Tensor {
    var positions: [Int] = []
    for axis in axes { positions.append(try Shape.axis(axis, rank: rank)) }
    guard positions.sorted() == Array(0..<rank) else {
      throw .notAPermutation(axes: axes, rank: rank)
    }
    return gathered(axes: positions)
  }

  /// The tensor without `axis`, which must have length 1; without an axis, without all such.
  ///
  /// - Throws: `cannotSqueeze`, `axisOutOfRange`.
  public func squeezed(axis: Int? = nil) throws(TensorError) -> Tensor {
    guard let axis else { return try reshaped(to: shape.filter { $0 != 1 }) }
    let position = try Shape.axis(axis, rank: rank)
    guard shape[position] == 1 else { throw .cannotSqueeze(axis: axis, shape: shape) }
    return try reshaped(to: try Shape.reduced(shape, axis: axis, keepDims: false))
  }

  /// The tensor with a new axis of length 1, which becomes axis number `axis`.
  public func expanded(axis: Int) throws(TensorError) -> Tensor {
    try reshaped(to: try Tensor.expandedShape(shape, axis: axis))
  }

  /// The tensor laid side by side `counts[i]` times along axis i, aligned at the last axis.
  ///
  /// - Throws: `negativeLength`, `tooLarge`.
  public func tiled(_ counts: [Int]) throws(TensorError) -> Tensor {
    let plan = try Tensor.tiling(shape, counts)
    return try reshaped(to: plan.apart).broadcast(to: plan.stretched).reshaped(to: plan.result)
  }

  /// Every element `count` times in a row along `axis`; without one, of the flattened tensor.
  ///
  /// - Throws: `negativeLength`, `axisOutOfRange`, `tooLarge`.
  public func repeated(_ count: Int, axis: Int? = nil) throws(TensorError) -> Tensor {
    let plan = try Tensor.repetition(shape, count, axis: axis)
    return try reshaped(to: plan.apart).broadcast(to: plan.stretched).reshaped(to: plan.result)
  }

  /// `shape` with its −1, if any, replaced by what `count` leaves for it.
  package static func completed(
    _ shape: [Int], count: Int, from original: [Int]
  ) throws(TensorError) -> [Int] {
    var complete = shape
    if let open = shape.firstIndex(of: -1) {
      guard complete.lastIndex(of: -1) == open else {
        throw .cannotReshape(from: original, to: shape)
      }
      complete[open] = 1
      let known = try Shape.count(complete)
      guard known > 0, count % known == 0 else {
        throw .cannotReshape(from: original, to: shape)
      }
      complete[open] = count / known
    }
    guard complete.allSatisfy({ $0 >= 0 }), try Shape.count(complete) == count else {
      throw .cannotReshape(from: original, to: shape)
    }
    return complete
  }

  /// `shape` with an axis of length 1 at position `axis` of the result.
  package static func expandedShape(_ shape: [Int], axis: Int) throws(TensorError) -> [Int] {
    var result = shape
    result.insert(1, at: try Shape.axis(axis, rank: shape.count + 1))
    return result
  }

  private func transposedMatrix() -> Tensor {
    let (rows, columns) = (shape[0], shape[1])
    let storage: Storage =
      switch storage {
      case .float64(let numbers): .float64(Tensor.transposed(numbers, rows, columns))
      case .float32(let numbers): .float32(Tensor.transposed(numbers, rows, columns))
      case .bool(let numbers): .bool(Tensor.transposed(numbers, rows, columns))
      }
    return Tensor(shape: [columns, rows], storage: storage)
  }

  private static func transposed<Number>(
    _ numbers: [Number], _ rows: Int, _ columns: Int
  ) -> [Number] {
    Buffer.array(count: numbers.count) { result in
      numbers.withUnsafeBufferPointer { x in
        // Square blocks keep both the rows read and the rows written in the cache.
        let block = 16
        for top in stride(from: 0, to: rows, by: block) {
          for left in stride(from: 0, to: columns, by: block) {
            for i in top..<Swift.min(top + block, rows) {
              for j in left..<Swift.min(left + block, columns) {
                result.initializeElement(at: j * rows + i, to: x[i * columns + j])
              }
            }
          }
        }
      }
    }
  }

  /// The elements read with the axes in another order.
  private func gathered(axes: [Int]) -> Tensor {
    let strides = Shape.strides(shape)
    let target = axes.map { shape[$0] }
    let selection = Selection(
      shape: target, offset: 0, axes: axes.map { .strided(count: shape[$0], stride: strides[$0]) })
    return selection.read(self)
  }
}
