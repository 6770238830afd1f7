/// Lines at the end of the terminal that are drawn again in place; nothing above them is touched.
///
/// A frame is one write. Lines that are wider than the window are cut by the terminal, which does
/// not wrap meanwhile, so that a line is a row. Where the window has another size than when a frame
/// was drawn, its rows may have moved: the next frame begins below it instead of over it.
public final class LiveRegion {
  private let write: (String) -> Void
  /// Rows of the last frame that stand above the cursor.
  private var height = 0
  private var size = (columns: 0, rows: 0)

  /// A region that is written by `write`.
  public init(write: @escaping (String) -> Void) { self.write = write }

  /// Whether a frame stands there that may be drawn over.
  public var isOpen: Bool { height > 0 }

  /// Draws lines in the place of those before, in a window of a size; more than fit are left out from
  /// the front.
  ///
  /// The cursor stays at the beginning of the row below them.
  public func show(_ lines: [String], columns: Int, rows: Int) {
    if size != (columns, rows) { height = 0 }
    size = (columns, rows)
    let lines = lines.suffix(max(1, rows - 1))
    var text = Self.up(height) + Self.doNotWrap
    for line in lines { text += line + Self.clearToEndOfLine + "\n" }
    if lines.count < height { text += Self.clearBelow }
    height = lines.count
    write(text + Self.wrap)
  }

  /// Leaves the last frame where it is: what comes next stands below.
  public func settle() { height = 0 }

  /// Takes the last frame away.
  public func clear() {
    guard height > 0 else { return }
    write(Self.up(height) + Self.clearBelow)
    height = 0
  }

  private static func up(_ rows: Int) -> String { rows > 0 ? "\r\u{1b}[\(rows)A" : "\r" }
  private static let clearToEndOfLine = "\u{1b}[K"
  private static let clearBelow = "\u{1b}[J"
  private static let doNotWrap = "\u{1b}[?7l"
  private static let wrap = "\u{1b}[?7h"
}
