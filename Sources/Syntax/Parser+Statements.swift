import Diagnostics

extension Parser {
  /// Statements up to `closing`, which stays.
  mutating func statements(until closing: Token.Kind) throws(Diagnostic) -> [Statement] {
    var statements: [Statement] = []
    while true {
      while current.kind == .newline || isAt(.semicolon) { advance() }
      if current.kind == closing { return statements }
      if current.kind == .end { throw unexpected("expected }") }
      var statement = try row { parser throws(Diagnostic) in try parser.statement() }
      statement.isSilent = isAt(.semicolon)
      statements.append(statement)
      let isSeparated =
        current.kind == .newline || isAt(.semicolon) || current.kind == closing
        || (statement.kind.endsWithBlock && previous.kind == .symbol(.closeBrace))
      guard isSeparated else { throw strayToken() }
    }
  }

  mutating func block(_ purpose: String) throws(Diagnostic) -> Block {
    if isAt(.assign) {
      throw failure(
        "= assigns; it does not compare", at: current.span, ["To compare, write ==."])
    }
    let header = position
    skipNewlines()
    guard take(.openBrace) else {
      let isUnfinished = current.kind == .end
      position = header
      var missing = unexpected("expected { \(purpose)", ["A block stands in braces: { … }."])
      missing.isIncomplete = isUnfinished
      throw missing
    }
    let ranges = allowsRange
    allowsRange = true
    let inner = try nested { parser throws(Diagnostic) in
      try parser.statements(until: .symbol(.closeBrace))
    }
    allowsRange = ranges
    try expect(.closeBrace, "at the end of the block")
    return Block(statements: inner)
  }

  private mutating func statement() throws(Diagnostic) -> Statement {
    let start = position
    let kind: Statement.Kind
    if case .keyword(let word) = current.kind, !word.isValue, next.kind == .symbol(.assign) {
      throw failure(
        "\(word.rawValue) is a word of the language", at: current.span, ["Choose another name."])
    }
    switch current.kind {
    case .keyword(.else):
      throw failure(
        "this else belongs to no if", at: current.span,
        ["It follows the } of an if, with nothing in between."])
    case .keyword(.def): kind = try definition()
    case .keyword(.if): kind = try conditional()
    case .keyword(.for): kind = try forLoop()
    case .keyword(.while):
      advance()
      let condition = try condition("while x > 1 { … }")
      kind = .whileLoop(condition, try block("after the condition"))
    case .keyword(.return):
      advance()
      kind = .returning(try optionalExpressions())
    case .keyword(.break):
      advance()
      kind = .breaking
    case .keyword(.continue):
      advance()
      kind = .continuing
    case .keyword(.nonlocal): kind = try nonlocal()
    case .keyword(.check): kind = try check()
    case .keyword(.derive), .keyword(.refute): kind = .derivation(try derivation())
    case .symbol(.openBrace):
      throw failure(
        "a block stands after a header or ->, not alone", at: current.span,
        ["There are no set or dictionary literals: use [1, 2] or record(x=1)."])
    default: kind = try assignmentOrExpression()
    }
    return Statement(kind: kind, span: span(from: start))
  }

  private func strayToken() -> Diagnostic {
    switch current.kind {
    case .symbol(.comma):
      return failure(
        "a list of values needs brackets here", at: current.span, ["Write [a, b]."])
    case .symbol(.assign):
      return failure(
        "= assigns; it does not compare", at: current.span, ["To compare, write ==."])
    case .symbol(.openBrace):
      return failure(
        "a block cannot start here", at: current.span,
        ["Blocks follow if, else, for, while, def and ->."])
    case .name, .number, .string, .keyword: return foreignWord() ?? twoStatements()
    default: return unexpected("expected the end of the statement")
    }
  }

  /// Two values side by side: a call of another language, or two statements.
  private func twoStatements() -> Diagnostic {
    var details = ["Statements on one line are separated by ;."]
    if case .name(let word) = previous.kind {
      details = ["To call \(word), write \(word)(…). Statements on one line are separated by ;."]
    }
    return unexpected("expected the end of the statement", details)
  }

  private mutating func definition() throws(Diagnostic) -> Statement.Kind {
    let start = position
    advance()
    let name = try name("the function's name")
    try expect(.openParen, "after the function's name")
    let parameters = try parameters()
    let body: Block
    if take(.assign) {
      let value = try expression()
      body = Block(statements: [Statement(kind: .expression(value), span: value.span)])
    } else {
      if isAt(.colon) {
        throw failure(
          "a function's body stands in braces", at: current.span,
          ["Write def \(name)(…) { … } or def \(name)(…) = expression."])
      }
      body = try block("or = after the parameters")
    }
    let literal = FunctionLiteral(
      name: name, parameters: parameters, body: body, span: span(from: start))
    return .definition(name, literal)
  }

