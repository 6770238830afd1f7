import COpenBLAS

/// A square matrix as a product of triangular ones, by elimination with row swaps.
struct Elimination {
  private let order: Int32
  /// U on and above the diagonal, L below it, column by column.
  private let factors: [Double]
  private let pivots: [Int32]
  /// Whether a pivot is exactly 0.
  private let hasZeroPivot: Bool
  /// An estimate of 1 / (|A|·|A⁻¹|), with |A| the largest sum of a column; 1 for no rows.
  let reciprocalCondition: Double

  /// Factorises the n×n matrix whose elements are given row by row.
  init(_ elements: [Double], n: Int) {
    // No tensor has more than 2²⁷ elements, so that n fits 32 bits.
    order = Int32(n)
    Threads.prepare()
    guard n > 0 else {
      (factors, pivots, hasZeroPivot, reciprocalCondition) = ([], [], false, 1)
      return
    }
    var matrix = Tensor(shape: [n, n], elements: elements).transposed().elements
    var length = 0.0
    for column in 0..<n {
      var sum = 0.0
      for row in 0..<n { sum += matrix[column * n + row].magnitude }
      length = max(length, sum)
    }
    var pivots = [Int32](repeating: 0, count: n)
    hasZeroPivot = lapack_eliminate(order, &matrix, &pivots) > 0
    var reciprocal = 0.0
    if !hasZeroPivot, length.isFinite {
      var work = [Double](repeating: 0, count: 4 * n)
      var wholes = [Int32](repeating: 0, count: n)
      _ = lapack_condition(order, matrix, length, &reciprocal, &work, &wholes)
    }
    (factors, self.pivots, reciprocalCondition) = (matrix, pivots, reciprocal)
  }

  /// The product of the pivots, with the sign of the swaps.
  var determinant: Double {
    if hasZeroPivot { return 0 }
    let n = Int(order)
    var product = 1.0
    for i in 0..<n {
      product *= pivots[i] == Int32(i + 1) ? factors[i * n + i] : -factors[i * n + i]
    }
    return product
  }

  /// Whether nothing can be told about A⁻¹ with the digits there are, `rounding` being the last.
  func isSingular(_ elements: [Double], rounding: Double) -> Bool {
    if hasZeroPivot { return true }
    if reciprocalCondition >= rounding { return false }
    // Rows and columns of very different scales look singular and are not: they are levelled.
    let levelled = Elimination(Self.levelled(elements, n: Int(order)), n: Int(order))
    return levelled.hasZeroPivot || levelled.reciprocalCondition < rounding
  }

  /// The solutions of A·X = B; B and X hold one right side after the other.
  func solve(_ sides: [Double], count: Int) -> [Double] {
    guard order > 0, count > 0 else { return sides }
    var sides = sides
    _ = lapack_solve(order, Int32(count), factors, pivots, &sides)
    return sides
  }

  /// The matrix with rows, then columns, divided by their largest entries.
  private static func levelled(_ elements: [Double], n: Int) -> [Double] {
    var result = elements
    for i in 0..<n {
      let largest = (0..<n).reduce(0) { max($0, result[i * n + $1].magnitude) }
      guard largest > 0 else { continue }
      for j in 0..<n { result[i * n + j] /= largest }
    }
    for j in 0..<n {
      let largest = (0..<n).reduce(0) { max($0, result[$1 * n + j].magnitude) }
      guard largest > 0 else { continue }
      for i in 0..<n { result[i * n + j] /= largest }
    }
    return result
  }
}

extension Tensor {
  /// The determinant of a square matrix; 1 for no rows.
  ///
  /// - Throws: `factorisation`: not a matrix, not square, not finite.
  public func determinant() throws(TensorError) -> Tensor {
    try requireSquare(for: .det)
    return Tensor(Elimination(elements, n: shape[0]).determinant, dtype: dtype.arithmetic)
  }

  /// An estimate of 1 / (|A|·|A⁻¹|) of a square matrix, |A| being the largest sum of a column.
  package func reciprocalCondition() throws(TensorError) -> Double {
    try requireSquare(for: .det)
    return Elimination(elements, n: shape[0]).reciprocalCondition
  }

  /// The inverse of a square matrix.
  ///
  /// - Throws: `factorisation`: not a matrix, not square, not finite, singular.
  public func inverse() throws(TensorError) -> Tensor {
    let elimination = try eliminated(for: .inv)
    let n = shape[0]
    let columns = elimination.solve(try Tensor.eye(n).elements, count: n)
    return Tensor(shape: shape, elements: columns, dtype: dtype.arithmetic).transposed()
  }

  /// The x with `a` @ x = `b`: `a` is n×n, `b` has n entries or is n×m.
  ///
  /// - Throws: `factorisation`: not a matrix, not square, not finite, singular, a right side of
  ///   another length.
  public static func solve(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    let elimination = try a.eliminated(for: .solve)
    guard b.rank == 1 || b.rank == 2, b.shape[0] == a.shape[0] else {
      throw .factorisation(.solve, .rightSide(b.shape), shape: a.shape)
    }
    let dtype = DType.common(a, b).arithmetic
    guard b.rank == 2 else {
      let column = elimination.solve(b.elements, count: 1)
      return Tensor(shape: b.shape, elements: column, dtype: dtype)
    }
    let columns = elimination.solve(b.transposed().elements, count: b.shape[1])
    return Tensor(shape: [b.shape[1], b.shape[0]], elements: columns, dtype: dtype).transposed()
  }

  private func eliminated(for factorisation: Factorisation) throws(TensorError) -> Elimination {
    try requireSquare(for: factorisation)
    let elements = elements
    let elimination = Elimination(elements, n: shape[0])
    guard !elimination.isSingular(elements, rounding: dtype.ulpOfOne) else {
      let problem = FactorisationProblem.singular(
        reciprocalCondition: elimination.reciprocalCondition)
      throw .factorisation(factorisation, problem, shape: shape)
    }
    return elimination
  }
}
