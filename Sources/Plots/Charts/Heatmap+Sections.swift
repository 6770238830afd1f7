extension Heatmap {
  /// One side of the matrix: its rows, or its columns, in the order in which they are drawn.
  struct Side: Sendable {
    /// Neighbours of one class.
    struct Section: Sendable {
      /// The class number; nil where there are no classes.
      let number: Int?
      /// Where the section lies in `order`.
      let range: Range<Int>
    }

    /// The rows, or columns, from first to last.
    let order: [Int]
    let sections: [Section]

    /// A side as it is.
    init(count: Int) {
      order = Array(0..<count)
      sections = [Section(number: nil, range: 0..<count)]
    }

    /// A side sorted by class, neighbours of one class in their old order.
    init(sortedBy classes: ClassTable, count: Int) {
      let numbers = (0..<count).map { classes.number(ofPoint: $0) }
      let order = (0..<count).sorted { (numbers[$0], $0) < (numbers[$1], $1) }
      var sections: [Section] = []
      var start = 0
      for end in 1..<(count + 1) where end == count || numbers[order[end]] != numbers[order[start]]
      {
        sections.append(Section(number: numbers[order[start]], range: start..<end))
        start = end
      }
      self.order = order
      self.sections = sections
    }

    /// For each section, the neighbours that share a cell when `cells` are shared out; together
    /// with a line between sections they take at most `cells`, where the sections are large enough.
    ///
    /// With `even`, each section gets an even number of cells, the lines not counted.
    func divided(into cells: Int, even: Bool = false) -> [[Range<Int>]] {
      let unit = even ? 2 : 1
      let lines = (sections.count - 1) * unit
      let hasLines =
        sections.count * 2 <= order.count + 1 && sections.count * unit * 2 <= cells - lines + 1
      let parts = hasLines ? sections.map(\.range) : [0..<order.count]
      let room = hasLines ? cells - lines : cells
      var counts = parts.map { part in
        let share = min(part.count, part.count * room / max(1, order.count))
        return max(unit, (share + unit - 1) / unit * unit)
      }
      while counts.reduce(0, +) > room,
        let widest = counts.indices.max(by: { counts[$0] < counts[$1] }),
        counts[widest] > unit
      {
        counts[widest] -= unit
      }
      return zip(parts, counts).map { part, count in
        (0..<count).map { index in
          let from = part.lowerBound + index * part.count / count
          let to = part.lowerBound + (index + 1) * part.count / count
          return from..<max(from + 1, to)
        }
      }
    }
  }

  /// The rows and the columns, sorted by class where there are labels.
  func sides(_ classes: ClassTable) -> (rows: Side, columns: Side) {
    guard labels != nil, !isEmpty else {
      return (Side(count: rows.count), Side(count: columnCount))
    }
    let sorted = Side(sortedBy: classes, count: rows.count)
    return (sorted, isSquare ? sorted : Side(count: columnCount))
  }
}
