import CKernels
import Glibc

/// Functions of one number, applied to every element. Outside their domain they give nan or inf.
///
/// In float32 the result is that of float64, rounded.
extension Tensor {
  /// −x.
  public func negate() -> Tensor { mapped(by: KERNEL_NEGATE) }

  /// eˣ.
  public func exp() -> Tensor { mapped(by: KERNEL_EXP) }

  /// The natural logarithm.
  public func log() -> Tensor { mapped(by: KERNEL_LOG) }

  /// log(1 + x), accurate near 0.
  public func log1p() -> Tensor { mapped(by: KERNEL_LOG1P) }

  /// eˣ − 1, accurate near 0.
  public func expm1() -> Tensor { mapped(by: KERNEL_EXPM1) }

  /// The square root.
  public func sqrt() -> Tensor { mapped(by: KERNEL_SQRT) }

  /// |x|.
  public func abs() -> Tensor { mapped(by: KERNEL_ABS) }

  /// −1, 0 or 1; nan for nan.
  public func sign() -> Tensor { mapped(by: KERNEL_SIGN) }

  /// The sine of x in radians.
  public func sin() -> Tensor { mapped(by: KERNEL_SIN) }

  /// The cosine of x in radians.
  public func cos() -> Tensor { mapped(by: KERNEL_COS) }

  /// The tangent of x in radians.
  public func tan() -> Tensor { mapped(by: KERNEL_TAN) }

  /// The arc sine, in radians.
  public func asin() -> Tensor { map { Glibc.asin($0) } }

  /// The arc cosine, in radians.
  public func acos() -> Tensor { map { Glibc.acos($0) } }

  /// The arc tangent, in radians.
  public func atan() -> Tensor { map { Glibc.atan($0) } }

  /// The hyperbolic tangent.
  public func tanh() -> Tensor { mapped(by: KERNEL_TANH) }

  /// 1 / (1 + e⁻ˣ), without overflow.
  public func sigmoid() -> Tensor { mapped(by: KERNEL_SIGMOID) }

  /// max(x, 0).
  public func relu() -> Tensor { mapped(by: KERNEL_RELU) }

  /// log(1 + eˣ), without overflow.
  public func softplus() -> Tensor { mapped(by: KERNEL_SOFTPLUS) }

  /// The nearest whole number, halves to the even one.
  public func round() -> Tensor { map { $0.rounded(.toNearestOrEven) } }

  /// The largest whole number not above x.
  public func floor() -> Tensor { map { $0.rounded(.down) } }

  /// The smallest whole number not below x.
  public func ceil() -> Tensor { map { $0.rounded(.up) } }

  /// Whether any element is nan.
  public var hasNaN: Bool {
    switch storage {
    case .float64(let numbers):
      numbers.withUnsafeBufferPointer { x in
        x.baseAddress.map { kernel_has_nan_f64($0, x.count) != 0 } ?? false
      }
    case .float32(let numbers):
      numbers.withUnsafeBufferPointer { x in
        x.baseAddress.map { kernel_has_nan_f32($0, x.count) != 0 } ?? false
      }
    case .bool: false
    }
  }

  /// Where x is nan.
  public func isnan() -> Tensor { test { $0.isNaN } }

  /// Where x is neither nan nor infinite.
  public func isfinite() -> Tensor { test { $0.isFinite } }

  /// Where x is infinite.
  public func isinf() -> Tensor { test { $0.isInfinite } }
}
