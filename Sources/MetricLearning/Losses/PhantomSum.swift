import Tensors

/// A sum of powers of e and a 1, the phantom pair that costs nothing, of which the logarithm is
/// wanted.
///
/// Everything is kept relative to the largest term, so that nothing overflows (theory §1.3).
struct PhantomSum {
  /// The largest exponent, that of the 1 included.
  let largest: Double
  /// The powers, relative to the largest term, without the 1.
  let sum: Double
  /// Whether there is nothing but the 1.
  let isEmpty: Bool

  /// The whole sum, relative to the largest term.
  var total: Double { Portable.exp(-largest) + sum }

  /// The logarithm of the whole sum.
  var logarithm: Double { largest > 0 ? largest + Portable.log(total) : Portable.log1p(sum) }
}
