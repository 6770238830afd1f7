public import Autodiff
import Synchronization
public import Tensors

/// Losses compared as the field's reality check asks, by what they do to the same model.
///
/// One budget and one split for all, every loss with several seeds, and nothing chosen by what is
/// measured: Musgrave, Belongie, Lim 2020.
public struct Comparison: Sendable {
  /// One row for every loss, after those of what was not trained.
  public let rows: [Row]

  /// What came of one loss, or of no training.
  public struct Row: Sendable {
    /// What it is called.
    public let name: String
    /// The choice among its candidates, in words; nil where there was none.
    public let choice: String?
    /// Every metric of every run, metric by metric.
    public let values: [[Double]]
    /// How many runs ended at a loss or gradient that was not finite.
    public let diverged: Int

    /// The mean of a metric over its runs.
    public func interval(_ metric: Int) -> ConfidenceInterval {
      ConfidenceInterval(values[metric])
    }
  }

  /// A loss under one name, with the settings it may be given.
  public struct Entrant {
    /// What it is called.
    public let name: String
    /// Losses of which one is chosen by rows held back from training; one needs no choice.
    public let candidates: [LossSum]

    /// A loss, or several settings of one.
    public init(_ name: String, _ candidates: [LossSum]) {
      self.name = name
      self.candidates = candidates
    }
  }

  /// What is the same for all losses.
  public struct Setting {
    /// What is trained on.
    public var train: Dataset
    /// What is measured on.
    public var test: Dataset
    /// The parameters that the run of a seed starts from.
    public var start: (_ seed: UInt64) throws -> [Tensor]
    /// The embeddings of points by parameters.
    public var embed: (_ parameters: [Quantity], _ x: Quantity) throws -> Quantity
    /// Optimizer, steps and batches.
    public var training = Training()
    /// How many runs a loss has.
    public var seeds = 5
    /// What is measured.
    public var metrics: [Metric] = []
    /// By what rows are searched.
    public var distance = Distance.euclidean
    /// Whether runs may be side by side: nothing they call belongs to one thread.
    public var isConcurrent = true
    /// Told after every run how many of how many are done.
    public var observe: (_ done: Int, _ of: Int) -> Void = { _, _ in }

    /// A setting with the defaults.
    public init(
      train: Dataset, test: Dataset, start: @escaping (UInt64) throws -> [Tensor],
      embed: @escaping ([Quantity], Quantity) throws -> Quantity
    ) {
      self.train = train
      self.test = test
      self.start = start
      self.embed = embed
    }
  }

  /// Trains every loss with every seed and measures what comes out.
  ///
  /// A loss with several candidates is tuned first: a quarter of the training rows is held back, the
  /// candidates are trained on the others with a seed of their own, and the best by the first metric
  /// there is taken. The test rows are never looked at for that.
  ///
  /// - Throws: what training and metrics throw; the first of it, by losses and seeds.
  public init(_ entrants: [Entrant], _ setting: Setting) throws {
    let tuned = entrants.filter { $0.candidates.count > 1 }
    let runner = ComparisonRunner(
      setting,
      total: entrants.count * setting.seeds + tuned.reduce(0) { $0 + $1.candidates.count })
    let chosen = try runner.choices(entrants)
    var rows = [
      Row(
        name: "the points", choice: nil,
        values: try runner.measured(setting.test.x).map { [$0] }, diverged: 0)
    ]
    let untrained = try (0..<setting.seeds).map { seed in
      if Stopping.isDue { throw ComparisonInterrupted() }
      return try runner.measured(runner.embeddings(setting.test.x, setting.start(UInt64(seed))))
    }
    rows.append(Row(name: "untrained", choice: nil, values: untrained.turned, diverged: 0))
    let count = setting.seeds
    let runs = try runner.sideBySide(entrants.count * count) { task in
      try runner.run(
        entrants[task / count].candidates[chosen[task / count]], seed: UInt64(task % count),
        setting.train, setting.test)
    }
    for (place, entrant) in entrants.enumerated() {
      let own = runs[place * count..<(place + 1) * count]
      rows.append(
        Row(
          name: entrant.name,
          choice: entrant.candidates.count > 1
            ? entrant.candidates[chosen[place]].description : nil,
          values: own.map(\.values).turned, diverged: own.count(where: \.hasDiverged)))
    }
    self.rows = rows
  }
}

