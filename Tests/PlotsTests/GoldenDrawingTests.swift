import Foundation
import Plots
import Testing

/// Drawings are compared with copies that somebody has looked at; `MLREPL_RECORD=1` renews these.
@Suite struct GoldenDrawingTests {
  @Test func everyDrawingIsAsLastSeen() throws {
    let isRecording = ProcessInfo.processInfo.environment["MLREPL_RECORD"] == "1"
    let exhibits = try Gallery.exhibits()
    for exhibit in exhibits {
      let file = Self.folder.appending(path: "\(exhibit.name).txt")
      if isRecording {
        try (exhibit.text + "\n").write(to: file, atomically: true, encoding: .utf8)
      } else {
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(golden == exhibit.text + "\n", "\(exhibit.name)")
      }
    }
    let recorded = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    #expect(recorded == exhibits.map { "\($0.name).txt" }.sorted())
  }

  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().appending(path: "Golden")
}
