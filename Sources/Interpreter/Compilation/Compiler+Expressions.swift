import Diagnostics
import Syntax

extension Compiler {
  /// A register that holds the expression's value: a local variable's own, or a temporary.
  func operand(_ expression: Expression) throws(Diagnostic) -> Register {
    if let register = register(of: expression) { return register }
    let register = newRegister()
    try compile(expression, into: register)
    return register
  }

  /// Compiles an expression; its value goes to `target`.
  func compile(_ expression: Expression, into target: Register) throws(Diagnostic) {
    let outer = span
    span = expression.span
    defer { span = outer }
    try temporarily { () throws(Diagnostic) in try compileKind(expression, into: target) }
  }

  /// The operand of an operation whose other operands are computed after it: a global variable
  /// that these may change is copied.
  func operand(
    _ expression: Expression, before others: [Expression]
  ) throws(Diagnostic) -> Register {
    if let register = register(of: expression), isGlobal(register),
      others.contains(where: \.mayRunCode)
    {
      let copy = newRegister()
      emit(.move(target: copy, source: register))
      return copy
    }
    return try operand(expression)
  }

  private func compileKind(_ expression: Expression, into target: Register) throws(Diagnostic) {
    if let value = expression.literal {
      emitLiteral(value, into: target)
      return
    }
    switch expression.kind {
    case .number(let number): emitLiteral(.number(number), into: target)
    case .bool(let bool): emit(.constant(target: target, index: constant(.bool(bool))))
    case .none: emit(.constant(target: target, index: constant(.nothing)))
    case .string(let pieces): try compileString(pieces, into: target)
    case .name(let name): load(name, into: target)
    case .list(let parts):
      let first = try compileConsecutively(parts)
      emit(.bracketed(target: target, first: first, count: Int32(parts.count)))
    case .sequence(let parts):
      let first = try compileConsecutively(parts)
      emit(.sequence(target: target, first: first, count: Int32(parts.count)))
    case .comprehension(let element, let loops):
      try compileComprehension(element, loops, into: target)
    case .negation(let operand):
      let register = try self.operand(operand)
      noteSpent(left: operand)
      emit(.negate(target: target, register))
    case .plus(let operand): emit(.plus(target: target, try self.operand(operand)))
    case .not(let operand): emit(.not(target: target, try self.operand(operand)))
    case .binary(.multiply, let left, let right) where left.immediate != nil:
      guard let number = left.immediate else { return }
      let register = try operand(right)
      noteSpent(right: right)
      emit(.numberTimes(target: target, number, register))
    case .binary(let operation, let left, let right)
    where operation == .add || operation == .subtract:
      try compileSum(operation, left, right, into: target)
    case .binary(let operation, let left, let right):
      let register = try operand(left, before: [right])
      try compileBinary(operation, into: target, register, of: left, right)
    case .logical(let isAnd, let left, let right):
      let result = newRegister()
      try compile(left, into: result)
      let decision = position
      emit(.decide(isAnd: isAnd, target: result, result, jump: 0))
      emit(.logical(isAnd: isAnd, target: result, result, try operand(right)))
      patch(decision)
      emit(.move(target: target, source: result))
    case .comparison(let first, let links):
      try compileComparison(first, links, into: target)
    case .choice(let value, let condition, let otherwise):
      let tests = try compileBranch(condition, when: false)
      try compile(value, into: target)
      let exit = position
      emit(.jump(0))
      for test in tests { patch(test) }
      try compile(otherwise, into: target)
      patch(exit)
    case .range(let low, let high, let step):
      let first = try compileConsecutively([low, high] + (step.map { [$0] } ?? []))
      emit(.range(target: target, first: first, hasStep: step != nil))
    case .call(let callee, let arguments):
      try compileCall(callee, arguments, into: target)
    case .index(let base, let items):
      let baseRegister = try operand(base, before: items.flatMap(\.parts))
      let first: Register
      if items.count == 1, case .value(let index) = items[0] {
        first = try operand(index)
      } else {
        first = try compile(items)
      }
      emitIndex(
        into: target, baseRegister, items.map(\.shape), first,
        spans: items.map { $0.parts.first?.span ?? expression.span })
      releaseTemporary(baseRegister, of: base, unless: target)
    case .field(let base, let name):
      let baseRegister = try operand(base)
      emit(.field(target: target, base: baseRegister, name: nameIndex(name)))
      releaseTemporary(baseRegister, of: base, unless: target)
    case .lambda(let literal): try compileClosure(literal, into: target)
    case .group(let inner): try compile(inner, into: target)
    }
  }

