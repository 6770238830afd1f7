extension Tensor {
  /// The common shape of two operands by NumPy's rule: aligned at the end, ones stretch.
  public static func broadcastShape(_ a: [Int], _ b: [Int]) throws(TensorError) -> [Int] {
    try Shape.broadcast(a, b)
  }

  /// The tensor stretched to `shape`.
  ///
  /// - Throws: `shapesDoNotBroadcast` unless every axis has the wanted length or length 1.
  public func broadcast(to shape: [Int]) throws(TensorError) -> Tensor {
    if self.shape == shape { return self }
    _ = try Shape.count(shape)
    guard rank <= shape.count, try Shape.broadcast(self.shape, shape) == shape else {
      throw .shapesDoNotBroadcast(self.shape, shape)
    }
    if count == 1 {
      let number = elements[0]
      let count = shape.reduce(1, *)
      return Tensor(shape: shape, elements: Array(repeating: number, count: count), dtype: dtype)
    }
    let elements = Elementwise.broadcast(self, self, to: shape) { x, _ in x }
    return Tensor(shape: shape, elements: elements, dtype: dtype)
  }

  /// The sum over the axes along which `shape` was stretched to this tensor's: the adjoint of `broadcast(to:)`.
  ///
  /// - Throws: `shapesDoNotBroadcast` unless `shape` stretches to this tensor's shape.
  public func sum(to shape: [Int]) throws(TensorError) -> Tensor {
    if self.shape == shape { return self }
    guard shape.count <= rank, try Shape.broadcast(self.shape, shape) == self.shape else {
      throw .shapesDoNotBroadcast(shape, self.shape)
    }
    var result = self
    while result.rank > shape.count { result = try result.sum(axis: 0) }
    for axis in shape.indices where shape[axis] == 1 && result.shape[axis] != 1 {
      result = try result.sum(axis: axis, keepDims: true)
    }
    return result
  }

  /// `f` of every element.
  @inline(__always)
  func map(dtype: DType = .float64, _ f: (Double) -> Double) -> Tensor {
    if rank == 0 { return Tensor(shape: [], elements: [f(elements[0])], dtype: dtype) }
    return Tensor(shape: shape, elements: Elementwise.map(elements, f), dtype: dtype)
  }

  /// `f` of the elements of two tensors, stretched to their common shape.
  @inline(__always)
  static func zip(
    _ a: Tensor, _ b: Tensor, dtype: DType = .float64, _ f: (Double, Double) -> Double
  ) throws(TensorError) -> Tensor {
    if a.rank == 0, b.rank == 0 {
      return Tensor(shape: [], elements: [f(a.elements[0], b.elements[0])], dtype: dtype)
    }
    if a.shape == b.shape {
      return Tensor(
        shape: a.shape, elements: Elementwise.zip(a.elements, b.elements, f), dtype: dtype)
    }
    if b.count == 1, b.rank <= a.rank {
      let number = b.elements[0]
      return a.map(dtype: dtype) { f($0, number) }
    }
    if a.count == 1, a.rank <= b.rank {
      let number = a.elements[0]
      return b.map(dtype: dtype) { f(number, $0) }
    }
    let shape = try Shape.broadcast(a.shape, b.shape)
    return Tensor(
      shape: shape, elements: Elementwise.broadcast(a, b, to: shape, f), dtype: dtype)
  }
}
