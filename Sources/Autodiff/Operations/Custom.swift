public import Tensors

/// Operations whose value and derivative come from a kernel.
extension Quantity {
  /// An operation on `inputs` with the given value.
  ///
  /// `pullback` gets the cotangent of the value and returns one for each input, nil for zero. It is
  /// called once per pass. What it captures counts as it was captured: if it captures tensors, the
  /// derivative is a constant in a second differentiation; use the other form where that matters.
  public static func custom(
    _ inputs: [Quantity], value: Tensor,
    pullback: @escaping @Sendable (Quantity) throws(TensorError) -> [Quantity?]
  ) -> Quantity {
    custom(inputs, value: value) { _, cotangent throws(TensorError) in try pullback(cotangent) }
  }

  /// An operation on `inputs` with the given value, which can be differentiated to any order.
  ///
  /// `pullback` also gets the inputs without the tape being read: constants at the first order,
  /// where a kernel's gradient will do; variables in a nested derivative, where it must be computed
  /// from them with operations on quantities.
  public static func custom(
    _ inputs: [Quantity], value: Tensor,
    pullback:
      @escaping @Sendable (_ inputs: [Quantity], _ cotangent: Quantity) throws(TensorError)
      -> [Quantity?]
  ) -> Quantity {
    guard let tape = Tape.innermost(inputs) else { return .constant(value) }
    let outside = inputs.map { tape.outside($0) }
    let primal = custom(outside, value: value, pullback: pullback)
    return tape.recordJoint(primal, from: inputs) { g throws(TensorError) in
      try pullback(outside, g)
    }
  }
}
