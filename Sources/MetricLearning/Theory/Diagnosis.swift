public import Tensors

/// What is wrong with embeddings, or with the training they come from: findings with their evidence.
public struct Diagnosis: Sendable {
  /// What was found, the gravest first; empty where nothing is wrong.
  public private(set) var findings: [Finding] = []
  /// What was looked at, with the numbers that were seen.
  public private(set) var looks: [Look] = []

  /// Something wrong.
  public struct Finding: Sendable {
    /// What it is called.
    public let name: String
    /// The numbers that show it.
    public let evidence: String
    /// What to do.
    public let advice: String
  }

  /// Something that was looked at.
  public struct Look: Sendable {
    /// What it is.
    public let what: String
    /// The numbers seen.
    public let seen: String
  }

  /// What is looked at.
  public struct Subject: Sendable {
    /// The loss of every step; empty where there was no training.
    public var losses: [Double] = []
    /// Whether the training ended at a loss or gradient that was not finite.
    public var hasDiverged = false
    /// The embeddings before training; nil where there was none.
    public var start: Tensor?
    /// The embeddings, n×d.
    public var embeddings: Tensor
    /// One label per row.
    public var labels: [Int]
    /// The loss, where it is one of the catalog.
    public var loss: LossSum?

    /// Embeddings with their labels.
    public init(_ embeddings: Tensor, labels: [Int]) {
      self.embeddings = embeddings
      self.labels = labels
    }
  }

  /// Looks at everything.
  ///
  /// - Parameters:
  ///   - subject: the embeddings, and what is known of their training.
  ///   - number: how numbers are written.
  /// - Throws: what evaluating the loss throws.
  public init(
    _ subject: Subject, number: (Double) -> String
  ) throws(LossError) {
    let classes = try ClassIndex(subject.labels).sizes.count
    lookAtFiniteness(subject, number)
    lookAtClasses(subject)
    lookAtCourse(subject, number)
    if let loss = subject.loss { lookAtMargins(loss, subject, classes, number) }
    let elements = subject.embeddings.elements
    guard subject.embeddings.rank == 2, elements.allSatisfy(\.isFinite), !elements.isEmpty else {
      return
    }
    lookAtSpread(subject, classes, number)
    lookAtNorms(subject, number)
    if let loss = subject.loss { try lookAtActivity(loss, subject, number) }
  }

  mutating func found(_ name: String, _ evidence: String, _ advice: String) {
    findings.append(Finding(name: name, evidence: evidence, advice: advice))
  }

  mutating func looked(_ what: String, _ seen: String) {
    looks.append(Look(what: what, seen: seen))
  }
}

// What is looked at, one after the other.
extension Diagnosis {
  private mutating func lookAtFiniteness(_ subject: Subject, _ number: (Double) -> String) {
    let bad = subject.embeddings.elements.count { !$0.isFinite }
    let step = subject.losses.firstIndex { !$0.isFinite }
    looked(
      "finite numbers",
      "\(bad) bad of \(subject.embeddings.count) embedding entries"
        + (subject.losses.isEmpty ? "" : ", \(subject.losses.count { !$0.isFinite }) bad losses"))
    guard bad > 0 || step != nil || subject.hasDiverged else { return }
    var evidence: [String] = []
    if let step {
      let before = step > 0 ? "\(number(subject.losses[step - 1])) at the step before" : "the first"
      evidence.append("the loss is \(number(subject.losses[step])) at step \(step) (\(before))")
    } else if subject.hasDiverged {
      evidence.append("a gradient was not finite at step \(max(0, subject.losses.count - 1))")
    }
    if bad > 0 { evidence.append("\(bad) embedding entries are nan or infinite") }
    found(
      "not finite", evidence.joined(separator: "; "),
      "Take smaller steps (a smaller lr) or clip the gradient, fit(…, clip=1). :trap nan on stops at "
        + "the operation that makes the first nan.")
  }

