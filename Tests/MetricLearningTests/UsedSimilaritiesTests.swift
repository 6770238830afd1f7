import Cards
@testable import MetricLearning
import Tensors
import Testing

/// What weights of pairs depend on, as declared and as seen when similarities are moved.
@Suite struct UsedSimilaritiesTests {
  /// Theory §6.2: S is used if adding one constant to all similarities of an anchor changes a weight,
  /// N if moving another one of the same kind does, P if moving one of the other kind does.
  @Test(arguments: WeighedLoss.all)
  func declaredIsWhatMovingSimilaritiesShows(_ weighed: WeighedLoss) throws {
    let loss = try weighed.loss()
    let declared = try #require(loss.usedSimilarities)
    #expect(try seen(loss) == declared, "\(weighed)")
  }

  @Test(arguments: LossCatalog.all)
  func lossesOfPairsDeclareThem(_ kind: LossKind) throws {
    let loss = try kind.make()
    let y = [0, 0, 1, 1]
    let z = Tensor(rows: [[1, 0], [0.8, 0.6], [0, 1], [-0.6, 0.8]])
    let input = LossInput(embeddings: z, labels: y)
    let weighs = (try? loss.pairWeights(input)) != nil
    #expect((loss.usedSimilarities != nil) == weighs, "\(kind.name)")
  }

  private func seen(_ loss: any Loss) throws -> UsedSimilarities {
    let y = [0, 0, 0, 1, 1, 1, 2, 2]
    let n = y.count
    var random = Random(seed: 11)
    var (own, same, other) = (false, false, false)
    func row(_ s: [Double], _ i: Int) throws -> [Double] {
      let weights = try #require(
        try loss.pairWeights(
          similarities: Tensor(shape: [n, n], elements: s), labels: y))
      return Array(weights.elements[i * n..<(i + 1) * n])
    }
    for trial in 0..<80 {
      // Away from 1, where a distance would be 0 and a root has no slope.
      var s = [Double](repeating: 1, count: n * n)
      for i in 0..<n {
        for j in 0..<i {
          let similarity = 1.2 * random.uniform() - 0.7
          (s[i * n + j], s[j * n + i]) = (similarity, similarity)
        }
      }
      let i = trial % n
      let before = try row(s, i)
      var shifted = s
      let constant = 0.4 * (random.uniform() - 0.5)
      for j in 0..<n where j != i { shifted[i * n + j] += constant }
      own = try own || zip(row(shifted, i), before).contains { abs($0 - $1) > 1e-9 }
      for j in 0..<n where j != i {
        var moved = s
        moved[i * n + j] += 0.6 * (random.uniform() - 0.5)
        for (m, (after, before)) in zip(try row(moved, i), before).enumerated()
        where m != j && m != i && abs(after - before) > 1e-9 {
          if (y[m] == y[i]) == (y[j] == y[i]) { same = true } else { other = true }
        }
      }
    }
    return UsedSimilarities(own: own, negative: same, positive: other)
  }
}

/// A loss with the sum for its reduction: a common factor is no weight of a pair.
struct WeighedLoss: Sendable, CustomTestStringConvertible {
  let name: String
  var arguments: [(String, ParameterValue)] = []

  var testDescription: String { "\(name) \(arguments)" }

  func loss() throws -> any Loss {
    let kind = try #require(LossCatalog.named(name))
    let hasReduction = kind.parameters.contains { $0.name == "reduction" }
    return try kind.make(arguments + (hasReduction ? [("reduction", .text("sum"))] : []))
  }

  static let all: [WeighedLoss] = [
    .init(name: "contrastive"), .init(name: "contrastive", arguments: [("form", .text("pml"))]),
    .init(name: "contrastive", arguments: [("form", .text("cosine"))]),
    .init(name: "contrastive", arguments: [("form", .text("hadsell"))]),
    .init(name: "contrastive", arguments: [("form", .text("eq8"))]), .init(name: "triplet"),
    .init(name: "triplet", arguments: [("distance", .text("euclidean"))]),
    .init(name: "triplet", arguments: [("smooth", .bool(true))]),
    .init(name: "triplet", arguments: [("swap", .bool(true))]),
    .init(name: "triplet", arguments: [("mining", .text("semihard"))]),
    .init(name: "triplet", arguments: [("mining", .text("hard"))]), .init(name: "npair"),
    .init(name: "npair_ovo"), .init(name: "lifted"),
    // With margins at which some anchors cost nothing: positives let an anchor count.
    .init(
      name: "lifted",
      arguments: [
        ("form", .text("generalized")), ("margin", .number(0)), ("pos_margin", .number(2.5)),
      ]),
    .init(
      name: "lifted",
      arguments: [
        ("form", .text("generalized")), ("distance", .text("cosine")), ("margin", .number(0)),
        ("pos_margin", .number(-2.5)),
      ]),
    .init(
      name: "lifted", arguments: [("form", .text("similarity")), ("distance", .text("cosine"))]),
    .init(name: "binomial"), .init(name: "margin_loss"),
    .init(name: "margin_loss", arguments: [("form", .text("triplets"))]), .init(name: "nca"),
    .init(name: "nca", arguments: [("form", .text("log"))]), .init(name: "snca"),
    .init(name: "supcon"), .init(name: "supcon", arguments: [("form", .text("in"))]),
    .init(name: "ntxent"), .init(name: "circle", arguments: [("gamma", .number(8))]),
    .init(name: "ms", arguments: [("beta", .number(5))]),
    .init(name: "ms", arguments: [("beta", .number(5)), ("mining", .bool(true))]),
    .init(name: "tuplet_margin", arguments: [("scale", .number(5))]), .init(name: "fastap"),
    .init(name: "intra_pair_variance"),
  ]
}
