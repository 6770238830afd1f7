extension Tensor {
  /// The elements of a tensor in memory: 8 bytes each, or 4 in float32.
  @usableFromInline
  enum Storage: Sendable, Equatable {
    case float64([Double])
    case float32([Float])
    /// A mask holds 0 and 1.
    case bool([Double])

    @inlinable
    var count: Int {
      switch self {
      case .float64(let numbers), .bool(let numbers): numbers.count
      case .float32(let numbers): numbers.count
      }
    }

    @inlinable
    var dtype: DType {
      switch self {
      case .float64: .float64
      case .float32: .float32
      case .bool: .bool
      }
    }
  }

  /// The numbers in row-major order; a mask holds 0 and 1.
  ///
  /// In float32 this is a conversion of all elements, in both directions where they are changed:
  /// take it once, outside of loops, or use `singles` or `self[position: i]`.
  public var elements: [Double] {
    @inlinable
    get {
      switch storage {
      case .float64(let numbers), .bool(let numbers): numbers
      case .float32(let numbers): Tensor.widened(numbers)
      }
    }
    @inlinable
    _modify {
      // Taken out of its place, the array has one owner and is changed where it is.
      switch takeStorage() {
      case .float64(var numbers):
        defer { storage = .float64(numbers) }
        yield &numbers
      case .bool(var numbers):
        defer { storage = .bool(numbers) }
        yield &numbers
      case .float32(let singles):
        var numbers = Tensor.widened(singles)
        defer { storage = .float32(Tensor.rounded(numbers)) }
        yield &numbers
      }
    }
  }

  /// The numbers in row-major order, rounded to float32; no conversion where that is the dtype.
  public var singles: [Float] {
    switch storage {
    case .float64(let numbers), .bool(let numbers): Tensor.rounded(numbers)
    case .float32(let numbers): numbers
    }
  }

  /// The element at a position in row-major order, without touching the others.
  public subscript(position i: Int) -> Double {
    @inlinable
    get {
      switch storage {
      case .float64(let numbers), .bool(let numbers): numbers[i]
      case .float32(let numbers): Double(numbers[i])
      }
    }
    @inlinable
    set {
      switch takeStorage() {
      case .float64(var numbers):
        numbers[i] = newValue
        storage = .float64(numbers)
      case .bool(var numbers):
        numbers[i] = newValue
        storage = .bool(numbers)
      case .float32(var numbers):
        numbers[i] = Float(newValue)
        storage = .float32(numbers)
      }
    }
  }

  /// The element of a float64 tensor without axes; nil for any other tensor.
  @inlinable
  package var plainNumber: Double? {
    guard shape.isEmpty, case .float64(let numbers) = storage else { return nil }
    return numbers[0]
  }

  /// Whether no element is nan or infinite.
  package var isFinite: Bool {
    // Anything but a finite number times 0 is nan, and stays so in a sum.
    switch storage {
    case .float64(let numbers), .bool(let numbers): Tensor.isFinite(numbers)
    case .float32(let numbers): Tensor.isFinite(numbers)
    }
  }

  private static func isFinite<Number: BinaryFloatingPoint & SIMDScalar>(
    _ numbers: [Number]
  ) -> Bool {
    numbers.withUnsafeBufferPointer { numbers in
      var sums = SIMD8<Number>.zero
      var i = 0
      while i + 8 <= numbers.count {
        for lane in 0..<8 { sums[lane] += numbers[i + lane] * 0 }
        i += 8
      }
      var sum = sums.sum()
      while i < numbers.count {
        sum += numbers[i] * 0
        i += 1
      }
      return sum == 0
    }
  }

  /// How much memory the elements take.
  public var byteCount: Int { count * (dtype == .float32 ? 4 : 8) }

  /// The tensor with another dtype; anything but 0 is true.
  public func converted(to dtype: DType) -> Tensor {
    if dtype == self.dtype { return self }
    switch dtype {
    case .float64: return Tensor(shape: shape, storage: .float64(elements))
    case .float32: return Tensor(shape: shape, storage: .float32(singles))
    case .bool: return test { $0 != 0 }
    }
  }

  /// The storage, leaving none behind: its array has no second owner while it is changed.
  @inlinable
  mutating func takeStorage() -> Storage {
    var taken = Storage.float64([])
    swap(&taken, &storage)
    return taken
  }

  @usableFromInline
  static func widened(_ numbers: [Float]) -> [Double] { Elementwise.map(numbers) { Double($0) } }

  @usableFromInline
  static func rounded(_ numbers: [Double]) -> [Float] { Elementwise.map(numbers) { Float($0) } }
}
