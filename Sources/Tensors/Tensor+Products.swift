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
    let product = MatrixProduct(
      m: a.rank == 2 ? a.shape[0] : 1, n: b.rank == 2 ? b.shape[1] : 1, k: inner,
      transposed: (false, false))
    return multiplied(a, b, by: product, shape: shape)
  }

  /// The product of two matrices, either transposed, without a copy of the transpose.
  ///
  /// A matrix times its own transpose takes half the work.
  /// - Throws: `notAMatrix` for other ranks than 2, `innerLengthsDiffer` with the shapes of the
  ///   factors as they are multiplied, `tooLarge`.
  public static func matmul(
    _ a: Tensor, transposed first: Bool, _ b: Tensor, transposed second: Bool
  ) throws(TensorError) -> Tensor {
    guard a.rank == 2 else { throw .notAMatrix(a.shape) }
    guard b.rank == 2 else { throw .notAMatrix(b.shape) }
    let left = first ? [a.shape[1], a.shape[0]] : a.shape
    let right = second ? [b.shape[1], b.shape[0]] : b.shape
    guard left[1] == right[0] else { throw .innerLengthsDiffer(left, right) }
    let shape = [left[0], right[1]]
    _ = try Shape.count(shape)
    let product = MatrixProduct(
      m: left[0], n: right[1], k: left[1], transposed: (first, second))
    return multiplied(a, b, by: product, shape: shape)
  }

  private static func multiplied(
    _ a: Tensor, _ b: Tensor, by product: MatrixProduct, shape: [Int]
  ) -> Tensor {
    DType.common(a, b) == .float32
      ? Tensor(shape: shape, singles: product(a.singles, b.singles))
      : Tensor(shape: shape, elements: product(a.elements, b.elements))
  }

  /// The products of every element of `a` with every element of `b`, both flattened.
  public static func outer(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try multiply(try a.reshaped(to: [a.count, 1]), try b.reshaped(to: [1, b.count]))
  }

  /// The sum of the diagonal of a matrix, or of the one `offset` above it.
  public func trace(offset: Int = 0) throws(TensorError) -> Tensor {
    guard rank == 2 else { throw .notAMatrix(shape) }
    return try diagonal(offset: offset).sum()
  }

  /// The diagonal of a matrix as a vector; of a vector, the matrix that has it as its diagonal.
  ///
  /// It lies `offset` places above the main diagonal; below it if that is negative.
  /// - Throws: `notAMatrix` for other ranks, `tooLarge`.
  public func diagonal(offset: Int = 0) throws(TensorError) -> Tensor {
    let diagonal = try Tensor.diagonal(of: shape, offset: offset)
    guard rank == 1 else { return try subscripted(diagonal.places) }
    var result = try Tensor.zeros(diagonal.matrix, dtype: dtype)
    try result.assign(self, at: diagonal.places)
    return result
  }

  /// A diagonal of a matrix of this shape, or of the matrix that has a vector of this shape on it.
  ///
  /// - Returns: the shape of the matrix, and the rows and columns of the entries.
  package static func diagonal(
    of shape: [Int], offset: Int
  ) throws(TensorError) -> (matrix: [Int], places: [Index]) {
    guard shape.count == 1 || shape.count == 2 else { throw .notAMatrix(shape) }
    // Offsets beyond any tensor are all alike.
    let offset = Swift.min(Swift.max(offset, -2 * largestCount), 2 * largestCount)
    let (top, left) = (Swift.max(0, -offset), Swift.max(0, offset))
    let side = shape[0] + top + left
    let matrix = shape.count == 1 ? [side, side] : shape
    _ = try Shape.count(matrix)
    let length = Swift.max(0, Swift.min(matrix[0] - top, matrix[1] - left))
    let rows = Index.gather(Array(top..<top + length), shape: [length])
    let columns = Index.gather(Array(left..<left + length), shape: [length])
    return (matrix, [rows, columns])
  }
}
