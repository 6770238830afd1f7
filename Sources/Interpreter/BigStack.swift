import Glibc

/// Runs code on a thread with a large stack: parsing, evaluating and freeing nested things recurse.
enum BigStack {
  /// Enough for every nesting limit; the system gives memory only for what is touched.
  static let size = 1 << 29

  private final class Work {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// Runs `body` to its end on such a thread while the caller waits.
  static func run(_ body: () -> Void) {
    withoutActuallyEscaping(body) { body in
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      defer { pthread_attr_destroy(&attributes) }
      pthread_attr_setstacksize(&attributes, size)
      var thread = pthread_t()
      let work = Unmanaged.passRetained(Work(body))
      let status = pthread_create(
        &thread, &attributes,
        { context in
          guard let context else { return nil }
          Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
          return nil
        }, work.toOpaque())
      guard status == 0 else {
        // Without a thread to be had, the caller's own stack must do.
        work.takeRetainedValue().body()
        return
      }
      pthread_join(thread, nil)
    }
  }
}