  /// Parameters after the opening parenthesis, and the closing one.
  mutating func parameters() throws(Diagnostic) -> [FunctionLiteral.Parameter] {
    var parameters: [FunctionLiteral.Parameter] = []
    while !isAt(.closeParen) {
      let start = current.span
      try refuseGatheringParameter()
      let name = try name("a parameter's name")
      guard !parameters.contains(where: { $0.name == name }) else {
        throw failure("the parameter \(name) stands here twice", at: start)
      }
      var defaultValue: Expression?
      if take(.assign) {
        defaultValue = try expression()
      } else if parameters.last?.defaultValue != nil {
        throw failure(
          "a parameter without a default cannot follow one with a default", at: start,
          ["Move \(name) to the front, or give it a default."])
      }
      parameters.append(.init(name: name, defaultValue: defaultValue, span: start))
      guard take(.comma) else { break }
    }
    try expect(.closeParen, "after the parameters")
    return parameters
  }

  private mutating func conditional() throws(Diagnostic) -> Statement.Kind {
    var branches: [(condition: Expression, block: Block)] = []
    var otherwise: Block?
    repeat {
      advance()
      let condition = try condition("if x > 1 { … } else { … }")
      branches.append((condition, try block("after the condition")))
      let end = position
      skipNewlines()
      guard take(.else) else {
        position = end
        break
      }
      if !isAt(.if) { otherwise = try block("after else") }
    } while otherwise == nil
    return .conditional(branches, otherwise: otherwise)
  }

  /// A condition before a block; a colon after it is another language's.
  private mutating func condition(_ example: String) throws(Diagnostic) -> Expression {
    let ranges = allowsRange
    allowsRange = false
    let condition = try expression()
    allowsRange = ranges
    if isAt(.colon) {
      throw failure(
        "a block stands in braces, not after a colon", at: current.span,
        ["Write \(example)."])
    }
    return condition
  }

  private mutating func forLoop() throws(Diagnostic) -> Statement.Kind {
    advance()
    if isAt(.openParen), let partner = tokenAfterBracket(), partner == .symbol(.openBrace) {
      throw failure(
        "the header of a loop has no parentheses", at: current.span, ["Write for i in 0:3 { … }."])
    }
    let target = try targets()
    guard take(.in) else {
      throw unexpected("expected in after the loop's variable", ["Write for i in 0:3 { … }."])
    }
    let values = try expression()
    try refuseColonBlock(after: values)
    return .forLoop(target, values, try block("after the values"))
  }

  private mutating func nonlocal() throws(Diagnostic) -> Statement.Kind {
    advance()
    var names = [try name("the name of an outer variable")]
    while take(.comma) { names.append(try name("the name of an outer variable")) }
    return .nonlocal(names)
  }

  private mutating func check() throws(Diagnostic) -> Statement.Kind {
    advance()
    let claim = try expression()
    var message: Expression?
    var tolerance: Expression?
    while take(.comma) {
      if current.kind == .name("tol"), next.kind == .symbol(.assign) {
        advance()
        advance()
        tolerance = try expression()
      } else {
        message = try expression()
      }
    }
    return .check(Check(claim: claim, message: message, tolerance: tolerance))
  }

  // MARK: - Assignment

  private mutating func assignmentOrExpression() throws(Diagnostic) -> Statement.Kind {
    let start = position
    let first = try expression()
    if isAt(.comma) || isAt(.assign) {
      return try assignment(from: first, start: start)
    }
    if let augmented = augmentedOperator() {
      let target = try target(from: first)
      if case .list = target.kind {
        throw failure("\(augmented.rawValue)= changes one variable at a time", at: first.span)
      }
      advance()
      return .augmented(target, augmented, try expression())
    }
    return .expression(first)
  }

  private func augmentedOperator() -> BinaryOperator? {
    guard case .symbol(let symbol) = current.kind else { return nil }
    switch symbol {
    case .plusAssign: return .add
    case .minusAssign: return .subtract
    case .starAssign: return .multiply
    case .slashAssign: return .divide
    case .doubleSlashAssign: return .floorDivide
    case .percentAssign: return .remainder
    case .caretAssign: return .power
    case .atAssign: return .matrixProduct
    default: return nil
    }
  }

