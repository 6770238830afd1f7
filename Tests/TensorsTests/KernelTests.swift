import CKernels
import Tensors
import Testing

/// The vector loops: the same bits at every width, for any number of threads, and however many
/// elements there are.
@Suite struct KernelTests {
  /// Numbers of every size and kind, in a length that fills no vector evenly.
  static let numbers: [Double] = {
    var random = Random(seed: 7)
    let special = [
      0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
      -0.99 * .leastNormalMagnitude, 1.7e308, 709.78, 709.79,
      -745.1, 1e6, 3e7, -1e22, .pi, 0.5,
    ]
    return special + random.normals(97).map { $0 * 3 } + random.normals(60).map { 1e-9 * $0 }
      + random.uniforms(40).map { 1e300 * $0 }
  }()

  /// Every function of one number, with the same function of a single one.
  static let functions: [(name: String, of: @Sendable (Tensor) -> Tensor)] = [
    ("negate", { $0.negate() }), ("abs", { $0.abs() }), ("sqrt", { $0.sqrt() }),
    ("square", { (try? .power($0, Tensor(2))) ?? $0 }),
    ("cube", { (try? .power($0, Tensor(3))) ?? $0 }), ("relu", { $0.relu() }),
    ("sign", { $0.sign() }), ("exp", { $0.exp() }), ("expm1", { $0.expm1() }),
    ("log", { $0.log() }), ("log1p", { $0.log1p() }), ("tanh", { $0.tanh() }),
    ("sigmoid", { $0.sigmoid() }), ("softplus", { $0.softplus() }), ("sin", { $0.sin() }),
    ("cos", { $0.cos() }), ("tan", { $0.tan() }),
    ("power", { (try? .power($0, Tensor(2.3))) ?? $0 }),
    ("add", { (try? .add($0, $0.negate())) ?? $0 }),
    ("divide", { (try? .divide(Tensor(3), $0)) ?? $0 }),
    ("maximum", { (try? .maximum($0, Tensor(0.5))) ?? $0 }),
    ("minimum", { (try? .minimum($0, $0.exp())) ?? $0 }),
    ("choose", { (try? .where(.less($0, Tensor(0.5)), $0, $0.exp())) ?? $0 }),
    ("less", { (try? .less($0, $0.exp())) ?? $0 }),
    ("max", { (try? $0.max()) ?? $0 }), ("sum", { (try? $0.sum()) ?? $0 }),
    ("sum of rows", { (try? $0.broadcast(to: [20, $0.count]).sum(axis: 0)) ?? $0 }),
    ("softmax", { (try? $0.softmax()) ?? $0 }),
  ]

  private func bits(_ tensor: Tensor) -> [UInt64] {
    tensor.elements.map { $0.isNaN ? 0 : $0.bitPattern }
  }

  @Test(arguments: functions.indices) func bitsDoNotDependOnTheWidth(_ index: Int) {
    let (name, function) = Self.functions[index]
    defer { kernel_set_level(0) }
    for dtype in [DType.float64, .float32] {
      let x = Tensor(shape: [Self.numbers.count], elements: Self.numbers, dtype: dtype)
      kernel_set_level(1)
      let narrow = bits(function(x))
      for level: Int32 in [2, 3] {
        kernel_set_level(level)
        #expect(bits(function(x)) == narrow, "\(name) \(dtype) level \(level)")
      }
    }
  }

  /// The last few elements are computed one by one, or in narrower vectors.
  @Test(arguments: functions.indices.prefix(24)) func bitsDoNotDependOnTheNeighbours(_ index: Int) {
    let (name, function) = Self.functions[index]
    let whole = bits(function(Tensor(shape: [Self.numbers.count], elements: Self.numbers)))
    for start in 0..<20 {
      for length in 1...9 {
        let part = Array(Self.numbers[start..<start + length])
        let found = bits(function(Tensor(shape: [length], elements: part)))
        #expect(found == Array(whole[start..<start + length]), "\(name) \(start) \(length)")
      }
    }
  }

  @Test func bitsDoNotDependOnTheNumberOfThreads() throws {
    var random = Random(seed: 3)
    let x = Tensor(shape: [700, 300], elements: random.normals(210_000))
    let y = Tensor(shape: [300, 400], elements: random.normals(120_000))
    func results() throws -> [[UInt64]] {
      try [
        x.exp(), .multiply(x, x), .power(x.abs(), Tensor(1.7)), x.softmax(), x.sum(),
        x.sum(axis: 0), x.mean(axis: 1), x.variance(), .matmul(x, y),
        .matmul(x, transposed: false, x, transposed: true),
        .matmul(x, transposed: true, x, transposed: false),
        .matmul(x.converted(to: .float32), y.converted(to: .float32)),
        x.cumsum(axis: 1), x.logsumexp(axis: 1), .squaredDistances(x, x),
      ].map(bits)
    }
    defer { Threads.use(nil) }
    Threads.use(1)
    let alone = try results()
    for count in [1, 2, 3, 8] {
      Threads.use(count)
      #expect(try results() == alone, "\(count) threads")
    }
  }

  @Test func matrixTimesItsTransposeIsTheProduct() throws {
    var random = Random(seed: 4)
    for (n, k) in [(5, 3), (130, 64), (300, 20), (513, 7)] {
      let x = Tensor(shape: [n, k], elements: random.normals(n * k))
      let fast = try Tensor.matmul(x, transposed: false, x, transposed: true)
      let plain = try Tensor.matmul(x, x.transposed())
      let other = try Tensor.matmul(x.transposed(), transposed: true, x, transposed: true)
      for (a, b) in zip(fast.elements, plain.elements) { #expect(abs(a - b) < 1e-12 * Double(k)) }
      for (a, b) in zip(other.elements, plain.elements) { #expect(abs(a - b) < 1e-12 * Double(k)) }
      #expect(fast == fast.transposed(), "symmetric to the last bit")
    }
  }

  @Test func powersOfExactNumbersAreExact() throws {
    for base in [1.5, 2.5, 3, 7, 10, 0.5, 0.75, -3, -1.5, 11] {
      var wanted = 1.0
      for exponent in 0..<14 {
        #expect(try Tensor.power(Tensor(base), Tensor(Double(exponent))).elements == [wanted])
        let many = try Tensor.power(.vector([base, base]), .vector([Double(exponent), 1]))
        #expect(many.elements == [wanted, base])
        wanted *= base
      }
    }
  }

  /// Bounds in units of the last digit, by comparison with the C library, which is within one.
  @Test(arguments: [
    ("exp", 2.0), ("log", 2.0), ("log1p", 2.0), ("expm1", 3.0), ("tanh", 4.0), ("sin", 2.5),
    ("cos", 2.5), ("tan", 4.5),
  ])
  func functionsAreAccurate(name: String, bound: Double) throws {
    let pair = try #require(Reference.functions[name])
    var random = Random(seed: 11)
    let x = random.normals(4000).enumerated().map { $1 * [1e-6, 0.3, 3, 40][$0 % 4] }
    let given = name.hasPrefix("log") ? x.map(abs) : x
    let found = pair.ours(Tensor(shape: [given.count], elements: given)).elements
    for (x, y) in zip(given, found) {
      let wanted = pair.library(x)
      #expect(abs(y - wanted) <= bound * wanted.ulp, "\(name)(\(x)) is \(y), not \(wanted)")
    }
  }
}
