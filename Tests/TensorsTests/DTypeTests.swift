import TestSupport
import Tensors
import Testing

/// What float32 tensors hold, and what dtype an operation gives.
///
/// Numbers are NumPy's: `a = np.float32([[0.1, -2.5, 3.7], [1e-3, 7.25, 100.1]])` and
/// `b = np.float32([0.3, 1.7, -0.9])`, the expression beside each list.
@Suite struct DTypeTests {
  static let a = Tensor(
    shape: [2, 3], elements: [0.1, -2.5, 3.7, 1e-3, 7.25, 100.1], dtype: .float32)
  static let b = Tensor(shape: [3], elements: [0.3, 1.7, -0.9], dtype: .float32)
  /// The same as `b` in float64.
  static let wide = Tensor(shape: [3], elements: [0.3, 1.7, -0.9])
  static let truths = mask([3], [1, 0, 1])
  /// Two units in the last place of float32: NumPy rounds on the way, these operations at the end.
  static let singleRounding = 2.4e-7

  @Test func elementsAreRoundedAndTakeFourBytes() throws {
    #expect(Self.b.elements == [0.30000001192092896, 1.7000000476837158, -0.8999999761581421])
    #expect(Self.b.singles == [0.3, 1.7, -0.9])
    #expect(Self.b[position: 1] == 1.7000000476837158)
    #expect(Self.b.byteCount == 12)
    #expect(Self.wide.byteCount == 24)
    #expect(Self.wide.singles == [0.3, 1.7, -0.9])
    #expect(Self.wide.converted(to: .float32) == Self.b)
    #expect(Self.b.converted(to: .float64).elements == Self.b.elements)
    #expect(Self.b.converted(to: .bool) == mask([3], [1, 1, 1]))
    #expect(Tensor(1e39, dtype: .float32).elements == [.infinity])
    #expect(try Tensor.full([2], 0.1, dtype: .float32).singles == [0.1, 0.1])
  }

  @Test func changesInPlaceAreRounded() throws {
    var x = Self.b
    x.elements[0] = 0.1
    x[position: 1] = 0.2
    #expect(x.singles == [0.1, 0.2, -0.9])
    #expect(x.elements[0] == 0.10000000149011612)
    #expect(Self.b.singles[0] == 0.3)
    try x.assign(Self.wide, at: [.all])
    #expect(x == Self.b)
    try x.assign(Tensor(0.7), at: [.at(-1)])
    #expect(x.singles == [0.3, 1.7, 0.7])
    try x.scatterAdd(.vector([1, 1]), at: [.gather([0, 0], shape: [2])])
    #expect(x.singles == [2.3, 1.7, 0.7])
    var y = Self.wide
    try y.assign(Self.b, at: [.all])
    #expect(y == Self.b.converted(to: .float64))
    y[position: 0] = 0.1
    #expect(y.elements[0] == 0.1)
  }

  struct Case: Sendable {
    let name: String
    let result: @Sendable () throws -> Tensor
    let expected: [Double]

    init(_ name: String, _ expected: [Double], _ result: @escaping @Sendable () throws -> Tensor) {
      (self.name, self.expected, self.result) = (name, expected, result)
    }
  }

  /// Correctly rounded operations: NumPy's bits.
  static let exact = [
    Case(
      "a + b",
      [
        0.4000000059604645, -0.7999999523162842, 2.8000001907348633, 0.3009999990463257,
        8.949999809265137, 99.19999694824219,
      ]
    ) { try a + b },
    Case(
      "a - b",
      [
        -0.20000001788139343, -4.199999809265137, 4.599999904632568, -0.2990000247955322,
        5.550000190734863, 101,
      ]
    ) { try a - b },
    Case(
      "a * b",
      [
        0.030000001192092896, -4.25, -3.3299999237060547, 0.0003000000142492354,
        12.325000762939453, -90.08999633789062,
      ]
    ) { try a * b },
    Case(
      "a / b",
      [
        0.3333333134651184, -1.470588207244873, -4.111111164093018, 0.0033333334140479565,
        4.264705657958984, -111.22222137451172,
      ]
    ) { try a / b },
    Case(
      "a * 0.1",
      [
        0.010000000707805157, -0.25, 0.3700000047683716, 0.00010000000474974513,
        0.7250000238418579, 10.010000228881836,
      ]
    ) { try a * Tensor(0.1) },
    Case(
      "1 / a",
      [
        10, -0.4000000059604645, 0.2702702581882477, 999.9999389648438, 0.13793103396892548,
        0.009990010410547256,
      ]
    ) { try Tensor(1) / a },
    Case(
      "a % b",
      [
        0.10000000149011612, 0.9000000953674316, -0.7999998331069946, 0.0010000000474974513,
        0.4499998092651367, -0.6999988555908203,
      ]
    ) { try .remainder(a, b) },
    Case("a // b", [0, -2, -5, 0, 4, -112]) { try .floorDivide(a, b) },
    Case("a == 0.1", [1, 0, 0, 0, 0, 0]) { try .equal(a, Tensor(0.1)) },
    Case(
      "np.sqrt(np.abs(a))",
      [
        0.3162277638912201, 1.5811388492584229, 1.9235384464263916, 0.03162277862429619,
        2.692582368850708, 10.004998207092285,
      ]
    ) { a.abs().sqrt() },
    Case(
      "a ** 2",
      [
        0.010000000707805157, 6.25, 13.690000534057617, 1.0000001111620804e-06, 52.5625,
        10020.009765625,
      ]
    ) { try .power(a, Tensor(2)) },
    Case("np.float32([1e38]) * 10", [.infinity]) {
      try Tensor(shape: [1], elements: [1e38], dtype: .float32) * Tensor(10)
    },
    Case("np.float32(1) / 3", [0.3333333432674408]) {
      try Tensor(1, dtype: .float32) / Tensor(3)
    },
    Case("a.max(1)", [3.700000047683716, 100.0999984741211]) { try a.max(axis: 1) },
    Case(
      "a + np.float64([0.3, 1.7, -0.9])",
      [
        0.4000000014901161, -0.8, 2.800000047683716, 0.30100000004749744, 8.95,
        99.19999847412109,
      ]
    ) { try a + wide },
  ]

