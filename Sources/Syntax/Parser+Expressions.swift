import Diagnostics

extension Parser {
  /// `lambda | choice { "|>" ( postfix | lambda ) }`.
  mutating func expression() throws(Diagnostic) -> Expression {
    try row { parser throws(Diagnostic) in
      let start = parser.position
      if parser.isAtLambda { return try parser.lambda() }
      var value = try parser.choice()
      while parser.take(.pipe) {
        try parser.countOperator()
        let target = try parser.isAtLambda ? parser.lambda() : parser.postfix()
        value = parser.piped(value, into: target, parser.span(from: start))
      }
      return value
    }
  }

  private func piped(_ value: Expression, into target: Expression, _ span: Span) -> Expression {
    if case .call(let callee, let arguments) = target.kind {
      return Expression(.call(callee, [Argument(value: value)] + arguments), span)
    }
    return Expression(.call(target, [Argument(value: value)]), span)
  }

  private mutating func countOperator() throws(Diagnostic) {
    chained += 1
    guard chained <= Self.longestChain else {
      throw failure(
        "more than \(Self.longestChain) operators stand in a row here", at: current.span,
        ["Split the expression, or use sum([…])."])
    }
  }

  // MARK: - Lambdas

  private var isAtLambda: Bool {
    switch current.kind {
    case .name: next.kind == .symbol(.arrow)
    case .symbol(.openParen): tokenAfterBracket() == .symbol(.arrow)
    default: false
    }
  }

  private mutating func lambda() throws(Diagnostic) -> Expression {
    let start = position
    var parameters: [FunctionLiteral.Parameter]
    if case .name(let name) = current.kind {
      parameters = [.init(name: name, defaultValue: nil, span: current.span)]
      advance()
    } else {
      advance()
      parameters = try self.parameters()
    }
    try expect(.arrow, "after the parameters")
    let body: Block
    if isAt(.openBrace) {
      body = try block("after ->")
    } else {
      let value = try nested { parser throws(Diagnostic) in try parser.expression() }
      body = Block(statements: [Statement(kind: .expression(value), span: value.span)])
    }
    let span = span(from: start)
    return Expression(
      .lambda(FunctionLiteral(name: nil, parameters: parameters, body: body, span: span)), span)
  }

  // MARK: - Choices, logic, comparisons

  private mutating func choice() throws(Diagnostic) -> Expression {
    let start = position
    let value = try disjunction()
    guard isAt(.if) else { return value }
    advance()
    let condition = try disjunction()
    guard take(.else) else {
      throw failure(
        "this choice has no else", at: span(from: start), ["Write a if c else b."])
    }
    let otherwise = try nested { parser throws(Diagnostic) in
      try parser.isAtLambda ? parser.lambda() : parser.choice()
    }
    return Expression(
      .choice(value, condition: condition, otherwise: otherwise), span(from: start))
  }

  mutating func disjunction() throws(Diagnostic) -> Expression {
    let start = position
    var left = try conjunction()
    while take(.or) {
      try countOperator()
      left = Expression(
        .logical(isAnd: false, left, try conjunction()), span(from: start))
    }
    return left
  }

  private mutating func conjunction() throws(Diagnostic) -> Expression {
    let start = position
    var left = try negation()
    while take(.and) {
      try countOperator()
      left = Expression(.logical(isAnd: true, left, try negation()), span(from: start))
    }
    return left
  }

  private mutating func negation() throws(Diagnostic) -> Expression {
    guard isAt(.not) else { return try comparison() }
    let start = position
    advance()
    let operand = try nested { parser throws(Diagnostic) in try parser.negation() }
    return Expression(.not(operand), span(from: start))
  }

  private mutating func comparison() throws(Diagnostic) -> Expression {
    let start = position
    let first = try range()
    var links: [(relation: Comparison, operand: Expression)] = []
    while let relation = takeComparison() {
      try countOperator()
      links.append((relation, try range()))
    }
    return links.isEmpty ? first : Expression(.comparison(first, links), span(from: start))
  }

  private mutating func takeComparison() -> Comparison? {
    let relation: Comparison
    switch current.kind {
    case .symbol(.equal): relation = .equal
    case .symbol(.notEqual): relation = .notEqual
    case .symbol(.less): relation = .less
    case .symbol(.lessOrEqual): relation = .lessOrEqual
    case .symbol(.greater): relation = .greater
    case .symbol(.greaterOrEqual): relation = .greaterOrEqual
    case .symbol(.close): relation = .close
    case .keyword(.in): relation = .contained
    case .keyword(.not) where next.kind == .keyword(.in):
      advance()
      relation = .notContained
    default: return nil
    }
    advance()
    return relation
  }

  // MARK: - Ranges and arithmetic

