import Glibc

/// A labelled place on an axis.
struct Tick: Hashable, Sendable {
  let value: Double
  let label: String
}

/// Ticks at multiples of 1, 2 or 5 times a power of ten, no denser than can be read.
enum Ticks {
  /// The densest ticks that `fit` accepts, at whole numbers only where these are asked for.
  ///
  /// Where that leaves fewer than two, they are the outermost of the coarsest step that has two.
  static func linear(
    _ limits: Limits, wholeNumbers: Bool = false, fit: ([Tick]) -> Bool
  ) -> [Tick] {
    var step = Step(atMost: limits.span / 100)
    if wholeNumbers, step.exponent < 0 { step = Step(atMost: 1) }
    var outermost: [Tick] = []
    while step.value <= limits.span * 2 {
      let ticks = step.multiples(in: limits)
      if let first = ticks.first, let last = ticks.last, ticks.count >= 2 {
        if fit(ticks) { return ticks }
        outermost = [first, last]
      }
      step = step.coarser
    }
    return outermost
  }

  /// Ticks at powers of ten, or at 1, 2 and 5 times these where they are few.
  ///
  /// The limits are the decimal logarithms of those of the axis.
  static func logarithmic(_ exponents: Limits, fit: ([Tick]) -> Bool) -> [Tick] {
    // What lies outside is no normal number; nothing can be written there.
    let first = Int(max(exponents.lower, -307).rounded(.down))
    let last = Int(min(exponents.upper, 307).rounded(.up))
    guard first < last else { return [] }
    // One form for all: far from 1 that is the scientific one.
    func label(_ number: DecimalNumber) -> String {
      if first >= -3, last <= 5 { return number.plainLabel }
      return number.digits == 1 && number.exponent == 0 ? "1" : number.scientificLabel
    }
    func ticks(_ digits: [Int], every stride: Int) -> [Tick] {
      (first...last).filter { $0 % stride == 0 }
        .flatMap { exponent in digits.map { DecimalNumber(digits: $0, exponent: exponent) } }
        .filter { exponents.contains(log10($0.value)) }
        .map { Tick(value: $0.value, label: label($0)) }
    }
    let fine = ticks([1, 2, 5], every: 1)
    if fine.count < 2 {
      return linear(
        Limits(covering: Extent(pow(10, exponents.lower), pow(10, exponents.upper))), fit: fit
      ).filter { exponents.contains(log10($0.value)) }
    }
    if fine.count <= 6, fit(fine) { return fine }
    for stride in 1...(last - first) {
      let coarse = ticks([1], every: stride)
      if coarse.count >= 2, fit(coarse) { return coarse }
    }
    return fine.count <= 3 ? fine : [fine[0], fine[fine.count - 1]]
  }
}

/// A distance between ticks.
private struct Step {
  /// 1, 2 or 5.
  var digits: Int
  var exponent: Int

  /// The greatest step that is not above a positive number.
  init(atMost size: Double) {
    exponent = Int(log10(size).rounded(.down))
    digits = 1
    for candidate in [2, 5]
    where DecimalNumber(digits: candidate, exponent: exponent).value <= size {
      digits = candidate
    }
  }

  var value: Double { DecimalNumber(digits: digits, exponent: exponent).value }

  var coarser: Step {
    var step = self
    switch digits {
    case 1: step.digits = 2
    case 2: step.digits = 5
    default: (step.digits, step.exponent) = (1, exponent + 1)
    }
    return step
  }

  /// The multiples inside the limits, labelled all in one form: the plain one unless it is long.
  func multiples(in limits: Limits) -> [Tick] {
    // Rounding must not lose a tick at the very end of an axis.
    let slack = 1e-9
    let first = Int((limits.lower / value - slack).rounded(.up))
    let last = Int((limits.upper / value + slack).rounded(.down))
    guard first <= last else { return [] }
    let numbers = (first...last).map { DecimalNumber(digits: $0 * digits, exponent: exponent) }
    let plain = numbers.map(\.plainLabel)
    let scientific = numbers.map(\.scientificLabel)
    let plainWidth = plain.map(\.count).max() ?? 0
    let isShort = plainWidth <= 6 || plainWidth <= (scientific.map(\.count).max() ?? 0)
    return zip(numbers, isShort ? plain : scientific).map { Tick(value: $0.value, label: $1) }
  }
}
