public import Tensors

/// A rule that moves parameters against their gradient: a value that carries what it remembers.
///
/// Steps are computed in float64; a float32 parameter is rounded once a step.
public protocol Optimizer: Sendable, CustomStringConvertible {
  /// The step size.
  var learningRate: Double { get set }

  /// Moves every parameter one step.
  ///
  /// The same parameters come in the same order and shapes at every call; `gradients` has one of the
  /// same shape for each.
  mutating func step(parameters: inout [Tensor], gradients: [Tensor])
}
