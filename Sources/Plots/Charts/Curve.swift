public import Cards

/// One or several series of values as lines, with named reference levels.
public struct Curve: Chart {
  /// A line.
  public struct Series: Hashable, Sendable {
    /// What the line is called; may be empty.
    public let name: String
    /// Where the values stand; nil for 0, 1, 2 and so on.
    public let x: [Double]?
    /// The values; the line has a gap at those that are nan or infinite.
    public let y: [Double]

    /// A series of values.
    public init(_ name: String, x: [Double]? = nil, y: [Double]) {
      self.name = name
      self.x = x
      self.y = y
    }

    /// The place of a value.
    func point(_ index: Int) -> Point { Point(x?[index] ?? Double(index), y[index]) }
  }

  /// A value to compare the lines with, drawn as a dashed line across.
  public struct Level: Hashable, Sendable {
    /// What the value stands for, such as `chance`.
    public let name: String
    /// The value.
    public let value: Double

    /// A named value.
    public init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }

    /// The name with the value.
    var label: String {
      name.isEmpty ? compactLabel(value) : "\(name) \(compactLabel(value))"
    }
  }

  /// The lines.
  public let series: [Series]
  /// The values to compare with.
  public let levels: [Level]
  /// Whether the y axis is logarithmic; values that are not above 0 are then left out, and counted.
  public let logY: Bool
  /// The line above the plot; may be empty.
  public let title: String
  /// What the x axis shows; may be empty.
  public let xLabel: String
  /// What the y axis shows; may be empty.
  public let yLabel: String
  /// A remark below the plot; may be empty.
  public let note: String
  /// The part of the x axis to show; nil shows all values.
  public let xLimits: Limits?
  /// The part of the y axis to show; nil shows all values and levels.
  public let yLimits: Limits?

  /// A chart of lines; only the series are needed.
  ///
  /// - Throws: `countMismatch` where a series has not one x per y; `limitsNotIncreasing` for limits
  ///   of a logarithmic axis that are not above 0.
  public init(
    series: [Series], levels: [Level] = [], logY: Bool = false, title: String = "",
    xLabel: String = "", yLabel: String = "", note: String = "", xLimits: Limits? = nil,
    yLimits: Limits? = nil
  ) throws(PlotError) {
    for (index, line) in series.enumerated() {
      guard let x = line.x, x.count != line.y.count else { continue }
      throw .countMismatch(.coordinates, expected: line.y.count, found: x.count, row: index)
    }
    if logY, let yLimits, yLimits.lower <= 0 {
      throw .limitsNotIncreasing(.y, lower: yLimits.lower, upper: yLimits.upper)
    }
    self.series = series
    self.levels = levels
    self.logY = logY
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.note = note
    self.xLimits = xLimits
    self.yLimits = yLimits
  }

  /// What help says of it.
  public static let card = Card(
    "curve", "Values as lines, with named levels to compare them with.",
    signature:
      "curve(ys, labels=none, levels=none, log=false, xlim=none, ylim=none, \(Captions.parameters))",
    details: """
      ys: a vector, a list of vectors, a record of named vectors, or a history. levels: a record of \
      numbers, drawn as named dashed lines, such as levels(L, y). A history of full batches brings \
      those of its loss; levels=none leaves them out. A value that is nan or infinite leaves a gap; \
      with log=true, a logarithmic y axis, values that are not above 0 do so too, and the plot says \
      how many.
      """,
    example: "curve([3, 2, 1.5, 1.2])", seeAlso: ["line", "scatter", "beside", "describe"])

  /// What help says of lines through points, which are curves with an x of their own.
  public static let lineCard = Card(
    "line", "Lines through points (x, y).",
    signature: "line(x, y, labels=none, log=false, xlim=none, ylim=none, \(Captions.parameters))",
    details: """
      x: a vector. y: a vector, or a list or record of several, each as long as x. A point that is \
      nan or infinite leaves a gap; log=true makes the y axis logarithmic.
      """,
    example: "line([0, 1, 2], [0, 1, 4])", seeAlso: ["curve"])
}
