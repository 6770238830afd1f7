import Tensors

/// Points in the making: rows ordered by class, noise drawn last.
struct PointSet {
  private(set) var rows: [Double] = []
  private(set) var labels: [Int] = []
  private let sizes: [Int]
  private let width: Int

  /// Room for `sizes` points of every class, of `width` numbers each.
  init(sizes: [Int], width: Int = 2) throws(DatasetError) {
    let total = sizes.reduce((sum: 0, overflow: false)) {
      let (sum, overflow) = $0.sum.addingReportingOverflow($1)
      return (sum, $0.overflow || overflow)
    }
    guard !total.overflow else {
      throw .tooLarge(elements: sizes.reduce(0) { $0 + Double($1) } * Double(width))
    }
    rows.reserveCapacity(try checkedCount([total.sum, width]))
    labels.reserveCapacity(total.sum)
    self.sizes = sizes
    self.width = width
  }

  /// Places every point: `place` gets the class, the number within it and the size of the class.
  mutating func fill(_ place: (_ k: Int, _ i: Int, _ size: Int) -> [Double]) {
    for (k, size) in sizes.enumerated() {
      for i in 0..<size {
        rows += place(k, i, size)
        labels.append(k)
      }
    }
  }

  /// Adds `spread` times a normal number to every coordinate, row by row.
  mutating func addNoise(_ spread: Double, from random: inout Random) {
    for i in rows.indices { rows[i] += spread * random.normal() }
  }

  /// Puts the last point of class `k`, if it has one, at `place`.
  mutating func moveLast(of k: Int, to place: [Double]) {
    guard sizes[k] > 0 else { return }
    let row = sizes[...k].reduce(0, +) - 1
    rows.replaceSubrange(row * width..<(row + 1) * width, with: place)
  }

  /// Divides every row by its length.
  mutating func normalize() {
    rows = Rows(rows, width: width, normalized: true).elements
  }

  /// The finished data set.
  func dataset(_ name: String) -> Dataset {
    Dataset(
      x: Tensor(shape: [labels.count, width], elements: rows), y: labels, classes: sizes.count,
      name: name)
  }
}

/// The point at an angle, in radians, on the circle of a radius.
func onCircle(_ angle: Double, radius: Double = 1) -> [Double] {
  [radius * Portable.cos(angle), radius * Portable.sin(angle)]
}
