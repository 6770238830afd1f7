extension Curve {
  /// Where each line begins, ends and is lowest, and what the levels are.
  public var words: String {
    let survey = Survey(self)
    let lines = series.count == 1 ? "Curve" : "\(series.count) curves"
    var sentences = [title.isEmpty ? "\(lines)." : "\(title): \(lines.lowercased())."]
    if !yLabel.isEmpty || !xLabel.isEmpty {
      let axes = [yLabel, xLabel].filter { !$0.isEmpty }
      sentences[0].removeLast()
      sentences[0] += " of " + axes.joined(separator: " over ") + "."
    }
    sentences += series.prefix(8).enumerated().map { described($1, index: $0, survey) }
    if series.count > 8 { sentences.append("\(series.count - 8) more curves.") }
    if !levels.isEmpty {
      sentences.append("Levels: \(levels.map(\.label).joined(separator: ", ")).")
    }
    if logY { sentences.append("The y axis is logarithmic.") }
    if survey.unusable > 0 {
      sentences.append("\(counted(survey.unusable, "value")) left out: nan or infinite.")
    }
    if survey.notPositive > 0 {
      sentences.append("\(counted(survey.notPositive, "value")) left out: not above 0.")
    }
    if !note.isEmpty { sentences.append(note.hasSuffix(".") ? note : note + ".") }
    return sentences.joined(separator: " ")
  }

  private func described(_ line: Series, index: Int, _ survey: Survey) -> String {
    let name = line.name.isEmpty ? (series.count > 1 ? "series \(index)" : "the line") : line.name
    let points = line.y.indices.lazy.map { line.point($0) }.filter {
      $0.x.isDrawable && survey.height($0.y) != nil
    }
    guard let first = points.first, let last = points.last,
      let lowest = points.min(by: { $0.y < $1.y }), let highest = points.max(by: { $0.y < $1.y })
    else { return "\(name) has no values." }
    func value(_ point: Point) -> String {
      "\(compactLabel(point.y)) at \(compactLabel(point.x))"
    }
    return """
      \(name) goes from \(value(first)) to \(value(last)); lowest \(value(lowest)), \
      highest \(value(highest)).
      """
  }
}
