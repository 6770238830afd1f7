import Autodiff
import Cards
@testable import MetricLearning
import Tensors
import TestSupport
import Testing

/// Losses over pairs and triplets that are listed.
@Suite struct LossTuplesTests {
  /// Three classes of points off every kink.
  private static let labels = [0, 0, 1, 1, 2, 2, 0, 1]

  private static func input(_ tuples: LossTuples? = nil) -> LossInput {
    var random = Random(seed: 7)
    return LossInput(
      embeddings: Tensor(shape: [8, 2], elements: random.normals(16).map { 0.6 * $0 }),
      labels: labels, tuples: tuples)
  }

  /// Some pairs, most of them one way round.
  private static let pairs = LossTuples.someOf(labels) { ($0 * 5 + $1 * 3) % 4 != 0 }

  private static func triplets() throws -> LossTuples {
    var (anchor, positive, negative): ([Int], [Int], [Int]) = ([], [], [])
    for a in 0..<8 {
      for p in 0..<8 where p != a && labels[p] == labels[a] {
        for n in 0..<8 where labels[n] != labels[a] && (a + 2 * p + 3 * n) % 3 != 0 {
          anchor.append(a)
          positive.append(p)
          negative.append(n)
        }
      }
    }
    return try LossTuples(anchor: anchor, positive: positive, negative: negative)
  }

  @Test(arguments: TupleSetting.all)
  func allPairsGiveThePlainLoss(_ setting: TupleSetting) throws {
    let loss = try setting.loss()
    let plain = try loss.evaluate(Self.input())
    let listed = try loss.evaluate(Self.input(.someOf(Self.labels) { _, _ in true }))
    #expect(isClose(listed.value, plain.value, tolerance: 1e-12))
    #expect(agree(listed.embeddingGradient, plain.embeddingGradient))
    let weights = try loss.pairWeights(Self.input())
    let listedWeights = try loss.pairWeights(
      Self.input(.someOf(Self.labels) { _, _ in true }))
    if let weights, let listedWeights { #expect(agree(listedWeights, weights)) }
    for half in LossHalf.allCases {
      guard let plain = try loss.evaluate(half, of: Self.input()) else { continue }
      let part = try loss.evaluate(
        half, of: Self.input(.someOf(Self.labels) { _, _ in true }))
      #expect(isClose(try #require(part).value, plain.value, tolerance: 1e-12))
    }
  }

  @Test(arguments: try TupleSetting.all.filter { try !$0.loss().holdsConstants })
  func gradientsAreFiniteDifferences(_ setting: TupleSetting) throws {
    let loss = try setting.loss()
    for tuples in [Self.pairs, try Self.triplets()] {
      let input = Self.input(tuples)
      let result = try loss.evaluate(input)
      #expect(result.value.isFinite)
      let scale = result.embeddingGradient.elements.reduce(1) { max($0, abs($1)) }
      for i in input.embeddings.elements.indices {
        func value(_ step: Double) throws -> Double {
          var moved = input
          moved.embeddings.elements[i] += step
          return try loss.evaluate(moved).value
        }
        let h = 1e-5
        let slope =
          (8 * (try value(h) - value(-h)) - (try value(2 * h) - value(-2 * h))) / (12 * h)
        #expect(abs(slope - result.embeddingGradient.elements[i]) < 1e-6 * scale)
      }
    }
  }

  @Test(arguments: TupleSetting.all)
  func nothingListedGivesZero(_ setting: TupleSetting) throws {
    let none = try LossTuples(anchor: [], positive: [], negative: [])
    let result = try setting.loss().evaluate(Self.input(none))
    #expect(result.value == 0)
    #expect(result.embeddingGradient.elements.allSatisfy { $0 == 0 })
    #expect(result.notices == ["tuples lists nothing: the loss is 0, and so is its gradient"])
  }

  @Test(arguments: TupleSetting.all)
  func orderAndRepetitionDoNotMatter(_ setting: TupleSetting) throws {
    let loss = try setting.loss()
    for tuples in [Self.pairs, try Self.triplets()] {
      let order = Array(tuples.anchor.indices.reversed()) + [0, 3, 3]
      func moved<T>(_ column: [T]) -> [T] { order.map { column[$0] } }
      let other =
        switch tuples.kind {
        case .pairs(let same):
          try LossTuples(
            anchor: moved(tuples.anchor), other: moved(tuples.second), same: moved(same))
        case .triplets(let negative):
          try LossTuples(
            anchor: moved(tuples.anchor), positive: moved(tuples.second),
            negative: moved(negative))
        }
      #expect(
        try loss.evaluate(Self.input(other)).value == loss.evaluate(Self.input(tuples)).value)
    }
  }

