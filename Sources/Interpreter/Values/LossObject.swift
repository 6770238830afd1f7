import Autodiff
import Cards
import MetricLearning
import Syntax
import Tensors

/// Losses with their parameters chosen, and their weights where they are given, each times a number:
/// most often one, times 1.
final class LossObject: FieldObject, @unchecked Sendable {
  let terms: [Term]

  /// A loss of a sum, as a program sees it: a tape may follow its numbers.
  struct Term {
    let loss: any Loss
    /// What its value is multiplied by, a number.
    var factor = Value.number(1)
    /// Class weights, proxies or centers; nil for none.
    var weights: Value?
    var probs: Value?
    /// The pairs or triplets it sums over alone.
    var tuples: LossTuples?

    var operands: [String] { type(of: loss).operands }
  }

  init(_ loss: any Loss, weights: Value? = nil, probs: Value? = nil) {
    terms = [Term(loss: loss, weights: weights, probs: probs)]
  }

  init(_ terms: [Term]) { self.terms = terms }

  /// The sum in plain numbers.
  var sum: LossSum {
    LossSum(
      terms.map { term in
        LossSum.Term(
          term.loss, times: term.factor.plainTensor?.elements.first ?? 1,
          weights: term.weights?.plainTensor, probs: term.probs?.plainTensor,
          tuples: term.tuples)
      })
  }

  /// The loss, where the sum is nothing but one.
  var single: Term? { sum.single == nil ? nil : terms[0] }

  /// Whether a derivative under way follows one of its numbers.
  var isFollowed: Bool {
    terms.contains { term in
      [term.factor, term.weights, term.probs].contains { $0?.isFollowed == true }
    }
  }

  var name: String { sum.name }
  override var typeName: String { "loss" }
  override var display: String { sum.description }
  override var page: String { sum.lines.joined(separator: "\n") }
  override var fieldNames: [String] {
    ["name", "params", "formula", "weights", "init"] + (single == nil ? ["terms", "factors"] : [])
  }

  override func field(_ name: String) throws -> Value? {
    switch name {
    case "name": return .text(self.name)
    case "params": return parameters
    case "formula": return .text(sum.formula)
    case "weights": return joined(terms.map { $0.weights ?? .nothing })
    case "init": return initializer
    case "terms" where single == nil:
      return .list(
        terms.map { term in
          var term = term
          term.factor = .number(1)
          return .object(LossObject([term]))
        })
    case "factors" where single == nil: return try Value.bracketed(terms.map(\.factor))
    default: return nil
    }
  }

  /// What is set in every loss; of several by the names of the losses.
  private var parameters: Value {
    let records = terms.map { term in
      Value.record(term.loss.settings.map { ($0.name, Value($0.value)) })
    }
    return terms.count > 1
      ? .record(RecordBox(names: sum.distinctNames, values: records)) : records[0]
  }

  /// The values of those terms that take weights: of one the value itself, of several a list.
  private func joined(_ values: [Value]) -> Value {
    let places = weighted
    guard places.count > 1 else { return values[places.first ?? 0] }
    return .list(places.map { values[$0] })
  }

  /// The terms that take weights.
  private var weighted: [Int] { terms.indices.filter { terms[$0].operands.contains("weights") } }

  private var initializer: Value {
    .builtin(
      BuiltinFunction(
        Builtin("init(classes, d, seed=0)", "Weights to start training from.") { [self] call in
          let classes = try call.whole(0, from: 0)
          let d = try call.whole(1, from: 0)
          let seed = try call.seed(2)
          return joined(
            try terms.map { term in
              _ = try Tensor.zeros(term.loss.weightShape(classes: classes, d: d))
              return .tensor(
                try term.loss.initialWeights(classes: classes, d: d, seed: seed))
            })
        }))
  }

