import Autodiff
import Tensors

extension BuiltinCatalog {
  /// Derivatives of programs.
  static let differentiation: [Builtin] = [
    Builtin(
      "grad(f, wrt=0)", "The function that gives the gradient of f.",
      details: """
        wrt is a position or name of a parameter, or a list of them. f must give a number. The \
        gradient has the structure and dtype of the argument. Gradients nest: grad(grad(f)).
        """,
      example: "grad(x -> x^3)(2)", seeAlso: ["value_and_grad", "jacobian", "check_grad"]
    ) { call in
      let places = try wanted(call)
      return try derived(call, "grad") { derivative, arguments, machine in
        let (_, gradients) = try derivative.gradients(arguments, at: places, machine)
        return places.isList ? .list(gradients) : gradients[0]
      }
    },
    Builtin(
      "value_and_grad(f, wrt=0)", "The function that gives [value, gradient] of f.",
      example: "value_and_grad(x -> x^3)(2)", seeAlso: ["grad"]
    ) { call in
      let places = try wanted(call)
      return try derived(call, "value_and_grad") { derivative, arguments, machine in
        let (value, gradients) = try derivative.gradients(arguments, at: places, machine)
        return .list([value, places.isList ? .list(gradients) : gradients[0]])
      }
    },
    Builtin(
      "jacobian(f)", "The function that gives every derivative of every result of f.",
      details: "The shape is that of the result followed by that of the argument.",
      example: "jacobian(x -> x^2)([1, 2])"
    ) { call in
      try derived(call, "jacobian") { derivative, arguments, machine in
        try derivative.ofFirst(arguments, machine) { function, x throws(TensorError) in
          try jacobian(of: function, at: x)
        }
      }
    },
    Builtin(
      "hessian(f)", "The function that gives the second derivatives of f.",
      example: "hessian(x -> sum(x^3))([1, 2])"
    ) { call in
      try derived(call, "hessian") { derivative, arguments, machine in
        try derivative.ofFirst(arguments, machine, givesNumber: true) {
          function, x throws(TensorError) in
          try hessian(of: function, at: x)
        }
      }
    },
    Builtin(
      "hvp(f, x, v)", "The second derivatives of f at x, times v.",
      example: "hvp(x -> sum(x^3), [1, 2], [1, 0])"
    ) { call in
      let v = try direction(call)
      return try Derivative(function: try call.function(0), name: "hvp").ofFirst(
        Derivative.Arguments(positional: [call[1]]), call.machine, givesNumber: true
      ) { function, x throws(TensorError) in
        try hessianVectorProduct(of: function, at: x, v)
      }
    },
    Builtin(
      "jvp(f, x, v)", "How f(x) changes when x moves along v: the jacobian times v.",
      details: "v has the shape of x, the result that of f(x).", formula: "J·v",
      example: "jvp(x -> x^2, [1, 2], [1, 0])", seeAlso: ["vjp", "jacobian"]
    ) { call in
      let v = try direction(call)
      return try Derivative(function: try call.function(0), name: "jvp").ofFirst(
        Derivative.Arguments(positional: [call[1]]), call.machine
      ) { function, x throws(TensorError) in
        try jacobianVectorProduct(of: function, at: x, v)
      }
    },
    Builtin(
      "vjp(f, x, u)", "What u, a weight for each result of f, comes to in x: u times the jacobian.",
      details: "u has the shape of f(x), the result that of x.", formula: "uᵗ·J",
      example: "vjp(x -> x^2, [1, 2], [1, 1])", seeAlso: ["jvp", "grad"]
    ) { call in
      let u = try call.quantity(2)
      var shape: [Int]?
      let derivative = Derivative(function: try call.function(0), name: "vjp")
      do {
        return try derivative.ofFirst(
          Derivative.Arguments(positional: [call[1]]), call.machine
        ) { function, x throws(TensorError) in
          try vectorJacobianProduct(
            of: { (x) throws(TensorError) in
              let y = try function(x)
              shape = y.shape
              return y
            }, at: x, u)
        }
      } catch let error as TensorError {
        guard let shape, shape != u.shape else { throw error }
        throw call.failure(
          2, "u of vjp has the shape of f(x)",
          ["f(x) is \(shapeText(shape)), and u \(call[2].described)."])
      }
    },
    Builtin(
      "vmap(f)", "The function that applies f to every row, and stacks the results.",
      details: """
        Arguments given by position are gone through together, along their first axis; those given by \
        name are the same for every row.
        """,
      example: "vmap(x -> x @ x)([[1, 2], [3, 4]])", seeAlso: ["map"]
    ) { call in
      try derived(call, "vmap") { derivative, arguments, machine in
        try derivative.overRows(arguments, machine)
      }
    },
    Builtin(
      "stop_gradient(x)", "x, as a constant for any derivative.",
      example: "grad(x -> x * stop_gradient(x))(3)"
    ) { Value(try $0.quantity(0).stopped) },
    Builtin(
      "check_grad(f, x)", "Compares grad(f) at x with central differences.",
      details: "Gives a record: error (relative to max(1, |estimate|)), worst, gradient, estimate.",
      example: "check_grad(x -> sum(x^2), [1, 2]).error < 1e-6"
    ) { call in
      let x = try call.tensor(1)
      try call.refuseFollowed(1)
      var result: GradientCheck?
      var isFollowed = false
      _ = try Derivative(function: try call.function(0), name: "check_grad").ofFirst(
        Derivative.Arguments(positional: [call[1]]), call.machine, givesNumber: true
      ) { function, _ throws(TensorError) in
        result = try GradientCheck(
          of: { (x) throws(TensorError) in
            let y = try function(x)
            if x.depth == 0, y.depth > 0 { isFollowed = true }
            return y
          }, at: x)
        return .scalar(0)
      }
      guard let result, !isFollowed else {
        throw call.failure(
          0, "check_grad cannot be differentiated",
          ["This function uses numbers that a derivative outside of it follows."])
      }
      return .record([
        ("error", .number(result.error)),
        ("worst", result.worst.map { .number(Double($0)) } ?? .nothing),
        ("gradient", .tensor(result.gradient)), ("estimate", .tensor(result.estimate)),
      ])
    },
  ]