  private mutating func assignment(
    from first: Expression, start: Int
  ) throws(Diagnostic) -> Statement.Kind {
    var targets: [Target] = []
    var values = try expressions(after: first)
    var isList = isListOfValues(values)
    while true {
      guard isAt(.assign) else {
        if let augmented = augmentedOperator() {
          throw failure(
            "\(augmented.rawValue)= changes one variable at a time", at: span(from: start))
        }
        if targets.isEmpty {
          var error = failure(
            "a list of values needs brackets here", at: span(from: start), ["Write [a, b]."])
          error.isIncomplete = isAt(end: .comma)
          throw error
        }
        break
      }
      targets.append(
        isList || values.count > 1
          ? Target(
            .list(try values.map { value throws(Diagnostic) in try target(from: value) }),
            span(from: start))
          : try target(from: values[0]))
      advance()
      values = try expressions(after: try expression())
      isList = isListOfValues(values)
    }
    guard values.count > 1 else { return .assignment(targets, values[0]) }
    let span = values[0].span.joined(with: values[values.count - 1].span)
    let unpacks = targets.allSatisfy { if case .list = $0.kind { true } else { false } }
    return .assignment(targets, Expression(unpacks ? .sequence(values) : .list(values), span))
  }

  /// Whether nothing of the statement is left.
  private var endsStatement: Bool {
    switch current.kind {
    case .newline, .end, .symbol(.semicolon), .symbol(.closeBrace): true
    default: false
    }
  }

  /// Whether the text ends with this symbol.
  private func isAt(end symbol: Symbol) -> Bool {
    current.kind == .end && previous.kind == .symbol(symbol)
  }

  /// Whether a trailing comma made one value a list: `a, = values`.
  private func isListOfValues(_ values: [Expression]) -> Bool {
    previous.kind == .symbol(.comma) && !values.isEmpty
  }

  private mutating func expressions(after first: Expression) throws(Diagnostic) -> [Expression] {
    var all = [first]
    while take(.comma) {
      if isAt(.assign) || endsStatement { break }
      all.append(try expression())
    }
    return all
  }

  private mutating func optionalExpressions() throws(Diagnostic) -> Expression? {
    guard !endsStatement else { return nil }
    let values = try expressions(after: try expression())
    guard values.count > 1 else { return values[0] }
    let span = values[0].span.joined(with: values[values.count - 1].span)
    return Expression(.list(values), span)
  }

  /// The targets of a loop, before its `in`.
  mutating func targets() throws(Diagnostic) -> Target {
    let start = position
    var all = [try loopTarget()]
    var isList = false
    while take(.comma) {
      isList = true
      if isAt(.in) { break }
      all.append(try loopTarget())
    }
    return isList ? Target(.list(all), span(from: start)) : all[0]
  }

  private mutating func loopTarget() throws(Diagnostic) -> Target {
    let start = position
    if isAt(.openParen) || isAt(.openBracket) {
      let closing: Symbol = isAt(.openParen) ? .closeParen : .closeBracket
      advance()
      let inner = try nested { parser throws(Diagnostic) in try parser.targets() }
      try expect(closing, "after the names")
      if case .list = inner.kind { return inner }
      return closing == .closeParen ? inner : Target(.list([inner]), span(from: start))
    }
    return try target(from: try postfix())
  }

  /// Reads an expression as something that can be assigned to.
  func target(from expression: Expression) throws(Diagnostic) -> Target {
    switch expression.kind {
    case .name(let name): return Target(.name(name), expression.span)
    case .field(let base, let field):
      return Target(.field(try target(from: base), field), expression.span)
    case .index(let base, let items):
      return Target(.index(try target(from: base), items), expression.span)
    case .list(let parts):
      guard !parts.isEmpty else { break }
      let targets = try parts.map { part throws(Diagnostic) in try target(from: part) }
      return Target(.list(targets), expression.span)
    case .group(let inner): return try target(from: inner)
    case .call:
      throw failure(
        "a call cannot be assigned to", at: expression.span,
        ["To define a function, write def f(x) = …"])
    case .bool, .none:
      throw failure("\(source.text(of: expression.span)) is a fixed value", at: expression.span)
    default: break
    }
    throw failure(
      "this cannot be assigned to", at: expression.span,
      ["On the left of = stands a name, a field r.x or an index z[0]. To compare, write ==."])
  }

  // MARK: - Derivations

