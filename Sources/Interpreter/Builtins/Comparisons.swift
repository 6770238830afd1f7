import Cards
import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// Losses against each other.
  static let comparisons: [Builtin] = [
    Builtin(
      """
      compare(losses, data, model=none, seen=none, test=0.3, seeds=5, optimizer=none, steps=300, \
      batch=none, per_class=none, metrics=none, distance="euclidean")
      """,
      "Losses compared honestly: same model, budget and split, several seeds, intervals.",
      details: """
        losses: a list of losses, or a record name=loss; a list in the place of a loss holds settings of \
        which the best is chosen on a quarter of the training rows held back. data: a data set; a share \
        `test` of every class is held out (closed set), or with seen=[…] the classes that are not seen \
        (zero-shot). test may be a data set of its own. model: mlp([d, 64, 8], activation="relu") unless \
        given, drawn anew for every seed 0 to seeds - 1. Batches as in fit. metrics: names of evaluate's, \
        [\"recall_at_1\", \"map_at_r\", \"nmi\"] unless given; the first chooses settings. The points \
        themselves and the untrained model are measured too. A record that prints as a table and a \
        drawing, mean ± Student's 95% interval: .names .metrics .mean .interval (rows×metrics) .values \
        (rows×metrics×seeds) .chosen .text.
        """,
      example:
        "compare([softmax_ce, contrastive], blobs(60), linear(2, 2), seeds=2, steps=5).names",
      seeAlso: ["evaluate", "fit", "split_classes"],
      reference: "Musgrave, Belongie, Lim 2020; theory §9"
    ) { call in try ComparisonCall(call).run() }
  ]
}

/// One call of `compare`.
private struct ComparisonCall {
  private let call: Call
  private let entrants: [Comparison.Entrant]
  private var setting: Comparison.Setting

  private static let mostSeeds = 1000

  init(_ call: Call) throws {
    self.call = call
    for index in 0...2 { try call.refuseFollowed(index) }
    entrants = try Self.entrants(call)
    let (train, test) = try Self.parts(call)
    let model = try Self.model(call, width: train.x.shape[1])
    setting = Comparison.Setting(
      train: train, test: test,
      start: { try model.redrawn(seed: $0).tensors() },
      embed: { try model.embed($0, $1) })
    setting.isConcurrent = !model.isOfProgram
    setting.seeds = try call.whole(5, from: 1)
    guard setting.seeds <= Self.mostSeeds else {
      throw call.failure(5, "compare runs \(Self.mostSeeds) seeds at most")
    }
    if case .object(let object) = call[6], let optimizer = object as? OptimizerObject {
      setting.training.optimizer = optimizer.optimizer
    } else if !call.isNone(6) {
      throw call.wrong(6, "an optimizer such as adam(0.01)")
    }
    setting.training.steps = try call.whole(7, from: 0)
    let batch = try call.optionalWhole(8, from: 1)
    if let perClass = try call.optionalWhole(9, from: 1) {
      setting.training.batches = .perClass(perClass, rows: batch)
    } else if let batch {
      setting.training.batches = .rows(batch)
    }
    let names = call.isNone(10) ? ["recall_at_1", "map_at_r", "nmi"] : try call.texts(10)
    setting.metrics = try names.map { name in
      guard let metric = MetricCatalog.named(name) else {
        let known = MetricCatalog.all.map { "\"\($0.name)\"" }.joined(separator: ", ")
        throw call.failure(10, "there is no metric \"\(name)\"", ["There is \(known)."])
      }
      return metric
    }
    guard !setting.metrics.isEmpty else { throw call.failure(10, "compare by one metric at least") }
    let word = try call.choice(11, Distance.allCases.map(\.rawValue))
    setting.distance = Distance(rawValue: word) ?? .euclidean
  }

