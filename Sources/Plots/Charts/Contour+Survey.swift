extension Contour {
  /// What one pass over the nodes finds out.
  struct Survey: Sendable {
    struct Node: Sendable {
      let point: Point
      let value: Double
    }

    private(set) var extent = Extent()
    private(set) var lowest: Node?
    private(set) var highest: Node?
    /// The values that have lines, ascending.
    private(set) var levels: [Double] = []
    private var unusable = 0

    /// The most lines of different values.
    private static let mostLevels = 8

    init(_ values: [[Double]], x: Limits, y: Limits) {
      var usable: [Double] = []
      for (row, entries) in values.enumerated() {
        for (column, value) in entries.enumerated() {
          guard value.isDrawable else {
            unusable += 1
            continue
          }
          usable.append(value)
          extent.include(value)
          guard value < lowest?.value ?? .infinity || value > highest?.value ?? -.infinity else {
            continue
          }
          let node = Node(
            point: Point(
              x.lower + Double(column) / Double(entries.count - 1) * x.span,
              y.lower + Double(row) / Double(values.count - 1) * y.span), value: value)
          if value < lowest?.value ?? .infinity { lowest = node }
          if value > highest?.value ?? -.infinity { highest = node }
        }
      }
      levels = Self.levels(usable.sorted(), extent)
    }

    /// Round values, unless these would have nearly everything between two of them.
    private static func levels(_ sorted: [Double], _ extent: Extent) -> [Double] {
      let span = extent.upper - extent.lower
      guard !extent.isEmpty, span > 1e-12 * max(abs(extent.lower), abs(extent.upper)) else {
        return []
      }
      let round = Ticks.linear(Limits(covering: extent)) { $0.count <= mostLevels }.map(\.value)
        .filter { $0 > extent.lower && $0 < extent.upper }
      let bounds = [-Double.infinity] + round + [.infinity]
      let fullest = zip(bounds, bounds.dropFirst()).map { low, high in
        sorted.count { $0 >= low && $0 < high }
      }.max()
      if let fullest, fullest * 10 < sorted.count * 7 { return round }
      let quantiles = (1...mostLevels).map { index in
        sorted[index * (sorted.count - 1) / (mostLevels + 1)]
      }.map { DecimalNumber($0, significant: 2).value }
      return quantiles.reduce(into: []) { levels, level in
        if level > levels.last ?? extent.lower, level < extent.upper { levels.append(level) }
      }
    }

    var remarks: [String] {
      var remarks: [String] = []
      if !extent.isEmpty, levels.isEmpty {
        remarks.append("Everywhere \(compactLabel(extent.lower)).")
      }
      if unusable > 0 {
        remarks.append("\(counted(unusable, "node")) of the grid left out: nan or infinite.")
      }
      return remarks
    }
  }
}
