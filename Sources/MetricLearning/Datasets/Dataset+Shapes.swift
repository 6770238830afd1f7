import Cards
import Tensors

/// Data sets that are drawn: points in the plane unless said otherwise, rows ordered by class.
///
/// Every one has a generator of its own, from `seed` and its name. All throw `DatasetError` for
/// sizes below 0, lists of another length than there are classes, and numbers out of range.
extension Dataset {
  /// Gaussian clouds around centers at angle 2πk/K on the circle of radius 2.
  ///
  /// The circle lies in the first two of `d` coordinates; for d = 1 centers are at 2k. The last point
  /// of each of the first `outliers` classes goes to −3 times its center.
  public static func blobs(
    _ n: ClassSizes = 150, classes: Int = 3, d: Int = 2, spread: Double = 0.4, outliers: Int = 0,
    seed: UInt64 = 0
  ) throws(DatasetError) -> Dataset {
    let sizes = try n.resolved(defaultClasses: classes)
    try require(d, "d", atLeast: 1)
    try require(spread, "spread", .nonNegative)
    try require(outliers, "outliers", atLeast: 0)
    guard outliers <= sizes.count else {
      throw .outliers(given: outliers, classes: sizes.count)
    }
    var random = Random(seed: seed, name: "blobs")
    func center(_ k: Int) -> [Double] {
      if d == 1 { return [2 * Double(k)] }
      return onCircle(2 * .pi * Double(k) / Double(sizes.count), radius: 2)
        + [Double](repeating: 0, count: d - 2)
    }
    var points = try PointSet(sizes: sizes, width: d)
    points.fill { k, _, _ in center(k) }
    points.addNoise(spread, from: &random)
    for k in 0..<outliers { points.moveLast(of: k, to: center(k).map { -3 * $0 }) }
    return points.dataset("blobs")
  }

  /// Two interleaved half circles, as scikit-learn's.
  public static func moons(
    _ n: ClassSizes = 200, noise: Double = 0.1, seed: UInt64 = 0
  ) throws(DatasetError) -> Dataset {
    try plane("moons", try n.resolved(classes: 2), noise: noise, seed: seed) { k, i, size in
      let t = size > 1 ? .pi * Double(i) / Double(size - 1) : 0
      return k == 0
        ? [Portable.cos(t), Portable.sin(t)] : [1 - Portable.cos(t), 0.5 - Portable.sin(t)]
    }
  }

  /// A circle of radius 1 around one of radius `factor`, as scikit-learn's.
  public static func circles(
    _ n: ClassSizes = 200, noise: Double = 0.05, factor: Double = 0.5, seed: UInt64 = 0
  ) throws(DatasetError) -> Dataset {
    try require(factor, "factor", .nonNegative)
    return try plane("circles", try n.resolved(classes: 2), noise: noise, seed: seed) {
      onCircle(2 * .pi * Double($1) / Double($2), radius: $0 == 0 ? 1 : factor)
    }
  }

  /// Circles around the origin, class k at radius k + 1.
  public static func rings(
    _ n: ClassSizes = 300, classes: Int = 3, noise: Double = 0.05, seed: UInt64 = 0
  ) throws(DatasetError) -> Dataset {
    let sizes = try n.resolved(defaultClasses: classes)
    return try plane("rings", sizes, noise: noise, seed: seed) {
      onCircle(2 * .pi * Double($1) / Double($2), radius: Double($0 + 1))
    }
  }

  /// Spiral arms from radius 0.2 to 2, turned evenly against each other.
  public static func spirals(
    _ n: ClassSizes = 300, classes: Int = 3, turns: Double = 1, noise: Double = 0.05,
    seed: UInt64 = 0
  ) throws(DatasetError) -> Dataset {
    let sizes = try n.resolved(defaultClasses: classes)
    try require(turns, "turns", .finite)
    return try plane("spirals", sizes, noise: noise, seed: seed) { k, i, size in
      let radius = size > 1 ? 0.2 + 1.8 * Double(i) / Double(size - 1) : 0.2
      let angle = 2 * .pi * (turns * radius / 2 + Double(k) / Double(sizes.count))
      return onCircle(angle, radius: radius)
    }
  }

  /// Gaussians at (1, 1) and (−1, −1) against (1, −1) and (−1, 1), alternating.
  public static func xor(
    _ n: ClassSizes = 200, spread: Double = 0.3, seed: UInt64 = 0
  ) throws(DatasetError) -> Dataset {
    let sizes = try n.resolved(classes: 2)
    return try plane("xor", sizes, noise: spread, called: "spread", seed: seed) { k, i, _ in
      let side: Double = i % 2 == 0 ? 1 : -1
      return [side, k == 0 ? side : -side]
    }
  }