  /// How far apart points are, and in how many directions.
  private mutating func lookAtSpread(
    _ subject: Subject, _ classes: Int, _ number: (Double) -> String
  ) {
    guard let shape = Spread(subject.embeddings) else { return }
    looked(
      "collapse",
      "variance \(number(shape.variance)), \(number(shape.relative)) of the mean squared length")
    guard shape.relative >= 1e-4 else {
      if classes > 1, subject.labels.count > 1 {
        found(
          "collapse",
          "all \(subject.labels.count) embeddings are nearly one point: their variance is "
            + "\(number(shape.relative)) of their mean squared length",
          "Nothing pushes classes apart, or a step was too large: look at contrast(L, z, y), take a "
            + "smaller lr, or start from other weights (seed=).")
      }
      return
    }
    let d = subject.embeddings.shape[1]
    let room = min(d, classes - 1, subject.labels.count - 1)
    looked(
      "dimensional collapse",
      "effective rank \(number(shape.rank)) of \(d) dimensions, \(max(0, room)) needed at most by "
        + "\(classes) classes")
    guard room > 1, shape.rank < 0.6 * Double(room) else { return }
    found(
      "dimensional collapse",
      "the embeddings vary in \(number(shape.rank)) directions (effective rank) of \(d); "
        + "\(classes) classes could use \(room)",
      "The leading direction has \(number(100 * shape.leading))% of the variance. More classes in a "
        + "batch, a smaller lr, or another start (seed=) may free the others.")
  }

  /// How long embeddings have become.
  private mutating func lookAtNorms(_ subject: Subject, _ number: (Double) -> String) {
    let now = Self.meanLength(subject.embeddings)
    guard let start = subject.start, start.elements.allSatisfy(\.isFinite) else {
      looked("norms", "mean length \(number(now))")
      return
    }
    let before = Self.meanLength(start)
    looked("norms", "mean length \(number(before)) before, \(number(now)) after")
    guard now > 10 * before, now > 10 else { return }
    found(
      "diverging norms",
      "the mean length of an embedding went from \(number(before)) to \(number(now))",
      "Where only directions count, long rows hardly turn any more: train normalized(model). Where "
        + "lengths count, weight decay holds them: adamw, or sgd(lr, weight_decay=…).")
  }

  private static func meanLength(_ embeddings: Tensor) -> Double {
    let width = embeddings.shape.last ?? 0
    let rows = Rows(embeddings.elements, width: width, normalized: false)
    return rows.count > 0 ? rows.lengths.reduce(0, +) / Double(rows.count) : 0
  }

  /// Whether anything is left that pulls or pushes.
  private mutating func lookAtActivity(
    _ loss: LossSum, _ subject: Subject, _ number: (Double) -> String
  ) throws(LossError) {
    guard loss.terms.allSatisfy({ !($0.loss.needsWeights && $0.weights == nil) }),
      loss.terms.allSatisfy({ !type(of: $0.loss).comparesViews })
    else { return }
    var (value, square) = (0.0, 0.0)
    var gradient = [Double](repeating: 0, count: subject.embeddings.count)
    for term in loss.terms {
      let result = try term.loss.evaluate(term.input(subject.embeddings, subject.labels))
      value += term.factor * result.value
      for (place, slope) in result.embeddingGradient.elements.enumerated() {
        gradient[place] += term.factor * slope
      }
    }
    for slope in gradient { square += slope * slope }
    looked(
      "active tuples",
      "loss \(number(value)), length of its gradient \(number(square.squareRoot()))")
    if !value.isFinite || !square.isFinite, !findings.contains(where: { $0.name == "not finite" }) {
      found(
        "not finite", "the loss of these embeddings is \(number(value))",
        "Take smaller steps (a smaller lr), or embeddings of a smaller scale.")
    }
    guard square == 0 else { return }
    let counts = try TupleCounts(subject.labels)
    let pairs =
      counts.positivePairs == 0
      ? "no two rows share a label" : counts.negativePairs == 0 ? "all rows have one label" : nil
    found(
      "no active tuples",
      "the loss is \(number(value)) and its gradient is 0 everywhere"
        + (pairs.map { ": \($0)" } ?? ""),
      pairs != nil
        ? "Give labels that make pairs of both kinds: count_tuples(y) counts them."
        : "Nothing is left to learn from: a larger margin, or harder tuples (mine(z, y, \"hardest\")), "
          + "would go on. If classes are apart, training is done.")
  }

  /// Margins that embeddings of unit length cannot reach.
  private mutating func lookAtMargins(
    _ loss: LossSum, _ subject: Subject, _ classes: Int, _ number: (Double) -> String
  ) {
    let d = subject.embeddings.shape.last ?? 0
    let areUnit = Self.areUnit(subject.embeddings)
    for term in loss.terms {
      guard
        let margin = Margin(term.loss, classes: classes, d: d, rowsAreUnit: areUnit)
      else { continue }
      looked(
        "margin of \(term.name)",
        "asks for \(number(margin.asked)), reachable \(number(margin.reachable))")
      // Rounding of a limit such as √3 is no reason to complain.
      guard margin.asked > margin.reachable + 1e-9 else { continue }
      found(
        "unreachable margin",
        "\(term.name) asks for \(margin.what) of \(number(margin.asked)); \(margin.why) "
          + number(margin.reachable),
        "Some tuples will always cost something. Take a smaller margin, at most "
          + "\(number(margin.best)), or more dimensions.")
    }
  }

