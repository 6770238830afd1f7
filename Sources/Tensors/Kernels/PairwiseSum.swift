/// Sums whose error grows with log n: halves are summed apart, in an order fixed by the length.
///
/// Numbers of either precision are added in float64.
enum PairwiseSum {
  /// Below this many terms plain summation is as accurate as it needs to be.
  private static let block = 128
  /// The same for whole rows, which are not interleaved.
  private static let rowBlock = 16

  /// From this many terms on halves are worth a thread each.
  private static let shared = 1 << 17

  /// The sum of `count` neighbours from `start`, its halves on several threads where that is worth it.
  static func sharedSum<Number: StoredNumber>(
    _ x: UnsafeBufferPointer<Number>, from start: Int, count: Int
  ) -> Double {
    guard count >= shared else { return sum(x, from: start, count: count) }
    // The quarters that `sum` would take one after the other.
    let half = half(of: count)
    let (first, third) = (self.half(of: half), self.half(of: count - half))
    let starts = [start, start + first, start + half, start + half + third]
    let counts = [first, half - first, third, count - half - third]
    var parts = [0.0, 0, 0, 0]
    parts.withUnsafeMutableBufferPointer { parts in
      Threads.chunks(4, cost: Double(count) / 4 * 0.15) { range in
        for i in range { parts[i] = sum(x, from: starts[i], count: counts[i]) }
      }
    }
    return (parts[0] + parts[1]) + (parts[2] + parts[3])
  }

  /// Where a sum is parted: a multiple of the interleaving, so that all but the last block are without
  /// a rest.
  private static func half(of count: Int) -> Int { count / 2 / 8 * 8 }

  /// The sum of `count` neighbours from `start`.
  static func sum<Number: StoredNumber>(
    _ x: UnsafeBufferPointer<Number>, from start: Int, count: Int
  ) -> Double {
    if count > block {
      let half = half(of: count)
      return sum(x, from: start, count: half)
        + sum(x, from: start + half, count: count - half)
    }
    if count < 8 {
      var total = 0.0
      for i in 0..<count { total += x[start + i].widened }
      return total
    }
    var sums = SIMD8<Double>.zero
    var i = start
    let end = start + count
    while i + 8 <= end {
      sums += SIMD8(
        x[i].widened, x[i + 1].widened, x[i + 2].widened, x[i + 3].widened,
        x[i + 4].widened, x[i + 5].widened, x[i + 6].widened, x[i + 7].widened)
      i += 8
    }
    let quarters = sums.lowHalf + sums.highHalf
    var total = (quarters.x + quarters.y) + (quarters.z + quarters.w)
    while i < end {
      total += x[i].widened
      i += 1
    }
    return total
  }

  /// Adds `rows` rows of `width` neighbours from `start` into `result`, column by column; from one
  /// row to the next are `stride` places.
  static func sumRows<Number: StoredNumber>(
    _ x: UnsafeBufferPointer<Number>, from start: Int, rows: Int, width: Int, stride: Int,
    into result: UnsafeMutableBufferPointer<Double>
  ) {
    for j in 0..<width { result[j] = 0 }
    if rows <= rowBlock {
      guard let x = x.baseAddress, let sums = result.baseAddress else { return }
      Number.addRows(x + start, stride, rows, sums, width)
      return
    }
    let half = rows / 2
    sumRows(x, from: start, rows: half, width: width, stride: stride, into: result)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { rest in
      sumRows(
        x, from: start + half * stride, rows: rows - half, width: width, stride: stride, into: rest)
      for j in 0..<width { result[j] += rest[j] }
    }
  }
}
