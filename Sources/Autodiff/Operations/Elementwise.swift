import Tensors

/// Functions of one number, applied to every element.
///
/// At a kink the derivative is finite: 0 for `abs`, `sqrt` and `relu` at 0.
extension Quantity {
  /// −x.
  public func negate() -> Quantity {
    unary(Tensor.negate, Quantity.negate) { _, _, g in
      g.negate()
    }
  }

  /// eˣ.
  public func exp() -> Quantity {
    unary(Tensor.exp, Quantity.exp) { _, y, g throws(TensorError) in
      try g * y
    }
  }

  /// The natural logarithm.
  public func log() -> Quantity {
    unary(Tensor.log, Quantity.log) { x, _, g throws(TensorError) in
      try g / x
    }
  }

  /// log(1 + x), accurate near 0.
  public func log1p() -> Quantity {
    unary(Tensor.log1p, Quantity.log1p) { x, _, g throws(TensorError) in
      try g / (1 + x)
    }
  }

  /// eˣ − 1, accurate near 0.
  public func expm1() -> Quantity {
    unary(Tensor.expm1, Quantity.expm1) { x, _, g throws(TensorError) in
      try g * x.exp()
    }
  }

  /// The square root; its derivative at 0 is taken as 0.
  public func sqrt() -> Quantity {
    unary(Tensor.sqrt, Quantity.sqrt) { _, y, g throws(TensorError) in
      try g * (0.5 * y.reciprocalOrZero())
    }
  }

  /// |x|.
  public func abs() -> Quantity {
    unary(Tensor.abs, Quantity.abs) { x, _, g throws(TensorError) in
      try g * x.sign()
    }
  }

  /// The sine of x in radians.
  public func sin() -> Quantity {
    unary(Tensor.sin, Quantity.sin) { x, _, g throws(TensorError) in
      try g * x.cos()
    }
  }

  /// The cosine of x in radians.
  public func cos() -> Quantity {
    unary(Tensor.cos, Quantity.cos) { x, _, g throws(TensorError) in
      try g * x.sin().negate()
    }
  }

  /// The tangent of x in radians.
  public func tan() -> Quantity {
    unary(Tensor.tan, Quantity.tan) { _, y, g throws(TensorError) in
      try g * (1 + y * y)
    }
  }

  /// The arc sine, in radians.
  public func asin() -> Quantity {
    unary(Tensor.asin, Quantity.asin) { x, _, g throws(TensorError) in
      try g * ((1 - x) * (1 + x)).sqrt().reciprocalOrZero()
    }
  }

  /// The arc cosine, in radians.
  public func acos() -> Quantity {
    unary(Tensor.acos, Quantity.acos) { x, _, g throws(TensorError) in
      try g * ((1 - x) * (1 + x)).sqrt().reciprocalOrZero().negate()
    }
  }

  /// The arc tangent, in radians.
  public func atan() -> Quantity {
    unary(Tensor.atan, Quantity.atan) { x, _, g throws(TensorError) in
      try g / (1 + x * x)
    }
  }

  /// The hyperbolic tangent.
  public func tanh() -> Quantity {
    unary(Tensor.tanh, Quantity.tanh) { _, y, g throws(TensorError) in
      try g * ((1 - y) * (1 + y))
    }
  }

  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() -> Quantity {
    unary(Tensor.sigmoid, Quantity.sigmoid) { x, y, g throws(TensorError) in
      // 1 − σ(x) = σ(−x), which keeps its digits where σ(x) is close to 1.
      try g * (y * x.negate().sigmoid())
    }
  }

  /// max(x, 0).
  public func relu() -> Quantity {
    unary(Tensor.relu, Quantity.relu) { x, _, g throws(TensorError) in
      try Quantity.where(Tensor.greater(x.tensor, Tensor(0)), g, 0)
    }
  }

  /// log(1 + eˣ), without overflow.
  public func softplus() -> Quantity {
    unary(Tensor.softplus, Quantity.softplus) { x, _, g throws(TensorError) in
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

  /// What a cotangent became on its way back, with 0 wherever the cotangent was 0.
  ///
  /// What does not matter to the result does not matter however steep it is: 0·inf is 0 here, so that
  /// the branch that `where` does not take leaves no nan behind.
  func settled(by cotangent: Quantity) throws(TensorError) -> Quantity {
    guard tensor.hasNaN else { return self }
    return try .where(Tensor.equal(cotangent.tensor, Tensor(0)), 0, self)
  }

  /// 1 / x, and 0 for 0.
  func reciprocalOrZero() throws(TensorError) -> Quantity {
    let value = tensor
    guard value.contains(0) else { return try 1 / self }
    let isZero = try Tensor.equal(value, Tensor(0))
    return try Quantity.where(isZero, 0, 1 / Quantity.where(isZero, 1, self))
  }

  /// An operation of one operand: on a constant's tensor, on what a variable wraps, and back, from
  /// operand, result and the result's cotangent to the operand's.
  @inline(__always)
  private func unary(
    _ onTensor: (Tensor) -> () -> Tensor,
    _ onQuantity: (Quantity) -> () -> Quantity,
    _ pullback: @escaping @Sendable (Quantity, Quantity, Quantity) throws(TensorError) -> Quantity
  ) -> Quantity {
    guard let tape = Tape.innermost(self) else { return .constant(onTensor(tensor)()) }
    let x = tape.outside(self)
    let y = onQuantity(x)()
    return tape.record(y, from: self) { g throws(TensorError) in
      try pullback(x, y, g).settled(by: g)
    }
  }
}
