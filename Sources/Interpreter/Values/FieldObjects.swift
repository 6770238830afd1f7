import Autodiff
import MetricLearning
package import Plots
import Tensors

/// A plot as a value; shown, it is drawn.
package final class PlotObject: FieldObject, @unchecked Sendable {
  package let plot: Plot
  override var typeName: String { "plot" }
  override var display: String { "a plot: \(plot.words)" }

  init(_ plot: Plot) { self.plot = plot }
}

/// Points with labels.
final class DatasetObject: FieldObject, @unchecked Sendable {
  let dataset: Dataset
  /// Pairs of rows, in sets that come with them.
  private let pairs: PointPairs?
  override var typeName: String { "dataset" }

  init(_ dataset: Dataset, pairs: PointPairs? = nil) {
    self.dataset = dataset
    self.pairs = pairs
  }

  private var labels: Value { dataset.y.map { .vector($0.map(Double.init)) } ?? .nothing }

  override var display: String {
    let name = dataset.name.isEmpty ? "dataset" : "dataset \(dataset.name)"
    let classes = dataset.y == nil ? "no labels" : "\(dataset.classes) classes"
    return "\(name) · x \(shapeText(dataset.x.shape)) · \(classes)"
  }

  override var fieldNames: [String] {
    ["x", "y", "classes", "names", "name", "columns"] + (pairs == nil ? [] : ["pairs", "same"])
  }

  override func field(_ name: String) throws -> Value? {
    switch name {
    case "x": .tensor(dataset.x)
    case "y": labels
    case "classes": .number(Double(dataset.classes))
    case "names": .list(dataset.names.map { .text($0) })
    case "name": .text(dataset.name)
    case "columns": .list(dataset.columns.map { .text($0) })
    case "pairs": pairs.map { .tensor($0.rows) }
    case "same": pairs.map { .tensor($0.same) }
    default: nil
    }
  }

  override var parts: [Value]? { [.tensor(dataset.x), labels] }
}

/// A rule that moves parameters.
final class OptimizerObject: FieldObject, @unchecked Sendable {
  let optimizer: any Optimizer
  override var typeName: String { "optimizer" }
  override var display: String { optimizer.description }
  init(_ optimizer: any Optimizer) { self.optimizer = optimizer }
}

/// A function with parameters, from points to embeddings.
final class ModelObject: FieldObject, @unchecked Sendable {
  private let model: Model
  /// Its parameters by name; under differentiation they are followed.
  let parameters: RecordBox

  override var typeName: String { "model" }
  override var display: String { model.description }
  override var fieldNames: [String] { ["params", "with"] }

  init(_ model: Model) {
    self.model = model
    parameters = RecordBox(
      names: model.names, values: model.parameters.map { .tensor(TensorBox($0)) })
  }

  private init(_ model: Model, parameters: RecordBox) {
    self.model = model
    self.parameters = parameters
  }

  /// The same model with other parameters.
  func with(_ parameters: RecordBox) -> ModelObject { ModelObject(model, parameters: parameters) }

  /// The model with the parameters as plain tensors.
  func plain() throws -> Model {
    let tensors = parameters.values.compactMap(\.plainTensor)
    do {
      return try model.with(tensors)
    } catch {
      throw Wording.failure(error)
    }
  }

  /// The same model with every embedding divided by its length.
  func normalized() throws -> ModelObject { ModelObject(try plain().normalized()) }

  override func field(_ name: String) throws -> Value? {
    switch name {
    case "params": return .record(parameters)
    case "with":
      return .builtin(
        BuiltinFunction(
          Builtin("with(params)", "The model with other parameters.") { [self] call in
            guard case .record(let record) = call[0], record.names == parameters.names else {
              throw call.failure(
                0,
                "the parameters of this model are a record of \(parameters.names.joined(separator: ", "))"
              )
            }
            let other = with(record)
            _ = try other.plain()
            return .object(other)
          }))
    default: return nil
    }
  }

  override var callable: BuiltinFunction? {
    BuiltinFunction(
      Builtin("model(x=none)", "The embeddings of points.") { [self] call in
        let quantities = parameters.values.compactMap(\.quantity)
        let x = call.isNone(0) ? nil : try call.quantity(0)
        return Value(try call.at(0) { try model.apply(parameters: quantities, x: x) })
      })
  }
}

