import Diagnostics
import Syntax

extension Compiler {
  /// Compiles a block; its value, the last statement's, goes to `target`.
  func compile(_ block: Block, into target: Int32?) throws(Diagnostic) {
    for statement in block.statements.dropLast() { try compile(statement, into: nil) }
    guard let last = block.statements.last else {
      if let target { emit(.constant(target: target, index: constant(.nothing))) }
      return
    }
    try compile(last, into: target)
  }

  private func compile(_ statement: Statement, into target: Int32?) throws(Diagnostic) {
    let outer = span
    span = statement.span
    defer { span = outer }
    try temporarily { () throws(Diagnostic) in
      switch statement.kind {
      case .expression(let value):
        try compile(value, into: target ?? newRegister())
        return
      case .conditional(let branches, let otherwise):
        try compileConditional(branches, otherwise, into: target)
        return
      case .returning(let value):
        try compileReturn(value, at: statement.span)
        return
      case .assignment(let targets, let value): try compileAssignment(targets, value)
      case .augmented(let place, let operation, let value):
        try compileAugmented(place, operation, value)
      case .definition(let name, let literal):
        let register = newRegister()
        try compileClosure(literal, into: register)
        store(name, from: register)
      case .forLoop(let place, let values, let body):
        try compileFor(place, values, body)
      case .whileLoop(let condition, let body): try compileWhile(condition, body)
      case .breaking:
        guard !loops.isEmpty else { throw outsideLoop("break", statement.span) }
        loops[loops.count - 1].exits.append(position)
        emit(.jump(0))
      case .continuing:
        guard let loop = loops.last else { throw outsideLoop("continue", statement.span) }
        emit(.loop(loop.start))
      case .nonlocal:
        if isTopLevel {
          throw failure("nonlocal belongs inside a function", at: statement.span)
        }
      case .check(let check): try compileCheck(check)
      case .derivation(let derivation): try compileDerivation(derivation)
      }
      if let target { emit(.constant(target: target, index: constant(.nothing))) }
    }
  }

  private func outsideLoop(_ word: String, _ span: Span) -> Diagnostic {
    failure("\(word) stands outside a loop", at: span)
  }

  private func compileReturn(_ value: Expression?, at span: Span) throws(Diagnostic) {
    guard !isTopLevel else {
      throw failure(
        "return stands outside a function", at: span,
        ["The last expression of a cell is its value already."])
    }
    let register = newRegister()
    if let value {
      try compile(value, into: register)
    } else {
      emit(.constant(target: register, index: constant(.nothing)))
    }
    emit(.finish(register))
  }

  // MARK: - Branches and loops

  private func compileConditional(
    _ branches: [(condition: Expression, block: Block)], _ otherwise: Block?, into target: Int32?
  ) throws(Diagnostic) {
    var exits: [Int] = []
    let before = assigned
    var common: Set<String>?
    for branch in branches {
      let test = try compileCondition(branch.condition)
      try compile(branch.block, into: target)
      common = common?.intersection(assigned) ?? assigned
      assigned = before
      exits.append(position)
      emit(.jump(0))
      patch(test)
    }
    if let otherwise {
      try compile(otherwise, into: target)
      assigned = common?.intersection(assigned) ?? assigned
    } else if let target {
      emit(.constant(target: target, index: constant(.nothing)))
    }
    for exit in exits { patch(exit) }
  }

  /// Emits a test; the jump it returns is taken when the condition is false.
  func compileCondition(_ condition: Expression) throws(Diagnostic) -> Int {
    let register = try temporarily { () throws(Diagnostic) in try operand(condition) }
    let outer = span
    span = condition.span
    emit(.jumpIfFalse(register, target: 0))
    span = outer
    return position - 1
  }

  private func compileWhile(_ condition: Expression, _ body: Block) throws(Diagnostic) {
    let before = assigned
    loops.append(Loop(start: Int32(position)))
    let exit = try compileCondition(condition)
    try compile(body, into: nil)
    closeLoop(exit: exit)
    assigned = before
  }

  private func compileFor(
    _ place: Target, _ values: Expression, _ body: Block
  ) throws(Diagnostic) {
    let iterator = newRegister()
    try compileIterator(values, into: iterator)
    let before = assigned
    loops.append(Loop(start: Int32(position)))
    let exit = position
    if case .name(let name) = place.kind, case .register(let register) = variable(name) {
      emit(.next(target: register, iterator: iterator, end: 0))
      assigned.insert(name)
    } else {
      let element = newRegister()
      emit(.next(target: element, iterator: iterator, end: 0))
      try assign(place, from: element)
    }
    try compile(body, into: nil)
    closeLoop(exit: exit)
    assigned = before
  }

  func compileIterator(_ values: Expression, into iterator: Int32) throws(Diagnostic) {
    try compile(values, into: iterator)
    let outer = span
    span = values.span
    emit(.iterate(target: iterator, iterator))
    span = outer
  }

  private func closeLoop(exit: Int) {
    guard let loop = loops.popLast() else { return }
    emit(.loop(loop.start))
    patch(exit)
    for jump in loop.exits { patch(jump) }
  }

  // MARK: - Assignment

  private func compileAssignment(_ targets: [Target], _ value: Expression) throws(Diagnostic) {
    if targets.count == 1, case .name(let name) = targets[0].kind, value.writesLast,
      case .register(let register) = variable(name)
    {
      try compile(value, into: register)
      assigned.insert(name)
      return
    }
    if targets.count == 1, case .list(let places) = targets[0].kind,
      case .sequence(let values) = value.kind, places.count == values.count
    {
      let first = newRegisters(values.count)
      for (index, part) in values.enumerated() { try compile(part, into: first + Int32(index)) }
      for (index, place) in places.enumerated() { try assign(place, from: first + Int32(index)) }
      return
    }
    let register = newRegister()
    try compile(value, into: register)
    for target in targets { try assign(target, from: register) }
    emit(.release(register))
  }

