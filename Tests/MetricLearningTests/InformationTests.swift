import Autodiff
@testable import MetricLearning
import Tensors
import TestSupport
import Testing

/// Entropies and informations against formulas written out in plain code, and against what is known
/// of distributions.
@Suite struct InformationTests {
  // MARK: - Against golden values

  @Test func publishedFormAgreesWithGoldenValues() throws {
    let cases = try GoldenFile.named("losses.json").cases.filter { $0.loss == "entropy_pairwise" }
    #expect(!cases.isEmpty)
    for golden in cases {
      let tape = Tape()
      let z = tape.variable(.constant(Tensor(rows: try #require(golden.embeddings))))
      let value = try DifferentialEntropy.pairwise(z, form: .published)
      #expect(isClose(value.tensor.elements[0], try #require(golden.value), tolerance: 1e-9))
      let found = try tape.gradients(of: value, wrt: [z])
      let slope = try #require(found[0]?.tensor)
      let wanted = Tensor(rows: try #require(golden.gradEmbeddings))
      let scale = wanted.elements.reduce(1) { max($0, abs($1)) }
      #expect(
        zip(slope.elements, wanted.elements).allSatisfy { abs($0 - $1) <= 1e-7 * scale },
        "\(golden)")
    }
  }

  // MARK: - Against formulas in plain code

  @Test func digammaIsAHarmonicSum() {
    var sum = -0.57721566490153286
    for n in 1...3000 {
      // The sum itself rounds in its last digits.
      #expect(isClose(Digamma.value(n), sum, tolerance: 1e-14))
      sum += 1 / Double(n)
    }
    #expect(isClose(Digamma.value(1_000_000_000), 20.723265836446411, tolerance: 1e-14))
  }

  @Test(arguments: [1, 2, 5], [1, 3, 19])
  func nearestNeighbourEntropyIsItsFormula(_ d: Int, _ k: Int) throws {
    let z = points(20, d, seed: 1)
    let value = try DifferentialEntropy.nearestNeighbour(.constant(z), k: k)
    #expect(isClose(value.tensor.elements[0], plainEntropy(rows(z), k: k), tolerance: 1e-12))
  }

  @Test func pairwiseEntropyIsTheMeanOverEveryNeighbour() throws {
    let z = points(9, 3, seed: 2)
    let mean = (1...8).reduce(0.0) { $0 + plainEntropy(rows(z), k: $1) } / 8
    let value = try DifferentialEntropy.pairwise(.constant(z))
    #expect(isClose(value.tensor.elements[0], mean, tolerance: 1e-12))
  }

  @Test func conditionalEntropyIsTheMeanOverClasses() throws {
    let z = points(14, 2, seed: 3)
    // One class is smaller than k, and one point is alone.
    let labels = [4, 0, 0, 1, 1, 0, 0, 0, 1, 1, 7, 1, 9, 9]
    let all = rows(z)
    var wanted = 0.0
    for label in [0, 1, 9] {
      let own = zip(all, labels).filter { $0.1 == label }.map(\.0)
      wanted += Double(own.count) / 12 * plainEntropy(own, k: min(3, own.count - 1))
    }
    let found = try DifferentialEntropy.conditional(.constant(z), labels: labels)
    #expect(found.leftOut == 2)
    #expect(isClose(found.value.tensor.elements[0], wanted, tolerance: 1e-12))
  }

  /// Ross as scikit-learn computes it: the radius drawn in to the next smaller number, and the point
  /// itself counted.
  @Test func rossIsItsFormula() throws {
    let z = points(30, 2, seed: 4)
    let labels = (0..<30).map { $0 % 7 == 0 ? 2 : $0 % 2 }
    let all = rows(z)
    var sums = (k: 0.0, own: 0.0, near: 0.0)
    for i in 0..<30 {
      let mates = (0..<30).filter { labels[$0] == labels[i] }
      let k = min(3, mates.count - 1)
      let radius = mates.map { distance(all[i], all[$0]) }.sorted()[k].nextDown
      sums.k += plainDigamma(k)
      sums.own += plainDigamma(mates.count)
      sums.near += plainDigamma(all.count { distance(all[i], $0) <= radius })
    }
    let wanted = max(0, plainDigamma(30) + (sums.k - sums.own - sums.near) / 30)
    let found = try MutualInformation.ross(.constant(z), labels: labels)
    #expect(isClose(found.value.tensor.elements[0], wanted, tolerance: 1e-12))
  }

  @Test func kernelEstimateIsWhatSNCALeavesOfItsCeiling() throws {
    let z = rows(points(12, 2, seed: 5)).map { row in
      let length = distance(row, [0, 0])
      return row.map { $0 / length }
    }
    let labels = (0..<12).map { $0 % 3 }
    var loss = ScalableNeighbourhoodComponents()
    loss.sigma = 0.3
    var information = 0.0
    for i in 0..<12 {
      func density(_ others: [Int]) -> Double {
        others.reduce(0) { sum, j in
          sum + Portable.exp((z[i][0] * z[j][0] + z[i][1] * z[j][1]) / 0.3)
        } / Double(others.count)
      }
      let all = (0..<12).filter { $0 != i }
      information += Portable.log(density(all.filter { labels[$0] == labels[i] }) / density(all))
    }
    let ceiling = try MutualInformation.kernelCeiling(labels: labels).value
    let value = try loss.evaluate(LossInput(embeddings: Tensor(rows: z), labels: labels)).value
    #expect(isClose(ceiling - value, information / 12, tolerance: 1e-12))
  }

  // MARK: - Against distributions

  /// The spread of the estimate is √((d/2 + ψ′(3))/n), 0.06 or less here; 0.2 is more than three.
  @Test(arguments: [1, 2, 4])
  func entropyOfAGaussianIsFound(_ d: Int) throws {
    let z = points(700, d, seed: 6)
    let value = try DifferentialEntropy.nearestNeighbour(.constant(z)).tensor.elements[0]
    let truth = Double(d) / 2 * Portable.log(2 * .pi * 2.718281828459045)
    #expect(abs(value - truth) < 0.2)
  }

  @Test func separatedClassesSayTheirLogarithm() throws {
    var z = points(200, 2, seed: 7)
    let labels = (0..<200).map { $0 % 4 }
    for (row, label) in labels.enumerated() { z.elements[2 * row] += 100 * Double(label) }
    let ross = try MutualInformation.ross(.constant(z), labels: labels)
    #expect(abs(ross.value.tensor.elements[0] - Portable.log(4)) < 0.02)
    let entropies = try MutualInformation.generative(.constant(z), labels: labels)
    #expect(abs(entropies.value.tensor.elements[0] - Portable.log(4)) < 0.2)
  }

  @Test(arguments: [1e-200, 1e-3, 1e3, 1e200])
  func scaleAddsItsLogarithm(_ scale: Double) throws {
    let z = points(30, 2, seed: 8)
    let labels = (0..<30).map { $0 % 3 }
    let large = Tensor(shape: z.shape, elements: z.elements.map { $0 * scale })
    for estimate in [
      { try DifferentialEntropy.nearestNeighbour($0) }, { try DifferentialEntropy.pairwise($0) },
      { try DifferentialEntropy.conditional($0, labels: labels).value },
    ] as [(Quantity) throws -> Quantity] {
      let shift = try estimate(.constant(large)).tensor.elements[0]
      let plain = try estimate(.constant(z)).tensor.elements[0]
      #expect(isClose(shift, plain + 2 * Portable.log(scale), tolerance: 1e-12))
    }
    let ross = try MutualInformation.ross(.constant(large), labels: labels).value.tensor
    #expect(ross == (try MutualInformation.ross(.constant(z), labels: labels).value.tensor))
  }

  // MARK: - Derivatives

  @Test(arguments: Estimated.all)
  func gradientIsTheCentralDifference(_ estimated: Estimated) throws {
    let z = points(11, 2, seed: 9)
    let slope = try gradient(estimated, z)
    for i in z.elements.indices {
      let h = 1e-6
      func value(_ step: Double) throws -> Double {
        var moved = z
        moved.elements[i] += step
        return try estimated.value(.constant(moved)).tensor.elements[0]
      }
      let estimate = try (value(h) - value(-h)) / (2 * h)
      #expect(abs(estimate - slope.elements[i]) < 1e-6)
    }
  }

  @Test(arguments: Estimated.all)
  func secondDerivativeIsTheDifferenceOfGradients(_ estimated: Estimated) throws {
    let z = points(7, 2, seed: 10)
    let matrix = try hessian(
      of: { (z) throws(TensorError) in
        do { return try estimated.value(z) } catch { throw .failure("\(error)") }
      }, at: .constant(z)
    ).tensor
    for i in z.elements.indices {
      var (up, down) = (z, z)
      up.elements[i] += 1e-6
      down.elements[i] -= 1e-6
      let (above, below) = (try gradient(estimated, up), try gradient(estimated, down))
      for j in z.elements.indices {
        let estimate = (above.elements[j] - below.elements[j]) / 2e-6
        #expect(abs(estimate - matrix.elements[j * 14 + i]) < 1e-4 * max(1, abs(estimate)))
      }
    }
  }

  private func gradient(_ estimated: Estimated, _ z: Tensor) throws -> Tensor {
    let tape = Tape()
    let variable = tape.variable(.constant(z))
    let found = try tape.gradients(of: try estimated.value(variable), wrt: [variable])
    return try #require(found[0]?.tensor)
  }

  // MARK: - At the edges

  @Test func coincidingPointsHaveNoEntropyAndAFiniteSlope() throws {
    let z = Tensor(rows: [[0, 0], [0, 0], [1, 2], [3, 1]])
    for estimated in Estimated.all where estimated.testDescription.hasPrefix("entropy") {
      let value = try estimated.value(.constant(z)).tensor.elements[0]
      #expect(value == -.infinity)
      #expect(try gradient(estimated, z).elements.allSatisfy(\.isFinite))
    }
    for estimator in DifferentialEntropy.Estimator.allCases {
      #expect(throws: EstimateError.coincidence) {
        try MutualInformation.generative(
          .constant(z), labels: [0, 0, 1, 1], by: estimator, k: 1)
      }
    }
    let ross = try MutualInformation.ross(.constant(z), labels: [0, 0, 1, 1], k: 1)
    #expect(ross.value.tensor.elements[0].isFinite)
  }

  @Test func tooFewPointsAreRefused() throws {
    func first(_ count: Int) -> Quantity { .constant(points(count, 2, seed: 1)) }
    #expect(throws: EstimateError.tooFewPoints(3, least: 4)) {
      try DifferentialEntropy.nearestNeighbour(first(3))
    }
    for count in [0, 1] {
      #expect(throws: EstimateError.tooFewPoints(count, least: 2)) {
        try DifferentialEntropy.pairwise(first(count))
      }
      #expect(throws: EstimateError.noClassmates) {
        try MutualInformation.ross(first(count), labels: Array(0..<count))
      }
      #expect(throws: EstimateError.noClassmates) {
        try MutualInformation.kernelCeiling(labels: Array(0..<count))
      }
    }
    #expect(throws: EstimateError.noCoordinates) {
      try DifferentialEntropy.pairwise(.constant(Tensor(shape: [3, 0], elements: [])))
    }
    #expect(throws: EstimateError.neighbours(0)) {
      try DifferentialEntropy.nearestNeighbour(first(3), k: 0)
    }
    #expect(throws: LossError.notFinite(.embeddings, row: 0, column: 0)) {
      try DifferentialEntropy.pairwise(.constant(Tensor(rows: [[.nan, 0], [1, 1]])))
    }
    #expect(throws: LossError.labelCount(labels: 1, rows: 3)) {
      try DifferentialEntropy.conditional(first(3), labels: [0])
    }
  }

  /// The rows are gone through in tiles; of so many no matrix of distances is made.
  @Test func manyPointsNeedNoMatrixOfDistances() throws {
    let z = points(1500, 3, seed: 11)
    let labels = (0..<1500).map { $0 % 2 }
    let value = try MutualInformation.generative(.constant(z), labels: labels).value
    #expect(abs(value.tensor.elements[0]) < 0.2)
  }

  @Test func stoppedSearchesEndAtOnce() throws {
    let z = points(3000, 2, seed: 12)
    let clock = ContinuousClock.now
    try Stopping.checking({ true }) {
      _ = try DifferentialEntropy.nearestNeighbour(.constant(z))
      _ = try DifferentialEntropy.pairwise(.constant(z))
      _ = try MutualInformation.ross(.constant(z), labels: (0..<3000).map { $0 % 3 })
    }
    #expect(clock.duration(to: .now) < .seconds(1))
  }

  // MARK: - In plain code

  private func points(_ n: Int, _ d: Int, seed: UInt64) -> Tensor {
    var random = Random(seed: seed)
    return Tensor(shape: [n, d], elements: random.normals(n * d))
  }

  private func rows(_ z: Tensor) -> [[Double]] {
    (0..<z.shape[0]).map { Array(z.elements[$0 * z.shape[1]..<($0 + 1) * z.shape[1]]) }
  }

  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  private func plainDigamma(_ n: Int) -> Double {
    (1..<n).reduce(-0.57721566490153286) { $0 + 1 / Double($1) }
  }

  private func plainEntropy(_ z: [[Double]], k: Int) -> Double {
    let d = z[0].count
    let balls = [1: 2.0, 2: .pi, 3: 4.0 / 3 * .pi, 4: .pi * .pi / 2, 5: 8.0 / 15 * .pi * .pi]
    let logs = z.reduce(0.0) { sum, row in
      sum + Portable.log(z.map { distance(row, $0) }.sorted()[k])
    }
    return plainDigamma(z.count) - plainDigamma(k) + Portable.log(balls[d] ?? .nan)
      + Double(d) / Double(z.count) * logs
  }
}

/// A differentiable estimate.
struct Estimated: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let value: @Sendable (Quantity) throws -> Quantity

  static let all = [
    Estimated(testDescription: "entropy by neighbours") {
      try DifferentialEntropy.nearestNeighbour($0, k: 1)
    },
    Estimated(testDescription: "entropy by all pairs") { try DifferentialEntropy.pairwise($0) },
    Estimated(testDescription: "conditional entropy by neighbours") {
      try DifferentialEntropy.conditional($0, labels: labels($0), k: 2).value
    },
    Estimated(testDescription: "conditional entropy by all pairs") {
      try DifferentialEntropy.conditional($0, labels: labels($0), by: .allPairs).value
    },
    Estimated(testDescription: "information by neighbours") {
      try MutualInformation.generative($0, labels: labels($0), k: 2).value
    },
    Estimated(testDescription: "information by all pairs") {
      try MutualInformation.generative($0, labels: labels($0), by: .allPairs).value
    },
  ]

  private static func labels(_ z: Quantity) -> [Int] { (0..<z.shape[0]).map { $0 % 2 } }
}
