import Tensors

/// The nearest rows of every row, exactly: products of tiles say how far rows are, and where that is
/// too close to tell, distances that are computed one by one.
///
/// A row is its own neighbour never, by its number; equally near ones come in the order of their
/// numbers. What products say counts only beyond a bound on what they may have lost, so that the order
/// depends neither on how they round nor on the number of threads.
/// O(n²d) time and O(n·d + tile) memory, beside what is kept of every neighbour asked for.
struct NeighbourSearch {
  private let embeddings: Tensor
  private let distance: Distance

  /// Rows that a worker takes at once, and rows they are compared with meanwhile.
  fileprivate static let height = 256
  fileprivate static let width = 256

  /// A search among the rows of an n×d matrix of finite numbers.
  init(_ embeddings: Tensor, distance: Distance) {
    self.embeddings = embeddings
    self.distance = distance
  }

  /// Visits every row with its nearest others, as many as `depth` asks for or as there are.
  ///
  /// Where `areAlike` says that the visitor does not tell some others of a row apart, they may come
  /// in any order if products say that they are about equally near.
  /// Rows are visited side by side: `body` writes to nothing but what belongs to its row. A search
  /// that is to stop leaves rows out.
  func forEachRow(
    depth: (_ row: Int) -> Int,
    areAlike: (_ row: Int, _ a: Int, _ b: Int) -> Bool = { _, _, _ in false },
    _ body: (_ row: Int, _ neighbours: [Int]) -> Void
  ) {
    guard embeddings.shape[0] > 0 else { return }
    if embeddings.dtype == .float32 {
      Screening<Float>(embeddings, distance).forEachRow(depth, areAlike, body)
    } else {
      Screening<Double>(embeddings, distance).forEachRow(depth, areAlike, body)
    }
  }
}

/// A search with tiles of one precision.
private struct Screening<Number: PairNumber> {
  /// The rows as tiles compare them: those of a distance around their mean, which keeps digits.
  private let tiles: TileRows<Number>
  /// The row at every place of the tiles: scattered, so that the first places stand for all.
  private let order: [Int]
  /// The rows as distances are computed from.
  private let rows: Rows
  private let isSimilarity: Bool
  /// What is taken a product from, by place: half the squared length of a row, 0 for a similarity.
  private let levels: [Number]
  /// The length of the row at every place, and the largest.
  private let lengths: [Double]
  private let longest: Double

  private var count: Int { tiles.count }

  init(_ embeddings: Tensor, _ distance: Distance) {
    let count = embeddings.shape[0]
    // Rows without numbers are all alike.
    let width = max(1, embeddings.shape[1])
    var elements = embeddings.converted(to: .float64).elements
    if embeddings.shape[1] == 0 { elements = [Double](repeating: 0, count: count) }
    isSimilarity = distance.isSimilarity
    rows = Rows(elements, width: width, normalized: distance.normalizes)
    if !isSimilarity, !distance.normalizes {
      Self.center(&elements, count: count, width: width)
    }
    let matrix = Tensor(shape: [count, width], elements: elements)
    order = Self.scattered(count)
    tiles = TileRows<Number>(
      Number.self == Float.self ? matrix.converted(to: .float32) : matrix, width: width,
      normalized: distance.normalizes, order: order)
    lengths = tiles.lengths
    longest = lengths.max() ?? 0
    levels = isSimilarity ? lengths.map { _ in 0 } : lengths.map { Number($0 * $0 / 2) }
  }

  /// All numbers below `count` in steps of the golden ratio, any few of which lie evenly among them.
  private static func scattered(_ count: Int) -> [Int] {
    func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
    var step = Int(Double(count) * 0.618_033_988_75) | 1
    while divisor(step, count) != 1 { step += 2 }
    var place = 0
    return (0..<count).map { _ in
      defer { place = (place + step) % count }
      return place
    }
  }

  /// Moves the mean of the rows to 0: distances stay, and lengths are no longer than they must be.
  private static func center(_ elements: inout [Double], count: Int, width: Int) {
    var mean = [Double](repeating: 0, count: width)
    for i in 0..<count { for k in 0..<width { mean[k] += elements[i * width + k] / Double(count) } }
    guard mean.allSatisfy(\.isFinite) else { return }
    for i in 0..<count { for k in 0..<width { elements[i * width + k] -= mean[k] } }
  }

  /// How far the key of a pair may be from what it would be without rounding; nil where products may
  /// overflow.
  ///
  /// A sum of d products is off by d/2 units in the last place of ‖a‖‖b‖ at most, and a little more
  /// where that is no small share; the rest covers the rounding of rows, lengths and their difference.
  private func slack(_ place: Int) -> Double? {
    let (product, level) = (lengths[place] * longest, longest * longest / 2)
    let ulp = Double(Number.ulpOfOne)
    let share = Double(tiles.width) / 2 * ulp
    guard product + level < Double(Number.greatestFiniteMagnitude) / 8, share < 0.1 else {
      return nil
    }
    let tiny = Double(tiles.width + 16) * Double(Number.leastNormalMagnitude)
    return (share / (1 - share) + 8 * ulp) * product + 4 * ulp * level + tiny
  }

