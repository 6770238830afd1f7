import Foundation

/// Another language's program, to run the same thing.
struct Peer {
  /// What it is called in the table: `CPython 3.11.7`.
  let name: String
  private let path: String
  private let script: String

  /// The first of these programs that is installed; nil where none is.
  init?(programs: [String], version argument: String, script: String) {
    for path in Self.paths(of: programs) {
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

  /// Where these programs are installed, the first ones first.
  static func paths(of programs: [String]) -> [String] {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return programs.flatMap { program in
      program.contains("/") ? [program] : folders.map { "\($0)/\(program)" }
    }.filter { access($0, X_OK) == 0 }
  }

  /// The Python to use: what MLREPL_BENCH_PYTHON names, or the first of these programs.
  static func pythons(_ programs: [String]) -> [String] {
    ProcessInfo.processInfo.environment["MLREPL_BENCH_PYTHON"].map { [$0] } ?? programs
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
