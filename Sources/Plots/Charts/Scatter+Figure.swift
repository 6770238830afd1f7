import Glibc

extension Scatter {
  /// The most points drawn one by one; of more, points that would cover each other are drawn once.
  private static let mostMarks = 4000
  /// The cells each way of the regions of classes.
  private static let regionCells = 160

  /// The chart in the units of its data.
  public var figure: Figure {
    let survey = Survey(self)
    let limits = limits(survey)
    var figure = Figure(
      title: title, x: Figure.Axis(limits: limits.x, label: xLabel),
      y: Figure.Axis(limits: limits.y, label: yLabel), hasEqualAspect: true, layers: [],
      legend: keys(survey), notes: remarks(survey),
      absence: survey.drawable == 0 ? "no points to draw" : "")
    if !hasScale(survey) {
      figure.x.scale = .ticks([])
      figure.y.scale = .ticks([])
    }
    if let regions { figure.layers.append(.tiles(tiles(regions, limits))) }
    if unitCircle {
      let circle = (0...180).map { Point(cos(Double($0) * .pi / 90), sin(Double($0) * .pi / 90)) }
      figure.layers.append(.lines([Figure.Line(points: circle, ink: .faint)]))
    }
    figure.layers += [
      .lines(
        shownLinks.map { link in
          Figure.Line(
            points: [points[link.anchor], points[link.other]],
            ink: link.isPositive ? .plain : .faint, isDashed: !link.isPositive)
        }), .arrows(figureArrows(survey)), .marks(figureMarks(survey, limits)),
      .marks(
        centers.enumerated().flatMap { number, centers in
          let letter = GlyphSet(.unicode).letter(ofClass: number)
          return centers.map { Figure.Mark(point: $0, symbol: .letter(letter), ink: .strong) }
        }), .texts(figureTexts),
    ]
    return figure
  }

  /// Regions as even tiles over a square around all that equal aspect may bring into the picture.
  private func tiles(_ regions: Regions, _ limits: (x: Limits, y: Limits)) -> Figure.Tiles {
    let cells = Self.regionCells
    let reach = 0.75 * max(limits.x.span, limits.y.span)
    func wide(_ limits: Limits) -> Limits {
      Limits(covering: Extent(limits.middle - reach, limits.middle + reach))
    }
    let (x, y) = (wide(limits.x), wide(limits.y))
    let owners = regions.owners(columns: cells, rows: cells, x: x, y: y)
    return Figure.Tiles(
      columns: cells, limits: (x, y), inks: owners.map { $0.map(Ink.series) })
  }

  private func figureArrows(_ survey: Survey) -> [Figure.Arrow] {
    guard let arrows else { return [] }
    let scale = arrowScale(survey)
    return points.indices.compactMap { index in
      let (point, arrow) = (points[index], arrows[index])
      guard point.isDrawable, arrow.isDrawable,
        arrow.length > Picture.shortestArrow * survey.longestArrow
      else { return nil }
      return Figure.Arrow(
        from: point, to: Point(point.x + scale * arrow.x, point.y + scale * arrow.y),
        ink: .series(survey.classes.number(ofPoint: index)))
    }
  }

  private func figureMarks(
    _ survey: Survey, _ limits: (x: Limits, y: Limits)
  ) -> [Figure.Mark] {
    struct Spot: Hashable { let x, y, number: Int }
    var taken: Set<Spot> = []
    let isDense = points.count > Self.mostMarks
    let fineness = 240.0
    return points.enumerated().compactMap { index, point in
      guard point.isDrawable, limits.x.contains(point.x), limits.y.contains(point.y) else {
        return nil
      }
      let number = survey.classes.number(ofPoint: index)
      if isDense {
        let spot = Spot(
          x: Int((point.x - limits.x.lower) / limits.x.span * fineness),
          y: Int((point.y - limits.y.lower) / limits.y.span * fineness), number: number)
        guard taken.insert(spot).inserted else { return nil }
      }
      return Figure.Mark(point: point, symbol: .shape(number), ink: .series(number))
    }
  }

  private var figureTexts: [Figure.Text] {
    guard let pointLabels else { return [] }
    return zip(points, pointLabels).filter { $0.0.isDrawable }.map {
      Figure.Text(text: $1, point: $0, anchor: .start)
    }
  }

  /// The legend without the marks for cells that classes share: on paper they are seen.
  private func keys(_ survey: Survey) -> [Figure.Key] {
    let entries = legendEntries(survey, GlyphSet(.unicode), mixedCells: 0)
    let classes = labels == nil ? 0 : min(survey.present.count, Self.mostLegendClasses)
    return entries.enumerated().map { index, entry in
      let sample: Figure.Key.Sample =
        index < classes
        ? .mark(.shape(survey.present[index]))
        : entry.ink == .faint ? .line(isDashed: entry.isDashed) : .text(entry.sample)
      return Figure.Key(
        sample: sample, ink: entry.ink, name: entry.name, figure: entry.figure)
    }
  }

  private func remarks(_ survey: Survey) -> [String] {
    var remarks = note.isEmpty ? [] : [note]
    if survey.unusable > 0 {
      remarks.append("\(counted(survey.unusable, "point")) left out: nan or infinite.")
    }
    let limits = limits(survey)
    let outside = points.count {
      $0.isDrawable && !(limits.x.contains($0.x) && limits.y.contains($0.y))
    }
    if outside > 0 { remarks.append("\(counted(outside, "point")) outside the limits.") }
    return remarks + linkRemarks
  }

  /// How many links are drawn of how many.
  var linkRemarks: [String] {
    links.count > Self.mostLinks ? ["\(Self.mostLinks) of \(links.count) mined pairs drawn."] : []
  }
}
