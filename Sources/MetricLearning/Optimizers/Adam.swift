import Cards
public import Tensors

/// Steps of a size that adapts to every parameter; PyTorch's `Adam`, and `AdamW` with weight decay.
///
///     m ← β₁m + (1 − β₁)∇,   v ← β₂v + (1 − β₂)∇²
///     θ ← (1 − learningRate·weightDecay)·θ − learningRate/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)
public struct Adam: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// How much of the mean gradient is kept, β₁.
  public var beta1: Double
  /// How much of the mean square is kept, β₂.
  public var beta2: Double
  /// What keeps the divisor from 0, ε.
  public var epsilon: Double
  /// How strongly parameters are pulled to 0, apart from the gradient.
  public var weightDecay: Double
  private var steps = 0
  private var means: [[Double]] = []
  private var squares: [[Double]] = []

  /// The rule before its first step.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// Moves every parameter one step.
  public mutating func step(parameters: inout [Tensor], gradients: [Tensor]) {
    if steps == 0 {
      means = parameters.map { [Double](repeating: 0, count: $0.count) }
      squares = means
    }
    steps += 1
    let stepSize = learningRate / (1 - Portable.power(beta1, Double(steps)))
    let correction = (1 - Portable.power(beta2, Double(steps))).squareRoot()
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    let kept = 1 - learningRate * weightDecay
    func move(
      _ numbers: inout [Double], _ gradients: [Double], _ means: inout [Double],
      _ squares: inout [Double]
    ) {
      numbers.withUnsafeMutableBufferPointer { numbers in
        gradients.withUnsafeBufferPointer { gradients in
          means.withUnsafeMutableBufferPointer { means in
            squares.withUnsafeMutableBufferPointer { squares in
              for i in gradients.indices {
                let gradient = gradients[i]
                let mean = means[i] + (1 - beta1) * (gradient - means[i])
                let square = beta2 * squares[i] + (1 - beta2) * gradient * gradient
                means[i] = mean
                squares[i] = square
                let divisor = square.squareRoot() / correction + epsilon
                numbers[i] = kept * numbers[i] - stepSize * mean / divisor
              }
            }
          }
        }
      }
    }
    for k in parameters.indices {
      move(&parameters[k].elements, gradients[k].elements, &means[k], &squares[k])
    }
  }
}

extension Adam {
  /// The call that makes it: `adam(0.01)`.
  public var description: String {
    let rate = ParameterValue.number(learningRate)
    return weightDecay == 0
      ? "adam(\(rate))" : "adamw(\(rate), weight_decay=\(ParameterValue.number(weightDecay)))"
  }
}
