import Tensors

/// A mean of some runs with what it may be off by: Student's 95% interval.
public struct ConfidenceInterval: Sendable, Equatable {
  /// The mean of the values; nan without any.
  public let mean: Double
  /// Half the length of the interval around it; nan for fewer than two values.
  public let halfWidth: Double

  /// The interval of some values, taken for independent draws of a normal distribution.
  public init(_ values: [Double]) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    self.mean = mean
    guard values.count > 1 else {
      halfWidth = .nan
      return
    }
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    halfWidth =
      Self.quantile(degrees: values.count - 1) * (square / (n - 1) / n).squareRoot()
  }

  /// The point that Student's t stays below with a chance of 97.5%.
  ///
  /// Exact for one and two degrees of freedom; from three on the expansion around the normal
  /// quantile (Abramowitz, Stegun 26.7.5), to less than 0.5%.
  static func quantile(degrees: Int) -> Double {
    let p = 0.975
    if degrees == 1 {
      let angle = Double.pi * (p - 0.5)
      return Portable.sin(angle) / Portable.cos(angle)
    }
    if degrees == 2 { return (2 * p - 1) * (1 / (2 * p * (1 - p))).squareRoot() }
    let (v, z) = (Double(degrees), 1.959963984540054)
    let s = z * z
    let first = z * (s + 1) / 4
    let second = z * ((5 * s + 16) * s + 3) / 96
    let third = z * (((3 * s + 19) * s + 17) * s - 15) / 384
    let fourth = z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160
    return z + (first + (second + (third + fourth / v) / v) / v) / v
  }
}
