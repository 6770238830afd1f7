import Tensors

/// Reads JSON: objects become records, arrays what a bracketed list of their elements is.
///
/// Beyond the standard `NaN`, `Infinity` and `-Infinity` are numbers, as `JSONWriter` and Python
/// write them. Open brackets are kept on a list, so that no text, however nested, takes stack.
struct JSONReader {
  private let bytes: [UInt8]
  private var place = 0
  private var open: [Container] = []
  /// Asked now and then whether to go on.
  private let poll: () throws -> Void

  /// An array or object whose end has not come.
  private struct Container {
    let isObject: Bool
    var values: [Value] = []
    var names: [String] = []
    var known: Set<String> = []
    /// Whether an element can have no place in a tensor, so that the whole stays a list.
    var isList = false
  }

  init(_ bytes: [UInt8], poll: @escaping () throws -> Void) {
    self.bytes = bytes
    self.poll = poll
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { place = 3 }
  }

  /// The value the text holds.
  ///
  /// - Throws: `JSONError` for text that is not JSON, a `Failure` for values that are too large.
  mutating func value() throws -> Value {
    while true {
      try poll()
      guard var value = try scalarOrOpening() else { continue }
      while true {
        guard !open.isEmpty else {
          skipBlanks()
          guard place == bytes.count else { throw error(.textAfterTheEnd) }
          return value
        }
        add(value)
        guard let whole = try closing() else { break }
        value = whole
      }
    }
  }

  /// A value that stands for itself or is an empty container; nil once a container has begun.
  private mutating func scalarOrOpening() throws -> Value? {
    skipBlanks()
    guard let byte = next else { throw error(.endsEarly) }
    switch byte {
    case UInt8(ascii: "["):
      try begin(isObject: false)
      skipBlanks()
      guard take("]") else { return nil }
      return try end()
    case UInt8(ascii: "{"):
      try begin(isObject: true)
      skipBlanks()
      if take("}") { return try end() }
      try name()
      return nil
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
      UInt8(ascii: "+"):
      return .number(try number())
    default:
      for (word, value) in Self.words where take(word) { return value }
      throw error(.noValue)
    }
  }

  private static let words: [(String, Value)] = [
    ("null", .nothing), ("true", .bool(true)), ("false", .bool(false)), ("NaN", .number(.nan)),
    ("Infinity", .number(.infinity)),
  ]

  // MARK: - Arrays and objects

  private mutating func begin(isObject: Bool) throws {
    guard open.count < Extent.deepest else { throw error(.tooDeep) }
    open.append(Container(isObject: isObject))
    place += 1
  }

  private mutating func add(_ value: Value) {
    let last = open.count - 1
    open[last].values.append(value)
    switch value {
    case .number, .bool, .tensor: break
    default: open[last].isList = true
    }
  }

  /// What comes after an element: nil after a comma, else the container that ends here.
  private mutating func closing() throws -> Value? {
    skipBlanks()
    let isObject = open[open.count - 1].isObject
    if take(",") {
      skipBlanks()
      if next == UInt8(ascii: isObject ? "}" : "]") { throw error(.commaBeforeTheEnd) }
      if isObject { try name() }
      return nil
    }
    guard take(isObject ? "}" : "]") else {
      throw error(next == nil ? .endsEarly : .noComma(isObject: isObject))
    }
    return try end()
  }

  private mutating func end() throws -> Value {
    let container = open.removeLast()
    if container.isObject {
      return try Value.record(RecordBox(names: container.names, values: container.values))
        .admitted()
    }
    // Whether a list inside can be a tensor was decided at its own end.
    if container.isList { return try Value.list(container.values).admitted() }
    return try Value.bracketed(container.values).admitted()
  }

  /// The name of an object's next value, and the colon after it.
  private mutating func name() throws {
    skipBlanks()
    guard next == UInt8(ascii: "\"") else { throw error(next == nil ? .endsEarly : .noName) }
    let start = place
    let name = try string()
    let last = open.count - 1
    guard open[last].known.insert(name).inserted else {
      place = start
      throw error(.nameTwice(name))
    }
    open[last].names.append(name)
    skipBlanks()
    guard take(":") else { throw error(next == nil ? .endsEarly : .noColon) }
  }