  @Test(arguments: exact.indices) func arithmeticGivesTheBitsOfNumPy(_ number: Int) throws {
    let item = Self.exact[number]
    #expect(try item.result().elements == item.expected, "\(item.name)")
  }

  /// Sums and functions, where NumPy's own last bit depends on its version.
  static let close = [
    Case("np.exp(b)", [1.3498587608337402, 5.473947525024414, 0.4065696895122528]) { b.exp() },
    Case("a @ b", [-7.549999713897705, -77.76469421386719]) { try .matmul(a, b) },
    Case("a.sum(0)", [0.10100000351667404, 4.75, 103.79999542236328]) { try a.sum(axis: 0) },
    Case("a.mean()", [18.10849952697754]) { try a.mean() },
    Case("a.var()", [1354.1693115234375]) { try a.variance() },
    Case(
      "a.cumsum()",
      [
        0.10000000149011612, -2.4000000953674316, 1.2999999523162842, 1.3009999990463257,
        8.550999641418457, 108.6510009765625,
      ]
    ) { try a.cumsum() },
    Case(
      "np.exp(b - b.max()) / np.exp(b - b.max()).sum()",
      [0.1866927444934845, 0.7570765018463135, 0.056230783462524414]
    ) { try b.softmax() },
  ]

  @Test(arguments: close.indices) func functionsAreAsCloseAsRoundingAllows(_ number: Int) throws {
    let item = Self.close[number]
    let result = try item.result()
    #expect(result.dtype == .float32)
    for (x, y) in zip(result.elements, item.expected) {
      #expect(abs(x - y) <= Self.singleRounding * abs(y), "\(item.name)")
    }
  }

  @Test func widerOperandWinsUnlessItHasNoAxes() throws {
    let (number, single) = (Tensor(3), Tensor(3, dtype: .float32))
    let truth = Tensor.truth(true)
    let table: [(Tensor, Tensor, DType)] = [
      (Self.b, Self.b, .float32), (Self.b, Self.wide, .float64), (Self.b, number, .float32),
      (Self.b, single, .float32), (Self.b, Self.truths, .float32), (Self.b, truth, .float32),
      (Self.wide, single, .float64), (Self.wide, number, .float64),
      (Self.wide, Self.truths, .float64), (Self.truths, Self.truths, .float64),
      (Self.truths, single, .float32), (Self.truths, number, .float64),
      (single, number, .float32), (single, single, .float32), (single, truth, .float32),
      (number, number, .float64), (truth, truth, .float64),
    ]
    for (x, y, dtype) in table {
      for (x, y) in [(x, y), (y, x)] {
        #expect(try Tensor.add(x, y).dtype == dtype, "\(x.dtype) \(x.rank) \(y.dtype) \(y.rank)")
        #expect(try Tensor.power(x, y).dtype == dtype)
        #expect(try Tensor.remainder(x, y).dtype == dtype)
        #expect(try Tensor.less(x, y).dtype == .bool)
        let isMask = x.dtype == .bool && y.dtype == .bool
        #expect(try Tensor.maximum(x, y).dtype == (isMask ? .bool : dtype))
        #expect(try Tensor.where(Self.truths, x, y).dtype == (isMask ? .bool : dtype))
      }
    }
  }

  @Test func numbersAreRoundedBeforeTheyMeetFloat32() throws {
    #expect(try Tensor.equal(Self.b, Tensor(0.3)).elements == [1, 0, 0])
    #expect(try Tensor.equal(Self.b, Self.wide).elements == [0, 0, 0])
    #expect(Self.b.contains(0.3))
    #expect(!Self.b.converted(to: .float64).contains(0.3))
    #expect(try Self.b.sorted().searchsorted(Tensor(0.3)).elements == [1])
  }

