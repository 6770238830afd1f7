import Tensors

/// How low a loss can get, as far as it is known.
public enum LossFloor: Sendable {
  /// Nothing is known, or there is no lowest value.
  case unknown
  /// Never below 0.
  case zero
  /// Never below 0; and for classes of one size never below its value where every class is one point
  /// and these are the corners of a regular simplex.
  ///
  /// That holds where the loss falls with every positive similarity of unit rows, and is convex and
  /// growing in the others: by Jensen only their mean counts, and as ‖Σz‖² ≥ 0 it is at least
  /// −1/(K − 1).
  case simplex
}

/// What values of a loss mean on given labels: named levels to compare others with.
public struct LossLevels: Sendable {
  /// The value where every embedding is e₁ = (1, 0, …), and so is every class weight not given.
  public let collapse: Double
  /// The mean value of random directions, class weights not given being those training starts from.
  public let chance: Double
  /// A value the loss is never below; nil where none is known.
  public let floor: Double?
  /// Whether the floor is reached, in words.
  public let aboutFloor: String

  /// The levels of a loss.
  ///
  /// - Parameters:
  ///   - sum: the loss.
  ///   - labels: one per row.
  ///   - d: the width of the embeddings, at least 1.
  ///   - draws: over how many draws chance is averaged.
  ///   - seed: of the generator named "levels" that all draws come from.
  /// - Throws: what evaluating the loss throws.
  public init(
    _ sum: LossSum, labels: [Int], d: Int, draws: Int = 8, seed: UInt64 = 0
  ) throws(LossError) {
    let scene = Scene(labels: labels, d: d)
    let e1 = try scene.points(1)
    collapse = try sum.value(e1, labels, weights: scene.weights(at: e1))
    var random = Random(seed: seed, name: "levels")
    var total = 0.0
    for draw in 0..<max(1, draws) {
      let normals = random.normals(labels.count * d)
      let directions = Tensor(
        shape: [labels.count, d],
        elements: Rows(normals, width: d, normalized: true).elements)
      total += try sum.value(directions, labels) { (loss) throws(LossError) in
        do throws(TensorError) {
          return try loss.initialWeights(classes: scene.classes, d: d, seed: seed &+ UInt64(draw))
        } catch {
          throw .tooLarge(elements: Double(scene.classes) * Double(d))
        }
      }
    }
    chance = total / Double(max(1, draws))
    (floor, aboutFloor) = try Self.floor(of: sum, scene)
  }

  /// The floors of all terms added up.
  private static func floor(
    of sum: LossSum, _ scene: Scene
  ) throws(LossError) -> (Double?, String) {
    var total = 0.0
    var isReached = true
    var words = ""
    for term in sum.terms where term.factor != 0 {
      if case .unknown = term.loss.floor { return (nil, "none is known") }
      guard term.factor > 0 else { return (nil, "none is known: a loss is subtracted") }
      let floor = try scene.floor(of: term)
      total += term.factor * floor.value
      isReached = isReached && floor.isReached
      words = floor.words
    }
    guard sum.terms.count > 1 else { return (total, words) }
    return (total, isReached ? "classes at the corners of a simplex" : "a lower bound")
  }
}

/// Labels, and places to put their points.
private struct Scene {
  let labels: [Int]
  let d: Int
  /// One more than the largest label.
  var classes: Int { (labels.max() ?? -1) + 1 }

  /// Every point at `length` times e₁.
  func points(_ length: Double) throws(LossError) -> Tensor {
    try matrix(rows: labels.count, width: max(1, d)) { _, column in column == 0 ? length : 0 }
  }

  /// Every row of weights at the first of some points, or at e₁ where there is none.
  func weights(at points: Tensor) -> (any Loss) throws(LossError) -> Tensor {
    { (loss) throws(LossError) in
      let shape = loss.weightShape(classes: classes, d: max(1, d))
      let width = shape.last ?? 1
      let rows = shape.dropLast().reduce(1, *)
      let all = try matrix(rows: rows, width: width) { _, column in column == 0 ? 1 : 0 }
      return Tensor(shape: shape, elements: all.elements)
    }
  }

