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
