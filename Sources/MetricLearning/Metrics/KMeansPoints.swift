import Tensors

/// The points that k-means puts into clusters, with the steps it is made of.
struct KMeansPoints {
  /// How many numbers a point has.
  let width: Int
  private let rows: Rows
  private let tiles: TileRows<Double>
  private let lengths: [Double]
  private let longest: Double

  /// Points that a worker takes at once, and products that it has room for.
  private static let part = 256
  private static let room = 1 << 20

  init(_ z: Tensor) {
    width = z.shape[1]
    var elements = z.converted(to: .float64).elements
    // Points without numbers are all alike.
    if width == 0 { elements = [Double](repeating: 0, count: z.shape[0]) }
    rows = Rows(elements, width: max(1, width), normalized: false)
    tiles = TileRows(
      Tensor(shape: [rows.count, rows.width], elements: elements), width: rows.width,
      normalized: false)
    lengths = tiles.lengths
    longest = lengths.max() ?? 0
  }

  private var count: Int { rows.count }

  /// Given centers, k×d.
  func centers(_ matrix: Tensor) -> Rows {
    var elements = matrix.converted(to: .float64).elements
    if width == 0 { elements = [Double](repeating: 0, count: matrix.shape[0]) }
    return Rows(elements, width: rows.width, normalized: false)
  }

  private func centers(at places: [Int]) -> Rows {
    Rows(
      vectors: places.flatMap { rows.vectors[$0 * rows.stride..<($0 + 1) * rows.stride] },
      like: rows)
  }

  /// k points, each drawn with a chance that grows with the squared distance from those before:
  /// k-means++ (Arthur, Vassilvitskii 2007).
  func spreadCenters(_ k: Int, _ random: inout Random) -> Rows {
    var chosen = [min(count - 1, Int(random.uniform() * Double(count)))]
    var nearest = [Double](repeating: .infinity, count: count)
    while chosen.count < k, !Stopping.isDue {
      approach(&nearest, chosen[chosen.count - 1])
      let total = nearest.reduce(0, +)
      guard total > 0, total.isFinite else {
        // All points are taken or too far to weigh: the next number that is free.
        let taken = Set(chosen)
        chosen.append((0..<count).first { !taken.contains($0) } ?? 0)
        continue
      }
      var left = random.uniform() * total
      let drawn = nearest.firstIndex { square in
        left -= square
        return left < 0
      }
      chosen.append(drawn ?? nearest.lastIndex { $0 > 0 } ?? 0)
    }
    return centers(at: chosen)
  }

  /// Lowers the squared distances of points from their nearest center to those from a new one.
  private func approach(_ nearest: inout [Double], _ center: Int) {
    nearest.withUnsafeMutableBufferPointer { nearest in
      // A worker writes to its own points.
      nonisolated(unsafe) let nearest = nearest
      forEachPart(cost: rows.width) { part in
        for i in part { nearest[i] = min(nearest[i], rows.squaredDistance(i, rows, center)) }
      }
    }
  }

