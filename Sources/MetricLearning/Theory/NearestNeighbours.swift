/// The nearest classmates of every row, found in O(n²d) time and O(n·tile) memory.
///
/// Distances are squared and Euclidean; ties go to the lower number. A search that is stopped leaves
/// every row its own neighbour.
struct NearestNeighbours {
  /// For every row the number of the neighbour asked for.
  private(set) var numbers: [Int]
  /// For every row how many others are as near as that neighbour, or nearer, of any label.
  private(set) var withinReach: [Int]

  /// Finds the `ranks[i]`-th nearest row of the label of every row `i`.
  ///
  /// - Precondition: every row has as many classmates.
  init(_ batch: Batch, ranks: [Int]) {
    numbers = Array(0..<batch.count)
    withinReach = [Int](repeating: 0, count: batch.count)
    var nearest = Nearest()
    DistanceSweep(batch).forEachRow { visit in
      nearest.restart(keeping: ranks[visit.row])
      // Most rows are farther than those found so far: they are passed over first.
      var limit = Double.infinity
      for (j, square) in visit.squares.enumerated()
      where square < limit && j != visit.row && visit.isClassmate(j) {
        nearest.offer(square, j)
        limit = nearest.limit
      }
      guard let last = nearest.last else { return }
      numbers[visit.row] = last.number
      withinReach[visit.row] = visit.squares.count { $0 <= last.distance } - 1
    }
  }
}

/// The nearest few of a stream of rows: a heap with the farthest of them on top.
private struct Nearest {
  struct Entry {
    let distance: Double
    let number: Int

    static func > (a: Entry, b: Entry) -> Bool {
      a.distance > b.distance || (a.distance == b.distance && a.number > b.number)
    }
  }

  private var heap: [Entry] = []
  private var count = 0

  /// The farthest of them.
  var last: Entry? { heap.first }

  /// What a distance must be below to be among them.
  var limit: Double { heap.count < count ? .infinity : last?.distance ?? -.infinity }

  mutating func restart(keeping count: Int) {
    self.count = count
    heap.removeAll(keepingCapacity: true)
  }

  mutating func offer(_ distance: Double, _ number: Int) {
    if heap.count < count {
      heap.append(Entry(distance: distance, number: number))
      raiseLast()
    } else if let top = heap.first, distance < top.distance {
      heap[0] = Entry(distance: distance, number: number)
      lowerFirst()
    }
  }

  private mutating func raiseLast() {
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child] > heap[parent] else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func lowerFirst() {
    var parent = 0
    while true {
      var largest = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child] > heap[largest] { largest = child }
      guard largest != parent else { return }
      heap.swapAt(parent, largest)
      parent = largest
    }
  }
}
