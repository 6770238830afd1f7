import Glibc
import Syntax

/// The text of a program or lesson, read from where the user says.
package enum ProgramText {
  /// Why there is no text to run.
  package enum Unreadable: Error {
    case missing, tooLarge, notText

    /// What to tell of it, for something called `name`.
    package func message(_ name: String) -> String {
      switch self {
      case .missing: "there is no file \(name)"
      case .tooLarge: "\(name) is larger than \(Parser.longestProgram >> 20) MB"
      case .notText: "\(name) is not UTF-8 text"
      }
    }
  }

  /// Reads a file, a device or a pipe; no more of it than a program may have.
  package static func read(_ path: String) throws(Unreadable) -> String {
    guard let file = fopen(path, "rb") else { throw .missing }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { break }
      bytes += buffer[..<count]
      guard bytes.count <= Parser.longestProgram else { throw .tooLarge }
    }
    guard ferror(file) == 0 else { throw .missing }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
    return text
  }
}
