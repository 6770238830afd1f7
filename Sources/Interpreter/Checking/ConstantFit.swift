import Glibc

/// Whether A = a·B + b for one a > 0 and one b, over samples of A and B.
struct ConstantFit {
  /// The entries of both sides on one sample.
  struct Point {
    let a: [Double]
    let b: [Double]
  }

  /// The constants of the closest line; nil where both sides are constant and any would do.
  private(set) var constants: (slope: Double, offset: Double)?
  /// The slope of the closest line.
  private(set) var slope = 1.0
  /// The largest |A − aB − b| of the closest line.
  private(set) var miss = 0.0
  private(set) var verdict = Outcome.Verdict.holds

  /// How far A may be from a·B + b, relative to 1 + |A|.
  private static let tolerance = 1e-9

  init(_ points: [Point]) {
    let ys = points.flatMap(\.a)
    let xs = points.flatMap(\.b)
    guard xs.allSatisfy(\.isFinite), ys.allSatisfy(\.isFinite) else {
      verdict = .undefined
      miss = .infinity
      return
    }
    let count = Double(max(1, xs.count))
    let meanX = xs.reduce(0, +) / count
    let meanY = ys.reduce(0, +) / count
    let covariance = zip(xs, ys).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let variance = xs.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    slope = variance > 0 ? covariance / variance : 1
    let offset = meanY - slope * meanX
    let varyingX = Self.relativeSpread(xs)
    let varyingY = Self.relativeSpread(ys)
    guard varyingX > Self.tolerance || varyingY > Self.tolerance else { return }

    var worst = 0.0
    for (x, y) in zip(xs, ys) {
      let distance = abs(y - slope * x - offset)
      miss = max(miss, distance)
      worst = max(worst, distance / (1 + abs(y)))
    }
    if worst > Self.tolerance {
      verdict = Outcome.Verdict(missing: worst)
    } else if slope <= 0 || varyingY <= Self.tolerance && varyingX > Outcome.beyondRounding {
      // A falls while B rises, or does not move at all: no a > 0 does that.
      verdict = Outcome.Verdict(missing: max(varyingX, varyingY))
    } else {
      constants = (slope, offset)
    }
  }

  /// The distance from the smallest to the largest, relative to 1 + their size.
  private static func relativeSpread(_ values: [Double]) -> Double {
    guard let low = values.min(), let high = values.max() else { return 0 }
    return (high - low) / (1 + max(abs(low), abs(high)))
  }

  // MARK: - The samples that show it

  /// Few of the samples that no constants fit, by their places: one or two that contradict each
  /// other, and three that are on no line.
  static func misfits(_ points: [Point]) -> [[Int]] {
    let best = ConstantFit(points).verdict
    if let alone = points.indices.first(where: { ConstantFit([points[$0]]).verdict >= best }) {
      return [[alone]]
    }
    let found = [widestPair(points, verdict: best), widestTriple(points)].compactMap { $0 }
    return found.isEmpty ? [Array(points.indices)] : found
  }

  /// Two samples of which A falls while B rises, or the like; of all, those whose ratios differ most.
  private static func widestPair(_ points: [Point], verdict: Outcome.Verdict) -> [Int]? {
    var widest: (pair: [Int], gap: Double)?
    for second in points.indices.prefix(40) {
      for first in 0..<second {
        let pair = [points[first], points[second]]
        guard ConstantFit(pair).verdict >= verdict else { continue }
        let gap = abs(logRatio(pair[0]) - logRatio(pair[1]))
        if gap > widest?.gap ?? -1 { widest = ([first, second], gap.isNaN ? 0 : gap) }
      }
    }
    return widest?.pair
  }

  /// The ends of B, and the sample furthest from the line between them.
  private static func widestTriple(_ points: [Point]) -> [Int]? {
    func size(_ index: Int) -> Double { points[index].b.reduce(0, +) }
    guard let low = points.indices.min(by: { size($0) < size($1) }),
      let high = points.indices.max(by: { size($0) < size($1) }), low != high
    else { return nil }
    var worst: (triple: [Int], miss: Double)?
    for index in points.indices where index != low && index != high {
      let triple = [low, high, index].sorted()
      let fit = ConstantFit(triple.map { points[$0] })
      if fit.verdict != .holds, fit.miss > worst?.miss ?? -1 { worst = (triple, fit.miss) }
    }
    return worst?.triple
  }

  private static func logRatio(_ point: Point) -> Double {
    let a = point.a.reduce(0, +)
    let b = point.b.reduce(0, +)
    return a > 0 && b > 0 ? log(a / b) : 0
  }
}
