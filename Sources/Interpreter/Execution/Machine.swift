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
  var globalValues: [Value] = []
  private var frames: [CallFrame] = []
  private var stack = RegisterStack()
  private var nested = 0

  /// The most calls under way.
  ///
  /// Each costs one frame and its registers.
  static let deepestCall = 10_000
  /// The most builtins calling back into the program.
  ///
  /// Each takes native stack, of which a session's
  /// thread has `BigStack.size` bytes, some 50 kB a level.
  static let deepestNesting = 4_000

  init(context: Context) { self.context = context }

  /// The definitions that belong to the program, in a machine of their own.
  private var ownLibrary: Library?

  func library() -> Library {
    if let ownLibrary { return ownLibrary }
    let library = Library(context: context)
    ownLibrary = library
    return library
  }

  deinit { stack.deallocate() }

  /// Runs a cell and gives the value of its last statement.
  func run(_ prototype: Prototype) throws -> Value {
    growGlobals()
    return try invoke(Function(prototype, cells: [], defaults: []), [])
  }

  func growGlobals() {
    while globalValues.count < globals.names.count { globalValues.append(.undefined) }
  }

  // MARK: - Calling

  /// Calls any callable value from outside the loop.
  func call(_ callee: Value, _ arguments: [Value], names: [String?] = []) throws -> Value {
    switch callee {
    case .function(let function):
      let bound = try Self.bind(function, arguments, names)
      return try invoke(function, bound)
    case .builtin(let builtin): return try builtin.call(arguments, names, machine: self)
    case .object(let object):
      guard let builtin = object.callable else { throw Self.notCallable(callee) }
      return try builtin.call(arguments, names, machine: self)
    default: throw Self.notCallable(callee)
    }
  }

  static func notCallable(_ value: Value) -> Failure {
    switch value {
    case .number, .tensor, .traced, .range:
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

  private func invoke(_ function: Function, _ arguments: [Value]) throws -> Value {
    guard nested < Self.deepestNesting else { throw Self.tooDeep }
    try context.poll()
    nested += 1
    defer { nested -= 1 }
    let depth = frames.count
    try push(function, result: 0)
    let registers = frames[depth].registers
    for (index, value) in arguments.enumerated() { registers[index] = value }
    return try execute(downTo: depth)
  }

  private static let tooDeep = Failure(
    "calls are nested too deep",
    ["A recursion needs a case that ends it. The limit is 10000 calls."])

  private func push(_ function: Function, result: Int) throws {
    guard frames.count < Self.deepestCall,
      let registers = stack.allocate(function.prototype.registerCount)
    else { throw Self.tooDeep }
    frames.append(CallFrame(function: function, registers: registers, position: 0, result: result))
  }

  private func pop() {
    guard let frame = frames.popLast() else { return }
    stack.release(frame.registers, count: frame.function.prototype.registerCount)
  }

  // MARK: - Errors

  /// The error with its place and the calls under way, which end here.
  private func located(_ error: any Error, at position: Int, downTo depth: Int) -> any Error {
    defer { while frames.count > depth { pop() } }
    if var diagnostic = error as? Diagnostic {
      diagnostic.frames += callers(downTo: depth)
      return diagnostic
    }
    if error is Interruption { return error }
    let failure = Failure(explaining: error)
    guard let frame = frames.last else { return failure }
    let prototype = frame.function.prototype
    let index = max(0, position - 1)
    return Diagnostic(
      failure.message, source: prototype.source,
      span: Self.span(of: failure.focus, in: prototype, at: index), details: failure.details,
      frames: callers(downTo: depth))
  }

  /// The text that is to blame for what an instruction could not do.
  private static func span(
    of focus: Failure.Focus, in prototype: Prototype, at index: Int
  ) -> Span {
    guard index < prototype.count, index < prototype.spans.count else { return prototype.span }
    let whole = prototype.spans[index]
    func part(_ number: Int, of spans: [Span]) -> Span {
      spans.indices.contains(number) ? spans[number] : whole
    }
    switch (prototype.code[index], focus) {
    case (.call(_, _, _, let site), .argument(let number)):
      return part(number, of: prototype.tables.calls[Int(site)].spans)
    case (.call(_, _, _, let site), .argumentName(let number)):
      return part(number, of: prototype.tables.calls[Int(site)].nameSpans)
    case (.call(_, _, _, let site), .callee): return prototype.tables.calls[Int(site)].callee
    case (.index(_, _, _, let shape), .item(let number)):
      return part(number, of: prototype.tables.indexSpans[Int(shape)])
    case (.derive(let site, _), .generator(let number)):
      let draws = prototype.tables.derivations[Int(site)].derivation.draws
      return part(number, of: draws.map(\.generator.span))
    default: return whole
    }
  }

  /// The functions under way, innermost first, each with the place of its call.
  private func callers(downTo depth: Int) -> [Diagnostic.Frame] {
    guard frames.count > depth + 1 else { return [] }
    return (depth + 1..<frames.count).reversed().map { index in
      let caller = frames[index - 1]
      let prototype = caller.function.prototype
      let span = prototype.spans[max(0, caller.position - 1)]
      return Diagnostic.Frame(
        function: frames[index].function.prototype.name,
        place: DiagnosticRenderer.place(prototype.source, span))
    }
  }

  // MARK: - The loop

  private func execute(downTo depth: Int) throws -> Value {
    var function = frames[frames.count - 1].function
    var registers = frames[frames.count - 1].registers
    var code = function.prototype.code
    var position = 0

    do {
      while true {
        let instruction = code[position]
        position += 1
        switch instruction {
        case .constant(let target, let index):
          registers[Int(target)] = function.prototype.tables.constants[Int(index)]
        case .move(let target, let source):
          registers[Int(target)] = registers[Int(source)]
        case .release(let register):
          registers[Int(register)] = .undefined
        case .global(let target, let slot):
          let value = globalValues[Int(slot)]
          if case .undefined = value { throw unknownName(globals.names[Int(slot)]) }
          registers[Int(target)] = value
        case .setGlobal(let slot, let source):
          globalValues[Int(slot)] = registers[Int(source)]
        case .makeCell(let register):
          let old = registers[Int(register)]
          if case .cell = old {
            registers[Int(register)] = .cell(Cell(.undefined))
          } else {
            registers[Int(register)] = .cell(Cell(old))
          }
        case .cell(let target, let cell):
          guard case .cell(let box) = registers[Int(cell)] else { continue }
          registers[Int(target)] = box.value
        case .setCell(let cell, let source):
          guard case .cell(let box) = registers[Int(cell)] else { continue }
          box.value = registers[Int(source)]
        case .capture(let target, let index):
          registers[Int(target)] = function.cells[Int(index)].value
        case .setCapture(let index, let source):
          function.cells[Int(index)].value = registers[Int(source)]
        case .defined(let register, let name):
          if case .undefined = registers[Int(register)] {
            let name = function.prototype.tables.names[Int(name)]
            throw Failure("\(name) has no value yet", ["It gets one later in this function."])
          }

        case .add(let target, let left, let right):
          if case .number(let a) = registers[Int(left)], case .number(let b) = registers[Int(right)]
          {
            registers[Int(target)] = .number(a + b)
          } else {
            registers[Int(target)] = try arithmetic(
              .add, registers[Int(left)], registers[Int(right)])
          }
        case .subtract(let target, let left, let right):
          if case .number(let a) = registers[Int(left)], case .number(let b) = registers[Int(right)]
          {
            registers[Int(target)] = .number(a - b)
          } else {
            registers[Int(target)] = try arithmetic(
              .subtract, registers[Int(left)], registers[Int(right)])
          }
        case .multiply(let target, let left, let right):
          if case .number(let a) = registers[Int(left)], case .number(let b) = registers[Int(right)]
          {
            registers[Int(target)] = .number(a * b)
          } else {
            registers[Int(target)] = try arithmetic(
              .multiply, registers[Int(left)], registers[Int(right)])
          }
        case .divide(let target, let left, let right):
          if case .number(let a) = registers[Int(left)], case .number(let b) = registers[Int(right)]
          {
            registers[Int(target)] = .number(a / b)
          } else {
            registers[Int(target)] = try arithmetic(
              .divide, registers[Int(left)], registers[Int(right)])
          }
        case .arithmetic(let operation, let target, let left, let right):
          registers[Int(target)] = try arithmetic(
            operation, registers[Int(left)], registers[Int(right)])
        case .compare(let relation, let target, let left, let right):
          registers[Int(target)] = try Comparing.compare(
            relation, registers[Int(left)], registers[Int(right)])
        case .negate(let target, let operand):
          if case .number(let number) = registers[Int(operand)] {
            registers[Int(target)] = .number(-number)
          } else {
            registers[Int(target)] = try Arithmetic.negated(registers[Int(operand)])
          }
        case .plus(let target, let operand):
          registers[Int(target)] = try Arithmetic.plus(registers[Int(operand)])
        case .not(let target, let operand):
          registers[Int(target)] = try Comparing.not(registers[Int(operand)])
        case .decide(let isAnd, let target, let operand, let jump):
          if case .bool(let truth) = registers[Int(operand)] {
            if truth != isAnd { position = Int(jump) }
          } else if let truth = try Comparing.axislessTruth(registers[Int(operand)]),
            truth != isAnd
          {
            registers[Int(target)] = .bool(truth)
            position = Int(jump)
          }
        case .logical(let isAnd, let target, let left, let right):
          registers[Int(target)] = try Comparing.logical(
            isAnd: isAnd, registers[Int(left)], registers[Int(right)])

        case .jump(let target): position = Int(target)
        case .loop(let target):
          position = Int(target)
          try context.poll()
        case .jumpIfFalse(let condition, let target):
          if case .bool(let truth) = registers[Int(condition)] {
            if !truth { position = Int(target) }
          } else if try !Comparing.truth(registers[Int(condition)]) {
            position = Int(target)
          }

        case .bracketed(let target, let first, let count):
          let values = take(registers, first, Int(count))
          registers[Int(target)] = try Value.bracketed(values).admitted()
        case .sequence(let target, let first, let count):
          registers[Int(target)] = try Value.list(take(registers, first, Int(count))).admitted()
        case .emptyList(let target):
          registers[Int(target)] = .list([])
        case .append(let list, let value):
          guard case .list(let box) = registers[Int(list)] else { continue }
          guard box.values.count < Extent.largest else { throw Extent.tooLarge }
          box.append(registers[Int(value)])
        case .pack(let list):
          guard case .list(let box) = registers[Int(list)] else { continue }
          registers[Int(list)] = try Value.bracketed(box.values).admitted()
        case .range(let target, let first, let hasStep):
          registers[Int(target)] = try Self.range(take(registers, first, hasStep ? 3 : 2))
        case .string(let target, let first, let parts):
          let parts = function.prototype.tables.strings[Int(parts)]
          registers[Int(target)] = try interpolated(parts, registers + Int(first))

        case .index(let target, let base, let first, let shape):
          let shapes = function.prototype.tables.indices[Int(shape)]
          registers[Int(target)] = try Indexing.value(
            of: registers[Int(base)], shapes, registers + Int(first))
        case .field(let target, let base, let name):
          registers[Int(target)] = try Fields.value(
            of: registers[Int(base)], function.prototype.tables.names[Int(name)])
        case .assignPath(let storage, let place, let path, let first, let value):
          let steps = function.prototype.tables.paths[Int(path)][...]
          let operands = registers + Int(first)
          let value = registers[Int(value)]
          switch storage {
          case .register:
            try Indexing.assign(value, into: &registers[Int(place)], steps, operands)
            _ = try registers[Int(place)].admitted()
          case .cell:
            guard case .cell(let box) = registers[Int(place)] else { continue }
            try Indexing.assign(value, into: &box.value, steps, operands)
            _ = try box.value.admitted()
          case .capture:
            let cell = function.cells[Int(place)]
            try Indexing.assign(value, into: &cell.value, steps, operands)
            _ = try cell.value.admitted()
          case .global:
            if case .undefined = globalValues[Int(place)] {
              throw unknownName(globals.names[Int(place)])
            }
            try Indexing.assign(value, into: &globalValues[Int(place)], steps, operands)
            _ = try globalValues[Int(place)].admitted()
          }
        case .unpack(let first, let count, let source):
          let values = try Iterating.parts(of: registers[Int(source)], count: Int(count))
          for (offset, value) in values.enumerated() { registers[Int(first) + offset] = value }

        case .iterate(let target, let source):
          registers[Int(target)] = .object(try Iterator(registers[Int(source)]))
        case .next(let target, let iterator, let end):
          guard case .object(let object) = registers[Int(iterator)],
            let iterator = object as? Iterator
          else { continue }
          if let value = try iterator.next() {
            if case .cell(let box) = registers[Int(target)] {
              box.value = value
            } else {
              registers[Int(target)] = value
            }
          } else {
            position = Int(end)
          }

        case .closure(let target, let index, let firstDefault, let defaults):
          let prototype = function.prototype.tables.prototypes[Int(index)]
          let cells = prototype.captures.map { capture -> Cell in
            switch capture {
            case .register(let register):
              if case .cell(let cell) = registers[register] { return cell }
              return Cell(registers[register])
            case .capture(let index): return function.cells[index]
            }
          }
          registers[Int(target)] = .function(
            Function(
              prototype, cells: cells, defaults: take(registers, firstDefault, Int(defaults))))

        case .call(let target, let callee, let first, let siteIndex):
          let site = function.prototype.tables.calls[Int(siteIndex)]
          try context.poll()
          guard case .function(let called) = registers[Int(callee)] else {
            frames[frames.count - 1].position = position
            let arguments = take(registers, first, site.names.count)
            registers[Int(target)] = try accounted(
              call(registers[Int(callee)], arguments, names: site.names))
            continue
          }
          frames[frames.count - 1].position = position
          let count = site.names.count
          if count == called.prototype.parameters.count, site.isPlain {
            try push(called, result: Int(target))
            let inner = frames[frames.count - 1].registers
            inner.update(from: registers + Int(first), count: count)
          } else {
            let bound = try Self.bind(called, take(registers, first, count), site.names)
            try push(called, result: Int(target))
            let inner = frames[frames.count - 1].registers
            for (index, value) in bound.enumerated() { inner[index] = value }
          }
          for index in 0..<count { registers[Int(first) + index] = .undefined }
          function = called
          registers = frames[frames.count - 1].registers
          code = function.prototype.code
          position = 0

        case .finish(let register):
          let value = registers[Int(register)]
          let result = frames[frames.count - 1].result
          pop()
          if frames.count == depth { return value }
          let caller = frames[frames.count - 1]
          function = caller.function
          registers = caller.registers
          code = function.prototype.code
          position = caller.position
          registers[result] = value

        case .check(let index, let first):
          let site = function.prototype.tables.checks[Int(index)]
          let count = max(1, site.relations.count + 1)
          let extras = (site.hasMessage ? 1 : 0) + (site.hasTolerance ? 1 : 0)
          let values = take(registers, first, count + extras)
          try Checking.run(site, values, in: context)
        case .derive(let index, let first):
          let site = function.prototype.tables.derivations[Int(index)]
          frames[frames.count - 1].position = position
          let values = take(registers, first, 1 + site.derivation.draws.count)
          try DerivationRunner(site: site, machine: self).run(
            chain: values[0], generators: Array(values.dropFirst()))
        }
      }
    } catch {
      throw located(error, at: position, downTo: depth)
    }
  }

  /// The values of consecutive temporaries, which lose them.
  private func take(
    _ registers: UnsafeMutablePointer<Value>, _ first: Int32, _ count: Int
  ) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      values.append(registers[Int(first) + index])
      registers[Int(first) + index] = .undefined
    }
    return values
  }

  private func arithmetic(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws -> Value {
    try accounted(Arithmetic.binary(operation, left, right, notice: context.notice))
  }

  /// A fresh value, once it is known that neither it nor all values together take too much.
  private func accounted(_ value: Value) throws -> Value {
    switch value {
    case .list, .record: return try value.admitted()
    case .tensor(let box) where box.tensor.count > Memory.noteworthy: try context.weigh()
    default: break
    }
    return value
  }

  private func unknownName(_ name: String) -> Failure {
    let known = zip(globals.names, globalValues).compactMap { name, value in
      if case .undefined = value { return nil as String? }
      return name
    }
    return Wording.unknownName(name, among: known)
  }

  static func range(_ values: [Value]) throws -> Value {
    let numbers = try values.map { value in
      guard case .number(let number) = value.untraced, number == number.rounded() else {
        throw Failure(
          "the ends of a range are whole numbers", ["Here is \(Formatting.inline(value))."])
      }
      return number
    }
    let step = numbers.count > 2 ? numbers[2] : 1
    guard step != 0 else { throw Failure("the step of a range cannot be 0") }
    return .range(RangeBox(start: numbers[0], stop: numbers[1], step: step))
  }

  private func interpolated(
    _ parts: [StringPart], _ values: UnsafeMutablePointer<Value>
  ) throws -> Value {
    var texts: [String] = []
    var index = 0
    for part in parts {
      switch part {
      case .text(let plain): texts.append(plain)
      case .value(let format, _):
        texts.append(try Formatting.formatted(values[index], format, precision: context.precision))
        index += 1
      }
    }
    return .text(try Text.joined(texts))
  }
}
