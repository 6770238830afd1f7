import Foundation

/// Another language's program, to run the same thing.
struct Peer {
  /// What it is called in the table: `CPython 3.11.7`.
  let name: String
  private let path: String
  private let script: String

  /// The first of these programs that is installed; nil where none is.
  init?(programs: [String], version argument: String, script: String) {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    let paths = programs.flatMap { program in folders.map { "\($0)/\(program)" } }
    for path in paths where access(path, X_OK) == 0 {
      guard let version = Self.output(of: path, [argument]) else { continue }
      let words = version.split { $0 == " " || $0 == "\n" }
      guard words.count > 1 else { continue }
      name = "\(words[0]) \(words[1])"
      self.path = path
      self.script = script
      return
    }
    return nil
  }

  /// The seconds the peer says its program took.
  func seconds(_ arguments: String...) -> Double? {
    Self.output(of: path, [script] + arguments).flatMap {
      Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
    }
  }

  private static func output(of path: String, _ arguments: [String]) -> String? {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardOutput = pipe
    guard (try? process.run()) != nil else { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
  }
}
