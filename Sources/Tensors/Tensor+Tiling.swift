extension Tensor {
  /// A repetition as three shapes: pulled apart, stretched, and put together again.
  package struct Repetition: Sendable {
    /// The original with an axis of length 1 beside every repeated axis.
    package let apart: [Int]
    /// The same with those axes stretched to the number of repetitions.
    package let stretched: [Int]
    /// The result's shape.
    package let result: [Int]
  }

  /// How to lay a tensor of `shape` side by side `counts[i]` times along axis i.
  package static func tiling(_ shape: [Int], _ counts: [Int]) throws(TensorError) -> Repetition {
    let rank = Swift.max(shape.count, counts.count)
    let lengths = Array(repeating: 1, count: rank - shape.count) + shape
    let counts = Array(repeating: 1, count: rank - counts.count) + counts
    var (apart, stretched, result): ([Int], [Int], [Int]) = ([], [], [])
    for (length, count) in Swift.zip(lengths, counts) {
      apart += [1, length]
      stretched += [count, length]
    }
    _ = try Shape.count(stretched)
    for (length, count) in Swift.zip(lengths, counts) { result.append(length * count) }
    return Repetition(apart: apart, stretched: stretched, result: result)
  }

  /// How to repeat every element of a tensor of `shape` along `axis`, or flattened.
  package static func repetition(
    _ shape: [Int], _ count: Int, axis: Int?
  ) throws(TensorError) -> Repetition {
    let shape = axis == nil ? [shape.reduce(1, *)] : shape
    let position = try Shape.axis(axis ?? 0, rank: shape.count)
    var (apart, stretched, result) = (shape, shape, shape)
    apart.insert(1, at: position + 1)
    stretched.insert(count, at: position + 1)
    _ = try Shape.count(stretched)
    result[position] *= count
    return Repetition(apart: apart, stretched: stretched, result: result)
  }
}
