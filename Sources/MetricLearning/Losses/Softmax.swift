import Tensors

/// The softmax of `logits` and their log-sum-exp, without overflow (theory §1.3).
///
/// Without logits there are no shares, and the log-sum-exp is −∞.
func softmax(_ logits: [Double]) -> (shares: [Double], logSumExp: Double) {
  guard let largest = logits.max() else { return ([], -.infinity) }
  let powers = logits.map { Portable.exp($0 - largest) }
  let sum = powers.reduce(0, +)
  return (powers.map { $0 / sum }, largest + Portable.log(sum))
}

/// log(1 + eˣ) and its derivative, without overflow; 0 and 0 at −∞.
func softplus(_ x: Double) -> (value: Double, slope: Double) {
  let power = Portable.exp(-abs(x))
  return (max(x, 0) + Portable.log1p(power), x > 0 ? 1 / (1 + power) : power / (1 + power))
}
