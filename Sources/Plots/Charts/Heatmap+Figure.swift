extension Heatmap {
  /// The most rows or columns of tiles on paper; a larger matrix is drawn by the means of blocks.
  private static let mostTiles = 300

  /// The chart in the units of its rows and columns, row 0 at the top.
  public var figure: Figure {
    let survey = Survey(self)
    let classes = ClassTable(labels: labels, names: classNames)
    let sides = sides(classes)
    guard !isEmpty else {
      let empty = Figure.Axis(limits: Limits(covering: Extent(0, 1)), scale: .ticks([]))
      return Figure(
        title: title, x: empty, y: empty, layers: [],
        absence: "nothing to draw: \(rows.count)×\(columnCount)")
    }
    let room = Grid.Room(columns: Self.mostTiles, rows: Self.mostTiles)
    let grid = Grid(
      self, sides, room: room,
      RenderOptions(columns: Self.mostTiles, characters: .unicode, color: .ansi256))
    let (down, across) = (grid.means.count, grid.means.first?.count ?? 0)
    let hasNumbers = if case .numbers = grid.style { true } else { false }
    let inks = grid.means.joined().map { grid.part($0).map { Ink.heat($0) } }
    let texts = grid.means.joined().map {
      hasNumbers ? Grid.number($0, grid.decimals) : $0.isDrawable ? "" : "?"
    }
    let columnSizes = grid.columnParts.map(\.count)
    let rowSizes = grid.rowParts.map(\.count)
    return Figure(
      title: title,
      x: Figure.Axis(
        limits: Limits(covering: Extent(0, Double(across))),
        scale: .ticks(Self.ticks(sides.columns, columnSizes, of: columnCount, classes))),
      y: Figure.Axis(
        limits: Limits(covering: Extent(0, Double(down))),
        scale: .ticks(
          Self.ticks(sides.rows, rowSizes, of: rows.count, classes).map {
            Tick(value: Double(down) - $0.value, label: $0.label)
          })),
      hasEqualAspect: isSquare,
      layers: [
        .tiles(Figure.Tiles(columns: across, inks: inks, texts: texts)),
        .lines(
          Self.separators(rowSizes).map { row in
            let y = Double(down - row)
            return Figure.Line(points: [Point(0, y), Point(Double(across), y)], ink: .plain)
          }
            + Self.separators(columnSizes).map { column in
              let x = Double(column)
              return Figure.Line(points: [Point(x, 0), Point(x, Double(down))], ink: .plain)
            }),
      ], legend: colorKeys(grid), notes: remarks(survey, isBinned: grid.isBinned))
  }

  /// Where one section of tiles ends and the next begins.
  private static func separators(_ sizes: [Int]) -> [Int] {
    sizes.dropLast().reduce(into: []) { $0.append(($0.last ?? 0) + $1) }
  }

  /// The names of classes at the middles of their sections, or a few of the numbers from 0.
  private static func ticks(
    _ side: Side, _ sizes: [Int], of count: Int, _ classes: ClassTable
  ) -> [Tick] {
    let starts = [0] + separators(sizes)
    let named = zip(side.sections, zip(starts, sizes)).compactMap { section, place in
      section.number.map {
        Tick(value: Double(place.0) + Double(place.1) / 2, label: classes.name($0))
      }
    }
    guard named.isEmpty else { return sizes.count == side.sections.count ? named : [] }
    let tiles = sizes.reduce(0, +)
    let most = max(1, (count + 11) / 12)
    return stride(from: 0, to: count, by: most).map { index in
      Tick(value: (Double(index) + 0.5) * Double(tiles) / Double(count), label: String(index))
    }
  }

  private func colorKeys(_ grid: Grid) -> [Figure.Key] {
    guard !grid.extent.isEmpty, grid.extent.lower < grid.extent.upper else { return [] }
    return stride(from: 1.0, through: 0, by: -0.25).map { part in
      let value = grid.extent.lower + part * (grid.extent.upper - grid.extent.lower)
      return Figure.Key(sample: .bar, ink: .heat(part), name: compactLabel(value, significant: 3))
    }
  }
}
