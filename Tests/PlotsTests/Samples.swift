import Foundation
import Plots

/// Data for drawings that are the same on every machine.
enum Samples {
  /// A small linear congruential generator; the drawings need no better one.
  struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// Uniform in 0..<1.
    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24)
    }

    /// About normal, with standard deviation 1.
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
  }

  /// Points around centres, so many of each.
  static func blobs(_ centers: [(Double, Double)], each: Int, spread: Double) -> ([Point], [Int]) {
    var noise = Noise(seed: 7)
    var points: [Point] = []
    var labels: [Int] = []
    for (label, center) in centers.enumerated() {
      for _ in 0..<each {
        points.append(
          Point(center.0 + spread * noise.normal(), center.1 + spread * noise.normal()))
        labels.append(label)
      }
    }
    return (points, labels)
  }

  /// Points on the unit circle in three clusters.
  static func onCircle(each: Int) -> ([Point], [Int]) {
    var noise = Noise(seed: 3)
    var points: [Point] = []
    var labels: [Int] = []
    for label in 0..<3 {
      for _ in 0..<each {
        let angle = 2.1 * Double(label) + 0.5 + 0.25 * noise.normal()
        points.append(Point(cos(angle), sin(angle)))
        labels.append(label)
      }
    }
    return (points, labels)
  }

  /// A loss that falls from `start` to `floor`, with noise.
  static func loss(_ count: Int, start: Double, floor: Double, seed: UInt64) -> [Double] {
    var noise = Noise(seed: seed)
    return (0..<count).map { step in
      let t = Double(step) / Double(max(1, count - 1))
      return floor + (start - floor) * exp(-5 * t) * (1 + 0.08 * noise.normal())
    }
  }

  /// The distances between all pairs.
  static func distances(_ points: [Point]) -> [[Double]] {
    points.map { a in points.map { b in hypot(a.x - b.x, a.y - b.y) } }
  }

  /// The embedding of three classes that most drawings show.
  static func iris(title: String = "iris, centre loss") throws(PlotError) -> Scatter {
    let (points, labels) = blobs([(-2.6, 0.2), (0.6, -0.3), (1.9, 0.4)], each: 50, spread: 0.42)
    return try Scatter(
      points: points, labels: labels, classNames: ["setosa", "versicolor", "virginica"],
      title: title, note: "PCA 2 of 4, 97% of the variance")
  }

  /// Points of three classes with arrows to the middle of their class.
  static func arrows() throws(PlotError) -> Scatter {
    let middles = [Point(-0.7, 0.6), Point(0.8, 0.5), Point(0.1, -0.8)]
    let (points, labels) = blobs(middles.map { ($0.x, $0.y) }, each: 6, spread: 0.28)
    return try Scatter(
      points: points, labels: labels, title: "center: minus the gradient", unitCircle: true,
      arrows: zip(points, labels).map { point, label in
        Point(middles[label].x - point.x, middles[label].y - point.y)
      })
  }

  /// Points on the unit circle with two centres per class.
  static func centers() throws(PlotError) -> Scatter {
    let (points, labels) = onCircle(each: 14)
    func place(at angle: Double) -> Point { Point(cos(angle), sin(angle)) }
    return try Scatter(
      points: points, labels: labels, title: "SoftTriple, K = 2", unitCircle: true,
      centers: (0..<3).map {
        [place(at: 2.1 * Double($0) + 0.3), place(at: 2.1 * Double($0) + 0.8)]
      }
    )
  }

  /// Two losses with levels to compare them with.
  static func training() throws(PlotError) -> Curve {
    try Curve(
      series: [
        Curve.Series("train", y: loss(200, start: 2.9, floor: 0.2, seed: 5)),
        Curve.Series("held out", y: loss(200, start: 2.8, floor: 0.9, seed: 9)),
      ],
      levels: [Curve.Level("chance", 2.303), Curve.Level("collapse", 0.693)],
      title: "cross-entropy on digits", xLabel: "step", yLabel: "loss")
  }
}
