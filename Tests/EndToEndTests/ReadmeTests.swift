import Foundation
import Testing

/// The README's transcripts are what the program prints.
///
/// With MLREPL_RECORD=1 they are written anew instead of compared.
@Suite struct ReadmeTests {
  @Test func transcriptsAreTrue() throws {
    let mlrepl = try Program("mlrepl")
    let url = Program.root.appending(path: "README.md")
    let text = try String(contentsOf: url, encoding: .utf8)
    var rewritten: [String] = []
    var transcript: [String]?
    for line in text.components(separatedBy: "\n") {
      if line == "```console" {
        rewritten.append(line)
        transcript = []
      } else if line == "```", let lines = transcript {
        rewritten += try Self.replayed(lines, with: mlrepl) + [line]
        transcript = nil
      } else if transcript != nil {
        transcript?.append(line)
      } else {
        rewritten.append(line)
      }
    }
    let fresh = rewritten.joined(separator: "\n")
    if ProcessInfo.processInfo.environment["MLREPL_RECORD"] == "1" {
      try fresh.write(to: url, atomically: true, encoding: .utf8)
    } else {
      #expect(fresh == text)
    }
  }

  /// The commands of a transcript, each with what it prints now.
  private static func replayed(_ lines: [String], with program: Program) throws -> [String] {
    var replayed: [String] = []
    for line in lines where line.hasPrefix("$ mlrepl ") {
      let result = try program.run(arguments(line.dropFirst("$ mlrepl ".count)))
      replayed.append(line)
      replayed += (result.output + result.error).components(separatedBy: "\n").dropLast()
    }
    return replayed
  }

  /// Words as a shell splits them, single quotes understood.
  private static func arguments(_ line: Substring) -> [String] {
    line.components(separatedBy: "'").enumerated().flatMap { index, part in
      index % 2 == 1 ? [part] : part.split(separator: " ").map(String.init)
    }
  }
}
