/// How the rows of a plot are shared between the plot area and the words above and below it.
struct RowPlan: Sendable {
  var title: TextDrawing
  var legend: TextDrawing
  var notes: TextDrawing
  /// The rows left for the plot area.
  var area: Int

  /// Shares out `rows`; without such a number the area has its `usual` size.
  ///
  /// Where less than three rows would be left for the area, the legend goes first, then the title,
  /// then the notes.
  init(
    rows: Int?, usual: Int, frame: Int, title: TextDrawing, legend: TextDrawing, notes: TextDrawing
  ) {
    (self.title, self.legend, self.notes, area) = (title, legend, notes, usual)
    guard let rows else { return }
    let none = TextDrawing(columns: 0, rows: 0)
    area = rows - frame - title.rows - legend.rows - notes.rows
    for part in [\Self.legend, \Self.title, \Self.notes] where area < 3 {
      area += self[keyPath: part].rows
      self[keyPath: part] = none
    }
    area = max(1, area)
  }

  /// Puts the final words in the places that were kept for them.
  mutating func fill(legend newLegend: TextDrawing, notes newNotes: TextDrawing) {
    if legend.rows > 0 { legend = newLegend }
    if notes.rows > 0 { notes = newNotes }
  }

  /// The whole plot: the words around the framed area, from the column where the area begins, or
  /// further left where they need the room.
  func assembled(around framed: TextDrawing, left: Int, within columns: Int) -> TextDrawing {
    func aligned(_ part: TextDrawing) -> TextDrawing {
      part.indented(by: max(0, min(left, columns - part.columns)))
    }
    return TextDrawing.stacked([aligned(title), framed, aligned(legend), notes], gap: 0)
  }
}
