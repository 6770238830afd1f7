/// The registers of all calls under way, in segments that never move.
struct RegisterStack {
  private struct Segment {
    let base: UnsafeMutablePointer<Value>
    let capacity: Int
    var used = 0
  }

  private var segments: [Segment] = []
  private var current = -1
  private var total = 0

  /// Registers of all calls together: what keeps a runaway recursion from taking all memory.
  static let limit = 16_000_000
  private static let segmentSize = 65_536

  /// `count` registers without a value, or nil past the limit.
  mutating func allocate(_ count: Int) -> UnsafeMutablePointer<Value>? {
    guard total + count <= Self.limit else { return nil }
    if current < 0 || segments[current].used + count > segments[current].capacity {
      current += 1
      if current < segments.count, segments[current].capacity < count {
        segments[current].base.deallocate()
        segments.remove(at: current)
      }
      if current == segments.count || segments[current].capacity < count {
        let capacity = max(Self.segmentSize, count)
        let base = UnsafeMutablePointer<Value>.allocate(capacity: capacity)
        segments.insert(Segment(base: base, capacity: capacity), at: current)
      }
    }
    let base = segments[current].base + segments[current].used
    base.initialize(repeating: .undefined, count: count)
    segments[current].used += count
    total += count
    return base
  }

  /// Gives back the registers allocated last.
  mutating func release(_ base: UnsafeMutablePointer<Value>, count: Int) {
    base.deinitialize(count: count)
    segments[current].used -= count
    total -= count
    while current > 0, segments[current].used == 0 { current -= 1 }
  }

  /// Frees the memory; every register must have been released.
  func deallocate() {
    for segment in segments { segment.base.deallocate() }
  }
}
