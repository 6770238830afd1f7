import Autodiff
import Tensors

extension BuiltinCatalog {
  /// Products and what belongs to matrices.
  static let linearAlgebra: [Builtin] = products + inverses + factorisations

  private static let products: [Builtin] = [
    Builtin(
      "dot(a, b)", "The inner product of two vectors, or a @ b; with a number, a * b.",
      example: "dot([1, 2], [3, 4])"
    ) { call in
      let a = try call.quantity(0)
      let b = try call.quantity(1)
      guard a.rank > 0, b.rank > 0 else { return Value(try .multiply(a, b)) }
      return Value(try .matmul(a, b))
    },
    Builtin(
      "outer(a, b)", "All products of an element of a and one of b.",
      example: "outer([1, 2], [3, 4])"
    ) { Value(try .outer(try $0.quantity(0), try $0.quantity(1))) },
    Builtin(
      "normalize(x, axis=-1)", "Rows of unit length; a zero row stays zero.",
      example: "normalize([3, 4])"
    ) { Value(try $0.quantity(0).normalize(axis: try $0.whole(1))) },
    Builtin(
      "trace(x, offset=0)", "The sum of the diagonal, or of one `offset` above it.",
      example: "trace(eye(3))", seeAlso: ["diag"]
    ) { Value(try $0.quantity(0).trace(offset: try $0.whole(1))) },
    Builtin(
      "diag(x, k=0)", "The diagonal of a matrix, or the matrix with this diagonal.",
      details: "k is how far above the main diagonal it lies; negative numbers are below.",
      example: "diag([1, 2])", seeAlso: ["eye", "trace"]
    ) { Value(try $0.quantity(0).diagonal(offset: try $0.whole(1))) },
  ]

  private static let inverses: [Builtin] = [
    Builtin(
      "det(x)", "The determinant of a square matrix.",
      details: "Its gradient, the matrix of cofactors, exists for singular matrices too.",
      formula: "∂det(X)/∂X = det(X)·X⁻ᵗ", example: "det([[1, 2], [3, 4]])",
      seeAlso: ["inv", "rank"]
    ) { call in Value(try call.at(0) { try call.quantity(0).determinant() }) },
    Builtin(
      "inv(x)", "The inverse of a square matrix.",
      details: "A singular matrix is an error. To solve equations, solve(a, b) is more exact.",
      example: "inv([[2, 0], [0, 4]])", seeAlso: ["solve", "pinv", "det"]
    ) { call in Value(try call.at(0) { try call.quantity(0).inverse() }) },
    Builtin(
      "solve(a, b)", "The x with a @ x = b.",
      details: "a: n×n, not singular. b: n numbers, or n×m for m right sides at once.",
      example: "solve([[2, 1], [1, 3]], [3, 5])", seeAlso: ["inv", "pinv"]
    ) { call in
      do {
        return Value(try .solve(try call.quantity(0), try call.quantity(1)))
      } catch let error as TensorError {
        var isSide = false
        if case .factorisation(_, .rightSide, _) = error { isSide = true }
        return try call.at(isSide ? 1 : 0) { throw error }
      }
    },
    Builtin(
      "pinv(x, rtol=none)", "The pseudo-inverse: the inverse, or what comes closest to it.",
      details: """
        Singular values up to rtol times the largest count as 0; none stands for max(m, n)·2⁻⁵², in \
        float32 2⁻²³. Of an m×n matrix it is n×m. Its gradient is that for changes that keep the rank.
        """,
      example: "pinv([[1], [1]])", seeAlso: ["inv", "svd", "rank"],
      reference: "Golub, Pereyra 1973"
    ) { call in
      let tolerance = try tolerance(call)
      return Value(try call.at(0) { try call.quantity(0).pseudoInverse(tolerance: tolerance) })
    },
    Builtin(
      "rank(x, tol=none)", "How many columns of a matrix are independent.",
      details:
        "Singular values up to tol count as 0; none: max(m, n)·2⁻⁵² (float32: 2⁻²³) of the largest.",
      example: "rank([[1, 2], [2, 4]])", seeAlso: ["svd", "det"]
    ) { call in
      let tolerance = try tolerance(call)
      let x = try call.tensor(0)
      return .number(Double(try call.at(0) { try x.matrixRank(tolerance: tolerance) }))
    },
  ]

  private static let factorisations: [Builtin] = [
    Builtin(
      "eigh(x)", "[values, vectors] of a symmetric matrix, values ascending.",
      details: """
        Column k of vectors belongs to value k: x @ vectors[:, k] is values[k] * vectors[:, k]. Columns \
        are orthonormal; the first entry of each that is not 0 is positive. Vectors of equal values \
        have no gradient.
        """,
      formula: "X = V·diag(λ)·Vᵗ", example: "eigh([[2, 1], [1, 2]])", seeAlso: ["svd"]
    ) { call in
      let (values, vectors) = try call.at(0) { try call.quantity(0).symmetricEigen() }
      return .list([Value(values), Value(vectors)])
    },
    Builtin(
      "svd(x)", "[U, S, Vt] with x = U @ diag(S) @ Vt, S descending.",
      details: """
        Of an m×n matrix and k = min(m, n): U is m×k and Vt k×n. Columns of U and rows of Vt are \
        orthonormal; the first entry of each row of Vt that is not 0 is positive. Vectors of equal \
        values have no gradient.
        """,
      formula: "X = U·diag(s)·Vᵗ", example: "svd([[3, 0], [0, 4]])",
      seeAlso: ["eigh", "pinv", "rank"]
    ) { call in
      let (u, s, vt) = try call.at(0) { try call.quantity(0).singularValues() }
      return .list([Value(u), Value(s), Value(vt)])
    },
    Builtin(
      "qr(x)", "[Q, R] with x = Q @ R: orthonormal columns times an upper triangle.",
      details: """
        Of an m×n matrix and k = min(m, n): Q is m×k and R k×n. The diagonal of R is not negative.
        """,
      formula: "X = Q·R", example: "qr([[3, 1], [4, 2]])", seeAlso: ["cholesky", "svd"]
    ) { call in
      let (q, r) = try call.at(0) { try call.quantity(0).qr() }
      return .list([Value(q), Value(r)])
    },
    Builtin(
      "cholesky(x)", "The lower triangle L with x = L @ L.T; x is symmetric positive definite.",
      formula: "X = L·Lᵗ", example: "cholesky([[4, 2], [2, 5]])", seeAlso: ["eigh", "qr"]
    ) { call in Value(try call.at(0) { try call.quantity(0).cholesky() }) },
  ]

  /// The second argument: what counts as 0, or nil for what rounding makes of it.
  private static func tolerance(_ call: Call) throws -> Double? {
    guard !call.isNone(1) else { return nil }
    let tolerance = try call.number(1)
    guard tolerance >= 0 else {
      throw call.failure(
        1, "\(call.parameters[1].name) of \(call.name) is not negative",
        ["It is \(Formatting.number(tolerance))."])
    }
    return tolerance
  }
}
