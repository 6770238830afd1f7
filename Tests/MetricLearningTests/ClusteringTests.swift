import Cards
import MetricLearning
import TestSupport
import Tensors
import Testing

@Suite struct ClusteringTests {
  private func cases(_ kind: String) throws -> [GoldenCase] {
    let cases = try GoldenFile.named("metrics.json").cases.filter { $0.kind == kind }
    try #require(!cases.isEmpty)
    return cases
  }

  @Test func agreementIsThatOfGoldenValues() throws {
    for golden in try cases("clustering") {
      let agreement = try LabelAgreement(
        try #require(golden.labels), try #require(golden.clusters))
      let pairs: [(Double, Double?)] = [
        (agreement.normalizedMutualInformation(.arithmetic), golden.nmiArithmetic),
        (agreement.normalizedMutualInformation(.geometric), golden.nmiGeometric),
        (agreement.normalizedMutualInformation(.min), golden.nmiMin),
        (agreement.normalizedMutualInformation(.max), golden.nmiMax),
        (agreement.adjustedMutualInformation(), golden.ami),
        (agreement.adjustedRandIndex, golden.ari), (agreement.pairwiseF1, golden.pairF1),
      ]
      for (place, (given, expected)) in pairs.enumerated() {
        #expect(
          isClose(given, expected ?? .nan, tolerance: 1e-12), "\(golden), number \(place)")
      }
    }
  }

