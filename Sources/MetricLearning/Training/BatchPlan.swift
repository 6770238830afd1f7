import Tensors

/// Which rows every training step sees.
public enum BatchPlan: Sendable, Equatable {
  /// All rows.
  case full
  /// So many rows of a fresh permutation each epoch; what is left over at its end is not used.
  case rows(Int)
  /// `perClass` rows each of `rows / perClass` classes (every class if nil), without replacement.
  case perClass(Int, rows: Int?)
}

/// The draws of a batch plan.
struct BatchSampler {
  private let plan: BatchPlan
  private let count: Int
  private let members: [[Int]]
  private var random: Random
  private var pending: ArraySlice<Int> = []

  init(_ plan: BatchPlan, labels: [Int], random: Random) throws(TrainingError) {
    let rows = labels.indices
    switch plan {
    case .full: break
    case .rows(let size):
      guard size >= 1 else { throw .batchSize(size) }
    case .perClass(let size, let batch):
      guard size >= 1 else { throw .batchSize(size) }
      if let batch, batch < size || batch % size != 0 {
        throw .batchNotWholeClasses(batch: batch, perClass: size)
      }
    }
    self.plan = plan
    self.random = random
    count = rows.count
    let byClass = Dictionary(grouping: rows) { labels[$0] }
    members = byClass.keys.sorted().map { byClass[$0, default: []] }
  }

  /// The rows of the next step; nil stands for all of them.
  mutating func next() -> [Int]? {
    switch plan {
    case .full: return nil
    case .rows(let size):
      guard size < count else { return random.permutation(count) }
      if pending.count < size { pending = random.permutation(count)[...] }
      defer { pending = pending.dropFirst(size) }
      return Array(pending.prefix(size))
    case .perClass(let size, let batch):
      let wanted = batch.map { $0 / size } ?? members.count
      let chosen = random.permutation(members.count).prefix(wanted)
      return chosen.flatMap { k in
        random.permutation(members[k].count).prefix(size).map { members[k][$0] }
      }
    }
  }
}
