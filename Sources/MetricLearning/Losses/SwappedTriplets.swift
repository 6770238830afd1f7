import Tensors

/// Triplets that are listed, each with its negative measured from the nearer of anchor and positive.
///
/// That may be a pair that is not the anchor's: so they are visited one by one, and not by anchors.
struct SwappedTriplets {
  private let loss: Triplet
  private let batch: Batch
  private let tuples: ListedTuples
  private let rows: Rows

  /// The triplets of a batch.
  init(_ loss: Triplet, _ input: LossInput) throws(LossError) {
    try loss.requireNoneUnused(input)
    let batch = try Batch(input)
    self.loss = loss
    self.batch = batch
    tuples = batch.tuples ?? ListedTuples(none: batch.count)
    rows = Rows(
      batch.embeddings.elements, width: batch.width, normalized: loss.distance.normalizes)
  }

  /// The value and its gradient.
  var result: LossResult {
    var gradient = rows.zeroGradient
    let cost = forEachPair { a, b, measure, slope in
      rows.carryBack(slope, a, b, measure: measure, by: loss.distance, to: &gradient)
    }
    let factor = cost.factor(loss.how)
    let totals = PairTotals(pull: cost.sum, activeTerms: cost.active, terms: cost.terms)
    return LossResult(
      value: factor * cost.sum,
      embeddingGradient: Tensor(
        shape: batch.embeddings.shape, elements: rows.gradient(gradient, times: factor)),
      notices: loss.notices(totals, batch))
  }

  /// The derivative by the similarity of every pair.
  var pairWeights: Tensor {
    get throws(LossError) {
      let count = batch.count
      do throws(TensorError) {
        _ = try Shape.count([count, count])
      } catch {
        throw .tooLarge(elements: Double(count) * Double(count))
      }
      var weights = [Double](repeating: 0, count: count * count)
      let cost = forEachPair { a, b, measure, slope in
        weights[a * count + b] += slope * loss.distance.slopeBySimilarity(at: measure)
      }
      let factor = cost.factor(loss.how)
      return Tensor(shape: [count, count], elements: weights.map { factor * $0 })
    }
  }

  /// Visits the two pairs that every triplet compares, with the derivative of its cost by them.
  private func forEachPair(
    _ body: (_ a: Int, _ b: Int, _ measure: Double, _ slope: Double) -> Void
  ) -> TermSum {
    let sign = loss.distance.sign
    var cost = TermSum.none
    var meter = WorkMeter()
    func visit(_ anchor: Int, _ positive: Int, _ negative: Int) {
      let near = rows.measure(anchor, positive, by: loss.distance)
      let fromAnchor = rows.measure(anchor, negative, by: loss.distance)
      let fromPositive = rows.measure(positive, negative, by: loss.distance)
      let far = min(sign * fromAnchor, sign * fromPositive)
      let (value, slope) = loss.price(loss.margin + sign * near - far)
      cost.add(value)
      guard slope != 0 else { return }
      body(anchor, positive, near, sign * slope)
      // Where both are as near, each gets its half.
      let share = fromAnchor == fromPositive ? 0.5 : 1
      if sign * fromAnchor == far { body(anchor, negative, fromAnchor, -share * sign * slope) }
      if sign * fromPositive == far {
        body(positive, negative, fromPositive, -share * sign * slope)
      }
    }
    for (row, anchor) in tuples.anchors.enumerated() {
      if tuples.areTriplets {
        for triplet in anchor.triplets { visit(row, triplet.positive, triplet.negative) }
        if meter.stops(after: 3 * anchor.triplets.count * rows.width) { return cost }
        continue
      }
      for positive in anchor.positives {
        for negative in anchor.negatives { visit(row, positive, negative) }
        if meter.stops(after: 3 * anchor.negatives.count * rows.width) { return cost }
      }
    }
    return cost
  }
}

extension Rows {
  /// Adds the derivative by the measure of a pair, carried back to both of its rows.
  func carryBack(
    _ slope: Double, _ a: Int, _ b: Int, measure: Double, by distance: Distance,
    to gradient: inout [Vector]
  ) {
    if distance.isSimilarity {
      add(b, times: slope, to: &gradient, row: a)
      add(a, times: slope, to: &gradient, row: b)
      return
    }
    // Where two rows meet, the derivative of their distance is taken as 0 (theory §1.3).
    let factor = distance.isSquared ? 2 * slope : measure > 0 ? slope / measure : 0
    add(a, times: factor, to: &gradient, row: a)
    add(b, times: -factor, to: &gradient, row: a)
    add(b, times: factor, to: &gradient, row: b)
    add(a, times: -factor, to: &gradient, row: b)
  }
}
