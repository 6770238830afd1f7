import Diagnostics
import Foundation
import Interpreter
import Testing

/// What a program may write, and what becomes of the file that was there.
@Suite struct FileAccessTests {
  private func error(_ session: Session, _ code: String) -> String? {
    session.run(code).diagnostic?.message
  }

  private func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }

  @Test func filesAreWrittenToTheWorkingFolder() throws {
    let (folder, program) = (try Scratch(), try Scratch())
    let session = folder.session(programPath: "\(program.path)/p.mlr")
    #expect(session.run("write_json(\"x.json\", [1, 2])").succeeded)
    #expect(try text(folder.url.appending(path: "x.json")) == "[1, 2]\n")
    // Beside the program a path says so.
    #expect(session.run("write_json(\"\(program.path)/y.json\", 3)").succeeded)
    #expect(try text(program.url.appending(path: "y.json")) == "3\n")
  }

  @Test func oldFilesKeepTheirPermissionsAndNothingIsLeftBehind() throws {
    let folder = try Scratch()
    let url = folder.url.appending(path: "x.json")
    try Data("old".utf8).write(to: url)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: url.path)
    #expect(folder.session().run("write_json(\"x.json\", 1)").succeeded)
    #expect(try text(url) == "1\n")
    let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.json"])
  }

  @Test func valuesThatCannotBeWrittenLeaveTheOldFile() throws {
    let folder = try Scratch()
    let url = folder.url.appending(path: "x.json")
    try Data("old".utf8).write(to: url)
    #expect(error(folder.session(), "write_json(\"x.json\", [1, sum])") != nil)
    #expect(try text(url) == "old")
  }

  @Test func linksLeadNowhereOutside() throws {
    let (folder, other) = (try Scratch(), try Scratch())
    let secret = other.url.appending(path: "secret.json")
    try Data("1".utf8).write(to: secret)
    let manager = FileManager.default
    for (name, target) in [
      ("file.json", secret.path), ("folder", other.path), ("none.json", "\(other.path)/none"),
    ] {
      try manager.createSymbolicLink(
        atPath: "\(folder.path)/\(name)", withDestinationPath: target)
    }
    let session = folder.session()
    let outside = "is outside the folders a program may use"
    #expect(error(session, "write_json(\"file.json\", 2)") == "file.json \(outside)")
    #expect(
      error(session, "write_json(\"folder/secret.json\", 2)") == "folder/secret.json \(outside)")
    #expect(error(session, "write_json(\"folder/new.json\", 2)") == "folder/new.json \(outside)")
    #expect(error(session, "write_json(\"none.json\", 2)") == "none.json is a link to nothing")
    #expect(error(session, "read_json(\"file.json\")") == "file.json \(outside)")
    #expect(try text(secret) == "1")
    #expect(try manager.contentsOfDirectory(atPath: other.path) == ["secret.json"])
    var options = Session.Options()
    options.workingFolder = folder.path
    options.allowsAllFiles = true
    #expect(Session(options).run("write_json(\"file.json\", 2)").succeeded)
    #expect(try text(secret) == "2\n")
  }

  @Test func linksInsideAreFollowed() throws {
    let folder = try Scratch()
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "data"), withIntermediateDirectories: false)
    try Data("1".utf8).write(to: folder.url.appending(path: "data/x.json"))
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/x.json", withDestinationPath: "data/x.json")
    #expect(folder.session().run("write_json(\"x.json\", 2)").succeeded)
    #expect(try text(folder.url.appending(path: "data/x.json")) == "2\n")
  }

  @Test func onlyFilesAreWritten() throws {
    let folder = try Scratch()
    #expect(mkfifo("\(folder.path)/pipe", 0o600) == 0)
    #expect(error(folder.session(), "write_json(\"pipe\", 1)") == "pipe is not a file")
    #expect(error(folder.session(), "read_json(\"pipe\")") == "pipe is not a file")
    #expect(error(folder.session(), "write_json(\"x/\", 1)") != nil)
    #expect(error(folder.session(), "write_json(\"a\\u{0}b\", 1)") == "this is not a file's name")
  }
}
