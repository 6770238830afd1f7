import Tensors

/// A cost of anchors that depends on their pairs by sums of exponentials alone:
/// Σ exp(slope·S + offset) over classmates, and over others.
struct PairExponents {
  /// The exponent of a kind of pairs by their inner product.
  typealias Exponent = (slope: Double, offset: Double)

  var pull: Exponent
  var push: Exponent
  /// Whether a cost takes the inner products with classmates too.
  var takesProducts = false
  /// What an anchor costs, and how that changes with its pairs.
  var settle: (AnchorSums) -> (cost: TermSum, slopes: AnchorSlopes)
}

/// What the pairs of an anchor come to.
struct AnchorSums {
  /// The sum of exponentials over its classmates, and over the others.
  let pull: Double
  let push: Double
  /// The sum of its inner products with its classmates, where that is asked for.
  let ofClassmates: Double
  /// How many classmates it has, and how many others.
  let classmates: Int
  let others: Int
}

/// The derivative of an anchor's cost by the inner product of a pair of exponential e: factor·e +
/// level.
struct AnchorSlopes {
  var pullFactor = 0.0
  var pushFactor = 0.0
  /// The same for all classmates.
  var pullLevel = 0.0
}

extension PairTiles {
  /// Memory that exponentials may be kept in between the two visits of all pairs, in bytes; what
  /// does not fit is computed again.
  private static var budget: Int { 16 << 20 }

  /// Whether no exponent is so large or small that its power overflows or vanishes.
  func allows(_ exponents: PairExponents) -> Bool {
    // An inner product is at most the larger of the squares.
    let bound = squares.reduce(0) { max($0, Double($1)) }
    return [exponents.pull, exponents.push].allSatisfy {
      let reach = abs($0.slope) * bound
      return Number.safeExponents.contains($0.offset - reach)
        && Number.safeExponents.contains($0.offset + reach)
    }
  }

