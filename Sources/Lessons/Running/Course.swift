import Interpreter

/// A folder of lessons: the files named `NN-name.md`, in the order of their numbers.
public struct Course: Sendable {
  /// One lesson of the folder.
  public struct Entry: Sendable {
    /// The number its file name begins with.
    public let number: Int
    /// The path of its file.
    public let path: String
    /// The file's name without folder and ending: `03-center-vs-contrastive`.
    public let name: String
  }

  /// The lessons, by number.
  public let entries: [Entry]

  /// The lessons among the files of a folder.
  ///
  /// - Parameters:
  ///   - folder: the folder's path.
  ///   - files: the names of its files.
  public init(folder: String, files: [String]) {
    entries = files.compactMap { file in
      guard file.hasSuffix(".md") else { return nil }
      let digits = file.prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits), file.dropFirst(digits.count).hasPrefix("-") else {
        return nil
      }
      return Entry(number: number, path: "\(folder)/\(file)", name: String(file.dropLast(3)))
    }.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
  }

  /// The lesson of a number.
  public func entry(_ number: Int) -> Entry? { entries.first { $0.number == number } }
}

extension Lesson {
  /// The lesson in a file.
  ///
  /// - Throws: `UnreadableLesson` with everything wrong in it; a missing file is one such error.
  public init(contentsOf path: String) throws(UnreadableLesson) {
    guard let text = try? ProgramText.read(path) else {
      throw UnreadableLesson(file: path, errors: [LessonError(line: 1, .notReadable)])
    }
    try self.init(parsing: text, file: path)
  }
}
