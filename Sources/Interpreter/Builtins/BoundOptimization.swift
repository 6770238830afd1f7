import Autodiff
import Plots
import Tensors

extension BuiltinCatalog {
  /// Minimising a function through upper bounds that touch it (theory §5.1).
  static let boundOptimization: [Builtin] = [
    Builtin(
      "majorize(f, at, curvature=1)",
      "A parabola that touches f at a point and, where it is steep enough, lies above it.",
      details: """
        f: a function of a number or tensor that gives a number. The result is called like f and has \
        .at, .value, .gradient, .curvature and .minimizer, its lowest point. It lies above f \
        everywhere if the curvature L is no less than the largest eigenvalue of hessian(f) anywhere; \
        nothing checks that it is.
        """,
      formula: "a(x) = f(θ) + ∇f(θ)·(x − θ) + L/2 ‖x − θ‖²",
      example: "majorize(x -> x^2, at=3, curvature=4).minimizer",
      seeAlso: ["mm", "bound_plot"], reference: "Boudiaf et al. 2020, eq. 10; theory §5.1"
    ) { call in
      .object(
        try MajorizerObject(
          of: try call.function(0), at: try point(call, 1), curvature: try curvature(call, 2),
          call.machine))
    },
    Builtin(
      "mm(f, start, curvature=none, steps=10, majorizer=none)",
      "Majorise and minimise: goes to the lowest point of an upper bound, again and again.",
      details: """
        Gives a record of points (steps + 1 of them), values (of f there) and bounds (of each bound at \
        the point it leads to), so that values[t+1] <= bounds[t] <= values[t]. The bounds are \
        parabolas of the given curvature; without one it is doubled, from 1, until a bound holds where \
        it leads. majorizer: a function of the point that gives a bound of your own, as \
        [a, where a is lowest].
        """,
      formula: "f(θₜ₊₁) ≤ aₜ(θₜ₊₁) ≤ aₜ(θₜ) = f(θₜ)",
      example: "mm(x -> x^4 - x, 2, steps=3).values",
      seeAlso: ["majorize", "bound_plot"], reference: "Boudiaf et al. 2020, eq. 11–12; theory §5.1"
    ) { call in
      let steps = try call.whole(3, from: 0)
      let start = try point(call, 1)
      guard steps < mostSteps else {
        throw call.failure(3, "the steps of mm are fewer than \(mostSteps)")
      }
      _ = try Shape.count([steps + 1] + (start.quantity?.shape ?? []))
      var points = [start]
      var values = [try number(call.invoke(0, [start]), call)]
      var bounds: [Value] = []
      for _ in 0..<steps where !Stopping.isDue {
        let bound = try bound(call, at: points[points.count - 1])
        points.append(bound.minimizer)
        bounds.append(bound.value)
        values.append(try number(call.invoke(0, [bound.minimizer]), call))
      }
      return .record([
        ("points", try Value.bracketed(points)), ("values", try Value.bracketed(values)),
        ("bounds", try Value.bracketed(bounds)),
      ])
    },
    Builtin(
      "bound_plot(f, a, to=none, title=\"\")",
      "A function and its majorizer along the line from where they touch to where it is lowest.",
      details: """
        a: what majorize gives. For a function of a number the axis is that number, else the share of \
        the way: 0 where they touch, 1 at the lowest point or at `to`.
        """,
      example: "f = x -> x^4 - x\nbound_plot(f, majorize(f, at=1, curvature=12))",
      seeAlso: ["majorize", "mm"], reference: "theory §5.1"
    ) { call in
      guard case .object(let object) = call[1], let a = object as? MajorizerObject else {
        throw call.wrong(1, "a majorizer, majorize(f, at)")
      }
      let title = try call.text(3)
      let series = try series(call, a, to: try end(call, a))
      do {
        return .object(
          PlotObject(
            Plot(
              try Curve(
                series: series, title: title, xLabel: a.point.shape.isEmpty ? "" : "along the step"
              ))))
      } catch let error as PlotError {
        throw Wording.failure(error, call)
      }
    },
  ]

  /// So many points are kept, and none of them is worth reading.
  private static let mostSteps = 1_000_000

  /// Doublings of a curvature after which a function has none to be found.
  private static let mostDoublings = 100

  private static func point(_ call: Call, _ index: Int) throws -> Value {
    let quantity = try call.quantity(index)
    guard quantity.dtype != .bool else { throw call.wrong(index, "a number or tensor") }
    return Value(quantity)
  }

