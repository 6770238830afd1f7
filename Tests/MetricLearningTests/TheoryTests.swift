import Cards
@testable import MetricLearning
import Tensors
import TestSupport
import Testing

/// Named levels of losses against closed forms, and against what random and trained points reach.
@Suite struct LossLevelsTests {
  private let y = [0, 0, 0, 1, 1, 1, 2, 2, 2]

  private func levels(_ loss: any Loss, d: Int = 2, _ labels: [Int]? = nil) throws -> LossLevels {
    try LossLevels(LossSum([.init(loss)]), labels: labels ?? y, d: d)
  }

  @Test func collapseHasClosedForms() throws {
    // n = 9, three classes of three: 2 positives and 6 negatives for every anchor.
    func expect(_ loss: any Loss, _ value: Double) throws {
      #expect(isClose(try levels(loss).collapse, value, tolerance: 1e-12))
    }
    try expect(Contrastive(), 6)  // m² · |N| / n
    try expect(Triplet(), 0.2)  // the margin
    let e = { (x: Double) in Portable.exp(x) }
    let log = { (x: Double) in Portable.log(x) }
    try expect(MultiSimilarity(), log(1 + 2 * e(-1)) / 2 + log(1 + 6 * e(25)) / 50)
    try expect(ScalableNeighbourhoodComponents(), -log(2 / 8))
    try expect(SupervisedContrastive(), log(8))
    try expect(NormalizedTemperatureCrossEntropy(), log(7))
    try expect(NeighbourhoodComponents(), -9 * 2 / 8)
    try expect(NPair(), log(3))
    try expect(SoftmaxCrossEntropy(), log(3))
    try expect(NormalizedSoftmax(), log(3))
    try expect(CosFace(), log(1 + 2 * e(64 * 0.35)))
    try expect(CenterLoss(), 0)
  }

  @Test func floorOfTheSimplexHasClosedForms() throws {
    func expect(_ loss: any Loss, _ value: Double) throws {
      let levels = try levels(loss)
      #expect(isClose(try #require(levels.floor), value, tolerance: 1e-12))
      #expect(levels.aboutFloor == "reached: classes at the corners of a simplex")
    }
    let e = { (x: Double) in Portable.exp(x) }
    let log = { (x: Double) in Portable.log(x) }
    try expect(MultiSimilarity(), log(1 + 2 * e(-1)) / 2 + log(1 + 6 * e(50 * (-1))) / 50)
    try expect(SupervisedContrastive(), log(2 + 6 * e(-15)))
    try expect(NormalizedSoftmax(), log(1 + 2 * e(-30)))
    try expect(Triplet(), 0)
    var wide = Triplet()
    wide.margin = 5  // D² is 3 at most between three classes in the plane
    try expect(wide, 2)
    var far = Contrastive()
    (far.distance, far.margin) = (.sqeuclideanNormalized, 4)
    try expect(far, 6)
  }

  @Test func chanceIsTheMeanOfTheDraws() throws {
    let labels = [0, 1, 0, 1]
    let levels = try LossLevels(
      LossSum([.init(Triplet())]), labels: labels, d: 3, draws: 2, seed: 5)
    var random = Random(seed: 5, name: "levels")
    let values = try (0..<2).map { _ in
      let rows = Rows(random.normals(12), width: 3, normalized: true)
      return try Triplet().evaluate(
        LossInput(embeddings: Tensor(shape: [4, 3], elements: rows.elements), labels: labels)
      ).value
    }
    #expect(levels.chance == (values[0] + values[1]) / 2)
  }

  /// Nothing random or trained gets below a floor.
  @Test(
    arguments: LossCatalog.all.filter { !$0.comparesViews && $0.name != "pce" && $0.name != "dpce" }
  )
  func nothingIsBelowTheFloor(_ kind: LossKind) throws {
    for labels in [[0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 0, 1, 1, 1, 1, 2, 0]] {
      for d in [1, 2, 3] {
        let loss = try kind.make()
        let levels = try LossLevels(LossSum([.init(loss)]), labels: labels, d: d)
        #expect(levels.collapse.isFinite && levels.chance.isFinite)
        guard let floor = levels.floor else { continue }
        let slack = 1e-9 * max(1, abs(floor))
        #expect(levels.collapse >= floor - slack && levels.chance >= floor - slack)
        let criterion = try Criterion(loss, classes: 3, d: d)
        var training = Training(optimizer: Adam(learningRate: 0.05))
        training.steps = 150
        let history = try training.fit(
          try Model.embeddingTable(labels.count, d, seed: 2), x: nil, labels: labels, criterion)
        #expect((history.losses.min() ?? 0) >= floor - slack, "\(kind.name) d=\(d)")
      }
    }
  }

