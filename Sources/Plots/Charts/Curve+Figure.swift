extension Curve {
  /// The most values of a line on paper; of more, each stretch by its first, least, greatest and last.
  private static let mostPoints = 4000

  /// The chart in the units of its data; on a logarithmic axis, their decimal logarithms.
  public var figure: Figure {
    let survey = Survey(self)
    // A line at the very edge would be cut in half.
    let across = xLimits == nil ? survey.x.padded(by: 0.02) : survey.x
    let up = yLimits == nil ? survey.y.padded(by: 0.03) : survey.y
    let lines = series.enumerated().map { index, line in
      Figure.Line(points: thinned(points(of: line, survey)), ink: .series(index))
    }
    let heights = levels.compactMap { level in
      survey.height(level.value).map { (level, $0) }
    }.filter { survey.y.contains($0.1) }
    let levelLines = heights.map { _, height in
      Figure.Line(
        points: [Point(across.lower, height), Point(across.upper, height)], ink: .faint,
        isDashed: true)
    }
    let seriesKeys = series.enumerated().compactMap { index, line -> Figure.Key? in
      guard series.count > 1 || !line.name.isEmpty else { return nil }
      return Figure.Key(
        sample: .line(isDashed: false), ink: .series(index),
        name: line.name.isEmpty ? "series \(index)" : line.name)
    }
    let levelKeys = heights.map { level, _ in
      Figure.Key(
        sample: .line(isDashed: true), ink: .faint, name: level.name,
        figure: compactLabel(level.value))
    }
    var x = Figure.Axis(limits: across, scale: survey.countsX ? .counting : .linear)
    x.label = xLabel
    var y = Figure.Axis(limits: up, scale: survey.isLogarithmic ? .logarithmic : .linear)
    y.label = yLabel
    if survey.isEmpty { x.scale = .ticks([]) }
    if survey.hasNoHeights { y.scale = .ticks([]) }
    return Figure(
      title: title, x: x, y: y, layers: [.lines(levelLines), .lines(lines)],
      legend: seriesKeys + levelKeys, notes: remarks(survey), usualRows: 16,
      absence: survey.isEmpty ? "no values to draw" : "")
  }

  private func points(of line: Series, _ survey: Survey) -> [Point] {
    line.y.indices.map { index in
      let point = line.point(index)
      guard let height = survey.height(point.y) else { return Point(.nan, .nan) }
      return Point(point.x, height)
    }
  }

  private func thinned(_ points: [Point]) -> [Point] {
    guard points.count > Self.mostPoints else { return points }
    let width = (points.count * 4 + Self.mostPoints - 1) / Self.mostPoints
    return stride(from: 0, to: points.count, by: width).flatMap { start -> [Point] in
      let part = start..<min(start + width, points.count)
      let drawable = part.filter { points[$0].isDrawable }
      guard drawable.count == part.count,
        let least = drawable.min(by: { points[$0].y < points[$1].y }),
        let greatest = drawable.max(by: { points[$0].y < points[$1].y })
      else { return drawable.map { points[$0] } + [Point(.nan, .nan)] }
      return Set([part.lowerBound, least, greatest, part.upperBound - 1]).sorted().map {
        points[$0]
      }
    }
  }
}
