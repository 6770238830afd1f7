import CKernels

extension Tensor {
  /// The common shape of two operands by NumPy's rule: aligned at the end, ones stretch.
  public static func broadcastShape(_ a: [Int], _ b: [Int]) throws(TensorError) -> [Int] {
    try Shape.broadcast(a, b)
  }

  /// The tensor stretched to `shape`.
  ///
  /// - Throws: `shapesDoNotBroadcast` unless every axis has the wanted length or length 1.
  public func broadcast(to shape: [Int]) throws(TensorError) -> Tensor {
    if self.shape == shape { return self }
    _ = try Shape.count(shape)
    guard rank <= shape.count, try Shape.broadcast(self.shape, shape) == shape else {
      throw .shapesDoNotBroadcast(self.shape, shape)
    }
    let rows = BroadcastRows(self.shape, self.shape, to: shape)
    let storage: Storage =
      switch storage {
      case .float64(let numbers): .float64(Tensor.stretched(numbers, rows))
      case .float32(let numbers): .float32(Tensor.stretched(numbers, rows))
      case .bool(let numbers): .bool(Tensor.stretched(numbers, rows))
      }
    return Tensor(shape: shape, storage: storage)
  }

  private static func stretched<Number>(_ numbers: [Number], _ rows: BroadcastRows) -> [Number] {
    numbers.count == 1
      ? Array(repeating: numbers[0], count: rows.count * rows.length)
      : Elementwise.broadcast(numbers, numbers, rows) { x, _ in x }
  }

  /// The sum over the axes along which `shape` was stretched to this tensor's: the adjoint of `broadcast(to:)`.
  ///
  /// - Throws: `shapesDoNotBroadcast` unless `shape` stretches to this tensor's shape.
  public func sum(to shape: [Int]) throws(TensorError) -> Tensor {
    if self.shape == shape { return self }
    guard shape.count <= rank, try Shape.broadcast(self.shape, shape) == self.shape else {
      throw .shapesDoNotBroadcast(shape, self.shape)
    }
    var result = self
    while result.rank > shape.count { result = try result.sum(axis: 0) }
    for axis in shape.indices where shape[axis] == 1 && result.shape[axis] != 1 {
      result = try result.sum(axis: axis, keepDims: true)
    }
    return result
  }

  /// A kernel's function of every element.
  func mapped(by function: kernel_function) -> Tensor {
    switch storage {
    case .float64(let numbers), .bool(let numbers):
      if rank == 0 { return Tensor(Elementwise.number(numbers[0], by: function)) }
      return Tensor(shape: shape, storage: .float64(Elementwise.map(numbers, by: function)))
    case .float32(let numbers):
      return Tensor(shape: shape, storage: .float32(Elementwise.map(numbers, by: function)))
    }
  }

  /// A kernel's operation on the elements of two tensors, stretched to their common shape.
  static func combined(
    _ a: Tensor, _ b: Tensor, by operation: kernel_operation
  ) throws(TensorError) -> Tensor {
    if DType.common(a, b) == .float32 {
      let (shape, numbers) = try combined(a.shape, a.singles, b.shape, b.singles, operation)
      return Tensor(shape: shape, storage: .float32(numbers))
    }
    let (shape, numbers) = try combined(a.shape, a.elements, b.shape, b.elements, operation)
    return Tensor(shape: shape, storage: .float64(numbers))
  }

  private static func combined<Number: StoredNumber>(
    _ shapeA: [Int], _ a: [Number], _ shapeB: [Int], _ b: [Number], _ operation: kernel_operation
  ) throws(TensorError) -> (shape: [Int], numbers: [Number]) {
    if let shape = shapeSideBySide(shapeA, a.count, shapeB, b.count) {
      return (shape, Elementwise.combine(a, b, by: operation))
    }
    let shape = try Shape.broadcast(shapeA, shapeB)
    let rows = BroadcastRows(shapeA, shapeB, to: shape)
    return (shape, Elementwise.broadcast(a, b, rows, by: operation))
  }

  /// Where the elements of two tensors are in a kernel's relation.
  static func compared(
    _ a: Tensor, _ b: Tensor, by relation: kernel_relation
  ) throws(TensorError) -> Tensor {
    if DType.common(a, b) == .float32 {
      return try compared(a.shape, a.singles, b.shape, b.singles, relation)
    }
    return try compared(a.shape, a.elements, b.shape, b.elements, relation)
  }

  private static func compared<Number: StoredNumber>(
    _ shapeA: [Int], _ a: [Number], _ shapeB: [Int], _ b: [Number], _ relation: kernel_relation
  ) throws(TensorError) -> Tensor {
    if let shape = shapeSideBySide(shapeA, a.count, shapeB, b.count) {
      return Tensor(shape: shape, storage: .bool(Elementwise.compare(a, b, by: relation)))
    }
    let shape = try Shape.broadcast(shapeA, shapeB)
    let truths = Elementwise.broadcast(a, b, BroadcastRows(shapeA, shapeB, to: shape)) { a, b in
      let holds =
        switch relation {
        case KERNEL_LESS: a < b
        case KERNEL_LESS_OR_EQUAL: a <= b
        case KERNEL_EQUAL: a == b
        default: a != b
        }
      return holds ? 1.0 : 0
    }
    return Tensor(shape: shape, storage: .bool(truths))
  }

