import Tensors

/// One anchor and the measures of its pairs: what the sweep hands to a loss, once per anchor.
///
/// A loss reads `measures` and writes `slopes`, the derivative of its cost by each of them. Rows are
/// numbered class by class, so that the classmates of an anchor are neighbours.
struct PairRow {
  /// The row the pairs start from.
  let anchor: Int
  /// The rows with the anchor's label, its own included.
  let mates: Range<Int>
  /// The distance or similarity from the anchor to every row, its own included.
  let measures: UnsafeBufferPointer<Double>
  /// The derivative of the cost by every measure: 0 on entry.
  let slopes: UnsafeMutableBufferPointer<Double>
  /// Room for a number for every row.
  let scratch: UnsafeMutableBufferPointer<Double>
  /// The places of the rows here among all rows, where only some are listed.
  var places: UnsafeBufferPointer<Int>?
  /// The triplets that are listed, by the rows here; nil for all of them.
  var triplets: UnsafeBufferPointer<ListedTriplet>?

  /// The place of row `other` among all rows.
  func place(_ other: Int) -> Int { places.map { $0[other] } ?? other }

  /// Whether row `other` has the anchor's label.
  func isPositive(_ other: Int) -> Bool { mates.contains(other) }

  /// How many rows there are, the anchor included.
  var count: Int { measures.count }
}

/// What a sweep adds up, before the reduction.
struct PairTotals {
  /// The cost that pulls classmates together, over all anchors.
  var pull = 0.0
  /// The cost that pushes classes apart, over all anchors.
  var push = 0.0
  /// How many terms of `pull` are above 0.
  var activePull = 0.0
  /// How many terms of `push` are above 0.
  var activePush = 0.0
  /// How many anchors have a cost above 0.
  var activeAnchors = 0.0
  /// How many terms are above 0, where a loss counts them on the way.
  var activeTerms = 0.0
  /// How many of these there are.
  var terms = 0.0
}

/// The visit of all ordered pairs of rows, an anchor at a time: the distances, the classes and the
/// way back to the embeddings, so that a loss only says what a pair costs.
///
/// Rows are sorted by class. Measures are made for a few anchors at once and dropped again: O(n²d)
/// time, O(n·tile) memory. The order of all sums is fixed.
struct PairSweep {
  /// The classes of the rows, one after the other.
  let classes: ClassIndex
  /// The row of the batch at every place.
  let order: [Int]
  /// What a pair is measured by.
  let distance: Distance
  /// For every row the rows of its class.
  private let mates: [Range<Int>]
  private let source: Source

  /// Anchors whose measures are made together, and rows that stay in cache meanwhile.
  private static let tile = 16
  private static let block = 64

  private enum Source {
    case rows(Rows)
    /// Rows of a batch that is large enough for tiles.
    case batch(Batch)
    case similarities([Double])
    /// Rows of which some tuples are listed, in the order of the batch.
    case listed(Rows, ListedTuples)
  }

  /// The pairs of a batch.
  init(_ batch: Batch, distance: Distance) {
    if let tuples = batch.tuples {
      let rows = Rows(
        batch.embeddings.elements, width: batch.width, normalized: distance.normalizes)
      self.init(listed: tuples, rows, batch.classes, distance)
      return
    }
    let order = batch.classes.rowsInOrder
    self.init(
      batch.classes, order, distance,
      batch.isTiled
        ? .batch(batch)
        : .rows(
          Rows(
            batch.embeddings.elements, width: batch.width, normalized: distance.normalizes,
            order: order)))
  }

  /// The pairs of `labels.count` rows whose similarities are given.
  init(similarities: Tensor, labels: [Int], distance: Distance) throws(LossError) {
    let count = labels.count
    guard similarities.shape == [count, count] else {
      throw .similaritiesShape(given: similarities.shape, labels: count)
    }
    try requireFinite(similarities, .similarities)
    let classes = try ClassIndex(labels)
    let order = classes.rowsInOrder
    let given = similarities.elements
    let sorted = order.flatMap { i in order.map { j in given[i * count + j] } }
    self.init(classes, order, distance, .similarities(sorted))
  }

