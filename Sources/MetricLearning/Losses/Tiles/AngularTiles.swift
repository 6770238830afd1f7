import Tensors

/// The angular loss of many rows: its sums over negatives are matrix products.
///
/// With A the products with all negatives times 4t and E = e^(A − largest of the row),
/// log Σₙ e^(Aₐₙ + Aₚₙ) = log (E Eᵀ)ₐₚ plus the largest of both. Rows are sorted by class and taken in
/// blocks, in float64 throughout: O(n²d) time, O(n·(tile + d)) memory. Blocks depend on the number of
/// rows alone, and what a negative is added comes block by block: threads change nothing.
struct AngularTiles {
  /// 4t.
  let sharpness: Double
  /// What the product of anchor and positive is multiplied by: 2(1 + t).
  let attraction: Double
  private let unit: TileRows<Double>
  private let given: TileRows<Double>
  /// The rows as given, times 4t.
  private let steep: [Double]
  /// For every row the rows of its class.
  private let classmates: [Range<Int>]

  /// Rows of a block, and blocks of a group.
  private static let block = 64
  private static let group = 4

  /// Powers below this part of the largest are taken as 0; sums of products of two of them above the
  /// other limit keep all digits without them, and no product is too small to be a normal number.
  private static let smallestPower = 1e-150
  private static let smallestSum = 1e-130

  private var count: Int { unit.count }
  private var width: Int { unit.width }

  /// The rows of a batch.
  init(_ batch: Batch, sharpness: Double, attraction: Double) {
    self.sharpness = sharpness
    self.attraction = attraction
    let order = batch.classes.rowsInOrder
    unit = TileRows(batch.given, width: batch.width, normalized: true, order: order)
    given = TileRows(batch.given, width: batch.width, normalized: false, order: order)
    var steep = given.elements
    steep.scale(by: sharpness)
    self.steep = steep
    classmates = batch.classes.rangesInOrder
  }

  /// What all ordered pairs cost, and the gradient of half of that in the order of the batch, times
  /// what `factor` makes of the cost.
  func result(times factor: (TermSum) -> Double) -> (cost: TermSum, gradient: [Double]) {
    var byUnit = [Double](repeating: 0, count: count * width)
    var byGiven = byUnit
    let blocks = (count + Self.block - 1) / Self.block
    var costs = [TermSum](repeating: .none, count: blocks)
    let size = Self.block * count
    let slots = UnsafeMutablePointer<Double>.allocate(capacity: Self.group * size)
    let workers = (0..<Threads.count).map { _ in AngularScratch(Self.block, count) }
    defer {
      slots.deallocate()
      for worker in workers { worker.deallocate() }
    }
    unit.elements.withUnsafeBufferPointer { unit in
      steep.withUnsafeBufferPointer { steep in
        byUnit.withUnsafeMutableBufferPointer { byUnit in
          byGiven.withUnsafeMutableBufferPointer { byGiven in
            costs.withUnsafeMutableBufferPointer { costs in
              guard let unit = unit.baseAddress, let steep = steep.baseAddress,
                let byUnit = byUnit.baseAddress, let byGiven = byGiven.baseAddress
              else { return }
              // Blocks have costs and rows of their own.
              nonisolated(unsafe) let (costs, workers) = (costs, workers)
              for first in stride(from: 0, to: blocks, by: Self.group) {
                let tasks = min(Self.group, blocks - first)
                Threads.share(tasks, isWorthwhile: true) { task, worker in
                  costs[first + task] = visit(
                    first + task, slots + task * size, workers[worker], unit, steep, byUnit)
                }
                if Stopping.isDue { return }
                Threads.share(blocks, isWorthwhile: true) { strip, _ in
                  let negatives = rows(of: strip)
                  for task in 0..<tasks {
                    let anchors = rows(of: first + task)
                    Double.addProduct(
                      byGiven + negatives.lowerBound * width,
                      slots + task * size + negatives.lowerBound, stride: count,
                      unit + anchors.lowerBound * width, m: anchors.count, n: negatives.count,
                      k: width, turned: true)
                  }
                }
                if Stopping.isDue { return }
              }
            }
          }
        }
      }
    }
    let cost = costs.reduce(into: TermSum.none) {
      $0.sum += $1.sum
      $0.terms += $1.terms
      $0.active += $1.active
    }
    let factor = factor(cost)
    let gradient = zip(
      given.gradient(byGiven, times: factor * sharpness), self.unit.gradient(byUnit, times: factor)
    ).map(+)
    return (cost, gradient)
  }

  private func rows(of block: Int) -> Range<Int> {
    block * Self.block..<min((block + 1) * Self.block, count)
  }

