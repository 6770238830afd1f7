/// A grid of dots, finer than or equal to the character cells, on which lines are drawn.
///
/// Dot `i` covers the coordinates `i..<i + 1`; rows count downward.
protocol DotCanvas {
  /// How many dots stand side by side.
  var dotColumns: Int { get }
  /// How many dots stand above each other.
  var dotRows: Int { get }
  /// Sets a dot inside the grid.
  mutating func set(column: Int, row: Int, ink: Ink)
  /// Copies what was drawn onto a drawing of the same size in cells; empty cells leave it as it is.
  func paint(onto drawing: inout TextDrawing)
}

extension DotCanvas {
  /// Draws a straight line; what lies outside the grid is cut off.
  mutating func line(from start: Point, to end: Point, ink: Ink) {
    guard
      let (a, b) = clipped(start, end, width: Double(dotColumns), height: Double(dotRows))
    else { return }
    let steps = Int(max(abs(b.x - a.x), abs(b.y - a.y)).rounded(.up))
    for step in 0...steps {
      let t = steps == 0 ? 0 : Double(step) / Double(steps)
      dot(at: Point(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)), ink: ink)
    }
  }

  /// Sets the dot that covers a place; the far edges belong to the last dots.
  mutating func dot(at place: Point, ink: Ink) {
    guard place.x >= 0, place.y >= 0, place.x <= Double(dotColumns), place.y <= Double(dotRows),
      dotColumns > 0, dotRows > 0
    else { return }
    set(
      column: min(Int(place.x), dotColumns - 1), row: min(Int(place.y), dotRows - 1), ink: ink)
  }
}

/// The part of a segment inside `0...width` × `0...height` (Liang and Barsky 1984); nil if none.
private func clipped(
  _ start: Point, _ end: Point, width: Double, height: Double
) -> (Point, Point)? {
  let (dx, dy) = (end.x - start.x, end.y - start.y)
  guard dx.isFinite, dy.isFinite else { return nil }
  var (enter, leave) = (0.0, 1.0)
  for (slope, room) in [
    (-dx, start.x), (dx, width - start.x), (-dy, start.y), (dy, height - start.y),
  ] {
    if slope == 0 {
      if room < 0 { return nil }
    } else if slope < 0 {
      enter = max(enter, room / slope)
    } else {
      leave = min(leave, room / slope)
    }
  }
  guard enter <= leave else { return nil }
  // Next to a far end, rounding alone would reach out of the grid again.
  func place(_ part: Double) -> Point {
    Point(
      min(max(start.x + part * dx, 0), width), min(max(start.y + part * dy, 0), height))
  }
  return (place(enter), place(leave))
}
