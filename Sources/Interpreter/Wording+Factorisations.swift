import Tensors

extension Wording {
  /// What to tell of a matrix that cannot be factorised, or of vectors without a derivative.
  static func failure(
    _ factorisation: Factorisation, _ problem: FactorisationProblem, _ shape: [Int]
  ) -> Failure {
    let name = factorisation.rawValue
    let size = shapeText(shape)
    switch problem {
    case .notAMatrix:
      let given = shape.isEmpty ? "a number" : "a tensor of shape \(size)"
      return Failure(
        "\(name) needs a matrix, not \(given)",
        shape.count == 1 ? ["reshape(x, [-1, 1]) makes a column of a vector."] : [])
    case .notSquare:
      var details = ["It needs as many rows as columns."]
      if factorisation == .inv { details.append("pinv(x) takes matrices of any shape.") }
      if factorisation == .solve { details.append("For least squares write pinv(a) @ b.") }
      if factorisation == .eigh { details.append("svd(x) takes matrices of any shape.") }
      return Failure("\(name) needs a square matrix, not \(size)", details)
    case .rightSide(let side):
      let given = side.isEmpty ? "a number" : "of shape \(shapeText(side))"
      return Failure(
        "solve needs an entry or row of b for every row of a",
        ["a is \(size), and b is \(given)."])
    case .notFinite(let row, let column, let value):
      return Failure(
        "\(name) needs finite numbers",
        ["Entry [\(row), \(column)] of this \(size) matrix is \(Formatting.number(value))."])
    case .notSymmetric(let row, let column, let value, let mirrored):
      // As many digits as it takes to see the difference.
      let (a, b) = (Formatting.number(value), Formatting.number(mirrored))
      let entries =
        a == b
        ? "\(Formatting.number(value, precision: 17)) and \(Formatting.number(mirrored, precision: 17))"
        : "\(a) and \(b)"
      return Failure(
        "\(name) needs a symmetric matrix",
        [
          "Of this \(size) matrix, entries [\(row), \(column)] and [\(column), \(row)] are \(entries): "
            + "\(Formatting.number((value - mirrored).magnitude, precision: 3)) apart.",
          "(x + x.T) / 2 is its symmetric part.",
        ])
    case .singular(let condition):
      let reason =
        condition == 0
        ? "Its columns depend on each other."
        : "Up to rounding its columns depend on each other: its reciprocal condition number is "
          + "\(Formatting.number(condition, precision: 2))."
      let advice =
        factorisation == .solve
        ? "pinv(a) @ b is the shortest x with the smallest error."
        : "pinv(x) is the closest there is to an inverse."
      return Failure("this \(size) matrix is singular: it has no inverse", [reason, advice])
    case .notPositiveDefinite(let order):
      return Failure(
        "cholesky needs a positive definite matrix",
        [
          "Of this \(size) matrix, the first \(order == 1 ? "entry" : "\(order)×\(order) entries") "
            + "have no positive determinant.",
          "eigh(x)[0] are its eigenvalues; all must be above 0.",
        ])
    case .noConvergence:
      return Failure("\(name) came to no end for this \(size) matrix")
    case .equalValues(let i, let j):
      let (values, vectors) =
        factorisation == .eigh
        ? ("eigenvalues", "eigenvectors") : ("singular values", "singular vectors")
      return Failure(
        "these \(vectors) have no derivative",
        [
          "The \(values) \(i) and \(j) are equal, so that their vectors may turn in a plane.",
          "The \(values) alone can be differentiated once.",
        ])
    case .zeroValue(let i):
      return Failure(
        "these singular vectors have no derivative",
        ["Singular value \(i) is 0, so that its vector may turn freely."])
    case .dependentColumns:
      return Failure(
        "the qr factorisation has no derivative here",
        ["The columns of this \(size) matrix depend on each other."])
    }
  }
}
