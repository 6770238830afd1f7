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

/// How much of either half a kernel is asked for.
struct Halves {
  /// The factor of the pulling terms.
  let pull: Double
  /// The factor of the pushing terms.
  let push: Double

  /// The whole loss.
  static let whole = Halves(pull: 1, push: 1)

  /// One half of it.
  init(_ half: LossHalf) { self.init(pull: half.pull, push: half.push) }

  /// Each half times a factor.
  init(pull: Double, push: Double) { (self.pull, self.push) = (pull, push) }

  /// `pulling` plus `pushing`, each if it is asked for; what is not may be infinite.
  func sum(_ pulling: Double, _ pushing: Double) -> Double {
    (pull > 0 ? pull * pulling : 0) + (push > 0 ? push * pushing : 0)
  }
}

/// A loss whose kernel computes both halves, each with a factor of its own.
protocol SplitLoss: Loss {
  /// The pulling terms times `pull` plus the pushing terms times `push`, with the gradients.
  func result(_ input: LossInput, pull: Double, push: Double) throws(LossError) -> LossResult
}

extension SplitLoss {
  /// The value and its gradients, in one pass.
  public func evaluate(_ input: LossInput) throws(LossError) -> LossResult {
    try result(input, pull: 1, push: 1)
  }

  /// One half of the value with its gradients.
  public func evaluate(_ half: LossHalf, of input: LossInput) throws(LossError) -> LossResult? {
    try result(input, pull: half.pull, push: half.push)
  }
}