  /// The number of the nearest center of every point, found sooner where it is the `expected` one.
  func assigned(to centers: Rows, expected: [Int]? = nil) -> [Int] {
    let k = centers.count
    let elements = centers.elements
    let levels = (0..<k).map { centers.dot($0, centers, $0) / 2 }
    let farthest = max(longest, (2 * (levels.max() ?? 0)).squareRoot())
    var numbers = [Int](repeating: 0, count: count)
    numbers.withUnsafeMutableBufferPointer { numbers in
      // A worker writes to its own points.
      nonisolated(unsafe) let numbers = numbers
      let length = max(1, min(Self.part, Self.room / k))
      forEachPart(of: length, cost: k * rows.width) { part in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: part.count * k) { tile in
          guard let line = tile.baseAddress else { return }
          tiles.elements.withUnsafeBufferPointer { points in
            elements.withUnsafeBufferPointer { centers in
              guard let points = points.baseAddress, let centers = centers.baseAddress else {
                return
              }
              Double.setInnerProducts(
                line, points + part.lowerBound * rows.width, centers, m: part.count, n: k,
                k: rows.width)
            }
          }
          withUnsafeTemporaryAllocation(of: Double.self, capacity: k) { keys in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: k) { places in
              guard let keys = keys.baseAddress, let places = places.baseAddress else { return }
              for i in part {
                let products = line + (i - part.lowerBound) * k
                // As in a search of neighbours: what the products may have lost.
                let scale = lengths[i] * farthest + farthest * farthest / 2
                let slack = Double(rows.width + 16) * Double.ulpOfOne * scale
                let known = expected?[i] ?? 0
                let limit = levels[known] - products[known] + 2 * slack
                // Where numbers overflow, products say nothing.
                let found =
                  limit.isFinite
                  ? Double.within(limit, products, levels: levels, k, keys: keys, places: places)
                  : 0
                numbers[i] = nearest(i, keys, places, found, slack, centers)
              }
            }
          }
        }
      }
    }
    return numbers
  }

  /// The nearest of some centers by their keys; by differences where these say too little, and of all
  /// centers where there are no keys.
  private func nearest(
    _ i: Int, _ keys: UnsafePointer<Double>, _ places: UnsafePointer<Int32>, _ count: Int,
    _ slack: Double, _ centers: Rows
  ) -> Int {
    if count == 1 { return Int(places[0]) }
    let best = (0..<count).reduce(Double.infinity) { min($0, keys[$1]) }
    let close = (0..<count).filter { keys[$0] <= best + 2 * slack }.map { Int(places[$0]) }
    if close.count == 1 { return close[0] }
    var (least, nearest) = (Double.infinity, close.first ?? 0)
    for number in close.isEmpty ? Array(0..<centers.count) : close {
      let square = rows.squaredDistance(i, centers, number)
      if square < least { (least, nearest) = (square, number) }
    }
    return nearest
  }

  /// The mean of the points of every cluster, added up in blocks that only the number of points
  /// decides; each cluster has some.
  func means(of clusters: [Int], count k: Int) -> Rows {
    let width = rows.width
    let blocks = max(1, min(16, clusters.count / 1024))
    let length = (clusters.count + blocks - 1) / blocks
    var sums = [Double](repeating: 0, count: blocks * k * width)
    sums.withUnsafeMutableBufferPointer { sums in
      tiles.elements.withUnsafeBufferPointer { points in
        guard let points = points.baseAddress, let sums = sums.baseAddress else { return }
        // A task writes to the sums of its own block.
        nonisolated(unsafe) let own = sums
        let isWorthwhile = clusters.count * width > 50_000
        Threads.share(blocks, isWorthwhile: isWorthwhile) { block, _ in
          for i in block * length..<min((block + 1) * length, clusters.count) {
            let sum = own + (block * k + clusters[i]) * width
            Double.setTangent(sum, sum, points + i * width, width, along: -1, scale: 1)
          }
        }
        for block in 1..<blocks {
          Double.setTangent(sums, sums, sums + block * k * width, k * width, along: -1, scale: 1)
        }
      }
    }
    var sizes = [Double](repeating: 0, count: k)
    for cluster in clusters { sizes[cluster] += 1 }
    let means = (0..<k * width).map { sums[$0] / max(1, sizes[$0 / width]) }
    return Rows(means, width: width, normalized: false)
  }

  /// The clusters with a point in each: one that had none gets the point that is farthest from its
  /// center, of those that share theirs.
  func filled(_ assigned: [Int], _ centers: Rows) -> [Int] {
    var sizes = [Int](repeating: 0, count: centers.count)
    for cluster in assigned { sizes[cluster] += 1 }
    guard sizes.contains(0) else { return assigned }
    var clusters = assigned
    var squares = squares(to: centers, clusters)
    for empty in sizes.indices where sizes[empty] == 0 {
      var farthest: Int?
      for i in squares.indices where sizes[clusters[i]] > 1 {
        if let known = farthest, squares[i] <= squares[known] { continue }
        farthest = i
      }
      guard let farthest else { break }
      sizes[clusters[farthest]] -= 1
      sizes[empty] = 1
      clusters[farthest] = empty
      squares[farthest] = 0
    }
    return clusters
  }

  /// The squared distance of every point from its center.
  func squares(to centers: Rows, _ clusters: [Int]) -> [Double] {
    clusters.enumerated().map { rows.squaredDistance($0, centers, $1) }
  }

  /// Visits all points, on several threads if that is worth it; a point costs so many operations.
  private func forEachPart(of length: Int = part, cost: Int, _ body: (Range<Int>) -> Void) {
    let parts = (count + length - 1) / length
    Threads.share(parts, isWorthwhile: Double(count) * Double(cost) > 500_000) { part, _ in
      if Stopping.isDue { return }
      body(part * length..<min((part + 1) * length, count))
    }
  }
}
