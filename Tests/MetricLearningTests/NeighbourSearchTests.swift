import TestSupport
import Tensors
import Testing

@testable import MetricLearning

/// The search by tiles against one that looks at every pair.
@Suite struct NeighbourSearchTests {
  /// Rows of many kinds: plain, far from 0, in tight groups, all alike, with equal distances.
  static let sets: [(name: String, z: Tensor)] = {
    var random = Random(seed: 4)
    func normal(_ n: Int, _ d: Int, scale: Double = 1, around: Double = 0) -> Tensor {
      Tensor(shape: [n, d], elements: random.normals(n * d).map { around + scale * $0 })
    }
    let groups = Tensor(
      shape: [140, 3],
      elements: (0..<420).map { Double($0 / 3 % 7) * 100 + 1e-6 * random.normal() })
    let grid = Tensor(shape: [150, 2], elements: (0..<300).map { Double(($0 * 7919) % 5) })
    return [
      ("plain", normal(530, 3)), ("wide", normal(140, 130)), ("far", normal(140, 4, around: 1e6)),
      ("groups", groups),
      ("alike", Tensor(shape: [140, 2], elements: .init(repeating: 3, count: 280))),
      ("grid", grid), ("huge", normal(50, 3, scale: 1e200)), ("tiny", normal(50, 3, scale: 1e-200)),
      ("one", normal(1, 3)), ("none", Tensor(shape: [0, 3], elements: [])),
      ("no width", Tensor(shape: [5, 0], elements: [])),
    ]
  }()

  @Test(arguments: sets.map(\.name), [Distance.euclidean, .cosine, .dot, .sqeuclideanNormalized])
  func searchFindsWhatLookingAtEveryPairFinds(_ name: String, _ distance: Distance) throws {
    let z = try #require(Self.sets.first { $0.name == name }).z
    let rows = Rows(
      z.shape[1] > 0 ? z.elements : .init(repeating: 0, count: z.shape[0]),
      width: max(1, z.shape[1]), normalized: distance.normalizes)
    let depths = [1, 7, 90]
    let found = try depths.map {
      try Retrieval.nearestNeighbours(z, count: $0, distance: distance)
    }
    for row in 0..<z.shape[0] {
      let expected = Self.byEveryPair(around: row, rows, distance)
      for (depth, found) in zip(depths, found) {
        try #require(
          found[row] == Array(expected.prefix(depth)), "row \(row), \(depth) neighbours")
      }
    }
  }

  /// All other rows, nearest first.
  private static func byEveryPair(around row: Int, _ rows: Rows, _ distance: Distance) -> [Int] {
    (0..<rows.count).filter { $0 != row }.map { other in
      let farness =
        distance.isSimilarity ? -rows.dot(row, rows, other) : rows.squaredDistance(row, rows, other)
      return (farness, other)
    }.sorted(by: <).map(\.1)
  }

  /// In the second set the rows that the search looks at first are all close together, so that they
  /// tell nothing about the others.
  @Test(arguments: [false, true]) func limitsAreGuessedFromTheFirstRows(_ isCrowded: Bool) throws {
    let (count, depth) = (2100, 90)
    var random = Random(seed: 5)
    var elements = random.normals(count * 3)
    let first = (0..<512).map { $0 * 1297 % count }
    if isCrowded { for row in first { for k in 0..<3 { elements[row * 3 + k] *= 1e-3 } } }
    let z = Tensor(shape: [count, 3], elements: elements)
    let found = try Retrieval.nearestNeighbours(z, count: depth)
    let rows = Rows(elements, width: 3, normalized: false)
    for row in first.prefix(20) + Array(stride(from: 0, to: count, by: 101)) {
      let expected = Self.byEveryPair(around: row, rows, .euclidean).prefix(depth)
      try #require(found[row] == Array(expected), "row \(row)")
    }
  }

  @Test func singlePrecisionFindsTheSameAsItsNumbersInDouble() throws {
    let z = try #require(Self.sets.first).z.converted(to: .float32)
    #expect(
      try Retrieval.nearestNeighbours(z, count: 9)
        == Retrieval.nearestNeighbours(z.converted(to: .float64), count: 9))
  }

  @Test func threadsChangeNothing() throws {
    let z = try #require(Self.sets.first).z
    let labels = (0..<z.shape[0]).map { $0 % 9 }
    defer { Threads.use(nil) }
    Threads.use(1)
    let alone = try Retrieval.precision(z, labels)
    Threads.use(3)
    #expect(try Retrieval.precision(z, labels) == alone)
  }

  @Test func workedRankingOfTheTheory() {
    let scores = Ranking.scores([true, false, true])
    #expect(isClose(scores.hits, 2.0 / 3))
    #expect(isClose(scores.average, 5.0 / 9))
  }

  @Test func meanAveragePrecisionIsNeverAboveRPrecision() throws {
    for set in Self.sets where set.z.shape[0] > 1 {
      let labels = (0..<set.z.shape[0]).map { $0 % 3 }
      let precision = try Retrieval.precision(set.z, labels)
      guard !precision.atR.isNaN else { continue }
      #expect(precision.meanAverageAtR <= precision.atR + 1e-15, "\(set.name)")
    }
  }

  @Test func rankingOfOneQueryAddsUpToThatOfAll() throws {
    for (name, z) in Self.sets where z.shape[0] > 9 {
      let labels = (0..<z.shape[0]).map { $0 % 9 }
      for z in [z, z.converted(to: .float32)] where z.elements.allSatisfy(\.isFinite) {
        let all = try Retrieval.precision(z, labels)
        let each = try (0..<z.shape[0]).map {
          try Ranking(of: $0, in: z, labels).averagePrecisionAtR
        }
        #expect(isClose(each.reduce(0, +) / Double(each.count), all.meanAverageAtR), "\(name)")
      }
    }
  }

  @Test func votesDecideAndTheNearestBreaksTies() throws {
    let z = Tensor(rows: [[0], [1], [1.5], [4], [4.5]])
    // With one vote row 0 alone is wrong; with four, rows 0 and 3 have ties, which the nearest breaks.
    #expect(try Retrieval.neighbourAccuracy(z, [1, 0, 0, 1, 1], count: 1) == 0.8)
    #expect(try Retrieval.neighbourAccuracy(z, [0, 1, 1, 0, 0], count: 4) == 0.4)
  }
}

private func isClose(_ a: Double, _ b: Double) -> Bool { isClose(a, b, tolerance: 1e-12) }
