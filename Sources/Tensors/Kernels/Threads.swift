import COpenBLAS
import Dispatch
import Glibc
import Synchronization

/// Splits long loops among the processors.
///
/// What a loop gives does not depend on how many there are. OpenBLAS is kept to one thread for that
/// reason: what it shares out itself, it adds up in another order.
package enum Threads {
  /// How many threads a loop may use: as many as there are processors, or as MLREPL_THREADS says.
  package static var count: Int {
    let known = chosen.load(ordering: .relaxed)
    return known > 0 ? known : use(nil)
  }

  /// Uses so many threads from now on; by default what the environment says.
  @discardableResult
  package static func use(_ count: Int?) -> Int {
    let wanted = count ?? getenv("MLREPL_THREADS").flatMap { Int(String(cString: $0)) }
    let count =
      wanted.map { Swift.min(Swift.max($0, 1), 256) } ?? sysconf(Int32(_SC_NPROCESSORS_ONLN))
    _ = knowsProcessor
    openblas_set_num_threads(1)
    chosen.store(Swift.max(count, 1), ordering: .relaxed)
    return Swift.max(count, 1)
  }

  private static let knowsProcessor: Void = openblas_know_processor()

  /// Sees to it that OpenBLAS has one thread and fitting kernels: whoever calls it calls this first.
  static func prepare() { _ = count }

  private static let chosen = Atomic<Int>(0)

  /// Work below which waking another thread costs more than it saves, in nanoseconds.
  private static let worthwhile = 40_000.0

  /// Calls `body` with ranges that together cover `0..<count`, on several threads if that is worth
  /// it, until it is to stop.
  ///
  /// `body` writes nothing that it reads in another range, and calls nothing that stops. An element
  /// takes about `cost` nanoseconds.
  @inline(__always)
  static func chunks(_ count: Int, cost: Double, _ body: (Range<Int>) -> Void) {
    guard Double(count) * cost > worthwhile, Self.count > 1 else {
      return Stopping.chunks(count, body)
    }
    // About two milliseconds of one thread between two questions whether to stop.
    let stretch = Swift.max(Stopping.chunk, Int(2_000_000 / cost))
    var start = 0
    while start < count {
      let end = Swift.min(start + stretch, count)
      split(start..<end, body)
      start = end
      if start < count, Stopping.isDue { return }
    }
  }

  /// Calls `body` for parts of a range side by side.
  private static func split(_ range: Range<Int>, _ body: (Range<Int>) -> Void) {
    // A busy processor leaves its parts to the others.
    let parts = Self.count * 2
    let length = (range.count + parts - 1) / parts
    withoutActuallyEscaping(body) { body in
      // The closure does not outlive this call, and its calls write to different elements.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        let start = range.lowerBound + part * length
        let end = Swift.min(start + length, range.upperBound)
        if start < end { body(start..<end) }
      }
    }
  }

  /// Calls `body` once for every task below `tasks`, each with the number of its worker, below
  /// `count`; a worker does one task after the other.
  ///
  /// Tasks do not write what others read. When the check of the calling thread says so, those of all
  /// workers do. `isWorthwhile` says whether the tasks take long enough for another thread.
  package static func share(
    _ tasks: Int, isWorthwhile: Bool, _ body: (_ task: Int, _ worker: Int) -> Void
  ) {
    let workers = Swift.min(count, tasks)
    guard workers > 1, isWorthwhile else {
      for task in 0..<tasks { body(task, 0) }
      return
    }
    let next = Atomic<Int>(0)
    let relay = Stopping.Relay()
    withoutActuallyEscaping(body) { body in
      // The closure does not outlive this call, and its calls write to different elements.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        relay.checking {
          while true {
            let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard task < tasks else { return }
            body(task, worker)
          }
        }
      }
    }
  }
}
