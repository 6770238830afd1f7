import CKernels
import Tensors

/// What a kind of pairs costs, each by itself, as a function of its measure m.
struct PairCost {
  /// [sign·(m − margin)]₊ to the power 1 or 2, or log(1 + exp(rate·sign·(m − margin))).
  enum Shape {
    case hinge
    case squaredHinge
    case softplus
  }

  var shape: Shape
  /// 1 for a cost that grows with the measure, −1 for one that falls.
  var sign: Double
  var margin: Double
  /// How sharp a softplus is.
  var rate = 1.0
  /// What the cost is multiplied by; 0 leaves the kind out.
  var factor = 1.0
}

/// The costs of both kinds of pairs, for a batch.
struct PairCosts {
  var pull: PairCost
  var push: PairCost
  /// For every row what its pairs are multiplied by, in both directions; nil for 1.
  var shares: ((_ row: Int) -> (pull: Double, push: Double))?
}

extension PairTiles {
  /// What all ordered pairs cost, each by itself, and the gradient by the rows.
  func gradient(_ costs: PairCosts, _ distance: Distance) -> (PairTotals, [Number]) {
    var gradient = [Number](repeating: 0, count: count * width)
    var sums = CostSums(count: count)
    let pull = costs.pull.kernel(distance, near: Number.nearness)
    let push = costs.push.kernel(distance, near: Number.nearness)
    var shares = (pull: [Number](), push: [Number]())
    for i in 0..<count {
      let share = costs.shares?(i) ?? (pull: 1, push: 1)
      shares.pull.append(Number(share.pull))
      shares.push.append(Number(share.push))
    }
    gradient.withUnsafeMutableBufferPointer { gradient in
      rows.withUnsafeBufferPointer { rows in
        squares.withUnsafeBufferPointer { squares in
          shares.pull.withUnsafeBufferPointer { pulls in
            shares.push.withUnsafeBufferPointer { pushes in
              sums.withPointers { sums in
                guard let rows = rows.baseAddress, let squares = squares.baseAddress,
                  let pulls = pulls.baseAddress, let pushes = pushes.baseAddress,
                  let gradient = gradient.baseAddress
                else { return }
                let visit = CostVisit(
                  tiles: self, distance: distance, rows: rows, squares: squares, gradient: gradient,
                  sums: sums, pull: (costs.pull, pull, pulls), push: (costs.push, push, pushes))
                forEachPair(visit.add)
                visit.addOwn()
              }
            }
          }
        }
      }
    }
    return (sums.totals, gradient)
  }
}

/// What the pairs of every row cost, kept apart so that sums have one order.
private struct CostSums {
  var pull: [Double]
  var push: [Double]
  var activePull: [Double]
  var activePush: [Double]
  /// The derivative by half the square of every row, for distances.
  var own: [Double]

  init(count: Int) {
    let zeros = [Double](repeating: 0, count: count)
    pull = zeros
    push = zeros
    activePull = zeros
    activePush = zeros
    own = zeros
  }

  struct Pointers {
    let pull: UnsafeMutableBufferPointer<Double>
    let push: UnsafeMutableBufferPointer<Double>
    let activePull: UnsafeMutableBufferPointer<Double>
    let activePush: UnsafeMutableBufferPointer<Double>
    let own: UnsafeMutableBufferPointer<Double>
  }

  mutating func withPointers(_ body: (Pointers) -> Void) {
    pull.withUnsafeMutableBufferPointer { pull in
      push.withUnsafeMutableBufferPointer { push in
        activePull.withUnsafeMutableBufferPointer { activePull in
          activePush.withUnsafeMutableBufferPointer { activePush in
            own.withUnsafeMutableBufferPointer { own in
              body(
                Pointers(
                  pull: pull, push: push, activePull: activePull, activePush: activePush, own: own))
            }
          }
        }
      }
    }
  }

  var totals: PairTotals {
    PairTotals(
      pull: pull.reduce(0, +), push: push.reduce(0, +), activePull: activePull.reduce(0, +),
      activePush: activePush.reduce(0, +))
  }
}

/// The visit of a pair of blocks, with all it writes to: rows of these two blocks alone.
private struct CostVisit<Number: PairNumber> {
  typealias Kind = (
    cost: PairCost, kernel: kernel_pair_cost, shares: UnsafePointer<Number>
  )

  let tiles: PairTiles<Number>
  let distance: Distance
  let rows: UnsafePointer<Number>
  let squares: UnsafePointer<Number>
  let gradient: UnsafeMutablePointer<Number>
  let sums: CostSums.Pointers
  let pull: Kind
  let push: Kind

