import Autodiff
import Diagnostics
import Syntax
import Tensors

/// The steps that are too long for the loop: each is one instruction on values of any kind.
extension Machine {
  /// What the instructions of the innermost call refer to by number.
  var tables: Prototype.Tables {
    frame.pointee.function._withUnsafeGuaranteedRef { $0.prototype.tables }
  }

  /// Looks at interrupts and limits.
  ///
  /// - Returns: steps until the next look.
  @inline(never)
  func polled() throws -> Int {
    try context.poll()
    return Self.stepsBetweenPolls
  }

  // MARK: - Variables

  @inline(never)
  func loadGlobal(_ slot: Register, into target: Registers) throws {
    let value = stack.base[slot]
    if case .undefined = value { throw unknownName(globals.names[slot.number]) }
    target.pointee = value
  }

  func captured(_ index: Int32) -> Cell {
    frame.pointee.function._withUnsafeGuaranteedRef { $0.cells[Int(index)] }
  }

  func missingValue(_ name: Int32) -> Failure {
    let name = tables.names[Int(name)]
    if frame.pointee.entry.pointee.firstRegister > 0 { return unknownName(name) }
    return Failure("\(name) has no value yet", ["It gets one later in this function."])
  }

  @inline(never)
  func closure(_ index: Int32, _ defaults: [Value], _ registers: Registers) -> Value {
    let prototype = tables.prototypes[Int(index)]
    let cells = prototype.captures.map { capture -> Cell in
      switch capture {
      case .register(let register):
        if case .cell(let cell) = registers[register] { return cell }
        return Cell(registers[register])
      case .capture(let index): return captured(Int32(index))
      }
    }
    return .function(Function(prototype, cells: cells, defaults: defaults))
  }

  // MARK: - Values

  @inline(never)
  func combine(
    _ operation: BinaryOperator, _ left: Value, _ right: Value, into target: Registers
  ) throws {
    try context.poll()
    if let variable = Arithmetic.followed(operation, left, right) {
      target.pointee = .traced(variable)
    } else if let tensor = Arithmetic.plain(operation, left, right) {
      let count = tensor.count
      target.pointee = .tensor(tensor)
      if count > Memory.noteworthy { try context.weigh() }
    } else {
      try keep(
        Arithmetic.binary(operation, left, right, notice: context.notice), in: target)
    }
  }

  /// The operation in the memory of an operand that nobody reads later, where there is one.
  @inline(never)
  func combine(
    _ operation: BinaryOperator, _ left: Registers, _ right: Registers, into target: Registers,
    at instruction: UnsafePointer<Instruction>
  ) throws {
    // A variable keeps its value where a long operation is interrupted.
    let spent = left == target ? left.isQuicklyChanged ? .left : [] : spent(at: instruction)
    if spent.contains(.left), left.combine(operation, right.pointee) {
      try context.poll()
      if left != target { target.pointee = left.take() }
    } else if spent.contains(.right), right.combine(operation, from: left.pointee) {
      try context.poll()
      target.pointee = right.take()
    } else {
      try combine(operation, left.pointee, right.pointee, into: target)
    }
  }

  /// The operation with a number on the right.
  @inline(never)
  func combine(
    _ operation: BinaryOperator, _ left: Registers, number: Double, into target: Registers,
    at instruction: UnsafePointer<Instruction>
  ) throws {
    var right = Value.number(number)
    try combine(operation, left, &right, into: target, at: instruction)
  }

  /// The operation with a number on the left.
  @inline(never)
  func combine(
    _ operation: BinaryOperator, number: Double, _ right: Registers, into target: Registers,
    at instruction: UnsafePointer<Instruction>
  ) throws {
    var left = Value.number(number)
    try combine(operation, &left, right, into: target, at: instruction)
  }

  private func spent(at instruction: UnsafePointer<Instruction>) -> Spent {
    let entry = frame.pointee.entry.pointee
    return entry.spent[instruction - entry.code]
  }

  /// `a * b` and then another operation.
  @inline(never)
  func combine(
    product a: Registers, _ b: Registers, _ operation: BinaryOperator, _ c: Registers,
    into target: Registers
  ) throws {
    let form: Tensor.ProductSum = operation == .add ? .plus : .minus
    if try fuse(form, a.pointee, b.pointee, c.pointee, into: target) { return }
    var product = try product(a.pointee, b.pointee)
    if withUnsafeMutablePointer(to: &product, { $0.combine(operation, c.pointee) }) {
      try context.poll()
      target.pointee = product
    } else {
      try combine(operation, product, c.pointee, into: target)
    }
  }

