import Tensors

/// All unordered pairs of the rows of a batch, in tiles: blocks of rows against blocks of rows.
///
/// Rows are sorted by class, so that the pairs of a row in a tile are at most three stretches of
/// neighbours of one kind. The inner products of a tile are made by BLAS, turned into weights in
/// cache, and carried back to both blocks by BLAS: O(n²d) time, O(n·tile) memory. Pairs of blocks
/// that share none are visited side by side, in rounds as a tournament has them; what a row is added
/// comes in the order of the rounds, whatever the number of threads.
struct PairTiles<Number: PairNumber> {
  /// How many rows there are, and numbers in each.
  let count: Int
  let width: Int
  /// The rows, sorted by class and of unit length where the distance asks for it.
  var rows: [Number] { source.elements }
  /// The squared length of every row.
  let squares: [Number]
  /// For every row the rows of its class.
  let classmates: [Range<Int>]
  /// The row of the batch at every place.
  let order: [Int]
  private let source: TileRows<Number>
  /// Rows of a block.
  let block: Int

  /// The pairs of a batch; rows are divided by their lengths if `normalized`.
  init(_ batch: Batch, normalized: Bool) {
    let (count, width) = (batch.count, batch.width)
    let order = batch.classes.rowsInOrder
    let rows = TileRows<Number>(
      batch.given, width: width, normalized: normalized, order: order)
    self.count = count
    self.width = width
    self.order = order
    source = rows
    squares = rows.elements.withUnsafeBufferPointer { elements in
      guard let row = elements.baseAddress else { return [] }
      return (0..<count).map {
        Number(Number.product(row + $0 * width, row + $0 * width, width))
      }
    }
    classmates = batch.classes.rangesInOrder
    block = count <= 256 ? 64 : count <= 1024 ? 128 : 256
  }

  /// The rows of a block.
  private func rows(of block: Int) -> Range<Int> {
    block * self.block..<min((block + 1) * self.block, count)
  }

  /// The gradient by the rows of the batch, in their order, from `factor` times one by these rows.
  func gradient(_ byRows: [Number], times factor: Double) -> Tensor {
    Number.tensor(shape: [count, width], source.gradient(byRows, times: factor))
  }
}

/// Two blocks of rows whose pairs are visited together; the same block twice for its own pairs.
struct BlockPair {
  /// The rows of the first block, and those of the second.
  let rows: Range<Int>
  let columns: Range<Int>
  /// Its place in the order of all pairs of blocks.
  let number: Int

  /// Whether it is a block against itself: every pair is then met twice.
  var isDiagonal: Bool { rows.lowerBound == columns.lowerBound }
}

/// Memory of one worker.
struct TileScratch<Number: PairNumber> {
  /// Room for the pairs of two blocks.
  let tile: UnsafeMutablePointer<Number>
  /// The same again.
  let other: UnsafeMutablePointer<Number>
  /// Room for a number for every column, twice.
  let sums: UnsafeMutablePointer<Number>
  let otherSums: UnsafeMutablePointer<Number>
}

extension PairTiles {
  /// How many pairs of blocks there are.
  var pairCount: Int { blockCount * (blockCount + 1) / 2 }

  private var blockCount: Int { (count + block - 1) / block }

  /// Visits all pairs of blocks, disjoint ones side by side, until it is time to stop.
  func forEachPair(_ body: (BlockPair, TileScratch<Number>) -> Void) {
    let workers = Threads.count
    let area = block * block
    let size = 2 * area + 2 * block
    let scratch = UnsafeMutablePointer<Number>.allocate(capacity: workers * size)
    defer { scratch.deallocate() }
    var number = 0
    for round in 0..<roundCount {
      if Stopping.isDue { return }
      let pairs = pairs(of: round)
      let first = number
      let work = pairs.count * block * block * (width + 16)
      Threads.share(pairs.count, isWorthwhile: work > 500_000) { task, worker in
        // Of very many rows a round takes long.
        if Stopping.isDue { return }
        let (i, j) = pairs[task]
        let tile = scratch + worker * size
        body(
          BlockPair(rows: rows(of: i), columns: rows(of: j), number: first + task),
          TileScratch(
            tile: tile, other: tile + area, sums: tile + 2 * area,
            otherSums: tile + 2 * area + block))
      }
      number += pairs.count
    }
  }

  /// One round for every block with itself, then those of a tournament, in which every block meets
  /// every other once.
  private var roundCount: Int { max(1, players) }

  /// The blocks, and one more to sit out against if they are odd.
  private var players: Int { blockCount + blockCount % 2 }

  /// The pairs of blocks of a round; none shares a block with another.
  private func pairs(of round: Int) -> [(Int, Int)] {
    guard round > 0 else { return (0..<blockCount).map { ($0, $0) } }
    // All but the last sit around a table and move by one place a round.
    let seats = players - 1
    return (0..<players / 2).compactMap { k in
      let i = k == 0 ? seats : (round - 1 + k) % seats
      let j = (round - 1 + seats - k) % seats
      return max(i, j) < blockCount ? (min(i, j), max(i, j)) : nil
    }
  }

  /// Visits the columns of a pair of blocks as row `i` sees them: classmates, and the others on both
  /// sides; without itself.
  @inline(__always)
  func forEachStretch(
    _ i: Int, _ columns: Range<Int>, _ body: (_ columns: Range<Int>, _ isPositive: Bool) -> Void
  ) {
    let mates = classmates[i]
    func visit(_ lower: Int, _ upper: Int, _ isPositive: Bool) {
      let lower = max(lower, columns.lowerBound)
      let upper = min(upper, columns.upperBound)
      if lower < upper { body(lower..<upper, isPositive) }
    }
    visit(0, mates.lowerBound, false)
    visit(mates.lowerBound, i, true)
    visit(i + 1, mates.upperBound, true)
    visit(mates.upperBound, count, false)
  }

  /// Adds the weights of a tile, carried back, to the gradient by the rows.
  func carryBack(
    _ pair: BlockPair, _ tile: UnsafePointer<Number>, rows: UnsafePointer<Number>,
    gradient: UnsafeMutablePointer<Number>
  ) {
    let (height, length) = (pair.rows.count, pair.columns.count)
    let (top, left) = (pair.rows.lowerBound * width, pair.columns.lowerBound * width)
    Number.addProduct(
      gradient + top, tile, stride: length, rows + left, m: height, n: length, k: width,
      turned: false)
    if !pair.isDiagonal {
      Number.addProduct(
        gradient + left, tile, stride: length, rows + top, m: height, n: length, k: width,
        turned: true)
    }
  }
}
