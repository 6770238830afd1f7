/// Why an operation on tensors cannot be done: the facts, without the prose around them.
public enum TensorError: Error, Equatable, Sendable {
  /// Two shapes do not broadcast against each other.
  case shapesDoNotBroadcast([Int], [Int])
  /// The inner lengths of a matrix product differ.
  case innerLengthsDiffer([Int], [Int])
  /// A product of something that is neither vector nor matrix.
  case notAMatrix([Int])
  /// A tensor of this shape where a vector is wanted.
  case notAVector([Int])
  /// No such axis in a tensor of this rank.
  case axisOutOfRange(axis: Int, rank: Int)
  /// A list of axes that is not a permutation of those of a tensor of this rank.
  case notAPermutation(axes: [Int], rank: Int)
  /// A reshape to another number of elements.
  case cannotReshape(from: [Int], to: [Int])
  /// An axis to be dropped whose length is not 1.
  case cannotSqueeze(axis: Int, shape: [Int])
  /// A shape or a number of repetitions with a negative entry.
  case negativeLength([Int])
  /// Index `index` on `axis`, whose length is `length`.
  case indexOutOfRange(index: Int, axis: Int, length: Int)
  /// A number that must be whole, or a count that must not be negative.
  case notWhole(Double)
  /// More indices than axes.
  case tooManyIndices(given: Int, rank: Int)
  /// A second ellipsis in one subscript.
  case secondEllipsis
  /// A mask of another shape than what it masks.
  case maskShape(mask: [Int], tensor: [Int])
  /// A step of zero in a slice or a range.
  case zeroStep
  /// A value that does not fit where it is assigned.
  case cannotAssign(value: [Int], target: [Int])
  /// Tensors to be joined that differ beside the joined axis.
  case cannotJoin([Int], [Int])
  /// A reduction without a neutral element, over nothing.
  case emptyReduction(String)
  /// A tensor with more elements than the limit allows.
  case tooLarge(elements: Double)
  /// A matrix that cannot be factorised as asked.
  case factorisation(Factorisation, FactorisationProblem, shape: [Int])
  /// Anything else, said in a sentence.
  case failure(String)
}
