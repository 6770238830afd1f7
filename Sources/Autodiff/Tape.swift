import Synchronization
public import Tensors

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
  /// Whether the tape has ended: its variables then count as what they wrap.
  private(set) var isFinished = false
  private var edges: [Edge] = []
  /// Where the edges of every entry start.
  private var firstEdges: [Int] = []
  /// The dtype of every entry, which is that of its cotangent.
  private var dtypes: [DType] = []

  /// The way back from an entry to its operands, given by their numbers.
  private enum Edge {
    /// To one operand.
    case single(operand: Int, Pullback)
    /// To one operand of a function of numbers whose derivative is a constant.
    case slope(operand: Int, Double)
    /// To a tensor of which some elements were selected.
    case selection(operand: Int, [Tensor.Index], shape: [Int])
    /// To all operands at once; nil for those this tape does not follow.
    case joint(operands: [Int?], JointPullback)
  }

  /// An empty tape, inside every tape made before.
  public init() { level = Tape.created.add(1, ordering: .relaxed).newValue }

  /// A variable on this tape that wraps `quantity`.
  public func variable(_ quantity: Quantity) -> Quantity {
    firstEdges.append(edges.count)
    dtypes.append(quantity.dtype.arithmetic)
    let index = firstEdges.count - 1
    return .variable(Variable(tape: self, index: index, primal: quantity))
  }

  /// Ends recording and forgets all entries; the variables count as what they wrap from now on.
  ///
  /// Whoever makes a tape for one derivative calls this when it is done, so that variables kept
  /// elsewhere keep nothing else alive.
  public func finish() {
    isFinished = true
    edges = []
    firstEdges = []
    dtypes = []
  }

  /// The gradients of `y` in each of `variables`, in one pass back over the tape.
  ///
  /// - Parameters:
  ///   - y: the result to be differentiated.
  ///   - seed: the cotangent of y, of y's shape; ones if nil.
  ///   - variables: variables of this tape.
  /// - Returns: one quantity, not on this tape, for every variable, of its shape and dtype; nil if y
  ///   does not depend on it.
  /// - Throws: what the operations of the way back throw, `tooLarge` above all;
  ///   `shapesDoNotBroadcast` for a seed of another shape than y's.
  public func gradients(
    of y: Quantity, seed: Quantity? = nil, wrt variables: [Quantity]
  ) throws(TensorError) -> [Quantity?] {
    if let seed, seed.shape != y.shape { throw .shapesDoNotBroadcast(seed.shape, y.shape) }
    guard let last = index(of: y) else { return variables.map { _ in nil } }
    var cotangents = [Quantity?](repeating: nil, count: last + 1)
    if let seed {
      cotangents[last] = outside(seed).converted(to: dtypes[last])
    } else {
      cotangents[last] = .constant(try .ones(y.shape, dtype: dtypes[last]))
    }
    let dtypes = dtypes
    let wanted = variables.map { index(of: $0) }
    var isWanted = [Bool](repeating: false, count: last + 1)
    for case .some(let index) in wanted where index <= last { isWanted[index] = true }
    for index in stride(from: last, through: 0, by: -1) {
      guard let cotangent = cotangents[index] else { continue }
      if !isWanted[index] { cotangents[index] = nil }
      // Pullbacks may record on this very tape, after `last`: the bounds are read entry by entry.
      let end = index + 1 < firstEdges.count ? firstEdges[index + 1] : edges.count
      for position in firstEdges[index]..<end {
        switch edges[position] {
        case .single(let operand, let pullback):
          let part = outside(try pullback(cotangent))
          try Tape.accumulate(part, in: dtypes[operand], into: &cotangents[operand])
        case .slope(let operand, let slope):
          let part = try cotangent.scaled(by: slope)
          try Tape.accumulate(part, in: dtypes[operand], into: &cotangents[operand])
        case .selection(let operand, let indices, let shape):
          try Tape.scatter(cotangent, at: indices, shape: shape, into: &cotangents[operand])
        case .joint(let operands, let pullback):
          for case (.some(let operand), .some(let part)) in zip(operands, try pullback(cotangent)) {
            try Tape.accumulate(outside(part), in: dtypes[operand], into: &cotangents[operand])
          }
        }
      }
    }
    return wanted.map { index in index.flatMap { $0 <= last ? cotangents[$0] : nil } }
  }

  /// Adds `part` to a cotangent, in the dtype of its entry: in place, if nothing follows either.
  private static func accumulate(
    _ part: Quantity, in dtype: DType, into sum: inout Quantity?
  ) throws(TensorError) {
    guard let shape = sum.constantShape, case .constant(let part) = part, part.shape == shape,
      part.dtype == dtype
    else {
      let part = part.dtype == dtype ? part : part.converted(to: dtype)
      if let old = sum { sum = try Quantity.add(old, part) } else { sum = part }
      return
    }
    // Taken out of its place, the tensor is the only owner of its elements and is not copied.
    guard case .constant(var total) = sum.take() else { return }
    total.accumulate(part)
    sum = .constant(total)
  }

  /// Adds the cotangent of a selection to that of the whole: in place, if nothing follows either,
  /// so that a loop over single elements does not touch all of them every time.
  private static func scatter(
    _ part: Quantity, at indices: [Tensor.Index], shape: [Int], into sum: inout Quantity?
  ) throws(TensorError) {
    guard case .constant(let tensor) = part, sum.constantShape == shape else {
      let whole = try part.scattered(at: indices, shape: shape)
      return try accumulate(whole, in: whole.dtype, into: &sum)
    }
    guard case .constant(var total) = sum.take() else { return }
    try total.scatterAdd(tensor, at: indices)
    sum = .constant(total)
  }
}

