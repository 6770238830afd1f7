/// What a glyph is drawn with, by role; the renderer turns a role into a colour, or into nothing.
public enum Ink: Hashable, Sendable {
  /// The terminal's own foreground.
  case plain
  /// Axes, reference lines and remarks: there when looked for.
  case faint
  /// Titles and centres.
  case strong
  /// The colour of the class or series with this number, from 0.
  case series(Int)
  /// A line or glyph by its value, from 0 for the least to 1 for the greatest, legible on any ground.
  case scale(Double)
  /// A shade of the heat ramp, from 0 for the least to 1 for the greatest value.
  case heat(Double)
}
