import COpenBLAS

/// Factorisations of matrices. All are computed in float64; of a float32 matrix the parts are rounded
/// to float32 once, at the end, and what counts as 0 or as equal is wider.
extension Tensor {
  /// The eigenvalues of a symmetric matrix, ascending, and its eigenvectors as columns.
  ///
  /// The first entry of every vector that is not 0 is positive.
  /// - Throws: `factorisation`: not a matrix, not square, not finite, not symmetric.
  public func symmetricEigen() throws(TensorError) -> (values: Tensor, vectors: Tensor) {
    var matrix = try symmetricElements(for: .eigh)
    let n = shape[0]
    guard n > 0 else { return (part([0], []), part(shape, [])) }
    var values = [Double](repeating: 0, count: n)
    // Room for LAPACK's blocks of 32 columns.
    var work = [Double](repeating: 0, count: 34 * n)
    Threads.prepare()
    let status = lapack_symmetric_eigen(
      Int32(n), &matrix, &values, &work, Int32(work.count))
    guard status == 0 else { throw .factorisation(.eigh, .noConvergence, shape: shape) }
    // LAPACK stores columns one after the other: here they are rows.
    let signs = matrix.signsOfRows(width: n)
    matrix.multiplyRows(by: signs, width: n)
    return (part([n], values), part(shape, matrix).transposed())
  }

  /// U, s and Vᵗ with `self` = U·diag(s)·Vᵗ: of an m×n matrix and k = min(m, n), m×k, k and k×n.
  ///
  /// s is descending and not negative; the first entry of every row of Vᵗ that is not 0 is positive.
  /// - Throws: `factorisation`: not a matrix, not finite; `tooLarge` for what it needs to work.
  public func singularValues() throws(TensorError) -> (u: Tensor, s: Tensor, vt: Tensor) {
    let (u, s, vt) = try wideSingularValues(for: .svd)
    let dtype = dtype.arithmetic
    return (u.converted(to: dtype), s.converted(to: dtype), vt.converted(to: dtype))
  }

  /// The same in float64, called by another name in errors.
  private func wideSingularValues(
    for factorisation: Factorisation
  ) throws(TensorError) -> (u: Tensor, s: Tensor, vt: Tensor) {
    try requireMatrix(for: factorisation)
    let (m, n) = (shape[0], shape[1])
    let k = Swift.min(m, n)
    guard k > 0 else {
      return (
        Tensor(shape: [m, k], elements: []), .vector([]), Tensor(shape: [k, n], elements: [])
      )
    }
    // Row by row, A is what LAPACK reads as Aᵗ = V·diag(s)·Uᵗ: the two sides change places.
    var matrix = elements
    var values = [Double](repeating: 0, count: k)
    var vt = [Double](repeating: 0, count: k * n)
    var u = [Double](repeating: 0, count: m * k)
    var wholes = [Int32](repeating: 0, count: 8 * k)
    var work = [0.0]
    Threads.prepare()
    _ = lapack_singular_values(
      Int32(n), Int32(m), &matrix, &values, &vt, &u, &work, -1, &wholes)
    guard work[0] <= Double(Tensor.largestCount) else { throw .tooLarge(elements: work[0]) }
    work = Array(repeating: 0, count: Int(work[0]))
    let status = lapack_singular_values(
      Int32(n), Int32(m), &matrix, &values, &vt, &u, &work, Int32(work.count), &wholes)
    guard status == 0 else { throw .factorisation(factorisation, .noConvergence, shape: shape) }
    let signs = vt.signsOfRows(width: n)
    vt.multiplyRows(by: signs, width: n)
    for i in u.indices { u[i] *= signs[i % k] }
    return (
      Tensor(shape: [m, k], elements: u), .vector(values), Tensor(shape: [k, n], elements: vt)
    )
  }

  /// Q with orthonormal columns and R, zero below its diagonal, with `self` = Q·R.
  ///
  /// Of an m×n matrix and k = min(m, n) they are m×k and k×n. R's diagonal is not negative.
  /// - Throws: `factorisation`: not a matrix, not finite.
  public func qr() throws(TensorError) -> (q: Tensor, r: Tensor) {
    let (q, r) = try converted(to: .float64).wideQR()
    return (q.converted(to: dtype.arithmetic), r.converted(to: dtype.arithmetic))
  }

