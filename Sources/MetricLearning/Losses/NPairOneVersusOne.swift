public import Cards

/// N-pair with one decision for every other class, in place of one for all of them.
///
///     L = 1/N Σᵢ Σ_{j≠i} log( 1 + e^{s(xᵢ, xⱼ⁺) − s(xᵢ, xᵢ⁺)} )     theory §8.7; Sohn 2016
///
/// xᵢ and xᵢ⁺ are the first two members of class i. It is never less than `npair`. `z` is n×d.
public struct NPairOneVersusOne: AnchorLoss {
  /// What a pair is measured by.
  public var distance = Distance.dot
  /// How the classes are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "npair_ovo", "N-pair, one against one: every other class is a decision of its own.",
    signature: signature("npair_ovo"),
    formula: "L = 1/N Σᵢ Σ_{j≠i} log( 1 + e^{s(xᵢ, xⱼ⁺) − s(xᵢ, xᵢ⁺)} )",
    details: """
      z: n×d, y: n labels. xᵢ and xᵢ⁺ are the first two rows of class i; a class of one is left \
      out. npair ≤ npair_ovo ≤ (N − 1) npair. Defaults: distance is the paper's.
      """,
    reference: "Sohn 2016; theory §8.7",
    example: "npair_ovo([[1, 0], [1, 0.5], [0, 1], [-0.5, 1]], [0, 0, 1, 1])",
    seeAlso: ["npair", "triplet"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("distance", \.distance, "what a pair is measured by"),
      Parameter("reduction", \.reduction, "how the classes are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(ClassPairs.formula)
    N = len(S)
    terms = [sum(softplus(S[i] - S[i, i])[arange(N) != i]) for i in range(N)]
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { [] }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: distance.bendsSimilarity, negative: false, positive: true)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    distance.normalizes && how != .meanNonzero ? .simplex : .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] { ClassPairs.terms(distance, how) }

  /// It takes the first rows of every class.
  public var dependsOnOrder: Bool { true }

  var how: Reduction { reduction.resolved(paper: .mean) }
}

extension NPairOneVersusOne {
  func survey(_ sweep: PairSweep) -> [Double] { ClassPairs.roles(sweep.classes) }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    guard let own = ClassPairs.partner(of: row, roles: visit.survey) else { return .none }
    let sign = -distance.sign
    var sum = 0.0
    for j in ClassPairs.candidates(of: row, roles: visit.survey) where j != own {
      let (value, slope) = softplus(sign * (row.measures[j] - row.measures[own]))
      sum += value
      row.slopes[j] += sign * slope
      row.slopes[own] -= sign * slope
    }
    return .term(sum)
  }
}
