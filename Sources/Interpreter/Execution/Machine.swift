import Autodiff
import Diagnostics
import MetricLearning
import Syntax
import Tensors

/// Runs compiled programs: one loop over instructions, with the calls under way on its own stack.
///
/// Only a builtin that calls back (`map`, `grad`) makes the loop run inside itself.
package final class Machine {
  let context: Context
  let globals = GlobalNames()
  let stack = RegisterStack()
  private let frames: UnsafeMutablePointer<CallFrame>
  /// The innermost call under way; the first frame of all belongs to none.
  @exclusivity(unchecked) var frame: UnsafeMutablePointer<CallFrame>
  private let lastFrame: UnsafeMutablePointer<CallFrame>
  /// Times that a builtin under way has called back.
  private var nesting = 0
  /// The last operation, where every one is looked at for the first nan.
  var pendingStep: NumericStep?
  /// Functions that were replaced while they ran.
  private var replaced: [Function] = []
  /// How many slots of the global variables are prepared.
  private var globalCount = 0

  /// The most calls under way.
  static let deepestCall = 10_000
  /// The most builtins calling back into the program.
  ///
  /// Each takes native stack, of which a session's
  /// thread has `BigStack.size` bytes, some 50 kB a level.
  static let deepestNesting = 4_000
  /// Loops and calls between two looks at interrupts and limits: some microseconds.
  static let stepsBetweenPolls = 500

  init(context: Context) {
    self.context = context
    frames = .allocate(capacity: Self.deepestCall + 1)
    frame = frames
    lastFrame = frames + Self.deepestCall
  }

  /// The definitions that belong to the program, in a machine of their own.
  private var ownLibrary: Library?

  func library() -> Library {
    if let ownLibrary { return ownLibrary }
    let library = Library(context: context)
    ownLibrary = library
    return library
  }

  deinit {
    for slot in 0..<globalCount { stack.base[slot] = .undefined }
    frames.deallocate()
    stack.deallocate()
  }

  /// Runs a cell and gives the value of its last statement.
  func run(_ prototype: Prototype) throws -> Value {
    guard frame == frames else { throw Failure("a cell cannot run inside another") }
    try prepareGlobals()
    defer { (replaced, pendingStep) = ([], nil) }
    return try invoke(Function(prototype, cells: [], defaults: []), [], at: stack.base)
  }

  // MARK: - Global variables

  /// The global variables in the order of their slots.
  var globalValues: [Value] {
    get { (0..<globalCount).map { stack.base[$0] } }
    set {
      for slot in 0..<globalCount {
        stack.base[slot] = slot < newValue.count ? newValue[slot] : .undefined
      }
    }
  }

  /// Makes room for every name known by now.
  ///
  /// - Throws: a `Failure` when there are more than the machine can have.
  private func prepareGlobals() throws {
    guard globals.names.count <= RegisterStack.globals else {
      throw Failure("a session has at most \(RegisterStack.globals) global variables")
    }
    while globalCount < globals.names.count {
      stack.base[globalCount] = .undefined
      globalCount += 1
    }
  }

  /// Sets a global variable.
  func define(_ name: String, _ value: Value) {
    let slot = globals.slot(of: name)
    guard (try? prepareGlobals()) != nil else { return }
    stack.base[slot] = value
  }

  /// The value of a global variable, nil where it has none.
  func global(_ name: String) -> Value? {
    guard let slot = globals.existingSlot(of: name), slot < globalCount else { return nil }
    if case .undefined = stack.base[slot] { return nil }
    return stack.base[slot]
  }

  /// Names of global variables that have a value.
  var definedNames: [String] { globals.names.filter { global($0) != nil } }

  /// Sets a global variable while functions run: one that is under way has to outlive its name.
  func setGlobal(_ slot: Register, to value: Value) {
    let place = stack.base.at(slot)
    if case .function(let function) = place.pointee, isRunning(function) {
      replaced.append(function)
    }
    place.pointee = value
  }

  private func isRunning(_ function: Function) -> Bool {
    let identity = Unmanaged.passUnretained(function).toOpaque()
    return callsUnderWay(above: frames).contains { $0.pointee.function.toOpaque() == identity }
  }

  /// The calls above another one, outermost first.
  private func callsUnderWay(
    above floor: UnsafeMutablePointer<CallFrame>
  ) -> [UnsafeMutablePointer<CallFrame>] {
    (0..<frame - floor).map { floor + 1 + $0 }
  }

  // MARK: - Calling

  /// Calls any callable value from outside the loop.
  func call(_ callee: Value, _ arguments: [Value], names: [String?] = []) throws -> Value {
    switch callee {
    case .function(let function):
      let plain = names.isEmpty && arguments.count == function.prototype.parameters.count
      return try invoke(function, plain ? arguments : Self.bind(function, arguments, names))
    case .builtin(let builtin): return try call(builtin, arguments, names)
    case .object(let object):
      guard let builtin = object.callable else { throw Self.notCallable(callee) }
      return try call(builtin, arguments, names)
    default: throw Self.notCallable(callee)
    }
  }

  /// Calls a builtin, which may call another one: derivatives of derivatives take native stack.
  private func call(
    _ builtin: BuiltinFunction, _ arguments: [Value], _ names: [String?]
  ) throws -> Value {
    try nest()
    defer { nesting -= 1 }
    return try builtin.call(arguments, names, machine: self)
  }

  /// Counts one more call from outside the loop, which takes native stack until it ends.
  private func nest() throws {
    guard nesting < Self.deepestNesting else { throw Self.tooDeep }
    try context.poll()
    nesting += 1
  }

  static func notCallable(_ value: Value) -> Failure {
    switch value {
    case .number, .single, .tensor, .traced, .range:
      Failure(
        "\(value.described) cannot be called", ["To multiply, write *."], at: .callee)
    default: Failure("\(value.described) cannot be called", at: .callee)
    }
  }

  /// Arguments in the order of the parameters, defaults filled in.
  static func bind(
    _ function: Function, _ arguments: [Value], _ names: [String?]
  ) throws -> [Value] {
    let parameters = function.prototype.parameters
    let required = parameters.count - function.defaults.count
    var bound = [Value](repeating: .undefined, count: parameters.count)
    let order = try ArgumentOrder(
      names: names, count: arguments.count, parameters: parameters, name: function.prototype.name,
      signature: function.signature)
    for (position, index) in order.parameters.enumerated() { bound[index] = arguments[position] }
    for index in bound.indices {
      guard case .undefined = bound[index] else { continue }
      guard index >= required else {
        throw Failure(
          "\(function.prototype.name) needs \(parameters[index])",
          ["Its call is \(function.signature)."])
      }
      bound[index] = function.defaults[index - required]
    }
    return bound
  }

  /// Runs a function from outside the loop, in a window above all calls under way.
  private func invoke(
    _ function: Function, _ arguments: [Value], at place: Registers? = nil
  ) throws -> Value {
    try nest()
    defer { nesting -= 1 }
    let window = place ?? windowEnd
    guard window + arguments.count <= stack.end else { throw Self.tooDeep }
    for (index, value) in arguments.enumerated() { window[index] = value }
    let floor = frame
    do {
      try push(function, window, target: Register(0))
    } catch {
      for index in arguments.indices { (window + index).clear() }
      throw error
    }
    return try withExtendedLifetime(function) { try execute(downTo: floor) }
  }

  /// The first register that no call under way uses.
  private var windowEnd: Registers {
    guard frame > frames else { return stack.base + RegisterStack.globals }
    return frame.pointee.registers + frame.pointee.entry.pointee.registerCount
  }

  static let tooDeep = Failure(
    "calls are nested too deep",
    ["A recursion needs a case that ends it. The limit is 10000 calls."])

  /// Begins a call whose arguments stand at the start of its window.
  @inline(__always)
  func push(_ function: Function, _ window: Registers, target: Register) throws {
    try push(Unmanaged.passUnretained(function), function.entry, window, target: target)
  }

  @inline(__always)
  func push(
    _ function: Unmanaged<Function>, _ entry: UnsafePointer<Prototype.Entry>, _ window: Registers,
    target: Register
  ) throws {
    guard frame < lastFrame, window + entry.pointee.registerCount <= stack.end else {
      throw Self.tooDeep
    }
    frame += 1
    frame.initialize(
      to: CallFrame(
        function: function, entry: entry, registers: window, next: entry.pointee.code,
        target: target))
    if entry.pointee.hasUncertain { clearUncertain(function, window) }
  }

  @inline(never)
  private func clearUncertain(_ function: Unmanaged<Function>, _ window: Registers) {
    for register in function._withUnsafeGuaranteedRef({ $0.prototype.uncertain }) {
      window[register] = .undefined
    }
  }

  /// Ends the innermost call and forgets what it held.
  @inline(__always)
  func pop() {
    let ended = frame
    frame -= 1
    if ended.pointee.entry.pointee.hasCells {
      let cells = cells(of: ended.pointee)
      clearRegisters(of: ended.pointee)
      Circles.free(cells)
    } else {
      clearRegisters(of: ended.pointee)
    }
  }

  @inline(__always)
  private func clearRegisters(of ended: CallFrame) {
    var register = ended.registers + ended.entry.pointee.firstRegister
    let end = ended.registers + ended.entry.pointee.registerCount
    while register < end {
      register.clear()
      register += 1
    }
  }

  /// The cells of an ending call, taken from their registers.
  @inline(never)
  private func cells(of ended: CallFrame) -> [Cell] {
    let registers = ended.function._withUnsafeGuaranteedRef { $0.prototype.cells }
    return registers.compactMap { register in
      guard case .cell(let cell) = (ended.registers + register).take() else { return nil }
      return cell
    }
  }

  // MARK: - Errors

  /// The error with its place and the calls under way, which end here.
  func located(
    _ error: any Error, downTo floor: UnsafeMutablePointer<CallFrame>
  ) -> any Error {
    defer { while frame > floor { pop() } }
    if var diagnostic = error as? Diagnostic {
      diagnostic.frames += callers(downTo: floor)
      return diagnostic
    }
    if error is Interruption { return error }
    let failure = Failure(explaining: error)
    let (prototype, index) = position(of: frame.pointee)
    return Diagnostic(
      failure.message, source: prototype.source,
      span: prototype.span(of: failure.focus, at: index), details: failure.details,
      frames: callers(downTo: floor))
  }

  /// The instruction a call stands at.
  private func position(of frame: CallFrame) -> (Prototype, index: Int) {
    let prototype = frame.function.takeUnretainedValue().prototype
    return (prototype, max(0, frame.next - prototype.code - 1))
  }

  /// The functions under way, innermost first, each with the place of its call.
  private func callers(downTo floor: UnsafeMutablePointer<CallFrame>) -> [Diagnostic.Frame] {
    callsUnderWay(above: floor).dropFirst().reversed().map { called in
      let (prototype, call) = position(of: (called - 1).pointee)
      return Diagnostic.Frame(
        function: position(of: called.pointee).0.name,
        place: DiagnosticRenderer.place(prototype.source, prototype.spans[call]))
    }
  }

  func unknownName(_ name: String) -> Failure { Wording.unknownName(name, among: definedNames) }
}

extension Prototype {
  /// The text that is to blame for what an instruction could not do.
  fileprivate func span(of focus: Failure.Focus, at index: Int) -> Span {
    guard index < count, index < spans.count else { return span }
    let whole = spans[index]
    func part(_ number: Int, of spans: [Span]) -> Span {
      spans.indices.contains(number) ? spans[number] : whole
    }
    if let site = tables.calls[index] {
      switch focus {
      case .argument(let number): return part(number, of: site.spans)
      case .argumentName(let number): return part(number, of: site.nameSpans)
      case .callee: return site.callee
      case .whole, .item, .generator, .product: return whole
      }
    }
    if case .product = focus { return tables.productSpans[index] ?? whole }
    switch (code[index], focus) {
    case (.index(_, _, _, let shape), .item(let number)):
      return part(number, of: tables.indexSpans[Int(shape)])
    case (.element, .item(let number)):
      return part(number, of: tables.elementSpans[index].map { [$0] } ?? [])
    case (.derive(let site, _), .generator(let number)):
      let draws = tables.derivations[Int(site)].derivation.draws
      return part(number, of: draws.map(\.generator.span))
    default: return whole
    }
  }
}
