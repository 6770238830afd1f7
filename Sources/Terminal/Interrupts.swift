import Glibc
import Synchronization

/// Ctrl-C: tells whoever runs something, and leaves the program alone otherwise.
public enum Interrupts {
  /// Whether Ctrl-C came since this was last asked.
  private static let wasPressed = Atomic<Bool>(false)
  /// What a press does beside being remembered; a handler may not wait for a lock.
  ///
  /// Written only by `install`, before the handler that reads it is in place.
  nonisolated(unsafe) private static var handler: (@Sendable () -> Void)?

  /// From now on Ctrl-C calls `action` instead of ending the program.
  ///
  /// - Parameter action: runs in a signal handler, so it may do no more than set an atomic, write
  ///   bytes, or end the program at once.
  public static func install(_ action: @escaping @Sendable () -> Void) {
    handler = action
    wasPressed.store(false, ordering: .relaxed)
    var description = sigaction()
    description.__sigaction_handler.sa_handler = { _ in
      Interrupts.handler?()
      Interrupts.wasPressed.store(true, ordering: .relaxed)
    }
    sigaction(SIGINT, &description, nil)
    // A parent may have started this program with the signal blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Whether Ctrl-C came since this was last asked.
  static func takePress() -> Bool { wasPressed.exchange(false, ordering: .relaxed) }

  /// Whether Ctrl-C came, without forgetting it.
  static var isPressed: Bool { wasPressed.load(ordering: .relaxed) }
}
