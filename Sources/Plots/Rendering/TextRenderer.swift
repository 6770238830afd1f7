/// Draws plots as lines of text, with colours as escape sequences where they are wanted.
public struct TextRenderer: Sendable {
  /// For whom it draws.
  public var options: RenderOptions

  /// A renderer for the given window and characters.
  public init(_ options: RenderOptions = RenderOptions()) {
    self.options = options.bounded
  }

  /// The plot as lines joined by newlines: none wider than the window, none ending in blanks.
  ///
  /// In a window narrower than `RenderOptions.narrowest` there is a remark in place of the plot.
  public func render(_ plot: Plot) -> String {
    guard options.columns >= RenderOptions.narrowest else {
      return String("plot: window too narrow".prefix(options.columns))
    }
    return text(of: plot.drawing(in: options))
  }

  private func text(of drawing: TextDrawing) -> String {
    let palette = AnsiPalette(color: options.color)
    var text = ""
    for row in 0..<drawing.rows {
      if row > 0 { text.append("\n") }
      var current = ""
      for cell in drawing.trimmedRow(row, limit: options.columns) {
        guard let glyph = cell.glyph else { continue }
        // A blank looks the same in any ink, so it need not end a run of colour.
        let sequence = cell.isBlank ? current : palette.sequence(for: cell)
        if sequence != current {
          if !current.isEmpty { text += AnsiPalette.reset }
          text += sequence
          current = sequence
        }
        text.append(glyph)
      }
      if !current.isEmpty { text += AnsiPalette.reset }
    }
    return text
  }
}
