import Foundation
import Interpreter

/// A folder that programs may fill; it goes away with this value.
final class Scratch {
  let url = FileManager.default.temporaryDirectory.appending(path: "scratch-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var path: String { url.path }

  /// A session that reads and writes there, and where `programPath` lies.
  func session(programPath: String? = nil) -> Session {
    var options = Session.Options()
    options.workingFolder = path
    options.programPath = programPath
    return Session(options)
  }
}
