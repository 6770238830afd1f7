/// What a parameter is set to.
public enum ParameterValue: Sendable, Equatable {
  /// A number.
  case number(Double)
  /// A truth value.
  case bool(Bool)
  /// A word, such as the name of a distance.
  case text(String)
  /// Nothing given.
  case nothing
}

extension ParameterValue: CustomStringConvertible {
  /// The value as the language writes it: `1`, `0.5`, `true`, `"cosine"`, `none`.
  public var description: String {
    switch self {
    case .number(let number): number.literal
    case .bool(let flag): flag ? "true" : "false"
    case .text(let text): "\"\(text)\""
    case .nothing: "none"
    }
  }
}

extension Double {
  /// The shortest decimal that reads back to the same number; whole numbers without a point.
  fileprivate var literal: String {
    self == rounded() && magnitude < 1e15 ? String(Int64(self)) : String(self)
  }
}