  @Test func minedApartIsMinedInside() throws {
    let golden = try GoldenFile.named("losses.json").cases
    var compared = 0
    for mapping in GoldenMapping.all
    where ["ms_pml_mined", "triplet_semihard_pml", "triplet_batch_hard_pml"].contains(
      mapping.golden)
    {
      for golden in golden where golden.loss == mapping.golden {
        let arguments = try mapping.arguments(golden)
        let plain = arguments.filter { !["mining", "mining_margin", "epsilon"].contains($0.0) }
        let loss = try #require(LossCatalog.named(mapping.loss)).make(plain)
        var input = LossInput(
          embeddings: Tensor(rows: try #require(golden.embeddings)),
          labels: try #require(golden.labels))
        let distance = arguments.filter { $0.0 == "distance" }
        func number(_ name: String) -> [(String, ParameterValue)] {
          arguments.filter { $0.0 == name }
        }
        let (word, settings) =
          switch mapping.golden {
          case "ms_pml_mined": ("ms", number("epsilon"))
          case "triplet_semihard_pml":
            ("semihard", distance + number("mining_margin").map { ("margin", $0.1) })
          default: ("hardest", distance)
          }
        let miner = try #require(MinerCatalog.named(word)).make(settings)
        input.tuples = LossTuples(try miner.mine(input.embeddings, labels: input.labels))
        let result = try loss.evaluate(input)
        let name = Comment(rawValue: golden.id)
        if let value = golden.value ?? golden.formulaValue {
          #expect(isClose(result.value, value, tolerance: 1e-8), name)
          compared += 1
        }
      }
    }
    #expect(compared > 30)
  }

  @Test func tripletsAreCountedOneByOne() throws {
    // Two triplets of one anchor; their cross pairs would make four.
    let input = LossInput(
      embeddings: Tensor(rows: [[0, 0], [1, 0], [2, 0], [3, 0], [5, 0]]), labels: [0, 0, 0, 1, 1],
      tuples: try LossTuples(anchor: [0, 0], positive: [1, 2], negative: [3, 4]))
    var loss = Triplet()
    loss.distance = .euclidean
    loss.margin = 4
    loss.reduction = .sum
    // 1 − 3 + 4 and 2 − 5 + 4.
    #expect(try loss.evaluate(input).value == 3)
    var margin = MarginLoss()
    margin.form = .triplets
    margin.distance = .euclidean
    margin.beta = 0
    margin.margin = 0
    margin.reduction = .mean
    // The positives cost 1 and 2, the negatives nothing: four halves.
    #expect(try margin.evaluate(input).value == 0.75)
  }

  @Test func swappedTripletsTakeTheNearerNegative() throws {
    let input = LossInput(
      embeddings: Tensor(rows: [[0, 0], [1, 0], [3, 0]]), labels: [0, 0, 1],
      tuples: try LossTuples(anchor: [0], positive: [1], negative: [2]))
    var loss = Triplet()
    loss.distance = .euclidean
    loss.margin = 4
    loss.swap = true
    let result = try loss.evaluate(input)
    // 1 − min(3, 2) + 4.
    #expect(result.value == 3)
    #expect(result.embeddingGradient.elements == [-1, 0, 2, 0, -1, 0])
  }

  @Test func unorderedPairsCountOnce() throws {
    let once = try LossTuples(anchor: [0], other: [1], same: [true])
    let twice = try LossTuples(anchor: [0, 1], other: [1, 0], same: [true, true])
    for form in [Contrastive.Form.hadsell, .cosine] {
      var loss = Contrastive()
      loss.form = form
      loss.reduction = .sum
      #expect(
        try loss.evaluate(Self.input(once)).value == loss.evaluate(Self.input(twice)).value)
    }
  }

  @Test func whatCannotBeIsNamed() throws {
    func error(_ tuples: LossTuples) -> LossError? {
      do {
        _ = try MultiSimilarity().evaluate(Self.input(tuples))
        return nil
      } catch {
        return error
      }
    }
    #expect(throws: LossError.tupleColumns(lengths: [1, 2, 1])) {
      try LossTuples(anchor: [0], other: [1, 2], same: [true])
    }
    #expect(
      error(try LossTuples(anchor: [0, 8], other: [1, 1], same: [true, true]))
        == .tupleRow(tuple: 1, row: 8, rows: 8))
    #expect(
      error(try LossTuples(anchor: [0], positive: [1], negative: [-1]))
        == .tupleRow(tuple: 0, row: -1, rows: 8))
    #expect(
      error(try LossTuples(anchor: [3], other: [3], same: [true]))
        == .tupleOfOneRow(tuple: 0, row: 3))
    #expect(
      error(try LossTuples(anchor: [0], other: [2], same: [true]))
        == .tupleLabels(tuple: 0, anchor: 0, other: 2, same: true))
    #expect(
      error(try LossTuples(anchor: [0], positive: [1], negative: [6]))
        == .tupleLabels(tuple: 0, anchor: 0, other: 6, same: false))
    let tuples = Self.pairs
    for kind in LossCatalog.all where !kind.takesTuples && !kind.comparesViews {
      #expect(throws: LossError.tuplesUnused(loss: kind.name)) {
        let loss = try kind.make()
        var input = Self.input(tuples)
        if kind.operands.contains("weights") {
          input.weights = try loss.initialWeights(classes: 3, d: 2)
        }
        _ = try loss.evaluate(input)
      }
    }
  }

  private func agree(_ a: Tensor, _ b: Tensor) -> Bool {
    a.shape == b.shape
      && zip(a.elements, b.elements).allSatisfy { isClose($0, $1, tolerance: 1e-10) }
  }
}

