import Tensors

/// A sum of powers of e and a 1, the phantom pair that costs nothing, of which the logarithm is
/// wanted.
///
/// Everything is kept relative to the largest term, so that nothing overflows (theory §1.3).
struct PhantomSum {
  private var largest = 0.0
  private var sum = 0.0
  /// Whether there is nothing but the 1.
  private(set) var isEmpty = true

  /// Announces an exponent, before any is added.
  mutating func include(_ exponent: Double) {
    isEmpty = false
    largest = max(largest, exponent)
  }

  /// Adds e to the power `exponent` and returns it, relative to the largest term.
  mutating func add(_ exponent: Double) -> Double {
    let power = Portable.exp(exponent - largest)
    sum += power
    return power
  }

  /// The whole sum, relative to the largest term.
  var total: Double { Portable.exp(-largest) + sum }

  /// The logarithm of the whole sum.
  var logarithm: Double { largest > 0 ? largest + Portable.log(total) : Portable.log1p(sum) }
}
