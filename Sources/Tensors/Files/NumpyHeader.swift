/// What the header of a `.npy` file says.
struct NumpyHeader {
  private(set) var element = NumpyElement.double
  private(set) var isColumnMajor = false
  private(set) var shape: [Int] = []

  /// Reads `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
  init(_ bytes: ArraySlice<UInt8>) throws(NumpyFileError) {
    var scanner = Scanner(bytes)
    var isMissing: Set = ["descr", "fortran_order", "shape"]
    try scanner.require("{")
    while !scanner.take("}") {
      let key = try scanner.text()
      guard isMissing.remove(key) != nil else { throw .header(key) }
      try scanner.require(":")
      switch key {
      case "descr": element = try NumpyElement(try scanner.elementType())
      case "shape": shape = try scanner.shape()
      default: isColumnMajor = try scanner.flag()
      }
      guard !scanner.take(",") else { continue }
      try scanner.require("}")
      break
    }
    guard scanner.isAtEnd else { throw .header(scanner.rest) }
    if let missing = isMissing.min() { throw .header(missing) }
  }

  /// Reads what Python writes for texts, truth values and tuples of whole numbers.
  private struct Scanner {
    private let bytes: ArraySlice<UInt8>
    private var place: Int

    init(_ bytes: ArraySlice<UInt8>) {
      self.bytes = bytes
      place = bytes.startIndex
    }

    private var next: UInt8? { place < bytes.endIndex ? bytes[place] : nil }

    /// The text from here on, shortened.
    var rest: String { String(decoding: bytes[place...].prefix(20), as: UTF8.self) }

    var isAtEnd: Bool {
      mutating get {
        skipBlanks()
        return next == nil
      }
    }

    private mutating func skipBlanks() {
      while let byte = next, byte == 0x20 || (0x09...0x0d).contains(byte) { place += 1 }
    }

    mutating func take(_ word: String) -> Bool {
      skipBlanks()
      guard bytes[place...].starts(with: word.utf8) else { return false }
      place += word.utf8.count
      return true
    }

    mutating func require(_ word: String) throws(NumpyFileError) {
      guard take(word) else { throw .header(rest) }
    }

    mutating func flag() throws(NumpyFileError) -> Bool {
      if take("True") { return true }
      try require("False")
      return false
    }

    /// A text in quotes; the keys and types that are known need no escapes.
    mutating func text() throws(NumpyFileError) -> String {
      skipBlanks()
      guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
        let end = bytes[(place + 1)...].firstIndex(of: quote)
      else { throw .header(rest) }
      defer { place = end + 1 }
      return String(decoding: bytes[(place + 1)..<end], as: UTF8.self)
    }

    /// The type of the elements; lists describe records of several values.
    mutating func elementType() throws(NumpyFileError) -> String {
      if take("[") { throw .elementType("record") }
      return try text()
    }

    mutating func shape() throws(NumpyFileError) -> [Int] {
      try require("(")
      var lengths: [Int] = []
      while !take(")") {
        var length: Int?
        while let byte = next, let digit = Character(UnicodeScalar(byte)).wholeNumberValue,
          byte < 0x80
        {
          let (scaled, overflow) = (length ?? 0).multipliedReportingOverflow(by: 10)
          guard !overflow, scaled <= Int.max - digit else {
            throw .tooLarge(elements: .infinity)
          }
          length = scaled + digit
          place += 1
        }
        guard let length else { throw .header(rest) }
        // Python 2 ended long numbers so.
        _ = take("L")
        lengths.append(length)
        guard !take(",") else { continue }
        try require(")")
        break
      }
      return lengths
    }
  }
}

/// How the elements of a `.npy` file are stored.
struct NumpyElement {
  enum Kind: Character {
    case bool = "b"
    case signed = "i"
    case unsigned = "u"
    case floating = "f"
  }

  static let double = NumpyElement(kind: .floating, size: 8, isBigEndian: false)

  let kind: Kind
  /// Bytes of an element.
  let size: Int
  private let isBigEndian: Bool

  private init(kind: Kind, size: Int, isBigEndian: Bool) {
    (self.kind, self.size, self.isBigEndian) = (kind, size, isBigEndian)
  }

  /// Reads `<f8`, `|b1` and the like.
  init(_ text: String) throws(NumpyFileError) {
    var rest = Substring(text)
    let order = rest.first.flatMap { "<>|=".contains($0) ? $0 : nil }
    if order != nil { rest.removeFirst() }
    guard let kind = rest.popFirst().flatMap(Kind.init(rawValue:)), let size = Int(rest) else {
      throw .elementType(text)
    }
    let sizes =
      switch kind {
      case .bool: [1]
      case .signed, .unsigned: [1, 2, 4, 8]
      case .floating: [4, 8]
      }
    guard sizes.contains(size) else { throw .elementType(text) }
    self.init(kind: kind, size: size, isBigEndian: order == ">")
  }

  /// What the elements become: whole numbers float64, like any number.
  var dtype: DType {
    switch kind {
    case .bool: .bool
    case .floating where size == 4: .float32
    case .signed, .unsigned, .floating: .float64
    }
  }

  /// Whether every value is a 64-bit floating-point number.
  var isExact: Bool { kind == .floating || size < 8 }

  /// `count` elements as numbers; the bytes from `start` on must be as many.
  func numbers(in bytes: [UInt8], from start: Int, count: Int) -> [Double] {
    bytes.withUnsafeBytes { buffer in
      func all<Stored: FixedWidthInteger>(
        _ type: Stored.Type, _ number: (Stored) -> Double
      ) -> [Double] {
        (0..<count).map { i in
          let stored = buffer.loadUnaligned(fromByteOffset: start + i * size, as: type)
          return number(isBigEndian ? Stored(bigEndian: stored) : Stored(littleEndian: stored))
        }
      }
      return switch (kind, size) {
      case (.bool, _): all(UInt8.self) { $0 != 0 ? 1 : 0 }
      case (.signed, 1): all(Int8.self) { Double($0) }
      case (.signed, 2): all(Int16.self) { Double($0) }
      case (.signed, 4): all(Int32.self) { Double($0) }
      case (.signed, _): all(Int64.self) { Double($0) }
      case (.unsigned, 1): all(UInt8.self) { Double($0) }
      case (.unsigned, 2): all(UInt16.self) { Double($0) }
      case (.unsigned, 4): all(UInt32.self) { Double($0) }
      case (.unsigned, _): all(UInt64.self) { Double($0) }
      case (.floating, 4): all(UInt32.self) { Double(Float(bitPattern: $0)) }
      case (.floating, _): all(UInt64.self) { Double(bitPattern: $0) }
      }
    }
  }
}
