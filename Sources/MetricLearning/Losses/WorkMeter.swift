import Tensors

/// Counts work between two looks at whether to stop.
struct WorkMeter {
  /// A millisecond's work or so, in multiplications.
  private static let stretch = 2_000_000

  private var left = stretch
  private var hasStopped = false

  /// Whether to stop, looked at now and then; once it says so it keeps saying so.
  mutating func stops(after work: Int) -> Bool {
    left -= work
    if left < 0, !hasStopped {
      left = Self.stretch
      hasStopped = Stopping.isDue
    }
    return hasStopped
  }
}
