import Diagnostics
import Syntax

/// A register of a call, counted from the start of its window.
struct Register: Hashable, Comparable {
  /// How far it is from the start, in bytes: this saves the machine a multiplication.
  let offset: Int32

  init(_ number: Int) { offset = Int32(truncatingIfNeeded: number &* MemoryLayout<Value>.stride) }

  var number: Int { Int(offset) / MemoryLayout<Value>.stride }

  static func + (register: Register, distance: Int) -> Register {
    Register(register.number + distance)
  }

  static func < (left: Register, right: Register) -> Bool { left.offset < right.offset }
}

/// One step of the machine.
///
/// `target` is where the result goes; `jump` and `body` tell how many instructions further it goes on.
enum Instruction {
  case constant(target: Register, index: Int32)
  case number(target: Register, Float)
  case move(target: Register, source: Register)
  /// Forgets a temporary, so that what it held can be changed in place again.
  case release(Register)
  case global(target: Register, slot: Register)
  case setGlobal(slot: Register, source: Register)
  /// Puts an empty cell into a register, for a variable that closures share.
  case newCell(Register)
  /// Wraps a parameter's value in a cell.
  case wrapInCell(Register)
  case cell(target: Register, cell: Register)
  case setCell(cell: Register, source: Register)
  case capture(target: Register, index: Int32)
  case setCapture(index: Int32, source: Register)
  /// Fails when the variable has no value yet.
  case defined(Register, name: Int32)

  case add(target: Register, Register, Register)
  case subtract(target: Register, Register, Register)
  case multiply(target: Register, Register, Register)
  case divide(target: Register, Register, Register)
  /// `x += y`: the sum goes where the left side was.
  case increase(Register, by: Register)
  case increaseByNumber(Register, by: Float)
  case addNumber(target: Register, Register, Float)
  case subtractNumber(target: Register, Register, Float)
  case multiplyNumber(target: Register, Register, Float)
  case divideNumber(target: Register, Register, Float)
  case numberTimes(target: Register, Float, Register)
  case remainder(target: Register, Register, Register)
  case power(target: Register, Register, Register)
  /// `a * b + c`, and so on: two operations in one step.
  case productPlus(target: Register, Register, Register, Register)
  case productMinus(target: Register, Register, Register, Register)
  case plusProduct(target: Register, Register, Register, Register)
  case minusProduct(target: Register, Register, Register, Register)
  case arithmetic(BinaryOperator, target: Register, Register, Register)
  case compare(Comparison, target: Register, Register, Register)
  case negate(target: Register, Register)
  case plus(target: Register, Register)
  case not(target: Register, Register)
  /// Jumps when the left side alone decides, leaving it as a bool in `target`.
  case decide(isAnd: Bool, target: Register, Register, jump: Int32)
  case logical(isAnd: Bool, target: Register, Register, Register)

  case jump(Int32)
  /// Jumps backwards: one of the places where interrupts and limits are looked at.
  case loop(Int32)
  /// Jumps when a value is as true as `when`.
  case branch(Register, when: Bool, jump: Int32)
  case branchEqual(Register, Register, when: Bool, jump: Int32)
  case branchNotEqual(Register, Register, when: Bool, jump: Int32)
  case branchLess(Register, Register, when: Bool, jump: Int32)
  case branchLessOrEqual(Register, Register, when: Bool, jump: Int32)
  case branchGreater(Register, Register, when: Bool, jump: Int32)
  case branchGreaterOrEqual(Register, Register, when: Bool, jump: Int32)
  case branchEqualNumber(Register, Float, when: Bool, jump: Int32)
  case branchNotEqualNumber(Register, Float, when: Bool, jump: Int32)
  case branchLessNumber(Register, Float, when: Bool, jump: Int32)
  case branchLessOrEqualNumber(Register, Float, when: Bool, jump: Int32)
  case branchGreaterNumber(Register, Float, when: Bool, jump: Int32)
  case branchGreaterOrEqualNumber(Register, Float, when: Bool, jump: Int32)

