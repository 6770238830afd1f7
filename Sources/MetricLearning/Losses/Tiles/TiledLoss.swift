import Tensors

/// A loss of pairs that can be computed in tiles, in the precision of its embeddings.
protocol TiledLoss: Loss {
  /// What a pair is measured by.
  var distance: Distance { get }

  /// What pairs cost, if that is a matter of every pair alone.
  func pairCosts(_ classes: ClassIndex) -> PairCosts?

  /// What anchors cost, if that is a matter of sums of exponentials.
  func pairExponents(_ halves: Halves) -> PairExponents?
}

extension TiledLoss {
  /// Most losses are no matter of every pair alone.
  func pairCosts(_ classes: ClassIndex) -> PairCosts? { nil }

  /// Or of sums of exponentials.
  func pairExponents(_ halves: Halves) -> PairExponents? { nil }
}

extension Batch {
  /// The costs of pairs, each by itself, and their gradient once `factors` has said what the halves
  /// weigh.
  func tiled(
    _ costs: PairCosts, _ distance: Distance,
    factors: (PairTotals) -> (pull: Double, push: Double)
  ) -> (totals: PairTotals, gradient: Tensor) {
    given.dtype == .float32
      ? tiled(Float.self, costs, distance, factors) : tiled(Double.self, costs, distance, factors)
  }

  private func tiled<Number: PairNumber>(
    _ type: Number.Type, _ costs: PairCosts, _ distance: Distance,
    _ factors: (PairTotals) -> (pull: Double, push: Double)
  ) -> (totals: PairTotals, gradient: Tensor) {
    let tiles = PairTiles<Number>(self, normalized: distance.normalizes)
    let (totals, gradients) = tiles.gradient(costs, distance)
    let factor = factors(totals)
    return costs.halvesWeighApart
      ? (totals, tiles.gradient(gradients.sum(factor), times: 1))
      : (totals, tiles.gradient(gradients.pull, times: factor.pull))
  }

  /// The cost of all anchors and its gradient, if the exponents keep within what `exp` can do in the
  /// precision of the batch, of an inner product or a squared distance; `factor` says what the sum is
  /// multiplied by.
  func tiled(
    _ exponents: PairExponents, _ distance: Distance, leavesInactive: Bool,
    factor: (TermSum) -> Double
  ) -> (total: TermSum, gradient: Tensor)? {
    given.dtype == .float32
      ? tiled(Float.self, exponents, distance, leavesInactive, factor)
      : tiled(Double.self, exponents, distance, leavesInactive, factor)
  }

  private func tiled<Number: PairNumber>(
    _ type: Number.Type, _ exponents: PairExponents, _ distance: Distance, _ leavesInactive: Bool,
    _ factor: (TermSum) -> Double
  ) -> (total: TermSum, gradient: Tensor)? {
    let tiles = PairTiles<Number>(self, normalized: distance.normalizes)
    guard
      let (total, gradient) = tiles.gradient(exponents, distance, leavesInactive: leavesInactive)
    else { return nil }
    return (total, tiles.gradient(gradient, times: factor(total)))
  }
}
