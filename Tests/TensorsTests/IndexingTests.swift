import TestSupport
import Tensors
import Testing

/// Reading and writing by index, against NumPy on `arange(24).reshape(2, 3, 4)`.
@Suite struct IndexingTests {
  static let x = Tensor(shape: [2, 3, 4], elements: (0..<24).map(Double.init))

  struct Case: Sendable {
    let indices: [Tensor.Index]
    let shape: [Int]
    let elements: [Double]

    init(_ indices: [Tensor.Index], _ shape: [Int], _ elements: [Double]) {
      (self.indices, self.shape, self.elements) = (indices, shape, elements)
    }
  }

  @Test(arguments: cases) func readsWhatNumPyReads(_ item: Case) throws {
    let expected = Tensor(shape: item.shape, elements: item.elements)
    #expect(try Self.x.subscripted(item.indices) == expected)
    #expect(try Tensor.subscriptedShape([2, 3, 4], at: item.indices) == item.shape)
  }

  @Test(arguments: cases) func scatteringIsTheAdjointOfReading(_ item: Case) throws {
    let weights = Tensor(
      shape: item.shape, elements: item.elements.indices.map { Double($0 % 7) - 2 })
    let read = try (Self.x.subscripted(item.indices) * weights).sum()
    let back = try (weights.scattered(at: item.indices, shape: [2, 3, 4]) * Self.x).sum()
    #expect(read == back)
  }

  struct Assignment: Sendable {
    let indices: [Tensor.Index]
    let value: Tensor
    let elements: [Double]

    init(_ indices: [Tensor.Index], _ value: Tensor, _ elements: [Double]) {
      (self.indices, self.value, self.elements) = (indices, value, elements)
    }
  }

  @Test(arguments: assignments) func assignsWhatNumPyAssigns(_ item: Assignment) throws {
    var y = Self.x
    try y.assign(item.value, at: item.indices)
    #expect(y == Tensor(shape: [2, 3, 4], elements: item.elements))
  }

  @Test func copiesDoNotSeeAnAssignment() throws {
    var y = Self.x
    try y.assign(Tensor(99), at: [.at(0), .at(0), .at(0)])
    #expect(Self.x.elements[0] == 0)
    #expect(y.elements[0] == 99)
  }

  @Test func maskKeepsTruthValues() throws {
    var mask = mask([2], [0, 0])
    try mask.assign(Tensor(5), at: [.at(1)])
    #expect(mask == TensorsTests.mask([2], [0, 1]))
  }

  @Test func doubledPositionsAddUpWhenScattered() throws {
    var y = try Tensor.zeros([3])
    try y.scatterAdd(.vector([1, 2, 4]), at: [.gather([0, 2, 0], shape: [3])])
    #expect(y.elements == [5, 0, 2])
  }

  @Test(
    arguments: [
      ([.at(2)], .indexOutOfRange(index: 2, axis: 0, length: 2)),
      ([.all, .at(-4)], .indexOutOfRange(index: -4, axis: 1, length: 3)),
      ([.at(Int.min)], .indexOutOfRange(index: Int.min, axis: 0, length: 2)),
      ([.at(0), .at(0), .at(9)], .indexOutOfRange(index: 9, axis: 2, length: 4)),
      ([.gather([0, 5], shape: [2])], .indexOutOfRange(index: 5, axis: 0, length: 2)),
      ([.at(0), .at(0), .at(0), .at(0)], .tooManyIndices(given: 4, rank: 3)),
      ([.ellipsis, .ellipsis], .secondEllipsis),
      ([.slice(start: nil, stop: nil, step: 0)], .zeroStep),
      ([.mask(mask([3], [1, 0, 1]))], .maskShape(mask: [3], tensor: [2, 3, 4])),
      ([.mask(mask([1, 1, 1, 1], [1]))], .maskShape(mask: [1, 1, 1, 1], tensor: [2, 3, 4])),
      (
        [.gather([0, 1], shape: [2]), .gather([0, 1, 2], shape: [3])],
        .shapesDoNotBroadcast([2], [3])
      ),
    ] as [([Tensor.Index], TensorError)])
  func refusesByName(_ indices: [Tensor.Index], _ error: TensorError) {
    #expect(throws: error) { try Self.x.subscripted(indices) }
  }

