import Diagnostics

/// Turns text into tokens: the first stage of the pipeline.
///
/// A line break becomes a token only where it can separate statements: not inside `( )` and `[ ]`,
/// not after an operator, not before a line that starts with `|>`.
struct Lexer {
  let source: Source
  let bytes: [UInt8]
  private(set) var position: Int
  let end: Int
  private var tokens: [Token] = []
  private var brackets: [(symbol: Symbol, span: Span)] = []

  /// A lexer over `range` of the source, or over all of it.
  init(_ source: Source, range: Span? = nil) {
    self.source = source
    bytes = source.bytes
    position = range?.start ?? 0
    end = range?.end ?? bytes.count
    if range == nil, bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
  }

  /// All the tokens, the last of them `.end`.
  ///
  /// - Throws: what no token begins with, and `tooLong` for more than a program may have.
  static func tokens(of source: Source, range: Span? = nil) throws(Diagnostic) -> [Token] {
    guard source.bytes.count <= Parser.longestProgram else { throw tooLong(source) }
    var lexer = Lexer(source, range: range)
    lexer.tokens.reserveCapacity((lexer.end - lexer.position) / 3 + 8)
    if range == nil { try lexer.refuseInvisibleCharacters() }
    while try lexer.scanToken() {}
    if let open = lexer.brackets.last {
      throw Diagnostic(
        "this \(open.symbol.rawValue) is never closed", source: source, span: open.span,
        details: ["Add the matching \(Lexer.closing(open.symbol).rawValue)."], isIncomplete: true)
    }
    lexer.add(.end, from: lexer.end)
    return lexer.tokens
  }

  private static func tooLong(_ source: Source) -> Diagnostic {
    Diagnostic(
      "this program is larger than \(Parser.longestProgram >> 20) MB",
      details: ["\(source.name) is. Keep data in a CSV file and read it with read_csv."])
  }

