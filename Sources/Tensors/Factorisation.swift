/// What is done with a whole matrix at once; the raw value is what a user calls it.
public enum Factorisation: String, Sendable {
  /// The determinant.
  case det
  /// The inverse.
  case inv
  /// The solution of a system of linear equations.
  case solve
  /// Eigenvalues and eigenvectors of a symmetric matrix.
  case eigh
  /// Singular values and vectors.
  case svd
  /// An orthogonal times an upper triangular matrix.
  case qr
  /// A lower triangular matrix times its transpose.
  case cholesky
  /// The pseudo-inverse.
  case pinv
  /// How many columns are independent.
  case rank
}

/// Why a matrix has no factorisation, or a factorisation no derivative.
public enum FactorisationProblem: Equatable, Sendable {
  /// It has another number of axes than two.
  case notAMatrix
  /// It has another number of rows than of columns.
  case notSquare
  /// A right side of this shape does not have a row for each row of the matrix.
  case rightSide([Int])
  /// An entry is nan or infinite.
  case notFinite(row: Int, column: Int, value: Double)
  /// The two entries across the diagonal that differ most.
  case notSymmetric(row: Int, column: Int, value: Double, mirrored: Double)
  /// The columns depend on each other: 1 / (|A|·|A⁻¹|) is 0, or as good as 0 in the matrix's dtype.
  case singular(reciprocalCondition: Double)
  /// The leading square of this order has no positive determinant.
  case notPositiveDefinite(order: Int)
  /// The iteration came to no end.
  case noConvergence
  /// Vectors of two equal values may turn in their plane: they have no derivative.
  case equalValues(Int, Int)
  /// The vector of a singular value of 0 may turn: it has no derivative.
  case zeroValue(Int)
  /// Columns depend on each other, so that their directions have no derivative.
  case dependentColumns
}

// What is asked of a matrix at the door.
extension Tensor {
  func requireMatrix(for factorisation: Factorisation) throws(TensorError) {
    guard rank == 2 else { throw .factorisation(factorisation, .notAMatrix, shape: shape) }
    guard let bad = elements.firstIndex(where: { !$0.isFinite }) else { return }
    let problem = FactorisationProblem.notFinite(
      row: bad / shape[1], column: bad % shape[1], value: elements[bad])
    throw .factorisation(factorisation, problem, shape: shape)
  }

  func requireSquare(for factorisation: Factorisation) throws(TensorError) {
    guard rank == 2 else { throw .factorisation(factorisation, .notAMatrix, shape: shape) }
    guard shape[0] == shape[1] else {
      throw .factorisation(factorisation, .notSquare, shape: shape)
    }
    try requireMatrix(for: factorisation)
  }

  /// How far apart entries across the diagonal may be, relative to the largest entry: products that
  /// are symmetric on paper differ in their last digits.
  private var asymmetry: Double { dtype == .float32 ? 1e-5 : 1e-10 }

  /// The entries of a symmetric matrix, made exactly symmetric.
  func symmetricElements(for factorisation: Factorisation) throws(TensorError) -> [Double] {
    try requireSquare(for: factorisation)
    let n = shape[0]
    let elements = elements
    var result = elements
    var largest = 0.0
    var worst = (row: 0, column: 0, distance: 0.0)
    for i in 0..<n {
      for j in 0...i {
        let (a, b) = (elements[i * n + j], elements[j * n + i])
        largest = Swift.max(largest, a.magnitude, b.magnitude)
        // Halved first: the sum of two large entries may overflow.
        let distance = (a / 2 - b / 2).magnitude
        if distance > worst.distance { worst = (j, i, distance) }
        result[i * n + j] = a / 2 + b / 2
        result[j * n + i] = a / 2 + b / 2
      }
    }
    guard 2 * worst.distance <= asymmetry * largest else {
      let problem = FactorisationProblem.notSymmetric(
        row: worst.row, column: worst.column, value: elements[worst.row * n + worst.column],
        mirrored: elements[worst.column * n + worst.row])
      throw .factorisation(factorisation, problem, shape: shape)
    }
    return result
  }
}
