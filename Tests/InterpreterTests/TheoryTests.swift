import Foundation
import Interpreter
import Testing

/// The claims of the theory, as programs of the language: `Theory/*.mlr`, a file for a section or
/// two, the id of a claim in a comment above the `derive`, `refute` or `check` that states it.
@Suite struct TheoryTests {
  @Test(arguments: TheoryFile.all)
  func everyClaimHolds(_ file: TheoryFile) throws {
    let reply = Session().run(try file.text(), name: file.description, isScript: true)
    let printed = reply.outputs.map { ReplyRenderer().text($0) }.joined()
    #expect(
      reply.diagnostic == nil, "\(reply.diagnostic.map { ReplyRenderer().diagnostic($0) } ?? "")")
    #expect(reply.failures == 0, "\(printed)")
  }

  /// `Theory/ids.txt` lists the ids; one that no program states has its reason there.
  @Test func everyIdIsStatedOnceOrExcused() throws {
    let stated = try TheoryFile.all.flatMap { try $0.claims().map(\.id) }
    let listed = try TheoryFile.ids()
    #expect(Set(listed.map(\.id)).count == listed.count, "an id is listed twice")
    for (id, reason) in listed {
      let times = stated.count { $0 == id }
      #expect(times == (reason == nil ? 1 : 0), "\(id) is stated \(times) times")
    }
    #expect(Set(stated).subtracting(listed.map(\.id)).isEmpty)
  }

  /// An id without a claim below it would state nothing.
  @Test(arguments: TheoryFile.all)
  func everyIdStandsAboveAClaim(_ file: TheoryFile) throws {
    for claim in try file.claims() {
      #expect(
        ["derive \"", "refute \"", "check "].contains { claim.program.contains($0) },
        "\(claim.id) states nothing")
    }
  }
}

/// A file of claims.
struct TheoryFile: CustomTestStringConvertible, Sendable {
  let description: String

  var testDescription: String { description }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Theory")

  static let all: [TheoryFile] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (files ?? []).filter { $0.hasSuffix(".mlr") }.sorted().map(TheoryFile.init)
  }()

  func text() throws -> String {
    try String(contentsOf: Self.folder.appending(path: description), encoding: .utf8)
  }

  /// The ids of the file, each with the program up to the next.
  func claims() throws -> [(id: String, program: String)] {
    var claims: [(id: String, program: String)] = []
    for line in try text().split(separator: "\n") {
      if let match = line.wholeMatch(of: /# \[([A-Za-z0-9_*]+)\]/) {
        claims.append((String(match.1), ""))
      } else if !claims.isEmpty {
        claims[claims.count - 1].program += line + "\n"
      }
    }
    return claims
  }

  /// The ids of `ids.txt`, each with the reason why no program states it, if there is one.
  static func ids() throws -> [(id: String, reason: String?)] {
    let text = try String(contentsOf: folder.appending(path: "ids.txt"), encoding: .utf8)
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let parts = line.split(separator: " — ", maxSplits: 1)
      return (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
    }
  }
}
