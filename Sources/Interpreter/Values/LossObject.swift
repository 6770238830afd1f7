import Autodiff
import Cards
import MetricLearning
import Tensors

/// A loss with its parameters chosen, and its weights where they are given.
final class LossObject: FieldObject, @unchecked Sendable {
  let loss: any Loss
  /// Class weights, proxies or centers: a tensor, or one being differentiated; nil for none.
  let weights: Value?
  let probs: Value?

  init(_ loss: any Loss, weights: Value? = nil, probs: Value? = nil) {
    self.loss = loss
    self.weights = weights
    self.probs = probs
  }

  var name: String { type(of: loss).card.name }
  override var typeName: String { "loss" }
  override var display: String { loss.description }
  override var fieldNames: [String] { ["name", "params", "formula", "weights", "init"] }

  override func field(_ name: String) throws -> Value? {
    switch name {
    case "name": return .text(self.name)
    case "params":
      return .record(loss.settings.map { ($0.name, Value($0.value)) })
    case "formula": return .text(type(of: loss).card.formula)
    case "weights": return weights ?? .nothing
    case "init":
      let loss = loss
      return .builtin(
        BuiltinFunction(
          Builtin("init(classes, d, seed=0)", "Weights to start training from.") { call in
            let classes = try call.whole(0, from: 0)
            let d = try call.whole(1, from: 0)
            _ = try Tensor.zeros(loss.weightShape(classes: classes, d: d))
            return .tensor(
              try loss.initialWeights(classes: classes, d: d, seed: try call.seed(2)))
          }))
    default: return nil
    }
  }

  override var callable: BuiltinFunction? {
    let operands = type(of: loss).operands
    let extra = operands.map { ", \($0)=none" }.joined()
    return BuiltinFunction(
      Builtin("\(name)(z, y\(extra))", "The loss of a batch.") { [self] call in
        func operand(_ name: String, _ own: Value?) -> Value? {
          guard let place = operands.firstIndex(of: name), !call.isNone(2 + place) else {
            return own
          }
          return call[2 + place]
        }
        return try LossCall(
          loss: loss, weights: operand("weights", weights), probs: operand("probs", probs)
        ).value(call[0], call[1], at: call)
      })
  }
}

extension Value {
  /// A parameter's setting as a value of the language.
  init(_ parameter: ParameterValue) {
    switch parameter {
    case .number(let number): self = .number(number)
    case .bool(let bool): self = .bool(bool)
    case .text(let text): self = .text(text)
    case .nothing: self = .nothing
    }
  }
}

/// The evaluation of a loss on values of the language.
struct LossCall {
  let loss: any Loss
  var weights: Value?
  var probs: Value?

  /// The loss of embeddings `z` (n×d) and labels `y`, differentiable in `z` and the weights.
  ///
  /// The value and its first derivative come from the fused kernel; inside a second derivative the
  /// textbook definition runs instead, which can be differentiated to any order.
  func value(_ z: Value, _ y: Value, at call: Call) throws -> Value {
    guard let embeddings = z.quantity else { throw call.wrong(0, "a matrix of embeddings") }
    let weightQuantity = weights?.quantity
    let comparesViews = type(of: loss).comparesViews
    let view = comparesViews ? try call.matrixQuantity(1) : nil
    if Quantity.depth(of: [embeddings] + [weightQuantity, view].compactMap { $0 }) > 1 {
      return try definition(z, y, call.machine)
    }
    do {
      let labels =
        comparesViews
        ? [] : try LossInput.wholeLabels(try call.tensor(1).flattened().elements)
      let (value, notices) = try loss.quantity(
        embeddings, labels: labels, weights: weightQuantity, probs: probs?.plainTensor,
        view: view)
      for notice in notices { call.context.notice(notice) }
      return Value(value)
    } catch {
      throw Wording.failure(error, at: call)
    }
  }

  private func definition(_ z: Value, _ y: Value, _ machine: Machine) throws -> Value {
    let function = try machine.library().definition(of: loss)
    var arguments = [z, y]
    var names: [String?] = [nil, nil]
    for operand in type(of: loss).operands {
      guard let value = operand == "weights" ? weights : probs else { continue }
      arguments.append(value)
      names.append(operand)
    }
    return try machine.library().machine.call(function, arguments, names: names)
  }
}
