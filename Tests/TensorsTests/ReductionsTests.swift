import TestSupport
import Tensors
import Testing

/// Reductions against NumPy, and where there is nothing to reduce.
@Suite struct ReductionsTests {
  static let x = Tensor(
    shape: [2, 2, 3], elements: [3, 1.5, -2, 0.25, 4, 4, -1, 2, 2, 5, -3, 0.5])

  typealias Reduction = @Sendable (Tensor, Int?, Bool) throws(TensorError) -> Tensor

  static let reductions: [String: Reduction] = [
    "sum": { x, axis, keep throws(TensorError) in try x.sum(axis: axis, keepDims: keep) },
    "mean": { x, axis, keep throws(TensorError) in try x.mean(axis: axis, keepDims: keep) },
    "variance": { x, axis, keep throws(TensorError) in
      try x.variance(axis: axis, keepDims: keep)
    },
    "std": { x, axis, keep throws(TensorError) in try x.std(axis: axis, keepDims: keep) },
    "prod": { x, axis, keep throws(TensorError) in try x.prod(axis: axis, keepDims: keep) },
    "min": { x, axis, keep throws(TensorError) in try x.min(axis: axis, keepDims: keep) },
    "max": { x, axis, keep throws(TensorError) in try x.max(axis: axis, keepDims: keep) },
    "argmin": { x, axis, keep throws(TensorError) in try x.argmin(axis: axis, keepDims: keep) },
    "argmax": { x, axis, keep throws(TensorError) in try x.argmax(axis: axis, keepDims: keep) },
    "any": { x, axis, keep throws(TensorError) in try x.any(axis: axis, keepDims: keep) },
    "all": { x, axis, keep throws(TensorError) in try x.all(axis: axis, keepDims: keep) },
    "countTrue": { x, axis, keep throws(TensorError) in
      try x.countTrue(axis: axis, keepDims: keep)
    },
  ]

  struct Case: Sendable {
    let name: String
    let axis: Int?
    let shape: [Int]
    let elements: [Double]

    init(_ name: String, _ axis: Int?, _ shape: [Int], _ elements: [Double]) {
      (self.name, self.axis, self.shape, self.elements) = (name, axis, shape, elements)
    }
  }

