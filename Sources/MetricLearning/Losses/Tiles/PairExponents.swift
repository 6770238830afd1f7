import CKernels
import Tensors

/// A cost of anchors that depends on their pairs by sums of exponentials: of classmates, and of
/// others.
struct PairExponents {
  /// The exponent of a kind of pairs by their measure.
  enum Exponent {
    /// slope·m + offset
    case linear(slope: Double, offset: Double = 0)
    /// slope·[turn·m + reach]₊·(m − goal), of a similarity m; [·]₊ is taken as a constant.
    case bent(slope: Double, turn: Double, reach: Double, goal: Double)
  }

  var pull: Exponent
  var push: Exponent
  /// Whether the same may be added to all exponents of a kind: the cost takes the logarithms of the
  /// sums, which then are `logPull` and `logPush`, and ratios.
  var shift = Shift.none
  /// Whether a cost takes the inner products with classmates too.
  var takesProducts = false
  /// Where every classmate costs log(1 + (the sum over others) / e^{slope·m}) instead: that slope.
  var rivalSlope: Double?
  /// What an anchor costs, and how that changes with its pairs.
  var settle: (AnchorSums) -> (cost: TermSum, slopes: AnchorSlopes)

  /// What may be added to exponents.
  enum Shift {
    /// Nothing: the sums are taken as they are.
    case none
    /// A number, the same for both kinds: they are added up.
    case common
    /// A number for either kind.
    case ofEachKind
  }
}

/// What the pairs of an anchor come to.
struct AnchorSums {
  /// The sum of exponentials over its classmates, and over the others, shifted.
  var pull = 0.0
  var push = 0.0
  /// What was added to the exponents.
  var pullShift = 0.0
  var pushShift = 0.0
  /// The sum of its inner products with its classmates, where that is asked for.
  var ofClassmates = 0.0
  /// What its classmates cost against the others as rivals, and the derivative of that by the
  /// logarithm of the sum over these.
  var rivalCost = 0.0
  var rivalShare = 0.0
  /// How many classmates it has, and how many others.
  let classmates: Int
  let others: Int

  /// The logarithm of the sum over its classmates.
  var logPull: Double { Portable.log(pull) - pullShift }
  /// The logarithm of the sum over the others.
  var logPush: Double { Portable.log(push) - pushShift }
}

/// The derivative of an anchor's cost by the measure of a pair, or by its exponent where that is bent,
/// with exponential e: factor·e + level; by that of a rivalled classmate: factor·share + level.
struct AnchorSlopes {
  var pullFactor = 0.0
  var pushFactor = 0.0
  /// The same for all classmates.
  var pullLevel = 0.0
}

extension PairExponents.Exponent {
  /// As the kernels take it, by the inner product; to a squared distance m = ‖a‖² + ‖b‖² − 2aᵗb come
  /// the squares besides.
  func kernel(_ distance: Distance, shift: Double) -> kernel_exponent {
    switch self {
    case .linear(let slope, let offset):
      kernel_exponent(
        is_bent: 0, slope: distance.isSimilarity ? slope : -2 * slope, offset: offset + shift,
        turn: 0, reach: 0, goal: 0)
    case .bent(let slope, let turn, let reach, let goal):
      kernel_exponent(
        is_bent: 1, slope: slope, offset: shift, turn: turn, reach: reach, goal: goal)
    }
  }

  /// The exponent of a pair.
  func callAsFunction(_ measure: Double) -> Double {
    switch self {
    case .linear(let slope, let offset): slope * measure + offset
    case .bent(let slope, let turn, let reach, let goal):
      slope * max(0, turn * measure + reach) * (measure - goal)
    }
  }

  /// What squares of rows are multiplied by in the exponent of their squared distance.
  func slopeOfSquares(_ distance: Distance) -> Double? {
    guard !distance.isSimilarity, case .linear(let slope, _) = self else { return nil }
    return slope
  }

  var isBent: Bool {
    if case .bent = self { return true }
    return false
  }

  /// Where the exponents of measures of a size up to `bound` are; anywhere, of a bent one.
  func range(_ bound: Double) -> ClosedRange<Double> {
    guard case .linear(let slope, let offset) = self else { return -.infinity ... .infinity }
    let reach = abs(slope) * bound
    return offset - reach...offset + reach
  }
}
