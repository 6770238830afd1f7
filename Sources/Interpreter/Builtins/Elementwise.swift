import Autodiff
import Glibc
import Tensors

extension BuiltinCatalog {
  /// Functions of one element at a time; each runs over a tensor of any shape.
  static let elementwise: [Builtin] =
    [
      unary("exp", "e to the power x.", "exp(0)") { $0.exp() },
      unary("log", "The natural logarithm; -inf at 0, nan below.", "log(e)") { $0.log() },
      unary("log1p", "log(1 + x), exact for small x.", "log1p(0)") { $0.log1p() },
      unary("expm1", "exp(x) - 1, exact for small x.", "expm1(0)") { $0.expm1() },
      unary("sqrt", "The square root; its derivative at 0 is taken as 0.", "sqrt(16)") {
        $0.sqrt()
      },
      unary("abs", "The absolute value; its derivative at 0 is taken as 0.", "abs(-3)") {
        $0.abs()
      },
      unary("sign", "-1, 0 or 1.", "sign([-2, 0, 5])") { $0.sign() },
      unary("sin", "The sine of an angle in radians.", "sin(0)") { $0.sin() },
      unary("cos", "The cosine of an angle in radians.", "cos(0)") { $0.cos() },
      unary("tan", "The tangent of an angle in radians.", "tan(0)") { $0.tan() },
      unary("asin", "The angle whose sine is x, in radians.", "asin(1)") { $0.asin() },
      unary("acos", "The angle whose cosine is x, in radians.", "acos(1)") { $0.acos() },
      unary("atan", "The angle whose tangent is x, in radians.", "atan(0)") { $0.atan() },
      unary("tanh", "The hyperbolic tangent.", "tanh(0)") { $0.tanh() },
      unary("sigmoid", "1/(1 + exp(-x)).", "sigmoid(0)") { $0.sigmoid() },
      unary("relu", "max(x, 0); its derivative at 0 is taken as 0.", "relu([-1, 2])") { $0.relu() },
      unary("softplus", "log(1 + exp(x)), without overflow.", "softplus(0)") { $0.softplus() },
      unary("floor", "Down to a whole number.", "floor(-1.5)") { $0.floor() },
      unary("ceil", "Up to a whole number.", "ceil(-1.5)") { $0.ceil() },
      unary("radians", "An angle in degrees as radians.", "radians(180)") {
        try .multiply($0, .scalar(.pi / 180))
      },
      unary("degrees", "An angle in radians as degrees.", "degrees(pi)") {
        try .multiply($0, .scalar(180 / .pi))
      },
      unary("isnan", "Where x is nan.", "isnan([1, nan])") { .constant($0.tensor.isnan()) },
      unary("isfinite", "Where x is neither nan nor infinite.", "isfinite([1, inf])") {
        .constant($0.tensor.isfinite())
      },
    ] + [
      Builtin(
        "round(x, decimals=0)", "To the nearest number with so many decimals, halves to even.",
        details: "decimals=-2 rounds to hundreds.", example: "round([0.5, 1.5])",
        seeAlso: ["floor", "ceil"]
      ) { call in
        let x = try call.tensor(0)
        let decimals = try call.whole(1)
        guard decimals != 0 else { return .tensor(x.round()) }
        guard abs(decimals) <= 300 else {
          throw call.failure(1, "decimals of round is between -300 and 300, not \(decimals)")
        }
        let scale = Tensor(pow(10, Double(abs(decimals))))
        let rounded =
          decimals > 0 ? try (x * scale).round() / scale : try (x / scale).round() * scale
        // Numbers that overflow on the way have no such decimals.
        return .tensor(try .where(rounded.isfinite(), rounded, x))
      },
      Builtin(
        "atan2(y, x)", "The angle of the point (x, y), in radians.", example: "atan2(1, 1)"
      ) { Value(try .arctangent2(try $0.quantity(0), try $0.quantity(1))) },
      Builtin(
        "maximum(a, b)", "The larger of two, element by element.", example: "maximum([1, 5], 3)",
        seeAlso: ["max", "minimum"]
      ) { call in Value(try paired(call, Quantity.maximum)) },
      Builtin(
        "minimum(a, b)", "The smaller of two, element by element.", example: "minimum([1, 5], 3)",
        seeAlso: ["min", "maximum"]
      ) { call in Value(try paired(call, Quantity.minimum)) },
      Builtin(
        "clip(x, low, high)", "x kept between low and high; none leaves a side open.",
        example: "clip([-1, 0.5, 2], 0, 1)", seeAlso: ["maximum", "minimum"]
      ) { call in
        let low = call.isNone(1) ? .scalar(-.infinity) : try call.quantity(1)
        let high = call.isNone(2) ? .scalar(.infinity) : try call.quantity(2)
        return Value(try call.quantity(0).clip(low: low, high: high))
      },
      Builtin(
        "where(mask, a, b)", "a where the mask is true, else b.",
        example: "where([true, false], 1, 0)"
      ) { Value(try .where(try $0.tensor(0), try $0.quantity(1), try $0.quantity(2))) },
      Builtin(
        "isclose(a, b, rtol=1e-5, atol=1e-8)", "Where |a - b| ≤ atol + rtol·|b|.",
        example: "isclose(0.1 + 0.2, 0.3)"
      ) { call in
        let a = try call.tensor(0)
        let b = try call.tensor(1)
        let rtol = try call.number(2)
        let atol = try call.number(3)
        return .tensor(try Tensor.isclose(a, b, rtol: rtol, atol: atol))
      },
    ]

  /// A function of two values, with the notice that operators give of a vector against a column.
  private static func paired(
    _ call: Call, _ body: (Quantity, Quantity) throws -> Quantity
  ) throws -> Quantity {
    let a = try call.quantity(0)
    let b = try call.quantity(1)
    if a.rank != b.rank, a.rank > 0, b.rank > 0 {
      let context = call.context
      Arithmetic.noteStretching(a.shape, b.shape) { context.notice($0) }
    }
    return try body(a, b)
  }

  private static func unary(
    _ name: String, _ summary: String, _ example: String,
    _ body: @escaping @Sendable (Quantity) throws -> Quantity
  ) -> Builtin {
    Builtin("\(name)(x)", summary, example: example) { Value(try body(try $0.quantity(0))) }
  }
}
