import CReadline
import Glibc
import Synchronization

/// Reads lines with GNU readline: editing, history, completion, the user's own inputrc.
///
/// readline keeps its state in global variables, so there is one editor a program.
public final class LineEditor {
  /// What came of asking for a line.
  public enum Line: Equatable {
    /// What was typed, without its line break.
    case text(String)
    /// Ctrl-C: whatever was typed is dropped.
    case interrupted
    /// Ctrl-D on an empty line, or the end of the input.
    case end
  }

  private let historyPath: String?
  private var last = ""

  /// Lines the history file keeps at most.
  private static let historySize: Int32 = 10_000
  /// What completes the word before the cursor; readline's callback reaches it here.
  private static let completer = Mutex<(@Sendable (_ line: String, _ word: String) -> [String])?>(
    nil)
  private static let matches = Mutex<[String]>([])

  /// An editor with the history of a file; nil for none.
  public init(
    historyPath: String?,
    completions: @escaping @Sendable (_ line: String, _ word: String) -> [String]
  ) {
    self.historyPath = historyPath
    if setlocale(LC_CTYPE, "") == nil || String(cString: nl_langinfo(Int32(CODESET))) != "UTF-8" {
      setlocale(LC_CTYPE, "C.UTF-8")
    }
    Self.completer.withLock { $0 = completions }
    mlrepl_readline_setup(
      strdup("mlrepl"),
      { word, start, _ in LineEditor.complete(word, start) },
      { LineEditor.nextByte(of: $0) })
    using_history()
    stifle_history(Self.historySize)
    if let historyPath { read_history(historyPath) }
  }

  /// Shows a prompt and waits for a line.
  public func line(prompt: String) -> Line {
    _ = Interrupts.takePress()
    guard let bytes = readline(prompt) else { return .end }
    defer { free(bytes) }
    if Interrupts.takePress() {
      print()
      return .interrupted
    }
    return .text(String(cString: bytes))
  }

  /// Remembers a whole cell as one entry; what repeats the entry before is left out.
  public func remember(_ cell: String) {
    guard !cell.isEmpty, cell != last else { return }
    last = cell
    add_history(cell)
    if let historyPath { write_history(historyPath) }
  }

  /// The next byte typed; Ctrl-C empties the line and ends it, as Enter would.
  private static func nextByte(of stream: UnsafeMutablePointer<FILE>?) -> Int32 {
    var byte: UInt8 = 0
    while true {
      let count = read(fileno(stream), &byte, 1)
      if count == 1 { return Int32(byte) }
      guard count < 0, errno == EINTR else { return EOF }
      if Interrupts.isPressed {
        rl_replace_line("", 0)
        return Int32(UInt8(ascii: "\n"))
      }
      // Another signal: the window has a new size, which readline draws for.
      rl_check_signals()
    }
  }

  private static func complete(
    _ word: UnsafePointer<CChar>?, _ start: Int32
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    mlrepl_plain_completion()
    guard let word, let buffer = mlrepl_line_buffer() else { return nil }
    let line = String(String(cString: buffer).utf8.prefix(Int(start))) ?? ""
    let found = completer.withLock { $0?(line, String(cString: word)) ?? [] }
    guard !found.isEmpty else { return nil }
    matches.withLock { $0 = found.reversed() }
    return rl_completion_matches(word) { _, _ in
      LineEditor.matches.withLock { $0.popLast() }.flatMap { strdup($0) }
    }
  }
}
