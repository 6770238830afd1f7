import Diagnostics
import Syntax

extension Compiler {
  /// Compiles the body of a function or cell, which ends with the value of its last statement.
  func compile(body block: Block) throws(Diagnostic) {
    for statement in block.statements.dropLast() { try compile(statement, into: nil) }
    guard let last = block.statements.last else { return try finish(with: nil) }
    let outer = span
    span = last.span
    defer { span = outer }
    switch last.kind {
    case .expression(let value): try finish(with: value)
    case .conditional(let branches, let otherwise):
      let before = assigned
      for branch in branches {
        let exits = try compileBranch(branch.condition, when: false)
        try compile(body: branch.block)
        assigned = before
        for exit in exits { patch(exit) }
      }
      try compile(body: otherwise ?? Block(statements: []))
    case .assignment, .augmented, .definition, .forLoop, .whileLoop, .returning, .breaking,
      .continuing, .nonlocal, .check, .derivation:
      try compile(last, into: nil)
      try finish(with: nil)
    }
  }

  /// Emits the end of a call; its value is the expression's, or `none`.
  private func finish(with value: Expression?) throws(Diagnostic) {
    try temporarily { () throws(Diagnostic) in
      if let value, case .choice(let one, let condition, let other) = value.ungrouped.kind {
        let exits = try compileBranch(condition, when: false)
        try finish(with: one)
        for exit in exits { patch(exit) }
        try finish(with: other)
        return
      }
      let result: Register
      if let value, let register = register(of: value), !isTopLevel {
        result = register
      } else {
        result = newRegister()
        if let value {
          try compile(value, into: result)
        } else {
          emit(.constant(target: result, index: constant(.nothing)))
        }
      }
      emit(.finish(result))
    }
  }

  /// Compiles a block; its value, the last statement's, goes to `target`.
  func compile(_ block: Block, into target: Register?) throws(Diagnostic) {
    for statement in block.statements.dropLast() { try compile(statement, into: nil) }
    guard let last = block.statements.last else {
      if let target { emit(.constant(target: target, index: constant(.nothing))) }
      return
    }
    try compile(last, into: target)
  }

  private func compile(_ statement: Statement, into target: Register?) throws(Diagnostic) {
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
        guard !loops.isEmpty else { throw outsideLoop("continue", statement.span) }
        loops[loops.count - 1].continuations.append(position)
        emit(.jump(0))
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
    try finish(with: value)
  }

  // MARK: - Branches and loops

  private func compileConditional(
    _ branches: [(condition: Expression, block: Block)], _ otherwise: Block?, into target: Register?
  ) throws(Diagnostic) {
    var exits: [Int] = []
    let before = assigned
    var common: Set<String>?
    for branch in branches {
      let tests = try compileBranch(branch.condition, when: false)
      try compile(branch.block, into: target)
      common = common?.intersection(assigned) ?? assigned
      assigned = before
      exits.append(position)
      emit(.jump(0))
      for test in tests { patch(test) }
    }
    if let otherwise {
      try compile(otherwise, into: target)
      assigned = common?.intersection(assigned) ?? assigned
    } else if let target {
      emit(.constant(target: target, index: constant(.nothing)))
    }
    for exit in exits { patch(exit) }
  }

  private func compileWhile(_ condition: Expression, _ body: Block) throws(Diagnostic) {
    let before = assigned
    loops.append(Loop())
    let start = position
    let exits = try compileBranch(condition, when: false)
    try compile(body, into: nil)
    guard let loop = loops.popLast() else { return }
    for jump in loop.continuations { patch(jump) }
    emitLoop(to: start)
    for exit in exits + loop.exits { patch(exit) }
    assigned = before
  }

  private func compileFor(
    _ place: Target, _ values: Expression, _ body: Block
  ) throws(Diagnostic) {
    let iterator = try compileIterator(values)
    let before = assigned
    loops.append(Loop())
    let entry = position
    emit(.jump(0))
    let start = position
    let element: Register
    if case .name(let name) = place.kind, name != "_",
      case .register(let register) = variable(name)
    {
      element = register
      assigned.insert(name)
    } else {
      element = newRegister()
      try assign(place, from: element)
    }
    try compile(body, into: nil)
    guard let loop = loops.popLast() else { return }
    patch(entry)
    for jump in loop.continuations { patch(jump) }
    emitNext(element, iterator, body: start)
    for jump in loop.exits { patch(jump) }
    assigned = before
  }

