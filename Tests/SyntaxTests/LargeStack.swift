import Foundation
import Synchronization

/// A result that another thread leaves.
private final class Outcome<Result: Sendable>: Sendable {
  private let stored = Mutex<Result?>(nil)

  var value: Result? {
    get { stored.withLock { $0 } }
    set { stored.withLock { $0 = newValue } }
  }
}

/// What `body` gives on a thread with a stack as large as a session's: parsing recurses as deep as
/// its limit of nesting lets it.
func onLargeStack<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result? {
  let outcome = Outcome<Result>()
  let isDone = DispatchSemaphore(value: 0)
  let thread = Thread {
    outcome.value = body()
    isDone.signal()
  }
  thread.stackSize = 1 << 28
  thread.start()
  isDone.wait()
  return outcome.value
}
