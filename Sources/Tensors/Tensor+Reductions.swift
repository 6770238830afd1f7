import CKernels

/// One number from every line of elements along `axis`, or from all elements without an axis.
///
/// `keepDims` keeps the reduced axes with length 1. All throw `axisOutOfRange`. Results have the dtype
/// of the elements, positions and counts float64; in float32 all is computed in float64 and rounded.
extension Tensor {
  /// The sum, pairwise; 0 of nothing.
  public func sum(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Tensor {
    let sums = try sums(axis: axis)
    let shape = try Shape.reduced(shape, axis: axis, keepDims: keepDims)
    return Tensor(shape: shape, elements: sums, dtype: dtype.arithmetic)
  }

  /// The sum of every lane, in float64.
  private func sums(axis: Int?) throws(TensorError) -> [Double] {
    let lanes = try Lanes(shape, axis: axis)
    switch storage {
    case .float64(let numbers), .bool(let numbers): return Tensor.sums(numbers, lanes)
    case .float32(let numbers): return Tensor.sums(numbers, lanes)
    }
  }

  private static func sums<Number: StoredNumber>(_ numbers: [Number], _ lanes: Lanes) -> [Double] {
    Buffer.array(of: Double.self, count: lanes.count) { result in
      numbers.withUnsafeBufferPointer { x in
        if lanes.inner == 1 {
          let cost = sumCost * Double(lanes.length)
          Threads.chunks(lanes.outer, cost: lanes.outer == 1 ? 0 : cost) { range in
            for i in range {
              let (start, count) = (i * lanes.length, lanes.length)
              result[i] =
                lanes.outer == 1
                ? PairwiseSum.sharedSum(x, from: start, count: count)
                : PairwiseSum.sum(x, from: start, count: count)
            }
          }
        } else {
          for i in 0..<lanes.outer {
            Threads.chunks(lanes.inner, cost: sumCost * Double(lanes.length)) { columns in
              let start = i * lanes.inner + columns.lowerBound
              PairwiseSum.sumRows(
                x, from: i * lanes.length * lanes.inner + columns.lowerBound, rows: lanes.length,
                width: columns.count, stride: lanes.inner,
                into: UnsafeMutableBufferPointer(rebasing: result[start..<start + columns.count]))
            }
          }
        }
      }
    }
  }

  /// About how long a sum takes for one element, in nanoseconds.
  private static let sumCost = 0.15

  /// The mean; nan of nothing.
  public func mean(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Tensor {
    let length = Double(try Lanes(shape, axis: axis).length)
    let means = Elementwise.map(try sums(axis: axis)) { $0 / length }
    let shape = try Shape.reduced(shape, axis: axis, keepDims: keepDims)
    return Tensor(shape: shape, elements: means, dtype: dtype.arithmetic)
  }

  /// The mean squared deviation from the mean, its sum divided by n − `ddof`.
  public func variance(
    axis: Int? = nil, keepDims: Bool = false, ddof: Int = 0
  ) throws(TensorError) -> Tensor {
    let freedom = Swift.max(0, Double(try Lanes(shape, axis: axis).length) - Double(ddof))
    let wide = converted(to: .float64)
    let deviations = try Tensor.subtract(wide, try wide.mean(axis: axis, keepDims: true))
    return try deviations.map { $0 * $0 }.sum(axis: axis, keepDims: keepDims)
      .map { $0 / freedom }.converted(to: dtype.arithmetic)
  }

  /// The square root of the variance.
  public func std(
    axis: Int? = nil, keepDims: Bool = false, ddof: Int = 0
  ) throws(TensorError) -> Tensor {
    try variance(axis: axis, keepDims: keepDims, ddof: ddof).sqrt()
  }

  /// The product; 1 of nothing.
  public func prod(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try reduced(axis: axis, keepDims: keepDims) { lane in
      var product = 1.0
      for i in 0..<lane.count { product *= lane[i] }
      return product
    }
  }

  /// The smallest element; nan if there is one.
  ///
  /// - Throws: `emptyReduction` over nothing.
  public func min(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try requireLanes("min", axis: axis)
    return try extreme(axis: axis, keepDims: keepDims, isLargest: false)
  }

  /// The largest element; nan if there is one.
  ///
  /// - Throws: `emptyReduction` over nothing.
  public func max(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try requireLanes("max", axis: axis)
    return try extreme(axis: axis, keepDims: keepDims, isLargest: true)
  }

  private func extreme(
    axis: Int?, keepDims: Bool, isLargest: Bool
  ) throws(TensorError) -> Tensor {
    let lanes = try Lanes(shape, axis: axis)
    let result = try Shape.reduced(shape, axis: axis, keepDims: keepDims)
    let storage: Storage =
      switch storage {
      case .float64(let numbers): .float64(Tensor.extremes(numbers, lanes, isLargest))
      case .float32(let numbers): .float32(Tensor.extremes(numbers, lanes, isLargest))
      case .bool(let numbers): .bool(Tensor.extremes(numbers, lanes, isLargest))
      }
    return Tensor(shape: result, storage: storage)
  }

  private static func extremes<Number: StoredNumber>(
    _ numbers: [Number], _ lanes: Lanes, _ isLargest: Bool
  ) -> [Number] {
    Buffer.array(count: lanes.count) { result in
      numbers.withUnsafeBufferPointer { x in
        guard let start = x.baseAddress else { return }
        let operation = isLargest ? KERNEL_MAXIMUM : KERNEL_MINIMUM
        if lanes.inner == 1 {
          Threads.chunks(lanes.outer, cost: sumCost * Double(lanes.length)) { range in
            for i in range {
              result[i] = Number.extreme(
                start + i * lanes.length, lanes.length, isLargest: isLargest)
            }
          }
          return
        }
        for i in 0..<lanes.outer {
          let first = start + i * lanes.length * lanes.inner
          if let row = result.baseAddress.map({ $0 + i * lanes.inner }) {
            row.initialize(from: first, count: lanes.inner)
            for k in 1..<Swift.max(1, lanes.length) {
              Number.combine(operation, row, 1, first + k * lanes.inner, 1, row, lanes.inner)
            }
          }
        }
      }
    }
  }

  /// The position of the first smallest element; the first nan, if any, counts as smallest.
  ///
  /// - Throws: `emptyReduction` over nothing.
  public func argmin(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try requireLanes("argmin", axis: axis)
    return try reduced(axis: axis, keepDims: keepDims, dtype: .float64) { lane in
      Double(lane.firstBest { $0 < $1 })
    }
  }

  /// The position of the first largest element; the first nan, if any, counts as largest.
  ///
  /// - Throws: `emptyReduction` over nothing.
  public func argmax(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try requireLanes("argmax", axis: axis)
    return try reduced(axis: axis, keepDims: keepDims, dtype: .float64) { lane in
      Double(lane.firstBest { $0 > $1 })
    }
  }

  /// Whether any element is true; false of nothing.
  public func any(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try reduced(axis: axis, keepDims: keepDims, dtype: .bool) { lane in
      for i in 0..<lane.count where lane[i] != 0 { return 1 }
      return 0
    }
  }

  /// Whether all elements are true; true of nothing.
  public func all(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try reduced(axis: axis, keepDims: keepDims, dtype: .bool) { lane in
      for i in 0..<lane.count where lane[i] == 0 { return 0 }
      return 1
    }
  }

  /// How many elements are true, that is, not 0.
  public func countTrue(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try reduced(axis: axis, keepDims: keepDims, dtype: .float64) { lane in
      var count = 0.0
      for i in 0..<lane.count where lane[i] != 0 { count += 1 }
      return count
    }
  }

  /// The running sums along `axis`; without one, of the flattened tensor.
  public func cumsum(axis: Int? = nil) throws(TensorError) -> Tensor {
    try rewritten(axis: axis, dtype: dtype.arithmetic) { line in
      line.withUnsafeMutableBufferPointer { line in
        guard var total = line.first else { return }
        for i in line.indices.dropFirst() {
          total += line[i]
          line[i] = total
        }
      }
    }
  }

  /// Refuses lanes without elements, unless there are no lanes either.
  private func requireLanes(_ name: String, axis: Int?) throws(TensorError) {
    let lanes = try Lanes(shape, axis: axis)
    guard lanes.length > 0 || lanes.count == 0 else { throw .emptyReduction(name) }
  }
}

extension Lane {
  /// The position of the first element that no other beats; a nan beats all.
  @inline(__always)
  fileprivate func firstBest(_ beats: (Double, Double) -> Bool) -> Int {
    var best = 0
    if self[0].isNaN { return 0 }
    for i in 1..<count {
      if self[i].isNaN { return i }
      if beats(self[i], self[best]) { best = i }
    }
    return best
  }
}
