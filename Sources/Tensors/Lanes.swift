/// The lines of elements along one axis, or all elements as one line.
struct Lanes {
  /// The product of the lengths before the axis.
  let outer: Int
  /// The length of the axis.
  let length: Int
  /// The product of the lengths after the axis: the distance of neighbours on a lane.
  let inner: Int

  /// The lanes of `shape` along `axis`; without one, a single lane through everything.
  init(_ shape: [Int], axis: Int?) throws(TensorError) {
    guard let axis else {
      (outer, length, inner) = (1, shape.reduce(1, *), 1)
      return
    }
    let position = try Shape.axis(axis, rank: shape.count)
    outer = shape[..<position].reduce(1, *)
    length = shape[position]
    inner = shape[(position + 1)...].reduce(1, *)
  }

  /// How many lanes there are.
  var count: Int { outer * inner }

  /// Visits the lanes in order: the number of the lane and its first element's position.
  @inline(__always)
  func forEach(_ body: (_ lane: Int, _ start: Int) -> Void) {
    for i in 0..<outer {
      for j in 0..<inner { body(i * inner + j, i * length * inner + j) }
    }
  }
}

/// A lane's elements, read at a fixed distance from each other.
struct Lane {
  let base: UnsafeBufferPointer<Double>
  let start: Int
  let stride: Int
  let count: Int

  @inline(__always)
  subscript(i: Int) -> Double { base[start + i * stride] }
}

extension Tensor {
  /// One number from every lane along `axis`; the dtype is that of arithmetic unless given.
  @inline(__always)
  func reduced(
    axis: Int?, keepDims: Bool, dtype: DType? = nil, _ body: (Lane) -> Double
  ) throws(TensorError) -> Tensor {
    let lanes = try Lanes(shape, axis: axis)
    let shape = try Shape.reduced(shape, axis: axis, keepDims: keepDims)
    let result = Buffer.array(of: Double.self, count: lanes.count) { result in
      elements.withUnsafeBufferPointer { base in
        lanes.forEach { lane, start in
          result[lane] = body(
            Lane(base: base, start: start, stride: lanes.inner, count: lanes.length))
        }
      }
    }
    return Tensor(shape: shape, elements: result, dtype: dtype ?? self.dtype.arithmetic)
  }

  /// Every lane along `axis` rewritten in place by `body`, which gets it as an array, and may be
  /// called for several lanes at once.
  func rewritten(
    axis: Int?, dtype: DType, _ body: (inout [Double]) -> Void
  ) throws(TensorError) -> Tensor {
    let lanes = try Lanes(shape, axis: axis)
    let shape = axis == nil ? [count] : shape
    if dtype == .float32, case .float32(let singles) = storage {
      return Tensor(shape: shape, singles: lanes.rewritten(singles, body))
    }
    return Tensor(shape: shape, elements: lanes.rewritten(elements, body), dtype: dtype)
  }
}

extension Lanes {
  /// About what it costs to rewrite an element, in nanoseconds.
  private static let costOfRewriting = 3.0

  fileprivate func rewritten<Number: StoredNumber>(
    _ numbers: [Number], _ body: (inout [Double]) -> Void
  ) -> [Number] {
    Buffer.filled(count: numbers.count) { result in
      numbers.withUnsafeBufferPointer { numbers in
        guard let numbers = numbers.baseAddress else { return }
        Threads.chunks(count, cost: Self.costOfRewriting * Double(length)) { range in
          var line = [Double](repeating: 0, count: length)
          for lane in range {
            let start = lane / inner * length * inner + lane % inner
            line.withUnsafeMutableBufferPointer { line in
              forEachPlace(from: start) { line[$0] = numbers[$1].widened }
            }
            body(&line)
            line.withUnsafeBufferPointer { line in
              forEachPlace(from: start) { result[$1] = Number(line[$0]) }
            }
          }
        }
      }
    }
  }

  /// Visits a lane: the number of an element on it and its position.
  @inline(__always)
  private func forEachPlace(from start: Int, _ body: (_ i: Int, _ position: Int) -> Void) {
    if inner == 1 {
      for i in 0..<length { body(i, start &+ i) }
    } else {
      for i in 0..<length { body(i, start &+ i &* inner) }
    }
  }
}
