import Cards
import MetricLearning
import Tensors

/// What chooses the tuples of every batch in a training.
final class FitMiner {
  private let call: Call
  private let index: Int
  /// One of the catalog; nil for a function of the program.
  private let kind: MinerKind?
  /// How often it was asked.
  private var batches = 0
  private var hasTold = false

  /// The miner an argument names or is; nil for none.
  init?(_ call: Call, _ index: Int) throws {
    if call.isNone(index) { return nil }
    self.call = call
    self.index = index
    switch call[index] {
    case .text(let text):
      guard let kind = MinerCatalog.named(text.string) else {
        _ = try call.choice(index, MinerCatalog.all.map(\.word))
        return nil
      }
      self.kind = kind
    case .builtin(let builtin):
      kind = MinerCatalog.named(builtin.name)
    case .function: kind = nil
    default: throw call.wrong(index, "the name of a miner, a miner, or a function (z, y) -> table")
    }
  }

  /// The tuples of a batch; says so once where there are none.
  func tuples(_ embeddings: Tensor, _ labels: [Int]) throws -> LossTuples {
    defer { batches += 1 }
    let tuples = try chosen(embeddings, labels)
    if tuples.isEmpty, !hasTold, !labels.isEmpty {
      hasTold = true
      call.context.notice(
        "at step \(batches) the miner chose nothing: losses of tuples are 0 there, and the training "
          + "goes on")
    }
    return tuples
  }

  private func chosen(_ embeddings: Tensor, _ labels: [Int]) throws -> LossTuples {
    guard let kind else {
      let table = try call.invoke(
        index, [.tensor(TensorBox(embeddings)), .vector(labels.map(Double.init))])
      return try call.tuples(table, at: index, "miner of \(call.name) gives")
    }
    do {
      // Draws of one step say nothing of those of the next.
      let draws = kind.parameters.contains { $0.name == "seed" }
      let miner = try kind.make(draws ? [("seed", .number(Double(batches)))] : [])
      return LossTuples(try miner.mine(embeddings, labels: labels, most: call.mostMined))
    } catch {
      throw Wording.failure(error, at: call)
    }
  }
}

extension Call {
  /// How many numbers a miner's table may hold now.
  var mostMined: Int {
    // Columns grow as tuples are found, and are twice as large for a moment.
    min(Tensor.largestCount, max(0, context.memoryLimit - Memory.inUse) / 24)
  }
}
