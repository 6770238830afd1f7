@testable import MetricLearning
import Tensors
import TestSupport
import Testing

/// The angular loss of many rows, by products of matrices.
@Suite struct AngularTests {
  private func input(_ n: Int, classes: Int, scale: Double) -> LossInput {
    var random = Random(seed: 4)
    return LossInput(
      embeddings: Tensor(shape: [n, 27], elements: random.normals(n * 27).map { scale * $0 }),
      labels: (0..<n).map { $0 * $0 % classes })
  }

  /// Far out, powers and their sums vanish.
  @Test(arguments: [0.2, 1, 10, 40, 300], [2, 5, 60])
  func productsAreWhatSumsSay(scale: Double, classes: Int) throws {
    for reduction in [Reduction.paper, .meanNonzero] {
      var loss = Angular()
      loss.reduction = reduction
      let input = input(150, classes: classes, scale: scale)
      let found = try loss.evaluate(input)
      let wanted = loss.swept(try Batch(input))
      #expect(isClose(found.value, wanted.value, tolerance: 1e-12))
      let (a, b) = (found.embeddingGradient.elements, wanted.embeddingGradient.elements)
      let largest = b.reduce(1e-300) { max($0, abs($1)) }
      #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-11 * largest })
    }
  }

  @Test func bitsDoNotDependOnTheNumberOfThreads() throws {
    defer { Threads.use(nil) }
    let input = input(300, classes: 7, scale: 1)
    Threads.use(1)
    let alone = try Angular().evaluate(input)
    for count in [2, 3, 8] {
      Threads.use(count)
      let found = try Angular().evaluate(input)
      #expect(found.value == alone.value && found.embeddingGradient == alone.embeddingGradient)
    }
  }
}
