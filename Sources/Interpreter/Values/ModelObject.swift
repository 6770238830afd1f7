import Autodiff
import MetricLearning
import Tensors

/// A function with parameters, from points to embeddings: one of the library, or of the program.
final class ModelObject: FieldObject, @unchecked Sendable {
  /// Its parameters by name; under differentiation they are followed.
  let parameters: RecordBox
  private let body: Body

  /// What makes embeddings of parameters and points.
  private enum Body {
    case library(Model)
    case program(ProgramModel)
  }

  override var typeName: String { "model" }
  override var fieldNames: [String] { ["params", "with"] }

  override var display: String {
    switch body {
    case .library(let model): model.description
    case .program(let model): model.description(parameters.names)
    }
  }

  private init(_ body: Body, parameters: RecordBox) {
    self.body = body
    self.parameters = parameters
  }

  /// A model of the library.
  convenience init(_ model: Model) {
    self.init(
      .library(model),
      parameters: RecordBox(
        names: model.names, values: model.parameters.map { .tensor(TensorBox($0)) }))
  }

  /// A function `(params, x) -> z` of the program, with parameters to start from.
  convenience init(_ function: Value, parameters: RecordBox, machine: Machine) {
    self.init(
      .program(ProgramModel(function: function, isNormalized: false, machine: machine)),
      parameters: parameters)
  }

  /// The same model with other parameters.
  func with(_ parameters: RecordBox) -> ModelObject { ModelObject(body, parameters: parameters) }

  /// The same model with every embedding divided by its length.
  func normalized() -> ModelObject {
    switch body {
    case .library(let model):
      return ModelObject(.library(model.normalized()), parameters: parameters)
    case .program(var model):
      model.isNormalized = true
      return ModelObject(.program(model), parameters: parameters)
    }
  }

  /// The same model with parameters drawn anew; those of a function of the program stay.
  func redrawn(seed: UInt64) throws -> ModelObject {
    guard case .library(let model) = body else { return self }
    do {
      return ModelObject(try model.redrawn(seed: seed))
    } catch {
      throw Wording.failure(error)
    }
  }

  /// The parameters as plain tensors.
  ///
  /// - Throws: `Failure` where one is none, or has another shape than the model takes.
  func tensors() throws -> [Tensor] {
    let tensors = try zip(parameters.names, parameters.values).map { name, value in
      guard let tensor = value.plainTensor, tensor.dtype != .bool else {
        throw Failure(
          "parameter \(name) of this model is a number or tensor, not \(value.described)")
      }
      return tensor
    }
    if case .library(let model) = body {
      do { _ = try model.with(tensors) } catch { throw Wording.failure(error) }
    }
    return tensors
  }

  /// Whether it is a function of the program, which one thread evaluates.
  var isOfProgram: Bool { if case .program = body { true } else { false } }

  /// How many rows and numbers an embedding table has; nil for any other model.
  var table: (rows: Int, width: Int)? {
    guard case .library(let model) = body, case .embeddingTable = model.architecture else {
      return nil
    }
    return (model.parameters[0].shape[0], model.parameters[0].shape[1])
  }

  /// How many numbers a point has; nil where the model does not say.
  var inputs: Int? {
    guard case .library(let model) = body, table == nil else { return nil }
    return model.parameters[0].shape[0]
  }

  /// What it is trained on: the points themselves, for an embedding table the numbers of its rows.
  func points(_ x: Tensor?, count: Int) -> Tensor {
    if table == nil, let x { return x }
    return Tensor(shape: [count], elements: (0..<count).map(Double.init))
  }

  /// The embeddings as a function of the parameters, in their order.
  func embed(_ parameters: [Quantity], _ x: Quantity?) throws -> Quantity {
    switch body {
    case .library(let model): try model.apply(parameters: parameters, x: x)
    case .program(let model): try model.embed(self.parameters.names, parameters, x)
    }
  }

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
            _ = try other.tensors()
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
        return Value(try call.at(0) { try embed(quantities, x) })
      })
  }
}

/// A model that a program wrote: a function of a record of parameters and of points.
private struct ProgramModel {
  let function: Value
  var isNormalized: Bool
  /// Whoever evaluates; the session holds the model, so that it may not hold the session.
  weak var machine: Machine?

  func description(_ names: [String]) -> String {
    let call = "parametric((p, x) -> …, record(\(names.joined(separator: ", "))))"
    return isNormalized ? "normalized(\(call))" : call
  }

  func embed(_ names: [String], _ parameters: [Quantity], _ x: Quantity?) throws -> Quantity {
    guard let machine else { throw Failure("the session of this model is over") }
    guard let x else { throw Failure("this model wants points to embed") }
    let record = RecordBox(names: names, values: parameters.map { Value($0) })
    let value = try machine.call(function, [.record(record), Value(x)])
    guard let embeddings = value.quantity, embeddings.shape.count == 2 else {
      throw Failure(
        "the function of parametric gives a matrix, one embedding a row, not \(value.described)")
    }
    return isNormalized ? try embeddings.normalize() : embeddings
  }
}
