import Diagnostics
import Syntax

/// Turns a syntax tree into instructions for the machine: one compiler a function.
///
/// Parameters and local variables have a register each; temporaries stand above them like a stack.
/// A variable that an inner function uses lives in a cell, which its register holds. The variables
/// of a cell of code are the global ones, and these are the first registers of all.
final class Compiler {
  let source: Source
  let globals: GlobalNames
  /// Whether a global variable has a value before the cell runs.
  private let isDefined: (String) -> Bool
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

  private var nextRegister = Register(0)
  private var highestRegister = Register(0)
  private var firstRegister = Register(0)
  /// Local variables that are read where they may have no value yet.
  private var uncertain: Set<Register> = []
  var loops: [Loop] = []
  var span: Span

  /// Where a variable is found.
  enum Variable {
    case register(Register)
    case cell(Register)
    case capture(Int32)
    case global(Register)
  }

  /// The jumps of a loop that wait for their target.
  struct Loop {
    var exits: [Int] = []
    var continuations: [Int] = []
  }

  private init(
    source: Source, globals: GlobalNames, isDefined: @escaping (String) -> Bool, parent: Compiler?,
    span: Span
  ) {
    self.source = source
    self.globals = globals
    self.isDefined = isDefined
    self.parent = parent
    self.span = span
    isTopLevel = parent == nil
  }

  /// Compiles a file or cell; running it gives the value of its last statement.
  static func compile(_ program: Program, for machine: Machine) throws(Diagnostic) -> Prototype {
    let compiler = Compiler(
      source: program.source, globals: machine.globals,
      isDefined: { [unowned machine] in machine.global($0) != nil }, parent: nil,
      span: Span(0, program.source.bytes.count))
    compiler.firstRegister = Register(RegisterStack.globals)
    compiler.nextRegister = compiler.firstRegister
    try compiler.compile(body: Block(statements: program.statements))
    return compiler.prototype(name: "", parameters: [])
  }

  /// Compiles a function inside the one this compiler works on.
  func compile(function literal: FunctionLiteral) throws(Diagnostic) -> Prototype {
    let inner = Compiler(
      source: source, globals: globals, isDefined: isDefined, parent: self, span: literal.span)
    let analysis = ScopeAnalysis(literal)
    inner.outerNames = analysis.outer
    for parameter in literal.parameters { inner.declareParameter(parameter.name) }
    for parameter in literal.parameters where analysis.usedInside.contains(parameter.name) {
      inner.share(parameter.name)
    }
    let others = analysis.locals.subtracting(literal.parameters.map(\.name))
    for name in others.sorted() where name != "_" {
      inner.declare(name, isCaptured: analysis.usedInside.contains(name))
    }
    try inner.compile(body: literal.body)
    return inner.prototype(
      name: literal.name ?? "a lambda", parameters: literal.parameters.map(\.name))
  }

  private func prototype(name: String, parameters: [String]) -> Prototype {
    Prototype(
      name: name, parameters: parameters, source: source, span: span, code: code, spans: spans,
      tables: tables,
      registers: firstRegister.number..<max(firstRegister, highestRegister).number,
      uncertain: uncertain.map(\.number), cells: cells, captures: captures.map(\.origin))
  }

  /// The registers of local variables that live in cells.
  private var cells: [Int] {
    locals.values.compactMap { if case .cell(let register) = $0 { register.number } else { nil } }
  }

  // MARK: - Emitting

  var position: Int { code.count }

  func emit(_ instruction: Instruction) {
    code.append(instruction)
    spans.append(span)
  }

  /// Lets a jump emitted earlier lead to `target`, or to the next instruction.
  func patch(_ index: Int, to target: Int? = nil) {
    let jump = Int32((target ?? code.count) - index)
    switch code[index] {
    case .jump: code[index] = .jump(jump)
    case .decide(let isAnd, let result, let left, _):
      code[index] = .decide(isAnd: isAnd, target: result, left, jump: jump)
    case .branch(let operand, let when, _):
      code[index] = .branch(operand, when: when, jump: jump)
    case .branchEqual(let left, let right, let when, _):
      code[index] = .branchEqual(left, right, when: when, jump: jump)
    case .branchNotEqual(let left, let right, let when, _):
      code[index] = .branchNotEqual(left, right, when: when, jump: jump)
    case .branchLess(let left, let right, let when, _):
      code[index] = .branchLess(left, right, when: when, jump: jump)
    case .branchLessOrEqual(let left, let right, let when, _):
      code[index] = .branchLessOrEqual(left, right, when: when, jump: jump)
    case .branchGreater(let left, let right, let when, _):
      code[index] = .branchGreater(left, right, when: when, jump: jump)
    case .branchGreaterOrEqual(let left, let right, let when, _):
      code[index] = .branchGreaterOrEqual(left, right, when: when, jump: jump)
    case .branchEqualNumber(let left, let number, let when, _):
      code[index] = .branchEqualNumber(left, number, when: when, jump: jump)
    case .branchNotEqualNumber(let left, let number, let when, _):
      code[index] = .branchNotEqualNumber(left, number, when: when, jump: jump)
    case .branchLessNumber(let left, let number, let when, _):
      code[index] = .branchLessNumber(left, number, when: when, jump: jump)
    case .branchLessOrEqualNumber(let left, let number, let when, _):
      code[index] = .branchLessOrEqualNumber(left, number, when: when, jump: jump)
    case .branchGreaterNumber(let left, let number, let when, _):
      code[index] = .branchGreaterNumber(left, number, when: when, jump: jump)
    case .branchGreaterOrEqualNumber(let left, let number, let when, _):
      code[index] = .branchGreaterOrEqualNumber(left, number, when: when, jump: jump)
    default: preconditionFailure("only jumps are patched")
    }
  }

