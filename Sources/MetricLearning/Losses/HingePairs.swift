import CKernels
import Tensors

/// A cost of pairs: [D − positiveMargin]₊ᵖ between classmates, [margin − D]₊ᵖ between others, with
/// p = 2 where it is squared.
struct PairHinges {
  let positiveMargin: Double
  let margin: Double
  let isSquared: Bool
}

/// Hinges on the distances of all pairs of rows: [D − m]₊ᵖ between classmates, [m − D]₊ᵖ between
/// others.
///
/// Rows are sorted by class and laid out in columns, so that the pairs of a row are two stretches of
/// neighbours, and every unordered pair is met once: O(n²d) time, O(nd) memory. The order of all
/// sums is fixed.
struct HingePairs {
  private let batch: Batch
  private let distance: Distance
  private let rows: Rows
  /// The row of the batch at every place, classmates together.
  private let order: [Int]
  /// Places a column has, with room for a vector after the last row.
  private let stride: Int
  /// Number k of the row at place i is `columns[k * stride + i]`.
  private let columns: [Double]

  /// The pairs of a batch by one of the distances that grow.
  init(_ batch: Batch, distance: Distance) {
    self.batch = batch
    self.distance = distance
    rows = Rows(batch.embeddings.elements, width: batch.width, normalized: distance.normalizes)
    order = batch.classes.rowsInOrder
    stride = (batch.count + 15) / 8 * 8
    var columns = [Double](repeating: 0, count: stride * batch.width)
    let elements = distance.normalizes ? rows.elements : batch.embeddings.elements
    for (place, row) in order.enumerated() {
      for k in 0..<batch.width { columns[k * stride + place] = elements[row * batch.width + k] }
    }
    self.columns = columns
  }

  /// What all ordered pairs cost, and the gradients of both halves by the embeddings, n×d, once
  /// `factors` has said what they weigh.
  func gradient(
    _ hinges: PairHinges, factors: (PairTotals) -> (pull: Double, push: Double)
  ) -> (totals: PairTotals, gradient: Tensor) {
    var pulling = half(hinges.kernel(sign: 1, distance))
    let pushing = half(hinges.kernel(sign: -1, distance))
    // Every pair counts in both directions.
    let totals = PairTotals(
      pull: 2 * pulling.sums.cost, push: 2 * pushing.sums.cost,
      activePull: 2 * pulling.sums.active, activePush: 2 * pushing.sums.active)
    let factor = factors(totals)
    for i in pulling.columns.indices {
      pulling.columns[i] =
        2 * (factor.pull * pulling.columns[i] + factor.push * pushing.columns[i])
    }
    return (
      totals,
      Tensor(
        shape: [batch.count, batch.width],
        elements: rows.gradient(byRows: inOrder(pulling.columns)))
    )
  }

  /// One half: its cost, and its gradient by the rows in columns, over unordered pairs.
  private func half(
    _ hinge: kernel_hinge
  ) -> (sums: kernel_hinge_sums, columns: [Double]) {
    var hinge = hinge
    var sums = kernel_hinge_sums(cost: 0, active: 0)
    var gradient = [Double](repeating: 0, count: columns.count)
    var own = [Double](repeating: 0, count: 8 * batch.width)
    var meter = WorkMeter()
    var start = 0
    for size in batch.classes.sizes {
      let end = start + size
      for i in start..<end {
        let others = hinge.sign > 0 ? i + 1..<end : end..<batch.count
        guard !others.isEmpty else { continue }
        kernel_hinge_row(
          &hinge, columns, stride, batch.width, i, others.lowerBound, others.upperBound, &gradient,
          &own, &sums)
        if meter.stops(after: others.count * batch.width) { return (sums, gradient) }
      }
      start = end
    }
    return (sums, gradient)
  }

  /// A matrix in columns and sorted by class, as rows of the batch again.
  private func inOrder(_ columns: [Double]) -> [Double] {
    let width = batch.width
    var result = [Double](repeating: 0, count: batch.count * width)
    for (place, row) in order.enumerated() {
      for k in 0..<width { result[row * width + k] = columns[k * stride + place] }
    }
    return result
  }
}

extension PairHinges {
  /// The hinge of one half, as the kernel takes it: of classmates for `sign` 1, of others for −1.
  fileprivate func kernel(sign: Double, _ distance: Distance) -> kernel_hinge {
    kernel_hinge(
      sign: sign, margin: sign > 0 ? positiveMargin : margin, power: isSquared ? 2 : 1,
      of_squares: distance.isSquared ? 1 : 0)
  }
}

extension Rows {
  /// The gradient by the matrix as given, from one by these rows as a matrix.
  fileprivate func gradient(byRows matrix: [Double]) -> [Double] {
    isAsGiven ? matrix : gradient(Rows(matrix, width: width, normalized: false).vectors)
  }
}
