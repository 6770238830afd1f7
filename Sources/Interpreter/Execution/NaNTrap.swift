import Autodiff
import Syntax
import Tensors

extension Machine {
  /// Looks at an instruction about to run, and at what the one before it did.
  ///
  /// - Throws: a `Failure` if that made the first nan.
  @inline(never)
  func lookAt(_ instruction: UnsafePointer<Instruction>, _ registers: Registers) throws {
    if let step = pendingStep.take() { try step.check() }
    pendingStep = NumericStep(instruction.pointee, registers, self)
  }
}

/// An operation about to run, with what it runs on.
struct NumericStep {
  /// The operator as it is written, or the name of the function.
  private let operation: String
  private let operands: [Operand]
  private let result: Registers

  private struct Operand {
    let name: String
    let value: Value
  }

  /// The operation of an instruction; nil for one that makes no numbers of its own.
  init?(_ instruction: Instruction, _ registers: Registers, _ machine: Machine) {
    func pair(_ operation: String, _ target: Register, _ left: Value, _ right: Value) -> Self {
      Self(
        operation, [Operand(name: "left", value: left), Operand(name: "right", value: right)],
        registers.at(target))
    }
    switch instruction {
    case .add(let target, let a, let b): self = pair("+", target, registers[a], registers[b])
    case .increase(let place, let b): self = pair("+", place, registers[place], registers[b])
    case .subtract(let target, let a, let b): self = pair("-", target, registers[a], registers[b])
    case .multiply(let target, let a, let b): self = pair("*", target, registers[a], registers[b])
    case .divide(let target, let a, let b): self = pair("/", target, registers[a], registers[b])
    case .remainder(let target, let a, let b): self = pair("%", target, registers[a], registers[b])
    case .power(let target, let a, let b): self = pair("^", target, registers[a], registers[b])
    case .arithmetic(let operation, let target, let a, let b):
      self = pair(operation.rawValue, target, registers[a], registers[b])
    case .increaseByNumber(let place, let b):
      self = pair("+", place, registers[place], .number(Double(b)))
    case .addNumber(let target, let a, let b):
      self = pair("+", target, registers[a], .number(Double(b)))
    case .subtractNumber(let target, let a, let b):
      self = pair("-", target, registers[a], .number(Double(b)))
    case .multiplyNumber(let target, let a, let b):
      self = pair("*", target, registers[a], .number(Double(b)))
    case .divideNumber(let target, let a, let b):
      self = pair("/", target, registers[a], .number(Double(b)))
    case .numberTimes(let target, let a, let b):
      self = pair("*", target, .number(Double(a)), registers[b])
    case .productPlus(let target, let a, let b, let c),
      .productMinus(let target, let a, let b, let c),
      .plusProduct(let target, let c, let a, let b),
      .minusProduct(let target, let c, let a, let b):
      self.init(
        "a product and a sum",
        [
          Operand(name: "the first factor", value: registers[a]),
          Operand(name: "the second", value: registers[b]),
          Operand(name: "the other term", value: registers[c]),
        ], registers.at(target))
    case .call(let target, let callee, let first, let count):
      self.init(
        call: registers[callee], registers.at(first), Int(count), names: [], registers.at(target))
    case .callGlobal(let target, let slot, let first, let count):
      self.init(
        call: machine.stack.base[slot], registers.at(first), Int(count), names: [],
        registers.at(target))
    case .callNamed(let target, let callee, let first):
      let index = machine.frame.pointee.next - machine.frame.pointee.entry.pointee.code - 1
      guard let names = machine.tables.calls[index]?.names else { return nil }
      self.init(
        call: registers[callee], registers.at(first), names.count, names: names,
        registers.at(target))
    default: return nil
    }
  }

  private init(_ operation: String, _ operands: [Operand], _ result: Registers) {
    self.operation = operation
    self.operands = operands
    self.result = result
  }

  /// A call of what is no function of the program: inside of those every operation is looked at.
  private init?(
    call callee: Value, _ arguments: Registers, _ count: Int, names: [String?], _ result: Registers
  ) {
    let name: String
    var parameters: [String] = []
    switch callee {
    case .builtin(let builtin):
      name = builtin.name
      parameters = builtin.builtin.parameters.map(\.name)
    case .object(let object): name = object.typeName
    default: return nil
    }
    let operands = (0..<count).map { index in
      let given = index < names.count ? names[index] : nil
      let parameter = index < parameters.count ? parameters[index] : "argument \(index + 1)"
      return Operand(name: given ?? parameter, value: (arguments + index).pointee)
    }
    self.init(name, operands, result)
  }

  /// - Throws: a `Failure` if the result has a nan and no operand had one.
  func check() throws {
    guard result.pointee.hasNaN, !operands.contains(where: \.value.hasNaN) else { return }
    let isWord = operation.contains(where: \.isLetter)
    let numbers = operands.compactMap { operand -> Double? in
      if case .number(let number) = operand.value.untraced { number } else { nil }
    }
    if !isWord, numbers.count == 2 {
      let terms = numbers.map { Formatting.number($0) }
      throw Failure("\(terms[0]) \(operation) \(terms[1]) is nan", Self.advice)
    }
    let tensor = result.pointee.plainTensor
    let place = tensor?.elements.firstIndex(where: \.isNaN)
    let entry = tensor.flatMap { tensor in place.flatMap { Self.entry($0, of: tensor.shape) } }
    let told = operands.map { operand -> String in
      guard let tensor = operand.value.plainTensor, let place, tensor.rank > 0 else {
        return "\(operand.name) is \(Self.short(operand.value))"
      }
      guard tensor.shape == result.pointee.plainTensor?.shape else {
        return "\(operand.name) is \(operand.value.described)"
      }
      return "\(operand.name) is \(Formatting.number(tensor[position: place]))"
    }
    throw Failure(
      "\(operation) gives the first nan\(entry.map { ", in entry \($0)" } ?? "")",
      (told.isEmpty ? [] : ["There \(told.joined(separator: ", "))."]) + Self.advice)
  }

  private static let advice = [":trap nan off lets nan pass again."]

  /// The indices of an element; nil where a number has none.
  private static func entry(_ position: Int, of shape: [Int]) -> String? {
    guard !shape.isEmpty else { return nil }
    var rest = position
    var indices: [Int] = []
    for length in shape.reversed() {
      indices.insert(rest % length, at: 0)
      rest /= length
    }
    return "[\(indices.map(String.init).joined(separator: ", "))]"
  }

  private static func short(_ value: Value) -> String {
    switch value.untraced {
    case .number, .bool, .nothing: Formatting.inline(value.untraced)
    default: value.described
    }
  }
}

extension Value {
  /// Whether any number in it is nan.
  var hasNaN: Bool {
    switch self {
    case .number(let number): number.isNaN
    case .single(let number): number.isNaN
    case .tensor(let box): box.factor.tensor.hasNaN
    case .traced(let variable): variable.number?.isNaN ?? variable.primal.tensor.hasNaN
    case .list(let list): list.values.contains(where: \.hasNaN)
    case .record(let record): record.values.contains(where: \.hasNaN)
    case .undefined, .nothing, .bool, .text, .range, .function, .builtin, .object, .cell: false
    }
  }
}
