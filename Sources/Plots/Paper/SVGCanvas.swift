/// Shapes as the elements of an SVG picture.
struct SVGCanvas: VectorCanvas {
  private(set) var elements = ""

  mutating func stroke(_ points: [Point], _ color: PaperColor, width: Double, isDashed: Bool) {
    guard points.count > 1 else { return }
    let dashes = isDashed ? " stroke-dasharray=\"5 4\"" : ""
    add(
      """
      <polyline points="\(Self.list(points))" fill="none" stroke="\(color.hex)" \
      stroke-width="\(Self.number(width))" stroke-linejoin="round"\(dashes)/>
      """)
  }

  mutating func fill(_ points: [Point], _ color: PaperColor?, outline: PaperColor?) {
    let stroke = outline.map { " stroke=\"\($0.hex)\" stroke-width=\"1.3\"" } ?? ""
    add("<polygon points=\"\(Self.list(points))\" fill=\"\(color?.hex ?? "none")\"\(stroke)/>")
  }

  mutating func rectangle(_ frame: Frame, _ color: PaperColor, opacity: Double) {
    let see = opacity < 1 ? " fill-opacity=\"\(Self.number(opacity))\"" : ""
    add("<rect \(Self.place(frame)) fill=\"\(color.hex)\"\(see)/>")
  }

  mutating func circle(at center: Point, radius: Double, _ color: PaperColor, isFilled: Bool) {
    let paint =
      isFilled
      ? "fill=\"\(color.hex)\"" : "fill=\"none\" stroke=\"\(color.hex)\" stroke-width=\"1.3\""
    add(
      """
      <circle cx="\(Self.number(center.x))" cy="\(Self.number(center.y))" \
      r="\(Self.number(radius))" \(paint)/>
      """)
  }

  mutating func write(_ text: String, at place: Point, _ style: PaperText) {
    guard !text.isEmpty else { return }
    let anchor =
      switch style.anchor {
      case .start: ""
      case .middle: " text-anchor=\"middle\""
      case .end: " text-anchor=\"end\""
      }
    let (x, y) = (Self.number(place.x), Self.number(place.y))
    let turn = style.isUpright ? " transform=\"rotate(-90 \(x) \(y))\"" : ""
    let weight = style.isBold ? " font-weight=\"bold\"" : ""
    add(
      """
      <text x="\(x)" y="\(y)" font-size="\(Self.number(style.size))" \
      fill="\(style.color.hex)"\(anchor)\(weight)\(turn)>\(Self.escaped(text))</text>
      """)
  }

  mutating func clipped(to frame: Frame, _ body: (inout SVGCanvas) -> Void) {
    // An inner picture is cut off at its edges without an id, which could clash on a page of many.
    let box = [frame.x, frame.y, frame.width, frame.height].map(Self.number)
    add("<svg \(Self.place(frame)) viewBox=\"\(box.joined(separator: " "))\" overflow=\"hidden\">")
    body(&self)
    add("</svg>")
  }

  private mutating func add(_ element: String) {
    elements += element
    elements += "\n"
  }

  private static func list(_ points: [Point]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  private static func place(_ frame: Frame) -> String {
    """
    x="\(number(frame.x))" y="\(number(frame.y))" width="\(number(frame.width))" \
    height="\(number(frame.height))"
    """
  }

  /// A number with at most two decimals, the same on every machine.
  static func number(_ value: Double) -> String {
    let hundredths = Int(min(max((value.isNaN ? 0 : value) * 100, -1e9), 1e9).rounded())
    var number = DecimalNumber(digits: hundredths, exponent: -2)
    while number.exponent < 0, number.digits % 10 == 0 {
      number = DecimalNumber(digits: number.digits / 10, exponent: number.exponent + 1)
    }
    return number.plainLabel
  }

  /// Text as XML has it.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in Lettering(.unicode).clean(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\u{FFFE}", "\u{FFFF}": break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
