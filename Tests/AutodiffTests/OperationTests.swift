import Autodiff
import TestSupport
import Tensors
import Testing

/// Laws that hold for every operation.
@Suite struct OperationTests {
  /// Central differences are good to about 1e-10 here; third derivatives and conditions vary.
  static let tolerance = 2e-8

  @Test(arguments: Operation.all) func valueDoesNotDependOnTapes(_ operation: Operation) throws {
    let plain = try operation.apply(.constant(operation.x))
    let tapes = [Tape(), Tape()]
    let followed = try operation.apply(
      tapes[1].variable(tapes[0].variable(.constant(operation.x))))
    #expect(plain.depth == 0)
    #expect(followed.tensor == plain.tensor)
  }

  @Test(arguments: Operation.all) func gradientIsTheCentralDifference(
    _ operation: Operation
  ) throws {
    let check = try GradientCheck(of: operation.weighted, at: operation.x)
    #expect(check.error < Self.tolerance, "\(check)")
  }

  @Test(arguments: Operation.all) func secondDerivativeIsTheCentralDifference(
    _ operation: Operation
  ) throws {
    let check = try GradientCheck(of: operation.slope, at: operation.x)
    #expect(check.error < Self.tolerance, "\(check)")
  }

  @Test(arguments: Operation.all) func thirdDerivativeIsTheCentralDifference(
    _ operation: Operation
  ) throws {
    let check = try GradientCheck(
      of: { (x) throws(TensorError) in
        let gradient = try Autodiff.gradient(of: operation.slope, at: x)
        return try (gradient * .constant(operation.weights(for: operation.x))).sum()
      }, at: operation.x)
    #expect(check.error < Self.tolerance, "\(check)")
  }

  @Test(arguments: Operation.all) func forwardAndBackwardProductsAgree(
    _ operation: Operation
  ) throws {
    let x = Quantity.constant(operation.x)
    let v = Quantity.constant(operation.weights(for: operation.x))
    let y = try operation.apply(x)
    let u = Quantity.constant(operation.weights(for: y.tensor))
    let forward = try jacobianVectorProduct(of: operation.apply, at: x, v)
    let backward = try vectorJacobianProduct(of: operation.apply, at: x, u)
    let left = try (forward * u).sum().tensor
    let right = try (backward * v).sum().tensor
    #expect(isClose(left, right, tolerance: 1e-12))
  }
}

extension Operation {
  /// Unequal weights, so that no entry hides behind another.
  func weights(for x: Tensor) -> Tensor {
    Tensor(
      shape: x.shape,
      elements: x.elements.indices.map { 0.3 + Double($0 * 7 % 5) / 4 - Double($0 % 3) })
  }

  /// The operation's result as one number.
  func weighted(_ x: Quantity) throws(TensorError) -> Quantity {
    let y = try apply(x)
    return try (y * .constant(weights(for: y.tensor))).sum()
  }

  /// The derivative of that number along fixed weights.
  func slope(_ x: Quantity) throws(TensorError) -> Quantity {
    let gradient = try Autodiff.gradient(of: weighted, at: x)
    return try (gradient * .constant(weights(for: self.x))).sum()
  }
}