  // MARK: - Numbers and strings

  private mutating func number() throws -> Double {
    let start = place
    let isNegative = take("-")
    if isNegative, take("Infinity") { return -.infinity }
    let whole = digits()
    var isNumber = whole.count > 0 && (whole.count == 1 || whole.first != UInt8(ascii: "0"))
    if take(".") { isNumber = digits().count > 0 && isNumber }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      isNumber = digits().count > 0 && isNumber
    }
    // What goes on like a number belongs to it: 1.2.3, 0x10, 1_000.
    while let byte = next, Self.isWord(byte) {
      place += 1
      isNumber = false
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    guard isNumber, let number = Double(text) else {
      place = start
      throw error(.notANumber(String(text.prefix(30))))
    }
    guard number.isFinite else {
      place = start
      throw error(.numberTooLarge(String(text.prefix(30))))
    }
    return number
  }

  private mutating func digits() -> ArraySlice<UInt8> {
    let start = place
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
    return bytes[start..<place]
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "+"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private mutating func string() throws -> String {
    let opening = place
    place += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        place += 1
        guard text.count <= Text.longest else { throw Text.tooLong }
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += String(try escape()).utf8
      case UInt8(ascii: "\n"):
        place = opening
        throw error(.stringNotClosed)
      case 0..<0x20: throw error(.controlCharacter(byte))
      default:
        text.append(byte)
        place += 1
      }
    }
    place = opening
    throw error(.stringNotClosed)
  }

  private mutating func escape() throws -> Unicode.Scalar {
    let start = place
    place += 1
    let letter = next
    place += 1
    switch letter {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      if let unit = codeUnit() {
        if let scalar = Unicode.Scalar(unit) { return scalar }
        // Characters beyond 16 bits are written as two halves.
        if (0xd800..<0xdc00).contains(unit), take("\\u"), let second = codeUnit(),
          (0xdc00..<0xe000).contains(second),
          let scalar = Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (second - 0xdc00))
        {
          return scalar
        }
      }
    default: break
    }
    place = start
    throw error(.unknownEscape)
  }

  /// Four hexadecimal digits.
  private mutating func codeUnit() -> UInt32? {
    guard place + 4 <= bytes.count else { return nil }
    let digits = bytes[place..<place + 4]
    place += 4
    guard digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
      return nil
    }
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  // MARK: - Bytes

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipBlanks() {
    while let byte = next,
      byte == 0x20 || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
        || byte == UInt8(ascii: "\t")
    {
      place += 1
    }
  }

  private mutating func take(_ word: String) -> Bool {
    guard bytes[min(place, bytes.count)...].starts(with: word.utf8) else { return false }
    place += word.utf8.count
    return true
  }

  /// A problem at the present place.
  private func error(_ problem: JSONError.Problem) -> JSONError {
    let end = min(place, bytes.count)
    let before = bytes[..<end]
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    let column = String(decoding: bytes[start..<end], as: UTF8.self).unicodeScalars.count + 1
    let rest = bytes[end...].prefix(120).prefix { $0 != UInt8(ascii: "\n") }
    let found = String(decoding: rest, as: UTF8.self).prefix(24)
    return JSONError(problem: problem, line: line, column: column, found: String(found))
  }
}

/// Why a text is not JSON, and where.
struct JSONError: Error {
  enum Problem: Equatable {
    case endsEarly
    case noValue
    case noComma(isObject: Bool)
    case commaBeforeTheEnd
    case noName
    case noColon
    case nameTwice(String)
    case notANumber(String)
    case numberTooLarge(String)
    case stringNotClosed
    case controlCharacter(UInt8)
    case unknownEscape
    case tooDeep
    case textAfterTheEnd
  }

  let problem: Problem
  /// From 1.
  let line: Int
  /// In characters, from 1.
  let column: Int
  /// What stands there, shortened.
  let found: String
}
