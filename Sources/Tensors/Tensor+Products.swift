/// Products of vectors and matrices.
extension Tensor {
  /// The matrix product by NumPy's `@`: of vectors a number, with a vector a vector.
  ///
  /// - Throws: `notAMatrix` for other ranks than 1 and 2, `innerLengthsDiffer`, `tooLarge`.
  public static func matmul(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    guard a.rank == 1 || a.rank == 2 else { throw .notAMatrix(a.shape) }
    guard b.rank == 1 || b.rank == 2 else { throw .notAMatrix(b.shape) }
    let inner = a.shape[a.rank - 1]
    guard inner == b.shape[0] else { throw .innerLengthsDiffer(a.shape, b.shape) }
    let shape = Array(a.shape.dropLast() + b.shape.dropFirst())
    _ = try Shape.count(shape)
    let m = a.rank == 2 ? a.shape[0] : 1
    let n = b.rank == 2 ? b.shape[1] : 1
    if DType.common(a, b) == .float32 {
      return Tensor(
        shape: shape, singles: MatrixProduct.product(a.singles, b.singles, m: m, n: n, k: inner))
    }
    return Tensor(
      shape: shape, elements: MatrixProduct.product(a.elements, b.elements, m: m, n: n, k: inner))
  }

  /// The products of every element of `a` with every element of `b`, both flattened.
  public static func outer(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try multiply(try a.reshaped(to: [a.count, 1]), try b.reshaped(to: [1, b.count]))
  }

  /// The sum of the diagonal of a matrix.
  public func trace() throws(TensorError) -> Tensor {
    guard rank == 2 else { throw .notAMatrix(shape) }
    return try diagonal().sum()
  }

  /// The diagonal of a matrix as a vector; of a vector, the matrix that has it as its diagonal.
  ///
  /// - Throws: `notAMatrix` for other ranks.
  public func diagonal() throws(TensorError) -> Tensor {
    switch rank {
    case 1:
      var result = try Tensor.zeros([count, count], dtype: dtype)
      for i in 0..<count { result[position: i * count + i] = self[position: i] }
      return result
    case 2:
      let length = Swift.min(shape[0], shape[1])
      return Selection(
        shape: [length], offset: 0, axes: [.strided(count: length, stride: shape[1] + 1)]
      ).read(self)
    default:
      throw .notAMatrix(shape)
    }
  }
}
