import Cards
@testable import MetricLearning
import Tensors
import TestSupport
import Testing

/// Losses that compare many rows with many classes, in tiles.
@Suite struct ClassTilesTests {
  private static let width = 16
  private static let kinds = LossCatalog.all.filter {
    $0.operands == ["weights"] && (try? $0.make().needsWeights) == true
  }

  /// A batch of `n` rows and 240 weights, with one of both of length 0.
  private func input(_ loss: any Loss, n: Int = 90, _ dtype: DType) throws -> LossInput {
    var random = Random(seed: 5)
    let d = Self.width
    let classes = 240 / loss.weightShape(classes: 1, d: 1).reduce(1, *)
    var z = random.normals(n * d)
    for k in 5 * d..<6 * d { z[k] = 0 }
    var weights = try loss.initialWeights(classes: classes, d: d, seed: 2)
    let ofZero = 7 * (weights.elements.count / classes)
    var elements = weights.elements
    for k in ofZero..<ofZero + d { elements[k] = 0 }
    weights = Tensor(shape: weights.shape, elements: elements)
    return LossInput(
      embeddings: Tensor(shape: [n, d], elements: z).converted(to: dtype),
      labels: (0..<n).map { $0 * $0 % 23 }, weights: weights.converted(to: dtype))
  }

  private func bits(_ result: LossResult) throws -> [UInt64] {
    let gradients = result.embeddingGradient.elements + (result.weightGradient?.elements ?? [])
    return ([result.value] + gradients).map(\.bitPattern)
  }

  @Test(arguments: kinds) func bitsDoNotDependOnTheNumberOfThreads(_ kind: LossKind) throws {
    defer { Threads.use(nil) }
    for dtype in [DType.float64, .float32] {
      let loss = try kind.make()
      // More than a group of tiles has.
      let input = try input(loss, n: 530, dtype)
      Threads.use(1)
      let alone = try bits(loss.evaluate(input))
      for count in [2, 3, 8] {
        Threads.use(count)
        #expect(try bits(loss.evaluate(input)) == alone, "\(count) threads, \(dtype)")
      }
    }
  }

  /// Parts of a batch too small for tiles add up to what these say of the whole.
  @Test(arguments: kinds) func tilesAreWhatRowsSay(_ kind: LossKind) throws {
    // Proxies are compared with all rows at once.
    guard kind.name != "proxy_anchor" else { return }
    var arguments: [(String, ParameterValue)] = [("reduction", .text("sum"))]
    if kind.parameters.contains(where: { $0.name == "tau" }) {
      arguments.append(("tau", .number(0)))
    }
    let loss = try kind.make(arguments)
    let input = try input(loss, .float64)
    let result = try loss.evaluate(input)
    let z = input.embeddings.elements
    var (value, byRows) = (0.0, [Double]())
    var byWeights = [Double](repeating: 0, count: input.weights?.elements.count ?? 0)
    let d = Self.width
    for row in 0..<input.labels.count {
      let one = try loss.evaluate(
        LossInput(
          embeddings: Tensor(shape: [1, d], elements: Array(z[row * d..<(row + 1) * d])),
          labels: [input.labels[row]], weights: input.weights))
      value += one.value
      byRows += one.embeddingGradient.elements
      for (k, change) in (one.weightGradient?.elements ?? []).enumerated() {
        byWeights[k] += change
      }
    }
    #expect(isClose(result.value, value, tolerance: 1e-12))
    for (found, wanted) in [
      (result.embeddingGradient.elements, byRows),
      (result.weightGradient?.elements ?? [], byWeights),
    ] {
      let scale = wanted.reduce(1e-300) { max($0, abs($1)) }
      #expect(found.count == wanted.count)
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) <= 1e-11 * scale })
    }
  }

  @Test(arguments: kinds) func halvesAddUp(_ kind: LossKind) throws {
    let loss = try kind.make()
    let input = try input(loss, .float64)
    guard let pull = try loss.evaluate(.tightness, of: input),
      let push = try loss.evaluate(.contrast, of: input)
    else { return }
    let whole = try loss.evaluate(input)
    #expect(isClose(pull.value + push.value, whole.value, tolerance: 1e-12))
    let sums = zip(pull.embeddingGradient.elements, push.embeddingGradient.elements).map(+)
    #expect(
      zip(sums, whole.embeddingGradient.elements).allSatisfy { abs($0 - $1) <= 1e-13 })
  }

  @Test(arguments: kinds) func tilesStopWhenAsked(_ kind: LossKind) throws {
    let loss = try kind.make()
    let input = try input(loss, .float32)
    _ = try Stopping.checking({ true }) { try loss.evaluate(input) }
  }
}
