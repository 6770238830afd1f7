public import Tensors

/// What a loss is evaluated on.
///
/// Kernels compute in float64, whatever the dtypes here.
public struct LossInput: Sendable {
  /// The embeddings, n×d.
  public var embeddings: Tensor
  /// One label per row, 0 or more.
  public var labels: [Int]
  /// Class weights, proxies or centers: K×d, or K×m×d for several centers.
  public var weights: Tensor?
  /// Class probabilities, n×K, constant in the gradient.
  public var probs: Tensor?

  /// Whether pairs are computed in tiles; by default if there are enough of them.
  package var tiling = Tiling.bySize

  /// When pairs are computed in tiles.
  package enum Tiling: Sendable { case bySize, always, never }

  /// Another view of the same points, n×d: what a loss of two views takes in the place of labels.
  public var view: Tensor?

  /// The pairs or triplets that a loss of such sums over; nil for all there are.
  public var tuples: LossTuples?

  /// A batch with whatever the loss needs beside it.
  public init(
    embeddings: Tensor, labels: [Int], weights: Tensor? = nil, probs: Tensor? = nil,
    view: Tensor? = nil, tuples: LossTuples? = nil
  ) {
    self.embeddings = embeddings
    self.labels = labels
    self.weights = weights
    self.probs = probs
    self.view = view
    self.tuples = tuples
  }

  /// The whole numbers in `labels`.
  ///
  /// - Throws: `LossError.labelNotWhole` at the first that is not one.
  public static func wholeLabels(_ labels: [Double]) throws(LossError) -> [Int] {
    var whole: [Int] = []
    whole.reserveCapacity(labels.count)
    for (row, label) in labels.enumerated() {
      guard let value = Int(exactly: label) else {
        throw .labelNotWhole(row: row, label: label)
      }
      whole.append(value)
    }
    return whole
  }
}

/// The value of a loss and its derivatives, made in one pass.
public struct LossResult: Sendable {
  /// The loss.
  public let value: Double
  /// Its gradient by the embeddings as given, n×d, in float64.
  public let embeddingGradient: Tensor
  /// Its gradient by the weights, in their shape; nil for a loss without.
  public let weightGradient: Tensor?
  /// Its gradient by the other view, n×d; nil for a loss of labels.
  public let viewGradient: Tensor?
  /// What a reader should know about the value, such as an empty selection.
  public let notices: [String]

  init(
    value: Double, embeddingGradient: Tensor, weightGradient: Tensor? = nil,
    viewGradient: Tensor? = nil, notices: [String] = []
  ) {
    self.value = value
    self.embeddingGradient = embeddingGradient
    self.weightGradient = weightGradient
    self.viewGradient = viewGradient
    self.notices = notices
  }
}

/// An input that passed the door: shapes agree, labels are whole and every number is finite.
struct Batch {
  /// The embeddings in the precision they came in.
  let given: Tensor
  let labels: [Int]
  let classes: ClassIndex
  private let tiling: LossInput.Tiling
  /// What is listed of every row, where a loss sums over that alone.
  var tuples: ListedTuples?
  var count: Int { given.shape[0] }
  var width: Int { given.shape[1] }

  /// From so many multiplications of all pairs on tiles are used.
  ///
  /// Below, a sweep adds up in one fixed order on every processor; BLAS, which makes the tiles, has
  /// kernels for each.
  private static let tiledFrom = 64 * 64 * 64

  /// Whether pairs are computed in tiles.
  var isTiled: Bool {
    // What is listed is visited by itself.
    guard tuples == nil else { return false }
    return switch tiling {
    case .bySize: count >= 96 && width > 0 && count * width > Self.tiledFrom / count
    case .always: count > 0 && width > 0
    case .never: false
    }
  }

  /// The embeddings in float64.
  var embeddings: Tensor { given.converted(to: .float64) }

  init(_ input: LossInput) throws(LossError) {
    let shape = input.embeddings.shape
    guard shape.count == 2 else { throw .notAMatrix(shape: shape) }
    guard input.labels.count == shape[0] else {
      throw .labelCount(labels: input.labels.count, rows: shape[0])
    }
    try requireFinite(input.embeddings, .embeddings)
    given = input.embeddings
    labels = input.labels
    tiling = input.tiling
    classes = try ClassIndex(input.labels)
    if let given = input.tuples { tuples = try ListedTuples(given, labels: labels) }
  }

  /// How many pairs there are to sum over.
  var counts: PairCounts { tuples?.counts ?? classes.counts }

