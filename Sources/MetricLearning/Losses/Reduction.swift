/// How a loss sums up its terms: what `reduction=` names.
public enum Reduction: String, CaseIterable, Sendable {
  /// As the paper has it.
  case paper
  /// The mean over all terms.
  case mean
  /// The sum of all terms.
  case sum
  /// The mean over the terms above 0; 0 when there is none.
  case meanNonzero = "mean_nonzero"

  /// This reduction, or `paper` where that is what it says.
  func resolved(paper: Reduction) -> Reduction {
    self == .paper ? paper : self
  }

  /// What the sum of `terms` terms, `active` of them above 0, is multiplied by.
  func factor(terms: Double, active: Double) -> Double {
    switch self {
    case .sum: 1
    case .paper, .mean: terms > 0 ? 1 / terms : 0
    case .meanNonzero: active > 0 ? 1 / active : 0
    }
  }

  /// The reduction in words.
  var words: String {
    switch self {
    case .paper: "paper"
    case .mean: "mean"
    case .sum: "sum"
    case .meanNonzero: "mean over terms above 0"
    }
  }
}

/// Terms of a loss, added up before the reduction.
struct TermSum {
  /// What they cost together.
  var sum = 0.0
  /// How many there are.
  var terms = 0.0
  /// How many of them are above 0.
  var active = 0.0
  /// Whether it is one term, not above 0: a mean over those above 0 leaves it out.
  var isInactive = false

  /// No terms.
  static let none = TermSum()

  /// One term, whose half `shown` is asked for.
  static func term(_ whole: Double, shown: Double? = nil) -> TermSum {
    TermSum(
      sum: shown ?? whole, terms: 1, active: whole > 0 ? 1 : 0, isInactive: !(whole > 0))
  }

  /// Adds one term.
  mutating func add(_ term: Double) {
    sum += term
    terms += 1
    if term > 0 { active += 1 }
  }

  /// What the sum is multiplied by.
  func factor(_ reduction: Reduction) -> Double { reduction.factor(terms: terms, active: active) }
}
