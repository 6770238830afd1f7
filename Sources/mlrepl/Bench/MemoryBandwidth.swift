import Foundation

/// How fast this machine moves numbers: the time below which no expression over as many can come.
final class MemoryBandwidth {
  /// What an expression does with memory.
  enum Pattern: CaseIterable {
    /// Reads numbers and keeps hardly any.
    case read
    /// Reads and writes as many.
    case copy
    /// Reads more than it writes.
    case triad

    /// How many buffers it reads or writes.
    var streams: Int {
      switch self {
      case .read: 1
      case .copy: 2
      case .triad: 3
      }
    }
  }

  private let count: Int
  private let a, b: UnsafeMutablePointer<Double>
  /// Where results go, in turns: an expression's last result is still there when the next is made.
  private var results: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>)
  /// Sums of what was read, so that reading is not for nothing.
  private var sums: [Double] = []

  /// Buffers of so many bytes each.
  init(bytes: Int) {
    count = bytes / MemoryLayout<Double>.stride
    (a, b) = (Self.buffer(count), Self.buffer(count))
    results = (Self.buffer(count), Self.buffer(count))
  }

  private static func buffer(_ count: Int) -> UnsafeMutablePointer<Double> {
    let buffer = UnsafeMutablePointer<Double>.allocate(capacity: count)
    buffer.initialize(repeating: 1, count: count)
    return buffer
  }

  deinit { for buffer in [a, b, results.0, results.1] { buffer.deallocate() } }

  /// The seconds a byte takes in a pattern: the best of five tries with one thread and with two.
  func secondsPerByte(_ pattern: Pattern) -> Double {
    let clock = ContinuousClock()
    let best =
      [1, 2].flatMap { threads in
        (0..<5).map { _ in clock.measure { move(pattern, threads: threads) }.seconds }
      }.min() ?? .nan
    return best / Double(pattern.streams * count * MemoryLayout<Double>.stride)
  }

  private func move(_ pattern: Pattern, threads: Int) {
    let share = count / threads
    results = (results.1, results.0)
    // Every thread has a part of the buffers, and of the sums, for itself.
    nonisolated(unsafe) let (a, b, c) = (a, b, results.0)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: threads) { buffer in
      nonisolated(unsafe) let sums = buffer
      sums.initialize(repeating: 0)
      DispatchQueue.concurrentPerform(iterations: threads) { thread in
        let start = thread * share
        switch pattern {
        case .read: sums[thread] = Self.sum(a + start, share)
        case .copy: memcpy(c + start, a + start, share * MemoryLayout<Double>.stride)
        case .triad: Self.triad(a + start, b + start, into: c + start, share)
        }
      }
      self.sums = Array(sums)
    }
  }

  private static func triad(
    _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>,
    into c: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    for i in 0..<count { c[i] = a[i] + 3 * b[i] }
  }

  private static func sum(_ a: UnsafeMutablePointer<Double>, _ count: Int) -> Double {
    let vectors = UnsafeRawPointer(a)
    var sums = (SIMD8<Double>.zero, SIMD8<Double>.zero)
    for i in stride(from: 0, to: count - 15, by: 16) {
      let offset = i * MemoryLayout<Double>.stride
      sums.0 += vectors.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self)
      sums.1 += vectors.loadUnaligned(fromByteOffset: offset + 64, as: SIMD8<Double>.self)
    }
    return (sums.0 + sums.1).sum()
  }
}
