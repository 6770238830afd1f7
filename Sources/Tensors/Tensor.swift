/// An array of numbers with a shape: row-major, copy-on-write, a plain value.
///
/// The number of elements is the product of the shape; a tensor of shape `[]` holds one number.
public struct Tensor: Sendable, Equatable {
  /// The length of every axis, outermost first.
  public let shape: [Int]
  /// The numbers in row-major order; a mask holds 0 and 1.
  public var elements: [Double]
  /// Whether the elements are numbers or truth values.
  public let dtype: DType

  /// A tensor of the given shape over `elements`, whose count must be the product of `shape`.
  public init(shape: [Int], elements: [Double], dtype: DType = .float64) {
    var count = 1
    for length in shape { count *= length }
    precondition(elements.count == count, "elements do not fill the shape")
    self.shape = shape
    self.elements = elements
    self.dtype = dtype
  }

  /// A tensor without axes.
  public init(_ number: Double) {
    self.init(shape: [], elements: [number])
  }

  /// How many elements there are.
  public var count: Int { elements.count }

  /// How many axes there are.
  public var rank: Int { shape.count }
}

/// What the elements of a tensor are.
public enum DType: String, Sendable {
  /// 64-bit floating point.
  case float64
  /// Truth values, as 0 and 1.
  case bool
}
