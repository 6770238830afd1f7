extension Tensor {
  /// The tensors one after another along `axis`; they may differ in that length only.
  ///
  /// The widest dtype wins.
  /// - Throws: `cannotJoin`, `axisOutOfRange`, `failure` for an empty list.
  public static func concat(_ parts: [Tensor], axis: Int = 0) throws(TensorError) -> Tensor {
    guard let first = parts.first else { throw .failure("there is nothing to concatenate") }
    let shape = try joinedShape(parts.map(\.shape), axis: axis)
    let position = try Shape.axis(axis, rank: first.rank)
    let outer = shape[..<position].reduce(1, *)
    let dtype = DType.widest(parts.lazy.map(\.dtype))
    if dtype == .float32 {
      return Tensor(shape: shape, singles: joined(parts.map(\.singles), outer: outer))
    }
    return Tensor(
      shape: shape, elements: joined(parts.map(\.elements), outer: outer), dtype: dtype)
  }

  /// The parts interleaved: `outer` times a run of every part.
  private static func joined<Number>(_ parts: [[Number]], outer: Int) -> [Number] {
    var joined: [Number] = []
    joined.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for row in 0..<outer {
      for part in parts {
        let width = part.count / outer
        joined += part[(row * width)..<((row + 1) * width)]
      }
    }
    return joined
  }

  /// The tensors, all of one shape, along a new axis.
  ///
  /// - Throws: `cannotJoin`, `axisOutOfRange`, `failure` for an empty list.
  public static func stack(_ parts: [Tensor], axis: Int = 0) throws(TensorError) -> Tensor {
    guard let first = parts.first else { throw .failure("there is nothing to stack") }
    var expanded: [Tensor] = []
    for part in parts {
      guard part.shape == first.shape else { throw .cannotJoin(first.shape, part.shape) }
      expanded.append(try part.expanded(axis: axis))
    }
    return try concat(expanded, axis: axis)
  }

  /// The shape of tensors joined along `axis`.
  private static func joinedShape(_ shapes: [[Int]], axis: Int) throws(TensorError) -> [Int] {
    var result = shapes[0]
    let position = try Shape.axis(axis, rank: result.count)
    for shape in shapes.dropFirst() {
      guard shape.count == result.count else { throw .cannotJoin(shapes[0], shape) }
      for other in shape.indices where other != position && shape[other] != result[other] {
        throw .cannotJoin(shapes[0], shape)
      }
      result[position] += shape[position]
    }
    _ = try Shape.count(result)
    return result
  }
}
