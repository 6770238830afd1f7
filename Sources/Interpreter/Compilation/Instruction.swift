import Diagnostics
import Syntax

/// One step of the machine.
///
/// Operands are register numbers unless their name says otherwise; `target` is where the result
/// goes, `jump` the instruction to go on at.
enum Instruction {
  case constant(target: Int32, index: Int32)
  case number(target: Int32, Float)
  case move(target: Int32, source: Int32)
  /// Forgets a temporary, so that what it held can be changed in place again.
  case release(Int32)
  case global(target: Int32, slot: Int32)
  case setGlobal(slot: Int32, source: Int32)
  /// Puts an empty cell into a register, for a variable that closures share.
  case newCell(Int32)
  /// Wraps a parameter's value in a cell.
  case wrapInCell(Int32)
  case cell(target: Int32, cell: Int32)
  case setCell(cell: Int32, source: Int32)
  case capture(target: Int32, index: Int32)
  case setCapture(index: Int32, source: Int32)
  /// Fails when the variable has no value yet.
  case defined(Int32, name: Int32)

  case add(target: Int32, Int32, Int32)
  case subtract(target: Int32, Int32, Int32)
  case multiply(target: Int32, Int32, Int32)
  case divide(target: Int32, Int32, Int32)
  case addNumber(target: Int32, Int32, Float)
  case subtractNumber(target: Int32, Int32, Float)
  case multiplyNumber(target: Int32, Int32, Float)
  case divideNumber(target: Int32, Int32, Float)
  case numberTimes(target: Int32, Float, Int32)
  case remainder(target: Int32, Int32, Int32)
  case power(target: Int32, Int32, Int32)
  case arithmetic(BinaryOperator, target: Int32, Int32, Int32)
  case compare(Comparison, target: Int32, Int32, Int32)
  case negate(target: Int32, Int32)
  case plus(target: Int32, Int32)
  case not(target: Int32, Int32)
  /// Jumps when the left side alone decides, leaving it as a bool in `target`.
  case decide(isAnd: Bool, target: Int32, Int32, jump: Int32)
  case logical(isAnd: Bool, target: Int32, Int32, Int32)

  case jump(Int32)
  /// Jumps backwards: one of the places where interrupts and limits are looked at.
  case loop(Int32)
  /// Jumps when a value is as true as `when`.
  case branch(Int32, when: Bool, jump: Int32)
  case branchEqual(Int32, Int32, when: Bool, jump: Int32)
  case branchNotEqual(Int32, Int32, when: Bool, jump: Int32)
  case branchLess(Int32, Int32, when: Bool, jump: Int32)
  case branchLessOrEqual(Int32, Int32, when: Bool, jump: Int32)
  case branchGreater(Int32, Int32, when: Bool, jump: Int32)
  case branchGreaterOrEqual(Int32, Int32, when: Bool, jump: Int32)
  case branchEqualNumber(Int32, Float, when: Bool, jump: Int32)
  case branchNotEqualNumber(Int32, Float, when: Bool, jump: Int32)
  case branchLessNumber(Int32, Float, when: Bool, jump: Int32)
  case branchLessOrEqualNumber(Int32, Float, when: Bool, jump: Int32)
  case branchGreaterNumber(Int32, Float, when: Bool, jump: Int32)
  case branchGreaterOrEqualNumber(Int32, Float, when: Bool, jump: Int32)

  case bracketed(target: Int32, first: Int32, count: Int32)
  case sequence(target: Int32, first: Int32, count: Int32)
  case emptyList(Int32)
  case append(list: Int32, value: Int32)
  /// Makes the gathered list a tensor where it can be one.
  case pack(Int32)
  case range(target: Int32, first: Int32, hasStep: Bool)
  case string(target: Int32, first: Int32, parts: Int32)

  /// `base[index]` with one index that is no slice.
  case element(target: Int32, base: Int32, index: Int32)
  case index(target: Int32, base: Int32, first: Int32, shape: Int32)
  case field(target: Int32, base: Int32, name: Int32)
  /// `variable[index] = value` for a variable in a register.
  case setElement(Int32, index: Int32, value: Int32)
  case assignPath(path: Int32, first: Int32, value: Int32)
  case unpack(first: Int32, count: Int32, source: Int32)

  /// Prepares going through a value; takes three registers from `target` on.
  case iterate(target: Int32, Int32)
  /// The next element, jumping to the loop's body; goes on below when there is none.
  case next(target: Int32, iterator: Int32, body: Int32)

  case closure(target: Int32, prototype: Int32, firstDefault: Int32, defaults: Int32)
  /// Calls with arguments by position.
  case call(target: Int32, callee: Int32, first: Int32, count: Int32)
  /// Calls a global variable with arguments by position.
  case callGlobal(target: Int32, slot: Int32, first: Int32, count: Int32)
  /// Calls with arguments by position and by name, as the call's site tells.
  case callNamed(target: Int32, callee: Int32, first: Int32)
  case finish(Int32)

  case check(site: Int32, first: Int32)
  case derive(site: Int32, first: Int32)
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
