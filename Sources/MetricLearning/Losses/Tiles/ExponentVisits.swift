import CKernels
import Tensors

/// The visits of all pairs that sums of exponentials take, with what they leave for each other.
///
/// Pairs of blocks that are visited at once share no rows, and nothing else is written to.
final class ExponentVisits<Number: PairNumber> {
  private let tiles: PairTiles<Number>
  private let exponents: PairExponents
  private let distance: Distance
  private let rows: UnsafePointer<Number>
  private let shifts: (pull: Double, push: Double)
  private let kernels: (pull: kernel_exponent, push: kernel_exponent)

  /// Tiles that are kept from one visit to the next; what does not fit is computed again.
  private let kept: Int
  private let keptTiles: UnsafeMutablePointer<Number>

  // For every row:
  private let pulls: UnsafeMutablePointer<Double>
  private let pushes: UnsafeMutablePointer<Double>
  private let rivalCosts: UnsafeMutablePointer<Double>
  private let rivalShares: UnsafeMutablePointer<Double>
  /// The derivative by half its square, for distances.
  private let own: UnsafeMutablePointer<Double>
  private let ofPull: UnsafeMutablePointer<Number>
  private let ofPush: UnsafeMutablePointer<Number>
  private let levels: UnsafeMutablePointer<Number>
  private let zeros: UnsafeMutablePointer<Number>
  private let logs: UnsafeMutablePointer<Number>
  /// What its square adds to an exponent, for distances.
  private let pullSquares: UnsafeMutablePointer<Number>?
  private let pushSquares: UnsafeMutablePointer<Number>?

  init(
    _ tiles: PairTiles<Number>, _ exponents: PairExponents, _ distance: Distance,
    _ rows: UnsafePointer<Number>, shifts: (pull: Double, push: Double)
  ) {
    self.tiles = tiles
    self.exponents = exponents
    self.distance = distance
    self.rows = rows
    self.shifts = shifts
    kernels = (
      exponents.pull.kernel(distance, shift: shifts.pull),
      exponents.push.kernel(distance, shift: shifts.push)
    )
    let count = tiles.count
    let area = tiles.block * tiles.block
    // The slope of a bent exponent takes the inner products themselves.
    let isBent = exponents.pull.isBent || exponents.push.isBent
    kept =
      isBent ? 0 : min(tiles.pairCount, Self.budget / (area * MemoryLayout<Number>.stride))
    keptTiles = .allocate(capacity: max(1, kept * area))
    func doubles() -> UnsafeMutablePointer<Double> {
      let pointer = UnsafeMutablePointer<Double>.allocate(capacity: count)
      pointer.initialize(repeating: 0, count: count)
      return pointer
    }
    func numbers() -> UnsafeMutablePointer<Number> {
      let pointer = UnsafeMutablePointer<Number>.allocate(capacity: count)
      pointer.initialize(repeating: 0, count: count)
      return pointer
    }
    func ofSquares(_ exponent: PairExponents.Exponent) -> UnsafeMutablePointer<Number>? {
      guard let slope = exponent.slopeOfSquares(distance) else { return nil }
      let pointer = numbers()
      for i in 0..<count { pointer[i] = Number(slope * Double(tiles.squares[i])) }
      return pointer
    }
    (pulls, pushes, own) = (doubles(), doubles(), doubles())
    (rivalCosts, rivalShares) = (doubles(), doubles())
    (ofPull, ofPush, levels) = (numbers(), numbers(), numbers())
    (zeros, logs) = (numbers(), numbers())
    (pullSquares, pushSquares) = (ofSquares(exponents.pull), ofSquares(exponents.push))
  }

  deinit {
    keptTiles.deallocate()
    for pointer in [pulls, pushes, rivalCosts, rivalShares, own] { pointer.deallocate() }
    for pointer in [ofPull, ofPush, levels, zeros, logs] { pointer.deallocate() }
    pullSquares?.deallocate()
    pushSquares?.deallocate()
  }

  /// Memory that exponentials may be kept in between the visits, in bytes.
  private static var budget: Int { 16 << 20 }

  // MARK: - Sums