  private init(
    listed tuples: ListedTuples, _ rows: Rows, _ classes: ClassIndex, _ distance: Distance
  ) {
    self.classes = classes
    order = Array(classes.ofRow.indices)
    mates = []
    source = .listed(rows, tuples)
    self.distance = distance
  }

  private init(_ classes: ClassIndex, _ order: [Int], _ distance: Distance, _ source: Source) {
    self.classes = classes.inOrder
    self.order = order
    self.distance = distance
    self.source = source
    mates = classes.rangesInOrder
  }

  /// How many rows there are.
  var count: Int { order.count }

  /// Whether only the tuples that are listed are visited.
  var isOfListed: Bool { if case .listed = source { true } else { false } }

  /// The cost of every anchor, added up.
  func totals(_ cost: (PairRow, inout PairTotals) -> Void) -> PairTotals {
    var totals = PairTotals()
    forEachRow { row, _ in cost(row, &totals) }
    return totals
  }

  /// The totals, and the gradient by the embeddings once `factors` has said what the halves weigh.
  ///
  /// Anchors may be visited side by side, so `cost` writes to nothing that another anchor does.
  func gradient(
    _ cost: (PairRow, inout PairTotals) -> Void,
    factors: (PairTotals) -> (pull: Double, push: Double)
  ) -> (totals: PairTotals, gradient: Tensor) {
    switch source {
    case .rows(let rows), .listed(let rows, _): return gradient(rows, cost, factors)
    case .batch(let batch):
      return batch.given.dtype == .float32
        ? gradient(PairTiles<Float>(batch, normalized: distance.normalizes), cost, factors)
        : gradient(PairTiles<Double>(batch, normalized: distance.normalizes), cost, factors)
    case .similarities: return (totals(cost), Tensor(shape: [0], elements: []))
    }
  }

  /// What comes from classmates and what comes from other classes is kept apart until it is known
  /// what they weigh.
  private func gradient(
    _ rows: Rows, _ cost: (PairRow, inout PairTotals) -> Void,
    _ factors: (PairTotals) -> (pull: Double, push: Double)
  ) -> (totals: PairTotals, gradient: Tensor) {
    var totals = PairTotals()
    var pull = rows.zeroGradient
    var push = rows.zeroGradient
    rows.vectors.withUnsafeBufferPointer { vectors in
      pull.withUnsafeMutableBufferPointer { pull in
        push.withUnsafeMutableBufferPointer { push in
          forEachRow { row, _ in
            cost(row, &totals)
            carryBack(row, vectors: vectors, stride: rows.stride, pull: pull, push: push)
          }
        }
      }
    }
    let factor = factors(totals)
    let pulled = rows.gradient(pull, times: factor.pull)
    let pushed = rows.gradient(push, times: factor.push)
    let width = rows.width
    var gradient = [Double](repeating: 0, count: pulled.count)
    for (place, row) in order.enumerated() {
      for k in 0..<width {
        gradient[row * width + k] = pulled[place * width + k] + pushed[place * width + k]
      }
    }
    return (totals, Tensor(shape: [count, width], elements: gradient))
  }

  /// In tiles the halves go together; where they weigh differently, all is computed once more.
  private func gradient<Number: PairNumber>(
    _ tiles: PairTiles<Number>, _ cost: (PairRow, inout PairTotals) -> Void,
    _ factors: (PairTotals) -> (pull: Double, push: Double)
  ) -> (totals: PairTotals, gradient: Tensor) {
    let (totals, gradient) = tiles.gradient(distance, weights: (1, 1), cost)
    let factor = factors(totals)
    if factor.pull == factor.push {
      return (totals, tiles.gradient(gradient, times: factor.pull))
    }
    let weighted = tiles.gradient(distance, weights: factor, cost).gradient
    return (totals, tiles.gradient(weighted, times: 1))
  }

