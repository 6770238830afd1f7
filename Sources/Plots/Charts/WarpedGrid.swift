public import Cards

/// The grid of the input plane as a model carries it into its embedding.
public struct WarpedGrid: Chart {
  /// The images of the lines of constant x₀, then of those of constant x₁, each by its points.
  public let upright: [[Point]]
  /// The images of the lines of constant x₁.
  public let level: [[Point]]
  /// The limits of the input plane.
  public let x: Limits
  /// The limits of the input plane.
  public let y: Limits
  /// The words around the chart.
  public let captions: Captions

  /// A grid by the images of its lines.
  public init(
    upright: [[Point]], level: [[Point]], x: Limits, y: Limits, captions: Captions = Captions()
  ) {
    self.upright = upright
    self.level = level
    self.x = x
    self.y = y
    self.captions = captions
  }

  private var points: some Sequence<Point> { [upright, level].joined().joined() }

  private var extents: (x: Extent, y: Extent) {
    var (across, up) = (Extent(), Extent())
    for point in points where point.isDrawable {
      across.include(point.x)
      up.include(point.y)
    }
    return (across, up)
  }

  /// The chart in the units of the embedding.
  public var figure: Figure {
    let (across, up) = extents
    let lines =
      upright.map { Figure.Line(points: $0, ink: .series(0), isStroked: true) }
      + level.map { Figure.Line(points: $0, ink: .series(1), isStroked: true) }
    let isEmpty = across.isEmpty
    return Figure(
      title: captions.title,
      x: Figure.axis(covering: across, label: captions.xLabel, padding: 0.03),
      y: Figure.axis(covering: up, label: captions.yLabel, padding: 0.03), hasEqualAspect: true,
      layers: [.lines(lines)],
      legend: [
        Figure.Key(
          sample: .stroke(heading: 2), ink: .series(0), name: "\(upright.count) lines x₀ = const"),
        Figure.Key(
          sample: .stroke(heading: 0), ink: .series(1), name: "\(level.count) lines x₁ = const"),
      ], notes: captions.remark + remarks, absence: isEmpty ? "no points to draw" : "")
  }

  private var remarks: [String] {
    let unusable = points.reduce(0) { $0 + ($1.isDrawable ? 0 : 1) }
    return unusable > 0
      ? ["\(counted(unusable, "point")) of the grid left out: nan or infinite."] : []
  }

  /// Which part of the plane is carried where.
  public var words: String {
    let (across, up) = extents
    func range(_ extent: Extent) -> String {
      "\(compactLabel(extent.lower, significant: 3)) to \(compactLabel(extent.upper, significant: 3))"
    }
    var sentences = [
      captions.opening(
        """
        grid of \(upright.count) by \(level.count) lines over \
        \(range(Extent(x.lower, x.upper))) × \(range(Extent(y.lower, y.upper))), carried by a model.
        """)
    ]
    if !across.isEmpty { sentences.append("Its image spans \(range(across)) × \(range(up)).") }
    return (sentences + remarks + captions.remark).joined(separator: " ")
  }

  /// What help says of it.
  public static let card = Card(
    "warp", "The grid of the input plane as a model carries it into its embedding.",
    signature: "warp(model, xlim=[-2, 2], ylim=[-2, 2], \(Captions.parameters))",
    details: """
      model: a model of two inputs, or any function of n×2 points that gives n×d; more than two \
      dimensions are shown by their principal components. 11 lines each way, of 41 points each.
      """,
    example: "warp(x -> x @ [[1, 0.5], [0, 1]])", seeAlso: ["scatter", "field", "contour"])
}