  private static func areUnit(_ embeddings: Tensor) -> Bool {
    let rows = Rows(embeddings.elements, width: embeddings.shape.last ?? 0, normalized: false)
    return rows.count > 0 && rows.lengths.allSatisfy { abs($0 - 1) < 1e-6 }
  }
}

/// What a margin asks for, and what the unit sphere has.
private struct Margin {
  let what: String
  let asked: Double
  let reachable: Double
  let why: String
  /// The largest margin that can be reached.
  let best: Double

  init?(_ loss: any Loss, classes: Int, d: Int, rowsAreUnit: Bool) {
    func onSphere(_ distance: Distance) -> Bool { distance.normalizes || rowsAreUnit }
    // K points are at most so far from one another, all of them (theory §8.6).
    let similarity = Self.leastSimilarity(classes: classes, d: d)
    let apart = "\(classes) classes in \(d) dimensions are all apart by at most"
    switch loss {
    case let loss as Contrastive where onSphere(loss.distance) && loss.form != .eq8:
      guard classes > 1 else { return nil }
      if loss.distance.isSimilarity {
        (what, asked) = ("a dissimilarity 1 - S", 1 - loss.margin)
        (reachable, why, best) = (1 - similarity, apart, similarity)
      } else {
        let square = 2 - 2 * similarity
        (what, asked) = ("a distance", loss.margin)
        reachable = loss.distance.isSquared ? square : square.squareRoot()
        (why, best) = (apart, reachable)
      }
    case let loss as Triplet where onSphere(loss.distance):
      (what, asked) = ("a gap", loss.margin)
      reachable = loss.distance.isSquared ? 4 : 2
      (why, best) = ("distances on the unit sphere differ by at most", reachable)
    case let loss as MarginLoss where onSphere(loss.distance) && !loss.distance.isSimilarity:
      guard classes > 1 else { return nil }
      let square = 2 - 2 * similarity
      (what, asked) = ("a distance beta + margin", loss.beta + loss.margin)
      reachable = loss.distance.isSquared ? square : square.squareRoot()
      (why, best) = (apart, reachable - loss.beta)
    case let loss as CosFace:
      guard classes > 1 else { return nil }
      (what, asked) = ("a cosine margin", loss.margin)
      (reachable, why) = (1 - similarity, apart)
      best = reachable
    default: return nil
    }
  }

  /// The least that the largest similarity of K unit vectors can be, where it is known: the corners of
  /// a simplex, or of a regular polygon in the plane; elsewhere the bound of the simplex.
  private static func leastSimilarity(classes: Int, d: Int) -> Double {
    let k = Double(max(2, classes))
    if classes > 2, d == 2 { return Portable.cos(2 * .pi / k) }
    if classes > 2, d == 1 { return 1 }
    return -1 / (k - 1)
  }
}

/// How points spread around their mean.
private struct Spread {
  /// The sum of the variances of all coordinates.
  let variance: Double
  /// The same over the mean squared length.
  let relative: Double
  /// The effective rank: e to the entropy of the shares of the principal variances.
  let rank: Double
  /// The share of the largest.
  let leading: Double

  /// Nil for no points.
  init?(_ points: Tensor) {
    guard points.rank == 2, points.count > 0,
      let mean = try? points.converted(to: .float64).mean(axis: 0),
      let centered = try? Tensor.subtract(points.converted(to: .float64), mean),
      let covariance = try? Tensor.matmul(centered.transposed(), centered),
      let values = try? covariance.symmetricEigen().values.elements
    else { return nil }
    let n = Double(points.shape[0])
    let total = values.reduce(0) { $0 + max(0, $1) }
    let square = points.elements.reduce(0) { $0 + $1 * $1 } / n
    variance = total / n
    relative = square > 0 ? variance / square : 0
    let shares = values.map { total > 0 ? max(0, $0) / total : 0 }
    rank = Portable.exp(
      -shares.reduce(0) { $1 > 0 ? $0 + $1 * Portable.log($1) : $0 })
    leading = shares.max() ?? 0
  }
}
