/// The glyphs of one style, by what they stand for.
struct GlyphSet: Sendable {
  /// The lines of a frame.
  struct FrameGlyphs: Sendable {
    let horizontal, vertical, tickLeft, tickBelow, tickRight, tickAbove, cross: Character
    let topLeft, topRight, bottomLeft, bottomRight: Character
  }

  let frame: FrameGlyphs
  /// One shape per class; classes past these get letters.
  let shapes: [Character]
  /// Several classes in one cell.
  var overlap: Character { "*" }
  /// A point of a reference curve such as the unit circle.
  let trace: Character
  /// A lone curve.
  let curve: Character
  /// What joins the samples of a curve.
  let joint: Character
  /// Two cells of a dashed line.
  let dashes: [Character]
  /// Heads of arrows to the east, north-east, north … south-east.
  let arrowHeads: [Character]
  /// The same for long arrows, where there are such glyphs.
  let heavyHeads: [Character]
  /// Shafts of arrows along —, /, | and \.
  let arrowShafts: [Character]
  /// From the least value to the greatest.
  let shades: [Character]
  /// Parts of a cell at its bottom, left, top and right, ever more of it, the whole cell last.
  let parts: [Side: [Character]]
  /// What stands where text was cut off.
  let ellipsis: String
  /// Between the first and last of a range.
  let dash: String
  let times: String

  /// The glyph of a class or series: a shape for the first eight, then letters.
  func glyph(ofClass index: Int) -> Character {
    if index < shapes.count { return shapes[index] }
    return Self.letters[(index - shapes.count) % Self.letters.count]
  }

  /// One of the four sides of a cell.
  enum Side { case bottom, left, top, right }

  /// The glyph of a cell of which a part at one side is filled; nil for next to nothing.
  func part(_ part: Double, at side: Side) -> Character? {
    guard part > 0.02, let steps = parts[side] else { return nil }
    return steps[min(Int(part * Double(steps.count)), steps.count - 1)]
  }

  /// The head of an arrow, heavy for one at least half as long as the longest.
  func head(_ heading: Int, weight: Double) -> Character {
    weight >= 0.5 ? heavyHeads[heading] : arrowHeads[heading]
  }

  /// A whole cell.
  let block: Character

  /// The letter of the centres of a class, from A.
  func letter(ofClass index: Int) -> Character { Self.capitals[index % Self.capitals.count] }

  private static let letters = Array("abcdefghijklmnpqrstuvwyz")  // o and x are ascii shapes
  private static let capitals = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

extension GlyphSet {
  /// The glyphs that may be used.
  init(_ characters: RenderOptions.Characters) {
    self = characters == .ascii ? .ascii : .unicode
  }

  private static let ascii = GlyphSet(
    frame: FrameGlyphs(
      horizontal: "-", vertical: "|", tickLeft: "+", tickBelow: "+", tickRight: "+",
      tickAbove: "+", cross: "+", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+"),
    shapes: Array("ox+#@%&="), trace: ".", curve: "*", joint: ".", dashes: ["-", " "],
    arrowHeads: Array(">/^\\</v\\"), heavyHeads: Array(">/^\\</v\\"),
    arrowShafts: Array("-/|\\"), shades: Array(" .:-=+*#%@"),
    parts: [
      .bottom: Array(".:#"), .left: Array(":#"), .top: Array("':#"), .right: Array(":#"),
    ], ellipsis: "..", dash: "-", times: "x", block: "#")

  private static let unicode = GlyphSet(
    frame: FrameGlyphs(
      horizontal: "─", vertical: "│", tickLeft: "┤", tickBelow: "┬", tickRight: "├",
      tickAbove: "┴", cross: "┼", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘"),
    shapes: Array("●▲■◆○△□◇"), trace: "·", curve: "•", joint: "·", dashes: ["╌", "╌"],
    arrowHeads: Array("→↗↑↖←↙↓↘"), heavyHeads: Array("⇒⇗⇑⇖⇐⇙⇓⇘"),
    arrowShafts: Array("─╱│╲"), shades: Array(" ░▒▓█"),
    parts: [
      .bottom: Array("▁▂▃▄▅▆▇█"), .left: Array("▏▎▍▌▋▊▉█"), .top: Array("▔▀▀█"),
      .right: Array("▕▐▐█"),
    ], ellipsis: "…", dash: "–", times: "×", block: "█")
}
