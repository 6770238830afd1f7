public import Cards
import Tensors

/// The cross-entropy of picking a classmate out of all other rows, averaged over classmates.
///
///     L = mean over anchors of −1/|Pᵢ| Σ_{Pᵢ} log( e^{Sᵢⱼ/τ} / Σ_{k≠i} e^{Sᵢₖ/τ} )
///
/// Theory §6.3; Khosla et al. 2020, L_out. τ is `temperature`. `z` is n×d. For a distance the signs
/// turn.
public struct SupervisedContrastive: AnchorLoss {
  /// The temperature τ.
  public var temperature = 0.1
  /// Where the mean over classmates is taken.
  public var form = Form.out
  /// What a pair is measured by.
  public var distance = Distance.cosine
  /// How the anchors are summed up.
  public var reduction = Reduction.paper

  /// The versions of the loss.
  public enum Form: String, CaseIterable, Sendable {
    /// The mean outside the logarithm.
    case out
    /// The mean inside the logarithm.
    case `in`
    /// pytorch-metric-learning: as `out`, but 0 without negatives, averaged over terms above 0.
    case pml
  }

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "supcon", "Supervised contrastive: every classmate is picked out of all other rows.",
    signature: signature("supcon"),
    formula: "L = mean of −1/|Pᵢ| Σ_{Pᵢ} log( e^{Sᵢⱼ/τ} / Σ_{k≠i} e^{Sᵢₖ/τ} )",
    details: """
      z: n×d, y: n labels; τ = temperature > 0. The mean is over the anchors that have a positive. \
      form="in" takes the mean over Pᵢ inside the logarithm; "pml" is 0 without negatives and \
      averages over the anchors above 0. Defaults: temperature, form and distance are those of \
      Khosla et al. 2020.
      """,
    reference: "Khosla et al. 2020; theory §6.3",
    example: "supcon([[1, 0], [1, 0.5], [0, 1], [0.2, 1]], [0, 0, 1, 1], temperature=0.5)",
    seeAlso: ["ntxent", "snca", "npair"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("temperature", \.temperature, .positive, "how evenly all rows are compared"),
      Parameter("form", \.form, "where the mean over classmates is taken"),
      Parameter("distance", \.distance, "what a pair is measured by"),
      Parameter("reduction", \.reduction, "how the anchors are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.sorted)
    \(PairFormula.reduced)
    S = -D / temperature
    terms = zeros(0)
    for i in range(n) {
        if not any(P[i]) or form == "pml" and not any(N[i]) { continue }
        log_p = S[i][P[i]] - logsumexp(S[i][P[i] or N[i]])
        log_mean = logsumexp(log_p) - log(len(log_p)) if form == "in" else mean(log_p)
        terms = append(terms, -log_mean)
    }
    paper = "mean_nonzero" if form == "pml" else "mean"
    reduced(terms, paper if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["temperature"] + (form == .out ? [] : ["form"]) }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: distance.bendsSimilarity, negative: true, positive: true)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    distance.normalizes && how != .meanNonzero ? .simplex : .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] { [distance.words, "anchors with a positive", how.words] }

  var how: Reduction { reduction.resolved(paper: form == .pml ? .meanNonzero : .mean) }
}

extension SupervisedContrastive {
  var hasHalves: Bool { true }

  /// A matter of sums of exponentials, and in `out` of the sum of all similarities of classmates.
  func pairExponents(_ halves: Halves) -> PairExponents? {
    guard form != .pml, distance.isSimilarity else { return nil }
    let slope = 1 / temperature
    return PairExponents(
      pull: .linear(slope: slope), push: .linear(slope: slope), shift: .common,
      takesProducts: form == .out
    ) { sums in
      guard sums.classmates > 0 else { return (.none, AnchorSlopes()) }
      let positives = Double(sums.classmates)
      let all = Portable.log(sums.pull + sums.push) - sums.pushShift
      let share = halves.push * slope / (sums.pull + sums.push)
      var slopes = AnchorSlopes(pullFactor: share, pushFactor: share)
      let pull: Double
      if form == .in {
        pull = Portable.log(positives) - sums.logPull
        slopes.pullFactor -= halves.pull * slope / sums.pull
      } else {
        pull = -slope * sums.ofClassmates / positives
        slopes.pullLevel = -halves.pull * slope / positives
      }
      return (.term(pull + all, shown: halves.sum(pull, all)), slopes)
    }
  }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    let positives = row.number(of: .positives)
    guard positives > 0, form != .pml || row.number(of: .negatives) > 0 else { return .none }
    let slope = -distance.sign / temperature
    func exponent(_ measure: Double) -> Double { slope * measure }
    let all = row.logSumExp(.others, exponent)
    row.addShares(.others, of: all, times: visit.halves.push * slope, exponent)
    var pull = 0.0
    if form == .in {
      let near = row.logSumExp(.positives, exponent)
      pull = Portable.log(positives) - near
      row.addShares(.positives, of: near, times: -visit.halves.pull * slope, exponent)
    } else {
      row.forEach(.positives) { j, measure in
        pull -= exponent(measure) / positives
        row.slopes[j] -= visit.halves.pull * slope / positives
      }
    }
    return .term(pull + all, shown: visit.halves.sum(pull, all))
  }
}
