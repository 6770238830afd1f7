/// A colour by its parts, from 0 to 255.
struct PaperColor: Hashable, Sendable {
  var red, green, blue: UInt8

  /// Such as `#0087d7`.
  var hex: String {
    let digits = Array("0123456789abcdef")
    return "#"
      + String([red, green, blue].flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}

/// A sheet that takes shapes at exact places, in units of 1/96 inch, rows counted downward.
protocol VectorCanvas {
  /// Draws lines from point to point.
  mutating func stroke(_ points: [Point], _ color: PaperColor, width: Double, isDashed: Bool)
  /// Fills a polygon, and draws around it.
  mutating func fill(_ points: [Point], _ color: PaperColor?, outline: PaperColor?)
  /// Fills a rectangle; `opacity` is from 0 to 1.
  mutating func rectangle(_ frame: Frame, _ color: PaperColor, opacity: Double)
  /// Fills or, without a fill, draws a circle.
  mutating func circle(at center: Point, radius: Double, _ color: PaperColor, isFilled: Bool)
  /// Writes text whose base line begins, has its middle or ends at a place.
  mutating func write(_ text: String, at place: Point, _ style: PaperText)
  /// Draws inside a rectangle only.
  mutating func clipped(to frame: Frame, _ body: (inout Self) -> Void)
}

/// How text is written on paper.
struct PaperText: Hashable, Sendable {
  var size = 12.0
  var color: PaperColor
  var anchor = Figure.Text.Anchor.start
  var isBold = false
  /// Whether it runs upward.
  var isUpright = false
}

/// A rectangle on a sheet.
struct Frame: Hashable, Sendable {
  var x, y, width, height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
}
