import Autodiff
import Tensors

/// A parabola that touches a function at one point: f(θ) + ∇f(θ)·(x − θ) + L/2 ‖x − θ‖².
///
/// It lies above f everywhere if L is no less than the curvature of f anywhere.
final class MajorizerObject: FieldObject, @unchecked Sendable {
  /// Where it touches the function.
  let point: Quantity
  /// The function's value there.
  let value: Quantity
  /// The function's gradient there.
  let gradient: Quantity
  let curvature: Double

  override var typeName: String { "majorizer" }
  override var display: String {
    let at = Formatting.inline(Value(point))
    return "majorizer · touches at \(at.count > 40 ? shapeText(point.shape) : at) · "
      + "value \(Formatting.number(value.tensor.elements[0])) · "
      + "curvature \(Formatting.number(curvature))"
  }
  override var fieldNames: [String] { ["at", "value", "gradient", "curvature", "minimizer"] }

  /// The parabola of a function of a number or tensor.
  init(of function: Value, at point: Value, curvature: Double, _ machine: Machine) throws {
    let derivative = Derivative(function: function, name: "majorize")
    let (value, gradients) = try derivative.gradients(
      Derivative.Arguments(positional: [point]),
      at: .init(places: [.position(0)], isList: false), machine)
    guard let point = point.quantity, let value = value.quantity,
      let gradient = gradients.first?.quantity
    else { throw Failure("majorize needs a function of a number or tensor") }
    self.point = point
    self.value = try value.reshaped(to: [])
    self.gradient = gradient
    self.curvature = curvature
  }

  private init(like other: MajorizerObject, curvature: Double) {
    (point, value, gradient) = (other.point, other.value, other.gradient)
    self.curvature = curvature
  }

  /// The same with twice the curvature.
  var steeper: MajorizerObject { MajorizerObject(like: self, curvature: 2 * curvature) }

  override func field(_ name: String) throws -> Value? {
    switch name {
    case "at": Value(point)
    case "value": Value(value)
    case "gradient": Value(gradient)
    case "curvature": .number(curvature)
    case "minimizer": Value(try minimizer)
    default: nil
    }
  }

  /// Where the parabola is lowest: one step of gradient descent of size 1/L.
  var minimizer: Quantity {
    get throws { try point - gradient / .scalar(curvature) }
  }

  /// Its value at a point.
  func callAsFunction(_ x: Quantity) throws -> Quantity {
    let step = try x - point
    let slope = try (gradient * step).sum()
    return try value + slope + .scalar(curvature / 2) * (step * step).sum()
  }

  override var callable: BuiltinFunction? {
    BuiltinFunction(
      Builtin("majorizer(x)", "The upper bound at a point.") { [self] call in
        let x = try call.quantity(0)
        guard x.shape == point.shape else {
          throw call.failure(
            0, "this majorizer is a function of \(Value(point).described), not \(call[0].described)"
          )
        }
        return Value(try self(x))
      })
  }
}
