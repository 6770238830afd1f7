public import Tensors

/// A gradient beside its estimate by central differences.
public struct GradientCheck: Sendable {
  /// The derivative as computed.
  public let gradient: Tensor
  /// (f(x + h) − f(x − h)) / 2h, entry by entry.
  public let estimate: Tensor
  /// The flat position of the entry with the largest error; nil for an empty x.
  public let worst: Int?
  /// |gradient − estimate| / max(1, |estimate|) at that entry; nan if either is nan.
  public let error: Double

  /// Compares the gradient of `function` at `x` with central differences.
  ///
  /// The step h is `step`·max(1, |x|). By default `step` is the cube root of the rounding error,
  /// which balances it against the error of the formula: errors of 1e-9 or so can be expected.
  /// - Throws: what `gradient(of:at:)` throws.
  public init(
    of function: Differentiable, at x: Tensor, step: Double = 6e-6
  ) throws(TensorError) {
    gradient = try Autodiff.gradient(of: function, at: .constant(x)).tensor
    var estimate = x.converted(to: .float64)
    for i in x.elements.indices {
      let h = step * Swift.max(1, x.elements[i].magnitude)
      var (above, below) = (x.converted(to: .float64), x.converted(to: .float64))
      above.elements[i] += h
      below.elements[i] -= h
      let rise = try function(.constant(above)).tensor.elements.first ?? .nan
      let fall = try function(.constant(below)).tensor.elements.first ?? .nan
      estimate.elements[i] = (rise - fall) / (above.elements[i] - below.elements[i])
    }
    self.estimate = estimate
    var worst: Int?
    var largest = 0.0
    for (i, (a, b)) in zip(gradient.elements, estimate.elements).enumerated() {
      let error = (a - b).magnitude / Swift.max(1, b.magnitude)
      if worst == nil || error > largest || (error.isNaN && !largest.isNaN) {
        (worst, largest) = (i, error)
      }
    }
    self.worst = worst
    self.error = largest
  }
}
