/// What is between a wrong number and the right one, said without giving the right one away.
public enum NumericDifference: Sendable, Equatable {
  /// It is the negative of the right one.
  case sign
  /// It is a plain multiple or part of the right one.
  case factor(Double)
  /// It is one divided by the right one.
  case reciprocal
  /// It is one more or less.
  case offByOne
  /// It is too large.
  case tooLarge
  /// It is too small.
  case tooSmall
  /// It is not finite, and the right one is.
  case notFinite

  /// Compares a wrong number with the right one.
  ///
  /// It is nil where nothing can be said: the numbers are equal, or the right one is not finite.
  ///
  /// - Parameters:
  ///   - given: the wrong number.
  ///   - right: the right one.
  public init?(given: Double, right: Double) {
    guard right.isFinite, given != right else { return nil }
    guard given.isFinite else {
      self = .notFinite
      return
    }
    if right != 0, given != 0 {
      let ratio = given / right
      if Self.isNear(ratio, -1) {
        self = .sign
        return
      }
      if let factor = Self.factors.first(where: { Self.isNear(ratio, $0) }) {
        self = .factor(factor)
        return
      }
      if Self.isNear(given * right, 1) {
        self = .reciprocal
        return
      }
    }
    if Self.isNear(abs(given - right), 1) {
      self = .offByOne
    } else {
      self = given > right ? .tooLarge : .tooSmall
    }
  }

  /// The difference in a sentence.
  public var sentence: String {
    switch self {
    case .sign: "The size is right, the sign is not."
    case .factor(let factor): "Your number is the right one " + Self.words(factor) + "."
    case .reciprocal: "Your number is one divided by the right one."
    case .offByOne: "Your number is off by one."
    case .tooLarge: "Your number is too large."
    case .tooSmall: "Your number is too small."
    case .notFinite: "The right number is finite."
    }
  }

  /// Factors that tell something about the slip: forgotten halves, percents, squares of two.
  private static let factors: [Double] = {
    let plain: [Double] = [2, 3, 4, 10, 100, 1000, 2 * .pi, .pi]
    let all = plain + plain.map { 1 / $0 }
    return all + all.map(-)
  }()

  /// A learner types few digits, so that a factor shows only as nearly as those.
  private static func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-3 * abs(b) }

  private static func words(_ factor: Double) -> String {
    let size = abs(factor)
    let sign = factor < 0 ? " with the other sign" : ""
    if size == .pi { return "times π" + sign }
    if size == 2 * .pi { return "times 2π" + sign }
    if isNear(size, 1 / .pi) { return "divided by π" + sign }
    if isNear(size, 1 / (2 * .pi)) { return "divided by 2π" + sign }
    return (size >= 1 ? "times " + digits(size) : "divided by " + digits(1 / size)) + sign
  }

  private static func digits(_ number: Double) -> String {
    Int(exactly: number.rounded()).map { "\($0)" } ?? "\(number)"
  }
}
