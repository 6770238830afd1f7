import Glibc

/// Sums of exponentials that neither overflow nor lose a small one (theory §1.3).
///
/// Terms are offered one by one; the largest so far is kept apart.
struct LogSumExp {
  private var largest: Double
  private var sum: Double

  /// Over no terms yet, or over the single term 0 = log 1.
  init(withOne: Bool = false) {
    largest = withOne ? 0 : -.infinity
    sum = withOne ? 1 : 0
  }

  /// Adds e to the power `exponent` to the sum.
  mutating func add(_ exponent: Double) {
    if exponent <= largest {
      sum += exp(exponent - largest)
    } else {
      sum = sum * exp(largest - exponent) + 1
      largest = exponent
    }
  }

  /// The logarithm of the sum; −∞ over no terms.
  var value: Double { sum == 1 ? largest : largest + log(sum) }

  /// The share of e to the power `exponent` in the sum.
  func share(_ exponent: Double) -> Double { exp(exponent - largest) / sum }
}

/// The softmax of `logits` and their log-sum-exp; nothing for no logits.
func softmax(_ logits: [Double]) -> (shares: [Double], logSumExp: Double) {
  guard let largest = logits.max() else { return ([], -.infinity) }
  let powers = logits.map { exp($0 - largest) }
  let sum = powers.reduce(0, +)
  return (powers.map { $0 / sum }, largest + log(sum))
}
