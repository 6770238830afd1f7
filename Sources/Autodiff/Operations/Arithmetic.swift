public import Tensors

/// Arithmetic of two operands, stretched to their common shape.
///
/// All throw `shapesDoNotBroadcast` where NumPy's rule gives no common shape, and `tooLarge`.
extension Quantity {
  /// `a + b`.
  public static func add(_ a: Quantity, _ b: Quantity) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(a, b) else {
      return .constant(try Tensor.add(a.tensor, b.tensor))
    }
    if let y = tape.combine(.add, a, b) { return y }
    let (p, q) = (tape.outside(a), tape.outside(b))
    let (shapeA, shapeB) = (p.shape, q.shape)
    return tape.record(
      try add(p, q),
      from: a, { g throws(TensorError) in try g.sum(to: shapeA) },
      from: b, { g throws(TensorError) in try g.sum(to: shapeB) })
  }

  /// `a − b`.
  public static func subtract(_ a: Quantity, _ b: Quantity) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(a, b) else {
      return .constant(try Tensor.subtract(a.tensor, b.tensor))
    }
    if let y = tape.combine(.subtract, a, b) { return y }
    let (p, q) = (tape.outside(a), tape.outside(b))
    let (shapeA, shapeB) = (p.shape, q.shape)
    return tape.record(
      try subtract(p, q),
      from: a, { g throws(TensorError) in try g.sum(to: shapeA) },
      from: b, { g throws(TensorError) in try g.sum(to: shapeB).negate() })
  }

  /// `a · b`, elementwise.
  public static func multiply(_ a: Quantity, _ b: Quantity) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(a, b) else {
      return .constant(try Tensor.multiply(a.tensor, b.tensor))
    }
    if let y = tape.combine(.multiply, a, b) { return y }
    let (p, q) = (tape.outside(a), tape.outside(b))
    let (shapeA, shapeB) = (p.shape, q.shape)
    return tape.record(
      try multiply(p, q),
      from: a, { g throws(TensorError) in try multiply(g, q).settled(by: g).sum(to: shapeA) },
      from: b, { g throws(TensorError) in try multiply(g, p).settled(by: g).sum(to: shapeB) })
  }

  /// `a / b`.
  public static func divide(_ a: Quantity, _ b: Quantity) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(a, b) else {
      return .constant(try Tensor.divide(a.tensor, b.tensor))
    }
    if let y = tape.combine(.divide, a, b) { return y }
    let (p, q) = (tape.outside(a), tape.outside(b))
    let y = try divide(p, q)
    return tape.record(
      y,
      from: a, { g throws(TensorError) in try divide(g, q).settled(by: g).sum(to: p.shape) },
      from: b,
      { g throws(TensorError) in
        try divide(multiply(g, y), q).negate().settled(by: g).sum(to: q.shape)
      })
  }

  /// `aᵇ`, elementwise.
  ///
  /// At a = 0 the derivative in a is 0 for 0 ≤ b < 1, as for `sqrt`, and the derivative in b is 0.
  public static func power(_ a: Quantity, _ b: Quantity) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(a, b) else {
      return .constant(try Tensor.power(a.tensor, b.tensor))
    }
    if let y = tape.combine(.power, a, b) { return y }
    let (p, q) = (tape.outside(a), tape.outside(b))
    let y = try power(p, q)
    return tape.record(
      y,
      from: a,
      { g throws(TensorError) in
        try multiply(g, powerDerivative(p, q)).settled(by: g).sum(to: p.shape)
      },
      from: b,
      { g throws(TensorError) in
        let isZero = try Tensor.equal(p.tensor, Tensor(0))
        let slope = try multiply(y, `where`(isZero, 1, p).log())
        return try multiply(g, `where`(isZero, 0, slope)).settled(by: g).sum(to: q.shape)
      })
  }

  /// `b·aᵇ⁻¹`, with 0 where b = 0, and where a = 0 and b < 1 is not negative.
  private static func powerDerivative(_ a: Quantity, _ b: Quantity) throws(TensorError) -> Quantity
  {
    let exponent = b.tensor
    if exponent.elements.allSatisfy({ $0 >= 1 || $0 < 0 }) {
      return try multiply(b, power(a, subtract(b, 1)))
    }
    let zero = Tensor(0)
    let isZero = try Tensor.equal(a.tensor, zero)
    let isFlat = try Tensor.less(exponent, Tensor(1))
    let isSmall = try Tensor.and(isFlat, Tensor.greaterOrEqual(exponent, zero))
    let guarded = try Tensor.or(Tensor.equal(exponent, zero), Tensor.and(isZero, isSmall))
    let safe = try `where`(guarded, 1, a)
    return try `where`(guarded, 0, multiply(b, power(safe, subtract(b, 1))))
  }

  /// The smaller of `a` and `b`; ties share the derivative equally.
  public static func minimum(_ a: Quantity, _ b: Quantity) throws(TensorError) -> Quantity {
    if case .constant(let a) = a, case .constant(let b) = b { return .constant(try .minimum(a, b)) }
    guard let tape = Tape.innermost(a, b) else {
      return .constant(try Tensor.minimum(a.tensor, b.tensor))
    }
    let (p, q) = (tape.outside(a), tape.outside(b))
    return tape.recordChoice(try minimum(p, q), a, b, share: try share(of: p, below: q))
  }

  /// The larger of `a` and `b`; ties share the derivative equally.
  public static func maximum(_ a: Quantity, _ b: Quantity) throws(TensorError) -> Quantity {
    if case .constant(let a) = a, case .constant(let b) = b { return .constant(try .maximum(a, b)) }
    guard let tape = Tape.innermost(a, b) else {
      return .constant(try Tensor.maximum(a.tensor, b.tensor))
    }
    let (p, q) = (tape.outside(a), tape.outside(b))
    return tape.recordChoice(try maximum(p, q), a, b, share: try share(of: q, below: p))
  }

  /// `a` limited to [`low`, `high`]: `minimum(maximum(a, low), high)`.
  public func clip(low: Quantity, high: Quantity) throws(TensorError) -> Quantity {
    try Quantity.minimum(Quantity.maximum(self, low), high)
  }

  /// The angle of the point (x, y) in radians; at the origin the derivative is 0.
  public static func arctangent2(_ y: Quantity, _ x: Quantity) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(y, x) else {
      return .constant(try Tensor.arctangent2(y.tensor, x.tensor))
    }
    let (p, q) = (tape.outside(y), tape.outside(x))
    return tape.record(
      try arctangent2(p, q),
      from: y,
      { g throws(TensorError) in
        let slope = try multiply(q, inverseSquaredRadius(p, q))
        return try multiply(g, slope).sum(to: p.shape)
      },
      from: x,
      { g throws(TensorError) in
        let slope = try multiply(p, inverseSquaredRadius(p, q)).negate()
        return try multiply(g, slope).sum(to: q.shape)
      })
  }

  /// `a` where `mask` is true, else `b`, all three stretched to one shape.
  public static func `where`(
    _ mask: Tensor, _ a: Quantity, _ b: Quantity
  ) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(a, b) else {
      return .constant(try Tensor.where(mask, a.tensor, b.tensor))
    }
    let (p, q) = (tape.outside(a), tape.outside(b))
    let (shapeA, shapeB) = (p.shape, q.shape)
    return tape.record(
      try `where`(mask, p, q),
      from: a, { g throws(TensorError) in try `where`(mask, g, 0).sum(to: shapeA) },
      from: b, { g throws(TensorError) in try `where`(mask, 0, g).sum(to: shapeB) })
  }

  /// 1 where a < b, ½ where they are equal, else 0.
  private static func share(of a: Quantity, below b: Quantity) throws(TensorError) -> Tensor {
    let (a, b) = (a.tensor, b.tensor)
    let ties = try Tensor.equal(a, b)
    return try Tensor.add(Tensor.less(a, b), Tensor.multiply(ties, Tensor(0.5)))
  }

  /// 1 / (x² + y²), with 0 at the origin.
  private static func inverseSquaredRadius(
    _ y: Quantity, _ x: Quantity
  ) throws(TensorError) -> Quantity {
    try add(multiply(x, x), multiply(y, y)).reciprocalOrZero()
  }
}

