import Foundation
import Plots
import Testing

/// Every kind of chart in each style at three widths, compared with copies that somebody has read.
///
/// `MLREPL_RECORD=1` renews the copies in `Styles/`, one file for each chart.
@Suite struct StyleSheetTests {
  @Test func everyChartIsAsLastSeenInAllStyles() throws {
    let isRecording = ProcessInfo.processInfo.environment["MLREPL_RECORD"] == "1"
    let samples = try Specimens.all()
    for (name, plot) in samples {
      let sheet = Self.sheet(plot)
      let file = Self.folder.appending(path: "\(name).txt")
      if isRecording {
        try sheet.write(to: file, atomically: true, encoding: .utf8)
      } else {
        #expect(try String(contentsOf: file, encoding: .utf8) == sheet, "\(name)")
      }
    }
    let recorded = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    #expect(recorded == samples.map { "\($0.name).txt" }.sorted())
  }

  /// Every style in a window just wide enough, a narrow and a wide one.
  static let windows: [(columns: Int, rows: Int?)] = [(22, 11), (50, 16), (100, nil)]

  private static func sheet(_ plot: Plot) -> String {
    RenderOptions.Characters.allCases.flatMap { characters in
      windows.map { window in
        let options = RenderOptions(
          columns: window.columns, rows: window.rows, characters: characters)
        return "== \(characters.rawValue), \(window.columns) columns\n"
          + TextRenderer(options).render(plot) + "\n"
      }
    }.joined(separator: "\n")
  }

  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().appending(path: "Styles")
}
