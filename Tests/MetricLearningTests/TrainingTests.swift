import Autodiff
import MetricLearning
import TestSupport
import Tensors
import Testing

@Suite struct TrainingTests {
  private func criterion(_ loss: any Loss, classes: Int = 2) throws -> Criterion {
    try Criterion(loss, classes: classes, d: 2)
  }

  @Test func embeddingsOfOneClassMeet() throws {
    let labels = [0, 0, 0, 1, 1, 1]
    var training = Training(optimizer: Adam(learningRate: 0.05))
    training.steps = 300
    let table = try Model.embeddingTable(6, 2)
    let history = try training.fit(table, x: nil, labels: labels, try criterion(Contrastive()))
    #expect(history.stopped == .done && history.losses.count == 300 && history.steps == 300)
    let first = try #require(history.losses.first)
    let last = try #require(history.losses.last)
    #expect(last < 0.01 * first)
    let trained = try table.with(history.parameters)
    #expect(try Retrieval.recall(try trained(), labels, at: [1]).values == [1])
    #expect(table.parameters != history.parameters)
  }

  @Test func singlesStaySinglesAllTheWay() throws {
    let labels = [0, 0, 0, 1, 1, 1]
    let start = try Model.embeddingTable(6, 2)
    let single = try start.with([start.parameters[0].converted(to: .float32)])
    for optimizer: any Optimizer in [
      Adam(learningRate: 0.05), StochasticGradientDescent(learningRate: 0.05, momentum: 0.5),
    ] {
      var training = Training(optimizer: optimizer)
      training.steps = 20
      training.batches = .rows(4)
      training.clip = 1
      let wide = try training.fit(start, x: nil, labels: labels, try criterion(Contrastive()))
      let history = try training.fit(single, x: nil, labels: labels, try criterion(Contrastive()))
      #expect(history.parameters[0].dtype == .float32)
      #expect(isClose(history.parameters[0], wide.parameters[0], tolerance: 1e-5))
      #expect(history.parameters[0] != single.parameters[0])
    }
  }

  @Test func weightsAreTrainedAlong() throws {
    let moons = try Dataset.moons(60, noise: 0.05)
    var training = Training(optimizer: Adam(learningRate: 0.02))
    training.steps = 150
    let model = try Model.mlp([2, 8, 2])
    let start = try criterion(SoftmaxCrossEntropy())
    let labels = try #require(moons.y)
    let history = try training.fit(model, x: moons.x, labels: labels, start)
    let last = try #require(history.losses.last)
    #expect(last < 0.35)
    #expect(history.criterionParameters != start.parameters)
  }

  @Test func centersMoveByTheirOwnRule() throws {
    var loss = CenterLoss()
    loss.learned = true
    let start = try criterion(loss)
    var training = Training(optimizer: StochasticGradientDescent(learningRate: 0))
    training.steps = 1
    let table = try Model.embeddingTable(4, 2)
    let labels = [0, 0, 1, 1]
    let history = try training.fit(table, x: nil, labels: labels, start)
    let input = LossInput(
      embeddings: table.parameters[0], labels: labels, weights: start.parameters[0])
    #expect(try loss.movedWeights(input) == history.criterionParameters[0])
  }

  @Test func equalSeedsGiveEqualBits() throws {
    let blobs = try Dataset.blobs(60)
    let labels = try #require(blobs.y)
    var training = Training()
    training.steps = 20
    training.batches = .perClass(4, rows: 8)
    let model = try Model.mlp([2, 6, 2], seed: 4)
    func losses(_ seed: UInt64) throws -> [Double] {
      training.seed = seed
      return try training.fit(
        model, x: blobs.x, labels: labels, try criterion(MultiSimilarity(), classes: 3)
      ).losses
    }
    #expect(try losses(1) == losses(1))
    #expect(try losses(1) != losses(2))
  }

  /// Counts what every batch holds, by a criterion that looks at its labels.
  private func batches(_ plan: BatchPlan, labels: [Int], steps: Int) throws -> [[Int]] {
    var seen: [[Int]] = []
    var training = Training()
    training.steps = steps
    training.batches = plan
    let x = Tensor(shape: [labels.count, 1], elements: labels.indices.map(Double.init))
    let watcher = Criterion { embeddings, labels, _ in
      seen.append(embeddings.tensor.elements.map { Int($0) })
      return try embeddings.sum()
    }
    _ = try training.fit([Tensor(0)], x: x, labels: labels, watcher) { parameters, x in
      try Quantity.multiply(0, parameters[0]) + x
    }
    return seen
  }