extension Tape {
  /// A choice between `a` and `b`, of which `a` has the given share of the derivative.
  fileprivate func recordChoice(
    _ result: Quantity, _ a: Quantity, _ b: Quantity, share: Tensor
  ) -> Quantity {
    let (shapeA, shapeB) = (a.shape, b.shape)
    return record(
      result,
      from: a,
      { g throws(TensorError) in
        try Quantity.multiply(g, .constant(share)).sum(to: shapeA)
      },
      from: b,
      { g throws(TensorError) in
        let rest = try Tensor.subtract(Tensor(1), share)
        return try Quantity.multiply(g, .constant(rest)).sum(to: shapeB)
      })
  }
}

extension Quantity {
  /// The sum; see `add`.
  public static func + (a: Quantity, b: Quantity) throws(TensorError) -> Quantity { try add(a, b) }

  /// The difference; see `subtract`.
  public static func - (a: Quantity, b: Quantity) throws(TensorError) -> Quantity {
    try subtract(a, b)
  }

  /// The elementwise product; see `multiply`.
  public static func * (a: Quantity, b: Quantity) throws(TensorError) -> Quantity {
    try multiply(a, b)
  }

  /// The quotient; see `divide`.
  public static func / (a: Quantity, b: Quantity) throws(TensorError) -> Quantity {
    try divide(a, b)
  }
}
