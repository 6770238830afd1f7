import Autodiff
import Tensors

extension BuiltinCatalog {
  /// Functions that make tensors and ranges.
  static let creation: [Builtin] = [
    Builtin(
      "zeros(shape...)", "A tensor of zeros.", details: "The shape: zeros(2, 3) or zeros([2, 3]).",
      example: "zeros(2, 3)", seeAlso: ["ones", "full"]
    ) { .tensor(try Tensor.zeros(try $0.shape(0))) },
    Builtin("ones(shape...)", "A tensor of ones.", example: "ones(3)", seeAlso: ["zeros"]) {
      .tensor(try Tensor.ones(try $0.shape(0)))
    },
    Builtin(
      "full(shape, fill_value)", "A tensor of one value, in its dtype.", example: "full([2, 2], 7)"
    ) {
      call in
      _ = try call.number(1)
      let value = try call.quantity(1).reshaped(to: [])
      return Value(try value.broadcast(to: try call.shape(0)))
    },
    Builtin(
      "eye(n, m=none, k=0)", "The identity matrix, n×n; or n×m with ones k above the diagonal.",
      example: "eye(2)", seeAlso: ["diag"]
    ) { call in
      let rows = try call.whole(0, from: 0)
      let columns = try call.optionalWhole(1, from: 0) ?? rows
      return .tensor(try Tensor.eye(rows, columns: columns, offset: try call.whole(2)))
    },
    Builtin(
      "float32(x)", "x in 32-bit floating point: half the memory, about 7 digits.",
      details: """
        x: a number, a tensor, or a list, record or model of them. With numbers the result stays \
        float32, with a float64 tensor it becomes float64.
        """,
      example: "float32([0.1, 0.2]).dtype", seeAlso: ["float64"]
    ) { try converted($0, to: .float32) },
    Builtin(
      "float64(x)", "x in 64-bit floating point, as numbers and tensors are by default.",
      details: "x: a number, a tensor, or a list, record or model of them.",
      example: "float64(float32(0.1)) - 0.1", seeAlso: ["float32"]
    ) { try converted($0, to: .float64) },
    Builtin(
      "arange(start, stop=none, step=1)", "Numbers from start up to, not including, stop.",
      example: "arange(0, 1, 0.25)", seeAlso: ["range", "linspace"]
    ) { call in
      let isOpen = call.isNone(1)
      let start = isOpen ? 0 : try call.number(0)
      let stop = isOpen ? try call.number(0) : try call.number(1)
      let step = try call.number(2)
      guard let nan = [start, stop, step].firstIndex(where: \.isNaN) else {
        let numbers = try Tensor.arange(start, stop, step: step)
        let steps = try Tensor.arange(Double(numbers.count))
        return Value(
          try Quantity.constant(numbers)
            .following(isOpen ? .scalar(0) : try call.quantity(0), by: .ones(numbers.shape))
            .following(try call.quantity(2), by: steps))
      }
      throw call.failure(isOpen && nan == 1 ? 0 : nan, "arange cannot count with nan")
    },
    Builtin(
      "linspace(start, stop, num=50, endpoint=true)",
      "num numbers at equal steps, both ends included.",
      details: "With endpoint=false the last is one step before stop.",
      example: "linspace(0, 1, 5)", seeAlso: ["arange"]
    ) { call in
      let (start, stop) = (try call.number(0), try call.number(1))
      let count = try call.whole(2, from: 0)
      let steps = try call.bool(3) ? count : count + 1
      func firstOf(_ all: Tensor) -> Tensor { .vector(Array(all.elements.prefix(count))) }
      let numbers = firstOf(try Tensor.linspace(start, stop, count: steps))
      let share = firstOf(try Tensor.linspace(0, 1, count: steps))
      return Value(
        try Quantity.constant(numbers)
          .following(try call.quantity(0), by: .subtract(Tensor(1), share))
          .following(try call.quantity(1), by: share))
    },
    Builtin(
      "range(start, stop=none, step=1)", "Whole numbers for a loop; it takes no memory.",
      example: "[k^2 for k in range(4)]", seeAlso: ["arange"]
    ) { call in
      call.isNone(1)
        ? try Machine.range(.number(0), call[0], call[2])
        : try Machine.range(call[0], call[1], call[2])
    },
    Builtin(
      "rand(shape..., seed=none)", "Numbers drawn evenly from [0, 1).",
      example: "rand(3, seed=1)", seeAlso: ["randn", "seed"]
    ) { call in try drawn(call) { $0.uniforms($1) } },
    Builtin(
      "randn(shape..., seed=none)", "Numbers drawn from the standard normal distribution.",
      example: "randn(3, seed=1)", seeAlso: ["rand", "seed"]
    ) { call in try drawn(call) { $0.normals($1) } },
    Builtin(
      "randint(low, high, shape=none, seed=none)",
      "Whole numbers drawn evenly from low to high - 1.",
      example: "randint(0, 10, [8], seed=1)"
    ) { call in
      let low = Double(try call.whole(0))
      let high = Double(try call.whole(1))
      guard low < high else {
        throw call.failure(1, "high of randint must be above low")
      }
      let shape = call.isNone(2) ? [] : try call.shape(2)
      let count = try Tensor.zeros(shape).count
      return try call.drawing(seed: 3) { random in
        let numbers = (0..<count).map { _ in random.whole(from: low, below: high) }
        return .tensor(Tensor(shape: shape, elements: numbers))
      }
    },
    Builtin(
      "permutation(n, seed=none)", "The numbers 0 … n - 1 in random order.",
      example: "permutation(8, seed=1)"
    ) { call in
      let count = try call.whole(0, from: 0)
      _ = try Tensor.zeros([count])
      return try call.drawing(seed: 1) { .vector($0.permutation(count).map(Double.init)) }
    },
    Builtin(
      "shuffle(x, seed=none)", "The rows of x in random order.",
      example: "shuffle([1, 2, 3], seed=1)"
    ) { call in
      let count = try Iterating.length(of: call[0])
      _ = try Tensor.zeros([count])
      let order = try call.drawing(seed: 1) { $0.permutation(count) }
      if case .list(let list) = call[0] { return .list(order.map { list.values[$0] }) }
      return Value(try call.quantity(0).subscripted([.gather(order, shape: [count])]))
    },
    Builtin("seed(k)", "Restarts the session's random numbers.", example: "seed(1)") { call in
      call.context.random = Random(seed: try call.seed(0))
      return .nothing
    },
  ]

