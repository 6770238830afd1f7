import Autodiff
import MetricLearning
import Plots
import Tensors

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

  /// The same as lines of a curve.
  var curveLevels: [Curve.Level] {
    guard let levels else { return [] }
    return [("collapse", levels.collapse), ("chance", levels.chance), ("floor", levels.floor)]
      .compactMap { name, value in value.map { Curve.Level(name, $0) } }
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

  /// The embeddings of the points it was trained on, by some parameters.
  func embeddings(_ parameters: [Tensor]) throws -> Tensor {
    try model.embed(
      parameters.map { .constant($0) },
      .constant(model.points(data.x, count: data.labels.count))
    ).tensor
  }

  /// The labels of these points.
  var labels: [Int] { data.labels }

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
    let values = parameters.map { Value.tensor($0) }
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
