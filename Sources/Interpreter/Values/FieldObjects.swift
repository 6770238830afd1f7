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

  override var typeName: String { "history" }

  init(_ history: TrainingHistory, model: ModelObject, criterion: Value) {
    self.history = history
    self.model = model
    self.criterion = criterion
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
