import Glibc

/// Sums of exponentials that neither overflow nor vanish: the largest exponent is taken out first.
extension Tensor {
  /// log Σ eˣ along `axis`, or over everything; −inf of nothing.
  public func logsumexp(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try reduced(axis: axis, keepDims: keepDims) { lane in
      let top = lane.largest
      guard top.isFinite else { return top }
      var total = 0.0
      for i in 0..<lane.count { total += Glibc.exp(lane[i] - top) }
      return top + Glibc.log(total)
    }
  }

  /// eˣ / Σ eˣ along `axis`.
  public func softmax(axis: Int = -1) throws(TensorError) -> Tensor {
    try rewritten(axis: axis, dtype: dtype.arithmetic) { line in
      let top = line.largest
      var total = 0.0
      for i in line.indices {
        line[i] = Glibc.exp(line[i] - top)
        total += line[i]
      }
      for i in line.indices { line[i] /= total }
    }
  }

  /// x − log Σ eˣ along `axis`.
  public func logSoftmax(axis: Int = -1) throws(TensorError) -> Tensor {
    try rewritten(axis: axis, dtype: dtype.arithmetic) { line in
      let top = line.largest
      var total = 0.0
      for i in line.indices {
        line[i] -= top
        total += Glibc.exp(line[i])
      }
      let logarithm = Glibc.log(total)
      for i in line.indices { line[i] -= logarithm }
    }
  }
}

extension Lane {
  /// The largest element, −inf of nothing, nan if there is one.
  @inline(__always)
  fileprivate var largest: Double {
    var best = -Double.infinity
    for i in 0..<count where self[i] > best || self[i].isNaN { best = self[i] }
    return best
  }
}

extension [Double] {
  /// The largest element, −inf of nothing, nan if there is one.
  fileprivate var largest: Double {
    var best = -Double.infinity
    for x in self where x > best || x.isNaN { best = x }
    return best
  }
}
