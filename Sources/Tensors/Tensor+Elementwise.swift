import Glibc

/// Functions of one number, applied to every element. Outside their domain they give nan or inf.
///
/// In float32 the result is that of float64, rounded.
extension Tensor {
  /// −x.
  public func negate() -> Tensor { map({ -$0 }, single: { -$0 }) }

  /// eˣ.
  public func exp() -> Tensor { map { Glibc.exp($0) } }

  /// The natural logarithm.
  public func log() -> Tensor { map { Glibc.log($0) } }

  /// log(1 + x), accurate near 0.
  public func log1p() -> Tensor { map { Glibc.log1p($0) } }

  /// eˣ − 1, accurate near 0.
  public func expm1() -> Tensor { map { Glibc.expm1($0) } }

  /// The square root.
  public func sqrt() -> Tensor { map({ $0.squareRoot() }, single: { $0.squareRoot() }) }

  /// |x|.
  public func abs() -> Tensor { map({ $0.magnitude }, single: { $0.magnitude }) }

  /// −1, 0 or 1; nan for nan.
  public func sign() -> Tensor { map { $0 > 0 ? 1 : $0 < 0 ? -1 : $0.isNaN ? $0 : 0 } }

  /// The sine of x in radians.
  public func sin() -> Tensor { map { Glibc.sin($0) } }

  /// The cosine of x in radians.
  public func cos() -> Tensor { map { Glibc.cos($0) } }

  /// The tangent of x in radians.
  public func tan() -> Tensor { map { Glibc.tan($0) } }

  /// The arc sine, in radians.
  public func asin() -> Tensor { map { Glibc.asin($0) } }

  /// The arc cosine, in radians.
  public func acos() -> Tensor { map { Glibc.acos($0) } }

  /// The arc tangent, in radians.
  public func atan() -> Tensor { map { Glibc.atan($0) } }

  /// The hyperbolic tangent.
  public func tanh() -> Tensor { map { Glibc.tanh($0) } }

  /// 1 / (1 + e⁻ˣ), without overflow.
  public func sigmoid() -> Tensor {
    map { x in
      let small = Glibc.exp(-x.magnitude)
      return (x >= 0 ? 1 : small) / (1 + small)
    }
  }

  /// max(x, 0).
  public func relu() -> Tensor {
    map({ $0 > 0 || $0.isNaN ? $0 : 0 }, single: { $0 > 0 || $0.isNaN ? $0 : 0 })
  }

  /// log(1 + eˣ), without overflow.
  public func softplus() -> Tensor {
    map { x in
      (x > 0 || x.isNaN ? x : 0) + Glibc.log1p(Glibc.exp(-x.magnitude))
    }
  }

  /// The nearest whole number, halves to the even one.
  public func round() -> Tensor { map { $0.rounded(.toNearestOrEven) } }

  /// The largest whole number not above x.
  public func floor() -> Tensor { map { $0.rounded(.down) } }

  /// The smallest whole number not below x.
  public func ceil() -> Tensor { map { $0.rounded(.up) } }

  /// Where x is nan.
  public func isnan() -> Tensor { test { $0.isNaN } }

  /// Where x is neither nan nor infinite.
  public func isfinite() -> Tensor { test { $0.isFinite } }

  /// Where x is infinite.
  public func isinf() -> Tensor { test { $0.isInfinite } }
}
