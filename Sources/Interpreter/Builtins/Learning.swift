import Autodiff
import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// Models and optimizers.
  static let models: [Builtin] = [
    Builtin(
      "linear(inputs, outputs, bias=true, seed=0)", "A model: x @ W + b.",
      details: "W: inputs×outputs; W and b start evenly on ±1/√inputs.",
      example: "linear(4, 2)", seeAlso: ["mlp", "embedding_table", "fit"]
    ) { call in
      let inputs = try call.whole(0)
      let outputs = try call.whole(1)
      return try model {
        try Model.linear(inputs, outputs, bias: try call.bool(2), seed: try call.seed(3))
      }
    },
    Builtin(
      "mlp(widths, activation=\"tanh\", seed=0)", "A model: linear layers with a function between.",
      details: "activation is \"tanh\", \"relu\" or \"sigmoid\"; the last layer is plain.",
      example: "mlp([2, 16, 2])", seeAlso: ["linear"]
    ) { call in
      let widths = try call.wholes(0)
      let word = try call.choice(1, Model.Activation.allCases.map(\.rawValue))
      return try model {
        try Model.mlp(
          widths, activation: Model.Activation(rawValue: word) ?? .tanh, seed: try call.seed(2))
      }
    },
    Builtin(
      "embedding_table(n, d, init=none, seed=0)", "A model: free embeddings, one row per point.",
      details: "Rows start from the normal distribution, or as init. model() gives all rows.",
      example: "shape(embedding_table(5, 2)())", seeAlso: ["linear"]
    ) { call in
      let n = try call.whole(0)
      let d = try call.whole(1)
      try call.refuseFollowed(2)
      let initial = call.isNone(2) ? nil : try call.matrix(2)
      return try model {
        try Model.embeddingTable(n, d, initial: initial, seed: try call.seed(3))
      }
    },
    Builtin(
      "normalized(model)", "The model with every embedding divided by its length.",
      example: "normalized(linear(4, 2))"
    ) { call in
      guard case .object(let object) = call[0], let model = object as? ModelObject else {
        throw call.wrong(0, "a model")
      }
      return .object(model.normalized())
    },
    Builtin(
      "parametric(f, params)", "A model of your own: a function of parameters and points.",
      details: """
        f: (p, x) -> z takes a record of parameters and n×i points, and gives n×d embeddings; params: a \
        record of numbers and tensors to start from. fit trains it like any other model.
        """,
      example: "parametric((p, x) -> tanh(x @ p.W), record(W=eye(2)))([[1, 2]])",
      seeAlso: ["linear", "mlp", "fit"]
    ) { call in
      let function = try call.function(0)
      guard case .record(let record) = call[1] else {
        throw call.wrong(1, "a record of numbers and tensors")
      }
      let object = ModelObject(function, parameters: record, machine: call.machine)
      _ = try object.tensors()
      return .object(object)
    },
    Builtin(
      "sgd(lr, momentum=0, weight_decay=0)", "Steps along the gradient.",
      details: "lr > 0 is the step size.", example: "sgd(0.1)", seeAlso: ["adam"]
    ) { call in
      .object(
        OptimizerObject(
          StochasticGradientDescent(
            learningRate: try positive(call, 0), momentum: try notNegative(call, 1),
            weightDecay: try notNegative(call, 2))))
    },
    Builtin(
      "adam(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8)",
      "Steps of a size that adapts to every parameter.", example: "adam(0.01)", seeAlso: ["sgd"],
      reference: "Kingma, Ba 2015"
    ) { call in
      .object(
        OptimizerObject(
          Adam(
            learningRate: try positive(call, 0), beta1: try share(call, 1),
            beta2: try share(call, 2), epsilon: try notNegative(call, 3))))
    },
    Builtin(
      "adamw(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01)",
      "Adam that also pulls parameters to 0, apart from the gradient.",
      details: "A step begins with θ ← (1 − lr·weight_decay)·θ.", example: "adamw(0.01)",
      seeAlso: ["adam"], reference: "Loshchilov, Hutter 2019"
    ) { call in
      .object(
        OptimizerObject(
          Adam(
            learningRate: try positive(call, 0), beta1: try share(call, 1),
            beta2: try share(call, 2), epsilon: try notNegative(call, 3),
            weightDecay: try notNegative(call, 4))))
    },
    Builtin(
      "lbfgs(history=10, lr=1)", "Quasi-Newton steps from the last few changes of the gradient.",
      details: """
        Remembers `history` changes; no line search. It wants the gradient of all rows: a batch changes \
        the gradient by itself. Where it overshoots, take a smaller lr.
        """,
      example: "lbfgs()", seeAlso: ["adam", "fit"], reference: "Nocedal 1980"
    ) { call in
      .object(
        OptimizerObject(
          LimitedMemoryBFGS(
            learningRate: try positive(call, 1), history: try call.whole(0, from: 1))))
    },
  ]

  private static func positive(_ call: Call, _ index: Int) throws -> Double {
    let number = try call.number(index)
    guard number > 0, number.isFinite else {
      throw call.failure(index, "\(call.parameters[index].name) of \(call.name) must be above 0")
    }
    return number
  }

  private static func notNegative(_ call: Call, _ index: Int) throws -> Double {
    let number = try call.number(index)
    guard number >= 0, number.isFinite else {
      throw call.failure(index, "\(call.parameters[index].name) of \(call.name) is 0 or above")
    }
    return number
  }

  /// A number of [0, 1).
  private static func share(_ call: Call, _ index: Int) throws -> Double {
    let number = try notNegative(call, index)
    guard number < 1 else {
      throw call.failure(index, "\(call.parameters[index].name) of \(call.name) is below 1")
    }
    return number
  }

  private static func model(_ body: () throws -> Model) throws -> Value {
    do {
      return .object(ModelObject(try body()))
    } catch let error as ModelError {
      throw Wording.failure(error)
    }
  }
}