  /// Drops a copy of a variable, so that the variable can be changed in place again.
  private func releaseTemporary(_ register: Register, of base: Expression, unless target: Register)
  {
    if register != target, self.register(of: base) == nil { emit(.release(register)) }
  }

  /// Compiles the right side of an operation whose left one is in a register, and the operation.
  ///
  /// `expression` is what was computed into the left register; nil for a variable.
  func compileBinary(
    _ operation: BinaryOperator, into target: Register, _ left: Register,
    of expression: Expression? = nil, _ right: Expression
  ) throws(Diagnostic) {
    if let number = right.immediate {
      noteSpent(left: expression)
      switch operation {
      case .add where target == left: return emit(.increaseByNumber(target, by: number))
      case .add: return emit(.addNumber(target: target, left, number))
      case .subtract: return emit(.subtractNumber(target: target, left, number))
      case .multiply: return emit(.multiplyNumber(target: target, left, number))
      case .divide: return emit(.divideNumber(target: target, left, number))
      case .floorDivide, .remainder, .power, .matrixProduct: break
      }
    }
    let value = right
    let right = try operand(value)
    noteSpent(left: expression, right: value)
    switch operation {
    case .add where target == left: emit(.increase(target, by: right))
    case .add: emit(.add(target: target, left, right))
    case .subtract: emit(.subtract(target: target, left, right))
    case .multiply: emit(.multiply(target: target, left, right))
    case .divide: emit(.divide(target: target, left, right))
    case .remainder: emit(.remainder(target: target, left, right))
    case .power: emit(.power(target: target, left, right))
    case .floorDivide, .matrixProduct:
      emit(.arithmetic(operation, target: target, left, right))
    }
  }

  /// A sum or difference; where one side is a product, both are one step.
  private func compileSum(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, into target: Register
  ) throws(Diagnostic) {
    let isSum = operation == .add
    // The product comes first: where the other side runs code, it is a step of its own.
    if right.immediate == nil, !right.mayRunCode, let (a, b) = left.factors {
      let one = try operand(a, before: [b])
      let other = try operand(b)
      let rest = try operand(right)
      tables.productSpans[position] = left.span
      emit(
        isSum
          ? .productPlus(target: target, one, other, rest)
          : .productMinus(target: target, one, other, rest))
    } else if let (a, b) = right.factors {
      let rest = try operand(left, before: [a, b])
      let one = try operand(a, before: [b])
      let other = try operand(b)
      tables.productSpans[position] = right.span
      emit(
        isSum
          ? .plusProduct(target: target, rest, one, other)
          : .minusProduct(target: target, rest, one, other))
    } else {
      let register = try operand(left, before: [right])
      try compileBinary(operation, into: target, register, of: left, right)
    }
  }

  /// Notes which operands of the next instruction were computed for it alone.
  private func noteSpent(left: Expression? = nil, right: Expression? = nil) {
    var spent: Spent = []
    if let left, register(of: left) == nil { spent.insert(.left) }
    if let right, register(of: right) == nil { spent.insert(.right) }
    if !spent.isEmpty { tables.spent[position] = spent }
  }

  private func emitLiteral(_ value: Value, into target: Register) {
    if case .number(let number) = value, let short = Float(exactly: number) {
      emit(.number(target: target, short))
    } else {
      emit(.constant(target: target, index: constant(value)))
    }
  }

  /// Emits `base[…]`; the items' values stand in registers from `first` on.
  func emitIndex(
    into target: Register, _ base: Register, _ shapes: [IndexShape], _ first: Register,
    spans: [Span]
  ) {
    if shapes.count == 1, case .value = shapes[0] {
      tables.elementSpans[position] = spans[0]
      emit(.element(target: target, base: base, index: first))
      return
    }
    tables.indices.append(shapes)
    tables.indexSpans.append(spans)
    let shape = Int32(tables.indices.count - 1)
    emit(.index(target: target, base: base, first: first, shape: shape))
  }

  private func compileConsecutively(_ parts: [Expression]) throws(Diagnostic) -> Register {
    let first = newRegisters(parts.count)
    for (index, part) in parts.enumerated() { try compile(part, into: first + index) }
    return first
  }

