/// Lets whoever calls kernels stop those that take long.
///
/// A kernel over many elements asks between chunks whether to stop, and then returns at once with
/// numbers that mean nothing. So whoever sets `check` has to ask it again after every kernel, and to
/// throw the result away if it says so.
package enum Stopping {
  /// Whether to stop; asked on the thread that set it, some thousand times a second at most.
  @TaskLocal package static var check: (@Sendable () -> Bool)?

  /// Whether kernels on this thread are to stop.
  package static var isDue: Bool { check?() ?? false }

  /// Elements between two questions: a millisecond's work or less.
  static let chunk = 1 << 16

  /// Calls `body` with ranges that together cover `0..<count`, until it is to stop.
  @inline(__always)
  static func chunks(_ count: Int, _ body: (Range<Int>) -> Void) {
    guard count > chunk else { return body(0..<count) }
    var start = 0
    while start < count {
      let end = Swift.min(start + chunk, count)
      body(start..<end)
      start = end
      if start < count, isDue { return }
    }
  }
}