  @Test func sumsAddTheirFloors() throws {
    let sum = LossSum([.init(MultiSimilarity(), times: 2), .init(Triplet())])
    let levels = try LossLevels(sum, labels: y, d: 2)
    let floor = try #require(try self.levels(MultiSimilarity()).floor)
    #expect(isClose(try #require(levels.floor), 2 * floor, tolerance: 1e-12))
    let difference = LossSum([.init(MultiSimilarity()), .init(Triplet(), times: -1)])
    #expect(try LossLevels(difference, labels: y, d: 2).floor == nil)
    #expect(try self.levels(NeighbourhoodComponents()).floor == nil)
  }

  @Test func oddLabelsHaveLevels() throws {
    for labels in [[], [0], [5], [0, 0], [0, 1], [0, 7]] {
      for kind in LossCatalog.all where !kind.comparesViews && !kind.operands.contains("probs") {
        let levels = try LossLevels(
          LossSum([.init(try kind.make())]), labels: labels, d: 1, draws: 1)
        #expect(levels.collapse.isFinite && levels.chance.isFinite, "\(kind.name) \(labels)")
        #expect(levels.floor.map { $0.isFinite } ?? true)
      }
    }
  }
}

/// The arithmetic of anchors: it has to come out at the loss.
@Suite struct AnchorAccountTests {
  @Test(arguments: WeighedLoss.all)
  func costsOfAnchorsSumToTheLoss(_ weighed: WeighedLoss) throws {
    let loss = try weighed.loss()
    var random = Random(seed: 3)
    let z = Tensor(shape: [8, 3], elements: random.normals(24))
    let y = [0, 0, 1, 1, 2, 2, 0, 3]
    var sum = 0.0
    for anchor in 0..<8 {
      let account = try #require(
        try AnchorAccount(LossSum.Term(loss), z, labels: y, anchor: anchor))
      #expect(account.groups.reduce(0) { $0 + $1.terms.count } == 7)
      let weights = try #require(try loss.pairWeights(LossInput(embeddings: z, labels: y)))
      for group in account.groups {
        for term in group.terms {
          #expect(term.numbers.last == weights.elements[anchor * 8 + term.place])
          #expect(term.numbers.count == account.columns.count)
        }
      }
      guard let cost = account.cost else { return }
      sum += cost
      // One form is divided by n whatever the reduction.
      let divisor = account.reduction == "sum / n" ? 8.0 : 1
      #expect(account.sum.map { isClose($0, account.value, tolerance: 1e-10) } ?? (divisor > 1))
      guard anchor == 7 else { continue }
      #expect(isClose(sum / divisor, account.value, tolerance: 1e-10))
    }
  }

  @Test(arguments: LossCatalog.all.filter { $0.operands.contains("weights") })
  func costsOfRowsSumToTheLoss(_ kind: LossKind) throws {
    let hasReduction = kind.parameters.contains { $0.name == "reduction" }
    let loss = try kind.make(hasReduction ? [("reduction", .text("sum"))] : [])
    guard loss is any ClassWeightLoss else { return }
    var random = Random(seed: 3)
    let z = Tensor(shape: [6, 2], elements: random.normals(12))
    let y = [0, 0, 1, 1, 2, 2]
    let weights = try loss.initialWeights(classes: 3, d: 2, seed: 1)
    var sum = 0.0
    for anchor in 0..<6 {
      let term = LossSum.Term(loss, weights: weights)
      let account = try #require(try AnchorAccount(term, z, labels: y, anchor: anchor))
      #expect(account.groups[0].terms.count == 3)
      #expect(
        isClose(account.groups[0].terms.reduce(0) { $0 + $1.numbers[2] }, 1, tolerance: 1e-12))
      sum += account.cost ?? 0
    }
    let value = try loss.evaluate(LossInput(embeddings: z, labels: y, weights: weights)).value
    #expect(isClose(sum, value, tolerance: 1e-10))
  }

  @Test func degenerateBatchesHaveAccounts() throws {
    let batches: [(Tensor, [Int])] = [
      (Tensor(rows: [[1, 2]]), [0]), (Tensor(rows: [[0, 0], [0, 0]]), [0, 1]),
      (Tensor(rows: [[1, 0], [1, 0], [1, 0]]), [2, 2, 2]),
      (Tensor(rows: [[1e60, 0], [0, -1e60]]), [0, 0]),
    ]
    for weighed in WeighedLoss.all {
      for (z, y) in batches {
        let account = try AnchorAccount(
          LossSum.Term(try weighed.loss()), z, labels: y, anchor: 0)
        #expect(account != nil)
        #expect(account?.cost?.isNaN != true, "\(weighed)")
      }
    }
  }
}

