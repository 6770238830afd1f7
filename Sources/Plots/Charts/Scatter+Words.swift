extension Scatter {
  /// How many points of which classes, where they lie, and which classes meet in cells.
  public var words: String {
    let survey = Survey(self)
    var sentences = [(title.isEmpty ? "Scatter" : "\(title): scatter") + opening(survey)]
    if survey.drawable > 0 {
      sentences.append("x runs from \(range(survey.x)), y from \(range(survey.y)).")
    }
    if survey.present.count > 1 {
      let limits = limits(survey)
      let grid = EqualAspectGrid(
        x: limits.x, y: limits.y, mostColumns: Layout.usual.columns, mostRows: Layout.usual.rows)
      let occupancy = Occupancy(self, on: grid, classes: survey.classes)
      let cells = occupancy.mixedCells
      sentences.append(
        cells == 0
          ? "No two classes share a cell of the drawing."
          : "Several classes share \(counted(cells, "cell")) of the drawing, \(middle(occupancy)).")
    }
    let centerCount = centers.joined().count
    if centerCount > 0 { sentences.append("\(counted(centerCount, "center")) marked.") }
    if survey.longestArrow > 0 {
      let length = compactLabel(survey.longestArrow, significant: 3)
      sentences.append("Each point has an arrow; the longest is \(length).")
    }
    if let regions { sentences.append("Each place belongs to its \(regions.name).") }
    if !links.isEmpty { sentences.append("\(counted(links.count, "mined pair")) joined by lines.") }
    if unitCircle { sentences.append("The unit circle is drawn.") }
    if survey.unusable > 0 {
      sentences.append("\(counted(survey.unusable, "point")) left out: nan or infinite.")
    }
    if !note.isEmpty { sentences.append(note.hasSuffix(".") ? note : note + ".") }
    return sentences.joined(separator: " ")
  }

  private func opening(_ survey: Survey) -> String {
    let points = " plot of \(counted(survey.drawable, "point"))"
    guard labels != nil, survey.drawable > 0 else { return points + "." }
    let present = survey.present
    let listed = present.prefix(8).map { "\(survey.classes.name($0)) (\(survey.counts[$0]))" }
    let more = present.count > 8 ? " and \(present.count - 8) more" : ""
    let classes = present.count == 1 ? "1 class" : "\(present.count) classes"
    return "\(points) in \(classes): \(listed.joined(separator: ", "))\(more)."
  }

  private func range(_ extent: Extent) -> String {
    "\(compactLabel(extent.lower, significant: 3)) to \(compactLabel(extent.upper, significant: 3))"
  }

  /// Where the cells shared by classes lie on average.
  private func middle(_ occupancy: Occupancy) -> String {
    let grid = occupancy.grid
    var (column, row, count) = (0.0, 0.0, 0.0)
    for (index, mark) in occupancy.cells.enumerated() where mark == Occupancy.mixed {
      column += Double(index % grid.columns) + 0.5
      row += Double(index / grid.columns) + 0.5
      count += 1
    }
    let x = grid.x.lower + column / count * grid.unit
    let y = grid.y.upper - row / count * 2 * grid.unit
    return "around (\(compactLabel(x, significant: 2)), \(compactLabel(y, significant: 2)))"
  }
}
