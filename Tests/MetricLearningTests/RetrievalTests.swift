import Cards
import MetricLearning
import TestSupport
import Tensors
import Testing

@Suite struct RetrievalTests {
  @Test func recallAgreesWithGoldenValues() throws {
    let cases = try GoldenFile.named("metrics.json").cases.filter { $0.kind == "retrieval" }
    #expect(!cases.isEmpty)
    for golden in cases {
      let z = Tensor(rows: try #require(golden.embeddings))
      let labels = try #require(golden.labels)
      let distance = try #require(Distance(rawValue: golden.distance ?? ""))
      for (k, expected) in golden.recallAtK ?? [:] {
        let recall = try Retrieval.recall(
          z, labels, at: [try #require(Int(k))], distance: distance, singletons: .miss)
        #expect(isClose(recall.values[0], expected, tolerance: 1e-12), "\(golden) k=\(k)")
      }
      for (k, expected) in golden.recallAtKWithoutSingletons ?? [:] {
        let recall = try Retrieval.recall(
          z, labels, at: [try #require(Int(k))], distance: distance)
        #expect(isClose(recall.values[0], expected ?? .nan, tolerance: 1e-12), "\(golden) k=\(k)")
      }
      let precision = try Retrieval.precision(z, labels, distance: distance)
      #expect(isClose(precision.atR, golden.rPrecision ?? .nan, tolerance: 1e-12), "\(golden)")
      #expect(
        isClose(precision.meanAverageAtR, golden.mapAtR ?? .nan, tolerance: 1e-12), "\(golden)")
      let first = try Retrieval.recall(z, labels, at: [1], distance: distance).values[0]
      #expect(isClose(first, golden.precisionAt1 ?? .nan, tolerance: 1e-12), "\(golden)")
    }
  }

  @Test(arguments: ["euclidean", "cosine"])
  func rankingsOfWineAgree(_ name: String) throws {
    let golden = try #require(
      GoldenFile.named("metrics.json").cases.first {
        $0.kind == "retrieval_file" && $0.file == "wine.csv" && $0.distance == name
      })
    let wine = try Dataset.wine()
    let distance = try #require(Distance(rawValue: name))
    let x = standardized(wine.x)
    let labels = try #require(wine.y)
    for (k, expected) in golden.recallAtK ?? [:] {
      let recall = try Retrieval.recall(x, labels, at: [try #require(Int(k))], distance: distance)
      #expect(isClose(recall.values[0], expected, tolerance: golden.tolerance ?? 1e-12))
    }
    let precision = try Retrieval.precision(x, labels, distance: distance)
    let tolerance = golden.tolerance ?? 1e-12
    #expect(isClose(precision.atR, golden.rPrecision ?? .nan, tolerance: tolerance))
    #expect(isClose(precision.meanAverageAtR, golden.mapAtR ?? .nan, tolerance: tolerance))
  }

  @Test func tiesGoToTheLowerNumber() throws {
    let z = Tensor(rows: [[0], [1], [-1], [5]])
    #expect(
      try Retrieval.nearestNeighbours(z, count: 2) == [[1, 2], [0, 2], [0, 1], [1, 0]])
    #expect(try Retrieval.recall(z, [0, 1, 0, 1], at: [1, 2]).values == [0.5, 0.75])
  }

  @Test func rowsWithoutClassmatesAreSkippedAndCounted() throws {
    let z = Tensor(rows: [[0], [1], [9]])
    let recall = try Retrieval.recall(z, [0, 0, 1], at: [1])
    #expect(recall.values == [1])
    #expect(recall.skipped == 1)
  }

  @Test func zeroNeighboursAreRefused() {
    #expect(
      throws: LossError.parameter(.outOfRange(name: "k", given: 0, range: .atLeast(1)))
    ) { try Retrieval.recall(Tensor(rows: [[0]]), [0], at: [0]) }
  }

  private func standardized(_ x: Tensor) -> Tensor {
    let (n, d) = (x.shape[0], x.shape[1])
    var result = x
    for column in 0..<d {
      let values = (0..<n).map { x.elements[$0 * d + column] }
      let mean = values.reduce(0, +) / Double(n)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)
      for i in 0..<n {
        result.elements[i * d + column] = (values[i] - mean) / variance.squareRoot()
      }
    }
    return result
  }
}
