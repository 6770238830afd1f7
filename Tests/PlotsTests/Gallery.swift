import Foundation
import Plots
import Testing

/// A drawing with a name; its golden copy is `Golden/<name>.txt`.
struct Exhibit: Sendable, CustomTestStringConvertible {
  let name: String
  let plot: Plot
  let options: RenderOptions

  init(_ name: String, _ plot: Plot, _ options: RenderOptions = RenderOptions()) {
    self.name = name
    self.plot = plot
    self.options = options
  }

  var testDescription: String { name }
  var text: String { TextRenderer(options).render(plot) }
}

/// The drawings that are compared with golden copies.
enum Gallery {
  static func exhibits() throws -> [Exhibit] {
    try scatters() + curves() + heatmaps() + compositions()
  }

  /// One plot of each kind of drawing, whatever the window.
  static func plots() throws -> [(name: String, plot: Plot)] {
    try exhibits().filter { $0.options == RenderOptions() || $0.name == "beside" }
      .map { ($0.name, $0.plot) } + Specimens.all()
  }

  private static let ascii = RenderOptions(characters: .ascii)
  private static let unicode = RenderOptions(characters: .unicode)

  private static func scatters() throws -> [Exhibit] {
    let iris = Plot(try Samples.iris())
    let (points, _) = Samples.onCircle(each: 3)
    let hard = try Scatter(
      points: points + [Point(.nan, 0), Point(0, .infinity)], title: "texts at points",
      unitCircle: true, pointLabels: (0..<11).map { "x\($0)" })
    return [
      Exhibit("scatter-classes", iris),
      Exhibit("scatter-classes-ascii", iris, ascii),
      Exhibit("scatter-narrow", iris, RenderOptions(columns: 40)),
      Exhibit("scatter-narrowest", iris, RenderOptions(columns: 20)),
      Exhibit("scatter-low", iris, RenderOptions(columns: 60, rows: 8)),
      Exhibit("scatter-large", iris, RenderOptions(columns: 120, rows: 40)),
      Exhibit("scatter-colour", iris, RenderOptions(color: .ansi256)),
      Exhibit(
        "scatter-circle", Plot(try Scatter(points: [], unitCircle: true)), unicode),
      Exhibit("scatter-centers", Plot(try Samples.centers())),
      Exhibit("scatter-centers-unicode", Plot(try Samples.centers()), unicode),
      Exhibit("scatter-arrows", Plot(try Samples.arrows())),
      Exhibit("scatter-arrows-ascii", Plot(try Samples.arrows()), ascii),
      Exhibit("scatter-labels", Plot(hard)),
      Exhibit("scatter-empty", Plot(try Scatter(points: []))),
      Exhibit("scatter-one-point", Plot(try Scatter(points: [Point(3, 250)], labels: [4]))),
      Exhibit(
        "scatter-on-a-line",
        Plot(
          try Scatter(
            points: (0..<20).map { Point(Double($0 * $0) / 10, 0) },
            labels: (0..<20).map { $0 % 2 }))),
    ]
  }

  private static func curves() throws -> [Exhibit] {
    let training = Plot(try Samples.training())
    let one = try Curve(
      series: [Curve.Series("", y: Samples.loss(300, start: 2.6, floor: 0.1, seed: 2))],
      levels: [Curve.Level("chance", 2.303)], title: "triplet, blobs")
    let log = try Curve(
      series: [
        Curve.Series("error", y: (0..<60).map { $0 == 30 ? 0 : pow(0.75, Double($0)) })
      ], logY: true, title: "distance to the optimum")
    let weights = (0...80).map { Double($0) / 40 - 1 }
    let sigmoid = try Curve(
      series: [
        Curve.Series("triplet", x: weights, y: weights.map { $0 > 0.3 ? 1 : 0 }),
        Curve.Series("NCA", x: weights, y: weights.map { 1 / (1 + exp(-8 * ($0 - 0.3))) }),
        Curve.Series("contrastive", x: weights, y: weights.map { max(0, $0 - 0.1) }),
      ], title: "weight of a negative", xLabel: "cosine with the anchor")
    let gaps = try Curve(
      series: [Curve.Series("", y: [1, 2, .nan, 2, .nan, 3, 4, 5, 4, .infinity, 2, 1])])
    return [
      Exhibit("curve-one", Plot(one)),
      Exhibit("curve-one-unicode", Plot(one), unicode),
      Exhibit("curve-one-ascii", Plot(one), ascii),
      Exhibit("curve-two", training),
      Exhibit("curve-two-ascii", training, ascii),
      Exhibit("curve-narrow", training, RenderOptions(columns: 40)),
      Exhibit("curve-narrowest", training, RenderOptions(columns: 20)),
      Exhibit("curve-low", training, RenderOptions(columns: 80, rows: 8)),
      Exhibit("curve-log", Plot(log)),
      Exhibit("curve-weights", Plot(sigmoid)),
      Exhibit("curve-weights-unicode", Plot(sigmoid), unicode),
      Exhibit("curve-gaps", Plot(gaps)),
      Exhibit("curve-flat", Plot(try Curve(series: [Curve.Series("", y: [2, 2, 2])]))),
      Exhibit("curve-empty", Plot(try Curve(series: []))),
    ]
  }

  private static func heatmaps() throws -> [Exhibit] {
    let (points, labels) = Samples.blobs([(-2, 0), (1, -0.3), (1.6, 1)], each: 3, spread: 0.4)
    let small = try Heatmap(
      rows: Samples.distances(points), labels: labels, classNames: ["red", "green", "blue"],
      title: "distances")
    let (many, manyLabels) = Samples.blobs([(-2, 0), (1, -0.3), (1.6, 1)], each: 40, spread: 0.5)
    let large = try Heatmap(
      rows: Samples.distances(many), labels: manyLabels, title: "distances of 120 points")
    let (some, someLabels) = Samples.blobs([(-2, 0), (1, -0.3)], each: 9, spread: 0.5)
    let middling = try Heatmap(
      rows: Samples.distances(some), labels: someLabels.map { 1 - $0 }, title: "distances")
    let table = try Heatmap(
      rows: [[12, 0, 1], [0, 9, 3], [2, 2, 8], [0, .nan, 13]], title: "confusion")
    let wide = try Heatmap(
      rows: (0..<6).map { i in (0..<300).map { sin(Double($0 * (i + 1)) / 40) } })
    return [
      Exhibit("heatmap-small", Plot(small)),
      Exhibit("heatmap-small-ascii", Plot(small), ascii),
      Exhibit("heatmap-small-colour", Plot(small), RenderOptions(color: .ansi256)),
      Exhibit("heatmap-middling", Plot(middling)),
      Exhibit("heatmap-large", Plot(large)),
      Exhibit("heatmap-large-ascii", Plot(large), ascii),
      Exhibit("heatmap-large-colour", Plot(large), RenderOptions(color: .ansi256)),
      Exhibit("heatmap-narrowest", Plot(large), RenderOptions(columns: 20)),
      Exhibit("heatmap-table", Plot(table)),
      Exhibit("heatmap-wide", Plot(wide)),
    ]
  }

  private static func compositions() throws -> [Exhibit] {
    let pair = try Plot.beside([Plot(Samples.iris()), Plot(Samples.training())])
    return [
      Exhibit("beside", pair, RenderOptions(columns: 120)),
      Exhibit("beside-stacked", pair, RenderOptions(columns: 60)),
    ]
  }
}
