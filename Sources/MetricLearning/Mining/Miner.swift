public import Cards
public import Tensors

/// A choice of tuples to learn from: pairs or triplets of rows, by their classes and distances.
///
/// A conformer's stored properties are its parameters, with their defaults, as those of a loss are.
public protocol Miner: Sendable {
  /// The miner with all defaults.
  init()

  /// What the world knows of it.
  static var card: Card { get }

  /// The word for it where miners are named: `mine(z, y, "semihard")`.
  static var word: String { get }

  /// Its parameters, in the order of the signature.
  static var parameters: [Parameter<Self>] { get }

  /// Whether distances on the unit sphere decide, whatever the table shows.
  static var goesByTheSphere: Bool { get }

  /// What a pair is measured by.
  var distance: Distance { get set }

  /// How many numbers the table will hold, where classes alone say so.
  func size(_ counts: TupleCounts) -> Double?

  /// Adds the tuples of an anchor to the table.
  ///
  /// Whatever a miner keeps from one anchor to the next, such as a generator, it changes here.
  mutating func choose(from anchor: MinedAnchor, into table: inout TupleTable)
}

extension Miner {
  /// The chosen tuples of a batch, anchor after anchor.
  ///
  /// - Parameters:
  ///   - embeddings: n×d.
  ///   - labels: n whole numbers from 0.
  ///   - most: how many numbers the table may hold.
  /// - Returns: the tuples with their distances.
  /// - Throws: what the door of every loss throws, and `tooManyTuples`.
  /// - Complexity: O(n²d) time, one row of distances at a time; triplets that are not chosen are
  ///   never made.
  public func mine(
    _ embeddings: Tensor, labels: [Int], most: Int = Tensor.largestCount
  ) throws(LossError) -> TupleTable {
    let batch = try Batch(LossInput(embeddings: embeddings, labels: labels))
    if let size = size(try TupleCounts(labels)), size > Double(most) {
      throw .tooManyTuples(size / 4, most: most / 4)
    }
    var miner = self
    var table = TupleTable(most: most)
    let rows = Rows(
      batch.embeddings.elements, width: batch.width, normalized: distance.normalizes)
    let sphere =
      Self.goesByTheSphere && distance != .euclideanNormalized
      ? Rows(batch.embeddings.elements, width: batch.width, normalized: true) : nil
    var meter = WorkMeter()
    for row in 0..<batch.count {
      if meter.stops(after: batch.count * (batch.width + 8)) { break }
      miner.choose(
        from: MinedAnchor(row, batch.classes, rows, distance, sphere: sphere), into: &table)
      guard table.fits else { throw .tooManyTuples(nil, most: table.mostTuples) }
    }
    return table
  }

  /// It depends on the distances, unless a miner says otherwise.
  public func size(_ counts: TupleCounts) -> Double? { nil }

  /// The distances of the table decide, unless a miner says otherwise.
  public static var goesByTheSphere: Bool { false }

  /// The call with its parameters and defaults, for the card.
  static func signature(_ name: String) -> String {
    let miner = Self()
    let parameters = parameters.map { "\($0.name)=\($0.value(miner))" }
    return "\(name)(\((["z", "y=none"] + parameters).joined(separator: ", ")))"
  }
}

/// A row and the distances to all others: what a miner chooses from.
public struct MinedAnchor {
  /// The row.
  let row: Int
  /// The other rows of its class.
  let positives: [Int]
  /// The rows of other classes.
  let negatives: [Int]
  /// How many numbers a row has.
  let width: Int
  /// The distance or similarity to every row.
  let measures: [Double]
  /// The Euclidean distance on the unit sphere to every row, where a miner needs it.
  let onSphere: [Double]
  private let sign: Double

  init(
    _ row: Int, _ classes: ClassIndex, _ rows: Rows, _ distance: Distance, sphere: Rows?
  ) {
    self.row = row
    var positives: [Int] = []
    var negatives: [Int] = []
    for other in classes.ofRow.indices where other != row {
      if classes.ofRow[other] == classes.ofRow[row] {
        positives.append(other)
      } else {
        negatives.append(other)
      }
    }
    self.positives = positives
    self.negatives = negatives
    sign = distance.sign
    width = rows.width
    measures = classes.ofRow.indices.map { rows.measure(row, $0, by: distance) }
    onSphere =
      sphere.map { sphere in
        classes.ofRow.indices.map { sphere.measure(row, $0, by: .euclideanNormalized) }
      } ?? measures
  }

  /// How far another row is: large for small similarities.
  func far(_ other: Int) -> Double { sign * measures[other] }
}

extension Rows {
  /// The distance or similarity of two rows.
  func measure(_ i: Int, _ j: Int, by distance: Distance) -> Double {
    if distance.isSimilarity { return dot(i, self, j) }
    let square = squaredDistance(i, self, j)
    return distance.isSquared ? square : square.squareRoot()
  }
}
