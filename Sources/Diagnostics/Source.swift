import Glibc

/// A piece of program text with the name a reader knows it by: a file, a cell, `-e`.
public final class Source: Sendable {
  /// What places are called after: `file.mlr`, `-e`, `In[3]`, `stdin`.
  public let name: String
  /// The text as UTF-8.
  public let bytes: [UInt8]
  /// The line number of the first line, more than 1 for a cell inside a lesson file.
  public let firstLine: Int
  /// What to add after a place, such as `cell 3`.
  public let remark: String?

  private let lineStarts: [Int]

  /// Names a text; `firstLine` is where it begins in its file.
  public init(name: String, text: String, firstLine: Int = 1, remark: String? = nil) {
    self.name = name
    self.bytes = Array(text.utf8)
    self.firstLine = firstLine
    self.remark = remark
    lineStarts = Self.lineStarts(in: bytes)
  }

  private static func lineStarts(in bytes: [UInt8]) -> [Int] {
    var starts = [0]
    bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      var start = 0
      while let found = memchr(base + start, 0x0a, buffer.count - start) {
        start = base.distance(to: UnsafeRawPointer(found)) + 1
        starts.append(start)
      }
    }
    return starts
  }

  /// A place in the text as a reader counts: lines and characters from 1.
  public struct Position: Sendable, Equatable {
    /// The line, counted from the file's first.
    public let line: Int
    /// The character in that line, counted from 1.
    public let column: Int
  }

  /// Where the byte at `offset` stands.
  public func position(at offset: Int) -> Position {
    let index = lineIndex(of: offset)
    let before = text(of: Span(lineStarts[index], min(offset, bytes.count)))
    return Position(line: index + firstLine, column: before.count + 1)
  }

  /// The line that holds the byte at `offset`, without its line break.
  public func bounds(ofLineAt offset: Int) -> Span {
    let index = lineIndex(of: offset)
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return Span(start, max(start, end))
  }

  /// The text a span covers.
  public func text(of span: Span) -> String {
    let start = min(max(0, span.start), bytes.count)
    let end = min(max(start, span.end), bytes.count)
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private func lineIndex(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