  /// How many positive and negative pairs of a row there are to sum over.
  func pairs(of row: Int) -> (positives: Double, negatives: Double) {
    if let own = tuples?.anchors[row] {
      return (Double(own.positives.count), Double(own.negatives.count))
    }
    let size = classes.sizes[classes.ofRow[row]]
    return (Double(size - 1), Double(count - size))
  }

  /// What is missing for a loss that compares classmates with others.
  var notices: [String] {
    guard let tuples else { return classes.notices }
    return tuples.isEmpty ? ["tuples lists nothing: the loss is 0, and so is its gradient"] : []
  }

  /// The same, pairs counting once whichever way round they are listed.
  var withUnorderedPairs: Batch {
    var batch = self
    batch.tuples = tuples?.mirrored
    return batch
  }

  /// Throws unless every label is below `classes`, for which there is something of the name `of`.
  func requireLabels(below classes: Int, of name: String = "weights") throws(LossError) {
    for (row, label) in labels.enumerated() where label >= classes {
      throw .labelBeyondClasses(row: row, label: label, classes: classes, of: name)
    }
  }
}

/// Which rows share a class: labels renumbered 0, 1, … in ascending order.
struct ClassIndex {
  /// For every row the number of its class.
  let ofRow: [Int]
  /// How many rows every class has, none of them 0.
  let sizes: [Int]

  init(_ labels: [Int]) throws(LossError) {
    for (row, label) in labels.enumerated() where label < 0 {
      throw .labelNegative(row: row, label: label)
    }
    let largest = labels.max() ?? -1
    // Labels are small as a rule: then a table finds their numbers faster than a dictionary.
    guard largest < 16 * labels.count + 1024 else {
      let present = Set(labels).sorted()
      let number = Dictionary(uniqueKeysWithValues: zip(present, present.indices))
      self.init(ofRow: labels.map { number[$0, default: 0] }, count: present.count)
      return
    }
    var numbers = [Int](repeating: 0, count: largest + 1)
    for label in labels { numbers[label] = 1 }
    var count = 0
    for label in numbers.indices where numbers[label] > 0 {
      numbers[label] = count
      count += 1
    }
    self.init(ofRow: labels.map { numbers[$0] }, count: count)
  }

  private init(ofRow: [Int], count: Int) {
    self.ofRow = ofRow
    var sizes = [Int](repeating: 0, count: count)
    for index in ofRow { sizes[index] += 1 }
    self.sizes = sizes
  }

  /// The rows sorted by class, in their order within one.
  var rowsInOrder: [Int] {
    var next = sizes.indices.map { _ in 0 }
    for index in sizes.indices.dropFirst() { next[index] = next[index - 1] + sizes[index - 1] }
    var order = [Int](repeating: 0, count: ofRow.count)
    for (row, index) in ofRow.enumerated() {
      order[next[index]] = row
      next[index] += 1
    }
    return order
  }

  /// The classes of the rows in that order.
  var inOrder: ClassIndex {
    ClassIndex(
      ofRow: sizes.indices.flatMap { repeatElement($0, count: sizes[$0]) }, count: sizes.count)
  }

  /// For every row in that order the rows of its class.
  var rangesInOrder: [Range<Int>] {
    var ranges: [Range<Int>] = []
    ranges.reserveCapacity(ofRow.count)
    for size in sizes {
      let first = ranges.count
      ranges.append(contentsOf: repeatElement(first..<first + size, count: size))
    }
    return ranges
  }

  /// The ordered pairs of two rows of one class.
  var positivePairs: Double { sizes.reduce(0) { $0 + Double($1) * Double($1 - 1) } }

  /// The ordered pairs of rows of different classes.
  var negativePairs: Double {
    let count = Double(ofRow.count)
    return sizes.reduce(count * count) { $0 - Double($1) * Double($1) }
  }
}

extension ClassIndex {
  /// How many pairs there are.
  var counts: PairCounts {
    PairCounts(rows: Double(ofRow.count), positives: positivePairs, negatives: negativePairs)
  }

  /// What is missing for a loss that compares classmates with others.
  var notices: [String] {
    var notices: [String] = []
    if positivePairs == 0 {
      notices.append("no two rows share a label: nothing is pulled together")
    }
    if negativePairs == 0 {
      notices.append("all rows have one label: nothing is pushed apart")
    }
    return notices
  }
}

/// Throws at the first number of a matrix that is nan or infinite.
func requireFinite(_ tensor: Tensor, _ what: LossTensor) throws(LossError) {
  guard !tensor.isFinite, let bad = tensor.elements.firstIndex(where: { !$0.isFinite }) else {
    return
  }
  let width = max(1, tensor.shape.last ?? 1)
  throw .notFinite(what, row: bad / width, column: bad % width)
}