  /// Turns the inner products of all pairs into exponentials, added up for the rows of both; those of
  /// rivalled classmates stay as they are.
  func addUp() {
    tiles.forEachPair { [self] pair, scratch in
      let tile = place(pair, scratch)
      let length = pair.columns.count
      let left = pair.columns.lowerBound
      setInnerProducts(pair, tile)
      scratch.sums.update(repeating: 0, count: length)
      scratch.otherSums.update(repeating: 0, count: length)
      weigh(pair, tile) { line, n, i, first, isPositive in
        if isPositive, exponents.rivalSlope != nil { return }
        var exponent = exponent(isPositive, i)
        let sums = isPositive ? scratch.sums : scratch.otherSums
        let sum = Number.exponentials(
          &exponent, line, n, shifts: squares(isPositive, first), sums: sums + (first - left))
        if isPositive { pulls[i] += Double(sum) } else { pushes[i] += Double(sum) }
      }
      guard !pair.isDiagonal else { return }
      for j in pair.columns {
        pulls[j] += Double(scratch.sums[j - left])
        pushes[j] += Double(scratch.otherSums[j - left])
      }
    }
  }

  /// Whether all sums have their digits.
  var sumsAreSafe: Bool {
    for i in 0..<tiles.count {
      let mates = tiles.classmates[i].count
      let hasPull = mates > 1 && exponents.rivalSlope == nil
      if hasPull, !Number.safeSums.contains(pulls[i]) { return false }
      if mates < tiles.count, !Number.safeSums.contains(pushes[i]) { return false }
    }
    return true
  }

  /// Adds up what classmates cost against all others as rivals.
  func addRivals() {
    guard let slope = exponents.rivalSlope else { return }
    for i in 0..<tiles.count { logs[i] = Number(Portable.log(pushes[i]) - shifts.push) }
    tiles.forEachPair { [self] pair, scratch in
      // Rows are sorted by class: classmates of the last one reach furthest.
      let reach = tiles.classmates[pair.rows.upperBound - 1].upperBound
      guard pair.isDiagonal || reach > pair.columns.lowerBound else { return }
      let tile = place(pair, scratch)
      let left = pair.columns.lowerBound
      if pair.number >= kept { setInnerProducts(pair, tile) }
      scratch.sums.update(repeating: 0, count: pair.columns.count)
      scratch.otherSums.update(repeating: 0, count: pair.columns.count)
      weigh(pair, tile) { line, n, i, first, isPositive in
        guard isPositive else { return }
        var sums = kernel_rival_sums(cost: 0, share: 0)
        Number.rivals(
          line, n, slope: Number(slope), own: logs[i], others: logs + first,
          costs: scratch.sums + (first - left), shares: scratch.otherSums + (first - left), &sums)
        rivalCosts[i] += sums.cost
        rivalShares[i] += sums.share
      }
      guard !pair.isDiagonal else { return }
      for j in pair.columns {
        rivalCosts[j] += Double(scratch.sums[j - left])
        rivalShares[j] += Double(scratch.otherSums[j - left])
      }
    }
  }

  // MARK: - Slopes

  /// What all anchors cost; keeps how that changes with their pairs.
  func settle(leavesInactive: Bool) -> TermSum {
    var total = TermSum.none
    let ofClassmates = exponents.takesProducts ? tiles.productsWithClassmates : []
    // By D² = ‖a‖² + ‖b‖² − 2aᵗb.
    let byProduct = distance.isSimilarity ? 1.0 : -2.0
    for i in 0..<tiles.count {
      let mates = tiles.classmates[i].count
      var (cost, slopes) = exponents.settle(
        AnchorSums(
          pull: pulls[i], push: pushes[i], pullShift: shifts.pull, pushShift: shifts.push,
          ofClassmates: exponents.takesProducts ? ofClassmates[i] : 0, rivalCost: rivalCosts[i],
          rivalShare: rivalShares[i], classmates: mates - 1, others: tiles.count - mates))
      total.terms += cost.terms
      if cost.isInactive, leavesInactive {
        slopes = AnchorSlopes()
      } else {
        total.sum += cost.sum
        total.active += cost.active
      }
      ofPull[i] = Number(byProduct * slopes.pullFactor)
      ofPush[i] = Number(byProduct * slopes.pushFactor)
      levels[i] = Number(byProduct * slopes.pullLevel)
    }
    return total
  }