  @Test(arguments: cases) func reducesAsNumPy(_ item: Case) throws {
    let reduction = try #require(Self.reductions[item.name])
    let kept = try reduction(Self.x, item.axis, true)
    #expect(
      isClose(
        kept.converted(to: .float64), Tensor(shape: item.shape, elements: item.elements),
        tolerance: rounding))
    let dropped = try reduction(Self.x, item.axis, false)
    #expect(dropped.elements == kept.elements)
    #expect(dropped.rank == (item.axis == nil ? 0 : 2))
  }

  @Test(arguments: reductions.keys.sorted()) func axisMustExist(_ name: String) throws {
    let reduction = try #require(Self.reductions[name])
    #expect(throws: TensorError.axisOutOfRange(axis: 3, rank: 3)) {
      try reduction(Self.x, 3, false)
    }
    #expect(throws: TensorError.axisOutOfRange(axis: -4, rank: 3)) {
      try reduction(Self.x, -4, false)
    }
  }

  @Test(arguments: ["min", "max", "argmin", "argmax"])
  func emptyTensorHasNoExtreme(_ name: String) throws {
    let reduction = try #require(Self.reductions[name])
    let empty = try Tensor.zeros([0, 3])
    #expect(throws: TensorError.emptyReduction(name)) { try reduction(empty, nil, false) }
    #expect(throws: TensorError.emptyReduction(name)) { try reduction(empty, 0, false) }
    #expect(try reduction(empty, 1, false).shape == [0])
  }

  @Test func emptySumsAreNeutral() throws {
    let empty = try Tensor.zeros([0, 3])
    #expect(try empty.sum() == Tensor(0))
    #expect(try empty.sum(axis: 0).elements == [0, 0, 0])
    #expect(try empty.sum(axis: 1).shape == [0])
    #expect(try empty.prod() == Tensor(1))
    #expect(try empty.mean().elements[0].isNaN)
    #expect(try empty.any() == .truth(false))
    #expect(try empty.all() == .truth(true))
    #expect(try empty.logsumexp() == Tensor(-.infinity))
  }

  @Test func degreesOfFreedomDivideTheSquares() throws {
    #expect(try Self.x.variance(axis: 0, ddof: 1).elements == [8, 0.125, 8, 11.28125, 24.5, 6.125])
    #expect(try Self.x.variance(axis: 1, ddof: 2).elements.allSatisfy { $0 == .infinity })
    #expect(try Tensor.vector([1]).variance(ddof: 1).elements[0].isNaN)
  }

  @Test func nanWinsEveryExtreme() throws {
    let x = Tensor.vector([1, .nan, 3, .nan])
    #expect(try x.max().elements[0].isNaN)
    #expect(try x.min().elements[0].isNaN)
    #expect(try x.argmax() == Tensor(1))
    #expect(try x.argmin() == Tensor(1))
  }

  @Test func extremesOfMasksAreMasks() throws {
    #expect(try mask([2], [0, 1]).max() == .truth(true))
    #expect(try mask([2], [1, 1]).sum() == Tensor(2))
  }

  @Test func runningSumsFollowTheAxis() throws {
    #expect(
      try Self.x.cumsum().elements == [
        3, 4.5, 2.5, 2.75, 6.75, 10.75, 9.75, 11.75, 13.75, 18.75, 15.75, 16.25,
      ])
    #expect(
      try Self.x.cumsum(axis: 1).elements == [3, 1.5, -2, 3.25, 5.5, 2, -1, 2, 2, 4, -1, 2.5])
  }

  @Test func longSumsKeepTheirDigits() throws {
    let x = try Tensor.full([1_000_003], 0.1)
    #expect(isClose(try x.sum(), Tensor(100_000.3), tolerance: 1e-15))
    let columns = try Tensor.full([100_003, 2], 0.1)
    #expect(isClose(try columns.sum(axis: 0), .vector([10_000.3, 10_000.3]), tolerance: 2e-15))
  }

  @Test func sumsOfExponentialsNeitherOverflowNorVanish() throws {
    let x = Tensor(shape: [3, 2], elements: [1000, 1000, -1000, -1000, -.infinity, 3])
    let half = 0.6931471805599453
    let expected = Tensor.vector([1000 + half, -1000 + half, 3])
    #expect(isClose(try x.logsumexp(axis: 1), expected, tolerance: rounding))
    #expect(try x.softmax().elements == [0.5, 0.5, 0.5, 0.5, 0, 1])
    #expect(
      isClose(
        try x.logSoftmax(),
        Tensor(shape: [3, 2], elements: [-half, -half, -half, -half, -.infinity, 0]),
        tolerance: rounding))
    #expect(try Tensor.vector([-.infinity, -.infinity]).logsumexp() == Tensor(-.infinity))
    #expect(try Tensor.vector([1, .infinity]).logsumexp() == Tensor(.infinity))
  }

  static let cases: [Case] = [
    Case("sum", nil, [1, 1, 1], [16.25]),
    Case("sum", 0, [1, 2, 3], [2, 3.5, 0, 5.25, 1, 4.5]),
    Case("sum", 1, [2, 1, 3], [3.25, 5.5, 2, 4, -1, 2.5]),
    Case("sum", -1, [2, 2, 1], [2.5, 8.25, 3, 2.5]),
    Case("mean", nil, [1, 1, 1], [1.3541666666666667]),
    Case("mean", 0, [1, 2, 3], [1, 1.75, 0, 2.625, 0.5, 2.25]),
    Case("mean", 1, [2, 1, 3], [1.625, 2.75, 1, 2, -0.5, 1.25]),
    Case("mean", -1, [2, 2, 1], [0.8333333333333334, 2.75, 1, 0.8333333333333334]),
    Case("variance", nil, [1, 1, 1], [5.713107638888889]),
    Case("variance", 0, [1, 2, 3], [4, 0.0625, 4, 5.640625, 12.25, 3.0625]),
    Case("variance", 1, [2, 1, 3], [1.890625, 1.5625, 9, 9, 6.25, 0.5625]),
    Case("variance", -1, [2, 2, 1], [4.388888888888889, 3.125, 2, 10.722222222222223]),
    Case("std", nil, [1, 1, 1], [2.390210793819007]),
    Case("std", 0, [1, 2, 3], [2, 0.25, 2, 2.375, 3.5, 1.75]),
    Case("std", 1, [2, 1, 3], [1.375, 1.25, 3, 3, 2.5, 0.75]),
    Case(
      "std", -1, [2, 2, 1],
      [2.0949675149960894, 1.7677669529663689, 1.4142135623730951, 3.2744804507314167]),
    Case("prod", nil, [1, 1, 1], [-1080]),
    Case("prod", 0, [1, 2, 3], [-3, 3, -4, 1.25, -12, 2]),
    Case("prod", 1, [2, 1, 3], [0.75, 6, -8, -5, -6, 1]),
    Case("prod", -1, [2, 2, 1], [-9, 4, -4, -7.5]),
    Case("min", nil, [1, 1, 1], [-3]),
    Case("min", 0, [1, 2, 3], [-1, 1.5, -2, 0.25, -3, 0.5]),
    Case("min", 1, [2, 1, 3], [0.25, 1.5, -2, -1, -3, 0.5]),
    Case("min", -1, [2, 2, 1], [-2, 0.25, -1, -3]),
    Case("max", nil, [1, 1, 1], [5]),
    Case("max", 0, [1, 2, 3], [3, 2, 2, 5, 4, 4]),
    Case("max", 1, [2, 1, 3], [3, 4, 4, 5, 2, 2]),
    Case("max", -1, [2, 2, 1], [3, 4, 2, 5]),
    Case("argmin", nil, [1, 1, 1], [10]),
    Case("argmin", 0, [1, 2, 3], [1, 0, 0, 0, 1, 1]),
    Case("argmin", 1, [2, 1, 3], [1, 0, 0, 0, 1, 1]),
    Case("argmin", -1, [2, 2, 1], [2, 0, 0, 1]),
    Case("argmax", nil, [1, 1, 1], [9]),
    Case("argmax", 0, [1, 2, 3], [0, 1, 1, 1, 0, 0]),
    Case("argmax", 1, [2, 1, 3], [0, 1, 1, 1, 0, 0]),
    Case("argmax", -1, [2, 2, 1], [0, 1, 1, 0]),
    Case("any", nil, [1, 1, 1], [1]),
    Case("any", 0, [1, 2, 3], [1, 1, 1, 1, 1, 1]),
    Case("any", 1, [2, 1, 3], [1, 1, 1, 1, 1, 1]),
    Case("any", -1, [2, 2, 1], [1, 1, 1, 1]),
    Case("all", nil, [1, 1, 1], [1]),
    Case("all", 0, [1, 2, 3], [1, 1, 1, 1, 1, 1]),
    Case("all", 1, [2, 1, 3], [1, 1, 1, 1, 1, 1]),
    Case("all", -1, [2, 2, 1], [1, 1, 1, 1]),
    Case("countTrue", nil, [1, 1, 1], [12]),
    Case("countTrue", 0, [1, 2, 3], [2, 2, 2, 2, 2, 2]),
    Case("countTrue", 1, [2, 1, 3], [2, 2, 2, 2, 2, 2]),
    Case("countTrue", -1, [2, 2, 1], [3, 3, 3, 3]),
  ]
}