  /// The cost of the pairs of the anchors of a block, with the derivatives by their products with
  /// negatives in `slopes` and those by the anchors themselves in `byUnit`.
  private func visit(
    _ block: Int, _ slopes: UnsafeMutablePointer<Double>, _ scratch: AngularScratch,
    _ unit: UnsafePointer<Double>, _ steep: UnsafePointer<Double>,
    _ byUnit: UnsafeMutablePointer<Double>
  ) -> TermSum {
    let anchors = rows(of: block)
    let height = anchors.count
    slopes.update(repeating: 0, count: height * count)
    var cost = TermSum.none
    var direct: [Double] = []
    fill(anchors, scratch.anchors, unit, steep)
    let first = classmates[anchors.lowerBound].lowerBound / Self.block
    let last = (classmates[anchors.upperBound - 1].upperBound - 1) / Self.block
    for other in first...last {
      if Stopping.isDue { return cost }
      let positives = rows(of: other)
      let length = positives.count
      var side = scratch.anchors
      if other != block {
        side = scratch.positives
        fill(positives, side, unit, steep)
      }
      Double.setInnerProducts(
        scratch.sums, scratch.anchors.powers, side.powers, m: height, n: length, k: count)
      Double.setInnerProducts(
        scratch.products, unit + anchors.lowerBound * width, unit + positives.lowerBound * width,
        m: height, n: length, k: width)
      for (i, a) in anchors.enumerated() {
        for (j, p) in positives.enumerated() {
          let place = i * length + j
          let sum = scratch.sums[place]
          let own = attraction * scratch.products[place]
          (scratch.sums[place], scratch.products[place]) = (0, 0)
          guard p != a, classmates[a].contains(p) else { continue }
          var push = scratch.anchors.largest[i] + side.largest[j]
          var shares: [Double] = []
          if sum > Self.smallestSum {
            push += Portable.log(sum)
          } else {
            let (x, y) = (scratch.anchors.products + i * count, side.products + j * count)
            (shares, push) = softmax(negatives(of: a).map { x[$0] + y[$0] })
          }
          let (term, slope) = softplus(push - own)
          cost.add(term)
          scratch.products[place] = Double.weight(-slope * attraction)
          if shares.isEmpty {
            scratch.sums[place] = Double.weight(slope / sum)
          } else {
            if direct.isEmpty { direct = [Double](repeating: 0, count: height * count) }
            for (n, share) in zip(negatives(of: a), shares) {
              direct[i * count + n] += slope * share
            }
          }
        }
      }
      Double.addProduct(
        slopes, scratch.sums, stride: length, side.powers, m: height, n: length, k: count,
        turned: false)
      Double.addProduct(
        byUnit + anchors.lowerBound * width, scratch.products, stride: length,
        unit + positives.lowerBound * width, m: height, n: length, k: width, turned: false)
    }
    let powers = scratch.anchors.powers
    for k in 0..<height * count { slopes[k] *= powers[k] }
    for k in direct.indices { slopes[k] += direct[k] }
    Double.addProduct(
      byUnit + anchors.lowerBound * width, slopes, stride: count, steep, m: height, n: count,
      k: width, turned: false)
    return cost
  }

  /// The rows of other classes.
  private func negatives(of row: Int) -> [Int] {
    Array(0..<classmates[row].lowerBound) + Array(classmates[row].upperBound..<count)
  }

  /// The products of some rows with all negatives, times 4t, and their powers.
  private func fill(
    _ rows: Range<Int>, _ side: AngularScratch.Side, _ unit: UnsafePointer<Double>,
    _ steep: UnsafePointer<Double>
  ) {
    Double.setInnerProducts(
      side.products, unit + rows.lowerBound * width, steep, m: rows.count, n: count, k: width)
    side.powers.update(from: side.products, count: rows.count * count)
    for (i, row) in rows.enumerated() {
      let line = side.powers + i * count
      for k in classmates[row] { line[k] = Double.lowest }
      let largest = Double.largest(line, count)
      side.largest[i] = largest
      _ = Double.setPowers(line, count, rate: 1, origin: largest)
      for k in 0..<count { line[k] = line[k] < Self.smallestPower ? 0 : line[k] }
    }
  }
}

/// Memory of one worker.
private struct AngularScratch {
  /// Some rows against all negatives.
  struct Side {
    let products: UnsafeMutablePointer<Double>
    let powers: UnsafeMutablePointer<Double>
    /// The largest product of every row.
    let largest: UnsafeMutablePointer<Double>
  }

  let anchors: Side
  let positives: Side
  /// A number for every pair of two blocks, twice.
  let sums: UnsafeMutablePointer<Double>
  let products: UnsafeMutablePointer<Double>
  private let memory: UnsafeMutablePointer<Double>

  init(_ block: Int, _ count: Int) {
    let size = block * count
    memory = .allocate(capacity: 4 * size + 2 * block * block + 2 * block)
    let squares = memory + 4 * size
    let ends = squares + 2 * block * block
    anchors = Side(products: memory, powers: memory + size, largest: ends)
    positives = Side(
      products: memory + 2 * size, powers: memory + 3 * size, largest: ends + block)
    sums = squares
    products = squares + block * block
  }

  func deallocate() { memory.deallocate() }
}