extension Quantity? {
  /// The shape of a constant; nil for nothing and for what a tape follows.
  fileprivate var constantShape: [Int]? {
    guard case .constant(let tensor) = self else { return nil }
    return tensor.shape
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
  private func index(of x: Quantity) -> Int? {
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
    edges.append(.joint(operands: operands.map { index(of: $0) }, pullback))
    return entry
  }

  /// The numbers `a` and `b` in float64, if nothing outside this tape follows either.
  @inline(__always)
  func numbers(_ a: Quantity, _ b: Quantity) -> (Double, Double)? {
    guard case .constant(let p) = outside(a), case .constant(let q) = outside(b),
      let first = p.plainNumber, let second = q.plainNumber
    else { return nil }
    return (first, second)
  }

  /// A new entry: a function of two numbers with the given partial derivatives.
  func record(
    _ result: Double, from a: Quantity, slope slopeA: Double, from b: Quantity,
    slope slopeB: Double
  ) -> Quantity {
    let entry = variable(.scalar(result))
    if let index = index(of: a) { edges.append(.slope(operand: index, slopeA)) }
    if let index = index(of: b) { edges.append(.slope(operand: index, slopeB)) }
    return entry
  }

  /// A new entry: the elements of `x`, a tensor of `shape`, that `indices` select.
  func record(
    _ result: Quantity, selected indices: [Tensor.Index], from x: Quantity, shape: [Int]
  ) -> Quantity {
    let entry = variable(result)
    if let index = index(of: x) {
      edges.append(.selection(operand: index, indices, shape: shape))
    }
    return entry
  }

  private func connect(_ operand: Quantity, _ pullback: @escaping Pullback) {
    if let index = index(of: operand) {
      edges.append(.single(operand: index, pullback))
    }
  }
}

extension Quantity {
  /// The product with a number.
  @inline(__always)
  fileprivate func scaled(by factor: Double) throws(TensorError) -> Quantity {
    if case .constant(let tensor) = self, let number = tensor.plainNumber {
      return .scalar(number * factor)
    }
    return try Quantity.multiply(self, .scalar(factor))
  }
}