  /// The gradient by the rows, from what `settle` kept.
  func gradient() -> [Number] {
    let width = tiles.width
    var gradient = [Number](repeating: 0, count: tiles.count * width)
    gradient.withUnsafeMutableBufferPointer { gradient in
      guard let gradient = gradient.baseAddress else { return }
      tiles.forEachPair { [self] pair, scratch in
        let tile = place(pair, scratch)
        let isKept = pair.number < kept
        if !isKept { setInnerProducts(pair, tile) }
        scratch.sums.update(repeating: 0, count: pair.columns.count)
        weigh(pair, tile) { line, n, i, first, isPositive in
          setWeights(line, n, i, first, isPositive, isKept: isKept)
          guard !distance.isSimilarity else { return }
          own[i] += Number.own(line, n, sums: scratch.sums + (first - pair.columns.lowerBound))
        }
        tiles.carryBack(pair, tile, rows: rows, gradient: gradient)
        guard !distance.isSimilarity, !pair.isDiagonal else { return }
        for j in pair.columns { own[j] += Double(scratch.sums[j - pair.columns.lowerBound]) }
      }
      guard !distance.isSimilarity else { return }
      for i in 0..<tiles.count {
        let own = Number(own[i])
        for k in i * width..<(i + 1) * width { gradient[k] += own * rows[k] }
      }
    }
    return gradient
  }

  private func setWeights(
    _ line: UnsafeMutablePointer<Number>, _ n: Int, _ i: Int, _ first: Int, _ isPositive: Bool,
    isKept: Bool
  ) {
    if isPositive, let slope = exponents.rivalSlope {
      // The factor is the same for all anchors, and so is the level.
      Number.rivalWeights(
        line, n, slope: Number(slope), own: logs[i], others: logs + first, factor: ofPull[i],
        level: levels[i] + levels[i])
      return
    }
    var exponent = exponent(isPositive, i)
    let factors = isPositive ? ofPull : ofPush
    let levels = isPositive ? levels : zeros
    Number.weights(
      &exponent, line, n, shifts: squares(isPositive, first), isExponential: isKept,
      own: factors[i], others: factors + first, level: levels[i], levels: levels + first)
  }

  // MARK: - Tiles

  private func place(
    _ pair: BlockPair, _ scratch: TileScratch<Number>
  ) -> UnsafeMutablePointer<Number> {
    pair.number < kept ? keptTiles + pair.number * tiles.block * tiles.block : scratch.tile
  }

  /// The exponent of the pairs of a row.
  private func exponent(_ isPositive: Bool, _ i: Int) -> kernel_exponent {
    var exponent = isPositive ? kernels.pull : kernels.push
    let squares = isPositive ? pullSquares : pushSquares
    if let squares { exponent.offset += Double(squares[i]) }
    return exponent
  }

  private func squares(_ isPositive: Bool, _ first: Int) -> UnsafePointer<Number>? {
    (isPositive ? pullSquares : pushSquares).map { UnsafePointer($0 + first) }
  }

  private func setInnerProducts(_ pair: BlockPair, _ tile: UnsafeMutablePointer<Number>) {
    let width = tiles.width
    Number.setInnerProducts(
      tile, rows + pair.rows.lowerBound * width, rows + pair.columns.lowerBound * width,
      m: pair.rows.count, n: pair.columns.count, k: width)
  }

  /// Visits the stretches of a tile, row by row; a row's pair with itself becomes 0.
  @inline(__always)
  private func weigh(
    _ pair: BlockPair, _ tile: UnsafeMutablePointer<Number>,
    _ body: (
      _ line: UnsafeMutablePointer<Number>, _ n: Int, _ row: Int, _ first: Int, _ isPositive: Bool
    ) -> Void
  ) {
    for i in pair.rows {
      let line = tile + (i - pair.rows.lowerBound) * pair.columns.count
      if pair.isDiagonal { line[i - pair.columns.lowerBound] = 0 }
      tiles.forEachStretch(i, pair.columns) { columns, isPositive in
        body(
          line + (columns.lowerBound - pair.columns.lowerBound), columns.count, i,
          columns.lowerBound, isPositive)
      }
    }
  }
}