  /// Compiles what a loop goes through; the registers of the walk begin at the one returned.
  func compileIterator(_ values: Expression) throws(Diagnostic) -> Register {
    let iterator = newRegisters(3)
    try temporarily { () throws(Diagnostic) in
      let value = try operand(values)
      let outer = span
      span = values.span
      emit(.iterate(target: iterator, value))
      span = outer
    }
    return iterator
  }

  /// Emits the step of a loop to its next element.
  func emitNext(_ element: Register, _ iterator: Register, body: Int) {
    emit(.next(target: element, iterator: iterator, body: Int32(body - position)))
  }

  // MARK: - Assignment

  private func compileAssignment(_ targets: [Target], _ value: Expression) throws(Diagnostic) {
    if targets.count == 1, case .name(let name) = targets[0].kind, name != "_", value.writesLast,
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
      for (index, part) in values.enumerated() { try compile(part, into: first + index) }
      for (index, place) in places.enumerated() { try assign(place, from: first + index) }
      return
    }
    let register = newRegister()
    try compile(value, into: register)
    for target in targets { try assign(target, from: register) }
    emit(.release(register))
  }

  func assign(_ target: Target, from source: Register) throws(Diagnostic) {
    let outer = span
    span = target.span
    defer { span = outer }
    switch target.kind {
    case .name(let name): store(name, from: source)
    case .list(let parts):
      let first = newRegisters(parts.count)
      emit(.unpack(first: first, count: Int32(parts.count), source: source))
      for (index, part) in parts.enumerated() { try assign(part, from: first + index) }
    case .field, .index:
      let path = try compilePath(target)
      emitAssignment(path, from: source)
    }
  }

  /// A part of a variable, its index values computed into registers from `first` on.
  private struct Part {
    let root: String
    let steps: [PathStep]
    let first: Register

    /// Whether it is one element: `x[i]`.
    var isElement: Bool {
      guard steps.count == 1, case .index(let shapes) = steps[0], shapes.count == 1,
        case .value = shapes[0]
      else { return false }
      return true
    }
  }

  private func compilePath(_ target: Target) throws(Diagnostic) -> Part {
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
        return Part(root: name, steps: steps.reversed(), first: first)
      case .list:
        throw failure("a part of a list of names cannot be assigned to", at: place.span)
      }
    }
  }

  private func emitAssignment(_ part: Part, from source: Register) {
    let storage: Path.Storage
    let place: Int
    switch variable(part.root) {
    case .register(let register):
      requireValue(of: part.root, in: register)
      if part.isElement {
        emit(.setElement(register, index: part.first, value: source))
        return
      }
      (storage, place) = (.register, register.number)
    case .cell(let register): (storage, place) = (.cell, register.number)
    case .capture(let number): (storage, place) = (.capture, Int(number))
    case .global(let slot): (storage, place) = (.global, slot.number)
    }
    tables.paths.append(Path(storage: storage, place: place, steps: part.steps))
    let path = Int32(tables.paths.count - 1)
    emit(.assignPath(path: path, first: part.first, value: source))
  }

  private func compileAugmented(
    _ target: Target, _ operation: BinaryOperator, _ value: Expression
  ) throws(Diagnostic) {
    guard case .name(let name) = target.kind else {
      return try compileAugmentedPart(target, operation, value)
    }
    guard owns(name) else {
      throw failure(
        "\(name) belongs to the code around this function", at: target.span,
        ["Write nonlocal \(name) first to change it."])
    }
    if name != "_", case .register(let register) = variable(name),
      !isGlobal(register) || !value.mayRunCode
    {
      requireValue(of: name, in: register)
      try compileBinary(operation, into: register, register, value)
      assigned.insert(name)
      return
    }
    let left = newRegister()
    load(name, into: left)
    try compileBinary(operation, into: left, left, value)
    store(name, from: left)
    emit(.release(left))
  }

  private func compileAugmentedPart(
    _ target: Target, _ operation: BinaryOperator, _ value: Expression
  ) throws(Diagnostic) {
    let part = try compilePath(target)
    let current = newRegister()
    var base = current
    if case .register(let register) = variable(part.root) {
      requireValue(of: part.root, in: register)
      base = register
    } else {
      load(part.root, into: current)
    }
    var first = part.first
    for step in part.steps {
      switch step {
      case .field(let name):
        emit(.field(target: current, base: base, name: nameIndex(name)))
      case .index(let shapes):
        emitIndex(
          into: current, base, shapes, first, spans: shapes.map { _ in target.span })
        first = first + step.registerCount
      }
      base = current
    }
    try compileBinary(operation, into: current, current, value)
    emitAssignment(part, from: current)
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
      try compile(part, into: first + index)
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
      try compile(draw.generator, into: first + 1 + index)
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
