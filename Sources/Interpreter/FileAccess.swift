import Glibc

/// Reads and writes files for a program, inside the folders it may use.
package struct FileAccess: Sendable {
  /// The folders whose files may be read and written, as absolute paths without links: first the one
  /// that names without a folder are written to.
  private let roots: [String]
  /// Whether any file may be used.
  private let isUnrestricted: Bool

  /// Files over this size are refused: they would not fit a tensor.
  static let largestFile = 1 << 30

  /// Access to the working folder and the folder of the program's own file.
  package init(
    workingFolder: String = ".", programPath: String? = nil, isUnrestricted: Bool = false
  ) {
    self.isUnrestricted = isUnrestricted
    var folders = [workingFolder]
    if let programPath { folders.append(Self.split(programPath).folder) }
    roots = folders.compactMap(Self.resolved)
  }

  /// A path's folder and the name in it.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let name = String(path[path.index(after: slash)...])
    return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  private func requireName(_ path: String) throws {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw Failure("this is not a file's name", at: .argument(0))
    }
  }

  /// The path of a file that exists: as given, or beside the program's own file.
  private func existing(_ path: String) throws -> String {
    try requireName(path)
    let candidates = path.hasPrefix("/") ? [path] : roots.map { "\($0)/\(path)" }
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

  // MARK: - Reading

  /// The text of a file.
  ///
  /// - Throws: a `Failure` that points at the call's first argument.
  func read(_ path: String) throws -> String {
    guard let text = String(validating: try bytes(of: path), as: UTF8.self) else {
      throw Failure("\(path) is not UTF-8 text", at: .argument(0))
    }
    return text
  }

  /// The bytes of a file.
  ///
  /// - Throws: a `Failure` that points at the call's first argument.
  func bytes(of path: String) throws -> [UInt8] {
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
    return bytes
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

  // MARK: - Writing

  /// Writes a file, a new one or in the place of an old one.
  ///
  /// The bytes go to a file beside it first, which then takes its name: whatever goes wrong, the old
  /// file is whole.
  /// - Throws: a `Failure` that points at the call's first argument.
  func write(_ bytes: [UInt8], to path: String) throws {
    let (target, mode) = try place(of: path)
    let (file, draft) = try create(besides: target, called: path)
    guard Self.fill(file, with: bytes, mode: mode), rename(draft, target) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(draft)
      throw Failure("\(path) cannot be written", ["The system says: \(reason)."], at: .argument(0))
    }
  }

  /// Where a file is to be written, and the permissions of the one that is there.
  private func place(of path: String) throws -> (target: String, mode: mode_t?) {
    try requireName(path)
    let (folder, name) = Self.split(path)
    let start = path.hasPrefix("/") ? folder : "\(roots.first ?? ".")/\(folder)"
    guard let real = Self.resolved(start) else {
      throw Failure(
        "there is no folder \(folder)", ["Make it first: files go into folders that are there."],
        at: .argument(0))
    }
    try require(real, called: path)
    var target = real == "/" ? "/\(name)" : "\(real)/\(name)"
    var status = stat()
    guard lstat(target, &status) == 0 else { return (target, nil) }
    if status.st_mode & S_IFMT == S_IFLNK {
      // A link is followed, unless it leads out of the folders or nowhere.
      guard let linked = Self.resolved(target), stat(linked, &status) == 0 else {
        throw Failure("\(path) is a link to nothing", at: .argument(0))
      }
      try require(linked, called: path)
      target = linked
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Failure("\(path) is not a file", ["Choose another name."], at: .argument(0))
    }
    guard access(target, W_OK) == 0 else {
      throw Failure("\(path) may not be written", ["It is write-protected."], at: .argument(0))
    }
    return (target, status.st_mode & 0o7777)
  }

  /// A new file in the same folder, of a name nobody uses.
  private func create(
    besides target: String, called path: String
  ) throws -> (file: Int32, draft: String) {
    let (folder, name) = Self.split(target)
    for attempt in 0..<100 {
      let draft = "\(folder)/.\(name.prefix(80)).\(getpid())-\(attempt)"
      let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if file >= 0 { return (file, draft) }
      guard errno == EEXIST else { break }
    }
    let reason = String(cString: strerror(errno))
    throw Failure("\(path) cannot be written", ["The system says: \(reason)."], at: .argument(0))
  }

  /// Writes all bytes and closes the file; false, with `errno` set, if something went wrong.
  private static func fill(_ file: Int32, with bytes: [UInt8], mode: mode_t?) -> Bool {
    var isDone = mode.map { fchmod(file, $0) == 0 } ?? true
    var written = 0
    while isDone, written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { isDone = false } else { written += count }
    }
    let problem = errno
    let isClosed = close(file) == 0
    if !isDone { errno = problem }
    return isDone && isClosed
  }
}
