import Tensors

/// Functions of one number, applied to every element.
///
/// At a kink the derivative is finite: 0 for `abs`, `sqrt` and `relu` at 0.
extension Quantity {
  /// −x.
  public func negate() -> Quantity {
    unary {
      $0.negate()
    } on: {
      $0.negate()
    } pullback: { _, _, g in
      g.negate()
    }
  }

  /// eˣ.
  public func exp() -> Quantity {
    unary {
      $0.exp()
    } on: {
      $0.exp()
    } pullback: { _, y, g throws(TensorError) in
      try g * y
    }
  }

  /// The natural logarithm.
  public func log() -> Quantity {
    unary {
      $0.log()
    } on: {
      $0.log()
    } pullback: { x, _, g throws(TensorError) in
      try g / x
    }
  }

  /// log(1 + x), accurate near 0.
  public func log1p() -> Quantity {
    unary {
      $0.log1p()
    } on: {
      $0.log1p()
    } pullback: { x, _, g throws(TensorError) in
      try g / (1 + x)
    }
  }

  /// eˣ − 1, accurate near 0.
  public func expm1() -> Quantity {
    unary {
      $0.expm1()
    } on: {
      $0.expm1()
    } pullback: { x, _, g throws(TensorError) in
      try g * x.exp()
    }
  }

  /// The square root; its derivative at 0 is taken as 0.
  public func sqrt() -> Quantity {
    unary {
      $0.sqrt()
    } on: {
      $0.sqrt()
    } pullback: { _, y, g throws(TensorError) in
      try g * (0.5 * y.reciprocalOrZero())
    }
  }

  /// |x|.
  public func abs() -> Quantity {
    unary {
      $0.abs()
    } on: {
      $0.abs()
    } pullback: { x, _, g throws(TensorError) in
      try g * x.sign()
    }
  }

  /// The sine of x in radians.
  public func sin() -> Quantity {
    unary {
      $0.sin()
    } on: {
      $0.sin()
    } pullback: { x, _, g throws(TensorError) in
      try g * x.cos()
    }
  }

  /// The cosine of x in radians.
  public func cos() -> Quantity {
    unary {
      $0.cos()
    } on: {
      $0.cos()
    } pullback: { x, _, g throws(TensorError) in
      try g * x.sin().negate()
    }
  }

  /// The tangent of x in radians.
  public func tan() -> Quantity {
    unary {
      $0.tan()
    } on: {
      $0.tan()
    } pullback: { _, y, g throws(TensorError) in
      try g * (1 + y * y)
    }
  }

  /// The arc sine, in radians.
  public func asin() -> Quantity {
    unary {
      $0.asin()
    } on: {
      $0.asin()
    } pullback: { x, _, g throws(TensorError) in
      try g * ((1 - x) * (1 + x)).sqrt().reciprocalOrZero()
    }
  }

  /// The arc cosine, in radians.
  public func acos() -> Quantity {
    unary {
      $0.acos()
    } on: {
      $0.acos()
    } pullback: { x, _, g throws(TensorError) in
      try g * ((1 - x) * (1 + x)).sqrt().reciprocalOrZero().negate()
    }
  }

  /// The arc tangent, in radians.
  public func atan() -> Quantity {
    unary {
      $0.atan()
    } on: {
      $0.atan()
    } pullback: { x, _, g throws(TensorError) in
      try g / (1 + x * x)
    }
  }

  /// The hyperbolic tangent.
  public func tanh() -> Quantity {
    unary {
      $0.tanh()
    } on: {
      $0.tanh()
    } pullback: { _, y, g throws(TensorError) in
      try g * ((1 - y) * (1 + y))
    }
  }

  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() -> Quantity {
    unary {
      $0.sigmoid()
    } on: {
      $0.sigmoid()
    } pullback: { x, y, g throws(TensorError) in
      // 1 − σ(x) = σ(−x), which keeps its digits where σ(x) is close to 1.
      try g * (y * x.negate().sigmoid())
    }
  }

  /// max(x, 0).
  public func relu() -> Quantity {
    unary {
      $0.relu()
    } on: {
      $0.relu()
    } pullback: { x, _, g throws(TensorError) in
      try Quantity.where(Tensor.greater(x.tensor, Tensor(0)), g, 0)
    }
  }

  /// log(1 + eˣ), without overflow.
  public func softplus() -> Quantity {
    unary {
      $0.softplus()
    } on: {
      $0.softplus()
    } pullback: { x, _, g throws(TensorError) in
      try g * x.sigmoid()
    }
  }

  /// −1, 0 or 1, as a constant.
  public func sign() -> Quantity { .constant(tensor.sign()) }

  /// The nearest whole number, halves to the even one, as a constant.
  public func round() -> Quantity { .constant(tensor.round()) }

  /// The largest whole number not above x, as a constant.
  public func floor() -> Quantity { .constant(tensor.floor()) }

  /// The smallest whole number not below x, as a constant.
  public func ceil() -> Quantity { .constant(tensor.ceil()) }

  /// 1 / x, and 0 for 0.
  func reciprocalOrZero() throws(TensorError) -> Quantity {
    let value = tensor
    guard value.elements.contains(0) else { return try 1 / self }
    let isZero = try Tensor.equal(value, Tensor(0))
    return try Quantity.where(isZero, 0, 1 / Quantity.where(isZero, 1, self))
  }

  /// An operation of one operand: on a constant's tensor, on what a variable wraps, and back, from
  /// operand, result and the result's cotangent to the operand's.
  @inline(__always)
  private func unary(
    _ onTensor: (Tensor) -> Tensor,
    on operation: (Quantity) -> Quantity,
    pullback: @escaping @Sendable (Quantity, Quantity, Quantity) throws(TensorError) -> Quantity
  ) -> Quantity {
    guard let tape = Tape.innermost(self) else { return .constant(onTensor(tensor)) }
    let x = tape.outside(self)
    let y = operation(x)
    return tape.record(y, from: self) { g throws(TensorError) in try pullback(x, y, g) }
  }
}
