import Typography

extension Heatmap {
  /// The chart as cells: about 60×24 unless a height is given, narrower where there is less room.
  public func drawing(in options: RenderOptions) -> TextDrawing {
    let lettering = Lettering(options.characters)
    let survey = Survey(self)
    let title = TextDrawing(
      lines: lettering.wrapped(title, to: options.columns - 2), ink: .strong)
    guard !isEmpty else {
      let size = "\(rows.count)\(GlyphSet(options.characters).times)\(columnCount)"
      return TextDrawing.stacked([title, TextDrawing(lines: ["nothing to draw: \(size)"])], gap: 0)
    }
    let classes = ClassTable(labels: labels, names: classNames)
    let sides = sides(classes)
    let names = sides.rows.sections.map { section in
      section.number.map { lettering.fitted(classes.name($0), to: min(16, options.columns / 4)) }
    }
    let nameWidth = names.map { $0?.cellWidth ?? 0 }.max() ?? 0
    let hasNumbers = sides.rows.sections[0].number == nil
    let gutter = max(nameWidth, hasNumbers ? String(rows.count - 1).count : 0)

    /// The grid and the rows around it, which depend on whether there is a remark on its blocks.
    func layout(isBinned: Bool) -> (grid: Grid, plan: RowPlan, notes: TextDrawing) {
      let notes = remarks(survey, isBinned: isBinned, lettering, options)
      let plan = RowPlan(
        rows: options.rows, usual: Grid.usual.rows,
        frame: sides.columns.sections[0].number == nil ? 3 : 2, title: title,
        legend: TextDrawing(columns: 1, rows: 1), notes: notes)
      let room = Grid.Room(
        columns: options.columns - gutter - 3, rows: plan.area,
        forShades: options.rows == nil ? Grid.usual.columns : Int.max)
      return (Grid(self, sides, room: room, options), plan, notes)
    }
    var (grid, plan, notes) = layout(isBinned: false)
    if grid.isBinned { (grid, plan, notes) = layout(isBinned: true) }
    let painter = Painter(
      heatmap: self, grid: grid, sides: sides, names: names, gutter: gutter, options: options)
    plan.fill(legend: painter.colorBar(within: options.columns), notes: notes)
    return plan.assembled(around: painter.framed(), left: gutter + 2, within: options.columns)
  }

  private func remarks(
    _ survey: Survey, isBinned: Bool, _ lettering: Lettering, _ options: RenderOptions
  ) -> TextDrawing {
    TextDrawing(
      lines: remarks(survey, isBinned: isBinned).flatMap {
        lettering.wrapped($0, to: options.columns)
      }, ink: .faint)
  }

  /// What is said under the plot.
  func remarks(_ survey: Survey, isBinned: Bool) -> [String] {
    var remarks = note.isEmpty ? [] : [note]
    if survey.unusable > 0 {
      let verb = survey.unusable == 1 ? "is" : "are"
      let noun = survey.unusable == 1 ? "entry" : "entries"
      remarks.append("\(survey.unusable) \(noun) \(verb) nan or infinite, drawn as ?.")
    }
    if isBinned, !survey.extent.isEmpty {
      let (least, greatest) = (
        compactLabel(survey.extent.lower, significant: 3),
        compactLabel(survey.extent.upper, significant: 3)
      )
      remarks.append(
        "\(rows.count)×\(columnCount) entries from \(least) to \(greatest), drawn by the means of blocks."
      )
    }
    return remarks
  }
}

extension Heatmap {
  /// Which entries share which cell, and what the cells show.
  struct Grid: Sendable {
    /// How a cell is drawn.
    enum Style: Hashable, Sendable {
      /// As a number of so many figures, with a shade.
      case numbers(width: Int)
      /// As a shade, so many columns wide.
      case shades(width: Int)
      /// As half of a character, two cells one above the other; needs 256 colours.
      case halves
    }

    /// A size in columns and rows.
    struct Room: Sendable {
      var columns: Int
      var rows: Int
      /// The columns that shades may take; numbers may take all.
      var forShades: Int

      init(columns: Int, rows: Int, forShades: Int = Int.max) {
        self.columns = columns
        self.rows = rows
        self.forShades = min(columns, forShades)
      }
    }

    /// The most columns and rows of cells while no height is asked for.
    static let usual = (columns: 64, rows: 24)
    /// The most rows or columns of a matrix that is shown in numbers.
    static let mostNumbers = 12

    let style: Style
    /// By section, the places in the sides' order that share a row or column of cells.
    let rowParts: [[Range<Int>]]
    let columnParts: [[Range<Int>]]
    /// The mean of each cell's entries, row by row; nan where none can be drawn.
    let means: [[Double]]
    /// The range of the means.
    let extent: Extent
    /// What the numbers are written with.
    let decimals: Int?

