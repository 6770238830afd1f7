import Syntax
package import Tensors

/// A tensor on the heap, changed in place while nobody else refers to it.
///
/// Loops read and write the elements of vectors one at a time, so a vector of float64 numbers
/// remembers where they lie. An array's numbers stay where they are until the array changes, and
/// all that may change it goes through `tensor`, or is in this file.
package final class TensorBox {
  // Exclusive access is a matter of course: a session's values are on one thread, and nothing here
  // calls out.
  @exclusivity(unchecked) private var stored: Tensor
  /// Where the numbers of a vector lie; nil for any other tensor, and before somebody asked.
  @exclusivity(unchecked) private var numbers: UnsafeMutablePointer<Double>?
  @exclusivity(unchecked) private var length = 0.0
  /// Whether the array of numbers surely has no other owner.
  @exclusivity(unchecked) private var isSole = false

  /// Whether the box stands for the transpose of the stored matrix, which is made when it is needed.
  @exclusivity(unchecked) private var isTransposed = false

  package init(_ tensor: consuming Tensor) { stored = tensor }

  /// The transpose of a matrix: products take it as it lies, anything else has it made first.
  init(transposing tensor: consuming Tensor) {
    stored = tensor
    isTransposed = stored.rank == 2
    if !isTransposed { stored = stored.transposed() }
  }

  package var tensor: Tensor {
    _read {
      if isTransposed { transpose() }
      isSole = false
      yield stored
    }
    _modify {
      if isTransposed { transpose() }
      forget()
      yield &stored
    }
  }

  /// How many elements there are.
  var count: Int { stored.count }

  /// How many axes there are.
  var rank: Int { stored.rank }

  /// The tensor as a factor of a product: as it lies in memory, and whether that is its transpose.
  var factor: (tensor: Tensor, isTransposed: Bool) { (stored, isTransposed) }

  @inline(never)
  private func transpose() {
    stored = stored.transposed()
    isTransposed = false
  }

  private func forget() {
    numbers = nil
    isSole = false
  }

  /// The tensor becomes `self op right`, in its own memory; false where that does not fit.
  func combine(_ operation: BinaryOperator, _ right: Value) -> Bool {
    guard !isTransposed, let operation = operation.inPlace else { return false }
    forget()
    switch right {
    case .number(let number): return stored.combine(operation, number)
    case .tensor(let other): return stored.combine(operation, other.tensor)
    default: return false
    }
  }

  /// The tensor becomes `left op self`, in its own memory; false where that does not fit.
  func combine(_ operation: BinaryOperator, from left: Value) -> Bool {
    guard !isTransposed, let operation = operation.inPlace else { return false }
    forget()
    switch left {
    case .number(let number): return stored.combine(operation, from: number)
    case .tensor(let other): return stored.combine(operation, from: other.tensor)
    default: return false
    }
  }

  /// The element of a vector of numbers; nil where this is not as simple as that.
  @inline(__always)
  func number(at position: Double) -> Double? {
    guard let numbers = numbers ?? located(), let index = index(at: position) else { return nil }
    return numbers[index]
  }

  /// Sets an element of a vector of numbers; false where this is not as simple as that.
  ///
  /// The box itself must have no other owner.
  @inline(__always)
  func set(_ number: Double, at position: Double) -> Bool {
    guard let numbers = isSole ? numbers : secluded(), let index = index(at: position) else {
      return false
    }
    numbers[index] = number
    return true
  }

  @inline(__always)
  private func index(at position: Double) -> Int? {
    let position = position < 0 ? position + length : position
    guard position >= 0, position < length else { return nil }
    let index = Int(position)
    return Double(index) == position ? index : nil
  }

  /// Finds where the numbers of a vector lie.
  @inline(never)
  private func located() -> UnsafeMutablePointer<Double>? {
    guard stored.dtype == .float64, stored.rank == 1 else { return nil }
    length = Double(stored.count)
    numbers = stored.elements.withUnsafeBufferPointer {
      UnsafeMutablePointer(mutating: $0.baseAddress)
    }
    return numbers
  }

  /// Sees to it that nobody else has the array, and finds where its numbers lie.
  @inline(never)
  private func secluded() -> UnsafeMutablePointer<Double>? {
    guard stored.dtype == .float64, stored.rank == 1 else { return nil }
    length = Double(stored.count)
    numbers = stored.elements.withUnsafeMutableBufferPointer { $0.baseAddress }
    isSole = numbers != nil
    return numbers
  }
}

extension BinaryOperator {
  /// The operation where it can be done in place.
  fileprivate var inPlace: Tensor.InPlaceOperation? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide, .remainder, .power, .matrixProduct: nil
    }
  }
}