/// The runs of a comparison.
private final class ComparisonRunner {
  private let setting: Comparison.Setting
  private let total: Int
  private let done = Mutex(0)

  init(_ setting: Comparison.Setting, total: Int) {
    self.setting = setting
    self.total = total
  }

  struct Run {
    var values: [Double]
    var hasDiverged: Bool
  }

  /// The best candidate of every loss, by rows held back from training.
  func choices(_ entrants: [Comparison.Entrant]) throws -> [Int] {
    let (part, held) = try setting.train.split(test: 0.25)
    // A seed that no run has.
    let seed = UInt64(setting.seeds)
    let tasks = entrants.enumerated().flatMap { place, entrant in
      entrant.candidates.count > 1 ? entrant.candidates.indices.map { (place, $0) } : []
    }
    let scores = try sideBySide(tasks.count) { task in
      let (place, candidate) = tasks[task]
      return try self.run(entrants[place].candidates[candidate], seed: seed, part, held).values[0]
    }
    var best = [Int](repeating: 0, count: entrants.count)
    var highest = [Double](repeating: -.infinity, count: entrants.count)
    let sign = setting.metrics[0].isBetter == .higher ? 1.0 : -1
    for ((place, candidate), score) in zip(tasks, scores) where sign * score > highest[place] {
      (best[place], highest[place]) = (candidate, sign * score)
    }
    return best
  }

  /// One training, measured.
  func run(_ loss: LossSum, seed: UInt64, _ train: Dataset, _ test: Dataset) throws -> Run {
    defer {
      done.withLock {
        $0 += 1
        setting.observe($0, total)
      }
    }
    var training = setting.training
    training.seed = seed
    training.isInterrupted = { Stopping.isDue }
    let start = try setting.start(seed)
    let labels = train.y ?? []
    let width = try embeddings(train.rows([0]).x, start).shape.last ?? 0
    let criterion = try Criterion(loss, classes: train.classes, d: width, seed: seed)
    let history = try training.fit(
      start, x: train.x, labels: labels, criterion, embed: setting.embed)
    let z = try embeddings(test.x, history.parameters)
    return Run(
      values: try measured(z, test), hasDiverged: history.stopped == .diverged)
  }

  func embeddings(_ x: Tensor, _ parameters: [Tensor]) throws -> Tensor {
    try setting.embed(parameters.map { .constant($0) }, .constant(x)).tensor
  }

  /// Every metric of some embeddings; nan where they are not finite.
  func measured(_ z: Tensor, _ data: Dataset? = nil) throws -> [Double] {
    guard z.elements.allSatisfy(\.isFinite) else { return setting.metrics.map { _ in .nan } }
    let evaluation = try Evaluation(
      z, (data ?? setting.test).y ?? [], distance: setting.distance)
    return try setting.metrics.map { try $0.value(of: evaluation) }
  }

  /// What `body` makes of every task; the error of the first that failed.
  func sideBySide<Result>(_ tasks: Int, _ body: (Int) throws -> Result) throws -> [Result] {
    var results = [Swift.Result<Result, any Error>?](repeating: nil, count: tasks)
    results.withUnsafeMutableBufferPointer { results in
      // A task writes to its own place.
      nonisolated(unsafe) let results = results
      Threads.share(tasks, isWorthwhile: setting.isConcurrent) { task, _ in
        if Stopping.isDue { return }
        results[task] = .init { try body(task) }
      }
    }
    return try results.map { result in
      guard let result else { throw ComparisonInterrupted() }
      return try result.get()
    }
  }
}

/// A comparison was told to stop: half of it compares nothing.
package struct ComparisonInterrupted: Error {}

extension [[Double]] {
  /// Columns for rows.
  fileprivate var turned: [[Double]] {
    guard let first else { return [] }
    return first.indices.map { column in map { $0[column] } }
  }
}
