import TestSupport
import Tensors
import Testing

/// Order, counting and search against NumPy.
@Suite struct SortingTests {
  static let x = Tensor(shape: [2, 4], elements: [3, .nan, 1, 2, .nan, -1, .infinity, -1])

  @Test func nanSortsLast() throws {
    expect(try Self.x.sorted(), [1, 2, 3, .nan, -1, -1, .infinity, .nan])
    expect(try Self.x.sorted(axis: 0), [3, -1, 1, -1, .nan, .nan, .infinity, 2])
    expect(try Self.x.sorted(axis: nil), [-1, -1, 1, 2, 3, .infinity, .nan, .nan])
    expect(try Tensor(5).sorted(), [5])
  }

  @Test func equalElementsKeepTheirOrder() throws {
    expect(try Self.x.argsort(), [2, 3, 0, 1, 1, 3, 2, 0])
    expect(try Self.x.argsort(axis: 0), [0, 1, 0, 1, 1, 0, 1, 0])
    let ties = try Tensor.zeros([1000])
    #expect(try ties.argsort() == Tensor.arange(1000))
  }

  @Test func distinctElementsAscend() {
    expect(Self.x.unique(), [-1, 1, 2, 3, .infinity, .nan])
    #expect(Tensor.vector([]).unique().shape == [0])
  }

  @Test func occurrencesAreCounted() throws {
    #expect(try Tensor.vector([1, 3, 1]).bincount() == .vector([0, 2, 0, 1]))
    #expect(try Tensor.vector([]).bincount(minimumLength: 2) == .vector([0, 0]))
    #expect(throws: TensorError.notWhole(-1)) { try Tensor.vector([-1]).bincount() }
    #expect(throws: TensorError.notWhole(0.5)) { try Tensor.vector([0.5]).bincount() }
    #expect(throws: TensorError.self) { try Tensor.vector([.nan]).bincount() }
    #expect(throws: TensorError.tooLarge(elements: .infinity)) {
      try Tensor.vector([.infinity]).bincount()
    }
    #expect(throws: TensorError.notAVector([2, 4])) { try Self.x.bincount() }
  }

  @Test func placesAreFoundByHalving() throws {
    let sorted = Tensor.vector([1, 2, 2, 3])
    let values = Tensor.vector([0, 2, 2.5, 9, .nan])
    expect(try sorted.searchsorted(values), [0, 1, 3, 4, 4])
    expect(try sorted.searchsorted(values, right: true), [0, 3, 3, 4, 4])
  }

  @Test func truePositionsAreListed() {
    #expect(
      mask([2, 2], [0, 1, 1, 0]).nonzero() == Tensor(shape: [2, 2], elements: [0, 1, 1, 0]))
    #expect(Self.x.contains(.infinity))
    #expect(!Self.x.contains(.nan))
  }

  private func expect(
    _ actual: Tensor, _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      isClose(.vector(actual.elements), .vector(expected), tolerance: 0),
      sourceLocation: sourceLocation)
  }
}
