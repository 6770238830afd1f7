import Tensors

/// Numbers with few digits near a given one: what a counterexample is easiest to read with.
enum RoundNumber {
  /// Digits after the point tried for all numbers of a sample at once.
  static let decimals = [0, 1, 2, 3, 4, 6, 8]

  static let choiceCount = 12

  /// The `number`-th simpler number near x; nil where it is not simpler.
  static func choice(_ number: Int, for x: Double) -> Double? {
    guard x.isFinite else { return nil }
    let simpler: Double
    switch number {
    case 0: simpler = 0
    case 1: simpler = 1
    case 2: simpler = x < 0 ? -1 : 2
    case 3: simpler = abs(x)
    case 4: simpler = x.rounded()
    case 5: simpler = (x * 2).rounded() / 2
    case 6: simpler = rounded(x, decimals: 1)
    case 7: simpler = rounded(x, digits: 1)
    case 8: simpler = rounded(x, decimals: 2)
    case 9: simpler = rounded(x, digits: 2)
    case 10: simpler = rounded(x, digits: 3)
    default: simpler = rounded(x, digits: 6)
    }
    return cost(simpler) < cost(x) ? simpler + 0 : nil
  }

  static func rounded(_ x: Double, decimals: Int) -> Double {
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    let simple = (x * scale).rounded() / scale
    return simple.isFinite ? simple + 0 : x
  }

  /// Rounded to so many significant digits.
  static func rounded(_ x: Double, digits: Int) -> Double {
    Double(Formatting.c(x, "e", precision: digits - 1)) ?? x
  }

  /// How much there is to read: the length of the number as written, then its size.
  static func cost(_ x: Double) -> Double {
    guard x.isFinite else { return 1e6 }
    if x == 0 { return x.sign == .minus ? 0.5 : 0 }
    return Double(x.shortestDecimal.utf8.count) + min(abs(x), 1e6) * 1e-7
  }

  static func cost(_ rows: [[Double]]) -> Double {
    rows.reduce(0) { $0 + $1.reduce(0) { $0 + cost($1) } }
  }
}

/// Points of the unit sphere that are easy to read.
enum SpherePoint {
  /// Directions are rounded to whole numbers of at most this size.
  static let scales = [1.0, 2, 3, 5, 10, 20, 100]

  /// The points with the fewest digits, in order: of the axes, then 3-4-5 triangles.
  static func choices(_ d: Int) -> [[Double]] {
    guard d > 0, d <= 16 else { return [] }
    func point(_ entries: [(Int, Double)]) -> [Double] {
      var point = [Double](repeating: 0, count: d)
      for (axis, entry) in entries { point[axis] = entry }
      return point
    }
    var points = (0..<d).map { point([($0, 1)]) }
    points += (0..<d).map { point([($0, -1)]) }
    guard d > 1 else { return points }
    for (x, y) in [(0.6, 0.8), (0.8, 0.6), (0.6, -0.8), (-0.6, 0.8), (0.8, -0.6), (-0.8, 0.6)] {
      points.append(point([(0, x), (1, y)]))
    }
    return points
  }

  /// The place of a row among the simplest points; beyond all for any other.
  static func rank(of row: [Double]) -> Int { choices(row.count).firstIndex(of: row) ?? .max }

  /// Every row in the direction of whole numbers up to `scale`; nil where one has none left.
  static func rounded(_ batch: DrawnBatch, scale: Double) throws -> DrawnBatch? {
    let directions = DrawnBatch(rows: batch.rows.map { whole($0, scale) }, labels: batch.labels)
    guard directions.rows.allSatisfy({ row in row.contains { $0 != 0 } }) else { return nil }
    var simple = try directions.normalized()
    for row in batch.rows.indices where rank(of: batch.rows[row]) != .max {
      simple.rows[row] = batch.rows[row]
    }
    return simple
  }

  private static func whole(_ row: [Double], _ scale: Double) -> [Double] {
    let largest = row.reduce(0) { max($0, abs($1)) }
    return row.map { ($0 / largest * scale).rounded() + 0 }
  }

  /// The directions as whole numbers that `normalize` makes exactly these rows of; nil for others.
  static func wholeDirections(_ batch: DrawnBatch) -> [[Double]]? {
    var directions: [[Double]] = []
    for row in batch.rows.indices {
      let alone = batch.keeping([row])
      let found = scales.lazy.map { DrawnBatch(rows: [whole(alone.rows[0], $0)], labels: [0]) }
        .first {
          (try? $0.normalized().rows) == alone.rows
        }
      guard let found else { return nil }
      directions.append(found.rows[0])
    }
    return directions
  }

  /// How much there is to read.
  static func cost(_ batch: DrawnBatch) -> Double {
    batch.rows.indices.reduce(0) { cost, row in
      let rank = rank(of: batch.rows[row])
      if rank != .max { return cost + Double(rank) * 0.01 }
      let alone = batch.keeping([row])
      guard let whole = wholeDirections(alone)?.first else { return cost + 1000 }
      return cost + 1 + whole.reduce(0) { $0 + abs($1) }
    }
  }
}