  private mutating func derivation() throws(Diagnostic) -> Derivation {
    let isRefutation = isAt(.refute)
    advance()
    guard case .string(let pieces) = current.kind else {
      throw unexpected("expected the claim as a string, such as derive \"T equals C\"")
    }
    let title = try plainText(pieces)
    advance()
    var draws: [(target: Target, generator: Expression)] = []
    if take(.for) {
      repeat {
        // A comma separates targets of one draw and also draws: a draw ends where its `in` was.
        let target = try targets()
        guard take(.in) else { throw unexpected("expected in after the names to draw") }
        draws.append((target, try expression()))
      } while take(.comma)
    }
    skipNewlines()
    try expect(.openBrace, "before the chain")
    let definitions = try chainDefinitions()
    let first = try chainExpression()
    var links: [Derivation.Link] = []
    while let link = try link() { links.append(link) }
    skipNewlines()
    guard !links.isEmpty else {
      throw unexpected(
        "expected a relation after the first expression", ["Relations are == <= >= < > and ≐ (=c)."]
      )
    }
    while isAt(.semicolon) || current.kind == .newline { advance() }
    try expect(.closeBrace, "at the end of the chain")
    return Derivation(
      title: title, isRefutation: isRefutation, draws: draws, definitions: definitions,
      first: first, links: links)
  }

  private func plainText(_ pieces: [StringPiece]) throws(Diagnostic) -> String {
    var text = ""
    for piece in pieces {
      guard case .text(let part) = piece else {
        throw failure("this string cannot hold {…}", at: current.span)
      }
      text += part
    }
    return text
  }

  private mutating func chainDefinitions() throws(Diagnostic) -> [Statement] {
    var definitions: [Statement] = []
    while true {
      while current.kind == .newline || isAt(.semicolon) { advance() }
      guard case .name(let name) = current.kind, next.kind == .symbol(.assign),
        !isUpToConstants(at: position + 1)
      else { return definitions }
      let start = position
      let target = Target(.name(name), current.span)
      advance()
      advance()
      let value = try expression()
      definitions.append(
        Statement(kind: .assignment([target], value), span: span(from: start)))
    }
  }

  private mutating func chainExpression() throws(Diagnostic) -> Expression {
    skipNewlines()
    return try range()
  }

  private mutating func link() throws(Diagnostic) -> Derivation.Link? {
    skipNewlines()
    let start = position
    guard let relation = try relation() else { return nil }
    let expression = try chainExpression()
    let end = position
    skipNewlines()
    var reason = ""
    if take(.because) {
      guard case .string(let pieces) = current.kind else {
        throw unexpected("expected the reason as a string")
      }
      reason = try plainText(pieces)
      advance()
    } else {
      position = end
    }
    return .init(
      relation: relation, expression: expression, reason: reason,
      span: tokens[start].span.joined(with: expression.span))
  }

  /// Whether `=c` stands here in one piece.
  private func isUpToConstants(at place: Int) -> Bool {
    guard place + 1 < tokens.count, tokens[place].kind == .symbol(.assign) else { return false }
    return tokens[place + 1].kind == .name("c")
      && tokens[place + 1].span.start == tokens[place].span.end
  }

  private mutating func relation() throws(Diagnostic) -> Relation? {
    guard case .symbol(let symbol) = current.kind else { return nil }
    let relation: Relation
    switch symbol {
    case .equal: relation = .equal
    case .lessOrEqual: relation = .lessOrEqual
    case .greaterOrEqual: relation = .greaterOrEqual
    case .less: relation = .less
    case .greater: relation = .greater
    case .upToConstants: relation = .upToConstants
    case .assign where isUpToConstants(at: position):
      advance()
      relation = .upToConstants
    case .assign:
      throw failure(
        "= is not a relation", at: current.span,
        ["Write == (equal) or =c (equal up to constants)."])
    case .notEqual, .close:
      throw failure(
        "\(symbol.rawValue) is not a relation of a derivation", at: current.span,
        ["Relations are == <= >= < > and ≐ (=c)."])
    default: return nil
    }
    advance()
    return relation
  }
}

extension Statement.Kind {
  /// Whether the statement's own block closes it, so that no separator is needed after its brace.
  var endsWithBlock: Bool {
    switch self {
    case .definition, .conditional, .forLoop, .whileLoop, .derivation: true
    case .expression, .assignment, .augmented, .returning, .breaking, .continuing, .nonlocal,
      .check:
      false
    }
  }
}