  /// The argument v of `hvp` and `jvp`: a direction in which x moves.
  private static func direction(_ call: Call) throws -> Quantity {
    let (x, v) = (try call.quantity(1), try call.quantity(2))
    guard x.shape == v.shape else {
      throw call.failure(
        2, "v of \(call.name) has the shape of x",
        ["x is \(call[1].described), and v \(call[2].described)."])
    }
    return v
  }

  private static func wanted(_ call: Call) throws -> Derivative.Places {
    func place(_ value: Value) throws -> Derivative.Place {
      switch value.untraced {
      case .number(let number):
        guard let position = Int(exactly: number), position >= 0 else {
          throw call.failure(1, "a parameter's position is a whole number from 0")
        }
        return .position(position)
      case .text(let text): return .name(text.string)
      default: throw call.wrong(1, "a parameter's position or name, or a list of them")
      }
    }
    switch call[1] {
    case .list(let list):
      return Derivative.Places(places: try list.values.map(place), isList: true)
    case .tensor(let box):
      return Derivative.Places(
        places: try box.tensor.elements.map { try place(.number($0)) }, isList: true)
    default: return Derivative.Places(places: [try place(call[1])], isList: false)
    }
  }

  /// A function with f's own arguments that runs `body` on them.
  private static func derived(
    _ call: Call, _ name: String,
    _ body: @escaping @Sendable (Derivative, Derivative.Arguments, Machine) throws -> Value
  ) throws -> Value {
    let derivative = Derivative(function: try call.function(0), name: name)
    return .builtin(
      BuiltinFunction(
        Builtin("\(name)(f)(arguments..., names=...)", "A derivative.") { inner in
          guard case .record(let named) = inner[1] else { return .nothing }
          let arguments = Derivative.Arguments(
            positional: try inner.list(0), named: Array(zip(named.names, named.values)))
          return try body(derivative, arguments, inner.machine)
        }))
  }
}

/// A function of the program, to be differentiated.
struct Derivative: @unchecked Sendable {
  let function: Value
  let name: String

