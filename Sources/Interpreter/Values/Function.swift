import Diagnostics

/// A function a program defined, with the variables it captured and its evaluated defaults.
package final class Function {
  let prototype: Prototype
  private(set) var cells: [Cell]
  private(set) var defaults: [Value]

  init(_ prototype: Prototype, cells: [Cell], defaults: [Value]) {
    self.prototype = prototype
    self.cells = cells
    self.defaults = defaults
  }

  deinit {
    if !cells.isEmpty || !defaults.isEmpty { Dismantling.free(surrender()) }
  }

  /// Gives away what it holds.
  func surrender() -> [Value] {
    defer { (cells, defaults) = ([], []) }
    return defaults + cells.map { .cell($0) }
  }

  /// The call as a reader sees it: `f(x, scale=2)`.
  var signature: String {
    let required = prototype.parameters.count - defaults.count
    let parts = prototype.parameters.enumerated().map { index, name in
      index < required ? name : "\(name)=\(Self.shown(defaults[index - required]))"
    }
    return "\(prototype.name)(\(parts.joined(separator: ", ")))"
  }

  /// A default as the signature has it: of a function the name alone, as that may have defaults too.
  private static func shown(_ value: Value) -> String {
    switch value {
    case .function(let function): function.prototype.name
    case .builtin(let builtin): builtin.name
    default: Formatting.inline(value)
    }
  }
}

/// The compiled form of a function or a cell.
final class Prototype: @unchecked Sendable {
  let name: String
  let parameters: [String]
  let source: Source
  /// The text it was compiled from.
  let span: Span
  let code: UnsafeMutablePointer<Instruction>
  let count: Int
  /// For every instruction the text it came from.
  let spans: [Span]
  let tables: Tables
  let registerCount: Int
  /// Where each captured variable comes from when the closure is made.
  let captures: [Capture]

  /// What instructions refer to by number.
  struct Tables {
    var constants: [Value] = []
    var names: [String] = []
    var prototypes: [Prototype] = []
    var calls: [CallSite] = []
    var indices: [[IndexShape]] = []
    /// The text of every item of these indices.
    var indexSpans: [[Span]] = []
    var paths: [[PathStep]] = []
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
    spans: [Span], tables: Tables, registerCount: Int, captures: [Capture]
  ) {
    self.name = name
    self.parameters = parameters
    self.source = source
    self.span = span
    self.code = UnsafeMutablePointer<Instruction>.allocate(capacity: max(1, code.count))
    self.code.initialize(from: code, count: code.count)
    count = code.count
    self.spans = spans
    self.tables = tables
    self.registerCount = registerCount
    self.captures = captures
  }

  deinit {
    code.deinitialize(count: count)
    code.deallocate()
  }
}
