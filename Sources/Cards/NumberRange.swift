/// The numbers a parameter may take.
public struct NumberRange: Sendable, Equatable {
  /// The least number, or the one all must exceed.
  public let lower: Double
  /// Whether `lower` itself is allowed.
  public let includesLower: Bool
  /// The number all must stay below, or infinity.
  public let upper: Double

  /// Any finite number.
  public static let finite = NumberRange(lower: -.infinity, includesLower: false)
  /// Numbers above 0.
  public static let positive = NumberRange(lower: 0, includesLower: false)
  /// Numbers from 0 on.
  public static let nonNegative = NumberRange(lower: 0, includesLower: true)

  /// Numbers from `lower` on.
  public static func atLeast(_ lower: Double) -> NumberRange {
    NumberRange(lower: lower, includesLower: true)
  }

  /// Numbers from `lower` on that stay below `upper`.
  public static func from(_ lower: Double, below upper: Double) -> NumberRange {
    NumberRange(lower: lower, includesLower: true, upper: upper)
  }

  private init(lower: Double, includesLower: Bool, upper: Double = .infinity) {
    self.lower = lower
    self.includesLower = includesLower
    self.upper = upper
  }

  /// Whether `number` is allowed; infinities and nan never are.
  public func contains(_ number: Double) -> Bool {
    number.isFinite && number < upper && (includesLower ? number >= lower : number > lower)
  }
}

extension NumberRange: CustomStringConvertible {
  /// The range as a condition: `> 0`, `≥ 0 and < 1`, `finite`.
  public var description: String {
    let bounds = [
      lower.isFinite ? "\(includesLower ? "≥" : ">") \(ParameterValue.number(lower))" : nil,
      upper.isFinite ? "< \(ParameterValue.number(upper))" : nil,
    ]
    let text = bounds.compactMap { $0 }.joined(separator: " and ")
    return text.isEmpty ? "finite" : text
  }
}
