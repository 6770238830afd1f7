import Glibc

/// Reads and writes files for a program, inside the folders it may use.
package struct FileAccess: Sendable {
  /// The folders whose files may be read and written, as absolute paths without links.
  private let roots: [String]
  /// Whether any file may be used.
  private let isUnrestricted: Bool

  /// Files over this size are refused: they would not fit a tensor.
  static let largestFile = 1 << 30

  /// Access to the working folder and the folder of the program's own file.
  package init(programPath: String? = nil, isUnrestricted: Bool = false) {
    self.isUnrestricted = isUnrestricted
    var folders = ["."]
    if let programPath { folders.append(Self.folder(of: programPath)) }
    roots = folders.compactMap(Self.resolved)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// The path of a file that exists: as given, or beside the program's own file.
  private func existing(_ path: String) throws -> String {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw Failure("this is not a file's name", at: .argument(0))
    }
    let candidates = path.hasPrefix("/") ? [path] : [path] + roots.map { "\($0)/\(path)" }
    guard let real = candidates.lazy.compactMap(Self.resolved).first else {
      throw Failure(
        "there is no file \(path)",
        ["It is looked for in the working folder and beside the program's file."],
        at: .argument(0))
    }
    try require(real, called: path)
    return real
  }

  private func require(_ real: String, called path: String) throws {
    let isInside = roots.contains { real == $0 || real.hasPrefix($0 == "/" ? "/" : $0 + "/") }
    guard isInside || isUnrestricted else {
      throw Failure(
        "\(path) is outside the folders a program may use",
        ["Those are the working folder and the file's own. Start with --allow-files for any."],
        at: .argument(0))
    }
  }

  /// The text of a file.
  ///
  /// - Throws: a `Failure` that points at the call's first argument.
  func read(_ path: String) throws -> String {
    let real = try existing(path)
    var status = stat()
    guard stat(real, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure("\(path) is not a file", at: .argument(0))
    }
    guard status.st_size <= Self.largestFile else {
      throw Failure("\(path) is larger than 1 GB", at: .argument(0))
    }
    guard let bytes = Self.bytes(of: real) else {
      throw Failure("\(path) cannot be read", at: .argument(0))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure("\(path) is not UTF-8 text", at: .argument(0))
    }
    return text
  }

  /// All bytes of a file, or nil when it cannot be read.
  package static func bytes(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return ferror(file) == 0 ? bytes : nil
  }
}