  /// An operation whose right side is `a * b`.
  @inline(never)
  func combine(
    _ c: Registers, _ operation: BinaryOperator, product a: Registers, _ b: Registers,
    into target: Registers
  ) throws {
    let form: Tensor.ProductSum = operation == .add ? .plus : .from
    if try fuse(form, a.pointee, b.pointee, c.pointee, into: target) { return }
    var product = try product(a.pointee, b.pointee)
    if withUnsafeMutablePointer(to: &product, { $0.combine(operation, from: c.pointee) }) {
      try context.poll()
      target.pointee = product
    } else {
      try combine(operation, c.pointee, product, into: target)
    }
  }

  /// A product and a sum in one pass; false where operands are not as simple as that.
  private func fuse(
    _ form: Tensor.ProductSum, _ a: Value, _ b: Value, _ c: Value, into target: Registers
  ) throws -> Bool {
    func simple(_ value: Value) -> Tensor? {
      switch value {
      case .number(let number): Tensor(number)
      case .tensor(let box): box.tensor
      default: nil
      }
    }
    guard case .tensor(let box) = c, let a = simple(a), let b = simple(b),
      a.rank + b.rank > 0, let sum = Tensor.productSum(form, a, b, box.tensor)
    else { return false }
    try context.poll()
    target.pointee = .tensor(sum)
    if sum.count > Memory.noteworthy { try context.weigh() }
    return true
  }

  private func product(_ a: Value, _ b: Value) throws -> Value {
    if let variable = Arithmetic.followed(.multiply, a, b) { return .traced(variable) }
    do {
      return try accounted(Arithmetic.binary(.multiply, a, b, notice: context.notice))
    } catch {
      var failure = Failure(explaining: error)
      failure.focus = .product
      throw failure
    }
  }

  @inline(never)
  func holds(_ relation: Comparison, _ left: Value, _ right: Value) throws -> Bool {
    try Comparing.truth(Comparing.compare(relation, left, right))
  }

  /// Puts a fresh value into a register, unless the program is to stop: then a kernel may have been
  /// told so, and the value means nothing.
  @inline(__always)
  private func keep(_ value: Value, in target: Registers) throws {
    try context.poll()
    target.pointee = try accounted(value)
  }

  @inline(never)
  func negate(
    _ operand: Registers, into target: Registers, at instruction: UnsafePointer<Instruction>
  ) throws {
    if spent(at: instruction).contains(.left), operand.combine(.multiply, .number(-1)) {
      try context.poll()
      target.pointee = operand.take()
    } else {
      try keep(Arithmetic.negated(operand.pointee), in: target)
    }
  }

  @inline(never)
  func not(_ operand: Value, into target: Registers) throws {
    try keep(Comparing.not(operand), in: target)
  }

  @inline(never)
  func compare(
    _ relation: Comparison, _ left: Value, _ right: Value, into target: Registers
  ) throws {
    try keep(Comparing.compare(relation, left, right), in: target)
  }

  @inline(never)
  func combineTruths(
    isAnd: Bool, _ left: Value, _ right: Value, into target: Registers
  ) throws {
    try keep(Comparing.logical(isAnd: isAnd, left, right), in: target)
  }

  /// A fresh value, once it is known that neither it nor all values together take too much.
  private func accounted(_ value: Value) throws -> Value {
    switch value {
    case .list, .record: return try value.admitted()
    case .tensor(let box) where box.count > Memory.noteworthy: try context.weigh()
    default: break
    }
    return value
  }

  static func range(_ start: Value, _ stop: Value, _ step: Value) throws -> Value {
    func whole(_ value: Value) throws -> Double {
      guard !value.isFollowed else {
        throw Failure(
          "a range cannot be differentiated", ["stop_gradient(x) makes a constant of x."])
      }
      guard case .number(let number) = value.untraced, number == number.rounded() else {
        throw Failure(
          "the ends of a range are whole numbers", ["Here is \(Formatting.inline(value))."])
      }
      return number
    }
    let (start, stop, step) = (try whole(start), try whole(stop), try whole(step))
    guard step != 0 else { throw Failure("the step of a range cannot be 0") }
    return .range(RangeBox(start: start, stop: stop, step: step))
  }

  @inline(never)
  func interpolate(_ index: Int32, _ values: Registers, into target: Registers) throws {
    var texts: [String] = []
    var number = 0
    for part in tables.strings[Int(index)] {
      switch part {
      case .text(let plain): texts.append(plain)
      case .value(let format, _):
        texts.append(
          try Formatting.formatted(values[number], format, precision: context.precision))
        number += 1
      }
    }
    target.pointee = .text(try Text.joined(texts))
  }

  // MARK: - Parts of values

  @inline(never)
  func index(
    _ shape: Int32, of base: Registers, _ operands: Registers, into target: Registers
  ) throws {
    target.pointee = try Indexing.value(
      of: base.pointee, tables.indices[Int(shape)], operands)
  }

