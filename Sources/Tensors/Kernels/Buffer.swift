import Glibc

/// Arrays that kernels fill.
enum Buffer {
  /// From this size on the system is asked for large pages: it then hands out and finds memory in
  /// pieces of megabytes, where millions of numbers otherwise wait for thousands of small pages.
  private static let large = 4 << 20

  /// An array whose elements `body` initializes, all of them.
  @inline(__always)
  static func array<Number>(
    of type: Number.Type = Number.self, count: Int,
    _ body: (UnsafeMutableBufferPointer<Number>) -> Void
  ) -> [Number] {
    // The standard library would write to the storage that all empty arrays share.
    guard count > 0 else { return [] }
    return Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      if count >= large / MemoryLayout<Number>.stride { useLargePages(buffer) }
      body(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initialized = count
    }
  }

  /// An array whose elements `body` writes; it is not called for an empty one.
  @inline(__always)
  static func filled<Number>(
    count: Int, _ body: (UnsafeMutablePointer<Number>) -> Void
  ) -> [Number] {
    array(count: count) { buffer in
      if let y = buffer.baseAddress { body(y) }
    }
  }

  /// Advice only: whether the system takes it changes nothing but the time.
  private static func useLargePages<Number>(_ buffer: UnsafeMutableBufferPointer<Number>) {
    let page = 4096
    let memory = UnsafeMutableRawBufferPointer(buffer)
    guard let start = memory.baseAddress else { return }
    let offset = (page - Int(bitPattern: start) % page) % page
    guard memory.count > offset else { return }
    madvise(start + offset, memory.count - offset, MADV_HUGEPAGE)
  }
}
