import ArgumentParser
import Foundation
import Fuzzing
import Interpreter

/// Runs random programs by the million: `swift run -c release fuzz --programs 1000000`.
///
/// Before each program its text is in the file `--current`, which survives whatever happens to the
/// process. At the end it tells how many outcomes there were, the slowest program, and how the
/// memory went.
struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run random programs, to find one that a session does not survive.")

  @Option(help: "How many programs to run.")
  var programs = 100_000

  @Option(help: "Where the random numbers start.")
  var seed: UInt64 = 1

  @Option(help: "Seconds a program may take; three times as many is a hang.")
  var seconds = 0.5

  @Option(help: "A folder of programs to begin with.")
  var corpus = "Tests/InterpreterTests/Scripts"

  @Option(help: "A file to which programs with new outcomes are written.")
  var discoveries: String?

  @Option(help: "The file that holds the program being run.")
  var current = FileManager.default.temporaryDirectory.appending(path: "fuzz-current.mlr").path

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(seed)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var generator = ProgramGenerator(seed: seed, corpus: try texts(in: corpus))
    try Data().write(to: URL(fileURLWithPath: current))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: current))
    var session = fresh(folder)
    var slowest = (seconds: 0.0, text: "")
    var hangs: [String] = []
    for number in 1...max(1, programs) {
      if number % 50 == 0 { session = fresh(folder) }
      let text = generator.next()
      try file.truncate(atOffset: 0)
      try file.seek(toOffset: 0)
      try file.write(contentsOf: Data(text.utf8))
      let trial = Trial(text, in: session)
      generator.learn(text, outcome: trial.outcome)
      if trial.seconds > slowest.seconds { slowest = (trial.seconds, text) }
      if trial.seconds > 3 * seconds { hangs.append(text) }
      if number % max(1, programs / 20) == 0 {
        print(
          "\(number) programs, \(generator.discoveries.count) outcomes, "
            + "\(Memory.inUse / 1_000_000) MB, \(hangs.count) hangs")
        fflush(nil)
      }
    }
    print("slowest: \(slowest.seconds) s\n\(slowest.text)")
    for text in hangs.prefix(20) { print("--- over \(3 * seconds) s\n\(text)") }
    if let discoveries {
      let all = generator.discoveries.joined(separator: "\n\u{c}\n")
      try all.write(toFile: discoveries, atomically: true, encoding: .utf8)
    }
    if !hangs.isEmpty { throw ExitCode(1) }
  }

  private func fresh(_ folder: URL) -> Session {
    var options = Session.Options()
    options.workingFolder = folder.path
    options.maxSeconds = seconds
    return Session(options)
  }

  private func texts(in folder: String) throws -> [String] {
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return files.filter { $0.hasSuffix(".mlr") }.sorted().compactMap {
      try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)
    }
  }
}

Fuzz.main()
