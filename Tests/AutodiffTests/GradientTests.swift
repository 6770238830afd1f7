import Autodiff
import TestSupport
import Tensors
import Testing

/// Gradients, Jacobians and Hessians of functions.
@Suite struct GradientTests {
  static let x = Quantity.constant(.vector([1, 2, 3]))

  @Test func gradientHasTheShapeOfItsArgument() throws {
    let result = try valueAndGradient(
      of: { (x) throws(TensorError) in try (x * x).sum() }, at: Self.x)
    #expect(result.value.tensor == Tensor(14))
    #expect(result.gradient.tensor == .vector([2, 4, 6]))
  }

  @Test func gradientWantsOneResult() {
    #expect(throws: TensorError.self) { try gradient(of: { $0 }, at: Self.x) }
  }

  @Test func constantFunctionHasZeroGradient() throws {
    #expect(try gradient(of: { _ in 5 }, at: Self.x).tensor == .vector([0, 0, 0]))
    #expect(try jacobian(of: { _ in 5 }, at: Self.x).tensor == .vector([0, 0, 0]))
  }

  @Test func jacobianShapeIsResultThenArgument() throws {
    let result = try jacobian(
      of: { (x) throws(TensorError) in try .outer(x, .constant(.vector([1, 10]))) }, at: Self.x)
    #expect(result.shape == [3, 2, 3])
    #expect(try result.tensor.subscripted([.at(2), .at(1)]) == .vector([0, 0, 10]))
    let empty = try jacobian(
      of: { (x) throws(TensorError) in
        try x.subscripted([.slice(start: 0, stop: 0, step: nil)])
      }, at: Self.x)
    #expect(empty.shape == [0, 3])
  }

  @Test func hessianOfAQuadraticFormIsItsMatrix() throws {
    let a = Tensor(shape: [3, 3], elements: [2, 1, 0, 1, 3, -1, 0, -1, 4])
    let form: Differentiable = { x throws(TensorError) in
      try 0.5 * Quantity.matmul(x, .matmul(.constant(a), x))
    }
    #expect(try hessian(of: form, at: Self.x).tensor == a)
    let v = Quantity.constant(.vector([1, 0, -1]))
    let product = try hessianVectorProduct(of: form, at: Self.x, v)
    #expect(try product.tensor == Tensor.matmul(a, v.tensor))
  }

  @Test func productsCheckTheirShapes() {
    let square: Differentiable = { x throws(TensorError) in try x * x }
    #expect(throws: TensorError.shapesDoNotBroadcast([], [3])) {
      try jacobianVectorProduct(of: square, at: Self.x, 1)
    }
    #expect(throws: TensorError.shapesDoNotBroadcast([], [3])) {
      try vectorJacobianProduct(of: square, at: Self.x, 1)
    }
  }

  @Test func wrongGradientIsReportedAtItsEntry() throws {
    let check = try GradientCheck(
      of: { (x) throws(TensorError) in
        let stopped = try x.subscripted([.at(1)]).stopped
        return try (x * x).sum() + stopped * stopped
      }, at: Self.x.tensor)
    #expect(check.worst == 1)
    #expect(isClose(check.error, 0.5, tolerance: 1e-8))
  }
}
