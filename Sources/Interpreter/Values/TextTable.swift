import Tensors

/// Columns of numbers under their names, elided where they are long.
struct TextTable {
  /// Rows shown before the table is shortened.
  private static let mostRows = 12
  /// Rows shown at the beginning and at the end of one that is.
  private static let ends = (head: 6, tail: 3)

  let text: String

  /// A table under a heading.
  ///
  /// - Parameters:
  ///   - heading: the line above it.
  ///   - columns: names and vectors of `count` numbers or bools.
  ///   - count: how many rows there are.
  init(_ heading: String, columns: [(name: String, values: Value)], count: Int) {
    let isCut = count > Self.mostRows
    let shown =
      isCut ? Array(0..<Self.ends.head) + Array(count - Self.ends.tail..<count) : Array(0..<count)
    let cells = columns.map { name, values -> [String] in
      guard let tensor = values.plainTensor else { return [name] }
      let entries = shown.map { Self.text(tensor, $0) }
      let all = [name] + entries
      let width = all.map(\.count).max() ?? 0
      return all.map { String(repeating: " ", count: width - $0.count) + $0 }
    }
    var lines = [heading]
    for row in 0..<(count == 0 ? 0 : shown.count + 1) {
      if isCut, row == Self.ends.head + 1 {
        lines.append("  ⋮ … \(count - shown.count) more")
      }
      lines.append("  " + cells.map { $0[row] }.joined(separator: "  "))
    }
    text = lines.joined(separator: "\n")
  }

  private static func text(_ tensor: Tensor, _ index: Int) -> String {
    let element = tensor[position: index]
    if tensor.dtype == .bool { return element != 0 ? "true" : "false" }
    if element == element.rounded() { return Formatting.number(element) }
    return Formatting.number(element, precision: 4)
  }
}