  /// The derivative of the reduced cost by every similarity, n×n, entries taken as independent.
  func pairWeights(
    _ cost: (PairRow, inout PairTotals) -> Void,
    factors: (PairTotals) -> (pull: Double, push: Double)
  ) throws(LossError) -> Tensor {
    do throws(TensorError) {
      _ = try Shape.count([count, count])
    } catch {
      throw .tooLarge(elements: Double(count) * Double(count))
    }
    var totals = PairTotals()
    var weights = [Double](repeating: 0, count: count * count)
    forEachRow { row, toSimilarity in
      cost(row, &totals)
      for other in 0..<row.count where other != row.anchor {
        weights[order[row.place(row.anchor)] * count + order[row.place(other)]] =
          row.slopes[other] * toSimilarity(other)
      }
    }
    let factor = factors(totals)
    for i in 0..<count {
      for j in 0..<count {
        weights[order[i] * count + order[j]] *=
          classes.ofRow[i] == classes.ofRow[j] ? factor.pull : factor.push
      }
    }
    return Tensor(shape: [count, count], elements: weights)
  }
}

extension PairSweep {
  /// Visits every anchor with its measures, and with the derivative of each of them by the
  /// similarity of the pair, one after the other.
  func forEachRow(_ body: (PairRow, (Int) -> Double) -> Void) {
    switch source {
    case .batch(let batch):
      PairTiles<Double>(batch, normalized: distance.normalizes).forEachRow(distance) { row in
        body(row) { slopeBySimilarity(row.anchor, $0, measure: row.measures[$0]) }
      }
      return
    case .listed(let rows, let tuples):
      tuples.forEachRow(rows, distance) { row in
        body(row) { distance.slopeBySimilarity(at: row.measures[$0]) }
      }
      return
    case .rows, .similarities: break
    }
    let count = self.count
    var measures = [Double](repeating: 0, count: Self.tile * count)
    var slopes = [Double](repeating: 0, count: count)
    var scratch = slopes
    measures.withUnsafeMutableBufferPointer { measures in
      slopes.withUnsafeMutableBufferPointer { slopes in
        scratch.withUnsafeMutableBufferPointer { scratch in
          for start in stride(from: 0, to: count, by: Self.tile) {
            if Stopping.isDue { return }
            let anchors = start..<min(start + Self.tile, count)
            measure(anchors, into: measures)
            for anchor in anchors {
              slopes.update(repeating: 0)
              let first = (anchor - start) * count
              let row = PairRow(
                anchor: anchor, mates: mates[anchor],
                measures: UnsafeBufferPointer(rebasing: measures[first..<first + count]),
                slopes: slopes, scratch: scratch)
              body(row) { slopeBySimilarity(anchor, $0, measure: row.measures[$0]) }
            }
          }
        }
      }
    }
  }

  /// The measures from row `i` to all rows.
  func measures(from i: Int) -> [Double] {
    if case .batch(let batch) = source {
      return PairTiles<Double>(batch, normalized: distance.normalizes).measures(from: i, distance)
    }
    var measures = [Double](repeating: 0, count: count)
    measures.withUnsafeMutableBufferPointer { measure(i..<i + 1, into: $0) }
    return measures
  }

  /// The squared length of every row, after normalising where the distance does.
  var squares: [Double] {
    switch source {
    case .rows(let rows), .listed(let rows, _): (0..<count).map { rows.dot($0, rows, $0) }
    case .batch(let batch): PairTiles<Double>(batch, normalized: distance.normalizes).squares
    case .similarities: [Double](repeating: 1, count: count)
    }
  }

  /// The derivative of a pair's measure by its similarity, by D² = 2 − 2S.
  private func slopeBySimilarity(_ i: Int, _ j: Int, measure: Double) -> Double {
    switch source {
    case .similarities(let similarities):
      distance.measure(ofSimilarity: similarities[i * count + j]).slope
    case .rows, .batch, .listed: distance.slopeBySimilarity(at: measure)
    }
  }

