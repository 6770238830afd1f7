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
  /// Whether what the halves weigh depends on what they come to: each then has a gradient of its own.
  var halvesWeighApart = false
}

/// The gradients of the halves by the rows; one of both together where the second is empty.
struct HalfGradients<Number: PairNumber> {
  var pull: [Number]
  var push: [Number]

  /// Both, each times its factor; they are made once the halves have been visited.
  func sum(_ factor: (pull: Double, push: Double)) -> [Number] {
    zip(pull, push).map { Number(factor.pull * Double($0) + factor.push * Double($1)) }
  }
}

extension PairTiles {
  /// What all ordered pairs cost, each by itself, and the gradient by the rows.
  func gradient(_ costs: PairCosts, _ distance: Distance) -> (PairTotals, HalfGradients<Number>) {
    let isApart = costs.halvesWeighApart
    var gradients = HalfGradients(
      pull: [Number](repeating: 0, count: count * width),
      push: [Number](repeating: 0, count: isApart ? count * width : 0))
    var sums = CostSums(count: count)
    let pull = costs.pull.kernel(distance, near: Number.nearness)
    let push = costs.push.kernel(distance, near: Number.nearness)
    var shares = (pull: [Number](), push: [Number]())
    for i in 0..<count {
      let share = costs.shares?(i) ?? (pull: 1, push: 1)
      shares.pull.append(Number(share.pull))
      shares.push.append(Number(share.push))
    }
    gradients.withPointers { ofPull, ofPush in
      rows.withUnsafeBufferPointer { rows in
        squares.withUnsafeBufferPointer { squares in
          shares.pull.withUnsafeBufferPointer { pulls in
            shares.push.withUnsafeBufferPointer { pushes in
              sums.withPointers { sums in
                guard let rows = rows.baseAddress, let squares = squares.baseAddress,
                  let pulls = pulls.baseAddress, let pushes = pushes.baseAddress
                else { return }
                let visit = CostVisit(
                  tiles: self, distance: distance, rows: rows, squares: squares,
                  pull: CostVisit.Kind(
                    cost: costs.pull, kernel: pull, shares: pulls, sums: sums.pull,
                    gradient: ofPull),
                  push: CostVisit.Kind(
                    cost: costs.push, kernel: push, shares: pushes, sums: sums.push,
                    gradient: ofPush), isApart: isApart)
                forEachPair(visit.add)
                visit.addOwn()
              }
            }
          }
        }
      }
    }
    return (sums.totals, gradients)
  }
}

extension HalfGradients {
  /// Where the gradient of either half is; the same for both where there is one.
  fileprivate mutating func withPointers(
    _ body: (_ pull: UnsafeMutablePointer<Number>, _ push: UnsafeMutablePointer<Number>) -> Void
  ) {
    pull.withUnsafeMutableBufferPointer { pull in
      push.withUnsafeMutableBufferPointer { push in
        guard let ofPull = pull.baseAddress else { return }
        body(ofPull, push.isEmpty ? ofPull : push.baseAddress ?? ofPull)
      }
    }
  }
}

/// What the pairs of every row cost, kept apart so that sums have one order.
private struct CostSums {
  private var pull: Half
  private var push: Half

  private struct Half {
    var cost: [Double]
    var active: [Double]
    /// The derivative by half the square of every row, for distances.
    var own: [Double]

    init(count: Int) {
      let zeros = [Double](repeating: 0, count: count)
      cost = zeros
      active = zeros
      own = zeros
    }

    mutating func withPointers(_ body: (Pointers) -> Void) {
      cost.withUnsafeMutableBufferPointer { cost in
        active.withUnsafeMutableBufferPointer { active in
          own.withUnsafeMutableBufferPointer { own in
            body(Pointers(cost: cost, active: active, own: own))
          }
        }
      }
    }
  }

  init(count: Int) {
    pull = Half(count: count)
    push = pull
  }

