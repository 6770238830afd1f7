import CCairo

/// Shapes as the pixels of a PNG picture, drawn by cairo.
struct PNGCanvas: VectorCanvas {
  private let pen: Pen

  /// The most pixels of a picture: 160 MB while it is drawn.
  static let mostPixels = 40_000_000.0
  /// The longest side that cairo can draw.
  private static let longestSide = 32_000.0

  /// A white sheet, two pixels for each unit where that is not too many; nil for a sheet too large.
  init?(width: Double, height: Double) {
    let scales = [2.0, 1].filter { scale in
      width * height * scale * scale <= Self.mostPixels
        && max(width, height) * scale <= Self.longestSide
    }
    guard let scale = scales.first, let pen = Pen(width: width, height: height, scale: scale) else {
      return nil
    }
    self.pen = pen
  }

  /// The picture as a PNG file; nil where memory ran out.
  var bytes: [UInt8]? { pen.bytes }

  func stroke(_ points: [Point], _ color: PaperColor, width: Double, isDashed: Bool) {
    guard points.count > 1 else { return }
    trace(points)
    pen.color(color)
    cairo_set_line_width(pen.cairo, width)
    cairo_set_line_join(pen.cairo, CAIRO_LINE_JOIN_ROUND)
    if isDashed { cairo_set_dash(pen.cairo, [5, 4], 2, 0) }
    cairo_stroke(pen.cairo)
    if isDashed { cairo_set_dash(pen.cairo, nil, 0, 0) }
  }

  func fill(_ points: [Point], _ color: PaperColor?, outline: PaperColor?) {
    trace(points)
    cairo_close_path(pen.cairo)
    if let color {
      pen.color(color)
      cairo_fill_preserve(pen.cairo)
    }
    if let outline {
      pen.color(outline)
      cairo_set_line_width(pen.cairo, 1.3)
      cairo_stroke_preserve(pen.cairo)
    }
    cairo_new_path(pen.cairo)
  }

  func rectangle(_ frame: Frame, _ color: PaperColor, opacity: Double) {
    pen.color(color, opacity: opacity)
    cairo_rectangle(pen.cairo, frame.x, frame.y, frame.width, frame.height)
    cairo_fill(pen.cairo)
  }

  func circle(at center: Point, radius: Double, _ color: PaperColor, isFilled: Bool) {
    pen.color(color)
    cairo_new_path(pen.cairo)
    cairo_arc(pen.cairo, center.x, center.y, radius, 0, 2 * .pi)
    cairo_set_line_width(pen.cairo, 1.3)
    if isFilled { cairo_fill(pen.cairo) } else { cairo_stroke(pen.cairo) }
  }

  func write(_ text: String, at place: Point, _ style: PaperText) {
    pen.color(style.color)
    cairo_select_font_face(
      pen.cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
      style.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(pen.cairo, style.size)
    let clean = Lettering(.unicode).clean(text)
    var extents = cairo_text_extents_t()
    cairo_text_extents(pen.cairo, clean, &extents)
    let shift =
      switch style.anchor {
      case .start: 0.0
      case .middle: extents.x_advance / 2
      case .end: extents.x_advance
      }
    cairo_save(pen.cairo)
    cairo_translate(pen.cairo, place.x, place.y)
    if style.isUpright { cairo_rotate(pen.cairo, -.pi / 2) }
    cairo_move_to(pen.cairo, -shift, 0)
    cairo_show_text(pen.cairo, clean)
    cairo_restore(pen.cairo)
  }

  mutating func clipped(to frame: Frame, _ body: (inout PNGCanvas) -> Void) {
    cairo_save(pen.cairo)
    cairo_rectangle(pen.cairo, frame.x, frame.y, frame.width, frame.height)
    cairo_clip(pen.cairo)
    body(&self)
    cairo_restore(pen.cairo)
  }

  private func trace(_ points: [Point]) {
    cairo_new_path(pen.cairo)
    for point in points { cairo_line_to(pen.cairo, point.x, point.y) }
  }
}

/// A cairo surface with its context: released once, whoever holds the canvas.
private final class Pen {
  private let surface: OpaquePointer
  let cairo: OpaquePointer

  init?(width: Double, height: Double, scale: Double) {
    guard
      let surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, Int32((width * scale).rounded(.up)),
        Int32((height * scale).rounded(.up)))
    else { return nil }
    guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let cairo = cairo_create(surface)
    else {
      cairo_surface_destroy(surface)
      return nil
    }
    (self.surface, self.cairo) = (surface, cairo)
    cairo_scale(cairo, scale, scale)
    color(PaperPalette.paper)
    cairo_paint(cairo)
  }

  deinit {
    cairo_destroy(cairo)
    cairo_surface_destroy(surface)
  }

  func color(_ color: PaperColor, opacity: Double = 1) {
    cairo_set_source_rgba(
      cairo, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255, opacity)
  }

  var bytes: [UInt8]? {
    var bytes: [UInt8] = []
    let status = withUnsafeMutablePointer(to: &bytes) { pointer in
      cairo_surface_write_to_png_stream(
        surface,
        { closure, data, length in
          guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
          closure.assumingMemoryBound(to: [UInt8].self).pointee
            .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
          return CAIRO_STATUS_SUCCESS
        }, pointer)
    }
    return status == CAIRO_STATUS_SUCCESS ? bytes : nil
  }
}