  private mutating func scanToken() throws(Diagnostic) -> Bool {
    skipBlanks()
    guard position < end else { return false }
    let start = position
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "\n"):
      position += 1
      addNewline(from: start)
    case UInt8(ascii: "\""):
      try scanString()
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      try scanNumber()
    case UInt8(ascii: ".") where isDigit(at: position + 1):
      try scanNumber()
    default:
      if try scanName() { break }
      try scanSymbol()
    }
    return true
  }

  /// Characters that act on a terminal, or make a line read otherwise than it runs, may stand nowhere:
  /// not in strings or comments either.
  private func refuseInvisibleCharacters() throws(Diagnostic) {
    for index in position..<end {
      let length: Int
      switch bytes[index] {
      case UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
      case 0..<0x20, 0x7f: length = 1
      case 0xc2 where index + 1 < end && bytes[index + 1] < 0xa0: length = 2
      case 0xe2 where index + 2 < end && Self.turnsDirection(bytes[index + 1], bytes[index + 2]):
        length = 3
      default: continue
      }
      let span = Span(index, index + length)
      let code =
        source.text(of: span).unicodeScalars.first.map { String($0.value, radix: 16) } ?? ""
      throw Diagnostic(
        length == 3
          ? "this character changes the direction of the text around it"
          : "a control character stands here",
        source: source, span: span, details: ["Remove it. In a string, write it \\u{\(code)}."])
    }
  }

  /// Whether a character of three bytes, the first of them e2, is U+200E–F, U+202A–E or U+2066–9.
  private static func turnsDirection(_ second: UInt8, _ third: UInt8) -> Bool {
    switch second {
    case 0x80: (0x8e...0x8f).contains(third) || (0xaa...0xae).contains(third)
    case 0x81: (0xa6...0xa9).contains(third)
    default: false
    }
  }

  private mutating func skipBlanks() {
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "#"):
        while position < end, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      default: return
      }
    }
  }

  private mutating func add(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind: kind, span: Span(start, max(start, position))))
  }

  private mutating func addNewline(from start: Int) {
    if let open = brackets.last, open.symbol != .openBrace { return }
    guard let last = tokens.last, last.kind.canEndExpression, last.kind != .newline else { return }
    if nextLineStartsWithPipe() { return }
    add(.newline, from: start)
  }

  private func nextLineStartsWithPipe() -> Bool {
    var ahead = self
    while ahead.position < end {
      ahead.skipBlanks()
      guard ahead.position < end, bytes[ahead.position] == UInt8(ascii: "\n") else { break }
      ahead.position += 1
    }
    return ahead.matches("|>")
  }

  func matches(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { wanted in
      guard position + wanted.count <= end else { return false }
      return wanted.indices.allSatisfy { bytes[position + $0] == wanted[$0] }
    }
  }

  // MARK: - Numbers

  private func isDigit(at index: Int) -> Bool {
    index < end && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index])
  }

  private mutating func skipDigits() {
    while isDigit(at: position)
      || (position < end && bytes[position] == UInt8(ascii: "_") && isDigit(at: position + 1))
    {
      position += 1
    }
  }

  private mutating func scanNumber() throws(Diagnostic) {
    let start = position
    skipDigits()
    let isEllipsis = matches("..")
    if !isEllipsis, position < end, bytes[position] == UInt8(ascii: ".") {
      position += 1
      skipDigits()
    }
    if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
      let sign = position + 1 < end ? bytes[position + 1] : 0
      let signed = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
      if isDigit(at: position + (signed ? 2 : 1)) {
        position += signed ? 2 : 1
        skipDigits()
      }
    }
    let span = Span(start, position)
    if let value = wholeNumber(span) {
      add(.number(value), from: start)
      try refuseNameAfterNumber(span)
      return
    }
    let text = digits(span)
    guard let value = Double(text.hasSuffix(".") ? text + "0" : text) else {
      throw Diagnostic("this is not a number", source: source, span: span)
    }
    guard value.isFinite else {
      throw Diagnostic(
        "this number is too large", source: source, span: span,
        details: ["The largest is about 1.8e308. Infinity is written inf."])
    }
    add(.number(value), from: start)
    try refuseNameAfterNumber(span)
  }

  /// A number as written, without the blanks of `1_000`.
  private func digits(_ number: Span) -> String {
    let text = source.text(of: number)
    return text.contains("_") ? text.replacing("_", with: "") : text
  }

  /// The value of a few digits alone, which most numbers are; nil for any other number.
  private func wholeNumber(_ number: Span) -> Double? {
    guard number.end - number.start <= 15 else { return nil }
    var value = 0
    for index in number.start..<number.end {
      guard isDigit(at: index) else { return nil }
      value = 10 * value + Int(bytes[index] - UInt8(ascii: "0"))
    }
    return Double(value)
  }

  private mutating func refuseNameAfterNumber(_ number: Span) throws(Diagnostic) {
    let start = position
    let isPoint = position < end && bytes[position] == UInt8(ascii: ".")
    if isPoint && isDigit(at: position + 1) || isDigit(at: position) {
      throw Diagnostic(
        "a number cannot follow another directly", source: source, span: Span(start, start + 1),
        details: ["Put an operator or a comma between them."])
    }
    guard position < end, bytes[position] != UInt8(ascii: "'"), let name = peekName() else {
      return
    }
    throw Diagnostic(
      "a name cannot follow a number directly", source: source,
      span: Span(number.start, start + name.utf8.count),
      details: [
        foreignNumber(digits(number), name) ?? "To multiply, write \(digits(number)) * \(name)."
      ])
  }

  // MARK: - Names

  /// The name that starts here, without moving.
  private func peekName() -> String? {
    var stop = position
    while stop < end, Self.isPlainNameByte(bytes[stop]) { stop += 1 }
    let isPlain = stop == end || (bytes[stop] < 0x80 && bytes[stop] != UInt8(ascii: "'"))
    if isPlain {
      let isName = stop > position && !isDigit(at: position)
      return isName ? source.text(of: Span(position, stop)) : nil
    }
    while stop < end,
      bytes[stop] >= 0x80 || bytes[stop] == UInt8(ascii: "'")
        || Self.isPlainNameByte(bytes[stop])
    {
      stop += 1
    }
    var text = ""
    for scalar in source.text(of: Span(position, stop)).unicodeScalars {
      let fits = text.isEmpty ? Self.startsName(scalar) : Self.continuesName(scalar)
      guard fits else { break }
      text.unicodeScalars.append(scalar)
    }
    return text.isEmpty ? nil : text
  }

  private static func isPlainNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  static func startsName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || (scalar.properties.isAlphabetic && !isScript(scalar))
  }

  static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "_" || scalar == "'" || scalar == "′" { return true }
    if scalar.properties.isAlphabetic { return !isSuperscript(scalar) }
    switch scalar.properties.generalCategory {
    case .decimalNumber, .nonspacingMark: return true
    case .otherNumber: return (0x2080...0x2089).contains(scalar.value)
    default: return false
    }
  }

  private static func isSuperscript(_ scalar: Unicode.Scalar) -> Bool {
    [0xb2, 0xb3, 0xb9].contains(scalar.value) || (0x2070...0x207f).contains(scalar.value)
  }

  private static func isScript(_ scalar: Unicode.Scalar) -> Bool {
    isSuperscript(scalar) || (0x2080...0x209c).contains(scalar.value)
  }

  private mutating func scanName() throws(Diagnostic) -> Bool {
    let start = position
    guard var name = peekName() else { return false }
    let length = name.utf8.count
    position += length
    guard length <= Self.longestName else {
      throw Diagnostic(
        "this name is longer than \(Self.longestName) bytes", source: source,
        span: Span(start, start + 1), details: ["A string stands in double quotes."])
    }
    if bytes[start] >= 0x80 || name.utf8.contains(0xc2), name.contains("\u{b5}") {
      name = name.replacing("\u{b5}", with: "\u{3bc}")
    }
    if length <= Self.longestKeyword, let keyword = Self.keywords[name] {
      add(.keyword(keyword), from: start)
    } else {
      add(.name(name), from: start)
    }
    return true
  }

  /// More is no name but text that was not meant as one.
  private static let longestName = 1000
  private static let longestKeyword = 8

  /// The reserved words by their spellings, Python's among them.
  private static let keywords: [String: Keyword] = {
    var table = Dictionary(uniqueKeysWithValues: Keyword.allCases.map { ($0.rawValue, $0) })
    table["True"] = .true
    table["False"] = .false
    table["None"] = Keyword.none
    return table
  }()

  // MARK: - Symbols

  /// Spellings, longest first where one begins another.
  private static let spellings: [(text: StaticString, symbol: Symbol)] = [
    ("//=", .doubleSlashAssign), ("**=", .caretAssign), ("...", .ellipsis), ("…", .ellipsis),
    ("==", .equal), ("!=", .notEqual), ("<=", .lessOrEqual), (">=", .greaterOrEqual),
    ("~=", .close), ("+=", .plusAssign), ("-=", .minusAssign), ("*=", .starAssign),
    ("/=", .slashAssign), ("%=", .percentAssign), ("^=", .caretAssign), ("@=", .atAssign),
    ("->", .arrow), ("→", .arrow), ("|>", .pipe), ("//", .doubleSlash), ("**", .caret),
    ("≤", .lessOrEqual), ("≥", .greaterOrEqual), ("≠", .notEqual), ("≈", .close),
    ("≐", .upToConstants), ("·", .star), ("×", .star), ("−", .minus), ("+", .plus), ("-", .minus),
    ("*", .star), ("/", .slash), ("%", .percent), ("@", .at), ("^", .caret), ("<", .less),
    (">", .greater), ("=", .assign), (",", .comma), (";", .semicolon), (":", .colon), (".", .dot),
    ("(", .openParen), (")", .closeParen), ("[", .openBracket), ("]", .closeBracket),
    ("{", .openBrace), ("}", .closeBrace),
  ]

  /// The spellings that begin with each byte, in the order above.
  private static let spellingsByByte: [[(text: StaticString, symbol: Symbol)]] = {
    var table = [[(text: StaticString, symbol: Symbol)]](repeating: [], count: 256)
    for spelling in spellings {
      let first = spelling.text.withUTF8Buffer(\.first)
      if let first { table[Int(first)].append(spelling) }
    }
    return table
  }()

  private mutating func scanSymbol() throws(Diagnostic) {
    let start = position
    let byte = bytes[start]
    try refuseForeignHabits()
    if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "|") && !matches("|>") {
      let keyword: Keyword = byte == UInt8(ascii: "&") ? .and : .or
      position += 1
      add(.keyword(keyword), from: start)
      return
    }
    for (text, symbol) in Self.spellingsByByte[Int(byte)] where matches(text) {
      position += text.utf8CodeUnitCount
      try track(symbol, Span(start, position))
      add(.symbol(symbol), from: start)
      return
    }
    throw unknownCharacter(at: start)
  }

  private mutating func track(_ symbol: Symbol, _ span: Span) throws(Diagnostic) {
    switch symbol {
    case .openParen, .openBracket, .openBrace:
      brackets.append((symbol, span))
    case .closeParen, .closeBracket, .closeBrace:
      guard let open = brackets.last else {
        throw Diagnostic(
          "this \(symbol.rawValue) closes nothing", source: source, span: span,
          details: ["Remove it, or add its opening partner before it."])
      }
      guard Self.closing(open.symbol) == symbol else {
        let wanted = Self.closing(open.symbol).rawValue
        let place = DiagnosticRenderer.place(source, open.span)
        throw Diagnostic(
          "expected \(wanted) before this \(symbol.rawValue)", source: source, span: span,
          details: ["The \(open.symbol.rawValue) at \(place) is still open."])
      }
      brackets.removeLast()
    default: break
    }
  }

  static func closing(_ symbol: Symbol) -> Symbol {
    switch symbol {
    case .openParen: .closeParen
    case .openBracket: .closeBracket
    default: .closeBrace
    }
  }

  // MARK: - Strings

  private mutating func scanString() throws(Diagnostic) {
    let start = position
    let isLong = matches("\"\"\"")
    position += isLong ? 3 : 1
    var pieces: [StringPiece] = []
    var text = StringText()
    while true {
      guard position < end, isLong || bytes[position] != UInt8(ascii: "\n") else {
        throw Diagnostic(
          isLong ? "this string is never closed" : "this string is not closed on its line",
          source: source, span: Span(start, min(position, start + 60)),
          details: [isLong ? "Close it with \"\"\"." : "Close it with \"."],
          isIncomplete: isLong)
      }
      if isLong ? matches("\"\"\"") : matches("\"") { break }
      switch bytes[position] {
      case UInt8(ascii: "\\"):
        try scanEscape(into: &text)
      case UInt8(ascii: "{"):
        if !text.isEmpty { pieces.append(.text(text.take())) }
        pieces.append(try scanInterpolation())
      case UInt8(ascii: "}"):
        throw Diagnostic(
          "a lone } in a string", source: source, span: Span(position, position + 1),
          details: ["Write \\} for the character itself."])
      case UInt8(ascii: "\r") where matches("\r\n"):
        position += 1
      default:
        text.append(bytes[position])
        position += 1
      }
    }
    if !text.isEmpty { pieces.append(.text(text.take())) }
    position += isLong ? 3 : 1
    add(.string(isLong ? Self.unindented(pieces) : pieces), from: start)
  }

  private mutating func scanEscape(into text: inout StringText) throws(Diagnostic) {
    let start = position
    position += 1
    let byte = position < end ? bytes[position] : 0
    position += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
    case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"):
      text.append(byte)
    case UInt8(ascii: "u"):
      try scanUnicodeEscape(from: start, into: &text)
    default:
      throw Diagnostic(
        "this escape is not known", source: source, span: Span(start, min(end, start + 2)),
        details: ["There are \\n \\t \\\" \\\\ \\{ \\} and \\u{3bb}."])
    }
  }

  private mutating func scanUnicodeEscape(
    from start: Int, into text: inout StringText
  ) throws(Diagnostic) {
    let opening = position
    while position < end, bytes[position] != UInt8(ascii: "}"), position < opening + 10 {
      position += 1
    }
    let digits = source.text(of: Span(opening + 1, position))
    guard opening < end, bytes[opening] == UInt8(ascii: "{"), let value = UInt32(digits, radix: 16),
      let scalar = Unicode.Scalar(value), position < end
    else {
      throw Diagnostic(
        "a character is written as \\u{3bb}", source: source,
        span: Span(start, min(end, position + 1)))
    }
    position += 1
    for byte in String(Character(scalar)).utf8 { text.append(byte) }
  }

  /// `{expression:format}`: finds its end, counting brackets and skipping strings inside.
  private mutating func scanInterpolation() throws(Diagnostic) -> StringPiece {
    let opening = position
    position += 1
    var depth = 0
    var colon: Int?
    while position < end, bytes[position] != UInt8(ascii: "\n") {
      switch bytes[position] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        if colon == nil { depth += 1 }
      case UInt8(ascii: ")"), UInt8(ascii: "]"):
        if colon == nil { depth -= 1 }
      case UInt8(ascii: "}") where depth <= 0:
        let expression = Span(opening + 1, colon ?? position)
        let format = colon.map { source.text(of: Span($0 + 1, position)) } ?? ""
        position += 1
        guard !source.text(of: expression).allSatisfy(\.isWhitespace) else {
          throw Diagnostic(
            "there is nothing between these braces", source: source,
            span: Span(opening, position), details: ["Write \\{ for the character itself."])
        }
        return .interpolation(expression, format: format)
      case UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: "\"") where colon == nil: skipNestedString()
      case UInt8(ascii: ":") where depth == 0 && colon == nil: colon = position
      default: break
      }
      position += 1
    }
    throw Diagnostic(
      "this { is not closed in its string", source: source, span: Span(opening, opening + 1),
      details: ["Write \\{ for the character itself."])
  }

  private mutating func skipNestedString() {
    position += 1
    while position < end, bytes[position] != UInt8(ascii: "\""),
      bytes[position] != UInt8(ascii: "\n")
    {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
  }

  /// A long string loses the line break after its opening and its closing line's indentation.
  private static func unindented(_ pieces: [StringPiece]) -> [StringPiece] {
    guard case .text(let last)? = pieces.last else { return pieces }
    let lastLine = last.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    let indentation = lastLine.allSatisfy { $0 == " " || $0 == "\t" } ? String(lastLine) : ""
    return pieces.enumerated().map { index, piece in
      guard case .text(var text) = piece else { return piece }
      if index == 0, text.hasPrefix("\n") {
        text.removeFirst()
        if text.hasPrefix(indentation) { text.removeFirst(indentation.count) }
      }
      return .text(text.replacing("\n" + indentation, with: "\n"))
    }
  }
}

/// The bytes of a string literal as they gather.
private struct StringText {
  private var bytes: [UInt8] = []
  var isEmpty: Bool { bytes.isEmpty }
  mutating func append(_ byte: UInt8) { bytes.append(byte) }
  mutating func take() -> String {
    defer { bytes = [] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
