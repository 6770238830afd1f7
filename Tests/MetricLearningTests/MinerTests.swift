import Cards
import Foundation
@testable import MetricLearning
import Tensors
import TestSupport
import Testing

/// Miners against their definitions, tuple by tuple.
@Suite struct MinerTests {
  @Test(arguments: MinerCatalog.all)
  func cardsCarryEveryParameter(_ kind: MinerKind) throws {
    for parameter in kind.parameters {
      #expect(kind.card.signature.contains(" \(parameter.name)=\(parameter.defaultValue)"))
    }
    #expect(MinerCatalog.named(kind.word)?.card.name == kind.card.name)
    #expect(throws: LossError.parameter(.unknown(name: "x", known: kind.parameters.map(\.name)))) {
      try kind.make([("x", .number(1))])
    }
  }

  @Test func catalogListsEveryMinerFile() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/MetricLearning/Mining")
    let miners = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { file in
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      return text.contains(/public struct \w+: Miner \{/)
    }
    #expect(Set(miners) == Set(MinerCatalog.all.map { "\($0.typeName).swift" }))
  }

  @Test(arguments: MinedBatch.all)
  func allPairsAreThoseOfALoss(_ batch: MinedBatch) throws {
    let table = try AllPairs().mine(batch.z, labels: batch.y)
    let n = batch.y.count
    #expect(table.count == n * max(0, n - 1))
    let wanted = (0..<n).flatMap { i in (0..<n).filter { $0 != i }.map { (i, $0) } }
    #expect(zip(table.anchor, table.second).elementsEqual(wanted, by: ==))
    #expect(
      zip(table.same, wanted).allSatisfy { $0 == (batch.y[$1.0] == batch.y[$1.1]) })
    for (place, pair) in wanted.enumerated() {
      let d = batch.distance(pair.0, pair.1)
      #expect(isClose(table.distance[place], d, tolerance: 1e-12))
    }
  }

  @Test(arguments: MinedBatch.all)
  func hardPairsAreOutOfOrder(_ batch: MinedBatch) throws {
    let table = try HardPairs().mine(batch.z, labels: batch.y)
    var wanted: [[Int]] = []
    for i in batch.y.indices {
      let nearest = batch.negatives(i).map { batch.distance(i, $0) }.min() ?? .infinity
      let farthest = batch.positives(i).map { batch.distance(i, $0) }.max() ?? -.infinity
      wanted += batch.positives(i).filter { batch.distance(i, $0) > nearest }.map { [i, $0, 1] }
      wanted += batch.negatives(i)
        .filter { batch.distance(i, $0) < farthest && batch.distance(i, $0) < 1 }.map {
          [i, $0, 0]
        }
    }
    let got = (0..<table.count).map {
      [table.anchor[$0], table.second[$0], table.same[$0] ? 1 : 0]
    }
    #expect(got == wanted)
  }

  @Test(arguments: MinedBatch.all)
  func semihardTripletsAreJustBeyondThePositive(_ batch: MinedBatch) throws {
    var miner = SemihardTriplets()
    miner.margin = 0.5
    let table = try miner.mine(batch.z, labels: batch.y)
    var wanted: Set<[Int]> = []
    for i in batch.y.indices {
      for p in batch.positives(i) {
        for n in batch.negatives(i) {
          let gap = batch.distance(i, n) - batch.distance(i, p)
          if gap > 0, gap <= 0.5 { wanted.insert([i, p, n]) }
        }
      }
    }
    let got = (0..<table.count).map { [table.anchor[$0], table.second[$0], table.negative[$0]] }
    #expect(Set(got) == wanted && got.count == wanted.count)
    for k in 0..<table.count {
      #expect(table.violation[k] >= -1e-12 && table.violation[k] < 0.5)
    }
  }

  /// The triplets a loss with the same mining sums over.
  @Test(arguments: MinedBatch.all)
  func minedTripletsMakeTheMinedLoss(_ batch: MinedBatch) throws {
    for (mining, margin) in [(Triplet.Mining.semihard, 0.4), (.hard, 0.0)] {
      var loss = Triplet()
      loss.mining = mining
      loss.margin = margin
      loss.distance = .euclideanNormalized
      loss.reduction = .sum
      var semihard = SemihardTriplets()
      semihard.margin = margin
      let miner: any Miner = mining == .hard ? HardestTriplets() : semihard
      let table = try miner.mine(batch.z, labels: batch.y)
      let value = try loss.evaluate(LossInput(embeddings: batch.z, labels: batch.y)).value
      let sum = table.violation.reduce(0) { $0 + max(0, $1) }
      #expect(isClose(sum, value, tolerance: 1e-12))
    }
  }

  @Test(arguments: MinedBatch.all)
  func multiSimilarityMinerKeepsWhatTheLossWeighs(_ batch: MinedBatch) throws {
    var loss = MultiSimilarity()
    loss.mining = true
    let weights = try #require(
      try loss.pairWeights(LossInput(embeddings: batch.z, labels: batch.y)))
    let table = try MultiSimilarityMiner().mine(batch.z, labels: batch.y)
    let n = batch.y.count
    var kept = [Bool](repeating: false, count: n * n)
    for k in 0..<table.count { kept[table.anchor[k] * n + table.second[k]] = true }
    for i in kept.indices where weights.elements[i] != 0 { #expect(kept[i]) }
    for i in kept.indices where kept[i] { #expect(abs(weights.elements[i]) > 1e-60) }
  }

  @Test(arguments: MinedBatch.all)
  func distanceWeightedDrawsOneNegativePerPositive(_ batch: MinedBatch) throws {
    var miner = DistanceWeighted()
    let table = try miner.mine(batch.z, labels: batch.y)
    let again = try miner.mine(batch.z, labels: batch.y)
    #expect(table.negative == again.negative)
    var wanted: [[Int]] = []
    for i in batch.y.indices
    where batch.negatives(i).contains(where: { batch.distance(i, $0) <= 1.4 }) {
      wanted += batch.positives(i).map { [i, $0] }
    }
    #expect((0..<table.count).map { [table.anchor[$0], table.second[$0]] } == wanted)
    for k in 0..<table.count {
      #expect(batch.y[table.negative[k]] != batch.y[table.anchor[k]])
      #expect(batch.distance(table.anchor[k], table.negative[k]) <= 1.4)
    }
    miner.distance = .cosine
    let cosines = try miner.mine(batch.z, labels: batch.y)
    #expect(cosines.negative == table.negative)
    miner.seed = 1
    if table.count > 30 {
      #expect(try miner.mine(batch.z, labels: batch.y).negative != table.negative)
    }
  }

  /// Of many negatives, each is drawn about as often as 1/q(D) says (theory §8.9).
  @Test func drawsFollowTheDensity() throws {
    let d = 4
    var random = Random(seed: 5)
    let far = Tensor(shape: [6, d], elements: random.normals(6 * d))
    // Two classmates at one place, so that all pairs of them see the same negatives.
    let rows = [[1.0, 0, 0, 0]] + (0..<2000).map { _ in [1.0, 0, 0, 0] }
    var elements = rows.flatMap { $0 }
    elements += far.elements
    let n = rows.count + 6
    let z = Tensor(shape: [n, d], elements: elements)
    let y = [Int](repeating: 0, count: rows.count) + [Int](repeating: 1, count: 6)
    var table = TupleTable(most: 1 << 20)
    var miner = DistanceWeighted()
    miner.upper = 1.99
    let classes = try ClassIndex(y)
    let sphere = Rows(z.elements, width: d, normalized: true)
    miner.choose(
      from: MinedAnchor(0, classes, sphere, .euclideanNormalized, sphere: nil), into: &table)
    #expect(table.count == 2000)
    var chances: [Double] = []
    for k in 0..<6 {
      let D = sphere.measure(0, rows.count + k, by: .euclideanNormalized)
      let q = Portable.exp(
        2 * Portable.log(max(D, 0.5)) + 0.5 * Portable.log(1 - max(D, 0.5) * max(D, 0.5) / 4))
      chances.append(D <= 1.99 ? 1 / q : 0)
    }
    let total = chances.reduce(0, +)
    for k in 0..<6 {
      let share = Double(table.negative.count { $0 == rows.count + k }) / 2000
      #expect(abs(share - chances[k] / total) < 0.05)
    }
  }

  @Test(arguments: MinerCatalog.all)
  func signsTurnForSimilarities(_ kind: MinerKind) throws {
    // On the unit sphere D² = 2 − 2S: the order of pairs is the same.
    let batch = MinedBatch.all[2]
    guard kind.word == "hardest" || kind.word == "all" else { return }
    let by = try kind.make([("distance", .text("cosine"))]).mine(batch.z, labels: batch.y)
    let other = try kind.make([("distance", .text("sqeuclidean_normalized"))])
      .mine(batch.z, labels: batch.y)
    #expect(by.second == other.second && by.negative == other.negative)
    for (s, d) in zip(by.distance, other.distance) {
      #expect(isClose(d, 2 - 2 * s, tolerance: 1e-12))
    }
  }

  @Test func tablesThatAreTooLargeAreRefused() throws {
    let batch = MinedBatch.all[2]
    #expect(throws: LossError.tooManyTuples(Double(24 * 23), most: 25)) {
      try AllPairs().mine(batch.z, labels: batch.y, most: 100)
    }
    #expect(throws: LossError.tooManyTuples(nil, most: 2)) {
      try HardestTriplets().mine(batch.z, labels: batch.y, most: 12)
    }
  }

  @Test func doorIsThatOfTheLosses() {
    #expect(throws: LossError.labelCount(labels: 1, rows: 2)) {
      try AllPairs().mine(Tensor(rows: [[1, 2], [3, 4]]), labels: [0])
    }
    #expect(throws: LossError.notFinite(.embeddings, row: 0, column: 1)) {
      try SemihardTriplets().mine(Tensor(rows: [[1, .nan], [3, 4]]), labels: [0, 1])
    }
  }

  @Test(arguments: MinedBatch.all)
  func countsAreThoseOfTheTuples(_ batch: MinedBatch) throws {
    let counts = try TupleCounts(batch.y)
    var (positives, negatives, triplets): (Int128, Int128, Int128) = (0, 0, 0)
    for i in batch.y.indices {
      let (p, n) = (Int128(batch.positives(i).count), Int128(batch.negatives(i).count))
      positives += p
      negatives += n
      triplets += p * n
    }
    #expect(counts.positivePairs == positives && counts.negativePairs == negatives)
    #expect(counts.triplets == triplets && counts.points == batch.y.count)
  }

  @Test func countsOfAMillionLabelsAreExact() throws {
    // Classes of 1, 2, 3, …: no product fits 64 bits as a number with a fraction.
    let labels = (0..<1_000_000).map { Int(Double(2 * $0).squareRoot().rounded(.down)) }
    let counts = try TupleCounts(labels)
    let n = Int128(labels.count)
    let pairs = counts.classSizes.reduce(Int128(0)) { $0 + Int128($1) * Int128($1) } - n
    #expect(counts.positivePairs == pairs)
    #expect(counts.negativePairs + counts.positivePairs == n * (n - 1))
    let whole = try TupleCounts(
      [Int](repeating: 0, count: 500_000) + [Int](repeating: 1, count: 500_000))
    #expect(String(whole.triplets) == "249999500000000000")
    #expect(String(whole.cubeBytes) == "8000000000000000000")
  }
}

