import Tensors

extension Session {
  /// Runs `body` with nothing of what it outputs shown.
  package func quietly<T>(_ body: () -> T) -> T {
    let handler = onOutput
    onOutput = nil
    defer { onOutput = handler }
    return body()
  }

  /// Runs a cell on the side: it is not counted, and nothing of it is shown.
  package func aside(_ text: String, name: String) -> Reply {
    quietly {
      let count = cellCount
      defer { cellCount = count }
      return run(text, name: name)
    }
  }

  /// The variables that are new or hold something else than in the snapshot, by name.
  package func changes(since snapshot: Snapshot) -> [(name: String, value: Value)] {
    guard let machine else { return [] }
    let own: Set<String> = ["_", "Out", "result"]
    var changes: [(name: String, value: Value)] = []
    for (slot, name) in machine.globals.names.enumerated() where !own.contains(name) {
      guard let value = machine.global(name) else { continue }
      if slot < snapshot.values.count, Self.isSameVariable(snapshot.values[slot], value) {
        continue
      }
      changes.append((name, value))
    }
    return changes.sorted { $0.name < $1.name }
  }

  private static func isSameVariable(_ old: Value, _ new: Value) -> Bool {
    switch (old, new) {
    case (.undefined, .undefined), (.nothing, .nothing): true
    case (.undefined, _): false
    default: Comparing.same(old, new)
    }
  }

  /// Whether two values are the same answer: numbers to nine digits, functions by what they give
  /// on random arguments.
  package func agree(_ a: Value, _ b: Value) -> Bool {
    guard case .function(let f) = a, case .function(let g) = b else {
      return Agreement.holds(a, b, tolerance: 1e-9)
    }
    guard f.prototype.parameters == g.prototype.parameters, let machine else { return false }
    let arity = FunctionSamples.arity(of: a)
    for shape in [[], [4], [4, 2]] {
      var samples = FunctionSamples(shapes: Array(repeating: shape, count: arity))
      var isDecided = false
      for _ in 0..<5 {
        let arguments = samples.next()
        var pair: (Value, Value)?
        var isInterrupted = false
        BigStack.run {
          do {
            pair = (try machine.call(a, arguments), try machine.call(b, arguments))
          } catch {
            isInterrupted = error is Interruption
          }
        }
        if isInterrupted { return false }
        // Arguments of this shape do not suit the functions.
        guard let pair else { break }
        guard Agreement.holds(pair.0, pair.1, tolerance: 1e-9) else { return false }
        isDecided = true
      }
      if isDecided { return true }
    }
    return false
  }
}

extension Value {
  /// The value as one number, nil where it is none.
  package var singleNumber: Double? {
    guard let tensor = plainTensor, tensor.count == 1 else { return nil }
    return tensor.elements[0]
  }

  /// The value as a bool, nil where it is none.
  package var truth: Bool? {
    if case .bool(let bool) = untraced { return bool }
    return nil
  }

  /// The lengths of a tensor's axes, nil for anything else.
  package var tensorShape: [Int]? {
    guard case .tensor(let box) = self else { return nil }
    return box.tensor.shape
  }

  /// Whether it is the value `none`.
  package var isNothing: Bool {
    switch self {
    case .nothing, .undefined: true
    default: false
    }
  }
}