  struct Arguments {
    var positional: [Value]
    var named: [(String, Value)] = []
  }

  /// A parameter to differentiate in.
  enum Place: Sendable {
    case position(Int)
    case name(String)
  }

  struct Places: Sendable {
    let places: [Place]
    let isList: Bool
  }

  private enum Slot: Hashable {
    case positional(Int)
    case named(Int)
  }

  /// The value of the function and its gradients in the wanted arguments, structured as they are.
  func gradients(
    _ arguments: Arguments, at places: Places, _ machine: Machine
  ) throws -> (Value, [Value]) {
    let tape = Tape()
    defer { tape.finish() }
    machine.context.forgetSteps()
    var followed = arguments
    var leaves: [Leaves] = []
    var slots: Set<Slot> = []
    for place in places.places {
      let slot = try slot(of: place, in: arguments)
      guard slots.insert(slot).inserted else {
        throw Failure(
          "\(name) differentiates in one argument twice", ["wrt=[0, 1] names each once."])
      }
      let part = try Leaves(argument(slot, of: arguments), on: tape, name: name)
      switch slot {
      case .positional(let index): followed.positional[index] = part.value
      case .named(let index): followed.named[index].1 = part.value
      }
      leaves.append(part)
    }
    let result = try call(followed, machine)
    let quantity = try number(result)
    let found = try tape.gradients(of: quantity, wrt: leaves.flatMap(\.quantities))
    if found.allSatisfy({ $0 == nil }) {
      let reason = machine.context.lastStep.map { ": \($0) gives a constant" } ?? ""
      machine.context.notice(
        "the result does not depend on what \(name) differentiates in\(reason)")
    }
    var rest = found[...]
    let parts = try leaves.map { try $0.gradient(taking: &rest) }
    return (Value(tape.outside(quantity)), parts)
  }

  /// A result that must be a number, or have one element.
  private func number(_ result: Value) throws -> Quantity {
    guard let quantity = result.quantity, quantity.count == 1 else {
      throw Failure(
        "\(name) needs a function that gives a number; this one gives \(result.described)",
        result.quantity == nil
          ? [] : ["Sum it, mean it, or use jacobian(f) for every result at once."])
    }
    return quantity
  }

  /// A derivative in the first argument alone, which must be a number or tensor.
  func ofFirst(
    _ arguments: Arguments, _ machine: Machine, givesNumber: Bool = false,
    _ body: (Differentiable, Quantity) throws(TensorError) -> Quantity
  ) throws -> Value {
    guard let x = arguments.positional.first?.quantity else {
      throw Failure("\(name) needs a number or tensor to differentiate in")
    }
    var failure: (any Error)?
    do {
      return Value(
        try body(
          { (quantity) throws(TensorError) in
            do {
              var inner = arguments
              inner.positional[0] = Value(quantity)
              let result = try call(inner, machine)
              if givesNumber { return try number(result) }
              guard let quantity = result.quantity else {
                throw Failure(
                  "\(name) needs a function that gives numbers, not \(result.described)")
              }
              return quantity
            } catch {
              failure = error
              throw .failure("")
            }
          }, x))
    } catch {
      throw failure ?? error
    }
  }

  /// The results of the function for every row of its arguments by position, together.
  func overRows(_ arguments: Arguments, _ machine: Machine) throws -> Value {
    let columns = try arguments.positional.map { try Iterating.all($0) }
    guard let count = columns.first?.count else {
      throw Failure("\(name) needs an argument by position to go through")
    }
    if let other = columns.first(where: { $0.count != count }) {
      throw Failure(
        "the arguments of \(name)(f) have equally many rows",
        ["Here are \(count) and \(other.count)."])
    }
    return try Value.bracketed(
      (0..<count).map { row in
        try call(
          Arguments(positional: columns.map { $0[row] }, named: arguments.named), machine)
      })
  }

  private func call(_ arguments: Arguments, _ machine: Machine) throws -> Value {
    let names: [String?] =
      arguments.positional.map { _ in nil } + arguments.named.map { $0.0 }
    return try machine.call(
      function, arguments.positional + arguments.named.map(\.1), names: names)
  }

