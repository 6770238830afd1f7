import CKernels

/// Sums of exponentials that neither overflow nor vanish: the largest exponent is taken out first.
extension Tensor {
  /// log Σ eˣ along `axis`, or over everything; −inf of nothing.
  public func logsumexp(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Tensor {
    let lanes = try Lanes(shape, axis: axis)
    var line = [Double](repeating: 0, count: lanes.length)
    return try reduced(axis: axis, keepDims: keepDims) { lane in
      for i in line.indices { line[i] = lane[i] }
      let top = line.largest
      guard top.isFinite else { return top }
      let total = line.exponentiate(below: top)
      return top + Elementwise.number(total, by: KERNEL_LOG)
    }
  }

  /// eˣ / Σ eˣ along `axis`.
  public func softmax(axis: Int = -1) throws(TensorError) -> Tensor {
    try rewritten(axis: axis, dtype: dtype.arithmetic) { line in
      let total = line.exponentiate(below: line.largest)
      Elementwise.combine(&line, [total], by: KERNEL_DIVIDE)
    }
  }

  /// x − log Σ eˣ along `axis`.
  public func logSoftmax(axis: Int = -1) throws(TensorError) -> Tensor {
    try rewritten(axis: axis, dtype: dtype.arithmetic) { line in
      Elementwise.combine(&line, [line.largest], by: KERNEL_SUBTRACT)
      var exponentials = line
      let total = exponentials.exponentiate(below: 0)
      Elementwise.combine(
        &line, [Elementwise.number(total, by: KERNEL_LOG)], by: KERNEL_SUBTRACT)
    }
  }
}

extension [Double] {
  /// The largest element, −inf of nothing, nan if there is one.
  fileprivate var largest: Double {
    withUnsafeBufferPointer { x in
      guard !isEmpty, let start = x.baseAddress else { return -.infinity }
      return kernel_extreme_f64(start, x.count, 1)
    }
  }

  /// Puts eˣ⁻ᵗᵒᵖ in the place of every x.
  ///
  /// - Returns: the sum of these.
  fileprivate mutating func exponentiate(below top: Double) -> Double {
    withUnsafeMutableBufferPointer { x in
      guard let start = x.baseAddress else { return 0 }
      withUnsafePointer(to: top) {
        kernel_combine_f64(KERNEL_SUBTRACT, start, 1, $0, 0, start, x.count)
      }
      kernel_map_f64(KERNEL_EXP, start, start, x.count)
      return PairwiseSum.sum(UnsafeBufferPointer(x), from: 0, count: x.count)
    }
  }
}