  /// Blades of a pinwheel: (1 + 0.3·g₁, 0.05·g₂) turned by 2πk/K + 0.25·e^a.
  public static func pinwheel(
    _ n: ClassSizes = 300, classes: Int = 5, seed: UInt64 = 0
  ) throws(DatasetError) -> Dataset {
    let sizes = try n.resolved(defaultClasses: classes)
    var random = Random(seed: seed, name: "pinwheel")
    var points = try PointSet(sizes: sizes)
    points.fill { k, _, _ in
      let a = 1 + 0.3 * random.normal()
      let b = 0.05 * random.normal()
      let turn = 2 * .pi * Double(k) / Double(sizes.count) + 0.25 * Portable.exp(a)
      let (cosine, sine) = (Portable.cos(turn), Portable.sin(turn))
      return [a * cosine - b * sine, a * sine + b * cosine]
    }
    return points.dataset("pinwheel")
  }

  /// Points evenly on [0, cells]², coloured as a checkerboard; rows are as drawn.
  public static func checkerboard(
    _ n: Int = 400, cells: Int = 4, seed: UInt64 = 0
  ) throws(DatasetError) -> Dataset {
    guard n >= 0 else { throw .negativeSize(n) }
    try require(cells, "cells", atLeast: 1)
    var random = Random(seed: seed, name: "checkerboard")
    let coordinates = random.uniforms(try checkedCount([n, 2])).map { Double(cells) * $0 }
    let labels = (0..<n).map {
      let cell = coordinates[2 * $0].rounded(.down) + coordinates[2 * $0 + 1].rounded(.down)
      return cell.truncatingRemainder(dividingBy: 2) == 0 ? 0 : 1
    }
    return Dataset(
      x: Tensor(shape: [n, 2], elements: coordinates), y: labels, classes: 2,
      name: "checkerboard")
  }

  /// Classes made of `modes` separate clusters each, at equal angles on the unit circle.
  ///
  /// Cluster j belongs to class j mod `classes`. A class's points are shared out over its clusters as
  /// points are over classes, one cluster after the other.
  public static func multimodal(
    _ n: ClassSizes = 200, classes: Int = 2, modes: Int = 2, spread: Double = 0.1,
    seed: UInt64 = 0
  ) throws(DatasetError) -> Dataset {
    let sizes = try n.resolved(defaultClasses: classes)
    try require(modes, "modes", atLeast: 1)
    let clusters = Double(sizes.count) * Double(modes)
    return try plane("multimodal", sizes, noise: spread, called: "spread", seed: seed) {
      k, i, size in
      // The first size % modes clusters have one point more.
      let (share, extra) = size.quotientAndRemainder(dividingBy: modes)
      let inLarger = extra * (share + 1)
      let mode = i < inLarger ? i / (share + 1) : extra + (i - inLarger) / max(1, share)
      return onCircle(2 * .pi * (Double(mode) * Double(sizes.count) + Double(k)) / clusters)
    }
  }

  /// Clouds on the unit sphere: normalize(direction + spread·randn).
  ///
  /// Directions are at angle 2πk/K for d = 2, else random unit vectors drawn first.
  public static func hypersphere(
    _ n: ClassSizes = 200, classes: Int = 3, d: Int = 3, spread: Double = 0.2, seed: UInt64 = 0
  ) throws(DatasetError) -> Dataset {
    let sizes = try n.resolved(defaultClasses: classes)
    try require(d, "d", atLeast: 1)
    try require(spread, "spread", .nonNegative)
    let count = try checkedCount([sizes.count, d])
    var random = Random(seed: seed, name: "hypersphere")
    let directions =
      d == 2
      ? sizes.indices.flatMap { onCircle(2 * .pi * Double($0) / Double(sizes.count)) }
      : Rows(random.normals(count), width: d, normalized: true).elements
    var points = try PointSet(sizes: sizes, width: d)
    points.fill { k, _, _ in Array(directions[k * d..<(k + 1) * d]) }
    points.addNoise(spread, from: &random)
    points.normalize()
    return points.dataset("hypersphere")
  }

  /// Points of the plane at given places, with noise drawn last.
  private static func plane(
    _ name: String, _ sizes: [Int], noise: Double, called parameter: String = "noise",
    seed: UInt64, _ place: (_ k: Int, _ i: Int, _ size: Int) -> [Double]
  ) throws(DatasetError) -> Dataset {
    try require(noise, parameter, .nonNegative)
    var random = Random(seed: seed, name: name)
    var points = try PointSet(sizes: sizes)
    points.fill(place)
    points.addNoise(noise, from: &random)
    return points.dataset(name)
  }
}
