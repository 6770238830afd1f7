import CKernels

/// Arithmetic in the memory of one operand, where the result has its shape and dtype.
extension Tensor {
  /// Operations on so many elements or fewer do not ask whether to stop.
  package static let uninterrupted = Stopping.chunk

  /// What can be done in place.
  package enum InPlaceOperation: Sendable {
    case add
    case subtract
    case multiply
    case divide

    fileprivate var kernel: kernel_operation {
      switch self {
      case .add: KERNEL_ADD
      case .subtract: KERNEL_SUBTRACT
      case .multiply: KERNEL_MULTIPLY
      case .divide: KERNEL_DIVIDE
      }
    }
  }

  /// Becomes `self op number`; false, and nothing is changed, for a mask.
  package mutating func combine(_ operation: InPlaceOperation, _ number: Double) -> Bool {
    change(
      { Elementwise.combine(&$0, [number], by: operation.kernel) },
      single: { Elementwise.combine(&$0, [Float(number)], by: operation.kernel) })
  }

  /// Becomes `number op self`; false, and nothing is changed, for a mask.
  package mutating func combine(_ operation: InPlaceOperation, from number: Double) -> Bool {
    change(
      { Elementwise.combine([number], &$0, by: operation.kernel) },
      single: { Elementwise.combine([Float(number)], &$0, by: operation.kernel) })
  }

  /// Becomes `self op other`; false, and nothing is changed, unless both have one shape and dtype.
  package mutating func combine(_ operation: InPlaceOperation, _ other: Tensor) -> Bool {
    guard shape == other.shape, dtype == other.dtype else { return false }
    return change(
      { Elementwise.combine(&$0, other.elements, by: operation.kernel) },
      single: { Elementwise.combine(&$0, other.singles, by: operation.kernel) })
  }

  /// Becomes `other op self`; false, and nothing is changed, unless both have one shape and dtype.
  package mutating func combine(_ operation: InPlaceOperation, from other: Tensor) -> Bool {
    guard shape == other.shape, dtype == other.dtype else { return false }
    return change(
      { Elementwise.combine(other.elements, &$0, by: operation.kernel) },
      single: { Elementwise.combine(other.singles, &$0, by: operation.kernel) })
  }

  /// Changes the numbers where they are, unless it is a mask.
  private mutating func change(
    _ body: (inout [Double]) -> Void, single: (inout [Float]) -> Void
  ) -> Bool {
    // Taken out of its place, the array has one owner and is changed where it is.
    switch takeStorage() {
    case .float64(var numbers):
      body(&numbers)
      storage = .float64(numbers)
    case .float32(var numbers):
      single(&numbers)
      storage = .float32(numbers)
    case .bool(let truths):
      storage = .bool(truths)
      return false
    }
    return true
  }
}

/// A product and a sum or difference in one pass over the numbers.
extension Tensor {
  /// Which of the three there are.
  package enum ProductSum: Sendable {
    /// a·b + c
    case plus
    /// a·b − c
    case minus
    /// c − a·b
    case from

    fileprivate var kernel: kernel_product_sum {
      switch self {
      case .plus: KERNEL_PRODUCT_PLUS
      case .minus: KERNEL_PRODUCT_MINUS
      case .from: KERNEL_MINUS_PRODUCT
      }
    }
  }

  /// The product and sum of float64 tensors of one shape, any of which may be a single number instead;
  /// nil for anything else.
  package static func productSum(
    _ form: ProductSum, _ a: Tensor, _ b: Tensor, _ c: Tensor
  ) -> Tensor? {
    guard a.dtype == .float64, b.dtype == .float64, c.dtype == .float64 else { return nil }
    let shape = a.rank > 0 ? a.shape : b.rank > 0 ? b.shape : c.shape
    guard [a, b, c].allSatisfy({ $0.rank == 0 || $0.shape == shape }) else { return nil }
    var count = 1
    for length in shape { count *= length }
    let numbers = Elementwise.productSum(
      form.kernel, a.elements, b.elements, c.elements, isSingle: [a, b, c].map { $0.rank == 0 },
      count: count)
    return Tensor(shape: shape, elements: numbers)
  }
}