  @Test func valueOfAnotherShapeIsRefused() {
    var y = Self.x
    #expect(throws: TensorError.cannotAssign(value: [3], target: [3, 4])) {
      try y.assign(.vector([1, 2, 3]), at: [.at(0)])
    }
  }

  @Test(arguments: [Int.min, -100, -1, 1, 100, Int.max], [Int.min, -7, 0, 7, Int.max])
  func extremeSlicesClamp(step: Int, end: Int) throws {
    for indices: [Tensor.Index] in [
      [.slice(start: end, stop: nil, step: step)], [.slice(start: nil, stop: end, step: step)],
    ] {
      #expect(try Self.x.subscripted(indices).shape[0] <= 2)
    }
  }

  @Test func tensorBecomesAnIndex() throws {
    #expect(try Tensor.Index(Tensor(2)) == .at(2))
    #expect(try Tensor.Index(.vector([0, -1])) == .gather([0, -1], shape: [2]))
    #expect(try Tensor.Index(mask([1], [1])) == .mask(mask([1], [1])))
    #expect(throws: TensorError.notWhole(1.5)) { try Tensor.Index(Tensor(1.5)) }
    #expect(throws: TensorError.notWhole(.infinity)) { try Tensor.Index(Tensor(.infinity)) }
  }

  static let cases: [Case] = [
    Case(
      [], [2, 3, 4],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]),
    Case([.at(0)], [3, 4], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    Case([.at(-1)], [3, 4], [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]),
    Case([.at(1), .at(2), .at(3)], [], [23]),
    Case([.all, .at(1)], [2, 4], [4, 5, 6, 7, 16, 17, 18, 19]),
    Case([.ellipsis, .at(0)], [2, 3], [0, 4, 8, 12, 16, 20]),
    Case([.at(0), .ellipsis], [3, 4], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    Case([.all, .newAxis, .at(1)], [2, 1, 4], [4, 5, 6, 7, 16, 17, 18, 19]),
    Case(
      [.newAxis, .ellipsis, .newAxis], [1, 2, 3, 4, 1],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]),
    Case(
      [.all, .slice(start: nil, stop: nil, step: -1)], [2, 3, 4],
      [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3, 20, 21, 22, 23, 16, 17, 18, 19, 12, 13, 14, 15]),
    Case(
      [.all, .slice(start: nil, stop: nil, step: 2), .slice(start: 1, stop: nil, step: 2)],
      [2, 2, 2], [1, 3, 9, 11, 13, 15, 21, 23]),
    Case(
      [.all, .all, .slice(start: -1, stop: 0, step: -2)], [2, 3, 2],
      [3, 1, 7, 5, 11, 9, 15, 13, 19, 17, 23, 21]),
    Case([.slice(start: 5, stop: 9, step: nil)], [0, 3, 4], []),
    Case(
      [.all, .slice(start: -100, stop: 100, step: nil)], [2, 3, 4],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]),
    Case([.all, .slice(start: 2, stop: 0, step: nil)], [2, 0, 4], []),
    Case(
      [.all, .all, .slice(start: 100, stop: nil, step: -3)], [2, 3, 2],
      [3, 0, 7, 4, 11, 8, 15, 12, 19, 16, 23, 20]),
    Case(
      [.all, .slice(start: -1, stop: -100, step: -1)], [2, 3, 4],
      [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3, 20, 21, 22, 23, 16, 17, 18, 19, 12, 13, 14, 15]),
    Case(
      [.gather([1, 0, 1], shape: [3])], [3, 3, 4],
      [
        12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
        13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
      ]),
    Case(
      [.gather([0, 1, 1, 0], shape: [2, 2])], [2, 2, 3, 4],
      [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 12,
        13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
      ]),
    Case(
      [.all, .gather([2, 0], shape: [2])], [2, 2, 4],
      [8, 9, 10, 11, 0, 1, 2, 3, 20, 21, 22, 23, 12, 13, 14, 15]),
    Case(
      [.all, .gather([2, -1], shape: [2]), .gather([0, 3], shape: [2])], [2, 2], [8, 11, 20, 23]),
    Case(
      [.gather([0, 1], shape: [2]), .all, .gather([1, 2], shape: [2])], [2, 3],
      [1, 5, 9, 14, 18, 22]),
    Case(
      [.gather([0, 1], shape: [2]), .gather([1, 2], shape: [2]), .all], [2, 4],
      [4, 5, 6, 7, 20, 21, 22, 23]),
    Case([.at(0), .all, .gather([1, 2], shape: [2])], [2, 3], [1, 5, 9, 2, 6, 10]),
    Case([.at(0), .gather([1, 2], shape: [2])], [2, 4], [4, 5, 6, 7, 8, 9, 10, 11]),
    Case([.gather([0, 1], shape: [2]), .all, .at(0)], [2, 3], [0, 4, 8, 12, 16, 20]),
    Case(
      [.gather([0, 1], shape: [2, 1]), .gather([0, 2], shape: [2])], [2, 2, 4],
      [0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23]),
    Case(
      [.gather([0, 1], shape: [2, 1]), .all, .gather([0, 2, 3], shape: [3])], [2, 3, 3],
      [0, 4, 8, 2, 6, 10, 3, 7, 11, 12, 16, 20, 14, 18, 22, 15, 19, 23]),
    Case(
      [.all, .gather([0, 2], shape: [2]), .newAxis, .gather([1, 3], shape: [2])], [2, 2, 1],
      [1, 13, 11, 23]),
    Case(
      [.newAxis, .gather([1, 0], shape: [2])], [1, 2, 3, 4],
      [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    Case([.mask(mask([2], [1, 0]))], [1, 3, 4], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    Case(
      [.all, .mask(mask([3], [1, 0, 1]))], [2, 2, 4],
      [0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23]),
    Case(
      [.ellipsis, .mask(mask([4], [1, 0, 1, 1]))], [2, 3, 3],
      [0, 2, 3, 4, 6, 7, 8, 10, 11, 12, 14, 15, 16, 18, 19, 20, 22, 23]),
    Case(
      [
        .mask(
          mask(
            [2, 3, 4], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]))
      ], [3], [21, 22, 23]),
    Case(
      [
        .mask(
          mask(
            [2, 3, 4], [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]))
      ], [12], [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]),
    Case(
      [.all, .mask(mask([3, 4], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]))], [2, 2], [10, 11, 22, 23]),
    Case([.at(0), .mask(mask([3, 4], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]))], [2], [10, 11]),
    Case(
      [.mask(mask([2], [1, 1])), .gather([0, 2], shape: [2])], [2, 4], [0, 1, 2, 3, 20, 21, 22, 23]),
    Case(
      [
        .gather([1, 0], shape: [2]), .slice(start: 0, stop: 2, step: nil),
        .mask(mask([4], [1, 0, 1, 0])),
      ], [2, 2], [12, 16, 2, 6]),
    Case([.gather([], shape: [0])], [0, 3, 4], []),
    Case([.all, .gather([], shape: [0])], [2, 0, 4], []),
    Case([.slice(start: 0, stop: 0, step: nil), .gather([0, 1], shape: [2])], [0, 2, 4], []),
    Case(
      [
        .mask(
          mask(
            [2, 3, 4], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
      ], [0], []),
  ]

  static let assignments: [Assignment] = [
    Assignment(
      [.at(0)], Tensor(shape: [], elements: [7]),
      [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]),
    Assignment(
      [.all, .at(1)], Tensor(shape: [4], elements: [1, 2, 3, 4]),
      [0, 1, 2, 3, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14, 15, 1, 2, 3, 4, 20, 21, 22, 23]),
    Assignment(
      [.all, .all, .at(0)], Tensor(shape: [2, 1], elements: [10, 20]),
      [10, 1, 2, 3, 10, 5, 6, 7, 10, 9, 10, 11, 20, 13, 14, 15, 20, 17, 18, 19, 20, 21, 22, 23]),
    Assignment(
      [.gather([0, 1], shape: [2]), .all, .gather([1, 2], shape: [2])],
      Tensor(shape: [3], elements: [1, 2, 3]),
      [0, 1, 2, 3, 4, 2, 6, 7, 8, 3, 10, 11, 12, 13, 1, 15, 16, 17, 2, 19, 20, 21, 3, 23]),
    Assignment(
      [.ellipsis, .slice(start: nil, stop: nil, step: -1)],
      Tensor(shape: [4], elements: [1, 2, 3, 4]),
      [4, 3, 2, 1, 4, 3, 2, 1, 4, 3, 2, 1, 4, 3, 2, 1, 4, 3, 2, 1, 4, 3, 2, 1]),
    Assignment(
      [.all, .gather([0, 0], shape: [2])],
      Tensor(shape: [1, 2, 4], elements: [1, 1, 1, 1, 2, 2, 2, 2]),
      [2, 2, 2, 2, 4, 5, 6, 7, 8, 9, 10, 11, 2, 2, 2, 2, 16, 17, 18, 19, 20, 21, 22, 23]),
    Assignment(
      [
        .mask(
          mask(
            [2, 3, 4], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]))
      ], Tensor(shape: [], elements: [-1]),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, -1, -1, -1]),
    Assignment(
      [.at(0), .gather([0, 2], shape: [2])], Tensor(shape: [1, 1], elements: [5]),
      [5, 5, 5, 5, 4, 5, 6, 7, 5, 5, 5, 5, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]),
    Assignment(
      [.at(1), .at(2)], Tensor(shape: [1, 4], elements: [1, 2, 3, 4]),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 1, 2, 3, 4]),
  ]
}