  /// Emits a jump back to `start`, where interrupts and limits are looked at.
  func emitLoop(to start: Int) { emit(.loop(Int32(start - position))) }

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

  func newRegister() -> Register {
    nextRegister = nextRegister + 1
    highestRegister = max(highestRegister, nextRegister)
    return nextRegister + -1
  }

  /// Consecutive registers; the first of them.
  func newRegisters(_ count: Int) -> Register {
    let first = nextRegister
    nextRegister = nextRegister + count
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

  private func declareParameter(_ name: String) {
    locals[name] = .register(newRegister())
    assigned.insert(name)
  }

  /// Puts a parameter into a cell, so that inner functions can share it.
  private func share(_ name: String) {
    guard case .register(let register) = locals[name] else { return }
    locals[name] = .cell(register)
    emit(.wrapInCell(register))
  }

  private func declare(_ name: String, isCaptured: Bool) {
    let register = newRegister()
    locals[name] = isCaptured ? .cell(register) : .register(register)
    if isCaptured { emit(.newCell(register)) }
  }

  /// A variable of a comprehension that functions inside it share.
  func sharedVariable() -> Variable {
    let register = newRegister()
    emit(.newCell(register))
    return .cell(register)
  }

  func variable(_ name: String) -> Variable {
    for scope in comprehensions.reversed() {
      if let found = scope[name] { return found }
    }
    if let found = locals[name] { return found }
    if let index = capture(name) { return .capture(index) }
    let slot = Register(globals.slot(of: name))
    return isTopLevel ? .register(slot) : .global(slot)
  }

  /// Whether the name is this function's to change.
  func owns(_ name: String) -> Bool {
    isTopLevel || locals[name] != nil || outerNames.contains(name) || isComprehensionVariable(name)
  }

  private func capture(_ name: String) -> Int32? {
    if let index = captures.firstIndex(where: { $0.name == name }) { return Int32(index) }
    guard let parent else { return nil }
    switch parent.variable(name) {
    case .cell(let register): captures.append((name, .register(register.number)))
    case .capture(let index): captures.append((name, .capture(Int(index))))
    case .register, .global: return nil
    }
    return Int32(captures.count - 1)
  }

  /// Emits a read of a variable into `target`.
  func load(_ name: String, into target: Register) {
    switch variable(name) {
    case .register(let register):
      requireValue(of: name, in: register)
      if register != target { emit(.move(target: target, source: register)) }
    case .cell(let register):
      emit(.cell(target: target, cell: register))
      // The cell begins without a value by itself; the target may be another variable's register.
      if !surelyHasValue(name) { emit(.defined(target, name: nameIndex(name))) }
    case .capture(let index):
      emit(.capture(target: target, index: index))
      emit(.defined(target, name: nameIndex(name)))
    case .global(let slot): emit(.global(target: target, slot: slot))
    }
  }

  /// Emits a test that a variable has a value, where it may have none.
  func requireValue(of name: String, in register: Register) {
    guard !surelyHasValue(name) else { return }
    if !isTopLevel { uncertain.insert(register) }
    emit(.defined(register, name: nameIndex(name)))
  }

  private func surelyHasValue(_ name: String) -> Bool {
    isComprehensionVariable(name) || assigned.contains(name) || isTopLevel && isDefined(name)
  }

  func store(_ name: String, from source: Register) {
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

  /// The register of a variable that surely has a value, so that it needs no copy.
  func register(of expression: Expression) -> Register? {
    guard case .name(let name) = expression.ungrouped.kind,
      case .register(let register) = variable(name)
    else { return nil }
    return surelyHasValue(name) ? register : nil
  }

  /// Whether a register is a global variable's: functions called meanwhile may change it.
  func isGlobal(_ register: Register) -> Bool { isTopLevel && register < firstRegister }

  private func isComprehensionVariable(_ name: String) -> Bool {
    comprehensions.contains { $0[name] != nil }
  }

  func failure(_ message: String, at span: Span, _ details: [String] = []) -> Diagnostic {
    Diagnostic(message, source: source, span: span, details: details)
  }
}
