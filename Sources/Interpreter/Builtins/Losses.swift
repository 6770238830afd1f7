import Autodiff
import Cards
import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// One function for every loss of the catalog: with `z` and `y` its value, without them an object.
  static let losses: [Builtin] = LossCatalog.all.map { kind in
    // All of them know the word tuples, if only to say that they take none.
    let names = ["z", "y"] + kind.parameters.map(\.name) + kind.operands + ["tuples"]
    return Builtin(
      card: kind.card,
      parameters: names.map {
        .init(name: $0, defaultValue: Value.nothing, isRest: false, isNamedRest: false)
      }
    ) { call in
      let loss = try chosen(kind, call)
      func operand(_ name: String) -> Value? {
        guard let index = names.firstIndex(of: name), !call.isNone(index) else { return nil }
        return call[index]
      }
      let evaluation = LossCall(
        loss: loss, weights: operand("weights") ?? weightParameter(kind, call),
        probs: operand("probs"), tuples: try tuples(kind, call, names.count - 1))
      var call = call
      if case .object(let object) = call[0], let parts = object.parts, !call.isGiven(1) {
        call = call.replacing([parts[0], parts[1]])
      } else if call.isGiven(0) != call.isGiven(1) {
        let missing =
          !call.isGiven(0) ? "embeddings z" : kind.comparesViews ? "other view y" : "labels y"
        throw Failure(
          "\(kind.name) needs its \(missing) too",
          ["\(kind.name)(z, y) is the value; \(kind.name)() without both is a loss object."])
      } else if !call.isGiven(0) {
        return .object(
          LossObject([
            LossObject.Term(
              loss: loss, weights: evaluation.weights, probs: evaluation.probs,
              tuples: evaluation.tuples)
          ]))
      }
      return try evaluation.value(call[0], call[1], at: call)
    }
  }

  /// The tuples that are given, if the loss takes any.
  private static func tuples(_ kind: LossKind, _ call: Call, _ index: Int) throws -> LossTuples? {
    if call.isNone(index) { return nil }
    guard kind.takesTuples else {
      throw Wording.failure(LossError.tuplesUnused(loss: kind.name), at: call)
    }
    return try call.tuples(index)
  }

  /// A parameter that is given as a vector of weights, if there is one.
  private static func weightParameter(_ kind: LossKind, _ call: Call) -> Value? {
    guard let place = kind.parameters.firstIndex(where: { $0.name == kind.weightParameter }),
      call.isGiven(2 + place), let quantity = call[2 + place].quantity, !quantity.shape.isEmpty
    else { return nil }
    return call[2 + place]
  }

  /// The loss with the parameters of the call.
  private static func chosen(_ kind: LossKind, _ call: Call) throws -> any Loss {
    var arguments: [(String, ParameterValue)] = []
    for (offset, parameter) in kind.parameters.enumerated() {
      let index = 2 + offset
      guard call.isGiven(index) else { continue }
      if parameter.name == kind.weightParameter, weightParameter(kind, call) != nil { continue }
      guard call.isNamed[index] else {
        throw call.failure(
          index, "a loss takes its parameters by name",
          ["Write \(parameter.name)=\(Formatting.inline(call[index]))."])
      }
      try call.refuseFollowed(
        index,
        ["definition(L) is the loss written in the language; that can be, in every parameter."])
      switch call[index].untraced {
      case .number(let number): arguments.append((parameter.name, .number(number)))
      case .bool(let bool): arguments.append((parameter.name, .bool(bool)))
      case .text(let text): arguments.append((parameter.name, .text(text.string)))
      case .nothing: arguments.append((parameter.name, .nothing))
      default: throw call.wrong(index, "a number, a word, true or false")
      }
    }
    do {
      return try kind.make(arguments)
    } catch {
      throw Wording.failure(error, at: call)
    }
  }

  /// What can be asked of a loss beside its value.
  static let theory: [Builtin] = [
    Builtin(
      "tightness(L, z, y, weights=none, probs=none)",
      "The half of a loss that pulls classmates together.",
      details: "tightness(L, z, y) + contrast(L, z, y) is the loss; theory §4.1.",
      example: "tightness(contrastive, [[0, 0], [0, 2]], [0, 0])", seeAlso: ["contrast"]
    ) { try half(.tightness, $0) },
    Builtin(
      "contrast(L, z, y, weights=none, probs=none)",
      "The half of a loss that pushes classes apart.",
      example: "contrast(contrastive, [[0, 0], [0, 0.5]], [0, 1])", seeAlso: ["tightness"]
    ) { try half(.contrast, $0) },
    Builtin(
      "pair_weights(L, z, y, of=\"embeddings\")",
      "How strongly a loss pulls on every pair: ∂L/∂S, n×n.",
      details: """
        Signed; its absolute value is the weight w of general pair weighting (theory §6.1). Entries of \
        S are taken as independent, the diagonal is 0, a distance is read as D² = 2 − 2S. With \
        of="similarities" z is the n×n matrix S itself.
        """,
      example: "pair_weights(ms, eye(2), [0, 1], of=\"similarities\")"
    ) { call in
      let object = try lossArgument(call, 0)
      let sum = object.sum
      try call.refuseFollowed(0)
      try call.refuseFollowed(
        1, ["Write what it computes in the language, as definition(L) does for the whole loss."])
      let labels = try call.labels(2, rows: try call.tensor(1).shape.first)
      let of = try call.choice(3, ["embeddings", "similarities"])
      if of == "similarities", sum.terms.contains(where: { $0.weights != nil }) {
        throw call.failure(
          0, "pair weights of similarities take no weights of a loss",
          ["Give embeddings, pair_weights(L, z, y)."])
      }
      if of == "similarities", sum.terms.contains(where: { $0.tuples != nil }) {
        throw call.failure(
          0, "pair weights of similarities take no tuples",
          ["Give embeddings, pair_weights(L, z, y)."])
      }
      let matrix = try call.matrix(1)
      let weights: Tensor?
      do {
        weights =
          of == "similarities"
          ? try sum.pairWeights(similarities: matrix, labels: labels)
          : try sum.pairWeights(matrix, labels: labels)
      } catch {
        throw Wording.failure(error, at: call)
      }
      guard let weights else { throw call.failure(0, notOfPairs(sum)) }
      return .tensor(weights.converted(to: matrix.dtype.arithmetic))
    },
    Builtin(
      "definition(L)", "The textbook definition of a loss, as source in this language.",
      details: "The kernel is tested against it.", example: "len(definition(ms)) > 0"
    ) { .text(try lossArgument($0, 0).sum.definition) },
  ]

  private static func half(_ half: LossHalf, _ call: Call) throws -> Value {
    let object = try lossArgument(call, 0)
    let embeddings = try call.matrixQuantity(1)
    let labels = try call.labels(2, rows: embeddings.shape.first)
    if object.terms.count > 1, !call.isNone(3) || !call.isNone(4) {
      throw call.failure(
        call.isNone(3) ? 4 : 3, "the losses of a sum bring their own weights and probs",
        ["Give them to the losses: softmax_ce(weights=W) + center()."])
    }
    return try object.added { term in
      let weights = call.isNone(3) ? term.weights?.quantity : try call.quantity(3)
      let probs = call.isNone(4) ? term.probs?.plainTensor : try call.tensor(4)
      guard Quantity.depth(of: [embeddings] + (weights.map { [$0] } ?? [])) < 2 else {
        throw call.failure(
          1, "\(call.name) has no second derivative", ["Write what it computes in the language."])
      }
      do {
        let value = try term.loss.quantity(
          half, of: embeddings, labels: labels, weights: weights, probs: probs,
          tuples: term.tuples)
        if let value { return Value(value) }
      } catch {
        throw Wording.failure(error, at: call)
      }
      throw call.failure(
        0, "\(type(of: term.loss).card.name) has no exact split into tightness and contrast",
        ["See theory §4.1."])
    }
  }

  /// Which of the losses has no pairs, in words.
  static func notOfPairs(_ sum: LossSum) -> String {
    let kinds = sum.terms.map { type(of: $0.loss).card.name }
    let name = kinds.first { Self.isOfPairs($0) == false } ?? kinds.first ?? "a sum of none"
    return "\(name) is not a loss of pairs"
  }

  private static func isOfPairs(_ name: String) -> Bool {
    guard let loss = try? LossCatalog.named(name)?.make() else { return false }
    let empty = Tensor(shape: [0, 0], elements: [])
    return (try? loss.pairWeights(similarities: empty, labels: [])) != nil
  }

  /// A loss object, or a bare name: `ms` means `ms()`.
  static func lossArgument(_ call: Call, _ index: Int) throws -> LossObject {
    switch call[index] {
    case .object(let object):
      if let loss = object as? LossObject { return loss }
    case .builtin(let builtin):
      if let kind = LossCatalog.named(builtin.name) {
        do { return LossObject(try kind.make()) } catch { throw Wording.failure(error, at: call) }
      }
    default: break
    }
    throw call.wrong(index, "a loss such as ms or ms(alpha=2)")
  }
}