  @Test func namesOfLabelsDoNotMatterAndSidesMayChange() throws {
    var random = Random(seed: 2)
    let a = (0..<200).map { _ in Int(random.whole(from: 0, below: 5)) }
    let b = (0..<200).map { _ in Int(random.whole(from: 0, below: 7)) }
    let here = try LabelAgreement(a, b)
    let there = try LabelAgreement(b.map { 1000 - 3 * $0 }, a)
    #expect(
      isClose(here.normalizedMutualInformation(), there.normalizedMutualInformation()))
    #expect(isClose(here.adjustedMutualInformation(), there.adjustedMutualInformation()))
    #expect(isClose(here.adjustedRandIndex, there.adjustedRandIndex))
    #expect(isClose(here.pairwiseF1, there.pairwiseF1))
    // Thrown at random, labels agree by chance alone.
    #expect(abs(here.adjustedRandIndex) < 0.05)
    #expect(here.normalizedMutualInformation() > 0.02)
    #expect(abs(here.adjustedMutualInformation()) < 0.05)
  }

  @Test func meansOfGivenCentersAreThoseOfGoldenValues() throws {
    for golden in try cases("kmeans") {
      let z = Tensor(rows: try #require(golden.embeddings))
      let found = try KMeans.fit(
        z, clusters: try #require(golden.k),
        initial: Tensor(rows: try #require(golden.initialCenters)))
      #expect(found.clusters == golden.clusters, "\(golden)")
      let expected = try #require(golden.centers).flatMap { $0 }
      for (a, b) in zip(found.centers.elements, expected) {
        #expect(isClose(a, b, tolerance: 1e-12), "\(golden)")
      }
      #expect(isClose(found.inertia, try #require(golden.inertia), tolerance: 1e-12))
      let agreement = try LabelAgreement(try #require(golden.labels), found.clusters)
      #expect(
        isClose(
          agreement.normalizedMutualInformation(), try #require(golden.nmiArithmetic),
          tolerance: 1e-12))
    }
  }

  @Test func separateBlobsAreFound() throws {
    let data = try Dataset.blobs(.total(300), classes: 6, spread: 0.05)
    let found = try KMeans.fit(data.x, clusters: 6)
    let agreement = try LabelAgreement(try #require(data.y), found.clusters)
    #expect(agreement.adjustedRandIndex == 1)
    #expect(try KMeans.fit(data.x, clusters: 6).clusters == found.clusters)
  }

  @Test func inertiaIsThatOfNearestCentersAndNoRoundRaisesIt() throws {
    var random = Random(seed: 9)
    let z = Tensor(shape: [400, 5], elements: random.normals(2000))
    let start = Tensor(shape: [8, 5], elements: random.normals(40))
    let found = try KMeans.fit(z, clusters: 8, initial: start)
    // Another run from where this one ended has nothing left to do.
    let again = try KMeans.fit(z, clusters: 8, initial: found.centers)
    #expect(again.clusters == found.clusters)
    #expect(again.inertia <= found.inertia)
    let better = try KMeans.fit(z, clusters: 8)
    #expect(better.inertia <= found.inertia * 1.05)
  }

  @Test func pointsThatCoincideFillEveryCluster() throws {
    let z = Tensor(shape: [6, 2], elements: .init(repeating: 1, count: 12))
    let found = try KMeans.fit(z, clusters: 3)
    #expect(found.inertia == 0)
    #expect(found.clusters == [Int](repeating: 0, count: 6))
    let far = Tensor(rows: [[0], [1], [2], [100]])
    let start = Tensor(rows: [[0], [500], [900]])
    #expect(Set(try KMeans.fit(far, clusters: 3, initial: start).clusters).count == 3)
  }

  @Test func whatCannotBeClusteredIsSaid() {
    let z = Tensor(rows: [[0], [1]])
    #expect(throws: LossError.tooFewRows(2, least: 3)) { try KMeans.fit(z, clusters: 3) }
    #expect(
      throws: LossError.parameter(.outOfRange(name: "k", given: 0, range: .atLeast(1)))
    ) { try KMeans.fit(z, clusters: 0) }
  }

  @Test func silhouetteOfAWorkedExample() throws {
    // Row 0: a = 1, b = (4 + 5)/2; row 1: b = (3 + 4)/2; rows 2 and 3 by symmetry.
    let z = Tensor(rows: [[0], [1], [4], [5]])
    let expected: Double = (3.5 / 4.5 + 2.5 / 3.5) / 2
    #expect(isClose(try EmbeddingShape.silhouette(z, [0, 0, 1, 1]), expected))
    #expect(try EmbeddingShape.silhouette(z, [0, 0, 0, 0]).isNaN)
    // The point alone counts 0; of the others a = 2.5, 2, 3.5 and b = 5, 4, 1.
    let alone: Double = (0.5 + 0.5 - 2.5 / 3.5) / 4
    #expect(isClose(try EmbeddingShape.silhouette(z, [0, 0, 0, 1]), alone))
  }

  @Test func sphereMetricsOfSimplePoints() throws {
    let square = Tensor(rows: [[2, 0], [0, 1], [-3, 0], [0, -1]])
    // Of the three others of a corner two are at √2 and one at 2.
    #expect(
      isClose(
        try EmbeddingShape.uniformity(square),
        Portable.log((2 * Portable.exp(-4) + Portable.exp(-8)) / 3)))
    #expect(isClose(try EmbeddingShape.alignment(square, [0, 0, 1, 1]), 2))
    #expect(
      isClose(try EmbeddingShape.uniformity(square, scale: 1e4), -2e4 + Portable.log(2.0 / 3)))
    #expect(try EmbeddingShape.alignment(square, [0, 1, 2, 3]).isNaN)
  }

  @Test func effectiveRankCountsDirections() throws {
    let z = Tensor(rows: [[3, 0, 0], [0, 3, 0], [0, 0, 3]])
    #expect(isClose(try EmbeddingShape.effectiveRank(z), 3))
    #expect(isClose(try EmbeddingShape.effectiveRank(Tensor(rows: [[1, 2], [2, 4]])), 1))
    #expect(try EmbeddingShape.effectiveRank(Tensor(rows: [[0, 0]])) == 0)
    #expect(isClose(try EmbeddingShape.effectiveRank(Tensor(rows: [[1e300, 0], [0, 1e300]])), 2))
  }
}

private func isClose(_ a: Double, _ b: Double) -> Bool { isClose(a, b, tolerance: 1e-12) }
