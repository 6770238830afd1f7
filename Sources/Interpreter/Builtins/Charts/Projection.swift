import Plots
import Tensors

/// How points of any dimension come to the plane: as they are, or by their principal components.
struct Projection {
  /// What to say under the plot.
  let note: String
  private let mean: [Double]
  /// The two directions, each of d numbers; nil where the points are shown as they are.
  private let directions: [[Double]]?

  init(of points: Tensor) throws {
    let d = points.shape[1]
    guard d > 2, points.shape[0] > 0, points.elements.allSatisfy(\.isFinite) else {
      note = d > 2 ? "the first two of \(d) coordinates" : ""
      mean = [Double](repeating: 0, count: d)
      directions = nil
      return
    }
    let center = try points.mean(axis: 0)
    let centered = try Tensor.subtract(points, center)
    let covariance = try Tensor.matmul(centered.transposed(), centered)
    let (values, vectors) = try covariance.symmetricEigen()
    let total = values.elements.reduce(0, +)
    let kept = values.elements.suffix(2).reduce(0, +)
    let percent = total > 0 ? Formatting.number((100 * kept / total).rounded()) : "100"
    note = "PCA of \(d) dimensions, \(percent)% of the variance"
    mean = center.elements
    let components = vectors.elements
    directions = [d - 1, d - 2].map { column in
      let direction = (0..<d).map { components[$0 * d + column] }
      // A component's sign is arbitrary: the largest entry is made positive.
      let largest = direction.max { abs($0) < abs($1) } ?? 1
      return largest < 0 ? direction.map { -$0 } : direction
    }
  }

  /// The points in the plane.
  func points(_ rows: Tensor) -> [Point] { project(rows, from: mean) }

  /// Differences of points: arrows.
  func directions(_ rows: Tensor) -> [Point] {
    project(rows, from: [Double](repeating: 0, count: mean.count))
  }

  /// The square of each point's distance from the plane.
  func squaredHeights(_ rows: Tensor) -> [Double] {
    let d = rows.shape[1]
    let elements = rows.elements
    return zip(0..<rows.shape[0], points(rows)).map { row, point in
      let shifted = zip(elements[row * d..<(row + 1) * d], mean).map { $0 - $1 }
      let whole = shifted.reduce(0) { $0 + $1 * $1 }
      return max(0, whole - point.x * point.x - point.y * point.y)
    }
  }

  private func project(_ rows: Tensor, from origin: [Double]) -> [Point] {
    let d = rows.shape[1]
    let elements = rows.elements
    return (0..<rows.shape[0]).map { row in
      let start = row * d
      guard let directions else {
        return Point(d > 0 ? elements[start] : 0, d > 1 ? elements[start + 1] : 0)
      }
      func coordinate(_ direction: [Double]) -> Double {
        (0..<d).reduce(0) { $0 + (elements[start + $1] - origin[$1]) * direction[$1] }
      }
      return Point(coordinate(directions[0]), coordinate(directions[1]))
    }
  }
}
