/// The two halves of a loss that splits exactly: what pulls classmates together, what pushes classes
/// apart (theory §4.1).
public enum LossHalf: Sendable, CaseIterable {
  /// The half that classmates alone make.
  case tightness
  /// The half that other classes make.
  case contrast

  /// The factor of the pulling terms in this half.
  var pull: Double { self == .tightness ? 1 : 0 }
  /// The factor of the pushing terms in this half.
  var push: Double { self == .contrast ? 1 : 0 }
}
