public import Cards
import Tensors

/// The probability that a random neighbour of a row is a classmate.
///
///     pᵢ = Σ_{Pᵢ} e^{−scale·D²ᵢⱼ} / Σ_{k≠i} e^{−scale·D²ᵢₖ},   L = −Σᵢ pᵢ  or  mean of −log pᵢ
///
/// Theory §8.1; Goldberger et al. 2004. `z` is n×d. For a similarity the signs turn.
public struct NeighbourhoodComponents: AnchorLoss {
  /// The expected number of rows, or the logarithm.
  public var form = Form.expected
  /// How sharply near rows are preferred.
  public var scale = 1.0
  /// What a pair is measured by.
  public var distance = Distance.sqeuclidean
  /// How the anchors are summed up.
  public var reduction = Reduction.paper

  /// The versions of the loss.
  public enum Form: String, CaseIterable, Sendable {
    /// Minus the expected number of rows with a classmate as neighbour.
    case expected
    /// The mean of −log pᵢ.
    case log
  }

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "nca", "Makes a random neighbour of every row a classmate, nearer ones being likelier.",
    signature: signature("nca"),
    formula: "L = −Σᵢ pᵢ,   pᵢ = Σ_{Pᵢ} e^{−scale·D²ᵢⱼ} / Σ_{k≠i} e^{−scale·D²ᵢₖ}",
    details: """
      z: n×d, y: n labels, scale > 0. form="log" is the mean of −log pᵢ over the anchors that have \
      a positive. For a similarity the signs turn. Defaults: form and distance are those of \
      Goldberger et al. 2004, where nothing is scaled: scale is 1.
      """,
    reference: "Goldberger et al. 2004; theory §6.3, §8.1",
    example: "nca([[0, 0], [1, 0], [0, 1]], [0, 0, 1])",
    seeAlso: ["snca", "supcon", "recall_at_k"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("form", \.form, "the expected number of rows, or the logarithm"),
      Parameter("scale", \.scale, .positive, "how sharply near rows are preferred"),
      Parameter("distance", \.distance, "what a pair is measured by"),
      Parameter("reduction", \.reduction, "how the anchors are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.sorted)
    \(PairFormula.reduced)
    terms = zeros(0)
    for i in range(n) {
        if any(P[i]) {
            log_p = logsumexp(-scale * D[i][P[i]]) - logsumexp(-scale * D[i][P[i] or N[i]])
            terms = append(terms, -exp(log_p) if form == "expected" else -log_p)
        } else if form == "expected" {
            terms = append(terms, 0)
        }
    }
    paper = "sum" if form == "expected" else "mean"
    reduced(terms, paper if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["form", "scale"] }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: distance.bendsSimilarity, negative: true, positive: true)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    form == .expected ? .unknown : distance.normalizes && how != .meanNonzero ? .simplex : .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    [
      distance.words, form == .expected ? "−pᵢ of every anchor" : "anchors with a positive",
      how.words,
    ]
  }

  var how: Reduction { reduction.resolved(paper: form == .expected ? .sum : .mean) }
}

extension NeighbourhoodComponents {
  var hasHalves: Bool { form == .log }

  /// It is a matter of two sums of exponentials.
  func pairExponents(_ halves: Halves) -> PairExponents? {
    guard distance.isSimilarity || distance.isSquared else { return nil }
    let slope = -scale * distance.sign
    let exponent = PairExponents.Exponent.linear(slope: slope)
    return PairExponents(pull: exponent, push: exponent, shift: .common) { sums in
      guard sums.classmates > 0 else {
        return (form == .expected ? .term(0) : .none, AnchorSlopes())
      }
      let all = sums.pull + sums.push
      if form == .expected {
        let (probability, error) = (sums.pull / all, sums.push / all)
        return (
          .term(-probability),
          AnchorSlopes(pullFactor: -slope * error / all, pushFactor: slope * probability / all)
        )
      }
      let (near, far) = (sums.logPull, Portable.log(all) - sums.pushShift)
      let share = halves.push * slope / all
      return (
        .term(far - near, shown: halves.sum(-near, far)),
        AnchorSlopes(pullFactor: share - halves.pull * slope / sums.pull, pushFactor: share)
      )
    }
  }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    let slope = -scale * distance.sign
    func exponent(_ measure: Double) -> Double { slope * measure }
    let near = row.logSumExp(.positives, exponent)
    guard near > -.infinity else { return form == .expected ? .term(0) : .none }
    let all = row.logSumExp(.others, exponent)
    if form == .log {
      row.addShares(.positives, of: near, times: -visit.halves.pull * slope, exponent)
      row.addShares(.others, of: all, times: visit.halves.push * slope, exponent)
      return .term(all - near, shown: visit.halves.sum(-near, all))
    }
    let probability = Portable.exp(near - all)
    // 1 − p, without the loss of digits.
    let error = Portable.exp(row.logSumExp(.negatives, exponent) - all)
    row.addShares(.positives, of: all, times: -slope * error, exponent)
    row.addShares(.negatives, of: all, times: slope * probability, exponent)
    return .term(-probability)
  }
}
