import Tensors

/// The rows that may be among the nearest of a stream of tiles, with keys that grow with distance.
///
/// Keys are inexact by `slack` at most. So the list keeps all whose key is within twice that of the
/// key that has just enough before it, and throws out the rest whenever it has grown to twice its
/// length: a constant time for every row that is offered.
struct Shortlist<Number: PairNumber> {
  /// How many rows are wanted.
  let wanted: Int
  /// What keys may be off by; nil where they say nothing.
  let slack: Double?
  private var keys: [Number] = []
  private var places: [Int32] = []
  /// Keys above it are passed over.
  private var limit = Number.infinity
  /// How long the list may grow before it is looked through.
  private var capacity: Int

  init(keeping wanted: Int, slack: Double?) {
    self.wanted = wanted
    self.slack = slack
    capacity = 2 * wanted + 64
  }

  /// The rows that may be among the nearest, by their keys.
  var candidates: [(key: Number, row: Int)] {
    var list = self
    list.shorten()
    return zip(list.keys, list.places).map { (key: $0, row: Int($1)) }.sorted { $0.key < $1.key }
  }

  /// Takes what is near enough of a line of `count` inner products, whose rows begin at `start`.
  mutating func take(
    _ products: UnsafePointer<Number>, levels: UnsafePointer<Number>, _ count: Int,
    from start: Int, except row: Int
  ) {
    guard slack != nil else { return }
    withUnsafeTemporaryAllocation(of: Number.self, capacity: count) { nearKeys in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { nearPlaces in
        guard let newKeys = nearKeys.baseAddress, let newPlaces = nearPlaces.baseAddress else {
          return
        }
        let found = Number.within(
          limit, products, levels: levels, count, keys: newKeys, places: newPlaces)
        for j in 0..<found where start + Int(newPlaces[j]) != row {
          keys.append(newKeys[j])
          places.append(Int32(start) + newPlaces[j])
        }
      }
    }
    guard keys.count > capacity else { return }
    shorten()
    // Where very many are equally near, looking through them again finds nothing new.
    capacity = max(capacity, 2 * keys.count)
  }

  /// Throws out what has enough rows before it.
  private mutating func shorten() {
    guard let slack, keys.count > wanted, wanted > 0 else { return }
    var sorted = keys
    let last = Double(sorted.selectSmallest(wanted))
    // Rounded up, for the sum may be no number of this precision.
    limit = min(limit, Number(last + 2 * slack).nextUp)
    var kept = 0
    for j in keys.indices where keys[j] <= limit {
      keys[kept] = keys[j]
      places[kept] = places[j]
      kept += 1
    }
    keys.removeLast(keys.count - kept)
    places.removeLast(places.count - kept)
  }
}

extension Array where Element: Comparable {
  /// The `count`th smallest element, counted from 1; the elements change places.
  ///
  /// - Precondition: 1 ≤ count ≤ self.count, and all elements can be compared.
  fileprivate mutating func selectSmallest(_ count: Int) -> Element {
    var (low, high) = (0, self.count - 1)
    let target = count - 1
    while low < high {
      // The middle of three, so that what is sorted already takes no longer.
      let middle = (low + high) / 2
      if self[middle] < self[low] { swapAt(middle, low) }
      if self[high] < self[low] { swapAt(high, low) }
      if self[high] < self[middle] { swapAt(high, middle) }
      let pivot = self[middle]
      var (i, j) = (low, high)
      while i <= j {
        while self[i] < pivot { i += 1 }
        while pivot < self[j] { j -= 1 }
        if i <= j {
          swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if target <= j { high = j } else if target >= i { low = i } else { break }
    }
    return self[target]
  }
}