  mutating func range() throws(Diagnostic) -> Expression {
    let start = position
    let low = try sum()
    guard allowsRange, isAt(.colon) else { return low }
    advance()
    let high = try sum()
    var step: Expression?
    if take(.colon) { step = try sum() }
    return Expression(.range(low, high, step: step), span(from: start))
  }

  mutating func sum() throws(Diagnostic) -> Expression {
    let start = position
    var left = try product()
    while let operation = additive() {
      try refuseDoubled()
      advance()
      try countOperator()
      left = Expression(.binary(operation, left, try product()), span(from: start))
    }
    return left
  }

  private func additive() -> BinaryOperator? {
    switch current.kind {
    case .symbol(.plus): .add
    case .symbol(.minus): .subtract
    default: nil
    }
  }

  private mutating func product() throws(Diagnostic) -> Expression {
    let start = position
    var left = try unary()
    while let operation = multiplicative() {
      if operation == .floorDivide { try refuseComment() }
      advance()
      try countOperator()
      left = Expression(.binary(operation, left, try unary()), span(from: start))
    }
    return left
  }

  private func multiplicative() -> BinaryOperator? {
    switch current.kind {
    case .symbol(.star): .multiply
    case .symbol(.slash): .divide
    case .symbol(.doubleSlash): .floorDivide
    case .symbol(.percent): .remainder
    case .symbol(.at): .matrixProduct
    default: nil
    }
  }

  mutating func unary() throws(Diagnostic) -> Expression {
    let start = position
    if isAt(.minus) || isAt(.plus) {
      let isMinus = isAt(.minus)
      advance()
      let operand = try nested { parser throws(Diagnostic) in try parser.unary() }
      return Expression(isMinus ? .negation(operand) : .plus(operand), span(from: start))
    }
    return try power()
  }

  private mutating func power() throws(Diagnostic) -> Expression {
    let start = position
    let base = try postfix()
    guard take(.caret) else { return base }
    let exponent = try nested { parser throws(Diagnostic) in try parser.unary() }
    return Expression(.binary(.power, base, exponent), span(from: start))
  }

  // MARK: - Calls, indices, fields

  mutating func postfix() throws(Diagnostic) -> Expression {
    let start = position
    var value = try atom()
    while true {
      switch current.kind {
      case .symbol(.openParen):
        try countOperator()
        advance()
        let arguments = try inBrackets { parser throws(Diagnostic) in try parser.arguments() }
        try expect(.closeParen, "after the arguments")
        value = Expression(.call(value, arguments), span(from: start))
      case .symbol(.openBracket):
        try countOperator()
        advance()
        let items = try inBrackets { parser throws(Diagnostic) in try parser.items() }
        try expect(.closeBracket, "after the index")
        value = Expression(.index(value, items), span(from: start))
      case .symbol(.dot):
        try countOperator()
        advance()
        try refusePointBeforeOperator()
        value = Expression(.field(value, try fieldName()), span(from: start))
      default: return value
      }
    }
  }

  /// A field may bear a reserved word's name.
  private mutating func fieldName() throws(Diagnostic) -> String {
    if case .keyword(let word) = current.kind {
      advance()
      return word.rawValue
    }
    return try name("a field's name after the point")
  }

  /// Runs `body` inside brackets, where a colon makes a range again.
  private mutating func inBrackets<T>(
    _ body: (inout Parser) throws(Diagnostic) -> T
  ) throws(Diagnostic) -> T {
    let ranges = allowsRange
    allowsRange = true
    let result = try nested(body)
    allowsRange = ranges
    return result
  }

  private mutating func arguments() throws(Diagnostic) -> [Argument] {
    var arguments: [Argument] = []
    while !isAt(.closeParen) {
      let start = position
      var name: String?
      if case .name(let word) = current.kind, next.kind == .symbol(.assign) {
        name = word
        advance()
        advance()
        guard !arguments.contains(where: { $0.name == word }) else {
          throw failure("\(word) is given twice", at: tokens[start].span)
        }
      } else if arguments.last?.name != nil {
        throw failure(
          "an argument without a name cannot follow one with a name", at: current.span,
          ["Put it first, or name it."])
      }
      var value = try expression()
      if name == nil, isAt(.for) {
        value = Expression(.comprehension(value, try loops()), span(from: start))
      }
      arguments.append(
        Argument(name: name, value: value, nameSpan: name == nil ? nil : tokens[start].span))
      guard take(.comma) else { break }
    }
    return arguments
  }

  private mutating func items() throws(Diagnostic) -> [IndexItem] {
    var items: [IndexItem] = []
    while !isAt(.closeBracket) {
      items.append(try item())
      guard take(.comma) else { break }
    }
    guard !items.isEmpty else {
      throw failure("an index is missing", at: current.span, ["Write z[0] or z[:]."])
    }
    return items
  }