/// What a diagnosis finds, and what it does not.
@Suite struct DiagnosisTests {
  private let y = [0, 0, 0, 1, 1, 1, 2, 2, 2]

  private func names(_ subject: Diagnosis.Subject) throws -> [String] {
    try Diagnosis(subject) { "\($0)" }.findings.map(\.name)
  }

  private func subject(_ z: Tensor, _ loss: (any Loss)? = nil) -> Diagnosis.Subject {
    var subject = Diagnosis.Subject(z, labels: y)
    subject.loss = loss.map { LossSum([.init($0)]) }
    return subject
  }

  private var drawn: Tensor {
    var random = Random(seed: 4)
    return Tensor(shape: [9, 2], elements: random.normals(18))
  }

  @Test func healthyEmbeddingsHaveNoFindings() throws {
    #expect(try names(subject(drawn, MultiSimilarity())) == [])
    #expect(try names(subject(drawn, Contrastive())) == [])
  }

  @Test func collapseIsFound() throws {
    let z = Tensor(shape: [9, 2], elements: [Double](repeating: 0.7, count: 18))
    #expect(try names(subject(z, MultiSimilarity())) == ["collapse"])
  }

  @Test func dimensionalCollapseIsFound() throws {
    var random = Random(seed: 4)
    let line = random.normals(9)
    let z = Tensor(shape: [9, 3], elements: line.flatMap { [$0, 2 * $0, -$0] })
    #expect(try names(subject(z)) == ["dimensional collapse"])
  }

  @Test func unreachableMarginsAreFound() throws {
    var contrastive = Contrastive()
    (contrastive.margin, contrastive.distance) = (1.8, .euclideanNormalized)
    #expect(try names(subject(drawn, contrastive)) == ["unreachable margin"])
    contrastive.margin = 1.7  // √3 is what three classes have
    #expect(try names(subject(drawn, contrastive)) == [])
    var triplet = Triplet()
    triplet.margin = 4.5
    #expect(try names(subject(drawn, triplet)) == ["unreachable margin"])
    var margin = MarginLoss()
    margin.beta = 1.9
    #expect(try names(subject(drawn, margin)) == ["unreachable margin"])
    var face = CosFace()
    face.margin = 1.6
    #expect(try names(subject(drawn, face)) == ["unreachable margin"])
    // Rows as given can be as far apart as they like.
    var given = Contrastive()
    given.margin = 3
    #expect(try names(subject(drawn, given)) == [])
  }

  @Test func zeroGradientsAreFound() throws {
    let z = Tensor(rows: y.map { [10 * Double($0), 0] })
    #expect(try names(subject(z, Contrastive())).contains("no active tuples"))
  }

  @Test func whatIsNotFiniteIsFound() throws {
    var z = drawn
    z.elements[3] = .nan
    #expect(try names(subject(z, MultiSimilarity())) == ["not finite"])
    var diverged = subject(drawn)
    (diverged.losses, diverged.hasDiverged) = ([1, 2, .infinity], true)
    #expect(try names(diverged) == ["not finite"])
  }

  @Test func growingNormsAreFound() throws {
    var grown = subject(Tensor(shape: [9, 2], elements: drawn.elements.map { 1e3 * $0 }))
    grown.start = drawn
    #expect(try names(grown) == ["diverging norms"])
  }

  @Test func emptyAndSingleAreNoTrouble() throws {
    var none = Diagnosis.Subject(Tensor(shape: [0, 2], elements: []), labels: [])
    none.loss = LossSum([.init(Contrastive())])
    #expect(try names(none) == [])
    var one = Diagnosis.Subject(Tensor(rows: [[1, 2]]), labels: [0])
    one.loss = LossSum([.init(Contrastive())])
    #expect(try names(one) == ["class of one row", "no active tuples"])
  }
}