  /// The losses by their names.
  private static func entrants(_ call: Call) throws -> [Comparison.Entrant] {
    var named: [(String?, Value)]
    switch call[0] {
    case .record(let record): named = zip(record.names, record.values).map { ($0, $1) }
    case .list(let list): named = list.values.map { (nil, $0) }
    default: named = [(nil, call[0])]
    }
    guard !named.isEmpty else { throw call.failure(0, "there is no loss to compare") }
    var taken: [String: Int] = [:]
    return try named.map { name, value in
      let candidates: [Value]
      if case .list(let list) = value { candidates = list.values } else { candidates = [value] }
      let losses = try candidates.map { try loss($0, call) }
      guard let first = losses.first else { throw call.failure(0, "a list of no settings") }
      let word = name ?? first.name
      taken[word, default: 0] += 1
      let number = taken[word, default: 1]
      return Comparison.Entrant(number > 1 ? "\(word) \(number)" : word, losses.map(\.sum))
    }
  }

  private static func loss(_ value: Value, _ call: Call) throws -> LossObject {
    let inner = call.replacing([value])
    let object = try BuiltinCatalog.lossArgument(inner, 0)
    if let views = object.terms.first(where: { type(of: $0.loss).comparesViews }) {
      let name = type(of: views.loss).card.name
      throw call.failure(0, "\(name) compares two views, and there is one of every point")
    }
    return object
  }

  /// What is trained on and what is measured on.
  private static func parts(_ call: Call) throws -> (train: Dataset, test: Dataset) {
    func dataset(_ index: Int) throws -> Dataset {
      guard case .object(let object as DatasetObject) = call[index], object.dataset.y != nil,
        object.dataset.x.shape[0] > 0
      else { throw call.wrong(index, "a data set with labels, of one point at least") }
      return object.dataset
    }
    let data = try dataset(1)
    do {
      if case .object = call[4] {
        let test = try dataset(4)
        guard test.x.shape[1] == data.x.shape[1] else {
          throw call.failure(
            4, "data and test have rows of \(data.x.shape[1]) and \(test.x.shape[1]) numbers")
        }
        return (data, test)
      }
      let parts: (train: Dataset, test: Dataset)
      if call.isNone(3) {
        let share = try call.number(4)
        guard share > 0, share < 1 else {
          throw call.failure(4, "test of compare is a share between 0 and 1, or a data set")
        }
        parts = try data.split(test: share)
      } else {
        let (seen, unseen) = try data.splitClasses(seen: try call.wholes(3))
        parts = (seen, unseen)
      }
      guard parts.train.x.shape[0] > 0, parts.test.x.shape[0] > 0 else {
        throw call.failure(
          call.isNone(3) ? 4 : 3,
          "nothing is left to \(parts.train.x.shape[0] > 0 ? "test" : "train") on")
      }
      return parts
    } catch let error as DatasetError {
      throw Wording.failure(error, call)
    }
  }

  private static func model(_ call: Call, width: Int) throws -> ModelObject {
    if call.isNone(2) {
      do {
        return ModelObject(try Model.mlp([width, 64, 8], activation: .relu))
      } catch {
        throw Wording.failure(error)
      }
    }
    guard case .object(let object) = call[2], let model = object as? ModelObject else {
      throw call.wrong(2, "a model such as mlp([64, 64, 8])")
    }
    guard model.table == nil else {
      throw call.failure(2, "an embedding table knows nothing of points that are held out")
    }
    if let wanted = model.inputs, wanted != width {
      throw call.failure(
        2, "the model takes rows of \(counted(wanted, "number")), and these have \(width)")
    }
    return model
  }

  func run() throws -> Value {
    var setting = setting
    // Runs end on several threads, one report at a time.
    nonisolated(unsafe) let line = ComparisonProgress(call.context)
    setting.observe = { line.advance($0, $1) }
    defer { line.end() }
    do {
      let comparison = try Comparison(entrants, setting)
      // What was made while told to stop means nothing.
      try call.context.poll()
      return ComparisonTable(comparison, setting).record
    } catch is ComparisonInterrupted {
      try call.context.poll()
      throw Interruption.interrupted
    } catch let error as TrainingError {
      throw Wording.failure(error, call)
    } catch {
      throw Wording.failure(error, at: call)
    }
  }
}

/// The line of progress of a comparison, whose length is known with its first report.
private final class ComparisonProgress {
  private let context: Context
  private var line: ProgressLine?

  init(_ context: Context) { self.context = context }

  func advance(_ done: Int, _ total: Int) {
    if line == nil { line = ProgressLine(context, "run", of: total) }
    line?.advance(to: done)
  }

  func end() { line?.end() }
}
