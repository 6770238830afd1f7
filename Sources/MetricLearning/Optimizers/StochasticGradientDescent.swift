import Cards
public import Tensors

/// Steps along the gradient, or along a decaying sum of gradients; PyTorch's `SGD`.
///
///     g ← ∇ + weightDecay·θ,   v ← momentum·v + g (at first g),   θ ← θ − learningRate·v
public struct StochasticGradientDescent: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// How much of the last direction is kept.
  public var momentum: Double
  /// How strongly parameters are pulled to 0.
  public var weightDecay: Double
  private var velocities: [[Double]]?

  /// The rule before its first step.
  public init(learningRate: Double, momentum: Double = 0, weightDecay: Double = 0) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  /// Moves every parameter one step.
  public mutating func step(parameters: inout [Tensor], gradients: [Tensor]) {
    var directions = zip(parameters, gradients).map { parameter, gradient in
      zip(parameter.elements, gradient.elements).map { $1 + weightDecay * $0 }
    }
    if momentum != 0 {
      if let velocities {
        for (k, velocity) in velocities.enumerated() {
          for i in velocity.indices { directions[k][i] += momentum * velocity[i] }
        }
      }
      velocities = directions
    }
    func move(_ numbers: inout [Double], along direction: [Double]) {
      for i in direction.indices { numbers[i] -= learningRate * direction[i] }
    }
    for (k, direction) in directions.enumerated() {
      move(&parameters[k].elements, along: direction)
    }
  }
}

extension StochasticGradientDescent {
  /// The call that makes it: `sgd(0.1, momentum=0.9)`.
  public var description: String {
    let parts = [
      "\(ParameterValue.number(learningRate))",
      momentum == 0 ? nil : "momentum=\(ParameterValue.number(momentum))",
      weightDecay == 0 ? nil : "weight_decay=\(ParameterValue.number(weightDecay))",
    ]
    return "sgd(\(parts.compactMap { $0 }.joined(separator: ", ")))"
  }
}
