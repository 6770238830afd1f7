/// The forms in which a plot can be kept.
public enum PlotFormat: String, Hashable, Sendable, CaseIterable {
  /// A vector graphic whose text is text, with the plot's words for readers who do not see it.
  case svg
  /// A picture of pixels, two for each unit of the vector graphic.
  case png
  /// Characters, as at a terminal without colours.
  case txt

  /// The format that the end of a path names; nil for any other end.
  public init?(path: String) {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    self.init(rawValue: path[path.index(after: dot)...].lowercased())
  }
}

extension Plot {
  /// The plot as the bytes of a file.
  ///
  /// - Throws: `pictureTooLarge` for a PNG of more pixels than can be drawn.
  public func bytes(as format: PlotFormat) throws(PlotError) -> [UInt8] {
    switch format {
    case .svg: return Array(svg.utf8)
    case .txt: return Array((TextRenderer().render(self) + "\n").utf8)
    case .png:
      let sheet = sheet
      guard let canvas = PNGCanvas(width: sheet.width, height: sheet.height) else {
        throw .pictureTooLarge(width: Int(sheet.width), height: Int(sheet.height))
      }
      var pen = Offset(canvas)
      sheet.draw(on: &pen, from: Point(0, 0))
      guard let bytes = canvas.bytes else {
        throw .pictureTooLarge(width: Int(sheet.width), height: Int(sheet.height))
      }
      return bytes
    }
  }

  /// The plot as an SVG picture.
  public var svg: String {
    let sheet = sheet
    var pen = Offset(SVGCanvas())
    sheet.draw(on: &pen, from: Point(0, 0))
    let (width, height) = (SVGCanvas.number(sheet.width), SVGCanvas.number(sheet.height))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" role="img" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="DejaVu Sans, Helvetica, Arial, sans-serif">
      <title>\(SVGCanvas.escaped(heading))</title>
      <desc>\(SVGCanvas.escaped(words))</desc>
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(pen.canvas.elements)</svg>

      """
  }
}

/// Figures on one sheet, as a plot puts them together.
indirect enum Sheet {
  case figure(FigureSheet)
  case row([Sheet])
  case column([Sheet])

  /// The room between figures.
  private static let gap = 12.0

  var width: Double {
    switch self {
    case .figure(let sheet): sheet.width
    case .row(let parts): parts.reduce(Self.gap * Double(parts.count - 1)) { $0 + $1.width }
    case .column(let parts): parts.map(\.width).max() ?? 0
    }
  }

  var height: Double {
    switch self {
    case .figure(let sheet): sheet.height
    case .row(let parts): parts.map(\.height).max() ?? 0
    case .column(let parts): parts.reduce(Self.gap * Double(parts.count - 1)) { $0 + $1.height }
    }
  }

  func draw(on pen: inout Offset<some VectorCanvas>, from corner: Point) {
    switch self {
    case .figure(let sheet):
      pen.corner = corner
      sheet.draw(on: &pen)
    case .row(let parts):
      var x = corner.x
      for part in parts {
        part.draw(on: &pen, from: Point(x, corner.y))
        x += part.width + Self.gap
      }
    case .column(let parts):
      var y = corner.y
      for part in parts {
        part.draw(on: &pen, from: Point(corner.x, y))
        y += part.height + Self.gap
      }
    }
  }
}

/// A canvas whose places count from a corner of another.
struct Offset<Canvas: VectorCanvas>: VectorCanvas {
  var canvas: Canvas
  var corner = Point(0, 0)

  init(_ canvas: Canvas) { self.canvas = canvas }

  private func moved(_ point: Point) -> Point { Point(point.x + corner.x, point.y + corner.y) }

  private func moved(_ frame: Frame) -> Frame {
    Frame(
      x: frame.x + corner.x, y: frame.y + corner.y, width: frame.width, height: frame.height)
  }

  mutating func stroke(_ points: [Point], _ color: PaperColor, width: Double, isDashed: Bool) {
    canvas.stroke(points.map { moved($0) }, color, width: width, isDashed: isDashed)
  }

  mutating func fill(_ points: [Point], _ color: PaperColor?, outline: PaperColor?) {
    canvas.fill(points.map { moved($0) }, color, outline: outline)
  }

  mutating func rectangle(_ frame: Frame, _ color: PaperColor, opacity: Double) {
    canvas.rectangle(moved(frame), color, opacity: opacity)
  }

  mutating func circle(at center: Point, radius: Double, _ color: PaperColor, isFilled: Bool) {
    canvas.circle(at: moved(center), radius: radius, color, isFilled: isFilled)
  }

  mutating func write(_ text: String, at place: Point, _ style: PaperText) {
    canvas.write(text, at: moved(place), style)
  }

  mutating func clipped(to frame: Frame, _ body: (inout Offset) -> Void) {
    let corner = corner
    canvas.clipped(to: moved(frame)) { inner in
      var offset = Offset(inner)
      offset.corner = corner
      body(&offset)
      inner = offset.canvas
    }
  }
}
