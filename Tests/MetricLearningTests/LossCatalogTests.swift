import Autodiff
import Cards
import Foundation
@testable import MetricLearning
import Tensors
import TestSupport
import Testing

/// Laws that every loss of the catalog obeys, at its defaults and at every choice it offers.
@Suite struct LossCatalogTests {
  @Test func catalogListsEveryLossFile() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/MetricLearning/Losses")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let losses = try files.filter { $0.hasSuffix(".swift") }.filter { file in
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      return text.contains(/public struct \w+: \w*Loss \{/)
    }
    #expect(Set(losses) == Set(LossCatalog.all.map { "\($0.typeName).swift" }))
  }

  @Test func namesAreUnique() {
    #expect(Set(LossCatalog.all.map(\.name)).count == LossCatalog.all.count)
  }

  @Test(arguments: try variants.filter { try !$0.loss().holdsConstants })
  func gradientsAreFiniteDifferences(_ variant: Variant) throws {
    let loss = try variant.loss()
    let input = try batch(loss, variant)
    let result = try loss.evaluate(input)
    let scale = result.embeddingGradient.elements.reduce(1) { max($0, abs($1)) }
    for i in input.embeddings.elements.indices {
      let slope = try centralDifference { step in
        var moved = input
        moved.embeddings.elements[i] += step
        return try loss.evaluate(moved).value
      }
      #expect(abs(slope - result.embeddingGradient.elements[i]) < 1e-6 * scale)
    }
    for (path, gradient) in [
      (\LossInput.weights, result.weightGradient), (\LossInput.view, result.viewGradient),
    ] {
      guard let gradient, let tensor = input[keyPath: path] else { continue }
      #expect(gradient.shape == tensor.shape)
      for i in tensor.elements.indices {
        let slope = try centralDifference { step in
          var moved = input
          moved[keyPath: path]?.elements[i] += step
          return try loss.evaluate(moved).value
        }
        #expect(abs(slope - gradient.elements[i]) < 1e-6 * scale)
      }
    }
  }

  @Test(arguments: variants)
  func singlesAreRoundedOnceAtTheEnd(_ variant: Variant) throws {
    let loss = try variant.loss()
    let input = try batch(loss, variant)
    let singles = input.embeddings.converted(to: .float32)
    var wide = input
    wide.embeddings = singles.converted(to: .float64)
    let expected = try loss.evaluate(wide)
    let tape = Tape()
    let z = tape.variable(.constant(singles))
    let weights = input.weights.map { tape.variable(.constant($0.converted(to: .float64))) }
    let view = input.view.map { tape.variable(.constant($0.converted(to: .float64))) }
    let value = try loss.quantity(
      z, labels: input.labels, weights: weights, probs: input.probs, view: view
    ).value
    // Weights are a float64 tensor, and so is what they meet.
    let others = [weights, view].compactMap { $0 }
    let dtype: DType = others.isEmpty ? .float32 : .float64
    #expect(value.tensor == Tensor(expected.value, dtype: dtype))
    let gradients = try tape.gradients(of: value, wrt: [z] + others)
    #expect(gradients[0]?.tensor == expected.embeddingGradient.converted(to: .float32))
    if gradients.count > 1 { #expect(gradients[1]?.tensor.dtype == .float64) }
  }

  @Test(arguments: variants)
  func orderOfRowsDoesNotMatter(_ variant: Variant) throws {
    let loss = try variant.loss()
    let input = try batch(loss, variant)
    let order =
      loss.dependsOnOrder ? [4, 2, 0, 3, 1, 5, 6, 7] : [4, 2, 7, 0, 1, 6, 3, 5]
    var shuffled = input
    shuffled.embeddings = Tensor(rows: order.map { row(input.embeddings, $0) })
    shuffled.labels = order.map { input.labels[$0] }
    shuffled.view = input.view.map { view in Tensor(rows: order.map { row(view, $0) }) }
    let before = try loss.evaluate(input)
    let after = try loss.evaluate(shuffled)
    #expect(isClose(after.value, before.value, tolerance: 1e-12))
    for (place, original) in order.enumerated() {
      let moved = row(after.embeddingGradient, place)
      let stayed = row(before.embeddingGradient, original)
      #expect(zip(moved, stayed).allSatisfy { isClose($0, $1, tolerance: 1e-10) })
    }
  }

  @Test(arguments: variants)
  func namesOfClassesDoNotMatter(_ variant: Variant) throws {
    let loss = try variant.loss()
    let input = try batch(loss, variant)
    var renamed = input
    let order = [2, 0, 1]
    renamed.labels = input.labels.map { order[$0] }
    if let weights = input.weights {
      let size = weights.count / 3
      var elements = weights.elements
      for k in 0..<3 {
        elements.replaceSubrange(
          order[k] * size..<(order[k] + 1) * size,
          with: weights.elements[k * size..<(k + 1) * size])
      }
      renamed.weights = Tensor(shape: weights.shape, elements: elements)
    }
    #expect(
      isClose(
        try loss.evaluate(renamed).value, try loss.evaluate(input).value, tolerance: 1e-12))
  }

  @Test(arguments: variants)
  func degenerateBatchesAreFinite(_ variant: Variant) throws {
    let loss = try variant.loss()
    let batches: [(rows: [[Double]], labels: [Int])] = [
      ([], []), ([[1, 2]], [0]), ([[0, 0]], [0]), ([[1, 2], [1, 2]], [0, 1]),
      ([[1, 2], [1, 2], [3, 4]], [0, 0, 0]), ([[1, 0], [0, 1], [1, 1]], [0, 1, 2]),
      ([[1e-160, 0], [0, 1e-160], [1e-200, 1e-200]], [0, 0, 1]),
      ([[1e60, 0], [0, -1e60], [1e60, 1e60]], [0, 0, 1]),
      ([[0, 0], [0, 0], [0, 0]], [0, 1, 0]),
    ]
    for (rows, labels) in batches {
      var input = LossInput(
        embeddings: Tensor(shape: [rows.count, 2], elements: rows.flatMap { $0 }), labels: labels)
      if variant.isWeighted {
        input.weights = try loss.initialWeights(classes: 3, d: 2)
      }
      if variant.kind.comparesViews {
        guard rows.count > 1 else { continue }
        input.view = Tensor(rows: rows.reversed())
      }
      let result = try loss.evaluate(input)
      #expect(result.value.isFinite, "\(rows)")
      #expect(result.embeddingGradient.elements.allSatisfy { $0.isFinite }, "\(rows)")
      #expect(result.weightGradient?.elements.allSatisfy { $0.isFinite } ?? true, "\(rows)")
    }
  }

  @Test(arguments: variants)
  func halvesSumToTheLoss(_ variant: Variant) throws {
    let loss = try variant.loss()
    let input = try batch(loss, variant)
    guard let tightness = try loss.evaluate(.tightness, of: input),
      let contrast = try loss.evaluate(.contrast, of: input)
    else { return }
    let whole = try loss.evaluate(input)
    #expect(isClose(tightness.value + contrast.value, whole.value, tolerance: 1e-12))
    for (half, other, all) in [
      (tightness.embeddingGradient, contrast.embeddingGradient, whole.embeddingGradient),
      (
        tightness.weightGradient ?? Tensor(0), contrast.weightGradient ?? Tensor(0),
        whole.weightGradient ?? Tensor(0)
      ),
    ] {
      #expect(isClose(try Tensor.add(half, other), all, tolerance: 1e-12))
    }
  }

  /// By the chain rule the gradient is Σⱼ (wᵢⱼ + wⱼᵢ) zⱼ (theory §6.1); of rows of unit length that
  /// says what is left across them.
  @Test(arguments: variants)
  func pairWeightsMakeTheGradient(_ variant: Variant) throws {
    let loss = try variant.loss()
    var input = try batch(loss, variant)
    let rows = (0..<8).map { i in
      let z = row(input.embeddings, i)
      let length = (z[0] * z[0] + z[1] * z[1]).squareRoot()
      return z.map { $0 / length }
    }
    input.embeddings = Tensor(rows: rows)
    guard let weights = try loss.pairWeights(input) else { return }
    let gradient = try loss.evaluate(input).embeddingGradient
    let scale = gradient.elements.reduce(1) { max($0, abs($1)) }
    for (i, z) in rows.enumerated() {
      let across = [-z[1], z[0]]
      func along(_ other: [Double]) -> Double { other[0] * across[0] + other[1] * across[1] }
      let wanted = (0..<8).reduce(0.0) { sum, j in
        sum + (weights.elements[i * 8 + j] + weights.elements[j * 8 + i]) * along(rows[j])
      }
      #expect(abs(along(row(gradient, i)) - wanted) < 1e-9 * scale)
    }
  }

  @Test(arguments: LossCatalog.all)
  func definitionsAndCardsCarryEveryParameter(_ kind: LossKind) throws {
    let header = kind.definition.prefix { $0 != "\n" }
    #expect(header.hasPrefix("def \(kind.name)(z, y"))
    for parameter in kind.parameters {
      #expect(header.contains(" \(parameter.name)=\(parameter.defaultValue)"))
      #expect(kind.card.signature.contains(" \(parameter.name)=\(parameter.defaultValue)"))
    }
    #expect(!kind.card.summary.isEmpty && !kind.card.example.isEmpty)
  }

  /// Help has the formula, the shapes, the papers, and says of every default whose it is.
  @Test(arguments: LossCatalog.all)
  func cardsSayWhereTheyComeFrom(_ kind: LossKind) throws {
    let card = kind.card
    #expect(!card.formula.isEmpty && !card.reference.isEmpty)
    #expect(card.details.contains("n×"))
    let origins = card.details.components(separatedBy: "Defaults: ").dropFirst().joined()
    for parameter in kind.parameters where parameter.name != "reduction" {
      #expect(origins.contains(parameter.name), "whose default is \(parameter.name)?")
    }
  }

  @Test(arguments: LossCatalog.all)
  func doorRefusesWhatIsNotABatch(_ kind: LossKind) throws {
    let loss = try kind.make()
    let two = Tensor(rows: [[1, 2], [3, 4]])
    #expect(throws: LossError.notAMatrix(shape: [2])) {
      try loss.evaluate(
        LossInput(embeddings: Tensor(shape: [2], elements: [1, 2]), labels: [0, 1]))
    }
    if kind.comparesViews {
      #expect(throws: LossError.viewShape(given: nil, wanted: [2, 2])) {
        try loss.evaluate(LossInput(embeddings: two, labels: []))
      }
      return
    }
    #expect(throws: LossError.labelCount(labels: 1, rows: 2)) {
      try loss.evaluate(LossInput(embeddings: two, labels: [0]))
    }
    #expect(throws: LossError.labelNegative(row: 1, label: -1)) {
      try loss.evaluate(LossInput(embeddings: two, labels: [0, -1]))
    }
    #expect(throws: LossError.notFinite(.embeddings, row: 1, column: 0)) {
      try loss.evaluate(
        LossInput(embeddings: Tensor(rows: [[1, 2], [.nan, 4]]), labels: [0, 1]))
    }
    #expect(
      throws: LossError.parameter(
        .unknown(name: "marginn", known: kind.parameters.map(\.name)))
    ) {
      try kind.make([("marginn", .number(1))])
    }
    if !kind.operands.contains("weights") {
      #expect(throws: LossError.weightsUnused(loss: kind.name)) {
        try loss.evaluate(LossInput(embeddings: two, labels: [0, 1], weights: two))
      }
    }
  }
}

