import Cards
import Foundation
import MetricLearning
import TestSupport
import Tensors
import Testing

/// The worked numbers of theory §11.5: six unit vectors of three classes.
@Suite struct ReferenceValueTests {
  private let z = unitVectors([0, 20, 100, 140, 200, 290])
  private let y = [0, 0, 1, 1, 2, 2]
  private let weights = unitVectors([10, 130, 230])

  private func value(
    _ name: String, _ arguments: [(String, ParameterValue)] = [], weights: Tensor? = nil
  ) throws -> Double {
    let kind = try #require(LossCatalog.named(name))
    let input = LossInput(embeddings: z, labels: y, weights: weights)
    return try kind.make(arguments).evaluate(input).value
  }

  private func expect(
    _ value: Double, _ reference: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(abs(value - reference) < 1e-10, sourceLocation: sourceLocation)
  }

  @Test func contrastiveAndCenter() throws {
    let input = LossInput(embeddings: z, labels: y)
    var contrastive = Contrastive()
    contrastive.margin = 2
    let split = try contrastive.evaluate(.tightness, of: input)
    expect(try value("center"), 0.6471314680)
    expect(try #require(split).value, 0.8628419574)
    expect(try value("contrastive", [("margin", .number(2))]), 1.8997580863)
  }

  @Test func multiSimilarity() throws {
    expect(try value("ms"), 0.3583735979)
    expect(try value("ms", [("mining", .bool(true))]), 0.2211886753)
  }

  @Test func crossEntropies() throws {
    expect(try value("softmax_ce", weights: weights), 0.4769802049)
    expect(try value("pce", [("lam", .number(0.5))], weights: weights), 0.7953501358)
    expect(try value("spce"), 0.8648361507)
  }

  @Test func softTriple() throws {
    let centers = unitVectors([-10, 30, 110, 150, 210, 250])
    let two: (String, ParameterValue) = ("centers", .number(2))
    let plain = try value("softtriple", [two, ("tau", .number(0))], weights: centers)
    expect(plain, 0.0012739699)
    expect(
      try value("softtriple", [two, ("tau", .number(1))], weights: centers) - plain, 0.3420201433)
  }

  /// One positive at 0.6, negatives at 0.7 and 0.2: theory §6.4.
  @Test func mostSimilarNegativeTakesTheWeight() throws {
    let similarities = Tensor(
      rows: [[1, 0.6, 0.7, 0.2], [0.6, 1, 0, 0], [0.7, 0, 1, 0], [0.2, 0, 0, 1]])
    var ms = MultiSimilarity()
    ms.mining = true
    ms.reduction = .sum
    let given = try ms.pairWeights(similarities: similarities, labels: [0, 0, 1, 1])
    let row = try #require(given).elements.prefix(4)
    #expect(zip(row, [0, -0.4502, 0.99995, 0]).allSatisfy { abs($0 - $1) < 5e-5 })
  }

  @Test func embeddingsAndTheirSimilaritiesGiveTheSamePairWeights() throws {
    let degrees: [Double] = [0, 20, 100, 140, 200, 290]
    let gram = degrees.map { a in degrees.map { b in cos((a - b) * .pi / 180) } }
    for loss in [Contrastive() as any Loss, MultiSimilarity()] {
      let ofRows = try loss.pairWeights(LossInput(embeddings: z, labels: y))
      let ofSimilarities = try loss.pairWeights(similarities: Tensor(rows: gram), labels: y)
      #expect(isClose(try #require(ofRows), try #require(ofSimilarities), tolerance: 1e-12))
    }
  }

  @Test func descriptionsHideNothing() throws {
    #expect(
      "\(Contrastive())"
        == "contrastive(margin=1) · Euclidean distance, as given · positive and negative pairs · sum / n"
    )
    #expect(
      "\(MultiSimilarity())"
        == "ms(alpha=2, beta=50, base=0.5) · cosine similarity, [-1, 1] · all pairs of every anchor · mean"
    )
  }

  @Test func parametersThatDoNotGoTogetherAreRefused() throws {
    let kind = try #require(LossCatalog.named("contrastive"))
    #expect(
      throws: LossError.parameter(
        .outOfRange(name: "margin", given: -1, range: .nonNegative))
    ) { try kind.make([("margin", .number(-1))]) }
    #expect(
      throws: LossError.parameter(
        .unknownChoice(
          name: "form", given: "hadsel", known: ["boudiaf", "hadsell", "pml", "cosine", "eq8"]))
    ) { try kind.make([("form", .text("hadsel"))]) }
    let cosine = try kind.make([("form", .text("cosine"))])
    #expect(cosine.settings.first?.value == .number(0.5))
  }
}

private func unitVectors(_ degrees: [Double]) -> Tensor {
  Tensor(rows: degrees.map { [cos($0 * .pi / 180), sin($0 * .pi / 180)] })
}