  /// What all anchors cost, and the gradient by the rows; anchors whose term is not above 0 are left
  /// out of it where `leavesInactive`.
  func gradient(_ exponents: PairExponents, leavesInactive: Bool) -> (TermSum, [Number]) {
    var gradient = [Number](repeating: 0, count: count * width)
    var total = TermSum.none
    var pulls = [Double](repeating: 0, count: count)
    var pushes = pulls
    let area = block * block
    let kept = min(pairCount, Self.budget / (area * MemoryLayout<Number>.stride))
    let tiles = UnsafeMutablePointer<Number>.allocate(capacity: max(1, kept * area))
    defer { tiles.deallocate() }
    func place(_ pair: BlockPair, _ scratch: TileScratch<Number>) -> UnsafeMutablePointer<Number> {
      pair.number < kept ? tiles + pair.number * area : scratch.tile
    }
    rows.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return }
      pulls.withUnsafeMutableBufferPointer { pulls in
        pushes.withUnsafeMutableBufferPointer { pushes in
          // Pairs of blocks that are visited at once share no rows.
          nonisolated(unsafe) let (pulls, pushes) = (pulls, pushes)
          forEachPair { pair, scratch in
            sum(pair, place(pair, scratch), scratch, exponents, rows, pulls, pushes)
          }
        }
      }
      let ofClassmates = exponents.takesProducts ? productsWithClassmates : []
      var slopes = (pull: [Number](), push: [Number](), level: [Number]())
      for i in 0..<count {
        let mates = classmates[i].count
        var (cost, own) = exponents.settle(
          AnchorSums(
            pull: pulls[i], push: pushes[i],
            ofClassmates: exponents.takesProducts ? ofClassmates[i] : 0, classmates: mates - 1,
            others: count - mates))
        total.terms += cost.terms
        if cost.isInactive, leavesInactive {
          own = AnchorSlopes()
        } else {
          total.sum += cost.sum
          total.active += cost.active
        }
        slopes.pull.append(Number(own.pullFactor))
        slopes.push.append(Number(own.pushFactor))
        slopes.level.append(Number(own.pullLevel))
      }
      let none = [Number](repeating: 0, count: count)
      gradient.withUnsafeMutableBufferPointer { gradient in
        slopes.pull.withUnsafeBufferPointer { ofPull in
          slopes.push.withUnsafeBufferPointer { ofPush in
            slopes.level.withUnsafeBufferPointer { levels in
              none.withUnsafeBufferPointer { none in
                guard let gradient = gradient.baseAddress, let ofPull = ofPull.baseAddress,
                  let ofPush = ofPush.baseAddress, let levels = levels.baseAddress,
                  let none = none.baseAddress
                else { return }
                forEachPair { pair, scratch in
                  let tile = place(pair, scratch)
                  let isKept = pair.number < kept
                  if !isKept { setInnerProducts(pair, tile, rows) }
                  weigh(pair, tile) { line, n, i, first, isPositive in
                    let exponent = isPositive ? exponents.pull : exponents.push
                    let factors = isPositive ? ofPull : ofPush
                    let levels = isPositive ? levels : none
                    Number.weights(
                      line, n,
                      exponent: isKept
                        ? nil : (slope: Number(exponent.slope), offset: Number(exponent.offset)),
                      own: factors[i], others: factors + first, level: levels[i],
                      levels: levels + first)
                  }
                  carryBack(pair, tile, rows: rows, gradient: gradient)
                }
              }
            }
          }
        }
      }
    }
    return (total, gradient)
  }

  /// For every row the sum of its inner products with its classmates: that with their sum.
  private var productsWithClassmates: [Double] {
    var products: [Double] = []
    products.reserveCapacity(count)
    while products.count < count {
      let mates = classmates[products.count]
      var sum = [Double](repeating: 0, count: width)
      for i in mates {
        for k in 0..<width { sum[k] += Double(rows[i * width + k]) }
      }
      for i in mates {
        var product = 0.0
        for k in 0..<width {
          let number = Double(rows[i * width + k])
          product += number * (sum[k] - number)
        }
        products.append(product)
      }
    }
    return products
  }

  private func setInnerProducts(
    _ pair: BlockPair, _ tile: UnsafeMutablePointer<Number>, _ rows: UnsafePointer<Number>
  ) {
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
      forEachStretch(i, pair.columns) { columns, isPositive in
        body(
          line + (columns.lowerBound - pair.columns.lowerBound), columns.count, i,
          columns.lowerBound, isPositive)
      }
    }
  }

  /// Turns the inner products of two blocks into exponentials, added up for the rows of both.
  private func sum(
    _ pair: BlockPair, _ tile: UnsafeMutablePointer<Number>, _ scratch: TileScratch<Number>,
    _ exponents: PairExponents, _ rows: UnsafePointer<Number>,
    _ pulls: UnsafeMutableBufferPointer<Double>, _ pushes: UnsafeMutableBufferPointer<Double>
  ) {
    let length = pair.columns.count
    let left = pair.columns.lowerBound
    setInnerProducts(pair, tile, rows)
    scratch.sums.update(repeating: 0, count: length)
    scratch.otherSums.update(repeating: 0, count: length)
    weigh(pair, tile) { line, n, i, first, isPositive in
      let exponent = isPositive ? exponents.pull : exponents.push
      let sums = isPositive ? scratch.sums : scratch.otherSums
      let sum = Number.exponentials(
        line, n, slope: Number(exponent.slope), offset: Number(exponent.offset),
        sums: sums + (first - left))
      if isPositive { pulls[i] += Double(sum) } else { pushes[i] += Double(sum) }
    }
    guard !pair.isDiagonal else { return }
    for j in pair.columns {
      pulls[j] += Double(scratch.sums[j - left])
      pushes[j] += Double(scratch.otherSums[j - left])
    }
  }
}