  @Test func epochsVisitEveryRowOnce() throws {
    let seen = try batches(.rows(2), labels: [0, 0, 0, 1, 1, 1], steps: 6)
    #expect(Set(seen[0..<3].joined()) == Set(0..<6))
    #expect(Set(seen[3..<6].joined()) == Set(0..<6))
    #expect(
      try batches(.rows(4), labels: [0, 0, 0, 1, 1, 1], steps: 3).allSatisfy { $0.count == 4 })
  }

  @Test func classesAreDrawnWithoutReplacement() throws {
    let labels = [0, 0, 0, 1, 1, 1, 2, 2, 2]
    for rows in try batches(.perClass(2, rows: 4), labels: labels, steps: 8) {
      #expect(Set(rows).count == 4)
      #expect(Set(rows.map { labels[$0] }).count == 2)
    }
    for rows in try batches(.perClass(2, rows: nil), labels: labels, steps: 4) {
      #expect(rows.count == 6 && Set(rows.map { labels[$0] }).count == 3)
    }
    #expect(throws: TrainingError.batchNotWholeClasses(batch: 5, perClass: 2)) {
      try batches(.perClass(2, rows: 5), labels: labels, steps: 1)
    }
    #expect(throws: TrainingError.batchSize(0)) { try batches(.rows(0), labels: labels, steps: 1) }
  }

  @Test func interruptionKeepsWhatWasReached() throws {
    var asked = 0
    var training = Training()
    training.isInterrupted = {
      asked += 1
      return asked > 5
    }
    let history = try training.fit(
      try Model.embeddingTable(4, 2), x: nil, labels: [0, 0, 1, 1], try criterion(Contrastive()))
    #expect(history.stopped == .interrupted && history.losses.count == 5)
    #expect(history.snapshots.last?.step == 5)
  }

  @Test func divergenceEndsTheTrainingBeforeTheBadStep() throws {
    var training = Training(optimizer: StochasticGradientDescent(learningRate: 1e150))
    training.steps = 50
    let history = try training.fit(
      try Model.embeddingTable(4, 2), x: nil, labels: [0, 0, 1, 1], try criterion(CenterLoss()))
    #expect(history.stopped == .diverged)
    #expect(history.parameters[0].elements.allSatisfy { $0.isFinite })
  }

  @Test func snapshotsAreAboutFifty() throws {
    var training = Training()
    training.steps = 500
    let history = try training.fit(
      try Model.embeddingTable(2, 1), x: nil, labels: [0, 0],
      try Criterion(
        CenterLoss(), classes: 1, d: 1))
    #expect((40...60).contains(history.snapshots.count))
    #expect(history.snapshots.first?.step == 0 && history.snapshots.last?.step == 500)
    #expect(history.snapshot(at: 105)?.step == 100)
  }

  @Test func patienceClipAndScheduleAreKept() throws {
    var training = Training(optimizer: StochasticGradientDescent(learningRate: 1))
    training.patience = 3
    training.steps = 100
    let constant = Criterion { embeddings, _, _ in
      try Quantity.multiply(0, try embeddings.sum())
    }
    let table = try Model.embeddingTable(2, 1, initial: Tensor(rows: [[3], [4]]))
    #expect(try training.fit(table, x: nil, labels: [0, 1], constant).losses.count == 4)

    training = Training(optimizer: StochasticGradientDescent(learningRate: 1))
    training.steps = 1
    training.clip = 1
    training.schedule = { _ in 0.5 }
    let square = Criterion { embeddings, _, _ in
      try Quantity.multiply(0.5, try Quantity.multiply(embeddings, embeddings).sum())
    }
    let history = try training.fit(table, x: nil, labels: [0, 1], square)
    #expect(isClose(history.parameters[0], Tensor(rows: [[2.7], [3.6]]), tolerance: 1e-15))
    #expect(Training.cosineSchedule(steps: 10)(0) == 1)
    #expect(abs(Training.cosineSchedule(steps: 10)(10)) < 1e-15)
  }

  @Test func whatCannotBeTrainedIsRefused() throws {
    let model = try Model.linear(2, 2)
    #expect(throws: TrainingError.noPoints) {
      try Training().fit(model, x: nil, labels: [0], try criterion(Contrastive()))
    }
    #expect(throws: TrainingError.labelCount(labels: 1, rows: 2)) {
      try Training().fit(
        model, x: Tensor(rows: [[1, 2], [3, 4]]), labels: [0], try criterion(Contrastive()))
    }
    #expect(throws: TrainingError.notANumber(shape: [1, 2])) {
      try Training().fit(
        model, x: Tensor(rows: [[1, 2]]), labels: [0], Criterion { z, _, _ in z })
    }
  }

  @Test func kernelsRefuseASecondDerivative() throws {
    let z = Quantity.constant(Tensor(rows: [[0, 1], [2, 3], [1, 1]]))
    let loss = Contrastive()
    func value(_ z: Quantity) throws(TensorError) -> Quantity {
      do {
        return try loss.quantity(z, labels: [0, 0, 1]).value
      } catch {
        throw .failure("\(error)")
      }
    }
    let slope = try gradient(of: value, at: z).tensor
    let input = LossInput(embeddings: z.tensor, labels: [0, 0, 1])
    #expect(slope == (try loss.evaluate(input)).embeddingGradient)
    #expect(throws: TensorError.self) { try hessian(of: value, at: z) }
  }
}
