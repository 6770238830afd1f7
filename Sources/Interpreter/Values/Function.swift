import Diagnostics

/// A function a program defined, with the variables it captured and its evaluated defaults.
package final class Function {
  let prototype: Prototype
  /// What the machine needs of the prototype to call it.
  let entry: UnsafePointer<Prototype.Entry>
  private(set) var cells: [Cell]
  private(set) var defaults: [Value]

  init(_ prototype: Prototype, cells: [Cell], defaults: [Value]) {
    self.prototype = prototype
    entry = prototype.entry
    self.cells = cells
    self.defaults = defaults
    for cell in cells { cell.owners += 1 }
  }

  deinit {
    if !cells.isEmpty || !defaults.isEmpty { Dismantling.free(surrender()) }
  }

  /// Gives away what it holds.
  func surrender() -> [Value] {
    for cell in cells { cell.owners -= 1 }
    defer { (cells, defaults) = ([], []) }
    return defaults + cells.map { .cell($0) }
  }

  /// The call as a reader sees it: `f(x, scale=2)`.
  var signature: String {
    let required = prototype.parameters.count - defaults.count
    let parts = prototype.parameters.enumerated().map { index, name in
      index < required ? name : "\(name)=\(Formatting.asDefault(defaults[index - required]))"
    }
    return "\(prototype.name)(\(parts.joined(separator: ", ")))"
  }
}

/// Operands of an instruction that nobody reads after it: their memory can take the result.
struct Spent: OptionSet {
  let rawValue: UInt8
  static let left = Spent(rawValue: 1)
  static let right = Spent(rawValue: 2)
}

/// The compiled form of a function or a cell.
final class Prototype: @unchecked Sendable {
  let name: String
  let parameters: [String]
  let source: Source
  /// The text it was compiled from.
  let span: Span
  let code: UnsafePointer<Instruction>
  let count: Int
  let entry: UnsafePointer<Entry>
  /// For every instruction the text it came from.
  let spans: [Span]
  let tables: Tables
  /// Where each captured variable comes from when the closure is made.
  let captures: [Capture]

  /// What calling a function takes, within reach of one pointer.
  struct Entry {
    let code: UnsafePointer<Instruction>
    let constants: UnsafePointer<Value>
    /// For every instruction, which operands nobody reads after it.
    let spent: UnsafePointer<Spent>
    let parameterCount: Int
    /// Registers of a call: parameters, then local variables, then temporaries.
    let registerCount: Int
    /// The first register that is the call's own: a cell's come after the global variables.
    let firstRegister: Int
    /// Whether some local variables may be read before they get a value.
    let hasUncertain: Bool
    /// Whether inner functions share some local variables.
    let hasCells: Bool
  }

  /// Local variables that inner functions share.
  let cells: [Int]
  /// Local variables that may be read before they get a value, and so have to begin without one.
  let uncertain: [Int]

  /// What instructions refer to by number.
  struct Tables {
    var constants: [Value] = []
    var names: [String] = []
    var prototypes: [Prototype] = []
    /// The calls, by the number of their instruction.
    var calls: [Int: CallSite] = [:]
    var indices: [[IndexShape]] = []
    /// The text of the index of each `element`, by the number of its instruction.
    var elementSpans: [Int: Span] = [:]
    /// The text of the product of each step that is a product and more.
    var productSpans: [Int: Span] = [:]
    /// Which operands nobody reads after an operation, by the number of its instruction.
    var spent: [Int: Spent] = [:]
    /// The text of every item of these indices.
    var indexSpans: [[Span]] = []
    var paths: [Path] = []
    var strings: [[StringPart]] = []
    var checks: [CheckSite] = []
    var derivations: [DerivationSite] = []
  }

  /// A captured variable's origin in the enclosing function.
  enum Capture {
    case register(Int)
    case capture(Int)
  }

  init(
    name: String, parameters: [String], source: Source, span: Span, code: [Instruction],
    spans: [Span], tables: Tables, registers: Range<Int>, uncertain: [Int],
    cells: [Int], captures: [Capture]
  ) {
    self.name = name
    self.parameters = parameters
    self.source = source
    self.span = span
    let instructions = UnsafeMutablePointer<Instruction>.allocate(capacity: max(1, code.count))
    instructions.initialize(from: code, count: code.count)
    self.code = UnsafePointer(instructions)
    count = code.count
    self.spans = spans
    self.tables = tables
    self.uncertain = uncertain
    self.cells = cells
    self.captures = captures
    let values = tables.constants
    let constants = UnsafeMutablePointer<Value>.allocate(capacity: max(1, values.count))
    constants.initialize(from: values, count: values.count)
    let spent = UnsafeMutablePointer<Spent>.allocate(capacity: max(1, code.count))
    spent.initialize(repeating: [], count: code.count)
    for (index, operands) in tables.spent { spent[index] = operands }
    let entry = UnsafeMutablePointer<Entry>.allocate(capacity: 1)
    entry.initialize(
      to: Entry(
        code: UnsafePointer(instructions), constants: UnsafePointer(constants),
        spent: UnsafePointer(spent), parameterCount: parameters.count,
        registerCount: registers.upperBound,
        firstRegister: registers.lowerBound, hasUncertain: !uncertain.isEmpty,
        hasCells: !cells.isEmpty))
    self.entry = UnsafePointer(entry)
  }

  deinit {
    UnsafeMutablePointer(mutating: code).deallocate()
    UnsafeMutablePointer(mutating: entry.pointee.spent).deallocate()
    UnsafeMutablePointer(mutating: entry.pointee.constants)
      .deinitialize(count: tables.constants.count).deallocate()
    UnsafeMutablePointer(mutating: entry).deallocate()
  }
}
