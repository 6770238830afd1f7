public import Cards

/// A vector at each node of a grid, as arrows to scale with each other.
public struct VectorField: Chart {
  /// The vectors, row by row from the lowest, each row from the left.
  public let vectors: [Point]
  /// How many vectors are in a row.
  public let columns: Int
  /// The limits of the plane; the nodes are the middles of equal parts of it.
  public let x: Limits
  /// The limits of the plane.
  public let y: Limits
  /// The words around the chart.
  public let captions: Captions

  /// A field of vectors.
  ///
  /// - Throws: `gridTooSmall` unless `vectors` are full rows of at least one column.
  public init(
    vectors: [Point], columns: Int, x: Limits, y: Limits, captions: Captions = Captions()
  ) throws(PlotError) {
    guard columns > 0, !vectors.isEmpty, vectors.count % columns == 0 else { throw .gridTooSmall }
    self.vectors = vectors
    self.columns = columns
    self.x = x
    self.y = y
    self.captions = captions
  }

  /// The middles of `count`×`count` equal parts of the plane, in the order of `vectors`.
  public static func nodes(_ count: Int, x: Limits, y: Limits) -> [Point] {
    (0..<count * count).map { index in
      Point(
        x.lower + (Double(index % count) + 0.5) / Double(count) * x.span,
        y.lower + (Double(index / count) + 0.5) / Double(count) * y.span)
    }
  }

  private func node(_ index: Int) -> Point {
    Point(
      x.lower + (Double(index % columns) + 0.5) / Double(columns) * x.span,
      y.lower
        + (Double(index / columns) + 0.5) / Double(vectors.count / columns) * y.span)
  }

  private var longest: Double {
    vectors.filter(\.isDrawable).map(\.length).max() ?? 0
  }

  /// The chart in the units of its data.
  public var figure: Figure {
    let longest = longest
    let room = min(x.span / Double(columns), y.span / Double(vectors.count / columns))
    let scale = longest > 0 ? 0.9 * room / longest : 0
    let arrows = vectors.enumerated().compactMap { index, vector -> Figure.Arrow? in
      guard vector.isDrawable else { return nil }
      let node = node(index)
      return Figure.Arrow(
        from: node, to: Point(node.x + scale * vector.x, node.y + scale * vector.y),
        ink: .scale(longest > 0 ? vector.length / longest : 0),
        weight: longest > 0 ? vector.length / longest : 0)
    }
    let ratio = x.span / y.span
    let keys = [
      Figure.Key(
        sample: .arrow(weight: 1), ink: .scale(1), name: "longest",
        figure: compactLabel(longest, significant: 3)),
      Figure.Key(sample: .arrow(weight: 0.4), ink: .scale(0.4), name: "under half of that"),
    ]
    return Figure(
      title: captions.title, x: Figure.Axis(limits: x, label: captions.xLabel),
      y: Figure.Axis(limits: y, label: captions.yLabel),
      hasEqualAspect: ratio > 1.0 / 3 && ratio < 3, layers: [.arrows(arrows)],
      legend: longest > 0 ? keys : [], notes: captions.remark + remarks,
      absence: arrows.isEmpty ? "no vectors to draw" : "")
  }

  private var remarks: [String] {
    let unusable = vectors.count { !$0.isDrawable }
    let isStill = unusable < vectors.count && longest == 0
    return (isStill ? ["Every vector is 0."] : [])
      + (unusable > 0 ? ["\(counted(unusable, "vector")) left out: nan or infinite."] : [])
  }

  /// How long the vectors are, and where they vanish or are longest.
  public var words: String {
    var sentences = [
      captions.opening("field of \(columns)×\(vectors.count / columns) vectors.")
    ]
    let usable = vectors.indices.filter { vectors[$0].isDrawable }
    let length = { (index: Int) in vectors[index].length }
    if longest > 0, let most = usable.max(by: { length($0) < length($1) }),
      let least = usable.min(by: { length($0) < length($1) })
    {
      sentences.append("The longest, \(described(most)); the shortest, \(described(least)).")
    }
    return (sentences + remarks + captions.remark).joined(separator: " ")
  }

  private func described(_ index: Int) -> String {
    let node = node(index)
    let label = { (value: Double) in compactLabel(value, significant: 3) }
    return "\(label(vectors[index].length)), is at (\(label(node.x)), \(label(node.y)))"
  }

  /// What help says of it.
  public static let card = Card(
    "field", "A function from the plane to the plane, as arrows.",
    signature: "field(f, xlim=[-1, 1], ylim=[-1, 1], \(Captions.parameters))",
    details: """
      f: a function of a point [x₀, x₁] that gives two numbers, such as minus a gradient; it is called \
      at 11×11 points. In characters an arrow tells its direction to an eighth of the full turn, double \
      from half of the longest on; on paper arrows are to scale with each other.
      """,
    example: "field(p -> [-p[1], p[0]])", seeAlso: ["contour", "scatter", "grad"])
}