  case bracketed(target: Register, first: Register, count: Int32)
  case sequence(target: Register, first: Register, count: Int32)
  case emptyList(Register)
  case append(list: Register, value: Register)
  /// Makes the gathered list a tensor where it can be one.
  case pack(Register)
  case range(target: Register, first: Register, hasStep: Bool)
  case string(target: Register, first: Register, parts: Int32)

  /// `base[index]` with one index that is no slice.
  case element(target: Register, base: Register, index: Register)
  case index(target: Register, base: Register, first: Register, shape: Int32)
  case field(target: Register, base: Register, name: Int32)
  /// `variable[index] = value` for a variable in a register.
  case setElement(Register, index: Register, value: Register)
  case assignPath(path: Int32, first: Register, value: Register)
  case unpack(first: Register, count: Int32, source: Register)

  /// Prepares going through a value; takes three registers from `target` on.
  case iterate(target: Register, Register)
  /// The next element, jumping to the loop's body; goes on below when there is none.
  case next(target: Register, iterator: Register, body: Int32)

  case closure(target: Register, prototype: Int32, firstDefault: Register, defaults: Int32)
  /// Calls with arguments by position.
  case call(target: Register, callee: Register, first: Register, count: Int32)
  /// Calls a global variable with arguments by position.
  case callGlobal(target: Register, slot: Register, first: Register, count: Int32)
  /// Calls with arguments by position and by name, as the call's site tells.
  case callNamed(target: Register, callee: Register, first: Register)
  case finish(Register)

  case check(site: Int32, first: Register)
  case derive(site: Int32, first: Register)
}

/// How a call's arguments are meant; their values stand in consecutive registers.
final class CallSite {
  /// The name of each argument, nil for one by position.
  let names: [String?]
  /// The text of each argument.
  let spans: [Span]
  /// The text of each argument's name, of the argument where it has none.
  let nameSpans: [Span]
  /// The text of what is called.
  let callee: Span
  /// How the arguments met the parameters of the builtin called here last.
  var binding: Binding?

  init(names: [String?], spans: [Span], nameSpans: [Span], callee: Span) {
    self.names = names
    self.spans = spans
    self.nameSpans = nameSpans
    self.callee = callee
  }
}

/// One item of an index; the registers it uses follow one another.
enum IndexShape {
  case value
  case slice(start: Bool, stop: Bool, step: Bool)
  case ellipsis

  var registerCount: Int {
    switch self {
    case .value: 1
    case .slice(let start, let stop, let step): (start ? 1 : 0) + (stop ? 1 : 0) + (step ? 1 : 0)
    case .ellipsis: 0
    }
  }
}

/// The way from a variable to the part of it that an assignment changes.
struct Path {
  let storage: Storage
  /// The number of the register, captured variable or global variable.
  let place: Int
  let steps: [PathStep]

  /// Where a variable lives.
  enum Storage {
    case register, cell, capture, global
  }
}

/// One step from a variable to the part that an assignment changes.
enum PathStep {
  case field(String)
  case index([IndexShape])

  var registerCount: Int {
    switch self {
    case .field: 0
    case .index(let shapes): shapes.reduce(0) { $0 + $1.registerCount }
    }
  }
}

/// A part of a string with braces: text, or the next register under a format.
enum StringPart {
  case text(String)
  case value(format: String, span: Span)
}

/// A `check` in the program: its operands stand in consecutive registers, then message and tolerance.
struct CheckSite {
  let relations: [Comparison]
  let claim: String
  let operandSpans: [Span]
  let hasMessage: Bool
  let hasTolerance: Bool
}

/// A `derive` or `refute`: registers hold the chain as a function, then the generators.
struct DerivationSite {
  let derivation: Derivation
  let source: Source
  /// The text of the chain's expressions, the first one included.
  let expressions: [String]
  /// The names the draws bind, and the definitions of the block as text.
  let drawNames: [String]
  let definitionTexts: [String]
}