  private func argument(_ slot: Slot, of arguments: Arguments) -> Value {
    switch slot {
    case .positional(let index): arguments.positional[index]
    case .named(let index): arguments.named[index].1
    }
  }

  private var parameterNames: [String] {
    switch function {
    case .function(let function): function.prototype.parameters
    case .builtin(let builtin): builtin.builtin.parameters.map(\.name)
    case .object(let object): object.callable?.builtin.parameters.map(\.name) ?? []
    default: []
    }
  }

  private func slot(of place: Place, in arguments: Arguments) throws -> Slot {
    switch place {
    case .position(let index):
      if index < arguments.positional.count { return .positional(index) }
      let names = parameterNames
      if index < names.count,
        let found = arguments.named.firstIndex(where: { $0.0 == names[index] })
      {
        return .named(found)
      }
      throw Failure(
        "\(name) differentiates in argument \(index), which is not given",
        ["Positions count from 0."])
    case .name(let word):
      if let found = arguments.named.firstIndex(where: { $0.0 == word }) { return .named(found) }
      if let index = parameterNames.firstIndex(of: word), index < arguments.positional.count {
        return .positional(index)
      }
      throw Failure(
        "\(name) differentiates in \(word), which is not given",
        parameterNames.isEmpty
          ? [] : ["The parameters are \(parameterNames.joined(separator: ", "))."])
    }
  }
}

/// An argument with its numbers put on a tape.
private struct Leaves {
  /// The argument, its numbers followed.
  let value: Value
  private(set) var quantities: [Quantity] = []
  private let original: Value

  init(_ value: Value, on tape: Tape, name: String) throws {
    original = value
    var found: [Quantity] = []
    self.value = try Self.follow(value, tape, &found)
    if found.isEmpty, case .tensor(let box) = value, box.tensor.dtype == .bool {
      throw Failure(
        "\(name) cannot differentiate in a mask",
        ["Truth values do not change little by little; 1 * mask is made of numbers."])
    }
    guard !found.isEmpty else {
      throw Failure(
        "\(name) cannot differentiate in \(value.described)",
        ["It can in a number, a tensor, or a list or record of them."])
    }
    quantities = found
  }

  private static func follow(
    _ value: Value, _ tape: Tape, _ found: inout [Quantity]
  ) throws -> Value {
    switch value {
    case .number, .single, .tensor, .range, .traced:
      guard let quantity = value.quantity, quantity.tensor.dtype != .bool else { return value }
      found.append(tape.variable(quantity))
      return Value(found[found.count - 1])
    case .list(let list): return .list(try list.values.map { try follow($0, tape, &found) })
    case .record(let record):
      let values = try record.values.map { try follow($0, tape, &found) }
      return .record(RecordBox(names: record.names, values: values))
    case .object(let object):
      guard let model = object as? ModelObject else { return value }
      let parameters = try follow(.record(model.parameters), tape, &found)
      guard case .record(let record) = parameters else { return value }
      return .object(model.with(record))
    default: return value
    }
  }

  /// The gradient in the structure of the argument, from the front of `rest`.
  func gradient(taking rest: inout ArraySlice<Quantity?>) throws -> Value {
    try Self.rebuild(original, &rest)
  }

  private static func rebuild(_ value: Value, _ rest: inout ArraySlice<Quantity?>) throws -> Value {
    switch value {
    case .number, .single, .tensor, .range, .traced:
      guard let quantity = value.quantity, quantity.tensor.dtype != .bool else { return .nothing }
      guard let gradient = rest.popFirst() ?? nil else {
        return .tensor(try Tensor.zeros(quantity.shape, dtype: quantity.dtype))
      }
      return Value(gradient)
    case .list(let list): return .list(try list.values.map { try rebuild($0, &rest) })
    case .record(let record):
      let values = try record.values.map { try rebuild($0, &rest) }
      return .record(RecordBox(names: record.names, values: values))
    case .object(let object):
      guard let model = object as? ModelObject else { return .nothing }
      return try rebuild(.record(model.parameters), &rest)
    default: return .nothing
    }
  }
}
