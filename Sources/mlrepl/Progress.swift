import Glibc
import Interpreter

/// How far a learner is in a lesson, kept in a small file.
struct Progress {
  /// How many steps are behind them.
  var steps = 0

  private let path: String

  /// The progress in the lesson called `name`; nil where nothing can be kept.
  init?(of name: String) {
    guard let path = StateFolder.path(of: "progress-\(name)") else { return nil }
    self.path = path
    guard let bytes = FileAccess.bytes(of: path) else { return }
    steps = Int(String(decoding: bytes, as: UTF8.self).filter(\.isNumber)) ?? 0
  }

  /// Writes the progress, all of it or nothing.
  func save() {
    let temporary = path + ".new"
    guard let file = fopen(temporary, "w") else { return }
    fputs("\(steps)\n", file)
    fflush(file)
    fsync(fileno(file))
    fclose(file)
    rename(temporary, path)
  }

  /// `done`, or `step 3 of 8`; nothing for a lesson not begun.
  func words(steps count: Int) -> String {
    if steps == 0 { return "" }
    return steps >= count ? "done" : "step \(steps + 1) of \(count)"
  }
}
