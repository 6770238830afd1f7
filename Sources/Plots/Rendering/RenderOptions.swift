/// For whom a plot is drawn: the room there is, and what can be shown.
public struct RenderOptions: Hashable, Sendable {
  /// Which characters may be used.
  public enum Characters: String, Hashable, Sendable, CaseIterable {
    /// Bytes below 128 only.
    case ascii
    /// Lines, blocks and shapes; for fonts without braille.
    case unicode
    /// Everything of `unicode`, and lines as braille dots: what a UTF-8 terminal shows at its best.
    case braille
  }

  /// Which colours may be used.
  public enum Color: String, Hashable, Sendable, CaseIterable {
    /// No escape sequences at all.
    case none
    /// The sixteen named colours.
    case ansi16
    /// The 256 indexed colours.
    case ansi256
    /// Every colour: the indexed ones, and for shades all those between.
    case trueColor

    /// Whether there are enough colours for shades.
    var hasRamp: Bool { self == .ansi256 || self == .trueColor }
  }

  /// The width of the window in cells; 0 and less mean that nobody knows, and count as 80.
  public var columns: Int
  /// How many rows a plot may have; nil leaves the height to the plot.
  ///
  /// At least 5 are used.
  public var rows: Int?
  /// Which characters may be used.
  public var characters: Characters
  /// Which colours may be used.
  public var color: Color

  /// Options; the defaults suit a pipe that carries UTF-8.
  public init(
    columns: Int = 80, rows: Int? = nil, characters: Characters = .braille, color: Color = .none
  ) {
    self.columns = columns
    self.rows = rows
    self.characters = characters
    self.color = color
  }

  /// The narrowest window in which a plot is drawn.
  public static let narrowest = 20

  /// These options with sizes that can be drawn: at most 1000 each way, to bound the memory taken.
  var bounded: RenderOptions {
    var options = self
    options.columns = columns <= 0 ? 80 : min(columns, 1000)
    options.rows = rows.map { min(max($0, 5), 1000) }
    return options
  }

  /// These options for a part of the window.
  func with(columns: Int, rows: Int?) -> RenderOptions {
    var options = self
    options.columns = columns
    options.rows = rows
    return options
  }
}
