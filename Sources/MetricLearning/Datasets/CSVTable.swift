public import Tensors

/// A table with a name over every column, to be written as CSV and read again by `CSVReader`.
public struct CSVTable: Sendable, Equatable {
  /// What stands in a column.
  public enum Column: Sendable, Equatable {
    /// Numbers, written with as many digits as it takes to read the same ones.
    case numbers([Double])
    /// Words, quoted where they have to be.
    case words([String])

    /// How many rows it has.
    public var count: Int {
      switch self {
      case .numbers(let numbers): numbers.count
      case .words(let words): words.count
      }
    }

    func field(_ row: Int) -> String {
      switch self {
      case .numbers(let numbers): numbers[row].shortestDecimal
      case .words(let words): CSVTable.quoted(words[row])
      }
    }
  }

  private let names: [String]
  private let columns: [Column]

  /// A table of columns of equal length, with different names.
  public init(_ columns: [(name: String, column: Column)]) {
    names = columns.map(\.name)
    self.columns = columns.map(\.column)
    let count = self.columns.first?.count
    precondition(self.columns.allSatisfy { $0.count == count }, "columns differ in length")
  }

  /// The rows of a matrix; columns are called x0, x1, … unless they have names.
  public init(_ matrix: Tensor, names: [String] = []) {
    self.init(Self.columns(of: matrix, names: names))
  }

  /// The points of a data set, and in a last column `label` the names of their classes.
  ///
  /// Without labels there is no such column.
  public init(_ dataset: Dataset) {
    var columns = Self.columns(of: dataset.x, names: dataset.columns)
    if let labels = dataset.y {
      let words = labels.map {
        dataset.names.indices.contains($0) ? dataset.names[$0] : String($0)
      }
      columns.append(("label", .words(words)))
    }
    self.init(columns)
  }

  private static func columns(
    of matrix: Tensor, names: [String]
  ) -> [(name: String, column: Column)] {
    precondition(matrix.rank == 2, "a table is a matrix")
    let width = matrix.shape[1]
    return (0..<width).map { j in
      let numbers = stride(from: j, to: matrix.count, by: width).map { matrix.elements[$0] }
      return (names.count == width ? names[j] : "x\(j)", .numbers(numbers))
    }
  }

  /// The names of all columns.
  public var columnNames: [String] { names }

  /// The text of the file: a header line, then a line for every row.
  ///
  /// - Parameters:
  ///   - limit: the most bytes it may have.
  ///   - poll: asked before every row; what it throws ends the writing.
  /// - Returns: nil if it would be longer.
  public func text(
    limit: Int = .max, poll: () throws -> Void = {}
  ) rethrows -> String? {
    var text = names.map(Self.quoted).joined(separator: ",") + "\n"
    for row in 0..<(columns.first?.count ?? 0) {
      try poll()
      for (place, column) in columns.enumerated() {
        if place > 0 { text += "," }
        text += column.field(row)
      }
      text += "\n"
      if text.utf8.count > limit { return nil }
    }
    return text
  }

  /// A field in quotes if it would otherwise be read as something else.
  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty && !word.utf8.contains { ",\"\n\r".utf8.contains($0) } && word.first != " "
      && word.last != " " && word.first != "\u{feff}"
    return isPlain ? word : "\"" + word.replacing("\"", with: "\"\"") + "\""
  }
}
