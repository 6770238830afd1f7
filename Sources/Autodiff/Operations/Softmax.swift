public import Tensors

/// Sums of exponentials that neither overflow nor vanish.
extension Quantity {
  /// log Σ eˣ along `axis`, or over everything; its derivative is the softmax, 0 where all x are −inf.
  public func logsumexp(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.logsumexp(axis: axis, keepDims: keepDims))
    }
    let x = tape.outside(self)
    let y = try x.logsumexp(axis: axis, keepDims: keepDims)
    return tape.record(y, from: self) { g throws(TensorError) in
      let nothing = try Tensor.equal(y.tensor, Tensor(-.infinity))
      let level = try Quantity.where(nothing, 0, y).spread(over: x.shape, axis: axis)
      return try g.spread(over: x.shape, axis: axis) * (x - level).exp()
    }
  }

  /// eˣ / Σ eˣ along `axis`.
  public func softmax(axis: Int = -1) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.softmax(axis: axis))
    }
    let y = try tape.outside(self).softmax(axis: axis)
    return tape.record(y, from: self) { g throws(TensorError) in
      try y * (g - (g * y).sum(axis: axis, keepDims: true))
    }
  }

  /// x − log Σ eˣ along `axis`.
  public func logSoftmax(axis: Int = -1) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.logSoftmax(axis: axis))
    }
    let y = try tape.outside(self).logSoftmax(axis: axis)
    return tape.record(y, from: self) { g throws(TensorError) in
      try g - y.exp() * g.sum(axis: axis, keepDims: true)
    }
  }
}
