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
  /// The part of the x axis to show, at least; nil shows all points.
  public let xLimits: Limits?
  /// The part of the y axis to show, at least; nil shows all points.
  public let yLimits: Limits?

  /// A scatter plot; only the points are needed.
  ///
  /// - Throws: `countMismatch` where labels, arrows or point labels are not one per point.
  public init(
    points: [Point], labels: [Int]? = nil, classNames: [String]? = nil, title: String = "",
    note: String = "", unitCircle: Bool = false, centers: [[Point]] = [],
    arrows: [Point]? = nil, pointLabels: [String]? = nil, xLimits: Limits? = nil,
    yLimits: Limits? = nil
  ) throws(PlotError) {
    for (part, found) in [
      (PlotError.Part.labels, labels?.count), (.arrows, arrows?.count),
      (.pointLabels, pointLabels?.count),
    ] {
      guard let found, found != points.count else { continue }
      throw .countMismatch(part, expected: points.count, found: found, row: nil)
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
    self.xLimits = xLimits
    self.yLimits = yLimits
  }

  /// What help says of it.
  public static let card = Card(
    "scatter", "Points in the plane, a glyph and a colour per class.",
    signature: """
      scatter(z, y=none, unit_circle=false, centers=none, arrows=none, labels=none)
      """,
    details: """
      z is n×2 (more dimensions are shown by PCA, and the plot says so), y has n labels. Circles \
      are round. Cells with points of several classes are marked. centers is K×d or K×m×d and \
      drawn as letters, arrows is n×2 and drawn to scale, labels has a string per point.
      """,
    example: "scatter(moons(200))",
    seeAlso: ["curve", "heatmap", "beside", "describe"])
}
