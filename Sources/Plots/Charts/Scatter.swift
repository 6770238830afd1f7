public import Cards

/// Points in the plane, with a glyph *and* a colour per class, so that class is never only a colour.
///
/// The aspect is equal: one unit is as long across as up, and a circle is round.
public struct Scatter: Chart {
  /// The points; those with a coordinate that is nan or infinite are left out, and counted.
  public let points: [Point]
  /// The class of each point; nil for points without classes.
  public let labels: [Int]?
  /// What the classes are called: the name of label 0, of label 1, and so on.
  public let classNames: [String]?
  /// The line above the plot; may be empty.
  public let title: String
  /// A remark below the plot, such as `PCA, 97% of the variance`; may be empty.
  public let note: String
  /// Whether the unit circle is drawn, and kept in view.
  public let unitCircle: Bool
  /// The centres of each class, drawn as a letter: A for the first class, B for the second.
  public let centers: [[Point]]
  /// A displacement per point, drawn to scale with each other; the longest has a fixed length.
  public let arrows: [Point]?
  /// A text per point, drawn next to it where there is room.
  public let pointLabels: [String]?
  /// Which class owns each place; nil for none drawn.
  public let regions: Regions?
  /// Pairs of points that a miner chose.
  public let links: [Link]
  /// What the x axis shows; may be empty.
  public let xLabel: String
  /// What the y axis shows; may be empty.
  public let yLabel: String
  /// The part of the x axis to show, at least; nil shows all points.
  public let xLimits: Limits?
  /// The part of the y axis to show, at least; nil shows all points.
  public let yLimits: Limits?

  /// A scatter plot; only the points are needed.
  ///
  /// - Throws: `countMismatch` where labels, arrows or point labels are not one per point;
  ///   `linkOutOfRange` for a link to a point that is not there.
  public init(
    points: [Point], labels: [Int]? = nil, classNames: [String]? = nil, title: String = "",
    note: String = "", unitCircle: Bool = false, centers: [[Point]] = [],
    arrows: [Point]? = nil, pointLabels: [String]? = nil, regions: Regions? = nil,
    links: [Link] = [], xLabel: String = "", yLabel: String = "", xLimits: Limits? = nil,
    yLimits: Limits? = nil
  ) throws(PlotError) {
    for (part, found) in [
      (PlotError.Part.labels, labels?.count), (.arrows, arrows?.count),
      (.pointLabels, pointLabels?.count),
    ] {
      guard let found, found != points.count else { continue }
      throw .countMismatch(part, expected: points.count, found: found, row: nil)
    }
    if let stray = links.flatMap({ [$0.anchor, $0.other] }).first(where: {
      !points.indices.contains($0)
    }) {
      throw .linkOutOfRange(stray, points: points.count)
    }
    self.points = points
    self.labels = labels
    self.classNames = classNames
    self.title = title
    self.note = note
    self.unitCircle = unitCircle
    self.centers = centers
    self.arrows = arrows
    self.pointLabels = pointLabels
    self.regions = regions
    self.links = links
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xLimits = xLimits
    self.yLimits = yLimits
  }

  /// What help says of it.
  public static let card = Card(
    "scatter", "Points in the plane, a glyph and a colour per class.",
    signature: """
      scatter(z, y=none, unit_circle=false, centers=none, arrows=none, labels=none, regions=none, \
      weights=none, mined=none, xlim=none, ylim=none, \(Captions.parameters))
      """,
    details: """
      z: n×d or a data set; d = 1 lies on a line, d > 2 is shown by its two principal components. \
      centers: K×d or K×m×d, drawn as letters, such as class_means(z, y) or proxies. arrows: n×d, such \
      as -grad(z -> ms(z, y))(z). labels: a string per point. regions: "neighbour", "centroid", or \
      "proxy" with weights= (K×d or K×m×d): each place gets the digit of the class whose point, mean \
      or proxy is nearest. mined: a table of mine(z, y), its pairs joined by lines, up to 120 of them. \
      xlim and ylim are [low, high].
      """,
    example: "scatter(blobs(30))", seeAlso: ["curve", "heatmap", "beside", "describe", "mine"])
}
