import Cards
public import Tensors

/// Quasi-Newton steps from the last few changes of parameters and gradient; PyTorch's `LBFGS` with
/// one iteration a step and no line search.
///
///     d = −H∇, H from pairs s = θ′ − θ, g = ∇′ − ∇ with sᵀg > 10⁻¹⁰, started at sᵀg/gᵀg
///     θ ← θ + learningRate·d;   the first step is min(1, 1/‖∇‖₁)·learningRate long
///
/// It wants gradients of all rows: those of batches change with the rows, not with the parameters.
public struct LimitedMemoryBFGS: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// How many changes are remembered.
  public var history: Int
  private var changes: [Change] = []
  private var last: (direction: [Double], stepSize: Double, gradient: [Double])?
  /// The scale of the first guess of H.
  private var scale = 1.0

  /// One remembered change: of the parameters, of the gradient, and 1 over their product.
  private struct Change {
    let step: [Double]
    let gradient: [Double]
    let inverse: Double
  }

  /// The rule before its first step; `history` is 1 or more.
  public init(learningRate: Double = 1, history: Int = 10) {
    self.learningRate = learningRate
    self.history = max(1, history)
  }

  /// Moves every parameter one step; not where the gradient is nearly 0, or points the other way.
  public mutating func step(parameters: inout [Tensor], gradients: [Tensor]) {
    let gradient = gradients.flatMap(\.elements)
    guard gradient.contains(where: { abs($0) > 1e-7 }) else { return }
    remember(gradient)
    let direction = last == nil ? gradient.map { -$0 } : self.direction(gradient)
    let length = gradient.reduce(0) { $0 + abs($1) }
    let stepSize = (last == nil ? min(1, 1 / length) : 1) * learningRate
    last = (direction, stepSize, gradient)
    guard dot(gradient, direction) <= -1e-9 else { return }
    var first = 0
    for k in parameters.indices {
      let count = parameters[k].count
      move(&parameters[k].elements, along: direction[first..<first + count], stepSize)
      first += count
    }
  }

  private func move(_ numbers: inout [Double], along direction: ArraySlice<Double>, _ step: Double)
  {
    for (i, d) in zip(numbers.indices, direction) { numbers[i] += step * d }
  }

  /// Keeps how the gradient changed along the last step, if it curved upwards.
  private mutating func remember(_ gradient: [Double]) {
    guard let last else { return }
    let step = last.direction.map { last.stepSize * $0 }
    let change = zip(gradient, last.gradient).map { $0 - $1 }
    let curvature = dot(step, change)
    guard curvature > 1e-10 else { return }
    if changes.count == history { changes.removeFirst() }
    changes.append(Change(step: step, gradient: change, inverse: 1 / curvature))
    scale = curvature / dot(change, change)
  }

  /// −H∇ by the two loops over the changes (Nocedal 1980).
  private func direction(_ gradient: [Double]) -> [Double] {
    var direction = gradient.map { -$0 }
    var shares: [Double] = []
    for change in changes.reversed() {
      let share = dot(change.step, direction) * change.inverse
      shares.append(share)
      for i in direction.indices { direction[i] -= share * change.gradient[i] }
    }
    for i in direction.indices { direction[i] *= scale }
    for (change, share) in zip(changes, shares.reversed()) {
      let other = dot(change.gradient, direction) * change.inverse
      for i in direction.indices { direction[i] += (share - other) * change.step[i] }
    }
    return direction
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}

extension LimitedMemoryBFGS {
  /// The call that makes it: `lbfgs(history=10)`.
  public var description: String {
    let rate = learningRate == 1 ? "" : ", lr=\(ParameterValue.number(learningRate))"
    return "lbfgs(history=\(history)\(rate))"
  }
}
