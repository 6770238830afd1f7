import CKernels
import Glibc

/// How much memory there is, and how much of it the process takes.
package enum Memory {
  /// Elements of a tensor from which it is worth looking at the memory: 8 MB.
  static let noteworthy = 1 << 20

  /// The machine's memory in bytes.
  static let installed = sysconf(Int32(_SC_PHYS_PAGES)) * pageSize

  /// Lets the process keep what it frees, up to a quarter of a gigabyte: tensors of millions of
  /// numbers come and go in loops, and memory from the system is slow the first time it is touched.
  package static func keepFreed() { freed_memory_keep(256 << 20) }

  /// Gives freed memory back to the system.
  static func release() { freed_memory_release() }

  /// What the process takes now, in bytes; 0 where the system does not tell.
  package static var inUse: Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 128)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return 0 }
    let fields = String(decoding: buffer.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * pageSize : 0
  }

  private static let pageSize = sysconf(Int32(_SC_PAGESIZE))
}