  struct Pointers {
    let cost: UnsafeMutableBufferPointer<Double>
    let active: UnsafeMutableBufferPointer<Double>
    let own: UnsafeMutableBufferPointer<Double>
  }

  mutating func withPointers(_ body: ((pull: Pointers, push: Pointers)) -> Void) {
    pull.withPointers { pull in push.withPointers { push in body((pull, push)) } }
  }

  var totals: PairTotals {
    PairTotals(
      pull: pull.cost.reduce(0, +), push: push.cost.reduce(0, +),
      activePull: pull.active.reduce(0, +), activePush: push.active.reduce(0, +))
  }
}

/// The visit of a pair of blocks, with all it writes to: rows of these two blocks alone.
private struct CostVisit<Number: PairNumber> {
  /// All there is to know of the pairs of one kind.
  struct Kind {
    let cost: PairCost
    let kernel: kernel_pair_cost
    let shares: UnsafePointer<Number>
    let sums: CostSums.Pointers
    let gradient: UnsafeMutablePointer<Number>
  }

  let tiles: PairTiles<Number>
  let distance: Distance
  let rows: UnsafePointer<Number>
  let squares: UnsafePointer<Number>
  let pull: Kind
  let push: Kind
  /// Whether the kinds have gradients of their own.
  let isApart: Bool

  func add(_ pair: BlockPair, _ scratch: TileScratch<Number>) {
    let width = tiles.width
    let (height, length) = (pair.rows.count, pair.columns.count)
    let tile = scratch.tile
    Number.setInnerProducts(
      tile, rows + pair.rows.lowerBound * width, rows + pair.columns.lowerBound * width, m: height,
      n: length, k: width)
    scratch.sums.update(repeating: 0, count: length)
    scratch.otherSums.update(repeating: 0, count: length)
    var (pulls, pushes) = (false, false)
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
            others: kind.shares + columns.lowerBound,
            sums: (isPositive ? scratch.sums : scratch.otherSums) + first, &result)
          if result.active > 0 {
            if isPositive { pulls = true } else { pushes = true }
          }
          for place in 0..<Int(result.near_count) {
            addNear(kind, i, columns.lowerBound + Int(near[place]), pair, &result)
          }
          kind.sums.cost[i] += once * result.cost
          kind.sums.active[i] += twice * result.active
          kind.sums.own[i] += result.own
        }
      }
    }
    guard pulls || pushes else { return }
    if !pair.isDiagonal {
      for j in pair.columns {
        pull.sums.own[j] += Double(scratch.sums[j - pair.columns.lowerBound])
        push.sums.own[j] += Double(scratch.otherSums[j - pair.columns.lowerBound])
      }
    }
    if isApart, pulls, pushes {
      takeNegatives(of: pair, from: tile, into: scratch.other)
      tiles.carryBack(pair, scratch.other, rows: rows, gradient: push.gradient)
      pushes = false
    }
    tiles.carryBack(
      pair, tile, rows: rows, gradient: isApart && pushes ? push.gradient : pull.gradient)
  }

  /// Moves the weights of pairs of rows of different classes to a tile of their own.
  private func takeNegatives(
    of pair: BlockPair, from tile: UnsafeMutablePointer<Number>,
    into other: UnsafeMutablePointer<Number>
  ) {
    let length = pair.columns.count
    for i in pair.rows {
      let start = (i - pair.rows.lowerBound) * length
      (other + start).update(repeating: 0, count: length)
      tiles.forEachStretch(i, pair.columns) { columns, isPositive in
        guard !isPositive else { return }
        let first = start + columns.lowerBound - pair.columns.lowerBound
        (other + first).update(from: tile + first, count: columns.count)
        (tile + first).update(repeating: 0, count: columns.count)
      }
    }
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
    let (ofA, ofB) = (kind.gradient + i * width, kind.gradient + j * width)
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
    for kind in [pull, push] {
      for i in 0..<tiles.count {
        let own = Number(kind.sums.own[i])
        for k in i * width..<(i + 1) * width { kind.gradient[k] += own * rows[k] }
      }
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
