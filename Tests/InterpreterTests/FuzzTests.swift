import Foundation
import Fuzzing
import Interpreter
import Testing

/// Random programs: whatever they say, the session survives them.
///
/// This is a short run of what `swift run -c release fuzz` does by the million.
@Suite struct FuzzTests {
  @Test func randomProgramsNeverTrap() throws {
    let corpus = Script.all.compactMap { try? $0.text() } + (try Self.discoveries)
    var programs = ProgramGenerator(seed: 1, corpus: corpus)
    let folder = try Scratch()
    var session = folder.session()
    for trial in 0..<800 {
      if trial % 50 == 0 {
        session = folder.session()
        session.maxSeconds = 0.2
      }
      let text = programs.next()
      programs.learn(text, outcome: Trial(text, in: session).outcome)
    }
    #expect(programs.discoveries.count > 100)
    session.maxSeconds = nil
    #expect(session.run("1 + 1").diagnostic == nil)
  }

  @Test func programsOnceFoundStillRun() throws {
    let folder = try Scratch()
    for text in try Self.discoveries {
      let session = folder.session()
      session.maxSeconds = 0.2
      _ = Trial(text, in: session)
      session.maxSeconds = nil
      #expect(session.run("1 + 1").diagnostic == nil, "\(text)")
    }
  }

  /// Programs that long runs kept for what came of them; a form feed is between two.
  private static var discoveries: [String] {
    get throws {
      let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "Corpus/discoveries.txt")
      return try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n\u{c}\n")
    }
  }
}