  override var callable: BuiltinFunction? {
    let operands = ["weights", "probs"].filter { operand in
      terms.contains { $0.operands.contains(operand) }
    }
    let extra = (operands + ["tuples"]).map { ", \($0)=none" }.joined()
    return BuiltinFunction(
      Builtin("\(single == nil ? "loss" : name)(z, y\(extra))", "The loss of a batch.") {
        [self] call in
        func given(_ name: String) -> Value? {
          guard let place = operands.firstIndex(of: name), !call.isNone(2 + place) else {
            return nil
          }
          return call[2 + place]
        }
        var object = self
        if let weights = given("weights") { object = try object.with(weights: weights, at: call) }
        if let tuples = try call.tuples(2 + operands.count) {
          object = try object.with(tuples: tuples, at: call)
        }
        if let probs = given("probs") {
          object = LossObject(
            object.terms.map { term in
              var term = term
              if term.operands.contains("probs") { term.probs = probs }
              return term
            })
        }
        return try object.value(call[0], call[1], at: call)
      })
  }

  /// The same with those of its losses that sum over tuples doing so over these alone.
  func with(tuples: LossTuples, at call: Call) throws -> LossObject {
    guard terms.contains(where: { type(of: $0.loss).takesTuples }) else {
      throw Wording.failure(LossError.tuplesUnused(loss: name), at: call)
    }
    return LossObject(
      terms.map { term in
        var term = term
        if type(of: term.loss).takesTuples { term.tuples = tuples }
        return term
      })
  }

  /// The same with other weights: those of the one loss that takes some, or a list with some for
  /// each.
  private func with(weights: Value, at call: Call) throws -> LossObject {
    let places = weighted
    var given = [weights]
    if places.count > 1 {
      given = (try? Iterating.all(weights)) ?? []
      // The rows of one matrix are not weights either.
      let isForEach = zip(places, given).allSatisfy { place, value in
        let rank = min(2, self.terms[place].loss.weightShape(classes: 1, d: 1).count)
        if case .nothing = value { return true }
        return (value.quantity?.rank ?? 0) >= rank
      }
      guard given.count == places.count, isForEach else {
        let names = places.map { sum.distinctNames[$0] }.joined(separator: ", ")
        throw call.failure(
          2, "\(places.count) of these losses take weights",
          ["weights is a list with some for each: \(names)."])
      }
    }
    var terms = terms
    for (place, value) in zip(places, given) {
      if case .nothing = value { continue }
      terms[place].weights = value
    }
    return LossObject(terms)
  }

  /// The loss of embeddings and labels, differentiable in the embeddings, weights and factors.
  func value(_ z: Value, _ y: Value, at call: Call) throws -> Value {
    try added { term in
      try LossCall(
        loss: term.loss, weights: term.weights, probs: term.probs, tuples: term.tuples
      ).value(z, y, at: call)
    }
  }

  /// Values of the terms times their factors, added up.
  func added(_ value: (Term) throws -> Value) throws -> Value {
    if single != nil, !isFollowed { return try value(terms[0]) }
    var total: Value?
    for term in terms {
      let part = try Arithmetic.binary(.multiply, term.factor, try value(term))
      total = try total.map { try Arithmetic.binary(.add, $0, part) } ?? part
    }
    return total ?? .number(0)
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
  var tuples: LossTuples?

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
        view: view, tuples: tuples)
      for notice in notices { call.context.notice(notice) }
      return Value(value)
    } catch {
      throw Wording.failure(error, at: call)
    }
  }

  private func definition(_ z: Value, _ y: Value, _ machine: Machine) throws -> Value {
    let name = type(of: loss).card.name
    let known =
      try tuples == nil
      ? machine.library().definition(of: loss) : machine.library().tupleDefinition(of: loss)
    guard let function = known else {
      throw Failure(
        "\(name) of given tuples has no second derivative",
        ["Write what it computes in the language, by z[t.anchor] and the other rows of t."])
    }
    var arguments = [z, y]
    var names: [String?] = [nil, nil]
    for operand in type(of: loss).operands {
      guard let value = operand == "weights" ? weights : probs else { continue }
      arguments.append(value)
      names.append(operand)
    }
    if let tuples {
      arguments.append(tuples.record)
      names.append("tuples")
    }
    return try machine.library().machine.call(function, arguments, names: names)
  }
}
