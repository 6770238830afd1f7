import Diagnostics
import Syntax

/// Turns a syntax tree into instructions for the machine: one compiler a function.
///
/// Parameters and local variables have a register each; temporaries stand above them like a stack.
/// A variable that an inner function uses lives in a cell, which its register holds.
final class Compiler {
  let source: Source
  let globals: GlobalNames
  let parent: Compiler?
  let isTopLevel: Bool

  private var code: [Instruction] = []
  private var spans: [Span] = []
  var tables = Prototype.Tables()
  private var numberConstants: [UInt64: Int32] = [:]
  private var nameIndices: [String: Int32] = [:]

  private var locals: [String: Variable] = [:]
  private var outerNames: Set<String> = []
  /// The variables of the comprehensions being compiled, innermost last.
  var comprehensions: [[String: Variable]] = []
  private var captures: [(name: String, origin: Prototype.Capture)] = []
  /// Local variables that certainly have a value at this point.
  var assigned: Set<String> = []

  private var nextRegister: Int32 = 0
  private var highestRegister: Int32 = 0
  var loops: [Loop] = []
  var span: Span

  /// Where a variable is found.
  enum Variable {
    case register(Int32)
    case cell(Int32)
    case capture(Int32)
    case global(Int32)
  }

  /// The jumps of a loop that wait for their target.
  struct Loop {
    let start: Int32
    var exits: [Int] = []
  }

  private init(source: Source, globals: GlobalNames, parent: Compiler?, span: Span) {
    self.source = source
    self.globals = globals
    self.parent = parent
    self.span = span
    isTopLevel = parent == nil
  }

  /// Compiles a file or cell; running it gives the value of its last statement.
  static func compile(_ program: Program, globals: GlobalNames) throws(Diagnostic) -> Prototype {
    let span = Span(0, program.source.bytes.count)
    let compiler = Compiler(source: program.source, globals: globals, parent: nil, span: span)
    let result = compiler.newRegister()
    try compiler.compile(Block(statements: program.statements), into: result)
    compiler.emit(.finish(result))
    return compiler.prototype(name: "", parameters: [])
  }

  /// Compiles a function inside the one this compiler works on.
  func compile(function literal: FunctionLiteral) throws(Diagnostic) -> Prototype {
    let inner = Compiler(source: source, globals: globals, parent: self, span: literal.span)
    let analysis = ScopeAnalysis(literal)
    inner.outerNames = analysis.outer
    for parameter in literal.parameters {
      inner.declare(parameter.name, isCaptured: analysis.usedInside.contains(parameter.name))
      inner.assigned.insert(parameter.name)
    }
    let others = analysis.locals.subtracting(literal.parameters.map(\.name))
    for name in others.sorted() where name != "_" {
      inner.declare(name, isCaptured: analysis.usedInside.contains(name))
    }
    let result = inner.newRegister()
    try inner.compile(literal.body, into: result)
    inner.emit(.finish(result))
    return inner.prototype(
      name: literal.name ?? "a lambda", parameters: literal.parameters.map(\.name))
  }

  private func prototype(name: String, parameters: [String]) -> Prototype {
    Prototype(
      name: name, parameters: parameters, source: source, span: span, code: code, spans: spans,
      tables: tables, registerCount: Int(highestRegister), captures: captures.map(\.origin))
  }

  // MARK: - Emitting

  var position: Int { code.count }

  func emit(_ instruction: Instruction) {
    code.append(instruction)
    spans.append(span)
  }

  /// Fills in the target of a jump emitted earlier.
  func patch(_ index: Int, to target: Int? = nil) {
    let target = Int32(target ?? code.count)
    switch code[index] {
    case .jump: code[index] = .jump(target)
    case .jumpIfFalse(let register, _):
      code[index] = .jumpIfFalse(register, target: target)
    case .decide(let isAnd, let result, let left, _):
      code[index] = .decide(isAnd: isAnd, target: result, left, jump: target)
    case .next(let register, let iterator, _):
      code[index] = .next(target: register, iterator: iterator, end: target)
    default: preconditionFailure("only jumps are patched")
    }
  }

  func constant(_ value: Value) -> Int32 {
    if case .number(let number) = value {
      if let index = numberConstants[number.bitPattern] { return index }
      numberConstants[number.bitPattern] = Int32(tables.constants.count)
    }
    tables.constants.append(value)
    return Int32(tables.constants.count - 1)
  }

