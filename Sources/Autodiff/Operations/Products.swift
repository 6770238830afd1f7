public import Tensors

/// Products of vectors and matrices.
extension Quantity {
  /// The matrix product by NumPy's `@`: of vectors a number, with a vector a vector.
  ///
  /// - Throws: `notAMatrix` for other ranks than 1 and 2, `innerLengthsDiffer`, `tooLarge`.
  public static func matmul(_ a: Quantity, _ b: Quantity) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(a, b) else {
      return .constant(try Tensor.matmul(a.tensor, b.tensor))
    }
    let (p, q) = (tape.outside(a), tape.outside(b))
    let y = try matmul(p, q)
    // Vectors count as a row on the left and as a column on the right.
    let left = p.rank == 1 ? [1, p.count] : p.shape
    let right = q.rank == 1 ? [q.count, 1] : q.shape
    let product = [left[0], right[1]]
    return tape.record(
      y,
      from: a,
      { g throws(TensorError) in
        let back = try q.reshaped(to: right).transposed()
        return try matmul(g.reshaped(to: product), back).reshaped(to: p.shape)
      },
      from: b,
      { g throws(TensorError) in
        let back = try p.reshaped(to: left).transposed()
        return try matmul(back, g.reshaped(to: product)).reshaped(to: q.shape)
      })
  }

  /// The products of every element of `a` with every element of `b`, both flattened.
  public static func outer(_ a: Quantity, _ b: Quantity) throws(TensorError) -> Quantity {
    try a.reshaped(to: [a.count, 1]) * b.reshaped(to: [1, b.count])
  }

  /// The sum of the diagonal of a matrix.
  public func trace() throws(TensorError) -> Quantity {
    guard rank == 2 else { throw .notAMatrix(shape) }
    return try diagonal().sum()
  }

  /// The diagonal of a matrix as a vector; of a vector, the matrix that has it as its diagonal.
  ///
  /// - Throws: `notAMatrix` for other ranks.
  public func diagonal() throws(TensorError) -> Quantity {
    let shape = shape
    guard shape.count == 1 || shape.count == 2 else { throw .notAMatrix(shape) }
    let length = shape.min() ?? 0
    let positions = Tensor.Index.gather(Array(0..<length), shape: [length])
    return shape.count == 2
      ? try subscripted([positions, positions])
      : try scattered(at: [positions, positions], shape: [length, length])
  }
}
