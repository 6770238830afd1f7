/// Character cells over a part of the plane, one unit as long across as up: a circle is round.
///
/// A cell is taken to be twice as tall as wide. The numbers of columns and rows are odd, so that
/// what is symmetric about the middle looks so.
struct EqualAspectGrid: Sendable {
  let columns: Int
  let rows: Int
  /// The width of a cell in data units; its height is twice that.
  let unit: Double
  let x: Limits
  let y: Limits

  /// The largest grid within the given size that fits the limits snugly; the shorter side is
  /// extended where the plot would become a mere strip.
  init(x: Limits, y: Limits, mostColumns: Int, mostRows: Int) {
    let mostColumns = max(1, mostColumns - (mostColumns + 1) % 2)
    let mostRows = max(1, mostRows - (mostRows + 1) % 2)
    let coarse = max(x.span / Double(mostColumns), y.span / Double(2 * mostRows))
    let columns = Self.odd(x.span / coarse, from: min(25, mostColumns), to: mostColumns)
    let rows = Self.odd(y.span / (2 * coarse), from: min(5, mostRows), to: mostRows)
    let unit = max(x.span / Double(columns), y.span / Double(2 * rows))
    (self.columns, self.rows, self.unit) = (columns, rows, unit)
    let across = unit * Double(columns) / 2
    let up = unit * Double(rows)
    self.x = Limits(covering: Extent(x.middle - across, x.middle + across))
    self.y = Limits(covering: Extent(y.middle - up, y.middle + up))
  }

  /// Where a point lies, in cells from the upper left corner.
  func place(_ point: Point) -> Point {
    Point((point.x - x.lower) / unit, (y.upper - point.y) / (2 * unit))
  }

  /// The cell of a point; nil outside.
  func cell(_ point: Point) -> (column: Int, row: Int)? {
    let place = place(point)
    guard place.x >= 0, place.y >= 0, place.x <= Double(columns), place.y <= Double(rows) else {
      return nil
    }
    return (min(Int(place.x), columns - 1), min(Int(place.y), rows - 1))
  }

  /// The odd number nearest above `count` within odd bounds.
  private static func odd(_ count: Double, from least: Int, to most: Int) -> Int {
    // A hair less, or rounding makes 41.0000001 columns out of 41.
    let whole = Int(min(Double(most), (count - 1e-9).rounded(.up)))
    return min(most, max(least, whole + (whole + 1) % 2))
  }
}
