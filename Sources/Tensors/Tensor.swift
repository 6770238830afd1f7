/// An array of numbers with a shape: row-major, copy-on-write, a plain value.
///
/// The number of elements is the product of the shape; a tensor of shape `[]` holds one number.
public struct Tensor: Sendable, Equatable {
  /// The length of every axis, outermost first.
  public let shape: [Int]
  /// The numbers in row-major order, as they lie in memory.
  @usableFromInline
  var storage: Storage

  /// A tensor of the given shape over `elements`, whose count must be the product of `shape`.
  ///
  /// For float32 every element is rounded.
  public init(shape: [Int], elements: [Double], dtype: DType = .float64) {
    let storage: Storage =
      switch dtype {
      case .float64: .float64(elements)
      case .float32: .float32(Elementwise.map(elements) { Float($0) })
      case .bool: .bool(elements)
      }
    self.init(shape: shape, storage: storage)
  }

  /// A float32 tensor of the given shape over `singles`, whose count must be the product of `shape`.
  public init(shape: [Int], singles: [Float]) {
    self.init(shape: shape, storage: .float32(singles))
  }

  /// A tensor without axes.
  public init(_ number: Double, dtype: DType = .float64) {
    shape = []
    storage =
      switch dtype {
      case .float64: .float64([number])
      case .float32: .float32([Float(number)])
      case .bool: .bool([number])
      }
  }

  /// A tensor of the given shape over what another tensor, or a kernel, has stored.
  init(shape: [Int], storage: Storage) {
    var count = 1
    for length in shape { count *= length }
    precondition(storage.count == count, "elements do not fill the shape")
    self.shape = shape
    self.storage = storage
  }

  /// How many elements there are.
  @inlinable
  public var count: Int { storage.count }

  /// How many axes there are.
  public var rank: Int { shape.count }

  /// What the elements are.
  @inlinable
  public var dtype: DType { storage.dtype }
}

/// What the elements of a tensor are.
public enum DType: String, Sendable {
  /// 64-bit floating point.
  case float64
  /// 32-bit floating point.
  case float32
  /// Truth values, as 0 and 1.
  case bool
}

extension DType {
  /// The dtype of arithmetic on such elements: a mask counts as ones and zeros.
  package var arithmetic: DType { self == .bool ? .float64 : self }

  /// How far apart 1 and the next number are: 2⁻⁵², or 2⁻²³ in float32.
  package var ulpOfOne: Double { self == .float32 ? Double(Float.ulpOfOne) : .ulpOfOne }

  /// The dtype two operands meet in: the wider one, but what has no axes never widens float32.
  package static func common(_ a: Tensor, _ b: Tensor) -> DType {
    let (first, second) = (a.dtype, b.dtype)
    if first == second { return first }
    if first == .bool { return second }
    if second == .bool { return first }
    return (first == .float64 ? a : b).rank == 0 ? .float32 : .float64
  }

  /// The dtype of elements put side by side: the widest of them; a mask only of masks.
  package static func widest(_ dtypes: some Sequence<DType>) -> DType {
    var widest = DType.bool
    for dtype in dtypes {
      if dtype == .float64 { return .float64 }
      if dtype == .float32 { widest = .float32 }
    }
    return widest
  }
}