  private static func curvature(_ call: Call, _ index: Int) throws -> Double {
    try call.refuseFollowed(index)
    let curvature = try call.number(index)
    guard curvature > 0, curvature.isFinite else {
      throw call.failure(
        index, "the curvature of a majorizer is above 0, not \(Formatting.number(curvature))")
    }
    return curvature
  }

  /// What a function gave, which must be a number.
  private static func number(_ value: Value, _ call: Call) throws -> Value {
    guard let quantity = value.quantity, quantity.count == 1 else {
      throw call.failure(
        0, "\(call.name) needs a function that gives a number, not \(value.described)")
    }
    return Value(try quantity.reshaped(to: []))
  }

  /// The next point of `mm`, and the value of the bound that leads there.
  private static func bound(
    _ call: Call, at point: Value
  ) throws -> (minimizer: Value, value: Value) {
    guard call.isNone(4) else { return try givenBound(call, at: point) }
    if !call.isNone(2) {
      let a = try MajorizerObject(
        of: try call.function(0), at: point, curvature: try curvature(call, 2), call.machine)
      return (Value(try a.minimizer), Value(try a(a.minimizer)))
    }
    var a = try MajorizerObject(
      of: try call.function(0), at: point, curvature: 1, call.machine)
    for _ in 0..<mostDoublings where !Stopping.isDue {
      let minimizer = Value(try a.minimizer)
      let height = try a(a.minimizer)
      let reached = try number(call.invoke(0, [minimizer]), call)
      // Rounding apart: at a minimum f and the bound differ by less than a digit.
      let (bound, value) = (height.tensor.elements[0], reached.plainTensor?.elements[0] ?? .nan)
      if value <= bound + 1e-15 * abs(bound) { return (minimizer, Value(height)) }
      a = a.steeper
    }
    throw call.failure(
      0, "no curvature makes a bound of this function",
      ["Its slope jumps, or it gives nan. curvature=1 takes a parabola as it comes."])
  }

  /// The bound of the program's own making: [a, where a is lowest], or a majorizer.
  private static func givenBound(
    _ call: Call, at point: Value
  ) throws -> (minimizer: Value, value: Value) {
    let given = try call.invoke(4, [point])
    if case .object(let object) = given, let a = object as? MajorizerObject {
      return (Value(try a.minimizer), Value(try a(a.minimizer)))
    }
    guard case .list(let list) = given, list.values.count == 2 else {
      throw call.failure(
        4, "a majorizer gives [a, where a is lowest], not \(given.described)")
    }
    switch list.values[0] {
    case .function, .builtin, .object: break
    default:
      throw call.failure(
        4, "the first part of a majorizer is a function, not \(list.values[0].described)")
    }
    let height = try call.machine.call(list.values[0], [list.values[1]])
    return (list.values[1], try number(height, call))
  }

  /// Where the line of `bound_plot` leads.
  private static func end(_ call: Call, _ a: MajorizerObject) throws -> Tensor {
    if !call.isNone(2) {
      let end = try call.tensor(2)
      guard end.shape == a.point.shape else {
        throw call.failure(
          2, "to is \(Value(a.point).described) like the point, not \(call[2].described)")
      }
      return end
    }
    let end = try a.minimizer.tensor
    guard end.elements == a.point.tensor.elements else { return end }
    guard end.shape.isEmpty else {
      throw call.failure(
        1, "the gradient is 0 here, so that no direction stands out", ["Say where to look: to=…"])
    }
    return try Tensor.add(end, Tensor(1))
  }

  /// f and the bound, from one way before the point to two ways after it.
  private static func series(
    _ call: Call, _ a: MajorizerObject, to end: Tensor
  ) throws -> [Curve.Series] {
    let start = a.point.tensor
    let way = try Tensor.subtract(end, start)
    var (x, function, bound): ([Double], [Double], [Double]) = ([], [], [])
    for share in stride(from: -1.0, through: 2, by: 1.0 / 32) {
      let point = try Tensor.add(start, Tensor.multiply(way, Tensor(share)))
      x.append(start.shape.isEmpty ? point.elements[0] : share)
      let value = try number(call.invoke(0, [.tensor(point)]), call)
      function.append(value.plainTensor?.elements[0] ?? .nan)
      bound.append(try a(.constant(point)).tensor.elements[0])
    }
    return [
      Curve.Series("f", x: x, y: function), Curve.Series("majorizer", x: x, y: bound),
    ]
  }
}
