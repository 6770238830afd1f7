import TestSupport
import Tensors
import Testing

/// Factorisations: NumPy's values, and the laws that define them.
@Suite struct FactorisationsTests {
  /// A few roundings of well conditioned matrices of three rows.
  static let tolerance = 1e-14

  static let square = Tensor(shape: [3, 3], elements: [4, -2, 1, 3, 6, -4, 2, 1, 8])
  static let symmetric = Tensor(shape: [3, 3], elements: [4, 1, -2, 1, 3, 0.5, -2, 0.5, 5])
  static let tall = Tensor(shape: [3, 2], elements: [1, 2, 3, 4, 5, 6.5])
  static let singular = Tensor(shape: [3, 3], elements: [1, 2, 3, 4, 5, 6, 7, 8, 9])

  /// numpy.linalg of NumPy 2.4.
  @Test func determinantInverseAndSolutionsAreNumPys() throws {
    let square = Self.square
    #expect(isClose(try square.determinant(), Tensor(263), tolerance: Self.tolerance))
    let inverse = Tensor(
      shape: [3, 3],
      elements: [
        0.19771863117870722, 0.06463878326996197, 0.007604562737642592, -0.12167300380228137,
        0.11406844106463877, 0.07224334600760458, -0.034220532319391636, -0.030418250950570346,
        0.1140684410646388,
      ])
    #expect(isClose(try square.inverse(), inverse, tolerance: Self.tolerance))
    let x = Tensor.vector([0.34980988593155893, 0.3231939163498099, 0.24714828897338403])
    #expect(
      isClose(try Tensor.solve(square, .vector([1, 2, 3])), x, tolerance: Self.tolerance))
    let columns = Tensor(
      shape: [3, 2],
      elements: [
        0.42965779467680604, 0.7034220532319392, 0.5817490494296578, 0.6825095057034221,
        0.44486692015209134, 0.5513307984790875,
      ])
    #expect(isClose(try Tensor.solve(square, Self.tall), columns, tolerance: Self.tolerance))
  }

  /// numpy.linalg, with the signs of vectors changed to those documented.
  @Test func vectorsAndTrianglesAreNumPys() throws {
    let (values, vectors) = try Self.symmetric.symmetricEigen()
    let eigenvalues = [1.5842066930926224, 3.8393364524664815, 6.576456854440894]
    #expect(isClose(values, .vector(eigenvalues), tolerance: Self.tolerance))
    let eigenvectors = Tensor(
      shape: [3, 3],
      elements: [
        0.6382426181957055, 0.4453394849537664, 0.6279483286543613, -0.6145469400410333,
        0.7860144038136982, 0.06718195802147686, 0.46365765258959596, 0.4287821126615604,
        -0.7753499087873778,
      ])
    #expect(isClose(vectors, eigenvectors, tolerance: Self.tolerance))

    let (u, s, vt) = try Self.tall.singularValues()
    let left = [
      0.22330914878964225, -0.9669444187311547, 0.5074636678955181, 0.007508884190406426,
      0.832234131619746, 0.2548766520159992,
    ]
    #expect(isClose(u, Tensor(shape: [3, 2], elements: left), tolerance: Self.tolerance))
    #expect(
      isClose(s, .vector([9.852920234522093, 0.41226551170948383]), tolerance: Self.tolerance))
    let right = [0.599504580365806, 0.800371325148783, 0.800371325148783, -0.599504580365806]
    #expect(isClose(vt, Tensor(shape: [2, 2], elements: right), tolerance: Self.tolerance))

    let (q, r) = try Self.tall.qr()
    let columns = [
      0.16903085094570325, 0.977894194827363, 0.50709255283711, 0.020806259464411683,
      0.8451542547285166, -0.20806259464411958,
    ]
    #expect(isClose(q, Tensor(shape: [3, 2], elements: columns), tolerance: Self.tolerance))
    let triangle = [5.916079783099616, 7.859934568975204, 0, 0.6866065623255949]
    #expect(isClose(r, Tensor(shape: [2, 2], elements: triangle), tolerance: Self.tolerance))

    let lower = [2, 0, 0, 0.5, 1.6583123951777, 0, -1, 0.6030226891555273, 1.9069251784911847]
    #expect(
      isClose(
        try Self.symmetric.cholesky(), Tensor(shape: [3, 3], elements: lower),
        tolerance: Self.tolerance))
    let pseudo = [
      -1.8636363636363646, 0.04545454545454602, 0.5454545454545453, 1.4242424242424252,
      0.03030303030302989, -0.3030303030303029,
    ]
    #expect(
      isClose(
        try Self.tall.pseudoInverse(), Tensor(shape: [2, 3], elements: pseudo), tolerance: 1e-13))
  }

  /// Products of the parts give the matrix back, at sizes on both sides of LAPACK's blocks.
  @Test(arguments: [(1, 1), (4, 4), (7, 3), (3, 7), (90, 90), (120, 70), (70, 120)])
  func partsMultiplyToTheWhole(m: Int, n: Int) throws {
    var random = Random(seed: 5)
    let a = Tensor(shape: [m, n], elements: random.normals(m * n))
    let k = min(m, n)

    let (u, s, vt) = try a.singularValues()
    #expect(u.shape == [m, k] && s.shape == [k] && vt.shape == [k, n])
    #expect(isClose(try .matmul(u * s, vt), a, tolerance: 1e-12))
    #expect(isClose(try .matmul(u.transposed(), u), try .eye(k), tolerance: 1e-12))
    #expect(isClose(try .matmul(vt, vt.transposed()), try .eye(k), tolerance: 1e-12))
    #expect(zip(s.elements, s.elements.dropFirst()).allSatisfy { $0 >= $1 && $1 >= 0 })

    let (q, r) = try a.qr()
    #expect(q.shape == [m, k] && r.shape == [k, n])
    #expect(isClose(try .matmul(q, r), a, tolerance: 1e-12))
    #expect(isClose(try .matmul(q.transposed(), q), try .eye(k), tolerance: 1e-12))
    for i in 0..<k {
      #expect(r.elements[i * n + i] >= 0)
      for j in 0..<i { #expect(r.elements[i * n + j] == 0) }
    }

    let p = try a.pseudoInverse()
    #expect(isClose(try .matmul(.matmul(a, p), a), a, tolerance: 1e-11))
    #expect(try a.matrixRank() == k)

    let gram = try Tensor.matmul(a, a.transposed()) + Tensor.eye(m)
    let (values, vectors) = try gram.symmetricEigen()
    #expect(isClose(try .matmul(gram, vectors), try vectors * values, tolerance: 1e-10))
    #expect(zip(values.elements, values.elements.dropFirst()).allSatisfy { $0 <= $1 })
    let l = try gram.cholesky()
    #expect(isClose(try .matmul(l, l.transposed()), gram, tolerance: 1e-11))
    #expect(isClose(try .matmul(gram, gram.inverse()), try .eye(m), tolerance: 1e-10))
  }

  @Test func signsDoNotDependOnTheRoutine() throws {
    // Entries that are zeros moved by rounding do not decide a sign.
    let turn = Tensor(shape: [2, 2], elements: [0, -1, 1, 0])
    #expect(try turn.singularValues().vt.elements.first { abs($0) > 0.5 } == 1)
    let (_, vectors) = try Tensor(shape: [2, 2], elements: [2, 1, 1, 2]).symmetricEigen()
    #expect(vectors.elements[0] > 0 && vectors.elements[1] > 0)
    #expect(try Tensor(shape: [1, 1], elements: [-3]).qr().r.elements == [3])
    #expect(try Tensor(shape: [1, 1], elements: [-3]).qr().q.elements == [-1])
  }

  @Test func matricesWithoutEntriesHaveFactorisations() throws {
    let none = try Tensor.zeros([0, 0])
    #expect(try none.determinant() == Tensor(1))
    #expect(try none.inverse() == none)
    #expect(try Tensor.solve(none, .vector([])) == .vector([]))
    #expect(try none.symmetricEigen().values == .vector([]))
    #expect(try none.cholesky() == none)
    #expect(try Tensor.zeros([3, 0]).singularValues().u.shape == [3, 0])
    #expect(try Tensor.zeros([0, 3]).singularValues().vt.shape == [0, 3])
    #expect(try Tensor.zeros([3, 0]).qr().q.shape == [3, 0])
    #expect(try Tensor.zeros([0, 3]).qr().r.shape == [0, 3])
    #expect(try Tensor.zeros([0, 3]).pseudoInverse().shape == [3, 0])
    #expect(try Tensor.zeros([3, 0]).matrixRank() == 0)
    #expect(try Tensor.solve(Tensor.eye(2), .zeros([2, 0])).shape == [2, 0])
  }

  @Test func rankCountsWhatIsNotRounding() throws {
    #expect(try Self.singular.matrixRank() == 2)
    #expect(try Self.tall.matrixRank(tolerance: 1) == 1)
    #expect(try Tensor.zeros([4, 2]).matrixRank() == 0)
    #expect(try Tensor.vector([0, 2]).matrixRank() == 1)
    #expect(try Tensor(0).matrixRank() == 0)
    // numpy.linalg.pinv of the same.
    let pseudo = [
      -0.6388888888888886, -0.16666666666666596, 0.30555555555555497, -0.05555555555555531, 0,
      0.05555555555555542, 0.5277777777777772, 0.16666666666666602, -0.19444444444444384,
    ]
    #expect(
      isClose(
        try Self.singular.pseudoInverse(), Tensor(shape: [3, 3], elements: pseudo),
        tolerance: 1e-13))
  }

  @Test func scalesAloneDoNotMakeAMatrixSingular() throws {
    let scaled = Tensor(shape: [2, 2], elements: [1, 0, 0, 1e-200])
    #expect(try scaled.inverse().elements == [1, 0, 0, 1e200])
    let mixed = Tensor(shape: [2, 2], elements: [1e150, 2e-150, 3e150, 4e-150])
    let x = try Tensor.solve(mixed, .vector([5, 11]))
    #expect(isClose(try .matmul(mixed, x), .vector([5, 11]), tolerance: 1e-12))
  }

  @Test func problemsAreNamedWithTheirPlace() throws {
    let flat = try Tensor.zeros([2, 3])
    expect(.det, .notSquare, [2, 3]) { try flat.determinant() }
    expect(.inv, .notAMatrix, []) { try Tensor(3).inverse() }
    expect(.eigh, .notAMatrix, [2]) { try Tensor.vector([1, 2]).symmetricEigen() }
    expect(.svd, .notAMatrix, [1, 1, 1]) { try Tensor.zeros([1, 1, 1]).singularValues() }
    let infinite = Tensor(shape: [2, 2], elements: [1, 2, .infinity, 3])
    expect(.qr, .notFinite(row: 1, column: 0, value: .infinity), [2, 2]) { try infinite.qr() }
    expect(.pinv, .notFinite(row: 1, column: 0, value: .infinity), [2, 2]) {
      try infinite.pseudoInverse()
    }
    let oblique = Tensor(shape: [2, 2], elements: [1, 2, 5, 3])
    let problem = FactorisationProblem.notSymmetric(row: 0, column: 1, value: 2, mirrored: 5)
    expect(.eigh, problem, [2, 2]) { try oblique.symmetricEigen() }
    expect(.cholesky, problem, [2, 2]) { try oblique.cholesky() }
    expect(.cholesky, .notPositiveDefinite(order: 2), [2, 2]) {
      try Tensor(shape: [2, 2], elements: [1, 2, 2, 1]).cholesky()
    }
    expect(.inv, .singular(reciprocalCondition: 0), [2, 2]) {
      try Tensor(shape: [2, 2], elements: [1, 2, 2, 4]).inverse()
    }
    expect(.solve, .rightSide([3]), [2, 2]) { try Tensor.solve(.eye(2), .vector([1, 2, 3])) }
    expect(.solve, .rightSide([]), [2, 2]) { try Tensor.solve(.eye(2), Tensor(1)) }
    // NumPy inverts this one: its last pivot is a rounding error.
    #expect(throws: TensorError.self) { try Self.singular.inverse() }
    #expect(try abs(Self.singular.determinant().elements[0]) < 1e-14)
  }

  @Test func lastDigitsDoNotMakeAMatrixAsymmetric() throws {
    let almost = Tensor(shape: [2, 2], elements: [2, 1, 1 + 1e-12, 2])
    #expect(isClose(try almost.symmetricEigen().values, .vector([1, 3]), tolerance: 1e-11))
  }

  private func expect<T>(
    _ factorisation: Factorisation, _ problem: FactorisationProblem, _ shape: [Int],
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> T
  ) {
    #expect(
      throws: TensorError.factorisation(factorisation, problem, shape: shape),
      sourceLocation: sourceLocation
    ) { _ = try body() }
  }
}
