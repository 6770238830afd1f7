import Autodiff
public import Diagnostics
public import Plots
import Syntax
import Tensors

/// The one front door of the language: runs cells one after the other and remembers their variables.
///
///     let session = Session()
///     print(session.run("1 + 1").text)    // 2
///
/// A session is synchronous and belongs to one thread at a time; only `interrupt` may be used from
/// another.
public final class Session {
  /// Where outputs go as they happen; they are also kept in the reply.
  public var onOutput: ((Output) -> Void)?
  /// Stops the running cell when raised.
  public let interrupt: InterruptFlag
  /// Seconds a cell may take; nil for as long as it likes.
  public var maxSeconds: Double?

  let context: Context
  private(set) var machine: Machine?
  private var outputs: [Output] = []
  var cellCount = 0
  private let shownValues = ShownValues()

  /// What a session starts with.
  public struct Options: Sendable {
    /// The folder a program reads and writes files in: the process's own, or another one.
    public var workingFolder = "."
    /// The file of the program, whose folder may be used too; nil for none.
    public var programPath: String?
    /// Whether any file may be read and written.
    public var allowsAllFiles = false
    /// The seed of the session's random numbers.
    public var seed: UInt64 = 0
    /// Significant digits shown.
    public var precision = 6
    /// Seconds a cell may take; nil for as long as it likes.
    public var maxSeconds: Double?
    /// Bytes the process may take; nil for half of the machine's memory.
    public var maxMemory: Int?

    /// The defaults.
    public init() {}
  }

  /// A session in which only the builtins are defined.
  public init(_ options: Options = Options(), interrupt: InterruptFlag = InterruptFlag()) {
    self.interrupt = interrupt
    maxSeconds = options.maxSeconds
    context = Context(
      interrupt: interrupt,
      files: FileAccess(
        workingFolder: options.workingFolder, programPath: options.programPath,
        isUnrestricted: options.allowsAllFiles))
    context.precision = max(1, min(17, options.precision))
    context.random = Random(seed: options.seed)
    if let limit = options.maxMemory { context.memoryLimit = limit }
    let machine = Machine(context: context)
    machine.defineBuiltins()
    machine.define("Out", .object(shownValues))
    self.machine = machine
    context.output = { [unowned self] output in
      outputs.append(output)
      onOutput?(output)
    }
  }

  deinit {
    // Freeing deeply nested values recurses as deep as they nest.
    BigStack.run { self.machine = nil }
  }

  /// Whether an operation that makes a nan of numbers is an error, which names it.
  public var trapsNaN: Bool {
    get { context.trapsNaN }
    set { context.trapsNaN = newValue }
  }

  /// Where trainings and other things that take long are shown while they go on; nil for nowhere.
  public var live: LiveDisplay? {
    get { context.live }
    set { context.live = newValue }
  }

  /// Significant digits shown, from 1 to 17.
  public var precision: Int {
    get { context.precision }
    set { context.precision = max(1, min(17, newValue)) }
  }

  /// How many cells were run.
  public var count: Int { cellCount }

  /// Runs a cell: parses it whole, then evaluates it.
  ///
  /// - Parameters:
  ///   - text: the cell's code.
  ///   - name: what places in it are called after; nil for `In[k]`.
  ///   - firstLine: the line of `name` it begins at.
  ///   - remark: what to add after places, such as `cell 3`.
  ///   - isScript: whether the last value is left unshown, as in a file.
  /// - Returns: what the cell gave; an error is part of the reply, and the session goes on.
  public func run(
    _ text: String, name: String? = nil, firstLine: Int = 1, remark: String? = nil,
    isScript: Bool = false
  ) -> Reply {
    cellCount += 1
    let source = Source(
      name: name ?? "In[\(cellCount)]", text: text, firstLine: firstLine, remark: remark)
    outputs = []
    var reply = Reply(number: cellCount)
    // Kernels ask on the thread that evaluates.
    let context = context
    BigStack.run {
      reply = Stopping.checking({ context.isToStop }) {
        self.evaluate(source, isScript: isScript)
      }
    }
    reply.outputs = outputs
    reply.failures = context.failures
    outputs = []
    return reply
  }

  /// Whether the text is a whole cell: nothing is open, whatever else may be wrong with it.
  public func isComplete(_ text: String) -> Bool {
    var isComplete = true
    BigStack.run {
      do throws(Diagnostic) {
        _ = try Parser.parse(Source(name: "", text: text))
      } catch {
        isComplete = !error.isIncomplete
      }
    }
    return isComplete
  }