  /// The numbers of a value in another dtype, leaf by leaf; what is no number stays inside structures.
  private static func converted(_ call: Call, to dtype: DType) throws -> Value {
    func leaf(_ value: Value) -> Value {
      switch value {
      case .list(let list): return .list(list.values.map(leaf))
      case .record(let record):
        return .record(RecordBox(names: record.names, values: record.values.map(leaf)))
      case .object(let object):
        guard let model = object as? ModelObject,
          case .record(let parameters) = leaf(.record(model.parameters))
        else { return value }
        return .object(model.with(parameters))
      default: return value.quantity.map { Value($0.converted(to: dtype)) } ?? value
      }
    }
    switch call[0] {
    case .list, .record: return leaf(call[0])
    case .object(let object) where object is ModelObject: return leaf(call[0])
    default: return Value(try call.quantity(0).converted(to: dtype))
    }
  }

  private static func drawn(
    _ call: Call, _ draw: (inout Random, Int) -> [Double]
  ) throws -> Value {
    let shape = try call.shape(0)
    let count = try Tensor.zeros(shape).count
    return try call.drawing(seed: 1) { random in
      .tensor(Tensor(shape: shape, elements: draw(&random, count)))
    }
  }
}

extension Quantity {
  /// The same numbers, which change with `x` by `slopes`.
  fileprivate func following(_ x: Quantity, by slopes: Tensor) throws(TensorError) -> Quantity {
    guard x.depth > 0 else { return self }
    return try self + (x - x.stopped) * .constant(slopes)
  }
}
