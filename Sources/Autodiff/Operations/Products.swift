public import Tensors

/// Products of vectors and matrices.
extension Quantity {
  /// The matrix product by NumPy's `@`: of vectors a number, with a vector a vector; axes before the
  /// last two count the matrices of a batch and are stretched to each other.
  ///
  /// - Throws: `notAMatrix` for a number, `innerLengthsDiffer`, `shapesDoNotBroadcast`, `tooLarge`.
  public static func matmul(_ a: Quantity, _ b: Quantity) throws(TensorError) -> Quantity {
    if a.rank > 2 || b.rank > 2 { return try batchedProduct(a, b) }
    guard let tape = Tape.innermost(a, b) else {
      return .constant(try Tensor.matmul(a.tensor, b.tensor))
    }
    if a.rank == 2, b.rank == 2 { return try matmul(a, transposed: false, b, transposed: false) }
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
        let g = try g.reshaped(to: product)
        let part = try matmul(g, transposed: false, q.reshaped(to: right), transposed: true)
        return try part.reshaped(to: p.shape)
      },
      from: b,
      { g throws(TensorError) in
        let g = try g.reshaped(to: product)
        let part = try matmul(p.reshaped(to: left), transposed: true, g, transposed: false)
        return try part.reshaped(to: q.shape)
      })
  }

  /// The product of two matrices, either transposed, without a copy of the transpose.
  ///
  /// - Throws: `notAMatrix` for other ranks than 2, `innerLengthsDiffer`, `tooLarge`.
  public static func matmul(
    _ a: Quantity, transposed first: Bool, _ b: Quantity, transposed second: Bool
  ) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(a, b) else {
      return .constant(
        try Tensor.matmul(a.tensor, transposed: first, b.tensor, transposed: second))
    }
    let (p, q) = (tape.outside(a), tape.outside(b))
    return tape.record(
      try matmul(p, transposed: first, q, transposed: second),
      from: a,
      { g throws(TensorError) in
        first
          ? try matmul(q, transposed: second, g, transposed: true)
          : try matmul(g, transposed: false, q, transposed: !second)
      },
      from: b,
      { g throws(TensorError) in
        second
          ? try matmul(g, transposed: true, p, transposed: first)
          : try matmul(p, transposed: !first, g, transposed: false)
      })
  }

  /// The product of batches of matrices, matrix by matrix.
  private static func batchedProduct(
    _ a: Quantity, _ b: Quantity
  ) throws(TensorError) -> Quantity {
    guard a.rank > 0 else { throw .notAMatrix(a.shape) }
    guard b.rank > 0 else { throw .notAMatrix(b.shape) }
    let inner = a.shape[a.rank - 1]
    guard inner == b.shape[Swift.max(0, b.rank - 2)] else {
      throw .innerLengthsDiffer(a.shape, b.shape)
    }
    // All rows of the batch meet one matrix: a single product.
    if b.rank <= 2 {
      let outside = Array(a.shape.dropLast())
      let rows = try a.reshaped(to: [try Shape.count(outside), inner])
      return try matmul(rows, b).reshaped(to: outside + b.shape.dropFirst())
    }
    let m = a.rank == 1 ? [] : [a.shape[a.rank - 2]]
    let left = m + [inner]
    let right = Array(b.shape.suffix(2))
    let batch = try Shape.broadcast(Array(a.shape.dropLast(left.count)), b.shape.dropLast(2))
    let shape = batch + m + [right[1]]
    let count = try Shape.count(batch)
    guard try Shape.count(shape) > 0 else { return .constant(try .zeros(shape)) }
    let p = try a.broadcast(to: batch + left).reshaped(to: [count] + left)
    let q = try b.broadcast(to: batch + right).reshaped(to: [count] + right)
    var products: [Quantity] = []
    for i in 0..<count {
      products.append(try matmul(p.subscripted([.at(i)]), q.subscripted([.at(i)])))
    }
    return try stack(products).reshaped(to: shape)
  }

  /// The products of every element of `a` with every element of `b`, both flattened.
  public static func outer(_ a: Quantity, _ b: Quantity) throws(TensorError) -> Quantity {
    try a.reshaped(to: [a.count, 1]) * b.reshaped(to: [1, b.count])
  }

  /// The sum of the diagonal of a matrix, or of the one `offset` above it.
  public func trace(offset: Int = 0) throws(TensorError) -> Quantity {
    guard rank == 2 else { throw .notAMatrix(shape) }
    return try diagonal(offset: offset).sum()
  }

  /// The diagonal of a matrix as a vector; of a vector, the matrix that has it as its diagonal.
  ///
  /// It lies `offset` places above the main diagonal; below it if that is negative.
  /// - Throws: `notAMatrix` for other ranks, `tooLarge`.
  public func diagonal(offset: Int = 0) throws(TensorError) -> Quantity {
    guard Tape.innermost(self) != nil else {
      return .constant(try tensor.diagonal(offset: offset))
    }
    let diagonal = try Tensor.diagonal(of: shape, offset: offset)
    return rank == 1
      ? try scattered(at: diagonal.places, shape: diagonal.matrix)
      : try subscripted(diagonal.places)
  }
}
