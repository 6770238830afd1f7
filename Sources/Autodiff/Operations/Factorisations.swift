public import Tensors

/// Determinants, inverses and solutions of linear equations.
///
/// The ways back use the results themselves, so that they can be differentiated again.
extension Quantity {
  /// The determinant of a square matrix; its derivative, the cofactors, exists everywhere.
  ///
  /// - Throws: what `Tensor.determinant` throws.
  public func determinant() throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else { return .constant(try tensor.determinant()) }
    let a = tape.outside(self)
    let y = try a.determinant()
    return tape.record(y, from: self) { g throws(TensorError) in
      try g * a.cofactors(determinant: y)
    }
  }

  /// The derivatives of the determinant in every entry.
  ///
  /// det(A)·A⁻ᵗ where A⁻¹ is well known. Elsewhere by Faddeev and LeVerrier's sums of powers, which
  /// divide by whole numbers only and so do not mind a determinant of 0; they lose digits with the
  /// number of rows, and large matrices use them only where half of the digits are lost anyway.
  private func cofactors(determinant: Quantity) throws(TensorError) -> Quantity {
    let n = shape[0]
    if try tensor.reciprocalCondition() > (n <= 8 ? 0.01 : tensor.dtype.ulpOfOne.squareRoot()) {
      return try determinant * inverse().transposed()
    }
    let one = Quantity.constant(try .eye(n))
    var sums = one
    for k in 1..<Swift.max(1, n) {
      let product = try Quantity.matmul(self, sums)
      sums = try product - one * product.trace() * .scalar(1 / Double(k))
    }
    return try sums.transposed() * .scalar(n % 2 == 0 ? -1 : 1)
  }

  /// The inverse of a square matrix.
  ///
  /// - Throws: what `Tensor.inverse` throws.
  public func inverse() throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else { return .constant(try tensor.inverse()) }
    let y = try tape.outside(self).inverse()
    return tape.record(y, from: self) { g throws(TensorError) in
      let back = y.transposed()
      return try Quantity.matmul(Quantity.matmul(back, g), back).negate()
    }
  }

  /// The x with `a` @ x = `b`: `a` is n×n, `b` has n entries or is n×m.
  ///
  /// - Throws: what `Tensor.solve` throws.
  public static func solve(_ a: Quantity, _ b: Quantity) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(a, b) else {
      return .constant(try Tensor.solve(a.tensor, b.tensor))
    }
    let (p, q) = (tape.outside(a), tape.outside(b))
    let x = try solve(p, q)
    return tape.record(
      x,
      from: a,
      { g throws(TensorError) in
        let back = try solve(p.transposed(), g)
        guard x.rank == 2 else { return try outer(back, x).negate() }
        return try matmul(back, x.transposed()).negate()
      },
      from: b, { g throws(TensorError) in try solve(p.transposed(), g) })
  }

  /// The pseudo-inverse; its derivative holds for changes that leave the rank as it is.
  ///
  /// - Throws: what `Tensor.pseudoInverse` throws.
  public func pseudoInverse(tolerance: Double? = nil) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.pseudoInverse(tolerance: tolerance))
    }
    let a = tape.outside(self)
    let p = try a.pseudoInverse(tolerance: tolerance)
    // Golub and Pereyra 1973.
    return tape.record(p, from: self) { g throws(TensorError) in
      let (back, turned) = (p.transposed(), g.transposed())
      let outsideColumns = try Quantity.constant(.eye(a.shape[0])) - .matmul(a, p)
      let outsideRows = try Quantity.constant(.eye(a.shape[1])) - .matmul(p, a)
      let inside = try Quantity.product(back, g, back)
      let left = try Quantity.product(outsideColumns, turned, .matmul(p, back))
      let right = try Quantity.product(Quantity.matmul(back, p), turned, outsideRows)
      return try left + right - inside
    }
  }

  /// L with `self` = L·Lᵗ, of a symmetric positive definite matrix.
  ///
  /// - Throws: what `Tensor.cholesky` throws.
  public func cholesky() throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else { return .constant(try tensor.cholesky()) }
    let l = try tape.outside(self).cholesky()
    let n = l.shape[0]
    return tape.record(l, from: self) { g throws(TensorError) in
      let lower = try g * .constant(.triangle(n, diagonal: 1))
      let weights = Quantity.constant(try .triangle(n, diagonal: 0.5))
      let inner = try Quantity.matmul(l.transposed(), lower) * weights
      let half = try Quantity.solve(l.transposed(), inner)
      let whole = try Quantity.solve(l.transposed(), half.transposed())
      return try (whole + whole.transposed()) * 0.5
    }
  }

  /// The product of three matrices.
  static func product(
    _ a: Quantity, _ b: Quantity, _ c: Quantity
  ) throws(TensorError) -> Quantity {
    try matmul(matmul(a, b), c)
  }
}

extension Tensor {
  /// n×n with ones below the diagonal, `diagonal` on it and zeros above.
  static func triangle(_ n: Int, diagonal: Double) throws(TensorError) -> Tensor {
    var result = try Tensor.zeros([n, n])
    for i in 0..<n {
      for j in 0..<i { result.elements[i * n + j] = 1 }
      result.elements[i * n + i] = diagonal
    }
    return result
  }
}
