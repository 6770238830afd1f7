import Glibc
import Lessons
import Terminal

/// Finds the course on this machine.
enum LessonFolder {
  /// The course in the folder named by an option or the environment, beside the installed program,
  /// or in the working folder; nil where there is none.
  static func course(named option: String?) -> Course? {
    if let option { return course(in: option) }
    for folder in candidates {
      if let course = course(in: folder) { return course }
    }
    return nil
  }

  private static var candidates: [String] {
    let named = Screen.environment("MLREPL_LESSONS").map { [$0] } ?? []
    return named + beside("lessons")
  }

  /// Where a folder that comes with the program may be.
  static func beside(_ name: String) -> [String] {
    var folders = [name]
    if let program = realpath("/proc/self/exe", nil) {
      defer { free(program) }
      var folder = String(cString: program)
      // Installed, it is in ../share; in a build folder, in a folder above.
      for _ in 0..<5 {
        guard let slash = folder.lastIndex(of: "/") else { break }
        folder = String(folder[..<slash])
        folders += [folder + "/share/mlrepl/\(name)", folder + "/\(name)"]
      }
    }
    return folders
  }

  private static func course(in folder: String) -> Course? {
    guard let files = names(in: folder) else { return nil }
    let course = Course(folder: folder, files: files)
    return course.entries.isEmpty ? nil : course
  }

  /// The names of a folder's files in alphabetical order, nil where it is no folder.
  static func names(in folder: String) -> [String]? {
    guard let directory = opendir(folder) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
