import Autodiff
import Tensors

extension BuiltinCatalog {
  /// What a lesson's checks ask of an answer; each gives a bool and tells why not.
  static let answerHelpers: [Builtin] = [
    Builtin(
      "close(a, b, tol=1e-6)", "Whether a has the shape of b and |a - b| ≤ tol·(1 + |b|).",
      example: "close(0.1 + 0.2, 0.3)", seeAlso: ["same_function", "shape_is"]
    ) { call in
      guard let a = call[0].plainTensor else {
        return unlike(call, "the answer is \(call[0].described), not numbers")
      }
      let b = try call.tensor(1)
      guard a.shape == b.shape else {
        return unlike(
          call, "the answer is \(call[0].described), asked for is \(call[1].described)")
      }
      let tolerance = try call.number(2)
      return .bool(
        zip(a.elements, b.elements).allSatisfy {
          $0 == $1 || abs($0 - $1) <= tolerance * (1 + abs($1)) || ($0.isNaN && $1.isNaN)
        })
    },
    Builtin(
      "shape_is(x, shape)", "Whether x has this shape.", example: "shape_is(zeros(2, 3), [2, 3])"
    ) { call in
      guard let tensor = call[0].plainTensor else {
        return unlike(call, "the answer is \(call[0].described), not a tensor")
      }
      let wanted = try call.wholes(1)
      guard tensor.shape == wanted else {
        return unlike(
          call,
          "the answer is \(call[0].described), asked for is "
            + (wanted.isEmpty ? "a number" : "the shape \(shapeText(wanted))"))
      }
      return .bool(true)
    },
    Builtin(
      "same_function(f, g, n=50, like=none)", "Whether f and g agree on n random draws.",
      details: """
        like is a list of example arguments whose shapes the draws take; without it they are numbers, \
        as many as g takes. Agreement is within 1e-6.
        """,
      example: "same_function(x -> x + x, x -> 2 * x)"
    ) { call in
      let shapes: [[Int]]
      if call.isNone(3) {
        shapes = Array(repeating: [], count: FunctionSamples.arity(of: call[1]))
      } else {
        shapes = try call.list(3).map { value in
          guard let tensor = value.plainTensor else { throw call.wrong(3, "a list of examples") }
          return tensor.shape
        }
      }
      var samples = FunctionSamples(shapes: shapes)
      for _ in 0..<(try call.whole(2, from: 1)) {
        let arguments = samples.next()
        let expected = try call.invoke(1, arguments)
        let given = try call.invoke(0, arguments)
        guard Agreement.holds(given, expected, tolerance: 1e-6) else {
          let at = arguments.map { Formatting.inline($0, precision: 4) }.joined(separator: ", ")
          return unlike(
            call,
            "at (\(at)) the answer gives \(Formatting.inline(given)), not \(Formatting.inline(expected))"
          )
        }
      }
      return .bool(true)
    },
    Builtin(
      "grad_ok(f, like=none)", "Whether grad(f) agrees with central differences at a random point.",
      example: "grad_ok(x -> x^2)"
    ) { call in
      let shape = call.isNone(1) ? [] : try call.tensor(1).shape
      var samples = FunctionSamples(shapes: [shape])
      guard let check = BuiltinCatalog.named("check_grad") else { return .bool(false) }
      let report = try call.machine.call(
        .builtin(BuiltinFunction(check)), [call[0]] + samples.next())
      guard case .record(let record) = report, case .number(let error)? = record["error"] else {
        return .bool(false)
      }
      guard error < 1e-5 else {
        return unlike(call, "the gradient is off by \(Formatting.number(error, precision: 2))")
      }
      return .bool(true)
    },
  ]

  private static func unlike(_ call: Call, _ reason: String) -> Value {
    call.context.notice(reason)
    return .bool(false)
  }
}

/// Random arguments of given shapes, the same ones every time.
struct FunctionSamples {
  private let shapes: [[Int]]
  private var random = Random(seed: 0, name: "same_function")

  init(shapes: [[Int]]) { self.shapes = shapes }

  /// How many arguments a function takes at least.
  static func arity(of value: Value) -> Int {
    switch value {
    case .function(let function): function.prototype.parameters.count - function.defaults.count
    case .builtin(let builtin):
      builtin.builtin.parameters.prefix { $0.defaultValue == nil }.count
    default: 1
    }
  }

  mutating func next() -> [Value] {
    var arguments: [Value] = []
    for shape in shapes {
      let elements = random.normals(shape.reduce(1, *))
      arguments.append(.tensor(Tensor(shape: shape, elements: elements)))
    }
    return arguments
  }
}

/// Whether two values are the same answer.
enum Agreement {
  static func holds(_ a: Value, _ b: Value, tolerance: Double) -> Bool {
    if let left = a.plainTensor, let right = b.plainTensor {
      return left.shape == right.shape
        && zip(left.elements, right.elements).allSatisfy {
          $0 == $1 || abs($0 - $1) <= tolerance * (1 + abs($1)) || ($0.isNaN && $1.isNaN)
        }
    }
    switch (a, b) {
    case (.list(let left), .list(let right)):
      return left.values.count == right.values.count
        && zip(left.values, right.values).allSatisfy { holds($0, $1, tolerance: tolerance) }
    case (.record(let left), .record(let right)):
      return left.names == right.names
        && zip(left.values, right.values).allSatisfy { holds($0, $1, tolerance: tolerance) }
    default: return Comparing.same(a, b)
    }
  }
}
