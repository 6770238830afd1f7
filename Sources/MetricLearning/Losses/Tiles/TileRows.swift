import Tensors

/// The rows of a matrix in the precision of tiles, divided by their lengths where a loss asks for it.
struct TileRows<Number: PairNumber> {
  /// How many rows there are, and numbers in each.
  let count: Int
  let width: Int
  /// The rows, one after the other.
  let elements: [Number]
  /// The length every row had before, nil if rows are as given.
  private let divisors: [Double]?
  /// The row of the matrix at every place, nil if they lie as given.
  private let order: [Int]?

  /// Rows that a thread takes at once.
  private static var part: Int { 64 }

  /// The rows of a matrix of `width` numbers each, in another order if one is given.
  init(_ matrix: Tensor, width: Int, normalized: Bool, order: [Int]? = nil) {
    let given = Number.elements(of: matrix)
    let count = given.count / width
    self.count = count
    self.width = width
    self.order = order
    guard normalized || order != nil else {
      elements = given
      divisors = nil
      return
    }
    var rows = [Number](repeating: 0, count: count * width)
    var lengths = [Double](repeating: 1, count: count)
    given.withUnsafeBufferPointer { given in
      rows.withUnsafeMutableBufferPointer { rows in
        lengths.withUnsafeMutableBufferPointer { lengths in
          guard let from = given.baseAddress, let to = rows.baseAddress else { return }
          // A task writes to its own rows.
          nonisolated(unsafe) let lengths = lengths
          Self.share(count, width) { place in
            let row = from + (order?[place] ?? place) * width
            if normalized { lengths[place] = Number.length(row, width) }
            Number.setTangent(
              to + place * width, row, row, width, along: 0,
              scale: lengths[place] > 0 ? 1 / lengths[place] : 1)
          }
        }
      }
    }
    elements = rows
    divisors = normalized ? lengths : nil
  }

  /// The lengths of the rows: 1 or 0 where they are normalised.
  var lengths: [Double] {
    if let divisors { return divisors.map { $0 > 0 ? 1 : 0 } }
    return elements.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return [] }
      return (0..<count).map { Number.length(rows + $0 * width, width) }
    }
  }

  /// Adds `factor` times row `i` to row `target` of a gradient by rows.
  func add(_ i: Int, times factor: Double, to gradient: inout [Number], row target: Int) {
    elements.withUnsafeBufferPointer { rows in
      gradient.withUnsafeMutableBufferPointer { gradient in
        guard let row = rows.baseAddress, let gradient = gradient.baseAddress else { return }
        let sum = gradient + target * width
        Number.setTangent(sum, sum, row + i * width, width, along: -factor, scale: 1)
      }
    }
  }

  /// The gradient by the matrix as given, from `factor` times one by these rows:
  /// `(I − uuᵀ)∇ᵤ/‖z‖` (theory §1.2, T12), 0 for a zero row.
  func gradient(_ byRows: [Number], times factor: Double) -> [Number] {
    var result = [Number](repeating: 0, count: count * width)
    result.withUnsafeMutableBufferPointer { result in
      byRows.withUnsafeBufferPointer { byRows in
        elements.withUnsafeBufferPointer { rows in
          guard let byRows = byRows.baseAddress, let rows = rows.baseAddress,
            let result = result.baseAddress
          else { return }
          Self.share(count, width) { place in
            let (g, u) = (byRows + place * width, rows + place * width)
            var (along, scale) = (0.0, factor)
            if let divisors {
              guard divisors[place] > 0 else { return }
              along = Number.product(g, u, width)
              scale = factor / divisors[place]
            }
            Number.setTangent(
              result + (order?[place] ?? place) * width, g, u, width, along: along, scale: scale)
          }
        }
      }
    }
    return result
  }

  /// Visits all rows, on several threads if there are many.
  private static func share(_ count: Int, _ width: Int, _ body: (Int) -> Void) {
    Threads.share((count + part - 1) / part, isWorthwhile: count * width > 100_000) { task, _ in
      for place in task * part..<min((task + 1) * part, count) { body(place) }
    }
  }
}

extension Array where Element: PairNumber {
  /// Multiplies every number by `factor`.
  mutating func scale(by factor: Double) {
    let count = count
    withUnsafeMutableBufferPointer { numbers in
      guard let numbers = numbers.baseAddress else { return }
      Element.setTangent(numbers, numbers, numbers, count, along: 0, scale: factor)
    }
  }
}
