/// A place, or a displacement, in the plane.
public struct Point: Hashable, Sendable {
  /// To the right.
  public var x: Double
  /// Upward in a chart, downward on a canvas.
  public var y: Double

  /// The point (x, y).
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// Whether both coordinates can be drawn.
  var isDrawable: Bool { x.isDrawable && y.isDrawable }
}

extension Double {
  /// Whether it can be put on an axis: finite, and with room for differences before overflow.
  var isDrawable: Bool { abs(self) <= 1e300 }
}
