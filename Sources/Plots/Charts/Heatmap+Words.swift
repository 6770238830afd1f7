extension Heatmap {
  /// The size and the range of the matrix, and how classes differ from each other.
  public var words: String {
    let survey = Survey(self)
    let size = " map of a \(rows.count) by \(columnCount) matrix"
    var sentences = [(title.isEmpty ? "Heat" : "\(title): heat") + size + "."]
    if !survey.extent.isEmpty {
      sentences.append(
        """
        The entries run from \(compactLabel(survey.extent.lower)) to \
        \(compactLabel(survey.extent.upper)), with mean \(compactLabel(survey.mean)).
        """)
    }
    if let labels, !isEmpty {
      let classes = ClassTable(labels: labels, names: classNames)
      let sections = sides(classes).rows.sections
      let listed = sections.prefix(8).map { section in
        "\(classes.name(section.number ?? 0)) (\(section.range.count))"
      }
      let more = sections.count > 8 ? " and \(sections.count - 8) more" : ""
      sentences.append("Sorted by class: \(listed.joined(separator: ", "))\(more).")
      if isSquare { sentences += contrast(labels) }
    }
    if survey.unusable > 0 {
      sentences.append(
        survey.unusable == 1
          ? "1 entry is nan or infinite." : "\(survey.unusable) entries are nan or infinite.")
    }
    if !note.isEmpty { sentences.append(note.hasSuffix(".") ? note : note + ".") }
    return sentences.joined(separator: " ")
  }

  /// The mean inside classes, off the diagonal, and the mean between classes.
  private func contrast(_ labels: [Int]) -> [String] {
    var (within, withinCount, between, betweenCount) = (0.0, 0.0, 0.0, 0.0)
    for (i, row) in rows.enumerated() {
      for (j, entry) in row.enumerated() where i != j && entry.isDrawable {
        if labels[i] == labels[j] {
          withinCount += 1
          within += (entry - within) / withinCount
        } else {
          betweenCount += 1
          between += (entry - between) / betweenCount
        }
      }
    }
    guard withinCount > 0, betweenCount > 0 else { return [] }
    return [
      """
      The mean is \(compactLabel(within, significant: 3)) within classes (off the diagonal) and \
      \(compactLabel(between, significant: 3)) between them.
      """
    ]
  }
}
