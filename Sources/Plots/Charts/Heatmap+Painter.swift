import Typography

extension Heatmap {
  /// Draws the cells of a grid, their frame and the colour bar.
  struct Painter: Sendable {
    let heatmap: Heatmap
    let grid: Grid
    let sides: (rows: Side, columns: Side)
    /// What the sections of rows are called.
    let names: [String?]
    let gutter: Int
    let glyphs: GlyphSet
    private let hasColor: Bool
    private let isAscii: Bool

    init(
      heatmap: Heatmap, grid: Grid, sides: (rows: Side, columns: Side), names: [String?],
      gutter: Int, options: RenderOptions
    ) {
      self.heatmap = heatmap
      self.grid = grid
      self.sides = sides
      self.names = names
      self.gutter = gutter
      glyphs = GlyphSet(options.characters)
      isAscii = options.characters == .ascii
      hasColor = options.color.hasRamp && options.characters != .ascii
    }

    /// The least value, the shades, the greatest value.
    func colorBar(within columns: Int) -> TextDrawing {
      guard !grid.extent.isEmpty else {
        return TextDrawing(lines: ["every entry is nan or infinite"])
      }
      let least = compactLabel(grid.extent.lower, significant: 3)
      if isAscii, case .numbers = grid.style { return TextDrawing(columns: 0, rows: 0) }
      guard grid.extent.lower < grid.extent.upper else {
        return TextDrawing(lines: ["every entry is \(least)"])
      }
      let greatest = compactLabel(grid.extent.upper, significant: 3)
      let steps = max(5, min(20, columns - least.count - greatest.count - 4))
      var bar = TextDrawing(columns: steps + 2, rows: 1)
      bar[0, 0] = Cell(glyphs.frame.vertical, .faint)
      bar[steps + 1, 0] = Cell(glyphs.frame.vertical, .faint)
      for step in 0..<steps {
        bar[step + 1, 0] = shade((Double(step) + 0.5) / Double(steps))
      }
      return TextDrawing.sideBySide(
        [TextDrawing(lines: [least]), bar, TextDrawing(lines: [greatest])], gap: 1)
    }

    /// The cells with lines around and between the sections, and what the rows are.
    func framed() -> TextDrawing {
      let left = gutter + 2
      let columnEdges = edges(grid.columnParts.map(\.count), size: cellWidth, from: left - 1)
      let rowEdges = edges(
        grid.rowParts.map { grid.style == .halves ? $0.count / 2 : $0.count }, size: 1,
        from: hasColumnNumbers ? 1 : 0)
      var drawing = TextDrawing(
        columns: (columnEdges.last ?? 0) + 1, rows: (rowEdges.last ?? 0) + 1)
      drawLines(on: &drawing, columnEdges, rowEdges)
      drawCells(on: &drawing, columnEdges, rowEdges)
      drawRowNames(on: &drawing, rowEdges)
      drawColumnNumbers(on: &drawing, columnEdges)
      return drawing
    }

    private var cellWidth: Int {
      switch grid.style {
      case .numbers(let width): width + 2
      case .shades(let width): width
      case .halves: 1
      }
    }

    /// The places of the lines before, between and after sections of cells.
    private func edges(_ counts: [Int], size: Int, from start: Int) -> [Int] {
      counts.reduce(into: [start]) { edges, count in
        edges.append((edges.last ?? start) + count * size + 1)
      }
    }

    private func drawLines(on drawing: inout TextDrawing, _ columns: [Int], _ rows: [Int]) {
      guard let left = columns.first, let right = columns.last, let top = rows.first,
        let bottom = rows.last
      else { return }
      for row in rows {
        for column in left...right { drawing[column, row] = Cell(glyphs.frame.horizontal, .faint) }
      }
      for column in columns {
        for row in top...bottom {
          let isCrossing = rows.contains(row)
          drawing[column, row] = Cell(
            isCrossing ? crossing(column, row, columns, rows) : glyphs.frame.vertical, .faint)
        }
      }
    }

    private func crossing(_ column: Int, _ row: Int, _ columns: [Int], _ rows: [Int]) -> Character {
      let frame = glyphs.frame
      let (isLeft, isRight) = (column == columns.first, column == columns.last)
      if row == rows.first {
        return isLeft ? frame.topLeft : isRight ? frame.topRight : frame.tickBelow
      }
      if row == rows.last {
        return isLeft ? frame.bottomLeft : isRight ? frame.bottomRight : frame.tickAbove
      }
      return isLeft ? frame.tickRight : isRight ? frame.tickLeft : frame.cross
    }