  private func wideQR() throws(TensorError) -> (q: Tensor, r: Tensor) {
    try requireMatrix(for: .qr)
    let (m, n) = (shape[0], shape[1])
    if m < n {
      // The first m columns decide; the others are written in the same directions.
      let square = try subscripted([.all, .slice(start: 0, stop: m, step: nil)])
      let rest = try subscripted([.all, .slice(start: m, stop: n, step: nil)])
      let (q, r) = try square.wideQR()
      return (q, try Tensor.concat([r, Tensor.matmul(q.transposed(), rest)], axis: 1))
    }
    guard n > 0 else {
      return (Tensor(shape: shape, elements: []), Tensor(shape: [0, 0], elements: []))
    }
    var matrix = transposed().elements
    var scales = [Double](repeating: 0, count: n)
    // Room for LAPACK's blocks of 32 columns, in both steps.
    var work = [Double](repeating: 0, count: 32 * n)
    Threads.prepare()
    _ = lapack_reflect(Int32(m), Int32(n), &matrix, &scales, &work, Int32(work.count))
    var r = [Double](repeating: 0, count: n * n)
    for j in 0..<n {
      for i in 0...j { r[i * n + j] = matrix[j * m + i] }
    }
    _ = lapack_orthonormal_columns(
      Int32(m), Int32(n), &matrix, scales, &work, Int32(work.count))
    let signs = (0..<n).map { r[$0 * n + $0] < 0 ? -1.0 : 1 }
    r.multiplyRows(by: signs, width: n)
    matrix.multiplyRows(by: signs, width: m)
    return (
      Tensor(shape: [n, m], elements: matrix).transposed(), Tensor(shape: [n, n], elements: r)
    )
  }

  /// L, zero above its diagonal, with `self` = L·Lᵗ; its diagonal is positive.
  ///
  /// - Throws: `factorisation`: not a matrix, not square, not finite, not symmetric, not positive
  ///   definite.
  public func cholesky() throws(TensorError) -> Tensor {
    var matrix = try symmetricElements(for: .cholesky)
    let n = shape[0]
    guard n > 0 else { return part(shape, []) }
    // What LAPACK stores above the diagonal, column by column, lies below it row by row.
    Threads.prepare()
    let status = lapack_cholesky(Int32(n), &matrix)
    guard status == 0 else {
      throw .factorisation(.cholesky, .notPositiveDefinite(order: Int(status)), shape: shape)
    }
    for i in 0..<n {
      for j in (i + 1)..<n { matrix[i * n + j] = 0 }
    }
    return part(shape, matrix)
  }

  /// The pseudo-inverse, n×m: the inverse where there is one, else the closest to it.
  ///
  /// Singular values up to `tolerance` times the largest count as 0; nil for max(m, n)·2⁻⁵², or
  /// max(m, n)·2⁻²³ in float32.
  /// - Throws: `factorisation`: not a matrix, not finite.
  public func pseudoInverse(tolerance: Double? = nil) throws(TensorError) -> Tensor {
    let (u, s, vt) = try wideSingularValues(for: .pinv)
    let least = (tolerance ?? roundingOfValues) * (s.elements.first ?? 0)
    let inverted = s.map { $0 > least ? 1 / $0 : 0 }
    return try Tensor.matmul(vt.transposed() * inverted, u.transposed())
      .converted(to: dtype.arithmetic)
  }

  /// How many singular values are above `tolerance`; nil for max(m, n)·2⁻⁵² times the largest, or
  /// max(m, n)·2⁻²³ in float32.
  ///
  /// Of what is not a matrix: 1 unless everything is 0.
  /// - Throws: `factorisation`: not finite.
  public func matrixRank(tolerance: Double? = nil) throws(TensorError) -> Int {
    if rank < 2 { return elements.contains { $0 != 0 } ? 1 : 0 }
    let s = try wideSingularValues(for: .rank).s.elements
    let least = tolerance ?? roundingOfValues * (s.first ?? 0)
    return s.filter { $0 > least }.count
  }

  /// A part of a factorisation of this matrix, in its dtype.
  private func part(_ shape: [Int], _ elements: [Double]) -> Tensor {
    Tensor(shape: shape, elements: elements, dtype: dtype.arithmetic)
  }

  /// How large a singular value of 0 may come out, relative to the largest.
  package var roundingOfValues: Double { Double(shape.max() ?? 0) * dtype.ulpOfOne }
}

extension [Double] {
  /// Entries of unit vectors up to this are taken for zeros that rounding has moved.
  private static var negligible: Double { 1e-8 }

  /// The sign of the first entry of every row that is not 0.
  fileprivate func signsOfRows(width: Int) -> [Double] {
    stride(from: 0, to: count, by: width).map { start in
      let first = self[start..<start + width].first { $0.magnitude > Self.negligible }
      return (first ?? 1) < 0 ? -1 : 1
    }
  }

  fileprivate mutating func multiplyRows(by factors: [Double], width: Int) {
    for i in indices { self[i] *= factors[i / width] }
  }
}
