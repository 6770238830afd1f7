import CKernels

/// Functions of numbers that round alike on every processor, which those of the C library do not.
///
/// Whatever a trained model depends on takes these: training magnifies a last bit.
package enum Portable {
  /// eˣ.
  package static func exp(_ x: Double) -> Double { number(x, by: KERNEL_EXP) }
  /// The natural logarithm.
  package static func log(_ x: Double) -> Double { number(x, by: KERNEL_LOG) }
  /// log(1 + x), with every digit near 0.
  package static func log1p(_ x: Double) -> Double { number(x, by: KERNEL_LOG1P) }
  /// The sine of x in radians.
  package static func sin(_ x: Double) -> Double { number(x, by: KERNEL_SIN) }
  /// The cosine of x in radians.
  package static func cos(_ x: Double) -> Double { number(x, by: KERNEL_COS) }

  /// `aᵇ`.
  package static func power(_ a: Double, _ b: Double) -> Double {
    var (a, b, y) = (a, b, 0.0)
    kernel_power_f64(&a, 1, &b, 1, &y, 1)
    return y
  }

  static func number(_ x: Double, by f: kernel_function) -> Double {
    var (x, y) = (x, 0.0)
    kernel_map_f64(f, &x, &y, 1)
    return y
  }
}
