import TestSupport
import Tensors
import Testing

@testable import MetricLearning

@Suite struct ComparisonTests {
  private func setting(_ seeds: Int = 3) throws -> Comparison.Setting {
    let (train, test) = try Dataset.blobs(.total(90)).split(test: 0.3)
    let model = try Model.mlp([2, 6, 2])
    var setting = Comparison.Setting(
      train: train, test: test, start: { try model.redrawn(seed: $0).parameters },
      embed: { try model.apply(parameters: $0, x: $1) })
    setting.seeds = seeds
    setting.training.steps = 10
    setting.metrics = ["recall_at_1", "map_at_r"].compactMap(MetricCatalog.named)
    return setting
  }

  private func entrants() -> [Comparison.Entrant] {
    [
      .init("ms", [LossSum([.init(MultiSimilarity())])]),
      .init("ce", [LossSum([.init(SoftmaxCrossEntropy())])]),
    ]
  }

  @Test func bitsDoNotDependOnThreadsOrRepetition() throws {
    defer { Threads.use(nil) }
    var all: [[[[Double]]]] = []
    for threads in [1, 3, 3] {
      Threads.use(threads)
      all.append(try Comparison(entrants(), setting()).rows.map(\.values))
    }
    #expect(all[0] == all[1] && all[1] == all[2])
  }

  @Test func rowsAreThePointsTheUntrainedAndEveryLoss() throws {
    let rows = try Comparison(entrants(), setting()).rows
    #expect(rows.map(\.name) == ["the points", "untrained", "ms", "ce"])
    #expect(rows.map { $0.values[0].count } == [1, 3, 3, 3])
    #expect(rows.allSatisfy { $0.choice == nil && $0.diverged == 0 })
  }

  @Test func oneRunIsThatOfATrainingByHand() throws {
    let setting = try setting(1)
    let rows = try Comparison([entrants()[0]], setting).rows
    var training = setting.training
    training.seed = 0
    let model = try Model.mlp([2, 6, 2], seed: 0)
    let history = try training.fit(
      model, x: setting.train.x, labels: try #require(setting.train.y),
      try Criterion(MultiSimilarity(), classes: 3, d: 2))
    let z = try model.with(history.parameters)(setting.test.x)
    let labels = try #require(setting.test.y)
    #expect(rows[2].values[1] == [try Retrieval.precision(z, labels).meanAverageAtR])
  }

  @Test func settingsAreChosenWithoutTheTestRows() throws {
    var far = Contrastive()
    far.margin = 1e-3
    let candidates = [LossSum([.init(far)]), LossSum([.init(Contrastive())])]
    var setting = try setting(1)
    let chosen = try Comparison([.init("contrastive", candidates)], setting).rows[2].choice
    // Other test rows, of labels that say nothing, change nothing.
    setting.test = Dataset(
      x: setting.test.x, y: setting.test.y?.indices.map { $0 % 3 }, classes: 3)
    #expect(try Comparison([.init("contrastive", candidates)], setting).rows[2].choice == chosen)
    #expect(chosen != nil)
  }

  /// Student's quantiles as tables print them.
  @Test(arguments: [
    (1, 12.7062), (2, 4.30265), (3, 3.18245), (4, 2.77645), (9, 2.26216), (30, 2.04227),
  ])
  func quantilesAreThoseOfTables(_ degrees: Int, _ expected: Double) {
    #expect(
      isClose(ConfidenceInterval.quantile(degrees: degrees), expected, tolerance: 0.005))
  }

  @Test func intervalOfAWorkedExample() {
    let interval = ConfidenceInterval([1, 2, 3, 4])
    #expect(interval.mean == 2.5)
    // s = √(5/3), over √4, times 3.182.
    #expect(isClose(interval.halfWidth, 3.18245 * (5.0 / 12).squareRoot(), tolerance: 0.01))
    #expect(ConfidenceInterval([7]).halfWidth.isNaN)
  }
}