  func assign(_ target: Target, from source: Int32) throws(Diagnostic) {
    let outer = span
    span = target.span
    defer { span = outer }
    switch target.kind {
    case .name(let name): store(name, from: source)
    case .list(let parts):
      let first = newRegisters(parts.count)
      emit(.unpack(first: first, count: Int32(parts.count), source: source))
      for (index, part) in parts.enumerated() { try assign(part, from: first + Int32(index)) }
    case .field, .index:
      let path = try compilePath(target)
      emitAssignment(path, from: source)
    }
  }

  /// A path to a part of a variable, its index values computed into registers.
  private struct Path {
    let root: String
    let steps: [PathStep]
    let first: Int32
  }

  private func compilePath(_ target: Target) throws(Diagnostic) -> Path {
    var steps: [PathStep] = []
    var items: [IndexItem] = []
    var place = target
    var itemGroups: [[IndexItem]] = []
    while true {
      switch place.kind {
      case .field(let base, let name):
        steps.append(.field(name))
        place = base
        continue
      case .index(let base, let indices):
        steps.append(.index(indices.map(\.shape)))
        itemGroups.append(indices)
        place = base
        continue
      case .name(let name):
        guard owns(name) else {
          throw failure(
            "\(name) belongs to the code around this function", at: place.span,
            ["Write nonlocal \(name) first to change it, or work on a copy: copy = \(name)."])
        }
        items = itemGroups.reversed().flatMap { $0 }
        let first = try compile(items)
        return Path(root: name, steps: steps.reversed(), first: first)
      case .list:
        throw failure("a part of a list of names cannot be assigned to", at: place.span)
      }
    }
  }

  private func emitAssignment(_ path: Path, from source: Int32) {
    tables.paths.append(path.steps)
    let index = Int32(tables.paths.count - 1)
    let place: (Instruction.Storage, Int32)
    switch variable(path.root) {
    case .register(let register):
      emit(.defined(register, name: nameIndex(path.root)))
      place = (.register, register)
    case .cell(let register): place = (.cell, register)
    case .capture(let number): place = (.capture, number)
    case .global(let slot): place = (.global, slot)
    }
    emit(.assignPath(place.0, place.1, path: index, first: path.first, value: source))
  }

  private func compileAugmented(
    _ target: Target, _ operation: BinaryOperator, _ value: Expression
  ) throws(Diagnostic) {
    if case .name(let name) = target.kind {
      guard owns(name) else {
        throw failure(
          "\(name) belongs to the code around this function", at: target.span,
          ["Write nonlocal \(name) first to change it."])
      }
      let right = try operand(value)
      let left = newRegister()
      load(name, into: left)
      emitBinary(operation, left, left, right)
      store(name, from: left)
      emit(.release(left))
      return
    }
    let path = try compilePath(target)
    let current = newRegister()
    load(path.root, into: current)
    var first = path.first
    for step in path.steps {
      switch step {
      case .field(let name):
        emit(.field(target: current, base: current, name: nameIndex(name)))
      case .index(let shapes):
        tables.indices.append(shapes)
        tables.indexSpans.append(shapes.map { _ in target.span })
        let shape = Int32(tables.indices.count - 1)
        emit(.index(target: current, base: current, first: first, shape: shape))
        first += Int32(step.registerCount)
      }
    }
    let right = try operand(value)
    emitBinary(operation, current, current, right)
    emitAssignment(path, from: current)
    emit(.release(current))
  }

  // MARK: - Checks and derivations

  private func compileCheck(_ check: Check) throws(Diagnostic) {
    var operands = [check.claim]
    var relations: [Comparison] = []
    if case .comparison(let first, let links) = check.claim.kind {
      operands = [first] + links.map(\.operand)
      relations = links.map(\.relation)
    }
    let extras = [check.message, check.tolerance].compactMap { $0 }
    let first = newRegisters(operands.count + extras.count)
    for (index, part) in (operands + extras).enumerated() {
      try compile(part, into: first + Int32(index))
    }
    tables.checks.append(
      CheckSite(
        relations: relations, claim: source.text(of: check.claim.span),
        operandSpans: operands.map(\.span), hasMessage: check.message != nil,
        hasTolerance: check.tolerance != nil))
    emit(.check(site: Int32(tables.checks.count - 1), first: first))
  }

  private func compileDerivation(_ derivation: Derivation) throws(Diagnostic) {
    let first = newRegisters(1 + derivation.draws.count)
    for (index, draw) in derivation.draws.enumerated() {
      try compile(draw.generator, into: first + 1 + Int32(index))
    }
    try compileClosure(derivation.chainFunction, into: first)
    let expressions = [derivation.first] + derivation.links.map(\.expression)
    tables.derivations.append(
      DerivationSite(
        derivation: derivation, source: source,
        expressions: expressions.map { source.text(of: $0.span) },
        drawNames: derivation.draws.map { source.text(of: $0.target.span) },
        definitionTexts: derivation.definitions.map { source.text(of: $0.span) }))
    emit(.derive(site: Int32(tables.derivations.count - 1), first: first))
  }
}

extension IndexItem {
  var shape: IndexShape {
    switch self {
    case .value: .value
    case .slice(let start, let stop, let step):
      .slice(start: start != nil, stop: stop != nil, step: step != nil)
    case .ellipsis: .ellipsis
    }
  }

  var parts: [Expression] {
    switch self {
    case .value(let value): [value]
    case .slice(let start, let stop, let step): [start, stop, step].compactMap { $0 }
    case .ellipsis: []
    }
  }
}
