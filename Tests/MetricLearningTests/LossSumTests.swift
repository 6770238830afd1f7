import Cards
@testable import MetricLearning
import Tensors
import TestSupport
import Testing

/// Losses that are added up, each times a number.
@Suite struct LossSumTests {
  private let z = Tensor(rows: [[1, 0], [0.8, 0.3], [0.1, 1], [-0.5, 0.7], [0.9, -0.4]])
  private let y = [0, 0, 1, 1, 0]

  @Test func aSumOfOneIsTheLoss() {
    let sum = LossSum([.init(MultiSimilarity())])
    #expect(sum.description == MultiSimilarity().description)
    #expect(sum.definition == MultiSimilarity.definition)
    #expect(sum.formula == MultiSimilarity.card.formula)
    #expect(sum.single != nil)
  }

  @Test func namesTellSignsAndFactors() {
    let sum = LossSum([
      .init(Triplet(), times: -2), .init(CenterLoss(), times: 0.1), .init(Triplet(), times: -1),
    ])
    #expect(sum.name == "-2*triplet + 0.1*center - triplet")
    #expect(sum.distinctNames == ["triplet_1", "center", "triplet_2"])
    #expect(sum.lines.map { $0.prefix(9) } == ["-2*triple", "+ 0.1*cen", "- triplet"])
  }

  @Test func valuesAndPairWeightsAddUp() throws {
    let sum = LossSum([.init(MultiSimilarity(), times: 2), .init(Contrastive(), times: -0.5)])
    let input = LossInput(embeddings: z, labels: y)
    let (a, b) = (try MultiSimilarity().evaluate(input), try Contrastive().evaluate(input))
    #expect(
      isClose(try sum.value(z, labels: y), 2 * a.value - 0.5 * b.value, tolerance: 1e-14))
    let weights = try #require(try sum.pairWeights(z, labels: y))
    let first = try #require(try MultiSimilarity().pairWeights(input))
    let second = try #require(try Contrastive().pairWeights(input))
    for i in weights.elements.indices {
      let wanted = 2 * first.elements[i] - 0.5 * second.elements[i]
      #expect(isClose(weights.elements[i], wanted, tolerance: 1e-14))
    }
  }

  @Test func aLossOfClassesLeavesNoPairWeights() throws {
    let sum = LossSum([.init(MultiSimilarity()), .init(SoftmaxCrossEntropy())])
    #expect(try sum.pairWeights(z, labels: y) == nil)
    #expect(sum.usedSimilarities == nil)
  }

  @Test func everyLossTrainsWeightsOfItsOwn() throws {
    var center = CenterLoss()
    center.learned = true
    let sum = LossSum([
      .init(NormalizedSoftmax()), .init(Contrastive()), .init(center, times: 0.1),
      .init(ProxyAnchor(), weights: Tensor(rows: [[1, 0], [0, 1]])),
    ])
    #expect(sum.weightPlaces == [0, nil, 1, 2])
    let criterion = try Criterion(sum, classes: 2, d: 2, seed: 3)
    #expect(criterion.parameters.count == 3)
    #expect(criterion.parameters[2] == Tensor(rows: [[1, 0], [0, 1]]))
    let model = try Model.embeddingTable(5, 2, seed: 1)
    var training = Training()
    training.steps = 3
    let history = try training.fit(model, x: nil, labels: y, criterion)
    #expect(history.criterionParameters.count == 3)
    for (before, after) in zip(criterion.parameters, history.criterionParameters) {
      #expect(before != after && before.shape == after.shape)
    }
    // The centers follow Wen's rule, which knows nothing of the factor.
    let first = history.snapshots[0]
    let moved = try criterion.moved(first.criterionParameters, first.parameters[0], y)
    #expect(moved.map { $0 != nil } == [false, true, false])
  }
}
