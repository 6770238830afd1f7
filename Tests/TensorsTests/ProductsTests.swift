import TestSupport
import Tensors
import Testing

/// Matrix products, diagonals and distances.
@Suite struct ProductsTests {
  @Test func vectorsCountAsRowsAndColumns() throws {
    let (a, b) = (counting([2, 3]), counting([3, 2]))
    let v = Tensor.vector([1, -1, 2])
    #expect(try Tensor.matmul(a, b) == Tensor(shape: [2, 2], elements: [10, 13, 28, 40]))
    #expect(try Tensor.matmul(a, v) == .vector([3, 9]))
    #expect(try Tensor.matmul(v, b) == .vector([6, 8]))
    #expect(try Tensor.matmul(v, v) == Tensor(6))
  }

  @Test func emptyProductsAreZero() throws {
    #expect(
      try Tensor.matmul(Tensor.zeros([2, 0]), Tensor.zeros([0, 3])) == Tensor.zeros([2, 3]))
    #expect(try Tensor.matmul(Tensor.zeros([0, 4]), Tensor.zeros([4, 3])).shape == [0, 3])
    #expect(try Tensor.matmul(Tensor.zeros([0]), Tensor.zeros([0])) == Tensor(0))
  }

  @Test func whatDoesNotMultiplyIsNamed() {
    #expect(throws: TensorError.innerLengthsDiffer([2, 3], [2, 3])) {
      try Tensor.matmul(counting([2, 3]), counting([2, 3]))
    }
    #expect(throws: TensorError.notAMatrix([])) { try Tensor.matmul(Tensor(1), counting([1])) }
    #expect(throws: TensorError.notAMatrix([1, 1, 1])) {
      try Tensor.matmul(counting([1]), counting([1, 1, 1]))
    }
    #expect(throws: TensorError.tooLarge(elements: 1e10)) {
      try Tensor.matmul(Tensor.zeros([100_000, 1]), Tensor.zeros([1, 100_000]))
    }
  }

  /// Both kernels meet at the limit; integers are exact in either.
  @Test(arguments: [63, 64, 65, 80]) func kernelsAgreeAcrossTheLimit(n: Int) throws {
    let a = Tensor(shape: [n, n], elements: (0..<(n * n)).map { Double($0 % 17) - 8 })
    let b = Tensor(shape: [n, n], elements: (0..<(n * n)).map { Double($0 % 13) - 6 })
    let c = try Tensor.matmul(a, b)
    for (i, j) in [(0, 0), (n - 1, 3), (n / 2, n - 1)] {
      let entry = (0..<n).reduce(0.0) { $0 + a.elements[i * n + $1] * b.elements[$1 * n + j] }
      #expect(c.elements[i * n + j] == entry)
    }
  }

  @Test func diagonalsGoBothWays() throws {
    let x = counting([2, 3])
    #expect(try x.diagonal() == .vector([0, 4]))
    #expect(try x.trace() == Tensor(4))
    #expect(try Tensor.vector([1, 2]).diagonal().elements == [1, 0, 0, 2])
    #expect(throws: TensorError.notAMatrix([2])) { try Tensor.vector([1, 2]).trace() }
    #expect(try Tensor.outer(.vector([1, 2]), .vector([3, 4])).elements == [3, 4, 6, 8])
  }

  /// The second size is computed by one matrix product, the first directly.
  @Test(arguments: [(5, 3), (600, 16)]) func equalRowsHaveDistanceZero(n: Int, d: Int) throws {
    let z = Tensor(
      shape: [n, d], elements: (0..<(n * d)).map { 100 + Double($0 * $0 % 97) / 7 })
    let distances = try Tensor.squaredDistances(z, z)
    #expect(try distances.diagonal() == Tensor.zeros([n]))
    #expect(distances.elements.allSatisfy { $0 >= 0 })
    let (i, j) = (1, n - 2)
    let direct = (0..<d).reduce(0.0) { sum, k in
      let difference = z.elements[i * d + k] - z.elements[j * d + k]
      return sum + difference * difference
    }
    #expect(isClose(distances.elements[i * n + j], direct, tolerance: 1e-11))
  }
}
