package import Diagnostics

/// Turns tokens into a syntax tree by recursive descent; the grammar is one function a rule.
package struct Parser {
  let source: Source
  var tokens: [Token]
  var position = 0
  /// For every opening bracket the index of its partner.
  private let partners: [Int: Int]
  private var depth = 0
  /// Operators in a row, here and in what stands inside: how deep the tree may be on its left.
  var chained = 0
  /// Whether a colon makes a range here; in an index item it makes a slice.
  var allowsRange = true
  /// Whether the text stands in a string's braces, which no further line can complete.
  private var isInString = false

  /// Brackets, blocks, prefix operators and exponents may nest this deep: each level costs a few
  /// stack frames here, in the compiler and when the tree is freed.
  static let deepestNesting = 1000
  /// The longest program, in bytes: what a line or a file may have.
  package static let longestProgram = 64 << 20
  /// Operators that may stand in a row, those of nested rows included: a row makes a tree as deep as
  /// it is long.
  static let longestChain = 10_000

  init(_ source: Source, range: Span? = nil, depth: Int = 0) throws(Diagnostic) {
    self.source = source
    self.depth = depth
    tokens = try Lexer.tokens(of: source, range: range)
    partners = Self.matchBrackets(tokens)
  }

  /// The whole text as a program.
  ///
  /// - Throws: what is wrong with the text; `isIncomplete` when more text could make it right.
  package static func parse(_ source: Source) throws(Diagnostic) -> Program {
    var parser = try Parser(source)
    let statements = try parser.statements(until: .end)
    return Program(statements: statements, source: source)
  }

  private static func matchBrackets(_ tokens: [Token]) -> [Int: Int] {
    var open: [Int] = []
    var partners: [Int: Int] = [:]
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .symbol(.openParen), .symbol(.openBracket), .symbol(.openBrace): open.append(index)
      case .symbol(.closeParen), .symbol(.closeBracket), .symbol(.closeBrace):
        if let start = open.popLast() { partners[start] = index }
      default: break
      }
    }
    return partners
  }

  // MARK: - Walking the tokens

  var current: Token { tokens[position] }
  var next: Token { tokens[min(position + 1, tokens.count - 1)] }
  var previous: Token { tokens[max(0, position - 1)] }

  mutating func advance() { position = min(position + 1, tokens.count - 1) }

  func isAt(_ symbol: Symbol) -> Bool { current.kind == .symbol(symbol) }
  func isAt(_ keyword: Keyword) -> Bool { current.kind == .keyword(keyword) }

  mutating func take(_ symbol: Symbol) -> Bool {
    guard isAt(symbol) else { return false }
    advance()
    return true
  }

  mutating func take(_ keyword: Keyword) -> Bool {
    guard isAt(keyword) else { return false }
    advance()
    return true
  }

  mutating func skipNewlines() {
    while current.kind == .newline { advance() }
  }

  mutating func expect(_ symbol: Symbol, _ purpose: String) throws(Diagnostic) {
    guard !take(symbol) else { return }
    throw unexpected("expected \(symbol.rawValue) \(purpose)")
  }

  mutating func name(_ purpose: String) throws(Diagnostic) -> String {
    guard case .name(let name) = current.kind else {
      if case .keyword(let word) = current.kind {
        throw unexpected(
          "expected \(purpose)", ["\(word.rawValue) is a word of the language: choose another."])
      }
      throw unexpected("expected \(purpose)")
    }
    advance()
    return name
  }

  /// An error at the current token; incomplete when that is the end of the text.
  func unexpected(_ message: String, _ details: [String] = []) -> Diagnostic {
    let isEnd = current.kind == .end
    let found: String
    switch current.kind {
    case .end where isInString: found = "the end of the braces"
    case .symbol: found = source.text(of: current.span)
    default: found = current.kind.described
    }
    return Diagnostic(
      "\(message), found \(found)", source: source, span: current.span, details: details,
      isIncomplete: isEnd && !isInString)
  }

  func failure(_ message: String, at span: Span, _ details: [String] = []) -> Diagnostic {
    Diagnostic(message, source: source, span: span, details: details)
  }

  func span(from start: Int) -> Span {
    Span(tokens[start].span.start, max(previous.span.end, tokens[start].span.start))
  }

  /// The token after the partner of the bracket at the current position.
  func tokenAfterBracket() -> Token.Kind? {
    guard let partner = partners[position], partner + 1 < tokens.count else { return nil }
    return tokens[partner + 1].kind
  }

  /// Runs `body` one nesting level deeper.
  mutating func nested<T>(_ body: (inout Parser) throws(Diagnostic) -> T) throws(Diagnostic) -> T {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepestNesting else {
      throw failure(
        "this is nested more than \(Self.deepestNesting) levels deep", at: current.span,
        ["Give the inner parts names of their own."])
    }
    return try row(body)
  }

  /// Runs `body`, whose operators stand in a row of their own.
  mutating func row<T>(_ body: (inout Parser) throws(Diagnostic) -> T) throws(Diagnostic) -> T {
    let outside = chained
    chained = 0
    defer { chained = max(outside, chained) }
    return try body(&self)
  }

  /// The expression inside a string's braces.
  mutating func interpolated(_ range: Span) throws(Diagnostic) -> Expression {
    guard depth < Self.deepestNesting else {
      throw failure("strings are nested too deep here", at: range)
    }
    try refuseDoubledBraces(around: range)
    var inner = try Parser(source, range: range, depth: depth + 1)
    inner.isInString = true
    let expression = try inner.expression()
    try inner.refuseNamedInterpolation(of: expression)
    guard inner.current.kind == .end else { throw inner.unexpected("expected one expression") }
    chained = max(chained, inner.chained)
    return expression
  }
}