  func nameIndex(_ name: String) -> Int32 {
    if let index = nameIndices[name] { return index }
    tables.names.append(name)
    nameIndices[name] = Int32(tables.names.count - 1)
    return Int32(tables.names.count - 1)
  }

  // MARK: - Registers

  func newRegister() -> Int32 {
    nextRegister += 1
    highestRegister = max(highestRegister, nextRegister)
    return nextRegister - 1
  }

  /// Consecutive registers; the first of them.
  func newRegisters(_ count: Int) -> Int32 {
    let first = nextRegister
    nextRegister += Int32(count)
    highestRegister = max(highestRegister, nextRegister)
    return first
  }

  /// Runs `body` and gives back the temporaries it took.
  func temporarily<T>(_ body: () throws(Diagnostic) -> T) throws(Diagnostic) -> T {
    let mark = nextRegister
    defer { nextRegister = mark }
    return try body()
  }

  // MARK: - Variables

  private func declare(_ name: String, isCaptured: Bool) {
    let register = newRegister()
    locals[name] = isCaptured ? .cell(register) : .register(register)
    if isCaptured { emit(.makeCell(register)) }
  }

  /// A variable of a comprehension: its own, whatever stands around it.
  func comprehensionVariable(isCaptured: Bool) -> Variable {
    let register = newRegister()
    guard isCaptured else { return .register(register) }
    emit(.makeCell(register))
    return .cell(register)
  }

  func variable(_ name: String) -> Variable {
    for scope in comprehensions.reversed() {
      if let found = scope[name] { return found }
    }
    if let found = locals[name] { return found }
    if let index = capture(name) { return .capture(index) }
    return .global(Int32(globals.slot(of: name)))
  }

  /// Whether the name is this function's to change.
  func owns(_ name: String) -> Bool {
    isTopLevel || locals[name] != nil || outerNames.contains(name) || isComprehensionVariable(name)
  }

  private func capture(_ name: String) -> Int32? {
    if let index = captures.firstIndex(where: { $0.name == name }) { return Int32(index) }
    guard let parent else { return nil }
    switch parent.variable(name) {
    case .cell(let register): captures.append((name, .register(Int(register))))
    case .capture(let index): captures.append((name, .capture(Int(index))))
    case .register, .global: return nil
    }
    return Int32(captures.count - 1)
  }

  /// Emits a read of a variable into `target`.
  func load(_ name: String, into target: Int32) {
    switch variable(name) {
    case .register(let register):
      requireValue(of: name, in: register)
      if register != target { emit(.move(target: target, source: register)) }
    case .cell(let register):
      emit(.cell(target: target, cell: register))
      requireValue(of: name, in: target)
    case .capture(let index):
      emit(.capture(target: target, index: index))
      emit(.defined(target, name: nameIndex(name)))
    case .global(let slot): emit(.global(target: target, slot: slot))
    }
  }

  private func requireValue(of name: String, in register: Int32) {
    guard !isComprehensionVariable(name), !assigned.contains(name) else { return }
    emit(.defined(register, name: nameIndex(name)))
  }

  func store(_ name: String, from source: Int32) {
    guard name != "_" else { return }
    switch variable(name) {
    case .register(let register):
      if register != source { emit(.move(target: register, source: source)) }
    case .cell(let register): emit(.setCell(cell: register, source: source))
    case .capture(let index): emit(.setCapture(index: index, source: source))
    case .global(let slot): emit(.setGlobal(slot: slot, source: source))
    }
    if !isComprehensionVariable(name) { assigned.insert(name) }
  }

  /// The register of a local variable that surely has a value, so that it needs no copy.
  func register(of expression: Expression) -> Int32? {
    guard case .name(let name) = expression.ungrouped.kind,
      case .register(let register) = variable(name)
    else { return nil }
    return isComprehensionVariable(name) || assigned.contains(name) ? register : nil
  }

  private func isComprehensionVariable(_ name: String) -> Bool {
    comprehensions.contains { $0[name] != nil }
  }

  func failure(_ message: String, at span: Span, _ details: [String] = []) -> Diagnostic {
    Diagnostic(message, source: source, span: span, details: details)
  }
}