  /// The common shape of operands whose elements lie side by side, or of which one is a single
  /// number that adds no axes; nil for any others.
  static func shapeSideBySide(
    _ shapeA: [Int], _ countA: Int, _ shapeB: [Int], _ countB: Int
  ) -> [Int]? {
    if shapeA == shapeB { return shapeA }
    if countB == 1, shapeB.count <= shapeA.count { return shapeA }
    if countA == 1, shapeA.count <= shapeB.count { return shapeB }
    return nil
  }

  /// `f` of every element; `single` is the same function in float32.
  @inline(__always)
  func map(_ f: (Double) -> Double, single: (Float) -> Float) -> Tensor {
    switch storage {
    case .float64(let numbers), .bool(let numbers):
      if rank == 0 { return Tensor(f(numbers[0])) }
      return Tensor(shape: shape, storage: .float64(Elementwise.map(numbers, f)))
    case .float32(let numbers):
      return Tensor(shape: shape, storage: .float32(Elementwise.map(numbers, single)))
    }
  }

  /// `f` of every element; in float32 it is computed in float64 and rounded.
  @inline(__always)
  func map(_ f: (Double) -> Double) -> Tensor { map(f) { Float(f(Double($0))) } }

  /// Where `f` is true of an element.
  @inline(__always)
  func test(_ f: (Double) -> Bool) -> Tensor {
    switch storage {
    case .float64(let numbers), .bool(let numbers):
      Tensor(shape: shape, storage: .bool(Elementwise.map(numbers) { f($0) ? 1 : 0 }))
    case .float32(let numbers):
      Tensor(shape: shape, storage: .bool(Elementwise.map(numbers) { f(Double($0)) ? 1 : 0 }))
    }
  }

  /// `f` of the elements of two tensors, stretched to their common shape; `single` is the same
  /// function in float32.
  @inline(__always)
  static func zip(
    _ a: Tensor, _ b: Tensor, _ f: (Double, Double) -> Double, single: (Float, Float) -> Float
  ) throws(TensorError) -> Tensor {
    // Programs spend much of their time here, on plain numbers.
    if let p = a.plainNumber, let q = b.plainNumber { return Tensor(f(p, q)) }
    if DType.common(a, b) == .float32 {
      let (shape, numbers) = try combined(a.shape, a.singles, b.shape, b.singles, single)
      return Tensor(shape: shape, storage: .float32(numbers))
    }
    let (shape, numbers) = try combined(a.shape, a.elements, b.shape, b.elements, f)
    return Tensor(shape: shape, storage: .float64(numbers))
  }

  /// `f` of the elements of two tensors; in float32 it is computed in float64 and rounded.
  @inline(__always)
  static func zip(
    _ a: Tensor, _ b: Tensor, _ f: (Double, Double) -> Double
  ) throws(TensorError) -> Tensor {
    try zip(a, b, f) { Float(f(Double($0), Double($1))) }
  }

  /// Where `f` is true of the elements of two tensors; `single` is the same function in float32.
  @inline(__always)
  static func test(
    _ a: Tensor, _ b: Tensor, _ f: (Double, Double) -> Bool, single: (Float, Float) -> Bool
  ) throws(TensorError) -> Tensor {
    if DType.common(a, b) == .float32 {
      let (shape, truths) = try combined(a.shape, a.singles, b.shape, b.singles) {
        single($0, $1) ? 1.0 : 0
      }
      return Tensor(shape: shape, storage: .bool(truths))
    }
    let (shape, truths) = try combined(a.shape, a.elements, b.shape, b.elements) {
      f($0, $1) ? 1.0 : 0
    }
    return Tensor(shape: shape, storage: .bool(truths))
  }

  /// `f` of two operands of one kind, stretched to their common shape.
  @inline(__always)
  private static func combined<Number, Result>(
    _ shapeA: [Int], _ a: [Number], _ shapeB: [Int], _ b: [Number],
    _ f: (Number, Number) -> Result
  ) throws(TensorError) -> (shape: [Int], numbers: [Result]) {
    if shapeA.isEmpty, shapeB.isEmpty { return ([], [f(a[0], b[0])]) }
    if shapeA == shapeB { return (shapeA, Elementwise.zip(a, b, f)) }
    if b.count == 1, shapeB.count <= shapeA.count {
      let number = b[0]
      return (shapeA, Elementwise.map(a) { f($0, number) })
    }
    if a.count == 1, shapeA.count <= shapeB.count {
      let number = a[0]
      return (shapeB, Elementwise.map(b) { f(number, $0) })
    }
    let shape = try Shape.broadcast(shapeA, shapeB)
    return (shape, Elementwise.broadcast(a, b, BroadcastRows(shapeA, shapeB, to: shape), f))
  }
}
