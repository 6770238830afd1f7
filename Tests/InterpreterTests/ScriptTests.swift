import Diagnostics
import Foundation
import Interpreter
import Testing

/// Runs every program of `Scripts/` and compares what it gives with the comments beside its lines.
@Suite struct ScriptTests {
  @Test(arguments: Script.all)
  func scriptGivesWhatItsCommentsSay(_ script: Script) throws {
    let text = try script.text()
    let wanted = Script.Expectations(in: text)
    let folder = try Scratch()
    let session = folder.session(
      programPath: Script.fixtures.appending(path: "program.mlr").path)
    let reply = session.run(text, name: script.description, isScript: true)

    let lines = Script.lines(of: reply)
    for (line, pattern) in zip(lines, wanted.output) {
      #expect(Script.matches(line, pattern), "printed \(line), wanted \(pattern)")
    }
    #expect(lines.count == wanted.output.count, "printed \(lines), wanted \(wanted.output)")

    let found = reply.diagnostic
    guard let error = wanted.error else {
      #expect(found == nil, "\(found.map { ReplyRenderer().diagnostic($0) } ?? "")")
      return
    }
    let diagnostic = try #require(found, "no error came: \(error.message)")
    #expect(Script.matches(diagnostic.message, error.message), "said: \(diagnostic.message)")
    let source = try #require(diagnostic.source)
    let span = try #require(diagnostic.span)
    #expect(source.position(at: span.start).line == error.line)
  }

  @Test func everyFeatureHasScripts() {
    #expect(Script.all.count >= 200)
  }
}

/// A program with its expectations.
///
/// It reads `Fixtures/` and writes to a folder of its own. Expectations are `# expect: text` for
/// every line printed, in order, and `# error: message` on the line the error points at. `…` in
/// either stands for any text.
struct Script: CustomTestStringConvertible, Sendable {
  /// Its place below `Scripts/`.
  let description: String

  var testDescription: String { description }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Scripts")

  /// Files that programs read.
  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  static let all: [Script] = {
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (files ?? []).filter { $0.hasSuffix(".mlr") }.sorted().map(Script.init(description:))
  }()

  func text() throws -> String {
    let data = try Data(contentsOf: Self.folder.appending(path: description))
    return String(decoding: data, as: UTF8.self)
  }

  struct Expectations {
    private(set) var output: [String] = []
    private(set) var error: (message: String, line: Int)?

    init(in text: String) {
      let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      for (index, line) in lines.enumerated() {
        if let expected = Self.comment("expect", in: line) { output.append(expected) }
        if let message = Self.comment("error", in: line) { error = (message, index + 1) }
      }
    }

    private static func comment(_ word: String, in line: Substring) -> String? {
      guard let mark = line.firstRange(of: "# \(word):") else { return nil }
      let rest = line[mark.upperBound...]
      return rest.hasPrefix(" ") ? String(rest.dropFirst()) : String(rest)
    }
  }

  /// Everything a reply gave, notices included, line by line.
  static func lines(of reply: Reply) -> [String] {
    let text = reply.outputs.map { ReplyRenderer().text($0) }.joined()
    guard !text.isEmpty else { return [] }
    let body = text.hasSuffix("\n") ? text.dropLast() : Substring(text)
    return body.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Whether a line is as the pattern says; blanks at its end do not count.
  static func matches(_ line: String, _ pattern: String) -> Bool {
    func trimmed(_ text: String) -> Substring {
      Substring(String(text.reversed().drop { $0 == " " }.reversed()))
    }
    var rest = trimmed(line)
    let parts = trimmed(pattern).split(separator: "…", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return rest == parts[0] }
    for (index, part) in parts.enumerated() {
      if index == 0 {
        guard rest.hasPrefix(part) else { return false }
        rest = rest.dropFirst(part.count)
      } else if index == parts.count - 1 {
        return rest.hasSuffix(part)
      } else if !part.isEmpty {
        guard let found = rest.firstRange(of: part) else { return false }
        rest = rest[found.upperBound...]
      }
    }
    return true
  }
}