/// A loss of pairs or triplets at one of its choices.
struct TupleSetting: Sendable, CustomTestStringConvertible {
  let kind: LossKind
  var arguments: [(String, ParameterValue)] = []

  var testDescription: String { "\(kind.name) \(arguments)" }

  func loss() throws -> any Loss { try kind.make(arguments) }

  /// Every such loss at its defaults, and at every other word and flag.
  static let all = LossCatalog.all.filter(\.takesTuples).flatMap { kind in
    [TupleSetting(kind: kind)]
      + kind.parameters.flatMap { parameter -> [TupleSetting] in
        let values: [ParameterValue] =
          switch parameter.domain {
          case .choice(let words): words.map { .text($0) }
          case .flag: [.bool(true), .bool(false)]
          case .number, .whole: []
          }
        return values.map { TupleSetting(kind: kind, arguments: [(parameter.name, $0)]) }
      }
  }
}

extension LossTuples {
  /// The ordered pairs of rows that a rule keeps.
  fileprivate static func someOf(
    _ labels: [Int], _ keeps: (Int, Int) -> Bool
  ) -> LossTuples {
    var (anchor, other, same): ([Int], [Int], [Bool]) = ([], [], [])
    for a in labels.indices {
      for b in labels.indices where a != b && keeps(a, b) {
        anchor.append(a)
        other.append(b)
        same.append(labels[a] == labels[b])
      }
    }
    // The columns are made together.
    return (try? LossTuples(anchor: anchor, other: other, same: same)) ?? .empty
  }

  private static var empty: LossTuples { LossTuples(TupleTable(most: 0)) }
}
