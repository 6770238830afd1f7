import Autodiff
import Foundation
@testable import MetricLearning
import Tensors
import Testing

/// `docs/losses.md` says of every loss what is true of it.
///
/// `MLREPL_RECORD=1 swift test --filter LossTableTests` writes it anew.
@Suite struct LossTableTests {
  private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../docs/losses.md")

  @Test func tableIsTrue() throws {
    let fresh = try LossTable.text()
    if ProcessInfo.processInfo.environment["MLREPL_RECORD"] == "1" {
      try FileManager.default.createDirectory(
        at: Self.file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(fresh.utf8).write(to: Self.file)
      return
    }
    #expect(try String(contentsOf: Self.file, encoding: .utf8) == fresh)
  }
}

/// The table of losses, each cell worked out from the loss itself.
private enum LossTable {
  /// A column: what stands above it, what it means, and what it says of a loss.
  struct Column: Sendable {
    let title: String
    let meaning: String
    let cell: @Sendable (Subject) throws -> String
  }

  /// A loss at its defaults, with a batch it can be computed on.
  struct Subject {
    let kind: LossKind
    let loss: any Loss
    let input: LossInput
    let golden: [GoldenCase]
  }

  static let columns: [Column] = [
    Column(
      title: "values",
      meaning: "recorded values of other implementations that the tests compare with"
    ) { subject in
      number(subject.golden.count { ($0.value ?? $0.formulaValue) != nil })
    },
    Column(title: "gradients", meaning: "recorded gradients, likewise") { subject in
      number(subject.golden.count { ($0.gradEmbeddings ?? $0.formulaGradEmbeddings) != nil })
    },
    Column(
      title: "slope",
      meaning: "whether the gradient is the slope of the value; a loss may hold something constant"
    ) { $0.loss.holdsConstants ? "held" : "yes" },
    Column(
      title: "second derivative",
      meaning: "whether the gradient has one, by the textbook definition that the kernel is tested "
        + "against"
    ) { $0.loss.holdsConstants ? "of what is held" : "yes" },
    Column(
      title: "pair weights", meaning: "whether `pair_weights` gives ∂L/∂S, n×n (theory §6.1)"
    ) { mark(try $0.loss.pairWeights($0.input) != nil) },
    Column(
      title: "tightness + contrast", meaning: "whether the loss is the sum of both (theory §4.1)"
    ) { mark(try $0.loss.evaluate(.tightness, of: $0.input) != nil) },
    Column(
      title: "tuples",
      meaning: "whether `tuples=` lists the pairs or triplets to sum over; **once** where the "
        + "gradient then has no derivative"
    ) { subject in
      guard subject.kind.takesTuples else { return mark(false) }
      return subject.loss.tupleDefinition == nil ? "once" : mark(true)
    },
    Column(
      title: "float32", meaning: "whether embeddings in float32 give a value in float32"
    ) { subject in
      let input = subject.input
      func single(_ tensor: Tensor?) -> Quantity? {
        tensor.map { .constant($0.converted(to: .float32)) }
      }
      let embeddings = Quantity.constant(input.embeddings.converted(to: .float32))
      let value = try subject.loss.quantity(
        embeddings, labels: input.labels, weights: single(input.weights), probs: input.probs,
        view: single(input.view)
      ).value
      return mark(value.tensor.dtype == .float32)
    },
    Column(
      title: "floor",
      meaning: "how low the value can get, which `levels` gives; — where none is known"
    ) { subject in
      switch subject.loss.floor {
      case .unknown: "—"
      default: "yes"
      }
    },
    Column(
      title: "tiled",
      meaning: "how many pairs are held at once when there are many: those of two blocks of rows "
        + "(**blocks**), of a group of anchors with all rows (**anchors**), or of a group of rows "
        + "with all classes (**classes**); never a matrix of all pairs where one of these is said"
    ) { subject in
      let classes = try ClassIndex(subject.input.labels)
      switch subject.loss {
      case let loss as any TiledLoss:
        let isByBlocks =
          loss.pairCosts(classes) != nil
          || (loss.distance.isSimilarity || loss.distance.isSquared)
            && loss.pairExponents(.whole) != nil
        return isByBlocks ? "blocks" : "anchors"
      case is any ClassWeightLoss: return "classes"
      default: return "—"
      }
    },
  ]

  static func text() throws -> String {
    var lines = [
      "# What every loss can do", "",
      "Written by the tests from the losses themselves, at their default parameters; `?name` "
        + "explains a loss, `??name` shows its definition. In the columns:", "",
    ]
    lines += columns.map { "- **\($0.title)**: \($0.meaning)" }
    lines += [
      "", "| loss | \(columns.map(\.title).joined(separator: " | ")) |",
      "|---|\(columns.map { _ in "---|" }.joined())",
    ]
    let golden = try GoldenFile.named("losses.json", in: GoldenFile.committed).cases
    for kind in LossCatalog.all {
      let names = GoldenMapping.all.filter { $0.loss == kind.name }.map(\.golden)
      let subject = try subject(kind, golden.filter { names.contains($0.loss ?? "") })
      let cells = try columns.map { try $0.cell(subject) }
      lines.append("| `\(kind.name)` | \(cells.joined(separator: " | ")) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func subject(_ kind: LossKind, _ golden: [GoldenCase]) throws -> Subject {
    let loss = try kind.make()
    var random = Random(seed: 7)
    var input = LossInput(
      embeddings: Tensor(shape: [8, 2], elements: random.normals(16)),
      labels: [0, 0, 1, 1, 2, 2, 0, 1])
    if loss.needsWeights { input.weights = try loss.initialWeights(classes: 3, d: 2) }
    if kind.comparesViews { input.view = Tensor(shape: [8, 2], elements: random.normals(16)) }
    return Subject(kind: kind, loss: loss, input: input, golden: golden)
  }

  private static func mark(_ isTrue: Bool) -> String { isTrue ? "yes" : "—" }

  private static func number(_ count: Int) -> String { count > 0 ? String(count) : "—" }
}
