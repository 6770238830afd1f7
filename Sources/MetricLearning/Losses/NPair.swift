public import Cards

/// A softmax over one classmate and one member of every other class.
///
///     L = 1/N Σᵢ log( 1 + Σ_{j≠i} e^{s(xᵢ, xⱼ⁺) − s(xᵢ, xᵢ⁺)} )     theory §8.7; Sohn 2016
///
/// xᵢ and xᵢ⁺ are the first two members of class i, and N counts the classes that have two. `z` is
/// n×d. For a distance the signs turn.
public struct NPair: AnchorLoss {
  /// What a pair is measured by.
  public var distance = Distance.dot
  /// How the classes are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "npair", "Tells an anchor's classmate from one member of every other class.",
    signature: signature("npair"),
    formula: "L = 1/N Σᵢ log( 1 + Σ_{j≠i} e^{s(xᵢ, xⱼ⁺) − s(xᵢ, xᵢ⁺)} )",
    details: """
      z: n×d, y: n labels. xᵢ and xᵢ⁺ are the first two rows of class i; a class of one is left \
      out. s is the inner product of rows as given; the paper adds a penalty on their lengths. \
      Defaults: distance is the paper's.
      """,
    reference: "Sohn 2016; theory §8.7",
    example: "npair([[1, 0], [1, 0.5], [0, 1], [-0.5, 1]], [0, 0, 1, 1])",
    seeAlso: ["npair_ovo", "ntxent", "supcon", "triplet"])

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
    terms = [logsumexp(S[i]) - S[i, i] for i in range(len(S))]
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { [] }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: distance.bendsSimilarity, negative: true, positive: true)
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

extension NPair {
  var hasHalves: Bool { true }

  func survey(_ sweep: PairSweep) -> [Double] { ClassPairs.roles(sweep.classes) }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    guard let own = ClassPairs.partner(of: row, roles: visit.survey) else { return .none }
    let sign = -distance.sign
    let candidates = ClassPairs.candidates(of: row, roles: visit.survey)
    let (shares, logSumExp) = softmax(candidates.map { sign * row.measures[$0] })
    for (j, share) in zip(candidates, shares) { row.slopes[j] += visit.halves.push * sign * share }
    row.slopes[own] -= visit.halves.pull * sign
    let similarity = sign * row.measures[own]
    return .term(
      logSumExp - similarity, shown: visit.halves.sum(-similarity, logSumExp))
  }
}

/// One anchor and one positive of every class that has two members: its first two rows.
enum ClassPairs {
  /// For every row 1 if it is an anchor, 2 if it is a positive, else 0.
  static func roles(_ classes: ClassIndex) -> [Double] {
    var seen = classes.sizes.map { _ in 0.0 }
    return classes.ofRow.map { index in
      seen[index] += 1
      return classes.sizes[index] > 1 && seen[index] < 3 ? seen[index] : 0
    }
  }

  /// The positives of all classes.
  static func candidates(of row: PairRow, roles: [Double]) -> [Int] {
    (0..<row.count).filter { roles[row.place($0)] == 2 }
  }

  /// The anchor's positive; nil if the row is no anchor.
  static func partner(of row: PairRow, roles: [Double]) -> Int? {
    guard roles[row.place(row.anchor)] == 1 else { return nil }
    return row.mates.first { roles[row.place($0)] == 2 }
  }

  /// The words for what is measured and summed up.
  static func terms(_ distance: Distance, _ how: Reduction) -> [String] {
    [distance.words, "the first two rows of every class", how.words]
  }

  /// `S`: anchors by positives.
  static let formula = """
    \(PairFormula.measured)
    \(PairFormula.reduced)
    first, second = [], []
    for k in unique(y) {
        rows = arange(len(y))[y == k]
        if len(rows) > 1 { first, second = append(first, rows[0]), append(second, rows[1]) }
    }
    S = [[-sign * measured(z)[a, p] for p in second] for a in first]
    """
}
