import Synchronization
import Tensors

/// How a change of an operation's result comes from one operand: cotangent of result → of operand.
typealias Pullback = @Sendable (Quantity) throws(TensorError) -> Quantity

/// How a change of a result comes from all operands at once: one cotangent for each, nil for zero.
typealias JointPullback = @Sendable (Quantity) throws(TensorError) -> [Quantity?]

/// The record of a computation, in order, from which derivatives are read backwards.
///
/// Entries refer to their operands by number, so a tape of a million entries is freed as the flat
/// array it is. A tape made later is an inner one: where two meet, the later records.
///
/// `@unchecked Sendable`: a tape is mutated only by operations on its variables, and a computation
/// runs on one thread from the first variable to the last gradient; parallelism stays inside
/// kernels, which see tensors only.
public final class Tape: @unchecked Sendable {
  private static let created = Atomic<Int>(0)

  /// Larger for tapes made later.
  let level: Int
  // Exclusive access is a matter of course: one thread, and nothing here calls out while it writes.
  /// Whether the tape has ended: its variables then count as what they wrap.
  @exclusivity(unchecked) private(set) var isFinished = false
  /// What depends on what, in the order of computation.
  @exclusivity(unchecked) private(set) var entries: [Entry] = []
  /// The ways back of the entries that are more than slopes.
  @exclusivity(unchecked) private(set) var edges: [Edge] = []

  /// How a recorded quantity depends on entries before it.
  struct Entry {
    /// The dtype of the quantity, which is that of its cotangent.
    let dtype: DType
    /// Whether it is a float64 number that no other tape follows, as is then its cotangent.
    let isNumber: Bool
    /// How many edges there are; −1 for two slopes.
    var edgeCount: Int32
    /// The first edge, or the first operand; an operand that is not followed is −1.
    let first: Int
    /// The second operand.
    let second: Int
    /// The derivatives in both operands.
    let slopes: (first: Double, second: Double)
  }

  /// The way back from an entry to its operands, given by their numbers.
  enum Edge {
    /// To one operand.
    case single(operand: Int, Pullback)
    /// To a tensor of which some elements were selected.
    case selection(operand: Int, [Tensor.Index], shape: [Int])
    /// To all operands at once; nil for those this tape does not follow.
    case joint(operands: [Int?], JointPullback)
  }

  /// An empty tape, inside every tape made before.
  public init() { level = Tape.created.add(1, ordering: .relaxed).newValue }

  /// A variable on this tape that wraps `quantity`.
  public func variable(_ quantity: Quantity) -> Quantity {
    .variable(Variable(tape: self, index: add(quantity), quantity))
  }

  /// A new entry for `quantity`, without edges; its number.
  private func add(_ quantity: Quantity) -> Int {
    entries.append(
      Entry(
        dtype: quantity.dtype.arithmetic, isNumber: quantity.plainNumber != nil, edgeCount: 0,
        first: edges.count, second: -1, slopes: (0, 0)))
    return entries.count - 1
  }

  /// Ends recording and forgets all entries; the variables count as what they wrap from now on.
  ///
  /// Whoever makes a tape for one derivative calls this when it is done, so that variables kept
  /// elsewhere keep nothing else alive.
  public func finish() {
    isFinished = true
    entries = []
    edges = []
  }
}

// What operations use.
extension Tape {
  /// The innermost tape that follows `x`.
  @inline(__always)
  static func innermost(_ x: Quantity) -> Tape? {
    if case .constant = x { return nil }
    var quantity = x
    while case .variable(let variable) = quantity {
      if !variable.tape.isFinished { return variable.tape }
      quantity = variable.primal
    }
    return nil
  }

  /// The innermost tape that follows `a` or `b`.
  @inline(__always)
  static func innermost(_ a: Quantity, _ b: Quantity) -> Tape? {
    guard let first = innermost(a) else { return innermost(b) }
    guard let second = innermost(b) else { return first }
    return first.level >= second.level ? first : second
  }

  /// The innermost tape that follows any of `operands`.
  static func innermost(_ operands: [Quantity]) -> Tape? {
    operands.lazy.compactMap { innermost($0) }.max { $0.level < $1.level }
  }

  /// `x` as it is without this tape.
  @inline(__always)
  package func outside(_ x: Quantity) -> Quantity {
    if case .constant = x { return x }
    var quantity = x
    while case .variable(let variable) = quantity,
      variable.tape === self || variable.tape.isFinished
    {
      quantity = variable.primal
    }
    return quantity
  }

  /// The entry of `x` on this tape; nil for what does not depend on it.
  func index(of x: Quantity) -> Int? {
    if case .constant = x { return nil }
    var quantity = x
    while case .variable(let variable) = quantity {
      if variable.tape === self, !isFinished { return variable.index }
      guard variable.tape.isFinished else { return nil }
      quantity = variable.primal
    }
    return nil
  }

  /// A new entry `result`, computed from `x`.
  func record(_ result: Quantity, from x: Quantity, _ pullback: @escaping Pullback) -> Quantity {
    let entry = variable(result)
    connect(x, pullback)
    return entry
  }

  /// A new entry `result`, computed from `a` and `b`; no way back is kept to what this tape does not follow.
  func record(
    _ result: Quantity, from a: Quantity, _ pullA: @escaping Pullback,
    from b: Quantity, _ pullB: @escaping Pullback
  ) -> Quantity {
    let entry = variable(result)
    connect(a, pullA)
    connect(b, pullB)
    return entry
  }

  /// A new entry `result`, computed from any number of operands.
  func record(_ result: Quantity, from operands: [(Quantity, Pullback)]) -> Quantity {
    let entry = variable(result)
    for (operand, pullback) in operands { connect(operand, pullback) }
    return entry
  }

  /// A new entry `result` whose way back to all operands is a single computation.
  func recordJoint(
    _ result: Quantity, from operands: [Quantity], _ pullback: @escaping JointPullback
  ) -> Quantity {
    let entry = variable(result)
    connect(.joint(operands: operands.map { index(of: $0) }, pullback))
    return entry
  }

  /// `x` as a float64 number, if nothing outside this tape follows it.
  @inline(__always)
  func number(_ x: Quantity) -> Double? {
    switch x {
    case .constant(let tensor): tensor.plainNumber
    case .variable(let variable):
      if variable.tape === self { variable.number } else { outside(x).plainNumber }
    }
  }

  /// A new entry: a number that follows two others with the given slopes; −1 for one that it does
  /// not follow.
  @inline(__always)
  func record(
    _ result: Double, from first: Int, slope: Double, from second: Int, slope other: Double
  ) -> Variable {
    entries.append(
      Entry(
        dtype: .float64, isNumber: true, edgeCount: -1, first: first, second: second,
        slopes: (slope, other)))
    return Variable(tape: self, index: entries.count - 1, number: result)
  }

  /// A new entry: the elements of `x`, a tensor of `shape`, that `indices` select.
  func record(
    _ result: Quantity, selected indices: [Tensor.Index], from x: Quantity, shape: [Int]
  ) -> Quantity {
    let entry = variable(result)
    if let index = index(of: x) {
      connect(.selection(operand: index, indices, shape: shape))
    }
    return entry
  }

  private func connect(_ operand: Quantity, _ pullback: @escaping Pullback) {
    if let index = index(of: operand) { connect(.single(operand: index, pullback)) }
  }

  /// Gives the last entry another way back.
  private func connect(_ edge: Edge) {
    edges.append(edge)
    entries[entries.count - 1].edgeCount += 1
  }
}
