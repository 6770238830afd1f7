public import Cards

/// A function of the plane by lines along which it has one value.
public struct Contour: Chart {
  /// The values at the nodes of an even grid, the lowest row first; nan where there is none.
  public let values: [[Double]]
  /// The limits of the grid.
  public let x: Limits
  /// The limits of the grid.
  public let y: Limits
  /// Points drawn above the lines.
  public let points: [Point]
  /// The class of each point; nil for points without classes.
  public let labels: [Int]?
  /// The point that the function moves; nil for none.
  public let moving: Int?
  /// The words around the chart.
  public let captions: Captions
  private let survey: Survey

  /// A contour plot of values on a grid of at least 2×2 nodes.
  ///
  /// - Throws: `countMismatch` for a row of another length, or labels that are not one per point;
  ///   `gridTooSmall`.
  public init(
    values: [[Double]], x: Limits, y: Limits, points: [Point] = [], labels: [Int]? = nil,
    moving: Int? = nil, captions: Captions = Captions()
  ) throws(PlotError) {
    let columns = values.first?.count ?? 0
    guard values.count >= 2, columns >= 2 else { throw .gridTooSmall }
    for (index, row) in values.enumerated() where row.count != columns {
      throw .countMismatch(.rowEntries, expected: columns, found: row.count, row: index)
    }
    if let labels, labels.count != points.count {
      throw .countMismatch(.labels, expected: points.count, found: labels.count, row: nil)
    }
    self.values = values
    self.x = x
    self.y = y
    self.points = points
    self.labels = labels
    self.moving = moving.flatMap { points.indices.contains($0) ? $0 : nil }
    self.captions = captions
    survey = Survey(values, x: x, y: y)
  }

  /// The chart in the units of its data.
  public var figure: Figure {
    let levels = survey.levels
    var lines: [Figure.Line] = []
    var legend: [Figure.Key] = []
    for (index, level) in levels.enumerated() {
      let ink = Ink.scale(Double(index) / Double(max(1, levels.count - 1)))
      let tag = String(index + 1)
      let found = IsoLines(values, at: level).lines.map { line in
        Figure.Line(points: line.map { place($0) }, ink: ink, tag: tag)
      }
      guard !found.isEmpty else { continue }
      lines += found
      legend.append(
        Figure.Key(sample: .text(tag), ink: ink, name: compactLabel(level, significant: 3)))
    }
    var marks: [Figure.Mark] = []
    if let lowest = survey.lowest, survey.extent.lower < survey.extent.upper {
      marks.append(Figure.Mark(point: lowest.point, symbol: .letter("L"), ink: .strong))
      legend.append(
        Figure.Key(
          sample: .mark(.letter("L")), ink: .strong, name: "lowest",
          figure: compactLabel(lowest.value, significant: 3)))
    }
    let classes = ClassTable(labels: labels, names: nil)
    var others: [Figure.Mark] = []
    var seen: Set<Int> = []
    for (index, point) in points.enumerated() where index != moving {
      let number = classes.number(ofPoint: index)
      others.append(Figure.Mark(point: point, symbol: .shape(number), ink: .series(number)))
      guard labels != nil, seen.insert(number).inserted, seen.count <= 8 else { continue }
      legend.append(
        Figure.Key(
          sample: .mark(.shape(number)), ink: .series(number), name: classes.name(number)))
    }
    if let moving {
      marks.append(Figure.Mark(point: points[moving], symbol: .letter("M"), ink: .strong))
      legend.append(
        Figure.Key(
          sample: .mark(.letter("M")), ink: .strong,
          name: labels == nil
            ? "moving" : "moving, \(classes.name(classes.number(ofPoint: moving)))"))
    }
    let ratio = x.span / y.span
    return Figure(
      title: captions.title, x: Figure.Axis(limits: x, label: captions.xLabel),
      y: Figure.Axis(limits: y, label: captions.yLabel),
      hasEqualAspect: ratio > 1.0 / 3 && ratio < 3,
      layers: [.lines(lines), .marks(others), .marks(marks)], legend: legend,
      notes: captions.remark + survey.remarks,
      absence: survey.extent.isEmpty ? "no values to draw" : "")
  }

  /// From a place among the nodes, in columns and rows of the grid, to the plane.
  private func place(_ node: Point) -> Point {
    Point(
      x.lower + node.x / Double(values[0].count - 1) * x.span,
      y.lower + node.y / Double(values.count - 1) * y.span)
  }

  /// Where the function is lowest and highest, and at which levels its lines are.
  public var words: String {
    var sentences = [captions.opening("contour plot over \(range(x)) × \(range(y)).")]
    if let lowest = survey.lowest, let highest = survey.highest,
      survey.extent.lower < survey.extent.upper
    {
      sentences.append("Lowest \(described(lowest)), highest \(described(highest)).")
      let levels = survey.levels.map { compactLabel($0, significant: 3) }
      if !levels.isEmpty { sentences.append("Lines at \(levels.joined(separator: ", ")).") }
    }
    if !points.isEmpty { sentences.append("\(counted(points.count, "point")) drawn above.") }
    return (sentences + survey.remarks + captions.remark).joined(separator: " ")
  }

  private func described(_ node: Survey.Node) -> String {
    let value = compactLabel(node.value, significant: 3)
    return
      "\(value) at (\(compactLabel(node.point.x, significant: 3)), \(compactLabel(node.point.y, significant: 3)))"
  }

  private func range(_ limits: Limits) -> String {
    "\(compactLabel(limits.lower, significant: 3)) to \(compactLabel(limits.upper, significant: 3))"
  }

  /// What help says of it.
  public static let card = Card(
    "contour", "A function of the plane by lines of equal value.",
    signature: "contour(f, xlim=[-1, 1], ylim=[-1, 1], \(Captions.parameters))",
    details: """
      f: a function of a point [x₀, x₁] that gives a number; it is called at the 41×41 nodes of a \
      grid. The legend has the value of each numbered line, and L marks the lowest node. Lines are at \
      round values, or at quantiles where most of the plane would lie between two of them.
      """,
    example: "contour(p -> p[0]^2 + 2 * p[1]^2)", seeAlso: ["landscape", "field", "warp"])

  /// What help says of the contour of a loss as one point moves.
  public static let landscapeCard = Card(
    "landscape", "The contour of a loss as one point moves.",
    signature: """
      landscape(L, z, y=none, move=0, xlim=none, ylim=none, \(Captions.parameters))
      """,
    details: """
      L: a loss, or any function (z, y) -> number. z: n×2, y: n labels, or a data set for both. The loss is computed with row \
      `move` of z, marked M, at each of the 41×41 nodes of a grid, all other rows where they are; L \
      marks the lowest node. Without limits the grid reaches past the points by a quarter.
      """,
    example: "landscape(triplet(), [[1, 0], [0.8, 0.6], [0, 1], [-1, 0.2]], [0, 0, 1, 1])",
    seeAlso: ["contour", "scatter", "levels"])
}
