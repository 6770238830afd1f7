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