  func add(_ pair: BlockPair, _ scratch: TileScratch<Number>) {
    let width = tiles.width
    let (height, length) = (pair.rows.count, pair.columns.count)
    let tile = scratch.tile
    Number.setInnerProducts(
      tile, rows + pair.rows.lowerBound * width, rows + pair.columns.lowerBound * width, m: height,
      n: length, k: width)
    scratch.sums.update(repeating: 0, count: length)
    var isIdle = true
    // A diagonal pair of blocks meets every pair twice.
    let (once, twice) = pair.isDiagonal ? (0.5, 1.0) : (1.0, 2.0)
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: Int(KERNEL_TILE)) { near in
      for i in pair.rows {
        let line = tile + (i - pair.rows.lowerBound) * length
        if pair.isDiagonal { line[i - pair.columns.lowerBound] = 0 }
        tiles.forEachStretch(i, pair.columns) { columns, isPositive in
          let kind = isPositive ? pull : push
          let first = columns.lowerBound - pair.columns.lowerBound
          guard kind.cost.factor != 0 else {
            (line + first).update(repeating: 0, count: columns.count)
            return
          }
          var result = kernel_tile_sums(
            cost: 0, active: 0, own: 0, near: near.baseAddress, near_count: 0)
          var kernel = kind.kernel
          Number.costs(
            &kernel, line + first, columns.count, square: squares[i],
            squares: squares + columns.lowerBound, own: kind.shares[i],
            others: kind.shares + columns.lowerBound, sums: scratch.sums + first, &result)
          if result.active > 0 { isIdle = false }
          for place in 0..<Int(result.near_count) {
            addNear(kind, i, columns.lowerBound + Int(near[place]), pair, &result)
          }
          if isPositive {
            sums.pull[i] += once * result.cost
            sums.activePull[i] += twice * result.active
          } else {
            sums.push[i] += once * result.cost
            sums.activePush[i] += twice * result.active
          }
          sums.own[i] += result.own
        }
      }
    }
    if isIdle { return }
    if !pair.isDiagonal {
      for j in pair.columns {
        sums.own[j] += Double(scratch.sums[j - pair.columns.lowerBound])
      }
    }
    tiles.carryBack(pair, tile, rows: rows, gradient: gradient)
  }

  /// Adds a pair of rows so near that their inner product does not tell their distance.
  private func addNear(
    _ kind: Kind, _ i: Int, _ j: Int, _ pair: BlockPair, _ result: inout kernel_tile_sums
  ) {
    let width = tiles.width
    let (a, b) = (rows + i * width, rows + j * width)
    var square = 0.0
    for k in 0..<width {
      let difference = Double(a[k]) - Double(b[k])
      square += difference * difference
    }
    let cost = kind.cost
    let share = cost.factor * (Double(kind.shares[i]) + Double(kind.shares[j]))
    let measure = distance.isSquared ? square : square.squareRoot()
    let (value, slope) = cost.price(measure)
    guard value > 0 else { return }
    result.cost += share * value
    result.active += 1
    // Where two rows meet, the derivative of their distance is taken as 0 (theory §1.3).
    let bySquare = distance.isSquared ? 2 * slope : measure > 0 ? slope / measure : 0
    let weight = Number(share * bySquare)
    let (ofA, ofB) = (gradient + i * width, gradient + j * width)
    for k in 0..<width {
      let change = weight * (a[k] - b[k])
      ofA[k] += change
      if !pair.isDiagonal { ofB[k] -= change }
    }
  }

  /// Adds what the squares of the rows contribute, for distances.
  func addOwn() {
    guard !distance.isSimilarity else { return }
    let width = tiles.width
    for i in 0..<tiles.count {
      let own = Number(sums.own[i])
      for k in i * width..<(i + 1) * width { gradient[k] += own * rows[k] }
    }
  }
}

extension PairCost {
  /// The cost as the kernel takes it.
  fileprivate func kernel(_ distance: Distance, near: Double) -> kernel_pair_cost {
    kernel_pair_cost(
      measure: distance.kernel,
      shape: shape == .hinge
        ? KERNEL_COST_HINGE
        : shape == .squaredHinge ? KERNEL_COST_SQUARED_HINGE : KERNEL_COST_SOFTPLUS,
      sign: sign, margin: margin, rate: rate, factor: factor, near: near)
  }

  /// The cost at a measure, without the factor, and its slope.
  fileprivate func price(_ measure: Double) -> (value: Double, slope: Double) {
    let excess = sign * (measure - margin)
    switch shape {
    case .hinge: return excess > 0 ? (excess, sign) : (0, 0)
    case .squaredHinge: return excess > 0 ? (excess * excess, 2 * sign * excess) : (0, 0)
    case .softplus:
      let (value, slope) = MetricLearning.softplus(rate * excess)
      return (value, slope * rate * sign)
    }
  }
}

extension Distance {
  /// What the kernels call it.
  var kernel: kernel_measure {
    isSimilarity ? KERNEL_PRODUCT : isSquared ? KERNEL_SQUARE_OF_DIFFERENCE : KERNEL_ROOT
  }
}
