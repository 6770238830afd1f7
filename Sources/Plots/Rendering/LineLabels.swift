import Typography

/// The names of lines, written next to where each line ends, pushed apart where they would collide.
struct LineLabels: Sendable {
  struct Entry: Sendable {
    /// The glyph in a legend.
    let sample: String
    /// Whether the line has the glyph too, so that it must be told next to the line.
    let isMarked: Bool
    let ink: Ink
    let name: String
    /// The value of a level, which is never cut off; empty for other lines.
    var figure = ""
    /// The value at which the line ends; nil for a line without any.
    let value: Double?

    /// The columns before the name.
    var lead: Int { isMarked ? sample.cellWidth + 1 : 0 }

    var legendEntry: Legend.Entry {
      Legend.Entry(sample: sample, ink: ink, name: name, figure: figure)
    }
  }

  /// The names, one a row, to be placed with its top at the top of the plot area.
  let drawing: TextDrawing

  /// The widest that names may be.
  private static let nameWidth = 24

  /// How wide the drawing is.
  static func width(_ entries: [Entry], lettering: Lettering) -> Int {
    entries.map { $0.lead + text($0, lettering).cellWidth }.max() ?? 0
  }

  /// Labels in at most `rows` rows, each as near as possible to the row that `row` says.
  init(_ entries: [Entry], rows: Int, lettering: Lettering, row: (Double) -> Int?) {
    var drawing = TextDrawing(
      columns: Self.width(entries, lettering: lettering), rows: rows)
    let wanted = entries.map { entry in entry.value.flatMap(row) ?? rows - 1 }
    let order = entries.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    for (index, row) in zip(order, Self.apart(order.map { wanted[$0] }, rows: rows)) {
      let entry = entries[index]
      if entry.isMarked { drawing.write(entry.sample, entry.ink, column: 0, row: row) }
      drawing.write(Self.text(entry, lettering), column: entry.lead, row: row)
    }
    self.drawing = drawing
  }

  /// Rows in ascending order, moved down and then up as little as makes them differ.
  static func apart(_ wanted: [Int], rows: Int) -> [Int] {
    var placed = wanted
    for index in placed.indices.dropFirst() {
      placed[index] = max(placed[index], placed[index - 1] + 1)
    }
    var highest = rows - 1
    for index in placed.indices.reversed() {
      placed[index] = min(placed[index], highest)
      highest = placed[index] - 1
    }
    return placed
  }

  private static func text(_ entry: Entry, _ lettering: Lettering) -> String {
    let name = lettering.fitted(entry.name, to: nameWidth)
    return entry.figure.isEmpty ? name : name.isEmpty ? entry.figure : "\(name) \(entry.figure)"
  }
}
