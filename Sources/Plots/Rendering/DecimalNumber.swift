import Glibc

/// The number `digits · 10^exponent`, in integers, so that a label shows just what is meant.
struct DecimalNumber: Hashable, Sendable {
  var digits: Int
  var exponent: Int

  init(digits: Int, exponent: Int) {
    self.digits = digits
    self.exponent = exponent
  }

  /// A finite number rounded to `significant` digits, trailing zeros dropped.
  init(_ value: Double, significant: Int) {
    guard value != 0, value.isFinite else {
      self.init(digits: 0, exponent: 0)
      return
    }
    var exponent = Int(log10(abs(value)).rounded(.down)) - significant + 1
    var digits = Int(Self.scaled(value, down: exponent).rounded())
    // Rounding up to the next power of ten is undone by the loop: 9.9996 becomes 10.00, then 1.
    while digits != 0, digits % 10 == 0 {
      digits /= 10
      exponent += 1
    }
    self.init(digits: digits, exponent: exponent)
  }

  /// The nearest floating-point number.
  var value: Double {
    exponent < 0
      ? Double(digits) / pow(10, Double(-exponent)) : Double(digits) * pow(10, Double(exponent))
  }

  /// Such as `0.05`, `1200`, `-3.5`; as many decimals as the exponent asks for.
  var plainLabel: String {
    let sign = digits < 0 ? "-" : ""
    let figures = String(digits.magnitude)
    if exponent >= 0 { return sign + figures + (digits == 0 ? "" : zeros(exponent)) }
    let padded = zeros(1 - exponent - figures.count) + figures
    return sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent)
  }

  /// Such as `1.5e-7`; zero is `0`.
  var scientificLabel: String {
    guard digits != 0 else { return "0" }
    var figures = String(digits.magnitude)
    let power = exponent + figures.count - 1
    while figures.count > 1, figures.last == "0" { figures.removeLast() }
    let fraction = figures.count > 1 ? "." + figures.dropFirst() : ""
    return "\(digits < 0 ? "-" : "")\(figures.prefix(1))\(fraction)e\(power)"
  }

  /// The plain form from 0.0001 up to a million, the scientific one beyond.
  var label: String {
    let power = exponent + String(digits.magnitude).count - 1
    return digits == 0 || (-4..<6).contains(power) ? plainLabel : scientificLabel
  }

  /// `value / 10^exponent`, in two steps where the power itself would overflow.
  private static func scaled(_ value: Double, down exponent: Int) -> Double {
    if exponent >= 0 { return value / pow(10, Double(exponent)) }
    let half = exponent / 2
    return value * pow(10, Double(-half)) * pow(10, Double(half - exponent))
  }

  private func zeros(_ count: Int) -> String { String(repeating: "0", count: max(0, count)) }
}

/// A number in at most `significant` digits, as short as it gets: `0.5`, `1e-7`, `nan`, `-inf`.
func compactLabel(_ value: Double, significant: Int = 4) -> String {
  if value.isNaN { return "nan" }
  if value.isInfinite { return value < 0 ? "-inf" : "inf" }
  return DecimalNumber(value, significant: significant).label
}
