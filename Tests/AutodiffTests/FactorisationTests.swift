import Autodiff
import TestSupport
import Tensors
import Testing

/// Where factorisations have a derivative and where they have none.
@Suite struct FactorisationTests {
  private func gradient(
    at x: Tensor, _ f: @escaping @Sendable (Quantity) throws(TensorError) -> Quantity
  ) throws -> Tensor {
    try Autodiff.gradient(of: f, at: .constant(x)).tensor
  }

  /// The cofactors of [[1, 2], [2, 4]] and of a matrix of rank 1, whose are all 0.
  @Test func determinantHasItsDerivativeAtSingularMatrices() throws {
    let singular = Tensor(shape: [2, 2], elements: [1, 2, 2, 4])
    let slope = try gradient(at: singular) { x throws(TensorError) in try x.determinant() }
    #expect(slope.elements == [4, -2, -2, 1])
    let ones = try Tensor.ones([3, 3])
    let none = try gradient(at: ones) { x throws(TensorError) in try x.determinant() }
    #expect(isClose(none, try .zeros([3, 3]), tolerance: 1e-15))
    let number = Tensor(shape: [1, 1], elements: [0])
    #expect(
      try gradient(at: number) { x throws(TensorError) in try x.determinant() } == .ones([1, 1]))
  }

  @Test func bothWaysToTheCofactorsAgree() throws {
    var random = Random(seed: 2)
    for n in 2...6 {
      // One row nearly depends on another: first within, then beyond the limit between the ways.
      for distance in [1e-7, 1e-10] {
        var a = Tensor(shape: [n, n], elements: random.normals(n * n))
        for j in 0..<n { a.elements[j] = a.elements[n + j] * (1 + distance * Double(j)) }
        let f = Tensor(shape: [n, n], elements: random.normals(n * n))
        let slope = try gradient(at: a) { x throws(TensorError) in try x.determinant() }
        // det is linear in each row: the slope along a row is the determinant with it replaced.
        var replaced = a
        for j in 0..<n { replaced.elements[j] = f.elements[j] }
        let along = (0..<n).reduce(0) { $0 + slope.elements[$1] * f.elements[$1] }
        #expect(isClose(along, try replaced.determinant().elements[0], tolerance: 1e-7))
      }
    }
  }

  @Test func equalEigenvaluesHaveADerivativeButTheirVectorsDoNot() throws {
    let two = try Tensor.eye(2)
    let sum = try gradient(at: two) { x throws(TensorError) in
      try x.symmetricEigen().values.sum()
    }
    #expect(sum == two)
    #expect(throws: TensorError.factorisation(.eigh, .equalValues(0, 1), shape: [2, 2])) {
      try gradient(at: two) { x throws(TensorError) in
        try x.symmetricEigen().vectors.subscripted([.at(0), .at(0)])
      }
    }
  }

  /// The vector of the value 5 stands alone, whatever the other two do.
  @Test func vectorsBesideEqualEigenvaluesHaveADerivative() throws {
    let a = try Tensor.vector([2, 2, 5]).diagonal()
    let slope = try gradient(at: a) { x throws(TensorError) in
      try x.symmetricEigen().vectors.subscripted([.at(0), .at(2)])
    }
    // v₀ = δ/3 for a change δ of both entries [0, 2] and [2, 0].
    var expected = try Tensor.zeros([3, 3])
    for place in [2, 6] { expected.elements[place] = 1.0 / 6 }
    #expect(isClose(slope, expected, tolerance: 1e-15))
  }

  @Test func singularVectorsWithoutADirectionHaveNoDerivative() throws {
    let flat = Tensor(shape: [3, 2], elements: [1, 0, 0, 0, 0, 0])
    #expect(throws: TensorError.factorisation(.svd, .zeroValue(1), shape: [3, 2])) {
      try gradient(at: flat) { x throws(TensorError) in
        try x.singularValues().u.subscripted([.at(1), .at(1)])
      }
    }
    #expect(throws: TensorError.factorisation(.svd, .equalValues(0, 1), shape: [2, 2])) {
      try gradient(at: .eye(2)) { x throws(TensorError) in
        try x.singularValues().vt.subscripted([.at(0), .at(0)])
      }
    }
    let largest = try gradient(at: flat) { x throws(TensorError) in
      try x.singularValues().s.max()
    }
    #expect(largest.elements == [1, 0, 0, 0, 0, 0])
    #expect(throws: TensorError.factorisation(.qr, .dependentColumns, shape: [3, 2])) {
      try gradient(at: flat) { x throws(TensorError) in try x.qr().q.sum() }
    }
  }
}