/// A loss at one of its choices.
struct Variant: Sendable, CustomTestStringConvertible {
  let kind: LossKind
  var arguments: [(String, ParameterValue)] = []
  var isWeighted: Bool

  var testDescription: String { "\(kind.name) \(arguments)\(isWeighted ? " weighted" : "")" }

  func loss() throws -> any Loss { try kind.make(arguments) }
}

/// Every loss at its defaults, and at every other choice its parameters offer; with weights where it
/// takes them, and without where it can do without.
private let variants = LossCatalog.all.flatMap { kind in
  let choices: [[(String, ParameterValue)]] = kind.parameters.flatMap { parameter in
    values(of: parameter).map { [(parameter.name, $0)] }
  }
  return ([[]] + choices).flatMap { arguments -> [Variant] in
    let takesWeights = kind.operands.contains("weights")
    let needsWeights = (try? kind.make(arguments))?.needsWeights ?? true
    let ways = !takesWeights ? [false] : needsWeights ? [true] : [true, false]
    return ways.map { Variant(kind: kind, arguments: arguments, isWeighted: $0) }
  }
}

/// The words and truth values a parameter can be set to.
private func values(of parameter: ParameterDescription) -> [ParameterValue] {
  switch parameter.domain {
  case .choice(let words): words.map { .text($0) }
  case .flag: [.bool(true), .bool(false)]
  case .number, .whole: []
  }
}

/// Eight points of three classes in the plane, off every kink, with weights where the loss takes
/// them.
private func batch(_ loss: some Loss, _ variant: Variant) throws -> LossInput {
  var random = Random(seed: 7)
  let embeddings = Tensor(shape: [8, 2], elements: random.normals(16).map { 0.6 * $0 })
  var input = LossInput(embeddings: embeddings, labels: [0, 0, 1, 1, 2, 2, 0, 1])
  if variant.isWeighted {
    let weights = try loss.initialWeights(classes: 3, d: 2, seed: 3)
    input.weights = Tensor(shape: weights.shape, elements: weights.elements.map { 1.3 * $0 })
  }
  if type(of: loss).comparesViews {
    input.view = Tensor(shape: [8, 2], elements: random.normals(16).map { 0.5 * $0 })
  }
  return input
}

private func row(_ matrix: Tensor, _ i: Int) -> [Double] {
  Array(matrix.elements[i * matrix.shape[1]..<(i + 1) * matrix.shape[1]])
}

private func centralDifference(_ f: (Double) throws -> Double) throws -> Double {
  let h = 1e-5
  return try (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)
}
