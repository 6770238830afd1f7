import Cards
public import Tensors

/// The arithmetic of one anchor's cost, term by term.
public struct AnchorAccount: Sendable {
  /// What the columns hold, after the name of a term.
  public let columns: [String]
  /// The terms: positives, then negatives; or classes.
  public let groups: [Group]
  /// How the terms make the cost of the anchor, step by step; empty where only the kernel knows.
  public let steps: [Step]
  /// What the anchor costs, before the reduction; nil where only the kernel knows.
  public let cost: Double?
  /// What all anchors cost together, before the reduction.
  public let sum: Double?
  /// The value of the loss.
  public let value: Double
  /// How the costs of all anchors are summed up, in words.
  public let reduction: String
  /// The class of the anchor.
  public let label: Int

  /// Terms of one kind.
  public struct Group: Sendable {
    /// What they are.
    public let title: String
    /// One for each.
    public let terms: [Term]
  }

  /// A pair, or a class.
  public struct Term: Sendable {
    /// Which one: the number of a row or class.
    public let place: Int
    /// Whether it is the anchor's own class.
    public let isOwn: Bool
    /// A number for every column.
    public let numbers: [Double]
    /// How much it matters, for leaving out what matters least.
    public let importance: Double
  }

  /// A number that comes of those before it.
  public struct Step: Sendable {
    /// How it is made.
    public let words: String
    /// What it is.
    public let value: Double

    init(_ words: String, _ value: Double) { (self.words, self.value) = (words, value) }
  }

  /// The account of an anchor; nil for a loss of neither pairs nor class weights.
  ///
  /// - Precondition: `anchor` is a row.
  /// - Throws: what evaluating the loss throws.
  public init?(
    _ term: LossSum.Term, _ embeddings: Tensor, labels: [Int], anchor: Int
  ) throws(LossError) {
    let input = term.input(embeddings, labels)
    let loss = term.loss
    value = try loss.evaluate(input).value
    reduction = loss.terms.last ?? ""
    label = labels[anchor]
    if let loss = loss as? any ClassWeightLoss {
      let account = try ClassAccount(loss, input, anchor)
      (columns, groups, steps) = (account.columns, account.groups, account.steps)
      (cost, sum) = (account.cost, account.sum)
      return
    }
    guard let weights = try loss.pairWeights(input) else { return nil }
    let distance = loss.measuringDistance
    let batch = try Batch(input)
    let rows = Rows(
      batch.embeddings.elements, width: batch.width, normalized: distance.normalizes)
    let n = batch.count
    let explained =
      input.weights == nil && input.tuples == nil
      ? (loss as? any ExplainedLoss).flatMap { $0.isExplained ? $0 : nil } : nil
    let own = AnchorPairs(anchor, batch, rows, distance)
    let account = explained?.account(of: own)
    columns =
      [distance.column] + (account.map { [$0.costName] } ?? []) + ["dL/dS"]
    func row(_ place: Int, _ isOwn: Bool, _ offset: Int) -> Term {
      let weight = weights.elements[anchor * n + place]
      let cost = account.map { isOwn ? $0.positives[offset] : $0.negatives[offset] }
      return Term(
        place: place, isOwn: isOwn,
        numbers: [own.measure(place)] + (cost.map { [$0] } ?? []) + [weight],
        importance: max(abs(weight), abs(cost ?? 0) * 1e-9))
    }
    groups = [
      Group(
        title: "positives", terms: own.positives.enumerated().map { row($1, true, $0) }),
      Group(
        title: "negatives", terms: own.negatives.enumerated().map { row($1, false, $0) }),
    ]
    steps = account?.steps ?? []
    cost = account?.cost
    sum = try explained?.unreduced?.evaluate(input).value
  }
}

/// The pairs of one anchor with their measures.
struct AnchorPairs {
  let anchor: Int
  let positives: [Int]
  let negatives: [Int]
  let sign: Double
  private let measures: [Double]

  init(_ anchor: Int, _ batch: Batch, _ rows: Rows, _ distance: Distance) {
    self.anchor = anchor
    let classes = batch.classes
    if let listed = batch.tuples?.anchors[anchor] {
      (positives, negatives) = (listed.positives, listed.negatives)
    } else {
      let others = classes.ofRow.indices.filter { $0 != anchor }
      positives = others.filter { classes.ofRow[$0] == classes.ofRow[anchor] }
      negatives = others.filter { classes.ofRow[$0] != classes.ofRow[anchor] }
    }
    sign = distance.sign
    measures = classes.ofRow.indices.map { rows.measure(anchor, $0, by: distance) }
  }

