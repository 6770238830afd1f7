public import Tensors

/// One number from every line of elements along `axis`, or from all elements without an axis.
///
/// `keepDims` keeps the reduced axes with length 1. All throw `axisOutOfRange`.
extension Quantity {
  /// The sum.
  public func sum(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.sum(axis: axis, keepDims: keepDims))
    }
    let x = tape.outside(self)
    let shape = x.shape
    return tape.record(try x.sum(axis: axis, keepDims: keepDims), from: self) {
      g throws(TensorError) in try g.spread(over: shape, axis: axis)
    }
  }

  /// The sum over the axes along which `shape` was stretched: the adjoint of `broadcast(to:)`.
  public func sum(to shape: [Int]) throws(TensorError) -> Quantity {
    let original = self.shape
    if original == shape { return self }
    guard let tape = Tape.innermost(self) else { return .constant(try tensor.sum(to: shape)) }
    return tape.record(try tape.outside(self).sum(to: shape), from: self) {
      g throws(TensorError) in try g.broadcast(to: original)
    }
  }

  /// The mean.
  public func mean(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.mean(axis: axis, keepDims: keepDims))
    }
    let x = tape.outside(self)
    let shape = x.shape
    let y = try x.mean(axis: axis, keepDims: keepDims)
    let length = Double(x.count) / Double(Swift.max(1, y.count))
    return tape.record(y, from: self) { g throws(TensorError) in
      try (g / .scalar(length)).spread(over: shape, axis: axis)
    }
  }

  /// The mean squared deviation from the mean, its sum divided by n − `ddof`.
  public func variance(
    axis: Int? = nil, keepDims: Bool = false, ddof: Int = 0
  ) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.variance(axis: axis, keepDims: keepDims, ddof: ddof))
    }
    let x = tape.outside(self)
    let y = try x.variance(axis: axis, keepDims: keepDims, ddof: ddof)
    let length = Double(x.count) / Double(Swift.max(1, y.count))
    let freedom = Swift.max(0, length - Double(ddof))
    return tape.record(y, from: self) { g throws(TensorError) in
      let deviation = try x - x.mean(axis: axis, keepDims: true)
      return try deviation * (g * .scalar(2 / freedom)).spread(over: x.shape, axis: axis)
    }
  }

  /// The square root of the variance; where it is 0 so is its derivative.
  public func std(
    axis: Int? = nil, keepDims: Bool = false, ddof: Int = 0
  ) throws(TensorError) -> Quantity {
    try variance(axis: axis, keepDims: keepDims, ddof: ddof).sqrt()
  }

  /// The largest element; ties share the derivative equally.
  public func max(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.max(axis: axis, keepDims: keepDims))
    }
    let x = tape.outside(self)
    return try tape.recordExtreme(try x.max(axis: axis, keepDims: keepDims), of: self, axis: axis)
  }

  /// The smallest element; ties share the derivative equally.
  public func min(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.min(axis: axis, keepDims: keepDims))
    }
    let x = tape.outside(self)
    return try tape.recordExtreme(try x.min(axis: axis, keepDims: keepDims), of: self, axis: axis)
  }

  /// The product; zeros among the factors are no trouble.
  public func prod(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(self) else {
      return .constant(try tensor.prod(axis: axis, keepDims: keepDims))
    }
    let x = tape.outside(self)
    let y = try x.prod(axis: axis, keepDims: keepDims)
    return tape.record(y, from: self) { g throws(TensorError) in
      try g.spread(over: x.shape, axis: axis) * x.productsOfOthers(product: y, axis: axis)
    }
  }

  /// The running sums along `axis`; without one, of the flattened tensor.
  public func cumsum(axis: Int? = nil) throws(TensorError) -> Quantity {
    guard let axis else { return try flattened().cumsum(axis: 0) }
    guard let tape = Tape.innermost(self) else { return .constant(try tensor.cumsum(axis: axis)) }
    let x = tape.outside(self)
    let position = try Shape.axis(axis, rank: x.rank)
    return tape.record(try x.cumsum(axis: axis), from: self) { g throws(TensorError) in
      try g.reversed(axis: position).cumsum(axis: position).reversed(axis: position)
    }
  }

  /// A cotangent of a reduction along `axis`, given to every element that was reduced.
  func spread(over shape: [Int], axis: Int?) throws(TensorError) -> Quantity {
    try reshaped(to: try Shape.reduced(shape, axis: axis, keepDims: true)).broadcast(to: shape)
  }

  /// The elements along `axis` in reverse order.
  private func reversed(axis: Int) throws(TensorError) -> Quantity {
    let reverse = Tensor.Index.slice(start: nil, stop: nil, step: -1)
    return try subscripted(Array(repeating: .all, count: axis) + [reverse])
  }

  /// For every element the product of the others on its lane.
  private func productsOfOthers(product: Quantity, axis: Int?) throws(TensorError) -> Quantity {
    if !tensor.contains(0) {
      return try product.spread(over: shape, axis: axis) / self
    }
    guard let axis else {
      return try flattened().productsOfOthers(product: product, axis: 0).reshaped(to: shape)
    }
    // Zeros: one element after the other is replaced by 1 and the lane multiplied afresh.
    let position = try Shape.axis(axis, rank: rank)
    var parts: [Quantity] = []
    for i in 0..<shape[position] {
      var mask = try Tensor.zeros(shape)
      try mask.assign(Tensor(1), at: Array(repeating: .all, count: position) + [.at(i)])
      parts.append(try Quantity.where(mask, 1, self).prod(axis: axis, keepDims: true))
    }
    return try Quantity.concat(parts, axis: axis)
  }
}

extension Tape {
  /// A maximum or minimum whose derivative goes to the elements that attain it.
  fileprivate func recordExtreme(
    _ y: Quantity, of x: Quantity, axis: Int?
  ) throws(TensorError) -> Quantity {
    let value = x.tensor
    let kept = try Shape.reduced(value.shape, axis: axis, keepDims: true)
    let attained = try Tensor.equal(value, y.tensor.reshaped(to: kept))
    let ties = try attained.sum(axis: axis, keepDims: true)
    let shares = Quantity.constant(try Tensor.divide(attained, ties))
    return record(y, from: x) { g throws(TensorError) in
      try g.spread(over: value.shape, axis: axis) * shares
    }
  }
}