  /// Operations that pass elements on, or reduce them.
  static let keeping: [String: @Sendable (Tensor) throws -> Tensor] = [
    "subscripted": { try $0.subscripted([.all, .slice(start: 1, stop: nil, step: 1)]) },
    "element": { try $0.subscripted([.at(0), .at(0)]) },
    "gathered": { try $0.subscripted([.gather([1, 0], shape: [2])]) },
    "reshaped": { try $0.reshaped(to: [3, 2]) },
    "transposed": { $0.transposed() },
    "permuted": { try $0.expanded(axis: 0).permuted([2, 0, 1]) },
    "broadcast": { try $0.broadcast(to: [2, 2, 3]) },
    "tiled": { try $0.tiled([2]) },
    "repeated": { try $0.repeated(2) },
    "concat": { try Tensor.concat([$0, $0], axis: 1) },
    "stack": { try Tensor.stack([$0, $0]) },
    "where": { try Tensor.where(.truth(true), $0, Tensor(0)) },
    "clip": { try $0.clip(low: Tensor(0), high: Tensor(1)) },
    "sorted": { try $0.sorted() },
    "unique": { $0.unique() },
    "cumsum": { try $0.cumsum(axis: 0) },
    "diagonal": { try $0.diagonal() },
    "diagonal matrix": { try $0.flattened().diagonal() },
    "trace": { try $0.trace() },
    "sum": { try $0.sum() },
    "sum to": { try $0.sum(to: [1, 3]) },
    "mean": { try $0.mean(axis: 0) },
    "std": { try $0.std() },
    "prod": { try $0.prod() },
    "min": { try $0.min() },
    "logsumexp": { try $0.logsumexp() },
    "logSoftmax": { try $0.logSoftmax() },
    "negate": { $0.negate() },
    "tanh": { $0.tanh() },
    "matmul": { try Tensor.matmul($0, $0.transposed()) },
    "outer": { try Tensor.outer($0, $0) },
    "squaredDistances": { try Tensor.squaredDistances($0, $0) },
    "scattered": { try $0.scattered(at: [.all, .all], shape: [2, 3]) },
    "determinant": {
      try $0.subscripted([.all, .slice(start: 0, stop: 2, step: 1)]).determinant()
    },
    "inverse": { try $0.subscripted([.all, .slice(start: 0, stop: 2, step: 1)]).inverse() },
    "solve": { try Tensor.solve($0.subscripted([.all, .slice(start: 0, stop: 2, step: 1)]), $0) },
    "singular values": { try $0.singularValues().s },
    "orthonormal columns": { try $0.qr().q },
    "triangle": { try $0.qr().r },
    "pseudo-inverse": { try $0.pseudoInverse() },
    "eigenvalues": { try Tensor.matmul($0, $0.transposed()).symmetricEigen().values },
    "cholesky": { try Tensor.matmul($0, $0.transposed()).cholesky() },
  ]

  @Test(arguments: keeping.keys.sorted()) func dtypeIsKept(_ name: String) throws {
    let operation = try #require(Self.keeping[name])
    let single = try operation(Self.a)
    #expect(single.dtype == .float32)
    let wide = try operation(Self.a.converted(to: .float64))
    #expect(wide.dtype == .float64)
    #expect(isClose(single, wide, tolerance: 2 * Self.singleRounding))
  }

  @Test func positionsAndCountsAreFloat64() throws {
    #expect(try Self.a.argmax().dtype == .float64)
    #expect(try Self.a.argsort().dtype == .float64)
    #expect(try Self.a.countTrue().dtype == .float64)
    #expect(Self.a.nonzero().dtype == .float64)
    #expect(try Self.b.sorted().searchsorted(Self.b).dtype == .float64)
    #expect(try Tensor.zeros([2]).dtype == .float64)
  }

  @Test func widestOfThePartsWinsWhenJoined() throws {
    #expect(try Tensor.concat([Self.b, Self.wide]).dtype == .float64)
    #expect(try Tensor.concat([Self.b, Self.truths]).singles == [0.3, 1.7, -0.9, 1, 0, 1])
    #expect(try Tensor.concat([Self.truths, Self.truths]).dtype == .bool)
  }

  @Test func sumsOfManySinglesLoseNothingOnTheWay() throws {
    let count = 1 << 20
    let tenths = try Tensor.full([count], 0.1, dtype: .float32)
    #expect(try tenths.sum().elements == [Double(Float(Double(Float(0.1)) * Double(count)))])
    let rows = try Tensor.full([1000, 3], 0.1, dtype: .float32)
    #expect(try rows.sum(axis: 0).singles == [Float](repeating: 100, count: 3))
  }

  @Test func largeProductsAgreeWithFloat64() throws {
    var random = Random(seed: 3)
    let x = Tensor(shape: [130, 70], elements: random.normals(130 * 70), dtype: .float32)
    let y = Tensor(shape: [70, 90], elements: random.normals(70 * 90), dtype: .float32)
    let product = try Tensor.matmul(x, y)
    #expect(product.dtype == .float32)
    let wide = try Tensor.matmul(x.converted(to: .float64), y.converted(to: .float64))
    // 70 roundings, each of half a unit in the last place of sums of about √70.
    #expect(isClose(product, wide, tolerance: 70 * 6e-8 * 8.4))
  }
}
