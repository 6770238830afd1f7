import CKernels
import Tensors

/// The visit of anchors one by one, each with the measures of all its pairs, made by BLAS for a
/// group of anchors at once.
extension PairTiles {
  /// Anchors of a group; those that a worker makes products of at once; and rows that it takes where
  /// it writes to the others' rows.
  private var group: Int { count <= 4096 ? 256 : max(1, min(128, (1 << 22) / count)) }
  private static var part: Int { 64 }
  private static var stretch: Int { 512 }

  /// Weights of pairs too near for BLAS to tell their difference that are kept in a group at most.
  private static var nearLimit: Int { 1 << 20 }

  /// What all anchors cost, and the gradient by the rows, with the slopes of classmates and of others
  /// times `weights`.
  func gradient(
    _ distance: Distance, weights: (pull: Double, push: Double),
    _ cost: (PairRow, inout PairTotals) -> Void
  ) -> (totals: PairTotals, gradient: [Number]) {
    var gradient = [Number](repeating: 0, count: count * width)
    var totals = [PairTotals](repeating: PairTotals(), count: count)
    gradient.withUnsafeMutableBufferPointer { gradient in
      totals.withUnsafeMutableBufferPointer { totals in
        // Workers write to the anchors of their tasks.
        nonisolated(unsafe) let totals = totals
        forEachGroup(distance, gradient.baseAddress) { row in
          cost(row, &totals[row.anchor])
          guard weights != (1, 1) else { return }
          for j in 0..<row.count {
            row.slopes[j] *= row.isPositive(j) ? weights.pull : weights.push
          }
        }
      }
    }
    return (totals.reduce(PairTotals()) { $0 + $1 }, gradient)
  }

  /// Visits every anchor with its measures, one after the other.
  func forEachRow(_ distance: Distance, _ body: (PairRow) -> Void) {
    forEachGroup(distance, nil, body)
  }

  /// The measures from row `i` to all rows.
  func measures(from i: Int, _ distance: Distance) -> [Double] {
    var products = [Number](repeating: 0, count: count)
    var measures = [Double](repeating: 0, count: count)
    rows.withUnsafeBufferPointer { rows in
      products.withUnsafeMutableBufferPointer { products in
        measures.withUnsafeMutableBufferPointer { measures in
          guard let rows = rows.baseAddress, let products = products.baseAddress else { return }
          Number.setInnerProducts(products, rows + i * width, rows, m: 1, n: count, k: width)
          measure(i, products, distance, rows, into: measures)
        }
      }
    }
    return measures
  }