  /// Every class at a corner of a regular simplex around the origin, `length` away from it.
  private func corners(_ places: [Int], of count: Int, length: Double) throws(LossError) -> Tensor {
    let mean = 1 / Double(max(1, count))
    let norm = count > 1 ? (1 - mean).squareRoot() : 1
    return try matrix(rows: places.count, width: max(1, count, d)) { row, column in
      guard count > 1 else { return column == 0 ? length : 0 }
      guard column < count else { return 0 }
      return length * ((column == places[row] ? 1 : 0) - mean) / norm
    }
  }

  private func matrix(
    rows: Int, width: Int, _ entry: (Int, Int) -> Double
  ) throws(LossError) -> Tensor {
    let count = Double(rows) * Double(width)
    guard count <= Double(Tensor.largestCount) else { throw .tooLarge(elements: count) }
    var elements: [Double] = []
    elements.reserveCapacity(rows * width)
    for row in 0..<rows { for column in 0..<width { elements.append(entry(row, column)) } }
    return Tensor(shape: [rows, width], elements: elements)
  }

  func floor(
    of term: LossSum.Term
  ) throws(LossError) -> (value: Double, isReached: Bool, words: String) {
    let usesWeights = term.loss.needsWeights || term.weights != nil
    let index = try ClassIndex(labels)
    let count = usesWeights ? classes : index.sizes.count
    // Corners in more dimensions than there is memory for are no help.
    let isSmall = Double(max(labels.count, count)) * Double(max(count, d)) < 4e6
    guard isSmall, !labels.isEmpty else { return (0, false, "a lower bound") }
    let hasRoom = d >= count - 1
    func value(_ length: Double) throws(LossError) -> Double? {
      // Weights that were given stay where they are.
      guard term.weights == nil, term.probs == nil else { return nil }
      let places = usesWeights ? labels : index.ofRow
      let z = try corners(places, of: count, length: length)
      return try LossSum([term]).value(z, labels) { (loss) throws(LossError) in
        let shape = loss.weightShape(classes: classes, d: z.shape[1])
        let rows = shape.dropLast().reduce(1, *)
        guard classes > 0, shape.last == z.shape[1] else {
          return Tensor(shape: shape, elements: [])
        }
        let owners = (0..<rows).map { $0 / max(1, rows / classes) }
        return Tensor(
          shape: shape, elements: try corners(owners, of: count, length: length).elements)
      } / term.factor
    }
    switch term.loss.floor {
    case .unknown: return (0, false, "none is known")
    case .zero:
      guard hasRoom, let near = try value(10) else { return (0, false, "a lower bound") }
      if near == 0 { return (0, true, "reached where classes are points far apart") }
      let isApproached = try value(1000).map { abs($0) < 1e-12 } == true
      return (0, false, isApproached ? "approached as classes move apart" : "a lower bound")
    case .simplex:
      guard let best = try value(1) else { return (0, false, "a lower bound") }
      if best == 0, hasRoom { return (0, true, "reached: classes at the corners of a simplex") }
      let isBalanced = Set(index.sizes).count == 1 && index.sizes.count == count
      guard isBalanced, term.tuples == nil else { return (0, false, "a lower bound") }
      return hasRoom
        ? (best, true, "reached: classes at the corners of a simplex")
        : (best, false, "a lower bound: a simplex of \(count) corners needs d = \(count - 1)")
    }
  }
}

extension LossSum {
  /// The value on a batch, with weights made for those losses that need some and have none.
  fileprivate func value(
    _ embeddings: Tensor, _ labels: [Int],
    weights: (any Loss) throws(LossError) -> Tensor
  ) throws(LossError) -> Double {
    var complete = self
    for place in terms.indices where terms[place].loss.needsWeights && terms[place].weights == nil {
      complete.terms[place].weights = try weights(terms[place].loss)
    }
    return try complete.value(embeddings, labels: labels)
  }
}