  /// Parses and compiles a cell without running it; gives what is wrong with it.
  public func compile(_ text: String) -> Diagnostic? {
    var found: Diagnostic?
    BigStack.run {
      guard let machine = self.machine else { return }
      do throws(Diagnostic) {
        let program = try Parser.parse(Source(name: "", text: text))
        _ = try Compiler.compile(program, for: machine)
      } catch {
        found = error
      }
    }
    return found
  }

  private func evaluate(_ source: Source, isScript: Bool) -> Reply {
    var reply = Reply(number: cellCount)
    context.begin(maxSeconds: maxSeconds)
    guard let machine else { return reply }
    do {
      let program = try Parser.parse(source)
      let prototype = try Compiler.compile(program, for: machine)
      let value = try machine.run(prototype)
      guard !isScript, program.statements.last?.isSilent != true else { return reply }
      reply.keep(value, precision: context.precision)
      if reply.isShown {
        machine.define("_", value)
        shownValues.keep(value, as: cellCount)
      }
    } catch let diagnostic as Diagnostic {
      reply.diagnostic = diagnostic
    } catch Interruption.interrupted {
      reply.isInterrupted = true
      reply.diagnostic = Diagnostic("interrupted", details: ["The session goes on."])
    } catch Interruption.outOfTime(let seconds) {
      reply.diagnostic = Diagnostic(
        "this took longer than \(Formatting.number(seconds)) seconds",
        details: ["The limit is set by --max-seconds."])
    } catch {
      let failure = Failure(explaining: error)
      reply.diagnostic = Diagnostic(failure.message, details: failure.details)
    }
    return reply
  }

  // MARK: - Variables

  /// Names that have a value, builtins included, in alphabetical order.
  public var names: [String] {
    guard let machine else { return [] }
    return machine.definedNames.sorted()
  }

  /// Sets a variable.
  package func define(_ name: String, _ value: Value) { machine?.define(name, value) }

  /// The value of a variable, nil where it has none.
  package func value(of name: String) -> Value? { machine?.global(name) }

  /// Every global variable's value and the session's dice, to come back to.
  package struct Snapshot {
    let values: [Value]
    fileprivate let random: Random
  }

  /// The variables as they are now.
  package func snapshot() -> Snapshot {
    Snapshot(values: machine?.globalValues ?? [], random: context.random)
  }

  /// Goes back to a snapshot; variables defined since then are gone.
  package func restore(_ snapshot: Snapshot) {
    guard let machine else { return }
    machine.globalValues = snapshot.values
    context.random = snapshot.random
  }

  /// Restarts the session's random numbers.
  public func seed(_ seed: UInt64) { context.random = Random(seed: seed) }
}

/// What a cell gave.
public struct Reply {
  /// The cell's number in its session.
  public let number: Int
  /// What it printed, drew, checked and derived, in order.
  public internal(set) var outputs: [Output] = []
  /// The error that ended it, if one did.
  public internal(set) var diagnostic: Diagnostic?
  /// Whether it was stopped from outside.
  public internal(set) var isInterrupted = false
  /// Checks and derivations that did not hold.
  public internal(set) var failures = 0
  /// The value shown at its end as text; nil for none and for a plot.
  public private(set) var shownText: String?
  /// The plot shown at its end.
  public private(set) var shownPlot: Plot?
  /// The value of its last statement, shown or not.
  package private(set) var value = Value.nothing

  init(number: Int) { self.number = number }

  /// Whether a value is shown at its end.
  public var isShown: Bool { shownText != nil || shownPlot != nil }

  /// Whether it ran to its end and all its checks held.
  public var succeeded: Bool { diagnostic == nil && failures == 0 }

  mutating func keep(_ value: Value, precision: Int) {
    self.value = value
    switch value {
    case .nothing, .undefined: return
    case .object(let object):
      if let plot = object as? PlotObject {
        shownPlot = plot.plot
        return
      }
    default: break
    }
    shownText = Formatting.result(value, precision: precision)
  }
}

/// `Out`: the values that cells showed, by cell number.
final class ShownValues: FieldObject, IndexedObject, @unchecked Sendable {
  private var values: [Int: Value] = [:]

  override var typeName: String { "history of results" }
  override var display: String {
    "Out: \(values.keys.sorted().map(String.init).joined(separator: ", "))"
  }

  func keep(_ value: Value, as number: Int) { values[number] = value }

  func value(at index: Value) throws -> Value {
    guard case .number(let number) = index.untraced,
      let value = Int(exactly: number).flatMap({ values[$0] })
    else {
      throw Failure("Out[\(Formatting.inline(index))] is not there", ["That cell showed nothing."])
    }
    return value
  }
}
