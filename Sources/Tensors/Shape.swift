/// Arithmetic on shapes: counts, strides, axes and broadcasting.
package enum Shape {
  /// The number of elements of `shape`, checked before anything is allocated.
  ///
  /// Lengths of zero do not excuse the others: leaving out an axis of any permitted shape gives a
  /// permitted shape, so reductions and reshapes need no check of their own.
  package static func count(_ shape: [Int]) throws(TensorError) -> Int {
    var product = 1.0
    for length in shape {
      guard length >= 0 else { throw .negativeLength(shape) }
      product *= Double(Swift.max(length, 1))
    }
    guard product <= Double(Tensor.largestCount) else { throw .tooLarge(elements: product) }
    return shape.reduce(1, *)
  }

  /// How far apart in memory the neighbours along every axis are, row-major.
  package static func strides(_ shape: [Int]) -> [Int] {
    var strides = shape
    var step = 1
    for axis in shape.indices.reversed() {
      strides[axis] = step
      step *= shape[axis]
    }
    return strides
  }

  /// The axis meant by `axis`, where negative ones count from the end.
  package static func axis(_ axis: Int, rank: Int) throws(TensorError) -> Int {
    guard axis >= -rank, axis < rank else { throw .axisOutOfRange(axis: axis, rank: rank) }
    return axis < 0 ? axis + rank : axis
  }

  /// The common shape of two operands by NumPy's rule: aligned at the end, ones stretch.
  package static func broadcast(_ a: [Int], _ b: [Int]) throws(TensorError) -> [Int] {
    if a == b { return a }
    let (long, short) = a.count >= b.count ? (a, b) : (b, a)
    var result = long
    let offset = long.count - short.count
    for axis in short.indices {
      let (left, right) = (long[offset + axis], short[axis])
      guard left == right || left == 1 || right == 1 else { throw .shapesDoNotBroadcast(a, b) }
      result[offset + axis] = left == 1 ? right : left
    }
    _ = try count(result)
    return result
  }

  /// The strides with which a tensor of shape `shape` is read when stretched to `target`.
  static func strides(_ shape: [Int], stretchedTo target: [Int]) -> [Int] {
    let own = strides(shape)
    let offset = target.count - shape.count
    return target.indices.map { axis in
      axis < offset || shape[axis - offset] == 1 ? 0 : own[axis - offset]
    }
  }

  /// The shape after reducing `axis` (every axis if nil), reduced axes kept with length 1 or left out.
  package static func reduced(
    _ shape: [Int], axis: Int?, keepDims: Bool
  ) throws(TensorError) -> [Int] {
    guard let axis else { return keepDims ? shape.map { _ in 1 } : [] }
    let position = try Shape.axis(axis, rank: shape.count)
    var result = shape
    if keepDims { result[position] = 1 } else { result.remove(at: position) }
    return result
  }
}