  /// The values of index items in consecutive registers; the first of them.
  func compile(_ items: [IndexItem]) throws(Diagnostic) -> Register {
    try compileConsecutively(items.flatMap(\.parts))
  }

  private func compileString(
    _ pieces: [Expression.Piece], into target: Register
  ) throws(Diagnostic) {
    var parts: [StringPart] = []
    var values: [Expression] = []
    for piece in pieces {
      switch piece {
      case .text(let text): parts.append(.text(text))
      case .value(let value, let format):
        parts.append(.value(format: format, span: value.span))
        values.append(value)
      }
    }
    guard !values.isEmpty else {
      let texts = parts.map { if case .text(let text) = $0 { text } else { "" } }
      emit(.constant(target: target, index: constant(.text(texts.joined()))))
      return
    }
    let first = try compileConsecutively(values)
    tables.strings.append(parts)
    emit(.string(target: target, first: first, parts: Int32(tables.strings.count - 1)))
  }

  /// `a < b < c` is `a < b and b < c`, with `b` computed once.
  private func compileComparison(
    _ first: Expression, _ links: [(relation: Comparison, operand: Expression)],
    into target: Register
  ) throws(Diagnostic) {
    var left = try operand(first, before: links.map(\.operand))
    if links.count == 1 {
      emit(.compare(links[0].relation, target: target, left, try operand(links[0].operand)))
      return
    }
    let result = newRegister()
    var exits: [Int] = []
    for (index, link) in links.enumerated() {
      let right = try operand(
        link.operand, before: links[(index + 1)...].map(\.operand))
      if index == 0 {
        emit(.compare(link.relation, target: result, left, right))
      } else {
        let part = newRegister()
        emit(.compare(link.relation, target: part, left, right))
        emit(.logical(isAnd: true, target: result, result, part))
      }
      if index < links.count - 1 {
        exits.append(position)
        emit(.decide(isAnd: true, target: result, result, jump: 0))
      }
      left = right
    }
    for exit in exits { patch(exit) }
    emit(.move(target: target, source: result))
  }

  private func compileComprehension(
    _ element: Expression, _ loops: [LoopClause], into target: Register
  ) throws(Diagnostic) {
    let inside = ScopeAnalysis(inside: [element] + loops.flatMap { [$0.values] + $0.conditions })
    let list = newRegister()
    emit(.emptyList(list))
    let depth = comprehensions.count
    comprehensions.append([:])
    // Like those of a function, shared variables are there once, however often their loop begins.
    var shared: [String: Variable] = [:]
    for name in loops.flatMap(\.target.names)
    where inside.usedInside.contains(name) && shared[name] == nil {
      shared[name] = sharedVariable()
    }
    try compileLoops(loops[...], shared) { () throws(Diagnostic) in
      self.emit(.append(list: list, value: try self.operand(element)))
    }
    comprehensions.removeSubrange(depth...)
    emit(.pack(list))
    emit(.move(target: target, source: list))
    emit(.release(list))
  }

  private func compileLoops(
    _ loops: ArraySlice<LoopClause>, _ shared: [String: Variable],
    _ body: () throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    guard let loop = loops.first else {
      try temporarily(body)
      return
    }
    let iterator = try compileIterator(loop.values)
    for name in loop.target.names {
      comprehensions[comprehensions.count - 1][name] = shared[name] ?? .register(newRegister())
    }
    let entry = position
    emit(.jump(0))
    let start = position
    let value = newRegister()
    try assign(loop.target, from: value)
    var skips: [Int] = []
    for condition in loop.conditions { skips += try compileBranch(condition, when: false) }
    try compileLoops(loops.dropFirst(), shared, body)
    for skip in skips { patch(skip) }
    patch(entry)
    emitNext(value, iterator, body: start)
  }

  func compileClosure(_ literal: FunctionLiteral, into target: Register) throws(Diagnostic) {
    let defaults = literal.parameters.compactMap(\.defaultValue)
    let first = try compileConsecutively(defaults)
    let prototype = try compile(function: literal)
    tables.prototypes.append(prototype)
    emit(
      .closure(
        target: target, prototype: Int32(tables.prototypes.count - 1), firstDefault: first,
        defaults: Int32(defaults.count)))
  }

