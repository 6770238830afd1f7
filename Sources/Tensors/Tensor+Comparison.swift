import CKernels

/// Comparisons and logic, elementwise over stretched operands; the results are masks.
extension Tensor {
  /// Where `a` equals `b`, exactly; nan equals nothing.
  public static func equal(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try compared(a, b, by: KERNEL_EQUAL)
  }

  /// Where `a` differs from `b`.
  public static func notEqual(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try compared(a, b, by: KERNEL_NOT_EQUAL)
  }

  /// Where `a < b`.
  public static func less(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try compared(a, b, by: KERNEL_LESS)
  }

  /// Where `a ≤ b`.
  public static func lessOrEqual(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try compared(a, b, by: KERNEL_LESS_OR_EQUAL)
  }

  /// Where `a > b`.
  public static func greater(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try compared(b, a, by: KERNEL_LESS)
  }

  /// Where `a ≥ b`.
  public static func greaterOrEqual(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try compared(b, a, by: KERNEL_LESS_OR_EQUAL)
  }

  /// Where both are true; any number but 0 is.
  public static func and(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try test(a, b, { $0 != 0 && $1 != 0 }, single: { $0 != 0 && $1 != 0 })
  }

  /// Where at least one is true.
  public static func or(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try test(a, b, { $0 != 0 || $1 != 0 }, single: { $0 != 0 || $1 != 0 })
  }

  /// Where `x` is false.
  public static func not(_ x: Tensor) -> Tensor {
    x.test { $0 == 0 }
  }

  /// Where |a − b| ≤ atol + rtol·|b|; equal infinities are close, nan is close to nothing.
  public static func isclose(
    _ a: Tensor, _ b: Tensor, rtol: Double = 1e-5, atol: Double = 1e-8
  ) throws(TensorError) -> Tensor {
    func isClose(_ a: Double, _ b: Double) -> Bool {
      a == b || (b.isFinite && (a - b).magnitude <= atol + rtol * b.magnitude)
    }
    return try test(a, b, isClose) { isClose(Double($0), Double($1)) }
  }
}