    private func drawCells(on drawing: inout TextDrawing, _ columns: [Int], _ rows: [Int]) {
      let height = grid.style == .halves ? 2 : 1
      var cellRow = 0
      for (section, parts) in grid.rowParts.enumerated() {
        for row in 0..<parts.count / height {
          var cellColumn = 0
          for (columnSection, columnParts) in grid.columnParts.enumerated() {
            for column in columnParts.indices {
              draw(
                on: &drawing, column: columns[columnSection] + 1 + column * cellWidth,
                row: rows[section] + 1 + row, upper: grid.means[cellRow][cellColumn],
                lower: grid.means[cellRow + height - 1][cellColumn])
              cellColumn += 1
            }
          }
          cellRow += height
        }
      }
    }

    /// Draws one cell, or for halves the two that share a character.
    private func draw(
      on drawing: inout TextDrawing, column: Int, row: Int, upper: Double, lower: Double
    ) {
      switch grid.style {
      case .numbers(let width):
        let text = Grid.number(upper, grid.decimals)
        let padded = String(repeating: " ", count: max(0, width - text.count)) + text
        let part = grid.part(upper)
        if hasColor, let part {
          for (offset, glyph) in (" " + padded + " ").enumerated() {
            drawing[column + offset, row] = Cell(glyph, on: .heat(part))
          }
        } else {
          drawing.write(padded, column: column + 1, row: row)
          // A letter of the ascii ramp next to a number would read as part of it.
          if !isAscii { drawing[column + 1 + width, row] = part.map(shade) ?? .blank }
        }
      case .shades(let width):
        let cell = grid.part(upper).map(shade) ?? Cell("?", .strong)
        for offset in 0..<width { drawing[column + offset, row] = cell }
      case .halves:
        switch (grid.part(upper), grid.part(lower)) {
        case (let upper?, let lower?):
          drawing[column, row] = Cell("▀", .heat(upper), on: .heat(lower))
        case (let upper?, nil): drawing[column, row] = Cell("▀", .heat(upper))
        case (nil, let lower?): drawing[column, row] = Cell("▄", .heat(lower))
        case (nil, nil): drawing[column, row] = Cell("?", .strong)
        }
      }
    }

    private func shade(_ part: Double) -> Cell {
      if hasColor { return Cell("█", .heat(part)) }
      let index = Int(part * Double(glyphs.shades.count))
      return Cell(glyphs.shades[min(max(index, 0), glyphs.shades.count - 1)])
    }

    /// The class beside the middle of its rows, or the number of every few rows.
    private func drawRowNames(on drawing: inout TextDrawing, _ edges: [Int]) {
      if sides.rows.sections[0].number != nil {
        guard grid.rowParts.count == names.count else { return }
        for (index, name) in names.enumerated() {
          let name = name ?? ""
          let row = (edges[index] + 1 + edges[index + 1] - 1) / 2
          drawing.write(name, column: gutter - name.cellWidth, row: row)
        }
      } else {
        let height = grid.style == .halves ? 2 : 1
        let starts = grid.rowParts.joined().map(\.lowerBound)
        for (label, offset) in Self.numbers(
          starts, count: heatmap.rows.count, apart: rowSpacing * height)
        {
          drawing.write(
            label, .faint, column: gutter - label.count, row: edges[0] + 1 + offset / height)
        }
      }
    }

    private var hasColumnNumbers: Bool { sides.columns.sections[0].number == nil }

    private var rowSpacing: Int { if case .numbers = grid.style { 1 } else { 2 } }

    /// The number of every few columns, above them; sorted columns have none.
    private func drawColumnNumbers(on drawing: inout TextDrawing, _ edges: [Int]) {
      guard hasColumnNumbers else { return }
      let starts = grid.columnParts.joined().map(\.lowerBound)
      let width = String(heatmap.columnCount).count
      let apart = max(rowSpacing, (width + 1 + cellWidth) / cellWidth)
      for (label, offset) in Self.numbers(starts, count: heatmap.columnCount, apart: apart) {
        let cell = edges[0] + 1 + offset * cellWidth
        let column: Int
        if case .numbers(let width) = grid.style {
          column = cell + 1 + width - label.count
        } else {
          column = cell
        }
        guard column + label.count <= drawing.columns else { continue }
        drawing.write(label, .faint, column: column, row: 0)
      }
    }

    /// The multiples of a nice step, with the first cell of each, at least so many cells apart.
    private static func numbers(
      _ starts: [Int], count: Int, apart: Int
    ) -> [(label: String, offset: Int)] {
      let perCell = max(1.0, Double(count) / Double(max(1, starts.count)))
      var step = 1
      while Double(step) / perCell < Double(apart), step < count {
        let leading = Int(String(String(step).prefix(1))) ?? 1
        step = leading == 2 ? step / 2 * 5 : step * 2
      }
      return stride(from: 0, to: count, by: step).compactMap { number in
        guard let offset = starts.lastIndex(where: { $0 <= number }) else { return nil }
        return (String(number), offset)
      }
    }
  }
}
