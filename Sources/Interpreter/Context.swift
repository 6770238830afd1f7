import Glibc
import Synchronization
import Tensors

/// Set from a signal handler or another thread to stop the running cell.
public final class InterruptFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  /// A flag that is not raised.
  public init() {}

  /// Asks the running cell to stop.
  ///
  /// - Returns: whether this is the first request that waits to be heard.
  @discardableResult
  public func raise() -> Bool { !flag.exchange(true, ordering: .relaxed) }

  /// Whether somebody asked; asking takes the request back.
  func take() -> Bool {
    guard flag.load(ordering: .relaxed) else { return false }
    return flag.exchange(false, ordering: .relaxed)
  }

  /// Whether somebody asked, and nobody has taken it yet.
  var isRaised: Bool { flag.load(ordering: .relaxed) }

  /// Takes a request back that came too late.
  public func lower() { flag.store(false, ordering: .relaxed) }
}

/// What a running program may use of the world around it: its output, its limits, its dice.
final class Context {
  var output: (Output) -> Void = { _ in }
  /// Where things are shown while they change; nil where nobody looks.
  var live: LiveDisplay?
  var precision = 6
  /// Whether the first nan of a program is an error.
  var trapsNaN = false
  var random = Random(seed: 0)
  let interrupt: InterruptFlag
  var files: FileAccess
  /// Checks and derivations of the running cell that did not hold.
  var failures = 0

  /// The most memory the whole process may take, in bytes.
  var memoryLimit = Memory.installed / 2

  @exclusivity(unchecked) private var deadline = UInt64.max
  private var seconds = 0.0
  @exclusivity(unchecked) private var untilClock = 0
  @exclusivity(unchecked) private var untilScales = 0
  private var noticesGiven: Set<String> = []
  private var isQuiet = false

  init(interrupt: InterruptFlag, files: FileAccess) {
    self.interrupt = interrupt
    self.files = files
  }

  /// Starts a cell: its failures, notices and time count anew.
  func begin(maxSeconds: Double?) {
    failures = 0
    noticesGiven = []
    interrupt.lower()
    seconds = maxSeconds ?? 0
    // More than thirty years are no limit.
    deadline = .max
    if let maxSeconds, maxSeconds < 1e9 { deadline = Self.now &+ UInt64(max(0, maxSeconds) * 1e9) }
  }

  /// Nanoseconds of a clock that only goes forward.
  private static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// Stops the program when somebody asked for it or its time is over.
  func poll() throws {
    if interrupt.take() { throw Interruption.interrupted }
    untilScales -= 1
    if untilScales < 0 { try weigh() }
    guard deadline < .max else { return }
    untilClock -= 1
    guard untilClock < 0 else { return }
    untilClock = 50
    if Self.now > deadline { throw Interruption.outOfTime(seconds: seconds) }
  }

  /// Whether the next `poll` stops the program: what kernels ask that take long.
  var isToStop: Bool {
    if interrupt.isRaised { return true }
    guard deadline < .max, Self.now > deadline else { return false }
    untilClock = 0
    return true
  }

  /// Stops the program when it takes more memory than it may.
  func weigh() throws {
    untilScales = 10_000
    guard Memory.inUse > memoryLimit else { return }
    // Some of it may be free, and only be kept for what comes next.
    Memory.release()
    guard Memory.inUse > memoryLimit else { return }
    let limit = Formatting.number(Double(memoryLimit) / 1e9, precision: 3)
    throw Failure(
      "the session would take more than \(limit) GB of memory",
      ["Free what is no longer needed: x = none. --max-memory sets the limit."])
  }

  /// The function that last made a constant of followed numbers, as one that changes in steps does.
  private(set) var lastStep: String?

  /// Notes a function that made a constant of followed numbers.
  func noteStep(_ name: String) { lastStep = name }

  /// Forgets what made constants before.
  func forgetSteps() { lastStep = nil }

  /// Tells something once a cell.
  func notice(_ message: String) {
    if !isQuiet, noticesGiven.insert(message).inserted { output(.notice(message)) }
  }

  /// Runs something without notices: what is true of one of many trials says little.
  func quietly<T>(_ body: () throws -> T) rethrows -> T {
    let before = isQuiet
    isQuiet = true
    defer { isQuiet = before }
    return try body()
  }
}