/// What happened in a training.
final class HistoryObject: FieldObject, @unchecked Sendable {
  let history: TrainingHistory
  private let model: ModelObject
  private let criterion: Value
  /// What the model was trained on; no points for an embedding table.
  private let data: (x: Tensor?, labels: [Int])
  /// Whether every step saw all of it.
  private let isFullBatch: Bool

  override var typeName: String { "history" }

  init(
    _ history: TrainingHistory, model: ModelObject, criterion: Value,
    data: (x: Tensor?, labels: [Int]), isFullBatch: Bool
  ) {
    self.history = history
    self.model = model
    self.criterion = criterion
    self.data = data
    self.isFullBatch = isFullBatch
  }

  /// The most rows for which levels are computed unasked.
  private static let mostLeveled = 1000

  /// The levels its losses can be compared with; nil where they are of something else, or would take
  /// long.
  var levels: LossLevels? {
    guard isFullBatch, data.labels.count <= Self.mostLeveled,
      case .object(let object) = criterion, let loss = object as? LossObject,
      let d = try? embeddings(history.parameters).shape.last, d > 0
    else { return nil }
    // Weights that were trained are those of the end; levels compare with those of the start.
    let start = LossSum(
      loss.sum.terms.map { term in
        var term = term
        if term.loss.needsWeights { term.weights = nil }
        return term
      })
    return try? LossLevels(start, labels: data.labels, d: d)
  }

  /// What there is to look at when something went wrong.
  func subject() throws -> Diagnosis.Subject {
    var subject = Diagnosis.Subject(
      try embeddings(history.parameters), labels: data.labels)
    subject.start = try history.snapshots.first.map { try embeddings($0.parameters) }
    subject.losses = history.losses
    subject.hasDiverged = history.stopped == .diverged
    if case .object(let object) = criterion { subject.loss = (object as? LossObject)?.sum }
    return subject
  }

  private func embeddings(_ parameters: [Tensor]) throws -> Tensor {
    let plain = try model.plain()
    if case .embeddingTable = plain.architecture, data.x == nil {
      let rows = Tensor(
        shape: [data.labels.count], elements: data.labels.indices.map(Double.init))
      return try plain.apply(parameters: parameters.map { .constant($0) }, x: .constant(rows))
        .tensor
    }
    return try plain.apply(
      parameters: parameters.map { .constant($0) }, x: data.x.map { .constant($0) }
    ).tensor
  }

  override var display: String {
    let first = history.losses.first.map { Formatting.number($0, precision: 4) } ?? "–"
    let last = history.losses.last.map { Formatting.number($0, precision: 4) } ?? "–"
    let steps = history.steps == 1 ? "1 step" : "\(history.steps) steps"
    return "history · \(steps) · loss \(first) → \(last) · \(history.stopped.rawValue)"
  }

  override var fieldNames: [String] {
    ["loss", "model", "criterion", "steps", "seconds", "snapshots", "at", "stopped"]
  }

  private func trained(_ parameters: [Tensor]) throws -> Value {
    let values = parameters.map { Value.tensor(TensorBox($0)) }
    return .object(model.with(RecordBox(names: model.parameters.names, values: values)))
  }

  override func field(_ name: String) throws -> Value? {
    switch name {
    case "loss": return .vector(history.losses)
    case "model": return try trained(history.parameters)
    case "criterion": return criterion
    case "steps": return .number(Double(history.steps))
    case "seconds": return .number(history.seconds)
    case "stopped": return .text(history.stopped.rawValue)
    case "snapshots":
      return .list(
        try history.snapshots.map {
          .record([("step", .number(Double($0.step))), ("model", try trained($0.parameters))])
        })
    case "at":
      return .builtin(
        BuiltinFunction(
          Builtin("at(k)", "The model after about k steps.") { [self] call in
            guard let snapshot = history.snapshot(at: try call.whole(0, from: 0)) else {
              throw Failure("this training kept no states")
            }
            return try trained(snapshot.parameters)
          }))
    default: return nil
    }
  }
}
