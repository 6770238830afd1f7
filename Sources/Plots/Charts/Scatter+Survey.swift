extension Scatter {
  /// What one pass over the points finds out: ranges, and what cannot be drawn.
  struct Survey: Sendable {
    let classes: ClassTable
    /// The ranges of the points that can be drawn.
    private(set) var x = Extent()
    private(set) var y = Extent()
    /// How many points can be drawn, by class number.
    private(set) var counts: [Int]
    /// How many points have a coordinate that is nan or infinite.
    private(set) var unusable = 0
    /// The length of the longest arrow; 0 without arrows.
    private(set) var longestArrow = 0.0

    init(_ scatter: Scatter) {
      classes = ClassTable(labels: scatter.labels, names: scatter.classNames)
      counts = Array(repeating: 0, count: classes.count)
      for (index, point) in scatter.points.enumerated() {
        guard point.isDrawable else {
          unusable += 1
          continue
        }
        x.include(point.x)
        y.include(point.y)
        counts[classes.number(ofPoint: index)] += 1
        guard let arrow = scatter.arrows?[index], arrow.isDrawable else { continue }
        longestArrow = max(longestArrow, arrow.length)
      }
    }

    /// How many points can be drawn.
    var drawable: Int { counts.reduce(0, +) }

    /// The classes that have points, by number.
    var present: [Int] { counts.indices.filter { counts[$0] > 0 } }
  }

  /// The points of a scatter plot sorted into the cells of a grid.
  struct Occupancy: Sendable {
    /// Nobody there.
    static let empty: Int32 = -1
    /// Points of several classes.
    static let mixed: Int32 = -2

    let grid: EqualAspectGrid
    /// The class number of each cell, or one of the two marks, row by row.
    private(set) var cells: [Int32]
    /// How many points lie outside the grid.
    private(set) var outside = 0

    init(_ scatter: Scatter, on grid: EqualAspectGrid, classes: ClassTable) {
      self.grid = grid
      cells = Array(repeating: Self.empty, count: grid.columns * grid.rows)
      for (index, point) in scatter.points.enumerated() where point.isDrawable {
        guard let cell = grid.cell(point) else {
          outside += 1
          continue
        }
        let number = Int32(classes.number(ofPoint: index))
        let place = cell.row * grid.columns + cell.column
        if cells[place] == Self.empty {
          cells[place] = number
        } else if cells[place] != number {
          cells[place] = Self.mixed
        }
      }
    }

    /// How many cells have points of several classes.
    var mixedCells: Int { cells.count { $0 == Self.mixed } }
  }

  /// The limits of everything to be shown, with a margin unless they were asked for.
  func limits(_ survey: Survey) -> (x: Limits, y: Limits) {
    var (x, y) = (survey.x, survey.y)
    if unitCircle {
      for value in [-1.0, 1.0] {
        x.include(value)
        y.include(value)
      }
    }
    for center in centers.joined() where center.isDrawable {
      x.include(center.x)
      y.include(center.y)
    }
    let scale = arrowScale(survey)
    if let arrows, scale > 0 {
      for (point, arrow) in zip(points, arrows) where point.isDrawable && arrow.isDrawable {
        x.include(point.x + arrow.x * scale)
        y.include(point.y + arrow.y * scale)
      }
    }
    // Without anything to show there is a frame, but no reason for a tall one.
    if x.isEmpty, xLimits == nil, yLimits == nil {
      return (Limits(covering: Extent(-1, 1)), Limits(covering: Extent(-0.2, 0.2)))
    }
    return (
      xLimits ?? Self.limits(x, beside: yLimits.map { Extent($0.lower, $0.upper) } ?? y),
      yLimits ?? Self.limits(y, beside: xLimits.map { Extent($0.lower, $0.upper) } ?? x)
    )
  }

  /// Whether the axes have numbers: without anything to show they would be made up.
  func hasScale(_ survey: Survey) -> Bool {
    survey.drawable > 0 || unitCircle || xLimits != nil || yLimits != nil
      || centers.joined().contains { $0.isDrawable }
  }

  /// What an arrow is multiplied with, so that the longest spans a seventh of the points.
  func arrowScale(_ survey: Survey) -> Double {
    guard survey.longestArrow > 0, !survey.x.isEmpty else { return 0 }
    let x = xLimits?.span ?? (survey.x.upper - survey.x.lower)
    let y = yLimits?.span ?? (survey.y.upper - survey.y.lower)
    let span = max(x, y, unitCircle ? 2 : 0)
    let scale = (span > 0 ? span : 1) / 7 / survey.longestArrow
    return scale.isFinite ? scale : 0
  }

  /// Limits with a margin; around a single value they are as wide as suits the other axis.
  private static func limits(_ extent: Extent, beside other: Extent) -> Limits {
    guard extent.isEmpty || extent.lower == extent.upper else {
      return Limits(covering: extent).padded(by: 0.04)
    }
    let whole = Limits(covering: extent)
    let width = other.upper - other.lower
    let reach = width > 0 ? width / 20 : Swift.max(whole.span, Limits(covering: other).span) / 2
    return Limits(covering: Extent(whole.middle - reach, whole.middle + reach))
  }
}

extension Point {
  /// The Euclidean length, without overflow on the way.
  var length: Double {
    let largest = max(abs(x), abs(y))
    guard largest > 0 else { return 0 }
    let (a, b) = (x / largest, y / largest)
    return largest * (a * a + b * b).squareRoot()
  }
}
