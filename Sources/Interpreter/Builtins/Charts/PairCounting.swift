import Plots
import Tensors

extension Call {
  /// The pairs that are compared at a time: few enough to hear Ctrl-C in between.
  private static let block = 1_000_000

  /// Similarities or distances of all unordered pairs of rows, counted by whether labels agree.
  func pairCounts() throws -> (PairCounts, PairsHistogram.Measure) {
    let z = try matrix(0).converted(to: .float64)
    let (n, d) = (z.shape[0], z.shape[1])
    let labels = try labels(1, rows: n)
    let word = try choice(2, PairsHistogram.Measure.allCases.map(\.rawValue))
    let measure = PairsHistogram.Measure(rawValue: word) ?? .cosine
    let margin = isNone(3) ? nil : try number(3)
    var elements = z.elements
    var squares = (0..<n).map { row in
      (0..<d).reduce(0.0) { $0 + elements[row * d + $1] * elements[row * d + $1] }
    }
    if measure == .cosine {
      for row in 0..<n where squares[row] > 0 {
        let length = squares[row].squareRoot()
        for column in 0..<d { elements[row * d + column] /= length }
      }
    }
    let longest = squares.filter(\.isFinite).max() ?? 0
    if measure == .cosine { squares = [] }
    var counts = PairCounts(
      range: try range(measure, longest: 2 * longest.squareRoot(), margin: margin), margin: margin)
    let all = Tensor(shape: [n, d], elements: elements).transposed()
    let width = max(1, Self.block / max(1, n))
    for start in stride(from: 0, to: n, by: width) {
      try context.poll()
      let rows = start..<min(start + width, n)
      let part = Tensor(
        shape: [rows.count, d], elements: Array(elements[rows.lowerBound * d..<rows.upperBound * d])
      )
      let products = try Tensor.matmul(part, all).elements
      for row in rows {
        for other in row + 1..<max(n, row + 1) {
          let product = products[(row - start) * n + other]
          let value =
            measure == .cosine
            ? product : max(0, squares[row] + squares[other] - 2 * product).squareRoot()
          counts.add(value, isPositive: labels[row] == labels[other])
        }
      }
    }
    return (counts, measure)
  }

  /// The range of the histogram: all cosines, or all distances that there can be.
  private func range(
    _ measure: PairsHistogram.Measure, longest: Double, margin: Double?
  ) throws -> ClosedRange<Double> {
    if let margin, !margin.isFinite { throw wrong(3, "a finite number") }
    switch measure {
    case .cosine: return -1...1
    case .distance:
      let reach = max(longest, margin ?? 0)
      guard reach.isFinite, reach < 1e150 else {
        throw failure(0, "the distances of \(name) overflow")
      }
      return 0...(reach > 0 ? reach : 1)
    }
  }
}
