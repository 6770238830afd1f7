/// Why an operation on tensors cannot be done: the facts, without the prose around them.
public enum TensorError: Error, Equatable, Sendable {
  /// Two shapes do not broadcast against each other.
  case shapesDoNotBroadcast([Int], [Int])
  /// The inner lengths of a matrix product differ.
  case innerLengthsDiffer([Int], [Int])
  /// A product of something that is neither vector nor matrix.
  case notAMatrix([Int])
  /// No such axis in a tensor of this rank.
  case axisOutOfRange(axis: Int, rank: Int)
  /// A reshape to another number of elements.
  case cannotReshape(from: [Int], to: [Int])
  /// Index `index` on `axis`, whose length is `length`.
  case indexOutOfRange(index: Int, axis: Int, length: Int)
  /// More indices than axes.
  case tooManyIndices(given: Int, rank: Int)
  /// A mask of another shape than what it masks.
  case maskShape(mask: [Int], tensor: [Int])
  /// A step of zero in a slice.
  case zeroStep
  /// A value that does not fit where it is assigned.
  case cannotAssign(value: [Int], target: [Int])
  /// Tensors to be joined that differ beside the joined axis.
  case cannotJoin([Int], [Int])
  /// A reduction without a neutral element, over nothing.
  case emptyReduction(String)
  /// A tensor with more elements than the limit allows.
  case tooLarge(elements: Double)
  /// Anything else, said in a sentence.
  case failure(String)
}
