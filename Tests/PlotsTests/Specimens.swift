import Foundation
import Plots

/// One plot of every kind, the same on every machine.
enum Specimens {
  static func all() throws -> [(name: String, plot: Plot)] {
    [
      ("scatter", Plot(try Samples.arrows())),
      ("scatter-regions", Plot(try regions())),
      ("scatter-mined", Plot(try mined())),
      ("curve", Plot(try Samples.training())),
      ("curve-log", Plot(try logarithmic())),
      ("heatmap", Plot(try matrix())),
      ("hist", Plot(try histogram())),
      ("pairs_hist", Plot(pairs())),
      ("bar", Plot(try bars())),
      ("contour", Plot(try contour())),
      ("landscape", Plot(try landscape())),
      ("field", Plot(try field())),
      ("warp", Plot(try warp())),
      ("nested", try nested()),
    ]
  }

  static func regions() throws -> Scatter {
    let (points, labels) = Samples.blobs([(-2, 0), (1, -0.3), (1.6, 1.6)], each: 8, spread: 0.4)
    return try Scatter(
      points: points, labels: labels, title: "who owns the plane",
      regions: .init(
        zip(points, labels).map { .init($0, label: $1) }, name: "nearest neighbour"),
      xLabel: "first", yLabel: "second")
  }

  static func mined() throws -> Scatter {
    let (points, labels) = Samples.blobs([(-1, 0), (1, 0.2)], each: 4, spread: 0.5)
    return try Scatter(
      points: points, labels: labels, title: "a triplet",
      links: [
        .init(anchor: 0, other: 1, isPositive: true), .init(anchor: 0, other: 5, isPositive: false),
      ])
  }

  static func logarithmic() throws -> Curve {
    try Curve(
      series: [Curve.Series("error", y: (0..<30).map { pow(0.6, Double($0)) } + [0, .nan])],
      levels: [Curve.Level("rounding", 1e-5)], logY: true, title: "convergence", xLabel: "step")
  }

  static func matrix() throws -> Heatmap {
    let (points, labels) = Samples.blobs([(-2, 0), (1, -0.3)], each: 3, spread: 0.4)
    return try Heatmap(
      rows: Samples.distances(points), labels: labels, classNames: ["near", "far"],
      title: "distances")
  }

  static func histogram() throws -> Histogram {
    var noise = Samples.Noise(seed: 11)
    return try Histogram(
      (0..<400).map { _ in noise.normal() } + [.nan],
      captions: Captions(title: "noise", xLabel: "value", yLabel: "count"))
  }

  static func pairs() -> PairsHistogram {
    let (points, labels) = Samples.onCircle(each: 20)
    var counts = PairCounts(range: -1...1, margin: 0.5)
    for (i, a) in points.enumerated() {
      for (j, b) in points.enumerated() where j > i {
        counts.add(a.x * b.x + a.y * b.y, isPositive: labels[i] == labels[j])
      }
    }
    return PairsHistogram(
      counts, measure: .cosine, captions: Captions(title: "pairs of three clusters"))
  }

  static func bars() throws -> BarChart {
    try BarChart(
      [0.91, 0.84, -0.12, .nan], names: ["recall@1", "日本語", "gain", "lost"],
      captions: Captions(title: "metrics"))
  }

  static func surface(_ value: (Double, Double) -> Double) -> [[Double]] {
    (0..<41).map { row in (0..<41).map { value(Double($0) / 20 - 1, Double(row) / 20 - 1) } }
  }

  static func contour() throws -> Contour {
    try Contour(
      values: surface { x, y in x * x * x - x + y * y }, x: Limits(-1, 1, axis: .x),
      y: Limits(-1, 1, axis: .y), captions: Captions(title: "x³ − x + y²"))
  }

  static func landscape() throws -> Contour {
    let (points, labels) = Samples.blobs([(-0.6, -0.5), (0.6, 0.5)], each: 5, spread: 0.12)
    let values = surface { x, y in
      zip(points, labels).dropFirst().reduce(0) { sum, other in
        let distance = hypot(other.0.x - x, other.0.y - y)
        return sum + (other.1 == 0 ? distance * distance : max(0, 0.8 - distance))
      }
    }
    return try Contour(
      values: values, x: Limits(-1, 1, axis: .x), y: Limits(-1, 1, axis: .y), points: points,
      labels: labels, moving: 0, captions: Captions(title: "contrastive, one point moves"))
  }

  static func field() throws -> VectorField {
    let (x, y) = try (Limits(-1, 1, axis: .x), Limits(-1, 1, axis: .y))
    // Down towards (−½, 0) and (½, 0), whichever is nearer.
    let vectors = VectorField.nodes(11, x: x, y: y).map { node in
      Point((node.x < 0 ? -0.5 : 0.5) - node.x, -node.y)
    }
    return try VectorField(
      vectors: vectors, columns: 11, x: x, y: y, captions: Captions(title: "two basins"))
  }

  static func warp() throws -> WarpedGrid {
    let places = (0..<41).map { Double($0) / 10 - 2 }
    let lines = stride(from: 0, to: 41, by: 4).map { places[$0] }
    func carried(_ x: Double, _ y: Double) -> Point { Point(tanh(x + 0.4 * y), tanh(y)) }
    return WarpedGrid(
      upright: lines.map { x in places.map { carried(x, $0) } },
      level: lines.map { y in places.map { carried($0, y) } }, x: try Limits(-2, 2, axis: .x),
      y: try Limits(-2, 2, axis: .y), captions: Captions(title: "tanh of a shear"))
  }

  static func nested() throws -> Plot {
    try .above([
      .beside([Plot(histogram()), Plot(contour())]), Plot(bars()),
    ])
  }
}
