import Tensors

/// What a generator drew for one `for` of a derivation.
struct Drawn {
  var value: Value
  /// The trial it was drawn for, or the entry it is of a list.
  var trial: Int
}

/// One sample: what every generator drew.
typealias Sample = [Drawn]

/// A step on the way to a simpler sample.
enum Simplification {
  case simpler(Drawn)
  /// This step changes nothing here: the next one may.
  case unchanged
  /// The pass is over.
  case end
}

/// Looks for the simplest samples on which a claim still fails.
///
/// Each generator lists its ways to be simpler, in passes of steps. A step that keeps the failure is
/// taken, and tried again in its place; otherwise the next one comes. Passes are gone through until a
/// whole round of them changes nothing.
struct Shrinking {
  let generators: [Generator]
  /// Stops the search where somebody asked for it.
  let poll: () throws -> Void
  /// Whether these samples show the failure too.
  let fails: ([Sample]) throws -> Bool
  /// Simplifications that may still be tried.
  private var attempts = mostAttempts
  private let deadline: ContinuousClock.Instant

  /// Enough for batches of some hundred rows; the clock is for chains that take long themselves.
  private static let mostAttempts = 3000

  init(
    _ generators: [Generator], until deadline: ContinuousClock.Instant,
    poll: @escaping () throws -> Void, fails: @escaping ([Sample]) throws -> Bool
  ) {
    self.generators = generators
    self.deadline = deadline
    self.poll = poll
    self.fails = fails
  }

  /// The simplest samples found, at most as many as were given.
  mutating func simplest(_ samples: [Sample]) throws -> [Sample] {
    var best = samples
    var isImproving = true
    while isImproving, hasBudget {
      isImproving = false
      for (number, generator) in generators.enumerated() {
        for pass in 0..<generator.passCount {
          if try run(pass, of: generator, number, &best) { isImproving = true }
        }
      }
    }
    // Last, since three samples have more room to be simple than two that contradict each other.
    try dropSamples(&best)
    return best
  }

  private var hasBudget: Bool { attempts > 0 && ContinuousClock.now < deadline }

  private mutating func dropSamples(_ samples: inout [Sample]) throws {
    for index in samples.indices.reversed() where samples.count > 1 {
      var fewer = samples
      fewer.remove(at: index)
      _ = try take(fewer, for: &samples)
    }
  }

  /// Runs one pass: over all samples at once where they must stay alike, else one by one.
  private mutating func run(
    _ pass: Int, of generator: Generator, _ number: Int, _ samples: inout [Sample]
  ) throws -> Bool {
    let all = Array(samples.indices)
    let groups = generator.isShared(pass) ? [all] : all.map { [$0] }
    var isImproved = false
    for group in groups {
      var step = 0
      while hasBudget {
        let moves = try group.map { index in
          try generator.simplification(of: samples[index][number], pass: pass, step: step)
        }
        if moves.contains(where: { if case .end = $0 { true } else { false } }) { break }
        var candidate = samples
        var isChanged = false
        for (index, move) in zip(group, moves) {
          guard case .simpler(let drawn) = move else { continue }
          candidate[index][number] = drawn
          isChanged = true
        }
        if isChanged, try take(candidate, for: &samples) {
          isImproved = true
        } else {
          step += 1
        }
      }
    }
    return isImproved
  }

  private mutating func take(_ candidate: [Sample], for samples: inout [Sample]) throws -> Bool {
    guard hasBudget else { return false }
    attempts -= 1
    try poll()
    guard try fails(candidate) else { return false }
    samples = candidate
    return true
  }
}