  /// Visits anchors in groups: with a gradient to add to several at once, else one after the other.
  private func forEachGroup(
    _ distance: Distance, _ gradient: UnsafeMutablePointer<Number>?, _ body: (PairRow) -> Void
  ) {
    let workers = gradient == nil ? 1 : Threads.count
    let tile = UnsafeMutablePointer<Number>.allocate(capacity: group * count)
    let room = UnsafeMutableBufferPointer<Double>.allocate(capacity: workers * 3 * count)
    defer {
      tile.deallocate()
      room.deallocate()
    }
    room.initialize(repeating: 0)
    var near = [[NearPair]](repeating: [], count: group)
    var own = [Double](repeating: 0, count: count)
    rows.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return }
      for start in stride(from: 0, to: count, by: group) {
        if Stopping.isDue { return }
        let anchors = start..<min(start + group, count)
        products(anchors, rows, into: tile)
        near.withUnsafeMutableBufferPointer { near in
          own.withUnsafeMutableBufferPointer { own in
            // A task has anchors of its own, and a worker room of its own.
            nonisolated(unsafe) let (near, own) = (near, own)
            let chunk = gradient == nil ? anchors.count : 8
            Threads.share((anchors.count + chunk - 1) / chunk, isWorthwhile: true) {
              task, worker in
              let first = start + task * chunk
              for i in first..<min(first + chunk, anchors.upperBound) {
                let line = tile + (i - start) * count
                let (row, hasNear) = row(i, line, distance, rows, room, worker)
                body(row)
                guard gradient != nil else { continue }
                near[i - start] = hasNear ? takeNear(row, distance) : []
                own[i] += weigh(row, line, distance)
              }
            }
          }
        }
        guard let gradient else { continue }
        own.withUnsafeMutableBufferPointer { own in
          carryBack(anchors, tile, rows, gradient, own, distance)
        }
        for i in anchors {
          for pair in near[i - start] { add(pair, i, rows, gradient) }
        }
      }
      guard let gradient, !distance.isSimilarity else { return }
      for i in 0..<count {
        let weight = Number(own[i])
        for k in i * width..<(i + 1) * width { gradient[k] += weight * rows[k] }
      }
    }
  }

  /// The inner products of some anchors with all rows.
  private func products(
    _ anchors: Range<Int>, _ rows: UnsafePointer<Number>, into tile: UnsafeMutablePointer<Number>
  ) {
    let parts = (anchors.count + Self.part - 1) / Self.part
    let first = anchors.lowerBound
    Threads.share(parts, isWorthwhile: anchors.count * count * width > 500_000) { part, _ in
      let top = part * Self.part
      let height = min(Self.part, anchors.count - top)
      Number.setInnerProducts(
        tile + top * count, rows + (first + top) * width, rows, m: height, n: count, k: width)
    }
  }

  /// One anchor with its measures, in the room of a worker.
  private func row(
    _ i: Int, _ products: UnsafePointer<Number>, _ distance: Distance,
    _ rows: UnsafePointer<Number>, _ room: UnsafeMutableBufferPointer<Double>, _ worker: Int
  ) -> (row: PairRow, hasNear: Bool) {
    func part(_ number: Int) -> UnsafeMutableBufferPointer<Double> {
      let first = (3 * worker + number) * count
      return UnsafeMutableBufferPointer(rebasing: room[first..<first + count])
    }
    let (measures, slopes) = (part(0), part(1))
    let hasNear = measure(i, products, distance, rows, into: measures)
    slopes.update(repeating: 0)
    let row = PairRow(
      anchor: i, mates: classmates[i], measures: UnsafeBufferPointer(measures), slopes: slopes,
      scratch: part(2))
    return (row, hasNear)
  }

  /// The measures of one anchor by its inner products; from differences where these say too little.
  ///
  /// Whether that was so.
  @discardableResult
  private func measure(
    _ i: Int, _ products: UnsafePointer<Number>, _ distance: Distance,
    _ rows: UnsafePointer<Number>, into measures: UnsafeMutableBufferPointer<Double>
  ) -> Bool {
    squares.withUnsafeBufferPointer { squares in
      guard let squares = squares.baseAddress, let y = measures.baseAddress,
        Number.setMeasures(
          y, distance.kernel, products, count, square: squares[i], squares: squares)
      else { return false }
      let own = Double(squares[i])
      for j in 0..<count where y[j] < Number.nearness * (own + Double(squares[j])) {
        y[j] = squaredDifference(i, j, rows)
      }
      if !distance.isSquared {
        for j in 0..<count { y[j] = y[j].squareRoot() }
      }
      return true
    }
  }

  private func squaredDifference(_ i: Int, _ j: Int, _ rows: UnsafePointer<Number>) -> Double {
    var sum = 0.0
    for k in 0..<width {
      let difference = Double(rows[i * width + k]) - Double(rows[j * width + k])
      sum += difference * difference
    }
    return sum
  }

  /// Takes the pairs out of a row that are to be added one by one, by the difference of their rows.
  private func takeNear(_ row: PairRow, _ distance: Distance) -> [NearPair] {
    var near: [NearPair] = []
    let ofAnchor = Double(squares[row.anchor])
    squares.withUnsafeBufferPointer { squares in
      for j in 0..<count where row.slopes[j] != 0 {
        let measure = row.measures[j]
        let square = distance.isSquared ? measure : measure * measure
        guard square < 1e-7 * (ofAnchor + Double(squares[j])),
          near.count < Self.nearLimit / group
        else { continue }
        // Where two rows meet, the derivative of their distance is taken as 0 (theory §1.3).
        let weight =
          distance.isSquared ? 2 * row.slopes[j] : measure > 0 ? row.slopes[j] / measure : 0
        near.append(NearPair(other: j, weight: weight))
        row.slopes[j] = 0
      }
    }
    return near
  }

  /// Turns the slopes of a row into weights of its inner products, in place of these; gives what the
  /// row itself weighs.
  private func weigh(
    _ row: PairRow, _ line: UnsafeMutablePointer<Number>, _ distance: Distance
  ) -> Double {
    guard let slopes = row.slopes.baseAddress, let measures = row.measures.baseAddress else {
      return 0
    }
    return Number.setSlopes(line, distance.kernel, slopes, measures, count)
  }

  /// Adds the weights of the pairs of some anchors to the gradient by both ends, and what the other
  /// ends weigh themselves to `own`.
  private func carryBack(
    _ anchors: Range<Int>, _ tile: UnsafePointer<Number>, _ rows: UnsafePointer<Number>,
    _ gradient: UnsafeMutablePointer<Number>, _ own: UnsafeMutableBufferPointer<Double>,
    _ distance: Distance
  ) {
    let first = anchors.lowerBound
    let parts = (anchors.count + Self.part - 1) / Self.part
    Threads.share(parts, isWorthwhile: true) { part, _ in
      let top = part * Self.part
      Number.addProduct(
        gradient + (first + top) * width, tile + top * count, stride: count, rows,
        m: min(Self.part, anchors.count - top), n: count, k: width, turned: false)
    }
    let stretches = (count + Self.stretch - 1) / Self.stretch
    Threads.share(stretches, isWorthwhile: true) { part, _ in
      let left = part * Self.stretch
      let right = min(left + Self.stretch, count)
      Number.addProduct(
        gradient + left * width, tile + left, stride: count, rows + first * width,
        m: anchors.count, n: right - left, k: width, turned: true)
      guard !distance.isSimilarity else { return }
      for line in 0..<anchors.count {
        for j in left..<right { own[j] -= Double(tile[line * count + j]) }
      }
    }
  }

  /// Adds one pair by the difference of its rows.
  private func add(
    _ pair: NearPair, _ i: Int, _ rows: UnsafePointer<Number>,
    _ gradient: UnsafeMutablePointer<Number>
  ) {
    let (a, b) = (i * width, pair.other * width)
    for k in 0..<width {
      let change = Number(pair.weight * (Double(rows[a + k]) - Double(rows[b + k])))
      gradient[a + k] += change
      gradient[b + k] -= change
    }
  }
}

/// A pair whose two rows are so near that a difference of products would not tell theirs.
private struct NearPair {
  let other: Int
  let weight: Double
}

extension PairTotals {
  fileprivate static func + (a: PairTotals, b: PairTotals) -> PairTotals {
    PairTotals(
      pull: a.pull + b.pull, push: a.push + b.push, activePull: a.activePull + b.activePull,
      activePush: a.activePush + b.activePush, activeAnchors: a.activeAnchors + b.activeAnchors,
      activeTerms: a.activeTerms + b.activeTerms, terms: a.terms + b.terms)
  }
}
