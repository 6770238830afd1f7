/// Character cells over a part of the plane, with equal aspect or without.
struct CellArea: Sendable {
  let columns: Int
  let rows: Int
  let x: Limits
  let y: Limits

  /// The largest area within the given size that suits a figure.
  init(_ figure: Figure, columns mostColumns: Int, rows mostRows: Int) {
    if figure.hasEqualAspect {
      let grid = EqualAspectGrid(
        x: figure.x.limits, y: figure.y.limits, mostColumns: mostColumns, mostRows: mostRows)
      (columns, rows, x, y) = (grid.columns, grid.rows, grid.x, grid.y)
    } else {
      columns = Self.multiple(of: figure.x.steps, within: max(1, mostColumns))
      rows = Self.multiple(of: figure.y.steps, within: max(1, mostRows))
      (x, y) = (figure.x.limits, figure.y.limits)
    }
  }

  /// Where a point lies, in cells from the upper left corner.
  func place(_ point: Point) -> Point {
    Point(
      (point.x - x.lower) / x.span * Double(columns), (y.upper - point.y) / y.span * Double(rows))
  }

  /// The cell of a point; nil outside.
  func cell(_ point: Point) -> (column: Int, row: Int)? {
    let place = place(point)
    guard place.x >= 0, place.y >= 0, place.x <= Double(columns), place.y <= Double(rows) else {
      return nil
    }
    return (min(Int(place.x), columns - 1), min(Int(place.y), rows - 1))
  }

  private static func multiple(of steps: Int?, within most: Int) -> Int {
    guard let steps, steps > 0, steps <= most else { return most }
    return most / steps * steps
  }
}
