import Foundation
import Testing

/// A built program of this package, run as a user would run it.
struct Program {
  /// What a run gave.
  struct Result {
    let output: String
    let error: String
    let status: Int32
  }

  /// What a sanitizer was told, if there is one.
  private static let sanitizer = ProcessInfo.processInfo.environment.filter {
    $0.key.hasSuffix("SAN_OPTIONS")
  }
  static let isSanitized = !sanitizer.isEmpty

  private let url: URL

  /// The program `name` beside the test bundle.
  init(_ name: String) throws {
    let bundle = try #require(
      CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments.first)
    url = URL(filePath: bundle).deletingLastPathComponent().appending(path: name)
    try #require(FileManager.default.isExecutableFile(atPath: url.path), "\(url.path) is not built")
  }

  /// Where the program is.
  var path: String { url.path }

  /// Runs it to its end.
  ///
  /// - Parameters:
  ///   - arguments: its arguments.
  ///   - input: what it reads from standard input; nothing unless given.
  ///   - environment: variables on top of a bare environment.
  ///   - folder: where it works; the package's folder unless given.
  ///   - interruptAfter: seconds after which it gets Ctrl-C's signal, and between further ones.
  /// - Returns: what it printed, and its exit status.
  /// - Throws: what starting it throws.
  func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:],
    folder: URL? = nil, interruptAfter: Double? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.currentDirectoryURL = folder ?? Self.root
    let state = FileManager.default.temporaryDirectory.appending(path: "mlrepl-tests").path
    process.environment = ["PATH": "/usr/bin:/bin", "XDG_STATE_HOME": state]
      // What a sanitizer was told holds for the program too.
      .merging(Self.sanitizer) { $1 }.merging(environment) { $1 }
    let (standardInput, output, error) = (Pipe(), Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = output
    process.standardError = error
    try process.run()
    standardInput.fileHandleForWriting.write(Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    if let interruptAfter {
      // Again and again: the first may come before the program listens. Never for ever.
      for _ in 0..<40 where process.isRunning {
        Thread.sleep(forTimeInterval: interruptAfter)
        process.interrupt()
      }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let errors = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      output: String(decoding: text, as: UTF8.self), error: String(decoding: errors, as: UTF8.self),
      status: process.terminationStatus)
  }

  /// The package's folder.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
}