  private mutating func item() throws(Diagnostic) -> IndexItem {
    if take(.ellipsis) { return .ellipsis }
    var start: Expression?
    if !isAt(.colon) {
      allowsRange = false
      let value = try expression()
      allowsRange = true
      guard isAt(.colon) else { return .value(value) }
      start = value
    }
    advance()
    let stop = try sliceEnd()
    var step: Expression?
    if take(.colon) { step = try sliceEnd() }
    return .slice(start: start, stop: stop, step: step)
  }

  private mutating func sliceEnd() throws(Diagnostic) -> Expression? {
    if isAt(.colon) || isAt(.comma) || isAt(.closeBracket) { return nil }
    return try sum()
  }

  private mutating func loops() throws(Diagnostic) -> [LoopClause] {
    var clauses: [LoopClause] = []
    while take(.for) {
      let target = try targets()
      guard take(.in) else { throw unexpected("expected in after the variable") }
      let values = try disjunction()
      var conditions: [Expression] = []
      while take(.if) { conditions.append(try disjunction()) }
      clauses.append(LoopClause(target: target, values: values, conditions: conditions))
    }
    return clauses
  }

  // MARK: - Atoms

  private mutating func atom() throws(Diagnostic) -> Expression {
    let start = position
    let kind: Expression.Kind
    switch current.kind {
    case .number(let value): kind = .number(value)
    case .name(let name):
      try refuseForeignAtom(name)
      kind = .name(name)
    case .string(let pieces): kind = .string(try expressions(in: pieces))
    case .keyword(.true): kind = .bool(true)
    case .keyword(.false): kind = .bool(false)
    case .keyword(.none): kind = .none
    case .symbol(.openParen): return try parenthesised()
    case .symbol(.openBracket): return try bracketed()
    case .symbol(.openBrace):
      throw failure(
        "a block stands after a header or ->, not here", at: current.span,
        ["There are no set or dictionary literals: use [1, 2] or record(x=1)."])
    case .symbol(.doubleSlash):
      throw failure("a comment starts with #", at: current.span)
    default:
      throw missingValue()
    }
    advance()
    return Expression(kind, span(from: start))
  }

  private func missingValue() -> Diagnostic {
    let before = position > 0 ? previous.kind : .newline
    let advice = adviceForMissingValue()
    switch before {
    case .symbol(.comma): return unexpected("expected a value after the comma", advice)
    case .symbol(let symbol) where !symbol.isBracket:
      return unexpected("expected a value after \(symbol.rawValue)", advice)
    case .keyword(let word) where word != .because:
      return unexpected("expected a value after \(word.rawValue)", advice)
    default: return unexpected("expected a value", advice)
    }
  }

  private mutating func expressions(
    in pieces: [StringPiece]
  ) throws(Diagnostic) -> [Expression.Piece] {
    var parts: [Expression.Piece] = []
    for piece in pieces {
      switch piece {
      case .text(let text): parts.append(.text(text))
      case .interpolation(let range, let format):
        parts.append(.value(try interpolated(range), format: format))
      }
    }
    return parts
  }

  private mutating func parenthesised() throws(Diagnostic) -> Expression {
    let start = position
    advance()
    if isAt(.closeParen) {
      throw failure("these parentheses are empty", at: current.span, ["An empty tensor is []."])
    }
    var isList = false
    let values = try inBrackets { parser throws(Diagnostic) in
      var values = [try parser.expression()]
      while parser.take(.comma) {
        isList = true
        if parser.isAt(.closeParen) { break }
        values.append(try parser.expression())
      }
      return values
    }
    if isAt(.assign) {
      throw failure(
        "= assigns; it does not compare", at: current.span, ["To compare, write ==."])
    }
    try expect(.closeParen, "to close the parenthesis")
    let span = span(from: start)
    return Expression(isList ? .list(values) : .group(values[0]), span)
  }

  private mutating func bracketed() throws(Diagnostic) -> Expression {
    let start = position
    advance()
    var loops: [LoopClause] = []
    let values = try inBrackets { parser throws(Diagnostic) in
      var values: [Expression] = []
      while !parser.isAt(.closeBracket) {
        values.append(try parser.expression())
        if values.count == 1, parser.isAt(.for) {
          loops = try parser.loops()
          break
        }
        guard parser.take(.comma) else { break }
      }
      return values
    }
    try refuseForeignMatrix(after: values)
    try expect(.closeBracket, "to close the bracket")
    let span = span(from: start)
    return Expression(loops.isEmpty ? .list(values) : .comprehension(values[0], loops), span)
  }
}
