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

  /// About what it costs to rewrite an element of a lane, in nanoseconds.
  private static let costOfRewriting = 3.0

  /// Every lane along `axis` rewritten in place by `body`, which gets it as an array, and may be
  /// called for several lanes at once.
  func rewritten(
    axis: Int?, dtype: DType, _ body: (inout [Double]) -> Void
  ) throws(TensorError) -> Tensor {
    let lanes = try Lanes(shape, axis: axis)
    let elements = elements
    var result = elements
    elements.withUnsafeBufferPointer { elements in
      result.withUnsafeMutableBufferPointer { result in
        Threads.chunks(lanes.count, cost: Self.costOfRewriting * Double(lanes.length)) { range in
          var line = [Double](repeating: 0, count: lanes.length)
          for lane in range {
            let start = lane / lanes.inner * lanes.length * lanes.inner + lane % lanes.inner
            for i in 0..<lanes.length { line[i] = elements[start + i * lanes.inner] }
            body(&line)
            for i in 0..<lanes.length { result[start + i * lanes.inner] = line[i] }
          }
        }
      }
    }
    return Tensor(shape: axis == nil ? [count] : shape, elements: result, dtype: dtype)
  }
}
