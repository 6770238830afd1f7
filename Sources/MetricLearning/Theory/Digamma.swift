import Tensors

/// The digamma function ψ, the derivative of log Γ: what nearest-neighbour estimates are corrected
/// by (theory §10).
enum Digamma {
  /// ψ of a whole number from 1 on, to the last digits of a `Double`.
  static func value(_ number: Int) -> Double {
    var x = Double(number)
    var below = 0.0
    // ψ(x) = ψ(x + 1) − 1/x, up to where six terms of the series are exact.
    while x < 12 {
      below -= 1 / x
      x += 1
    }
    let square = 1 / (x * x)
    let terms = [1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760]
    let series = terms.reversed().reduce(0) { ($0 + $1) * square }
    return below + Portable.log(x) - 0.5 / x - series
  }
}