  func forEachRow(
    _ depth: (Int) -> Int, _ areAlike: (Int, Int, Int) -> Bool, _ body: (Int, [Int]) -> Void
  ) {
    let (height, span) = (NeighbourSearch.height, NeighbourSearch.width)
    let groups = (count + height - 1) / height
    let workers = min(Threads.count, groups)
    let tile = UnsafeMutablePointer<Number>.allocate(capacity: workers * height * span)
    defer { tile.deallocate() }
    let isWorthwhile = Double(count) * Double(count) * Double(tiles.width) > 500_000
    Threads.share(groups, isWorthwhile: isWorthwhile) { group, worker in
      let queries = group * height..<min((group + 1) * height, count)
      visit(queries, tile + worker * height * span, depth, areAlike, body)
    }
  }

  /// Finds the nearest of the rows at some places.
  private func visit(
    _ queries: Range<Int>, _ tile: UnsafeMutablePointer<Number>, _ depth: (Int) -> Int,
    _ areAlike: (Int, Int, Int) -> Bool, _ body: (Int, [Int]) -> Void
  ) {
    func shortlist(_ place: Int, guesses: Bool) -> Shortlist<Number> {
      Shortlist(
        keeping: min(max(0, depth(order[place])), count - 1), of: count, slack: slack(place),
        guesses: guesses)
    }
    var lists = queries.map { shortlist($0, guesses: true) }
    compare(queries, &lists, tile)
    for (line, place) in queries.enumerated() {
      if Stopping.isDue { return }
      if !lists[line].isComplete() {
        // A rare bad guess: the row is compared once more.
        lists[line] = shortlist(place, guesses: false)
        compare(place..<place + 1, &lists[line...line], tile)
        if Stopping.isDue { return }
      }
      let row = order[place]
      body(row, ranked(&lists[line], around: row) { areAlike(row, $0, $1) })
    }
  }

  /// Offers all rows to the shortlists of those at some places.
  private func compare(
    _ queries: Range<Int>, _ lists: inout some MutableCollection<Shortlist<Number>>,
    _ tile: UnsafeMutablePointer<Number>
  ) {
    let (span, width) = (NeighbourSearch.width, tiles.width)
    guard lists.contains(where: { $0.wanted > 0 }) else { return }
    tiles.elements.withUnsafeBufferPointer { elements in
      levels.withUnsafeBufferPointer { levels in
        guard let elements = elements.baseAddress, let levels = levels.baseAddress else { return }
        for left in stride(from: 0, to: count, by: span) {
          if Stopping.isDue { return }
          let columns = min(span, count - left)
          Number.setInnerProducts(
            tile, elements + queries.lowerBound * width, elements + left * width, m: queries.count,
            n: columns, k: width)
          for (line, place) in zip(lists.indices, queries) where lists[line].wanted > 0 {
            lists[line].take(
              tile + (place - queries.lowerBound) * columns, levels: levels + left, columns,
              from: left, except: place)
          }
        }
      }
    }
  }

  /// The nearest of a shortlist, nearest first.
  private func ranked(
    _ list: inout Shortlist<Number>, around row: Int, areAlike: (Int, Int) -> Bool
  ) -> [Int] {
    guard list.wanted > 0 else { return [] }
    guard let slack = list.slack else {
      return Array(ordered((0..<count).filter { $0 != row }, around: row).prefix(list.wanted))
    }
    let candidates = list.candidates()
    var rows: [Int] = []
    rows.reserveCapacity(candidates.count)
    var first = 0
    while first < candidates.count, rows.count < list.wanted {
      // Those that follow each other too closely are told apart by their distances.
      rows.append(order[candidates[first].place])
      var next = first + 1
      var isSettled = true
      while next < candidates.count,
        Double(candidates[next].key) - Double(candidates[next - 1].key) <= 2 * slack
      {
        rows.append(order[candidates[next].place])
        isSettled = isSettled && areAlike(rows[first], rows[next])
        next += 1
      }
      if !isSettled {
        rows.replaceSubrange(first..<next, with: ordered(rows[first..<next], around: row))
      }
      first = next
    }
    return Array(rows.prefix(list.wanted))
  }

  /// Rows by their distance and number.
  private func ordered(_ others: some Sequence<Int>, around row: Int) -> [Int] {
    others.map { other in
      let farness =
        isSimilarity ? -rows.dot(row, rows, other) : rows.squaredDistance(row, rows, other)
      return (farness, other)
    }.sorted(by: <).map(\.1)
  }
}
