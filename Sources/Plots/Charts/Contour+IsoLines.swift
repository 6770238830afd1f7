/// The lines along which values on a grid would equal a level: marching squares, joined end to end.
///
/// Lorensen and Cline 1987, in the plane. Squares with a value that cannot be drawn have no lines; of
/// two ways to join four crossings the one is taken that agrees with the mean of the corners.
struct IsoLines {
  /// Each line by its points, in columns and rows of the grid.
  private(set) var lines: [[Point]] = []

  private let values: [[Double]]
  private let level: Double

  init(_ values: [[Double]], at level: Double) {
    self.values = values
    self.level = level
    lines = Self.joined(segments())
  }

  /// A piece of a line between two edges of the grid, which have numbers of their own.
  private struct Segment {
    let edges: (Int, Int)
    let points: (Point, Point)
  }

  private func segments() -> [Segment] {
    var found: [Segment] = []
    let columns = values[0].count
    for row in 0..<values.count - 1 {
      for column in 0..<columns - 1 {
        found += segments(column, row, of: columns)
      }
    }
    return found
  }

  private func segments(_ column: Int, _ row: Int, of columns: Int) -> [Segment] {
    // Around the square: lower left, lower right, upper right, upper left.
    let corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    let heights = corners.map { values[$0.1][$0.0] - level }
    guard heights.allSatisfy(\.isDrawable) else { return [] }
    // Edges along a row have even numbers, edges along a column odd ones.
    let edges = [
      2 * (row * columns + column), 2 * (row * columns + column + 1) + 1,
      2 * ((row + 1) * columns + column), 2 * (row * columns + column) + 1,
    ]
    let crossed = (0..<4).filter { (heights[$0] < 0) != (heights[($0 + 1) % 4] < 0) }
    func crossing(_ side: Int) -> Point {
      let (a, b) = (corners[side], corners[(side + 1) % 4])
      let part = heights[side] / (heights[side] - heights[(side + 1) % 4])
      return Point(
        Double(a.0) + part * Double(b.0 - a.0), Double(a.1) + part * Double(b.1 - a.1))
    }
    func segment(_ first: Int, _ second: Int) -> Segment {
      Segment(
        edges: (edges[first], edges[second]), points: (crossing(first), crossing(second)))
    }
    if crossed.count == 2 { return [segment(crossed[0], crossed[1])] }
    guard crossed.count == 4 else { return [] }
    let middleIsLow = heights.reduce(0, +) < 0
    return middleIsLow == (heights[0] < 0)
      ? [segment(0, 1), segment(2, 3)] : [segment(3, 0), segment(1, 2)]
  }

  private static func joined(_ segments: [Segment]) -> [[Point]] {
    var atEdge: [Int: [Int]] = [:]
    for (index, segment) in segments.enumerated() {
      atEdge[segment.edges.0, default: []].append(index)
      atEdge[segment.edges.1, default: []].append(index)
    }
    var isUsed = [Bool](repeating: false, count: segments.count)
    /// Goes on from an edge until the line ends or closes.
    func followed(from start: Int) -> [Point] {
      var points: [Point] = []
      var edge = start
      while let next = atEdge[edge]?.first(where: { !isUsed[$0] }) {
        isUsed[next] = true
        let segment = segments[next]
        let isForward = segment.edges.0 == edge
        points.append(isForward ? segment.points.1 : segment.points.0)
        edge = isForward ? segment.edges.1 : segment.edges.0
      }
      return points
    }
    var lines: [[Point]] = []
    for (index, segment) in segments.enumerated() where !isUsed[index] {
      isUsed[index] = true
      let ahead = followed(from: segment.edges.1)
      let behind = followed(from: segment.edges.0)
      lines.append(behind.reversed() + [segment.points.0, segment.points.1] + ahead)
    }
    return lines
  }
}
