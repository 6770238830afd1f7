import Glibc
import Synchronization

/// Lets whoever calls kernels stop those that take long.
///
/// A kernel over many elements asks between chunks whether to stop, and then returns at once with
/// numbers that mean nothing. So whoever sets a check has to ask it again after every kernel, and to
/// throw the result away if it says so.
package enum Stopping {
  /// Runs `body`; the kernels it calls on this thread ask `check` whether to stop, some thousand
  /// times a second at most.
  package static func checking<Result>(
    _ check: @escaping () -> Bool, _ body: () throws -> Result
  ) rethrows -> Result {
    let outer = pthread_getspecific(key)
    let box = Check(check)
    pthread_setspecific(key, Unmanaged.passUnretained(box).toOpaque())
    defer { pthread_setspecific(key, outer) }
    return try withExtendedLifetime(box, body)
  }

  /// Whether kernels on this thread are to stop.
  package static var isDue: Bool {
    guard let box = pthread_getspecific(key) else { return false }
    return Unmanaged<Check>.fromOpaque(box).takeUnretainedValue().check()
  }

  private final class Check {
    let check: () -> Bool
    init(_ check: @escaping () -> Bool) { self.check = check }
  }

  /// Carries the check of one thread to others that work for it: only there it is asked, and what it
  /// said is told to the rest.
  final class Relay: Sendable {
    private let isDue = Atomic<Bool>(false)
    private let asker = pthread_self()

    /// Runs `body` on any of these threads.
    func checking(_ body: () -> Void) {
      guard pthread_equal(pthread_self(), asker) != 0 else {
        return Stopping.checking({ self.isDue.load(ordering: .relaxed) }, body)
      }
      guard let box = pthread_getspecific(key) else { return body() }
      let outer = Unmanaged<Check>.fromOpaque(box).takeUnretainedValue()
      Stopping.checking(
        {
          guard outer.check() else { return false }
          self.isDue.store(true, ordering: .relaxed)
          return true
        }, body)
    }
  }

  /// Where a thread keeps its check.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

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