  /// Writes the measures from every anchor to all rows, one anchor after the other.
  private func measure(_ anchors: Range<Int>, into result: UnsafeMutableBufferPointer<Double>) {
    switch source {
    case .batch: break
    case .similarities(let similarities):
      for (offset, i) in anchors.enumerated() {
        for j in 0..<count {
          result[offset * count + j] =
            distance.measure(ofSimilarity: similarities[i * count + j]).value
        }
      }
    case .rows(let rows), .listed(let rows, _):
      rows.vectors.withUnsafeBufferPointer { vectors in
        for start in stride(from: 0, to: count, by: Self.block) {
          let others = start..<min(start + Self.block, count)
          for (offset, anchor) in anchors.enumerated() {
            measure(
              anchor, others, vectors: vectors, stride: rows.stride,
              into: UnsafeMutableBufferPointer(rebasing: result[(offset * count)...]))
          }
        }
      }
    }
  }

  /// Writes the measures from one anchor to some rows, four at a time to keep the adders busy.
  private func measure(
    _ anchor: Int, _ others: Range<Int>, vectors: UnsafeBufferPointer<Rows.Vector>, stride: Int,
    into result: UnsafeMutableBufferPointer<Double>
  ) {
    let isSimilarity = distance.isSimilarity
    let first = anchor * stride
    for j in Swift.stride(from: others.lowerBound, to: others.upperBound, by: 4) {
      // Past the end the last row is measured again, and the result not used.
      let last = others.upperBound - 1
      let starts = SIMD4(j, min(j + 1, last), min(j + 2, last), min(j + 3, last)) &* stride
      var sums = (Rows.Vector.zero, Rows.Vector.zero, Rows.Vector.zero, Rows.Vector.zero)
      if isSimilarity {
        for k in 0..<stride {
          let z = vectors[first + k]
          sums.0 += z * vectors[starts[0] + k]
          sums.1 += z * vectors[starts[1] + k]
          sums.2 += z * vectors[starts[2] + k]
          sums.3 += z * vectors[starts[3] + k]
        }
      } else {
        for k in 0..<stride {
          let z = vectors[first + k]
          let differences = (
            z - vectors[starts[0] + k], z - vectors[starts[1] + k],
            z - vectors[starts[2] + k], z - vectors[starts[3] + k]
          )
          sums.0 += differences.0 * differences.0
          sums.1 += differences.1 * differences.1
          sums.2 += differences.2 * differences.2
          sums.3 += differences.3 * differences.3
        }
      }
      let measures = SIMD4(sums.0.sum(), sums.1.sum(), sums.2.sum(), sums.3.sum())
      for lane in 0..<min(4, others.upperBound - j) { result[j + lane] = measures[lane] }
    }
    if distance == .euclidean || distance == .euclideanNormalized {
      for j in others { result[j] = result[j].squareRoot() }
    }
  }

  /// Adds the derivative of a row's cost by both ends of every pair.
  private func carryBack(
    _ row: PairRow, vectors: UnsafeBufferPointer<Rows.Vector>, stride: Int,
    pull: UnsafeMutableBufferPointer<Rows.Vector>, push: UnsafeMutableBufferPointer<Rows.Vector>
  ) {
    let first = row.place(row.anchor) * stride
    for j in 0..<row.count where row.slopes[j] != 0 {
      let gradient = row.isPositive(j) ? pull : push
      let slope = row.slopes[j]
      let other = row.place(j) * stride
      switch distance {
      case .cosine, .dot:
        for k in 0..<stride {
          gradient[first + k] += slope * vectors[other + k]
          gradient[other + k] += slope * vectors[first + k]
        }
      case .sqeuclidean, .sqeuclideanNormalized, .euclidean, .euclideanNormalized:
        let squared = distance == .sqeuclidean || distance == .sqeuclideanNormalized
        // Where two rows meet, the derivative of their distance is taken as 0 (theory §1.3).
        let factor = squared ? 2 * slope : row.measures[j] > 0 ? slope / row.measures[j] : 0
        for k in 0..<stride {
          let change = factor * (vectors[first + k] - vectors[other + k])
          gradient[first + k] += change
          gradient[other + k] -= change
        }
      }
    }
  }
}