    init(
      _ heatmap: Heatmap, _ sides: (rows: Side, columns: Side), room: Room, _ options: RenderOptions
    ) {
      decimals = Self.decimals(heatmap)
      let numberWidth = Self.numberWidth(heatmap, decimals)
      let lines = (rows: sides.rows.sections.count - 1, columns: sides.columns.sections.count - 1)
      let whole = Room(
        columns: heatmap.columnCount + lines.columns, rows: heatmap.rows.count + lines.rows)
      let fitsDown = whole.rows <= room.rows

      let cells: Room
      if fitsDown, numberWidth > 0,
        heatmap.columnCount * (numberWidth + 2) + lines.columns <= room.columns
      {
        (style, cells) = (.numbers(width: numberWidth), whole)
      } else if fitsDown, 2 * heatmap.columnCount + lines.columns <= room.forShades {
        (style, cells) = (.shades(width: 2), whole)
      } else if options.color.hasRamp, options.characters != .ascii {
        let side = heatmap.isSquare ? min(2 * room.rows, room.forShades) : Int.max
        style = .halves
        cells = Room(
          columns: min(side, room.forShades, whole.columns),
          rows: min(side, 2 * room.rows, whole.rows + 1 + lines.rows))
      } else {
        (style, cells) = Self.shared(heatmap, whole: whole, lines: lines.columns, room: room)
      }
      rowParts = sides.rows.divided(into: cells.rows, even: style == .halves)
      columnParts = sides.columns.divided(into: cells.columns)
      means = Self.means(heatmap, sides, rowParts, columnParts)
      var extent = Extent()
      for mean in means.joined() { extent.include(mean) }
      self.extent = extent
    }

    /// Shades for a matrix that does not fit: a square one stays square, any other fills the room.
    private static func shared(
      _ heatmap: Heatmap, whole: Room, lines: Int, room: Room
    ) -> (Style, Room) {
      if heatmap.isSquare {
        let side = min(room.rows, room.forShades / 2)
        return heatmap.columnCount >= 2 * side
          ? (.shades(width: 1), Room(columns: 2 * side, rows: side))
          : (.shades(width: 2), Room(columns: side, rows: side))
      }
      let rows = min(room.rows, whole.rows)
      return 2 * heatmap.columnCount + lines <= room.forShades
        ? (.shades(width: 2), Room(columns: whole.columns, rows: rows))
        : (.shades(width: 1), Room(columns: min(room.forShades, whole.columns), rows: rows))
    }

    /// Whether a cell may show more than one entry.
    var isBinned: Bool {
      rowParts.joined().contains { $0.count > 1 } || columnParts.joined().contains { $0.count > 1 }
    }

    /// Where a value lies between the least and the greatest; nil for one that cannot be drawn.
    func part(_ value: Double) -> Double? {
      guard value.isDrawable else { return nil }
      let span = extent.upper - extent.lower
      return span > 0 ? (value - extent.lower) / span : 0.5
    }

    private static func means(
      _ heatmap: Heatmap, _ sides: (rows: Side, columns: Side), _ rowParts: [[Range<Int>]],
      _ columnParts: [[Range<Int>]]
    ) -> [[Double]] {
      rowParts.joined().map { rowPart in
        columnParts.joined().map { columnPart in
          var (mean, count) = (0.0, 0.0)
          for row in rowPart {
            let entries = heatmap.rows[sides.rows.order[row]]
            for column in columnPart {
              let entry = entries[sides.columns.order[column]]
              guard entry.isDrawable else { continue }
              count += 1
              mean += (entry - mean) / count
            }
          }
          return count > 0 ? mean : .nan
        }
      }
    }

    /// How many decimals show about three figures of the largest entry; nil if they vary too much.
    private static func decimals(_ heatmap: Heatmap) -> Int? {
      var largest = 0.0
      var isWhole = true
      for entry in heatmap.rows.joined() where entry.isDrawable {
        largest = max(largest, abs(entry))
        isWhole = isWhole && entry == entry.rounded()
      }
      if largest >= 1e5 || (largest > 0 && largest < 0.05) { return nil }
      return isWhole || largest >= 100 ? 0 : largest >= 10 ? 1 : 2
    }

    private static func numberWidth(_ heatmap: Heatmap, _ decimals: Int?) -> Int {
      guard max(heatmap.rows.count, heatmap.columnCount) <= mostNumbers else { return 0 }
      return heatmap.rows.joined().map { number($0, decimals).count }.max() ?? 0
    }

    /// An entry as it is written in its cell.
    static func number(_ value: Double, _ decimals: Int?) -> String {
      guard value.isDrawable else { return "?" }
      guard let decimals else { return compactLabel(value, significant: 2) }
      let scale = [1.0, 10, 100][decimals]
      return DecimalNumber(digits: Int((value * scale).rounded()), exponent: -decimals).plainLabel
    }
  }
}
