public import Cards
public import Tensors

/// Wants every classmate of an anchor nearer than every stranger, by a margin.
///
///     L = mean over (a, p, n) of [Dₐₚ − Dₐₙ + margin]₊     theory §8.5; Schroff et al. 2015
///
/// `z` is n×d. Triplets are never stored: hinges over all of them take a sort per anchor, the rest a
/// loop over the positives and negatives of one.
public struct Triplet: AnchorLoss {
  /// How much nearer a classmate has to be.
  public var margin = 0.2
  /// What a pair is measured by.
  public var distance = Distance.sqeuclideanNormalized
  /// Which triplets take part.
  public var mining = Mining.all
  /// How far beyond the positive a semihard negative may be; nil for `margin`.
  public var miningMargin: Double?
  /// Whether a negative is measured from the nearer of anchor and positive.
  public var swap = false
  /// Whether softplus takes the place of the hinge.
  public var smooth = false
  /// How the triplets are summed up.
  public var reduction = Reduction.paper

  /// Which triplets take part.
  public enum Mining: String, CaseIterable, Sendable {
    /// Every anchor with each of its positives and negatives.
    case all
    /// Those whose negative is beyond the positive, but not far.
    case semihard
    /// For every anchor the farthest positive and the nearest negative.
    case hard
  }

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "triplet", "Wants classmates of an anchor nearer than all others, by a margin.",
    signature: signature("triplet"),
    formula: "L = mean over (a, p, n) of [Dₐₚ − Dₐₙ + margin]₊",
    details: """
      z: n×d, y: n labels, margin ≥ 0. mining="semihard" keeps triplets with 0 < Dₐₙ − Dₐₚ ≤ \
      mining_margin (none: margin), "hard" one per anchor: its farthest positive and nearest \
      negative. swap=true takes min(Dₐₙ, Dₚₙ) for Dₐₙ, smooth=true log(1 + eˣ) for [x]₊. For a \
      similarity the signs turn. Defaults: margin, distance and the plain hinge (swap and smooth \
      off) are those of Schroff et al. 2015; mining="all" takes every triplet, as \
      pytorch-metric-learning; without a mining_margin it is the margin.
      """,
    reference: "Schroff et al. 2015; Hermans et al. 2017; theory §8.5",
    example: "triplet([[0, 0], [1, 0], [0, 1]], [0, 0, 1], margin=1, distance=\"euclidean\")",
    seeAlso: ["contrastive", "margin_loss", "lifted", "npair"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("margin", \.margin, .nonNegative, "how much nearer a classmate has to be"),
      Parameter("distance", \.distance, "what a pair is measured by"),
      Parameter("mining", \.mining, "which triplets take part"),
      Parameter(
        "mining_margin", \.miningMargin, .nonNegative, "how far a semihard negative may be beyond"),
      Parameter("swap", \.swap, "whether a negative is measured from the nearer of the two"),
      Parameter("smooth", \.smooth, "whether softplus takes the place of the hinge"),
      Parameter("reduction", \.reduction, "how the triplets are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(PairFormula.sorted)
    \(PairFormula.reduced)
    limit = margin if mining_margin == none else mining_margin
    terms = zeros(0)
    for a in range(n) {
        far, near = D[a][P[a]][:, none], D[a][N[a]][none, :]
        if mining == "hard" {
            if any(P[a]) and any(N[a]) { terms = append(terms, max(far) - min(near) + margin) }
            continue
        }
        if swap { near = minimum(near, D[P[a]][:, N[a]]) }
        gap = near - far
        if mining == "semihard" { gap = gap[gap > 0 and gap <= limit] }
        terms = concat([terms, margin - flatten(gap)])
    }
    terms = softplus(terms) if smooth else relu(terms)
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// The formula, of the triplets that are listed.
  public static var tupleFormula: String? {
    PairFormula.listed(formula, PairFormula.chosen)?
      .replacing("gap = near - far", with: "gap = (near - far)[chosen(a)]")
  }

  /// Throws when triplets are to be both mined and swapped.
  public func validate() throws(LossError) {
    guard !swap || mining == .all else {
      throw .parameter(
        .unknownChoice(
          name: "mining", given: mining.rawValue, known: [Mining.all.rawValue]))
    }
  }

  /// The parameters the description shows.
  public var shownParameters: [String] {
    ["margin"] + (mining == .semihard && miningMargin != nil ? ["mining_margin"] : [])
      + (swap ? ["swap"] : []) + (smooth ? ["smooth"] : [])
  }

  /// What the weight of a pair depends on (theory §6.2).
  public var usedSimilarities: UsedSimilarities? {
    UsedSimilarities(
      own: swap || distance.bendsSimilarity, negative: mining == .hard, positive: true)
  }

  /// How low the value can get.
  public var floor: LossFloor {
    mining != .semihard && !swap && distance.normalizes && how != .meanNonzero ? .simplex : .zero
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    let selection =
      switch mining {
      case .all: "all triplets"
      case .semihard: "semihard triplets"
      case .hard: "the hardest triplet of every anchor"
      }
    return [distance.words, selection, how.words]
  }

  var how: Reduction { reduction.resolved(paper: .mean) }
}

extension Triplet {
  /// The value and its gradient, in one pass.
  public func evaluate(_ input: LossInput) throws(LossError) -> LossResult {
    if swap, input.tuples != nil { return try SwappedTriplets(self, input).result }
    return try result(input, .whole)
  }

  /// The derivative by the similarity of every pair, a distance read as D² = 2 − 2S.
  public func pairWeights(_ input: LossInput) throws(LossError) -> Tensor? {
    if swap, input.tuples != nil { return try SwappedTriplets(self, input).pairWeights }
    return try slopes(input)
  }

  func cost(of row: PairRow, in visit: AnchorVisit) -> TermSum {
    let cost =
      switch mining {
      case .hard: hardest(row)
      case .all where row.triplets != nil, .semihard where row.triplets != nil: listed(row)
      case .all where !swap && !smooth: hinges(row)
      case .semihard where !smooth: semihardHinges(row)
      case .all, .semihard: triplets(row, visit.sweep)
      }
    if distance.isSimilarity {
      for j in 0..<row.count { row.slopes[j].negate() }
    }
    return cost
  }

  /// The pairs of a kind by how far apart they are; a similarity is turned into a distance by its
  /// sign.
  private func pairs(_ row: PairRow, _ kind: PairKind) -> [(distance: Double, other: Int)] {
    var pairs: [(distance: Double, other: Int)] = []
    row.forEach(kind) { j, measure in pairs.append((distance.sign * measure, j)) }
    return pairs
  }

  /// The hinges of all triplets: the pairs of the kind with fewer are sorted, and every pair of the
  /// other looks up how many of them it makes a cost with.
  private func hinges(_ row: PairRow) -> TermSum {
    let (positives, negatives) = (row.number(of: .positives), row.number(of: .negatives))
    var cost = TermSum(terms: positives * negatives)
    guard cost.terms > 0 else { return cost }
    // A triplet costs reach − distance: the reach of its positive less the distance of its negative.
    let few: PairKind = positives <= negatives ? .positives : .negatives
    let turn: Double = few == .positives ? 1 : -1
    let sign = distance.sign
    let reach = few == .positives ? margin : 0
    var sorted: [(key: Double, other: Int)] = []
    sorted.reserveCapacity(Int(min(positives, negatives)))
    row.forEach(few) { j, measure in sorted.append((turn * (sign * measure + reach), j)) }
    // In descending order, so that the pairs a given one makes a cost with come first.
    sorted.sort { $0.key > $1.key }
    let keys = DescendingKeys(sorted.map(\.key))
    // How many pairs of the other kind come to an end at every place.
    var ends = [Int](repeating: 0, count: sorted.count + 1)
    let level = margin - reach
    let slopes = row.slopes
    ends.withUnsafeMutableBufferPointer { ends in
      keys.withLookup { lookup in
        var (active, total) = (0.0, 0.0)
        row.forEach(few == .positives ? .negatives : .positives) { j, measure in
          let key = turn * (sign * measure + level)
          let (above, sum) = lookup(key)
          let number = Double(above)
          ends[above] += 1
          active += number
          total += sum - number * key
          slopes[j] = -turn * number
        }
        (cost.active, cost.sum) = (active, total)
      }
    }
    var reaching = 0
    for place in stride(from: sorted.count, to: 0, by: -1) {
      reaching += ends[place]
      row.slopes[sorted[place - 1].other] = turn * Double(reaching)
    }
    return cost
  }

  /// The hinges of the semihard triplets: of the sorted negatives every positive takes a stretch.
  private func semihardHinges(_ row: PairRow) -> TermSum {
    let negatives = pairs(row, .negatives).sorted { $0.distance < $1.distance }
    let limit = miningMargin ?? margin
    var sums = [0.0]
    for negative in negatives { sums.append(sums[sums.count - 1] + negative.distance) }
    // How many positives begin, less how many end, to count a negative at every place.
    var changes = [Int](repeating: 0, count: negatives.count + 1)
    var cost = TermSum.none
    for (positive, other) in pairs(row, .positives) {
      func places(where isBefore: (_ gap: Double) -> Bool) -> Int {
        var (low, high) = (0, negatives.count)
        while low < high {
          let middle = (low + high) / 2
          if isBefore(negatives[middle].distance - positive) {
            low = middle + 1
          } else {
            high = middle
          }
        }
        return low
      }
      let first = places { $0 <= 0 }
      let end = places { $0 <= limit }
      guard first < end else { continue }
      let last = max(first, min(end, places { margin - $0 > 0 }))
      cost.terms += Double(end - first)
      cost.active += Double(last - first)
      cost.sum += Double(last - first) * (margin + positive) - (sums[last] - sums[first])
      row.slopes[other] = Double(last - first)
      changes[first] += 1
      changes[last] -= 1
    }
    var reached = 0
    for (place, negative) in negatives.enumerated() {
      reached += changes[place]
      if reached > 0 { row.slopes[negative.other] = -Double(reached) }
    }
    return cost
  }

  /// The triplet of the farthest positive and the nearest negative.
  private func hardest(_ row: PairRow) -> TermSum {
    guard let positive = pairs(row, .positives).max(by: { $0.distance < $1.distance }),
      let negative = pairs(row, .negatives).min(by: { $0.distance < $1.distance })
    else { return .none }
    let (value, slope) = price(positive.distance - negative.distance + margin)
    row.slopes[positive.other] = slope
    row.slopes[negative.other] = -slope
    return .term(value)
  }

  /// Triplet after triplet.
  private func triplets(_ row: PairRow, _ sweep: PairSweep) -> TermSum {
    let negatives = pairs(row, .negatives)
    let limit = miningMargin ?? margin
    var cost = TermSum.none
    var meter = WorkMeter()
    for positive in pairs(row, .positives) {
      let fromPositive = swap ? sweep.measures(from: positive.other) : []
      for negative in negatives {
        var gap = negative.distance - positive.distance
        if mining == .semihard, !(gap > 0 && gap <= limit) { continue }
        // With anchor and positive exchanged a swapped triplet is the same once more: so each of the
        // two counts its own side of both.
        var share = 1.0
        if swap {
          let other = distance.sign * fromPositive[negative.other]
          share = negative.distance < other ? 2 : negative.distance == other ? 1 : 0
          gap = min(negative.distance, other) - positive.distance
        }
        let (value, slope) = price(margin - gap)
        cost.add(value)
        row.slopes[positive.other] += slope
        row.slopes[negative.other] -= share * slope
      }
      if meter.stops(after: 20 * negatives.count) { return cost }
    }
    return cost
  }

  /// The triplets that are listed.
  private func listed(_ row: PairRow) -> TermSum {
    let limit = miningMargin ?? margin
    var cost = TermSum.none
    for triplet in row.triplets ?? UnsafeBufferPointer(start: nil, count: 0) {
      let gap =
        distance.sign * (row.measures[triplet.negative] - row.measures[triplet.positive])
      if mining == .semihard, !(gap > 0 && gap <= limit) { continue }
      let (value, slope) = price(margin - gap)
      cost.add(value)
      row.slopes[triplet.positive] += slope
      row.slopes[triplet.negative] -= slope
    }
    return cost
  }

  /// What an excess costs, and the derivative of that.
  func price(_ excess: Double) -> (value: Double, slope: Double) {
    smooth ? softplus(excess) : excess > 0 ? (excess, 1) : (0, 0)
  }
}

/// Numbers in descending order, of which is asked how many are above a given one.
///
/// They are sorted into as many bins of equal width, so that a question takes a step or two.
private struct DescendingKeys {
  private let keys: [Double]
  /// What the first keys add up to.
  private let sums: [Double]
  /// How many keys come before every bin.
  private let before: [Int]
  private let scale: Double

  init(_ keys: [Double]) {
    self.keys = keys
    var sums = [0.0]
    sums.reserveCapacity(keys.count + 1)
    for key in keys { sums.append(sums[sums.count - 1] + key) }
    self.sums = sums
    let range = keys.isEmpty ? 0 : keys[0] - keys[keys.count - 1]
    scale = range > 0 && Double(keys.count) / range < 1e300 ? Double(keys.count) / range : 0
    var before = [Int](repeating: 0, count: keys.count + 2)
    for key in keys { before[Self.bin(key, of: keys, scale) + 1] += 1 }
    for bin in before.indices.dropFirst() { before[bin] += before[bin - 1] }
    self.before = before
  }

  /// The bin of a key between the largest and the smallest; bins follow the order of keys.
  @inline(__always)
  private static func bin(_ key: Double, of keys: [Double], _ scale: Double) -> Int {
    min(keys.count, Int((keys[0] - key) * scale))
  }

  /// Answers questions while the keys are held in place.
  struct Lookup {
    fileprivate let keys: UnsafeBufferPointer<Double>
    fileprivate let sums: UnsafeBufferPointer<Double>
    fileprivate let before: UnsafeBufferPointer<Int>
    fileprivate let scale: Double

    /// How many keys are above one, and what they add up to.
    @inline(__always)
    func callAsFunction(_ key: Double) -> (above: Int, sum: Double) {
      let count = keys.count
      if key >= keys[0] { return (0, 0) }
      if key < keys[count - 1] { return (count, sums[count]) }
      var above = before[min(count, Int((keys[0] - key) * scale))]
      while above < count, keys[above] > key { above += 1 }
      return (above, sums[above])
    }
  }

  /// Calls `body` with what answers questions; not at all where there are no keys.
  @inline(__always)
  func withLookup(_ body: (Lookup) -> Void) {
    guard !keys.isEmpty else { return }
    keys.withUnsafeBufferPointer { keys in
      sums.withUnsafeBufferPointer { sums in
        before.withUnsafeBufferPointer { before in
          body(Lookup(keys: keys, sums: sums, before: before, scale: scale))
        }
      }
    }
  }
}
