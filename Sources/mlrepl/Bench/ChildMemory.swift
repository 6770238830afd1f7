import Glibc

/// The memory that a run of this program takes.
enum ChildMemory {
  /// The most bytes that a process evaluating a cell had in memory at once; nil where it failed.
  static func peak(of cell: String) -> Int? {
    var process = pid_t()
    let words: [String] = ["mlrepl", "-e", cell]
    let copies: [UnsafeMutablePointer<CChar>?] = words.map { word in strdup(word) }
    defer { for copy in copies { free(copy) } }
    var arguments = copies + [nil]
    guard posix_spawn(&process, "/proc/self/exe", nil, nil, &arguments, environ) == 0 else {
      return nil
    }
    var status: Int32 = 0
    var usage = rusage()
    guard wait4(process, &status, 0, &usage) == process, status == 0 else { return nil }
    // Linux counts in kibibytes.
    return usage.ru_maxrss * 1024
  }
}