  private func compileCall(
    _ callee: Expression, _ arguments: [Argument], into target: Register
  ) throws(Diagnostic) {
    let isPlain = arguments.allSatisfy { $0.name == nil }
    let site = CallSite(
      names: arguments.map(\.name), spans: arguments.map(\.value.span),
      nameSpans: arguments.map(\.nameSpan), callee: callee.span)
    // What is called is looked up before its arguments are computed; that shows only where they
    // run code.
    let values = arguments.map(\.value)
    if isPlain, !values.contains(where: \.mayRunCode), case .name(let name) = callee.ungrouped.kind,
      case .global(let slot) = variable(name)
    {
      let first = try compileConsecutively(values)
      tables.calls[position] = site
      emit(
        .callGlobal(target: target, slot: slot, first: first, count: Int32(arguments.count)))
      return
    }
    let function = try operand(callee, before: values)
    let first = try compileConsecutively(values)
    tables.calls[position] = site
    if isPlain {
      emit(.call(target: target, callee: function, first: first, count: Int32(arguments.count)))
    } else {
      emit(.callNamed(target: target, callee: function, first: first))
    }
  }
}

extension Expression {
  /// The value of an expression that is known already: a number, or a tensor of numbers.
  var literal: Value? {
    switch kind {
    case .number(let number): return .number(number)
    case .group(let inner): return inner.literal
    case .negation(let inner):
      guard case .number(let number) = inner.literal else { return nil }
      return .number(-number)
    case .list(let parts):
      var values: [Value] = []
      for part in parts {
        guard let value = part.literal else { return nil }
        values.append(value)
      }
      guard !values.isEmpty, case .tensor(let box)? = try? Value.bracketed(values) else {
        return nil
      }
      return .tensor(box)
    case .bool, .none, .string, .name, .sequence, .comprehension, .plus, .not, .binary, .logical,
      .comparison, .choice, .range, .call, .index, .field, .lambda:
      return nil
    }
  }

  /// The number of an expression that is one, where it fits into an instruction.
  var immediate: Float? {
    switch kind {
    case .number(let number): Float(exactly: number)
    case .group(let inner): inner.immediate
    case .negation(let inner): inner.immediate.map { -$0 }
    case .bool, .none, .string, .name, .list, .sequence, .comprehension, .plus, .not, .binary,
      .logical, .comparison, .choice, .range, .call, .index, .field, .lambda:
      nil
    }
  }

  /// The factors of a product of two values that are not known yet.
  var factors: (Expression, Expression)? {
    guard case .binary(.multiply, let left, let right) = ungrouped.kind, left.immediate == nil,
      right.immediate == nil
    else { return nil }
    return (left, right)
  }

  /// Whether computing it may run functions of the program, which may change global variables.
  var mayRunCode: Bool {
    switch kind {
    case .number, .bool, .none, .name: false
    case .call, .comprehension: true
    case .lambda(let literal):
      literal.parameters.contains { $0.defaultValue?.mayRunCode == true }
    case .string(let pieces):
      pieces.contains { if case .value(let value, _) = $0 { value.mayRunCode } else { false } }
    case .list(let parts), .sequence(let parts): parts.contains(where: \.mayRunCode)
    case .negation(let inner), .plus(let inner), .not(let inner), .group(let inner),
      .field(let inner, _):
      inner.mayRunCode
    case .binary(_, let left, let right), .logical(_, let left, let right):
      left.mayRunCode || right.mayRunCode
    case .comparison(let first, let links):
      first.mayRunCode || links.contains { $0.operand.mayRunCode }
    case .choice(let value, let condition, let otherwise):
      value.mayRunCode || condition.mayRunCode || otherwise.mayRunCode
    case .range(let low, let high, let step):
      low.mayRunCode || high.mayRunCode || step?.mayRunCode == true
    case .index(let base, let items):
      base.mayRunCode || items.contains { $0.parts.contains(where: \.mayRunCode) }
    }
  }
}

extension Expression {
  /// Whether compiled code writes its target only at its end, so that the target may be a variable
  /// the expression reads.
  var writesLast: Bool {
    switch kind {
    case .number, .bool, .none, .name, .string, .list, .sequence, .comprehension, .negation,
      .plus, .not, .binary, .range, .call, .index, .field, .lambda, .logical, .comparison:
      true
    case .choice: false
    case .group(let inner): inner.writesLast
    }
  }
}

extension Target {
  /// The names a target binds.
  var names: [String] {
    switch kind {
    case .name(let name): name == "_" ? [] : [name]
    case .list(let parts): parts.flatMap(\.names)
    case .field, .index: []
    }
  }
}
