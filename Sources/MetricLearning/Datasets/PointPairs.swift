public import Tensors

/// Pairs of points, alternately of one class and of two.
public struct PointPairs: Sendable {
  /// Row numbers of the two points of every pair, pairs×2.
  public let rows: Tensor
  /// Which pairs are of one class.
  public let same: Tensor

  /// Draws `count` pairs of different points of a data set, beginning with one of a single class.
  ///
  /// - Throws: `noLabels`, `noPairs` where pairs of one kind are wanted and there are none, `tooLarge`.
  public init(of dataset: Dataset, count: Int, seed: UInt64 = 0) throws(DatasetError) {
    guard let labels = dataset.y else { throw .noLabels }
    // Rows class by class: those of one class stand together, those of the others around them.
    let order = labels.indices.sorted { (labels[$0], $0) < (labels[$1], $1) }
    var blocks: [Int: Range<Int>] = [:]
    for (place, row) in order.enumerated() {
      blocks[labels[row]] = (blocks[labels[row]]?.lowerBound ?? place)..<place + 1
    }
    func block(of row: Int) -> Range<Int> { blocks[labels[row], default: 0..<0] }
    let paired = labels.indices.filter { block(of: $0).count > 1 }
    guard count == 0 || !paired.isEmpty, count < 2 || blocks.count > 1 else {
      throw .noPairs(points: labels.count)
    }
    _ = try checkedCount([count, 2])
    var random = Random(seed: seed, name: "two_moons_pairs")
    func drawn(below count: Int) -> Int { Int(random.whole(from: 0, below: Double(count))) }
    var rows: [Double] = []
    rows.reserveCapacity(2 * count)
    for pair in 0..<count {
      let isSame = pair % 2 == 0
      let first = isSame ? paired[drawn(below: paired.count)] : drawn(below: labels.count)
      let own = block(of: first)
      let second: Int
      if isSame {
        // One of the others of its class: the last stands in for the point itself.
        let row = order[own.lowerBound + drawn(below: own.count - 1)]
        second = row == first ? order[own.upperBound - 1] : row
      } else {
        let place = drawn(below: labels.count - own.count)
        second = order[place < own.lowerBound ? place : place + own.count]
      }
      rows += [Double(first), Double(second)]
    }
    self.rows = Tensor(shape: [count, 2], elements: rows)
    same = Tensor(
      shape: [count], elements: (0..<count).map { $0 % 2 == 0 ? 1 : 0 }, dtype: .bool)
  }
}
