import Typography

/// Sets display mathematics: the rows of a grid below each other, everything else on one line.
struct MathLayout {
  var writer: MathWriter

  /// The lines of the formula, without trailing blanks.
  func lines(_ nodes: [TeXNode]) -> [String] {
    nodes.split(separator: .lineBreak).flatMap { lines(ofPart: Array($0)) }
      .filter { !$0.isEmpty }
  }

  private func lines(ofPart nodes: [TeXNode]) -> [String] {
    for (index, node) in nodes.enumerated() {
      guard case .grid(let grid) = node, grid.rows.count > 1 else { continue }
      return lines(grid, after: Array(nodes[..<index]), before: Array(nodes[(index + 1)...]))
    }
    return [writer.text(nodes)]
  }

  private func lines(_ grid: MathGrid, after head: [TeXNode], before tail: [TeXNode]) -> [String] {
    let rows = aligned(grid)
    let prefix = writer.text(head)
    let margin = prefix.isEmpty ? "" : prefix + " "
    let suffix = writer.text(tail)
    return rows.enumerated().map { index, row in
      let (left, right) = frame(grid.frame, row: index, of: rows.count)
      var line = index == 0 ? margin : String(repeating: " ", count: margin.cellWidth)
      line += left + (right.isEmpty ? row.text : row.padded) + right
      if index == rows.count - 1, !suffix.isEmpty { line += " " + suffix }
      return line.withoutTrailingBlanks
    }
  }

  private typealias Row = (text: String, padded: String)

  private func aligned(_ grid: MathGrid) -> [Row] {
    let cells = grid.rows.map { $0.map(writer.text) }
    let columns = cells.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      cells.map { column < $0.count ? $0[column].cellWidth : 0 }.max() ?? 0
    }
    return cells.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let room = String(repeating: " ", count: max(0, widths[column] - cell.cellWidth))
        let isRight = grid.alignsRelations && column % 2 == 0
        if column > 0 { line += grid.alignsRelations && !isRight ? " " : "  " }
        line += isRight ? room + cell : cell + room
      }
      return (line.withoutTrailingBlanks, line)
    }
  }

  private func frame(_ frame: MathGrid.Frame, row: Int, of count: Int) -> (String, String) {
    let isAscii = writer.notation == .ascii
    func piece(_ pieces: String) -> String {
      let all = Array(pieces)
      return String(row == 0 ? all[0] : row == count - 1 ? all[2] : all[1])
    }
    switch frame {
    case .none: return ("", "")
    case .brace: return ((isAscii ? "{" : braceStroke(row, count)) + " ", "")
    case .brackets: return isAscii ? ("[ ", " ]") : (piece("⎡⎢⎣") + " ", " " + piece("⎤⎥⎦"))
    case .parentheses: return isAscii ? ("( ", " )") : (piece("⎛⎜⎝") + " ", " " + piece("⎞⎟⎠"))
    case .bars: return isAscii ? ("| ", " |") : ("│ ", " │")
    }
  }

  private func braceStroke(_ row: Int, _ count: Int) -> String {
    if row == 0 { return "⎧" }
    if row == count - 1 { return "⎩" }
    return row == count / 2 ? "⎨" : "⎪"
  }
}
