import Tensors

/// The rows that may be among the nearest of a stream of tiles, with keys that grow with distance.
///
/// Keys are inexact by `slack` at most. So the list keeps all whose key is within twice that of a key
/// that has enough before it, and throws out the rest whenever it has grown to twice its length: a
/// constant time for every row that is offered. If rows come in an order that has nothing to do with
/// their keys, the first of them also tell which keys are hopeless; `isComplete` says whether that
/// was right.
struct Shortlist<Number: PairNumber> {
  /// How many rows are wanted.
  let wanted: Int
  /// What keys may be off by; nil where they say nothing.
  let slack: Double?
  /// Keys and places of the first `count` are the list; behind them there is room.
  private var keys: [Number] = []
  private var places: [Int32] = []
  private var count = 0
  /// Keys above it are passed over.
  private var limit = Number.infinity
  /// A limit that some wanted rows may be beyond.
  private var guess = Number.infinity
  /// What share of all rows is wanted, until a guess is made; nil for none.
  private var share: Double?
  /// How long the list may grow before it is looked through.
  private var capacity: Int

  /// So many of the first rows tell what the others are like.
  private static var sample: Int { 512 }

  /// Keeps some of `total` rows, of which the first may be taken for a sample.
  init(keeping wanted: Int, of total: Int, slack: Double?, guesses: Bool) {
    self.wanted = wanted
    self.slack = slack
    capacity = 2 * wanted + 64
    if guesses, Self.sample < total / 2 { share = Double(wanted) / Double(total) }
  }

  /// Whether all wanted rows of those that were taken are in the list.
  mutating func isComplete() -> Bool {
    guard guess < .infinity else { return true }
    shorten()
    return limit <= guess
  }

  /// The rows that may be among the nearest, by their keys.
  mutating func candidates() -> [(key: Number, place: Int)] {
    shorten()
    return (0..<count).map { (key: keys[$0], place: Int(places[$0])) }.sorted { $0.key < $1.key }
  }

  /// Takes what is near enough of a line of `columns` inner products, whose places begin at `start`.
  mutating func take(
    _ products: UnsafePointer<Number>, levels: UnsafePointer<Number>, _ columns: Int,
    from start: Int, except own: Int
  ) {
    guard slack != nil else { return }
    makeRoom(for: columns)
    let old = count
    keys.withUnsafeMutableBufferPointer { keys in
      places.withUnsafeMutableBufferPointer { places in
        guard let keys = keys.baseAddress, let places = places.baseAddress else { return }
        count += Number.within(
          min(limit, guess), products, levels: levels, columns, keys: keys + old,
          places: places + old)
        for j in old..<count { places[j] += Int32(start) }
      }
    }
    if start..<start + columns ~= own, let found = places[old..<count].firstIndex(of: Int32(own)) {
      count -= 1
      keys[found] = keys[count]
      places[found] = places[count]
    }
    if let share {
      guard start + columns >= Self.sample else { return }
      makeGuess(share)
    }
    guard count > capacity else { return }
    shorten()
    // Where very many are equally near, looking through them again finds nothing new.
    capacity = max(capacity, 2 * count)
  }

  private mutating func makeRoom(for columns: Int) {
    guard keys.count < count + columns else { return }
    let missing = max(capacity, count) + columns - keys.count
    keys += repeatElement(0, count: missing)
    places += repeatElement(0, count: missing)
  }

  /// Throws out what has enough rows before it.
  private mutating func shorten() {
    guard let slack, count >= wanted, wanted > 0 else { return }
    // Rounded up, for the sum may be no number of this precision.
    limit = min(limit, Number(Double(bound(of: wanted)) + 2 * slack).nextUp)
    keep(upTo: limit)
  }

  /// Throws out what is likely to have enough rows before it: behind as many of the sample as are
  /// wanted of it, and three deviations more.
  private mutating func makeGuess(_ share: Double) {
    self.share = nil
    let expected = Double(count) * share
    let rank = 1 + Int(expected + 3 * expected.squareRoot())
    guard rank < min(wanted, count) / 2 else { return }
    guess = bound(of: rank)
    keep(upTo: guess)
  }

  /// A key that is not smaller than the `rank` smallest ones, and than a quarter more of them at most.
  private func bound(of rank: Int) -> Number {
    withUnsafeTemporaryAllocation(of: Number.self, capacity: count) { scratch in
      keys.withUnsafeBufferPointer { _ = scratch.initialize(from: $0.prefix(count)) }
      return scratch.bound(of: rank)
    }
  }

  private mutating func keep(upTo limit: Number) {
    var kept = 0
    keys.withUnsafeMutableBufferPointer { keys in
      places.withUnsafeMutableBufferPointer { places in
        // Without a branch, which nothing could foretell.
        for j in 0..<count {
          let (key, place) = (keys[j], places[j])
          keys[kept] = key
          places[kept] = place
          kept += key <= limit ? 1 : 0
        }
      }
    }
    count = kept
  }
}

extension UnsafeMutableBufferPointer where Element: Comparable {
  /// An element that is not smaller than the `count` smallest ones, and than a quarter more of them at
  /// most, equal ones aside; the elements change places.
  ///
  /// - Precondition: 1 ≤ count ≤ self.count, and all elements can be compared.
  fileprivate func bound(of count: Int) -> Element {
    var range = startIndex..<endIndex
    while range.count > 1 {
      let pivot = middleOfThree(range)
      let smaller = moveForward(in: range) { $0 < pivot }
      if count...count + count / 4 ~= smaller { return pivot }
      if count <= smaller {
        range = range.lowerBound..<smaller
        continue
      }
      // Those equal to the pivot come next, so that every round leaves out one at least.
      let equal = moveForward(in: smaller..<range.upperBound) { !(pivot < $0) }
      if count <= equal { return pivot }
      range = equal..<range.upperBound
    }
    return self[range.lowerBound]
  }

  /// The middle one of the first, the middle and the last of a range.
  private func middleOfThree(_ range: Range<Int>) -> Element {
    let (a, b) = (self[range.lowerBound], self[range.lowerBound + range.count / 2])
    let c = self[range.upperBound - 1]
    return Swift.max(Swift.min(a, b), Swift.min(Swift.max(a, b), c))
  }

  /// Moves what meets a condition to the front of a range, and says where the rest begins.
  @inline(__always)
  private func moveForward(in range: Range<Int>, _ condition: (Element) -> Bool) -> Int {
    // Without a branch, which nothing could foretell.
    var front = range.lowerBound
    for j in range {
      let element = self[j]
      self[j] = self[front]
      self[front] = element
      front += condition(element) ? 1 : 0
    }
    return front
  }
}
