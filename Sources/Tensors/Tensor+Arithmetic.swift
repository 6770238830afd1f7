import CKernels
import Glibc

/// Arithmetic of two operands, stretched to their common shape. A mask counts as ones and zeros.
///
/// All throw `shapesDoNotBroadcast` where NumPy's rule gives no common shape, and `tooLarge`.
extension Tensor {
  /// `a + b`.
  public static func add(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    if let p = a.plainNumber, let q = b.plainNumber { return Tensor(p + q) }
    return try combined(a, b, by: KERNEL_ADD)
  }

  /// `a − b`.
  public static func subtract(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    if let p = a.plainNumber, let q = b.plainNumber { return Tensor(p - q) }
    return try combined(a, b, by: KERNEL_SUBTRACT)
  }

  /// `a · b`, elementwise.
  public static func multiply(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    if let p = a.plainNumber, let q = b.plainNumber { return Tensor(p * q) }
    return try combined(a, b, by: KERNEL_MULTIPLY)
  }

  /// `a / b`; division by zero gives inf or nan.
  public static func divide(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    if let p = a.plainNumber, let q = b.plainNumber { return Tensor(p / q) }
    return try combined(a, b, by: KERNEL_DIVIDE)
  }

  /// `aᵇ`, elementwise.
  public static func power(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    if b.count == 1, b.rank <= a.rank, DType.common(a, b).arithmetic == a.dtype.arithmetic {
      if b[position: 0] == 2 { return a.mapped(by: KERNEL_SQUARE) }
      if b[position: 0] == 3 { return a.mapped(by: KERNEL_CUBE) }
      if b[position: 0] == 1 { return a.converted(to: a.dtype.arithmetic) }
    }
    let isDouble = a.dtype == .float64 && b.dtype == .float64
    if isDouble, let shape = shapeSideBySide(a.shape, a.count, b.shape, b.count), !shape.isEmpty {
      return Tensor(shape: shape, storage: .float64(Elementwise.power(a.elements, b.elements)))
    }
    return try zip(a, b) { numberPower($0, $1) }
  }

  /// `⌊a / b⌋`, as Python's `//`.
  public static func floorDivide(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try zip(a, b) { flooredQuotient($0, $1) }
  }

  /// What `floorDivide` leaves, with the sign of the divisor, as Python's `%`.
  public static func remainder(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try zip(a, b) { flooredRemainder($0, $1) }
  }

  /// The smaller of `a` and `b`; nan where either is nan.
  public static func minimum(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    let chosen = try combined(a, b, by: KERNEL_MINIMUM)
    let dtype = DType.common(a, b)
    return chosen.dtype == dtype ? chosen : chosen.converted(to: dtype)
  }

  /// The larger of `a` and `b`; nan where either is nan.
  public static func maximum(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    let chosen = try combined(a, b, by: KERNEL_MAXIMUM)
    let dtype = DType.common(a, b)
    return chosen.dtype == dtype ? chosen : chosen.converted(to: dtype)
  }

  /// The angle of the point (x, y) in radians, in [−π, π].
  public static func arctangent2(_ y: Tensor, _ x: Tensor) throws(TensorError) -> Tensor {
    try zip(y, x) { Glibc.atan2($0, $1) }
  }

  /// `a` where `mask` is true, else `b`, all three stretched to one shape.
  public static func `where`(
    _ mask: Tensor, _ a: Tensor, _ b: Tensor
  ) throws(TensorError) -> Tensor {
    let shape = try Shape.broadcast(try Shape.broadcast(mask.shape, a.shape), b.shape)
    let dtype = DType.common(a, b)
    let mask = try mask.broadcast(to: shape).elements
    let a = try a.converted(to: dtype).broadcast(to: shape)
    let b = try b.converted(to: dtype).broadcast(to: shape)
    if dtype == .float32 {
      return Tensor(shape: shape, storage: .float32(Elementwise.choose(mask, a.singles, b.singles)))
    }
    return Tensor(
      shape: shape, elements: Elementwise.choose(mask, a.elements, b.elements), dtype: dtype)
  }

  /// `x` limited to [`low`, `high`]; nan stays nan.
  public func clip(low: Tensor, high: Tensor) throws(TensorError) -> Tensor {
    try Tensor.minimum(try Tensor.maximum(self, low), high)
  }

  /// The sum; see `add`.
  public static func + (a: Tensor, b: Tensor) throws(TensorError) -> Tensor { try add(a, b) }

  /// The difference; see `subtract`.
  public static func - (a: Tensor, b: Tensor) throws(TensorError) -> Tensor { try subtract(a, b) }

  /// The elementwise product; see `multiply`.
  public static func * (a: Tensor, b: Tensor) throws(TensorError) -> Tensor { try multiply(a, b) }

  /// The quotient; see `divide`.
  public static func / (a: Tensor, b: Tensor) throws(TensorError) -> Tensor { try divide(a, b) }
}

/// `aᵇ`: squares and cubes by multiplication, as for whole tensors.
package func numberPower(_ a: Double, _ b: Double) -> Double {
  b == 2 ? a * a : b == 3 ? a * a * a : Portable.power(a, b)
}

/// `⌊a / b⌋` without the rounding error of the quotient; `a / b` where b is 0.
package func flooredQuotient(_ a: Double, _ b: Double) -> Double {
  guard b != 0 else { return a / b }
  let rest = Glibc.fmod(a, b)
  var quotient = (a - rest) / b
  if rest != 0, (b < 0) != (rest < 0) { quotient -= 1 }
  guard quotient != 0 else { return Glibc.copysign(0, a / b) }
  let floored = quotient.rounded(.down)
  return quotient - floored > 0.5 ? floored + 1 : floored
}

/// `a − b·⌊a / b⌋`, exact, with the sign of b; nan where b is 0.
package func flooredRemainder(_ a: Double, _ b: Double) -> Double {
  let rest = Glibc.fmod(a, b)
  guard rest != 0 else { return Glibc.copysign(0, b) }
  return (b < 0) != (rest < 0) ? rest + b : rest
}