  /// The distance or similarity to a row.
  func measure(_ row: Int) -> Double { measures[row] }

  /// The measure with the sign of a distance.
  func far(_ row: Int) -> Double { sign * measures[row] }
}

/// What the pairs of an anchor cost one by one, and how that makes the anchor's cost.
struct PairAccount {
  /// What is said of every pair.
  let costName: String
  /// That of the positives, in the order of their rows.
  let positives: [Double]
  /// That of the negatives.
  let negatives: [Double]
  /// How it adds up.
  let steps: [AnchorAccount.Step]
  /// What comes of it: these sum to the loss with reduction="sum".
  let cost: Double
}

/// A loss of pairs that can say what each of them costs.
protocol ExplainedLoss: Loss {
  /// Whether its parameters are among those that can be explained so.
  var isExplained: Bool { get }

  /// The costs of an anchor's pairs.
  func account(of pairs: AnchorPairs) -> PairAccount
}

extension ExplainedLoss {
  /// Whatever the parameters, unless a loss says otherwise.
  var isExplained: Bool { true }
}

extension Loss {
  /// The same loss with the sum for its reduction; nil for one that has no choice.
  fileprivate var unreduced: (any Loss)? {
    if let loss = self as? Contrastive, loss.form == .eq8 { return nil }
    let arguments = settings.map { setting in
      setting.name == "reduction" ? (setting.name, .text(Reduction.sum.rawValue)) : setting
    }
    return try? LossCatalog.named(Self.card.name)?.make(arguments)
  }

  /// What the pairs are measured by; the cosine where a loss does not say.
  fileprivate var measuringDistance: Distance {
    switch self {
    case let loss as any PairLoss: loss.distance
    case let loss as any AnchorLoss: loss.distance
    default: .cosine
    }
  }
}

extension Distance {
  /// The head of a column of it.
  fileprivate var column: String {
    switch self {
    case .cosine: "cosine"
    case .dot: "product"
    case .euclidean, .euclideanNormalized: "distance"
    case .sqeuclidean, .sqeuclideanNormalized: "distance^2"
    }
  }
}

/// The logits of a row, class by class.
private struct ClassAccount {
  let columns: [String]
  let groups: [AnchorAccount.Group]
  let steps: [AnchorAccount.Step]
  let cost: Double?
  var sum: Double?

  init(_ loss: some ClassWeightLoss, _ input: LossInput, _ anchor: Int) throws(LossError) {
    let (batch, given) = try loss.checked(input, centers: loss.centersPerClass)
    let weights = ClassWeights(given, normalized: loss.normalizesWeights)
    let rows = Rows(
      batch.embeddings.elements, width: batch.width, normalized: loss.normalizesRows)
    let (rowLengths, lengths) = (rows.lengths, weights.rows.lengths)
    func row(_ i: Int) -> WeightRow {
      let comparison = loss.compare(rows, i, weights)
      let own = comparison.places[batch.labels[i]]
      return WeightRow(
        measures: comparison.measures, label: batch.labels[i],
        length: rowLengths[i] * lengths[own])
    }
    let own = row(anchor)
    let logits = loss.logits(own)
    let (shares, _) = softmax(logits)
    columns = [loss.usesDistance ? "distance^2" : "measure", "logit", "probability"]
    groups = [
      AnchorAccount.Group(
        title: "classes",
        terms: logits.indices.map { k in
          AnchorAccount.Term(
            place: k, isOwn: k == own.label, numbers: [own.measures[k], logits[k], shares[k]],
            importance: k == own.label ? .infinity : shares[k])
        })
    ]
    let term = loss.cost(own) ?? 0
    cost = term
    steps = [.init("-log of the own probability", -Portable.log(shares[own.label]))]
    var meter = WorkMeter()
    var total = 0.0
    for i in 0..<batch.count {
      if meter.stops(after: weights.rows.count * batch.width) { break }
      total += loss.cost(row(i)) ?? 0
    }
    sum = total
  }
}
