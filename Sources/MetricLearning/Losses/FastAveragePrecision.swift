public import Cards

/// Average precision of retrieval by distance, made smooth by a histogram with soft bins.
///
///     L = mean over anchors of 1 − 1/|Pᵢ| Σₗ h⁺ₗ H⁺ₗ / Hₗ     Cakir et al. 2019
///
/// h⁺ₗ is how many positives fall into bin l, H⁺ₗ and Hₗ how many positives and rows into bins up to l.
/// The distance is the squared one of unit rows. `z` is n×d.
public struct FastAveragePrecision: AnchorLoss {
  /// How many bins the distances from 0 to 4 are cut into.
  public var bins = 10
  /// How the anchors are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "fastap", "FastAP: one minus a smooth average precision of retrieval by distance.",
    signature: signature("fastap"),
    formula: "L = mean over anchors of 1 − 1/|Pᵢ| Σₗ h⁺ₗ H⁺ₗ / Hₗ",
    details: """
      z: n×d, y: n labels. h⁺ₗ positives fall into bin l, H⁺ₗ positives and Hₗ rows into bins up \
      to l; a row counts for the two of the bins + 1 evenly placed centers on [0, 4] it is \
      between. The mean is over the anchors that have a positive. Defaults: bins is that of \
      pytorch-metric-learning.
      """,
    reference: "Cakir et al. 2019",
    example: "fastap([[1, 0], [1, 0.5], [0, 1], [0.2, 1]], [0, 0, 1, 1])",
    seeAlso: ["recall_at_k", "triplet", "nca"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("bins", \.bins, .from(1, below: 1e6), "how many bins the distances are cut into"),
      Parameter("reduction", \.reduction, "how the anchors are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.reduced)
    D = sqdist_matrix(normalize(z))
    \(PairFormula.kinds)
    terms = zeros(0)
    for i in range(n) {
        others = P[i] or N[i]
        same = P[i][others]
        if not any(same) { continue }
        h = relu(1 - abs(D[i][others][:, none] * bins / 4 - arange(bins + 1)))
        h_pos = sum(h[same], axis=0)
        H_pos, H = cumsum(h_pos), cumsum(sum(h, axis=0))
        terms = append(terms, 1 - sum(h_pos * H_pos / where(H > 0, H, 1)) / count(same))
    }
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["bins"] }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(own: true, negative: true, positive: true)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] { [distance.words, "anchors with a positive", how.words] }

  var how: Reduction { reduction.resolved(paper: .mean) }
}

extension FastAveragePrecision {
  var distance: Distance { .sqeuclideanNormalized }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    let positives = row.number(of: .positives)
    guard positives > 0 else { return .none }
    var ofPositives = [Double](repeating: 0, count: bins + 1)
    var ofAll = ofPositives
    row.forEach(.others) { j, measure in
      let (bin, share) = place(measure)
      for (bin, share) in [(bin, 1 - share), (bin + 1, share)] {
        ofAll[bin] += share
        if row.isPositive(j) { ofPositives[bin] += share }
      }
    }
    var (sum, upToPositives, upToAll) = (0.0, 0.0, 0.0)
    // The derivatives of the sum by what a positive or any row adds to a bin.
    var byPositives = [Double](repeating: 0, count: bins + 1)
    var byAll = byPositives
    for l in 0...bins {
      upToPositives += ofPositives[l]
      upToAll += ofAll[l]
      guard upToAll > 0 else { continue }
      sum += ofPositives[l] * upToPositives / upToAll
      // What an entry changes from its bin on is summed from the end below; what it changes at its
      // bin alone takes the place of the count.
      byAll[l] = -ofPositives[l] * upToPositives / (upToAll * upToAll)
      byPositives[l] = ofPositives[l] / upToAll
      ofPositives[l] = upToPositives / upToAll
    }
    for l in stride(from: bins - 1, through: 0, by: -1) {
      byAll[l] += byAll[l + 1]
      byPositives[l] += byPositives[l + 1]
    }
    let rate = Double(bins) / 4 / positives
    row.forEach(.others) { j, measure in
      let (bin, share) = place(measure)
      // On the center of a bin there is a kink, and the derivative is taken as 0.
      guard share > 0, share < 1 else { return }
      var change = byAll[bin + 1] - byAll[bin]
      if row.isPositive(j) {
        change += byPositives[bin + 1] + ofPositives[bin + 1] - byPositives[bin] - ofPositives[bin]
      }
      row.slopes[j] = -rate * change
    }
    return .term(1 - sum / positives)
  }

  /// The bin below a distance, and how much of the entry goes to the one above.
  private func place(_ measure: Double) -> (bin: Int, share: Double) {
    let position = min(Double(bins), measure * Double(bins) / 4)
    let bin = min(bins - 1, Int(position))
    return (bin, position - Double(bin))
  }
}
