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
  /// which balances it against the error of the formula: errors of 1e-9 or so can be expected. A
  /// float32 x is moved in float64; where the function itself rounds to float32, so does its
  /// estimate, and errors of 1e-4 are to be expected.
  /// - Throws: what `gradient(of:at:)` throws.
  public init(
    of function: Differentiable, at x: Tensor, step: Double? = nil
  ) throws(TensorError) {
    gradient = try Autodiff.gradient(of: function, at: .constant(x)).tensor
    let wide = x.converted(to: .float64)
    let value = try function(.constant(wide))
    let step = step ?? (value.dtype == .float32 ? 5e-3 : 6e-6)
    var estimate = wide
    for i in 0..<wide.count {
      let h = step * Swift.max(1, wide[position: i].magnitude)
      var (above, below) = (wide, wide)
      above[position: i] += h
      below[position: i] -= h
      let rise = try function(.constant(above)).tensor.elements.first ?? .nan
      let fall = try function(.constant(below)).tensor.elements.first ?? .nan
      estimate[position: i] = (rise - fall) / (above[position: i] - below[position: i])
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
