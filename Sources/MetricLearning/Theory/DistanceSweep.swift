import Tensors

/// The visit of every row with its squared distances to all rows, in the order they are given.
///
/// Distances are sums of squared differences, so that those of coinciding rows are 0 exactly. They
/// are made for a few rows at once and dropped again: O(n²d) time, O(n·tile) memory.
struct DistanceSweep {
  /// One row of the visit.
  struct Visit {
    /// The number of the row.
    let row: Int
    /// The squared distance to every row, its own included.
    let squares: UnsafeBufferPointer<Double>
    private let classes: UnsafeBufferPointer<Int>

    fileprivate init(
      row: Int, squares: UnsafeBufferPointer<Double>, classes: UnsafeBufferPointer<Int>
    ) {
      (self.row, self.squares, self.classes) = (row, squares, classes)
    }

    /// Whether another row has the label of this one.
    func isClassmate(_ other: Int) -> Bool { classes[other] == classes[row] }
  }

  /// The rows, as they are.
  let rows: Rows
  private let batch: Batch

  /// Rows whose distances are made together, and rows that stay in cache meanwhile.
  private static let tile = 16
  private static let block = 64

  init(_ batch: Batch) {
    self.batch = batch
    rows = Rows(batch.embeddings.elements, width: batch.width, normalized: false)
  }

  /// Visits the rows one after the other, until it is to stop.
  func forEachRow(_ body: (Visit) -> Void) {
    let count = batch.count
    var squares = [Double](repeating: 0, count: Self.tile * count)
    batch.classes.ofRow.withUnsafeBufferPointer { classes in
      squares.withUnsafeMutableBufferPointer { squares in
        for start in stride(from: 0, to: count, by: Self.tile) {
          if Stopping.isDue { return }
          let visited = start..<min(start + Self.tile, count)
          measure(visited, into: squares)
          for row in visited {
            let first = (row - start) * count
            body(
              Visit(
                row: row, squares: UnsafeBufferPointer(rebasing: squares[first..<first + count]),
                classes: classes))
          }
        }
      }
    }
  }

  private func measure(_ visited: Range<Int>, into squares: UnsafeMutableBufferPointer<Double>) {
    let (count, stride) = (batch.count, rows.stride)
    rows.vectors.withUnsafeBufferPointer { vectors in
      for start in Swift.stride(from: 0, to: count, by: Self.block) {
        for (offset, row) in visited.enumerated() {
          for other in start..<min(start + Self.block, count) {
            var sum = Rows.Vector.zero
            for k in 0..<stride {
              let difference = vectors[row * stride + k] - vectors[other * stride + k]
              sum += difference * difference
            }
            squares[offset * count + other] = sum.sum()
          }
        }
      }
    }
  }
}
