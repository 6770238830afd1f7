import Autodiff
import TestSupport
import Tensors
import Testing

/// Derivatives where there is none, or where the formula fails: finite, and as documented.
@Suite struct KinkTests {
  typealias Function = @Sendable (Quantity) throws(TensorError) -> Quantity

  struct Kink: Sendable, CustomStringConvertible {
    let description: String
    let x: Tensor
    let gradient: [Double]
    let function: Function

    init(_ name: String, _ x: [Double], _ gradient: [Double], _ function: @escaping Function) {
      (description, self.x, self.gradient) = (name, .vector(x), gradient)
      self.function = function
    }
  }

  @Test(arguments: kinks) func gradientIsAsDocumented(_ kink: Kink) throws {
    let sum: Function = { x throws(TensorError) in try kink.function(x).sum() }
    let gradient = try gradient(of: sum, at: .constant(kink.x))
    #expect(isClose(gradient.tensor, .vector(kink.gradient), tolerance: 1e-15))
  }

  @Test(arguments: kinks) func hessianIsFinite(_ kink: Kink) throws {
    let sum: Function = { x throws(TensorError) in try kink.function(x).sum() }
    let hessian = try hessian(of: sum, at: .constant(kink.x)).tensor
    #expect(hessian.elements.allSatisfy { $0.isFinite })
  }

  static let kinks: [Kink] = [
    Kink("abs", [0, -2], [0, -1]) { $0.abs() },
    Kink("relu", [0, 2], [0, 1]) { $0.relu() },
    Kink("sqrt", [0, 4], [0, 0.25]) { $0.sqrt() },
    Kink("x^0.5", [0, 4], [0, 0.25]) { x throws(TensorError) in try .power(x, 0.5) },
    Kink("x^0", [0, 3], [0, 0]) { x throws(TensorError) in try .power(x, 0) },
    Kink("x^1", [0, -3], [1, 1]) { x throws(TensorError) in try .power(x, 1) },
    Kink("0^x", [1, 2], [0, 0]) { x throws(TensorError) in try .power(0, x) },
    Kink("norm of zero", [0, 0], [0, 0]) { x throws(TensorError) in try x.norm() },
    Kink("normalize zero", [0, 0], [0, 0]) { x throws(TensorError) in try x.normalize() },
    Kink("std of equals", [3, 3], [0, 0]) { x throws(TensorError) in try x.std() },
    Kink("maximum ties", [1, 2], [0.5, 1]) { x throws(TensorError) in try .maximum(x, 1) },
    Kink("minimum ties", [1, 2], [0.5, 0]) { x throws(TensorError) in try .minimum(1, x) },
    Kink("max ties", [1, 3, 3], [0, 0.5, 0.5]) { x throws(TensorError) in try x.max() },
    Kink("min ties", [1, 1, 1, 1], [0.25, 0.25, 0.25, 0.25]) { x throws(TensorError) in
      try x.min()
    },
    Kink("distance of equals", [1, 1], [0, 0]) { x throws(TensorError) in
      let points = try x.reshaped(to: [2, 1])
      return try .distances(points, points)
    },
    Kink("collapse", [0.1, 0.1, 0.1], [0, 0, 0]) { x throws(TensorError) in
      let points = try x.reshaped(to: [3, 1])
      return try Quantity.squaredDistances(points, points).exp()
    },
    Kink("angle of the origin", [0, 0], [0, 0]) { x throws(TensorError) in
      try .arctangent2(x.subscripted([.at(0)]), x.subscripted([.at(1)]))
    },
    Kink("asin at the end", [1, 0], [0, 1]) { $0.asin() },
    Kink("logsumexp of −inf", [0, 0], [0, 0]) { x throws(TensorError) in
      try (x + .scalar(-.infinity)).logsumexp()
    },
    Kink("logsumexp beside −inf", [0, 1], [0, 1]) { x throws(TensorError) in
      try (x + .constant(.vector([-.infinity, 0]))).logsumexp()
    },
    Kink("softplus far out", [-800, 800], [0, 1]) { $0.softplus() },
    Kink("sigmoid far out", [-800, 800], [0, 0]) { $0.sigmoid() },
    Kink("rounding", [0.4, 2.5], [0, 0]) { $0.round() },
  ]

  /// The squares of these leave the range of numbers.
  @Test(arguments: [1e-200, 1e200]) func extremeLengthsKeepTheirDirection(scale: Double) throws {
    let x = Quantity.constant(Tensor(shape: [2, 2], elements: [3 * scale, 4 * scale, 0, 0]))
    let lengths = try x.norm(axis: 1).tensor
    #expect(isClose(try lengths / Tensor(scale), .vector([5, 0]), tolerance: 1e-15))
    #expect(
      isClose(
        try x.normalize().tensor, Tensor(shape: [2, 2], elements: [0.6, 0.8, 0, 0]),
        tolerance: 1e-15))
    let slope = try gradient(
      of: { (x) throws(TensorError) in try x.norm(axis: 1).sum() }, at: x)
    #expect(
      isClose(
        slope.tensor, Tensor(shape: [2, 2], elements: [0.6, 0.8, 0, 0]), tolerance: 1e-15))
  }
}