/// Rows and labels to mine.
struct MinedBatch: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let z: Tensor
  let y: [Int]

  static let all: [MinedBatch] = {
    func drawn(_ n: Int, _ d: Int, _ seed: UInt64) -> Tensor {
      var random = Random(seed: seed)
      return Tensor(shape: [n, d], elements: random.normals(n * d))
    }
    return [
      MinedBatch(testDescription: "none", z: Tensor(shape: [0, 2], elements: []), y: []),
      MinedBatch(testDescription: "one", z: Tensor(rows: [[1, 2]]), y: [3]),
      MinedBatch(testDescription: "three classes", z: drawn(24, 3, 1), y: (0..<24).map { $0 % 3 }),
      MinedBatch(testDescription: "one class", z: drawn(7, 2, 2), y: [0, 0, 0, 0, 0, 0, 0]),
      MinedBatch(testDescription: "all distinct", z: drawn(5, 2, 3), y: [4, 3, 2, 1, 0]),
      MinedBatch(
        testDescription: "duplicates and zeros",
        z: Tensor(rows: [[0, 0], [0, 0], [1, 1], [1, 1], [2, 2], [0, 1]]), y: [0, 1, 0, 1, 1, 0]),
      MinedBatch(
        testDescription: "unbalanced", z: drawn(15, 2, 4),
        y: [Int](repeating: 1, count: 13) + [0, 2]),
      MinedBatch(testDescription: "one dimension", z: drawn(8, 1, 5), y: [0, 1, 0, 1, 0, 1, 0, 1]),
    ]
  }()

  func positives(_ i: Int) -> [Int] { y.indices.filter { $0 != i && y[$0] == y[i] } }
  func negatives(_ i: Int) -> [Int] { y.indices.filter { y[$0] != y[i] } }

  /// The Euclidean distance on the unit sphere, as the miners compute it.
  func distance(_ i: Int, _ j: Int) -> Double {
    Rows(z.elements, width: z.shape[1], normalized: true).measure(i, j, by: .euclideanNormalized)
  }
}
