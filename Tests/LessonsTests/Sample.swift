import Foundation

/// The lesson files beside the tests.
enum Sample: String {
  case lesson = "sample-lesson.md"

  func text(file: String = #filePath) throws -> String {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    let url = folder.appendingPathComponent("Samples").appendingPathComponent(rawValue)
    return try String(contentsOf: url, encoding: .utf8)
  }
}