  @inline(never)
  func setElement(_ place: Registers, _ index: Registers, _ value: Value) throws {
    try Indexing.assign(value, into: &place.pointee, [.index([.value])], index)
    _ = try place.pointee.admitted()
  }

  @inline(never)
  func assign(
    _ value: Value, _ path: Int32, _ registers: Registers, _ operands: Registers
  ) throws {
    let path = tables.paths[Int(path)]
    let steps = path.steps[...]
    switch path.storage {
    case .register:
      try Indexing.assign(value, into: &registers[path.place], steps, operands)
      _ = try registers[path.place].admitted()
    case .cell:
      guard case .cell(let box) = registers[path.place] else { return }
      try Indexing.assign(value, into: &box.value, steps, operands)
      _ = try box.value.admitted()
    case .capture:
      let cell = captured(Int32(path.place))
      try Indexing.assign(value, into: &cell.value, steps, operands)
      _ = try cell.value.admitted()
    case .global:
      let global = stack.base + path.place
      if case .undefined = global.pointee { throw unknownName(globals.names[path.place]) }
      try Indexing.assign(value, into: &global.pointee, steps, operands)
      _ = try global.pointee.admitted()
    }
  }

  // MARK: - Going through values

  /// Where whole numbers are no longer exact, a range is not gone through by adding its step.
  private static let exact = 9e15

  /// Prepares going through `value`: a range becomes its next number, how many are left, and its
  /// step; anything else an iterator.
  @inline(never)
  func iterate(_ value: Value, into state: Registers) throws {
    if case .range(let range) = value, abs(range.start) < Self.exact, abs(range.stop) < Self.exact {
      state.store(range.start)
      (state + 1).store(Double(range.count))
      (state + 2).store(range.step)
    } else {
      state.pointee = .object(try Iterator(value))
    }
  }

  /// Takes the next element of an iterator; false when there is none.
  @inline(never)
  func advance(_ state: Registers, into target: Registers) throws -> Bool {
    guard case .object = state.pointee else { return false }
    let value = try state.unretained(as: Iterator.self)._withUnsafeGuaranteedRef { try $0.next() }
    guard let value else {
      state.pointee = .undefined
      return false
    }
    target.pointee = value
    return true
  }

  // MARK: - Calls

  /// Begins a call of a function whose arguments have to be brought into order first.
  @inline(never)
  func pushBound(
    _ callee: Registers, _ window: Registers, count: Int, names: [String?], target: Register
  ) throws {
    guard case .function(let function) = callee.pointee else { return }
    let bound = try Self.bind(function, window.take(count), names)
    guard window + bound.count <= stack.end else { throw Self.tooDeep }
    for (index, value) in bound.enumerated() { window[index] = value }
    try push(function, window, target: target)
  }

  /// Calls what is no function of the program: a builtin, a model, a loss.
  @inline(never)
  func callOther(_ callee: Registers, _ window: Registers, count: Int, into target: Registers)
    throws
  {
    if case .builtin(let builtin) = callee.pointee {
      try keep(builtin.call(taking: count, from: window, machine: self), in: target)
    } else {
      try keep(call(callee.pointee, window.take(count)), in: target)
    }
  }

  /// Calls with some arguments given by name.
  @inline(never)
  func callNamed(_ callee: Registers, _ window: Registers, target: Register) throws {
    let frame = frame.pointee
    let index = frame.next - frame.entry.pointee.code - 1
    guard let site = tables.calls[index] else { return }
    switch callee.pointee {
    case .function:
      try pushBound(callee, window, count: site.names.count, names: site.names, target: target)
    case .builtin(let builtin):
      let arguments = window.take(site.names.count)
      try keep(
        builtin.call(arguments, site: site, machine: self), in: frame.registers.at(target))
    default:
      let arguments = window.take(site.names.count)
      try keep(
        call(callee.pointee, arguments, names: site.names), in: frame.registers.at(target))
    }
  }

  // MARK: - Checks

  @inline(never)
  func check(_ index: Int32, _ first: Registers) throws {
    let site = tables.checks[Int(index)]
    let count = max(1, site.relations.count + 1)
    let extras = (site.hasMessage ? 1 : 0) + (site.hasTolerance ? 1 : 0)
    try Checking.run(site, first.take(count + extras), in: context)
  }

  @inline(never)
  func derive(_ index: Int32, _ first: Registers) throws {
    let site = tables.derivations[Int(index)]
    let values = first.take(1 + site.derivation.draws.count)
    try DerivationRunner(site: site, machine: self).run(
      chain: values[0], generators: Array(values.dropFirst()))
  }
}
