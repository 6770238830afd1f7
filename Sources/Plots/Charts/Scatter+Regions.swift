extension Scatter {
  /// Which class owns each place of the plane: that of the nearest anchor.
  public struct Regions: Hashable, Sendable {
    /// A point with a class.
    public struct Anchor: Hashable, Sendable {
      /// Where it lies in the plane.
      public let point: Point
      /// The square of its distance from the plane, for anchors of more than two dimensions.
      public let squaredHeight: Double
      /// Its class.
      public let label: Int

      /// An anchor.
      public init(_ point: Point, squaredHeight: Double = 0, label: Int) {
        self.point = point
        self.squaredHeight = squaredHeight
        self.label = label
      }
    }

    /// The anchors; of two that are equally near the first decides.
    public let anchors: [Anchor]
    /// What decides, such as `nearest neighbour`.
    public let name: String

    /// The most anchors that each place is compared with.
    public static let mostAnchors = 5000

    /// Regions of anchors; those that cannot be drawn own nothing.
    ///
    /// - Throws: `tooManyForRegions` above `mostAnchors`.
    public init(_ anchors: [Anchor], name: String) throws(PlotError) {
      guard anchors.count <= Self.mostAnchors else {
        throw .tooManyForRegions(anchors.count, most: Self.mostAnchors)
      }
      self.anchors = anchors.filter { $0.point.isDrawable && $0.squaredHeight.isDrawable }
      self.name = name
    }

    /// The class that owns a place; nil where there are no anchors.
    func owner(of place: Point) -> Int? {
      var (nearest, owner) = (Double.infinity, Int?.none)
      for anchor in anchors {
        let (dx, dy) = (anchor.point.x - place.x, anchor.point.y - place.y)
        let distance = dx * dx + dy * dy + anchor.squaredHeight
        if distance < nearest { (nearest, owner) = (distance, anchor.label) }
      }
      return owner
    }

    /// The owners of the middles of equal cells, row by row from the top.
    func owners(columns: Int, rows: Int, x: Limits, y: Limits) -> [Int?] {
      (0..<columns * rows).map { index in
        owner(
          of: Point(
            x.lower + (Double(index % columns) + 0.5) / Double(columns) * x.span,
            y.upper - (Double(index / columns) + 0.5) / Double(rows) * y.span))
      }
    }
  }

  /// Two points that a miner chose, to be joined by a line.
  public struct Link: Hashable, Sendable {
    /// The row of the anchor.
    public let anchor: Int
    /// The row of the other.
    public let other: Int
    /// Whether both are of one class, as the miner has it.
    public let isPositive: Bool

    /// A pair of rows.
    public init(anchor: Int, other: Int, isPositive: Bool) {
      self.anchor = anchor
      self.other = other
      self.isPositive = isPositive
    }
  }

  /// The most links that are drawn: of more, every so-manieth.
  static let mostLinks = 120

  /// The links that are drawn.
  var shownLinks: [Link] {
    guard links.count > Self.mostLinks else { return links }
    return (0..<Self.mostLinks).map { links[$0 * links.count / Self.mostLinks] }
  }
}

extension Scatter.Picture {
  /// Fills free cells sparsely with the digit of the class that owns them, and dots the borders.
  func drawRegions(on area: inout TextDrawing) {
    guard let regions = scatter.regions else { return }
    let owners = regions.owners(
      columns: grid.columns, rows: grid.rows, x: grid.x, y: grid.y)
    for row in 0..<grid.rows {
      for column in 0..<grid.columns {
        let index = row * grid.columns + column
        guard let owner = owners[index] else { continue }
        let isBorder =
          (column + 1 < grid.columns && owners[index + 1] != owner)
          || (row + 1 < grid.rows && owners[index + grid.columns] != owner)
        if isBorder {
          area[column, row] = Cell(glyphs.trace, .plain)
        } else if row % 2 == 0, (column + row) % 4 == 1 {
          area[column, row] = Cell(Self.digit(ofClass: owner), .series(owner))
        }
      }
    }
  }

  /// What stands in the region of a class: the last digit of its number.
  static func digit(ofClass number: Int) -> Character {
    Character(String(number % 10))
  }

  /// The links from one point to another, in cells from the upper left corner.
  func linkLines() -> [(from: Point, to: Point, isPositive: Bool)] {
    scatter.shownLinks.compactMap { link in
      let (from, to) = (scatter.points[link.anchor], scatter.points[link.other])
      guard from.isDrawable, to.isDrawable else { return nil }
      return (grid.place(from), grid.place(to), link.isPositive)
    }
  }
}
