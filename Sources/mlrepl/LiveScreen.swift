import Interpreter
import Plots
import Terminal

/// What changes while a cell runs, at this terminal: frames in place on standard output, or plain
/// lines on standard error where nothing can be drawn over.
final class LiveScreen {
  private let region = LiveRegion(write: Streams.out)
  private let renderer: ReplyRenderer
  private let drawsInPlace: Bool

  init(_ options: CommonOptions) {
    renderer = options.renderer
    drawsInPlace = !options.plain && Screen.canDrawInPlace
  }

  /// The display of a session.
  var display: LiveDisplay {
    LiveDisplay(drawsInPlace: drawsInPlace) { [self] in show($0) }
  }

  /// Leaves the last frame where it is, before anything else is written.
  func settle() { region.settle() }

  private func show(_ update: LiveUpdate) {
    switch update {
    case .frame(let plot, let line):
      guard drawsInPlace else { return Streams.error(renderer.plainText(line) + "\n") }
      var renderer = renderer
      renderer.options.columns = Screen.columns
      let rows = Screen.rows
      // Below the picture there is its line, and the row of the cursor.
      renderer.options.rows = max(5, rows - 3)
      var lines =
        plot.map {
          renderer.picture($0).split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
        } ?? []
      if lines.count > rows - 3 { lines = [] }
      region.show(
        lines + [renderer.plainText(line)], columns: renderer.options.columns, rows: rows)
    case .end(let keepsFrame):
      if keepsFrame { region.settle() } else { region.clear() }
    }
  }
}
