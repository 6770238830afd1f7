import Autodiff
import TestSupport
import Tensors
import Testing

/// What tapes record, forget and nest.
@Suite struct TapeTests {
  @Test func derivativesNestToAnyOrder() throws {
    for (order, expected) in [32.0, 80, 160, 240, 240, 120, 0].enumerated() {
      #expect(try fifthPower(2, derivative: order).tensor == Tensor(expected))
    }
  }

  /// The derivative of x⁵ of the given order, each the gradient of the one before.
  private func fifthPower(_ x: Quantity, derivative: Int) throws(TensorError) -> Quantity {
    if derivative == 0 { return try .power(x, 5) }
    return try gradient(
      of: { (x) throws(TensorError) in try fifthPower(x, derivative: derivative - 1) }, at: x)
  }

  @Test func innerDerivativesKeepOuterVariablesApart() throws {
    // d/dx (x · d/dy (x + y)) = 1: the classic confusion of perturbations gives 2.
    let outer = try gradient(
      of: { (x) throws(TensorError) in
        try x * gradient(of: { (y) throws(TensorError) in try x + y }, at: 1)
      }, at: 1)
    #expect(outer.tensor == Tensor(1))
    // d/dx (x · d/dy (x·y²)) at y = 3 is d/dx 6x² = 12x.
    let mixed = try gradient(
      of: { (x) throws(TensorError) in
        try x * gradient(of: { (y) throws(TensorError) in try x * y * y }, at: 3)
      }, at: 2)
    #expect(mixed.tensor == Tensor(24))
  }

  @Test func whatDoesNotDependHasNoGradient() throws {
    let tape = Tape()
    let (x, y) = (tape.variable(2), tape.variable(3))
    let gradients = try tape.gradients(of: try x * x, wrt: [x, y, 5])
    #expect(gradients[0]?.tensor == Tensor(4))
    #expect(gradients[1] == nil)
    #expect(gradients[2] == nil)
    #expect(try tape.gradients(of: 7, wrt: [x])[0] == nil)
  }

  @Test func laterVariablesHaveNoGradient() throws {
    let tape = Tape()
    let x = tape.variable(2)
    let y = try x * x
    let late = tape.variable(1)
    #expect(try tape.gradients(of: y, wrt: [late])[0] == nil)
  }

  @Test func gradientsOfIntermediateResultsAreGiven() throws {
    let tape = Tape()
    let x = tape.variable(2)
    let square = try x * x
    let gradients = try tape.gradients(of: try square * square, wrt: [square, x, x])
    #expect(gradients.compactMap { $0?.tensor.elements } == [[8], [32], [32]])
  }

  @Test func seedWeighsTheResult() throws {
    let tape = Tape()
    let x = tape.variable(.constant(.vector([1, 2])))
    let seed = Quantity.constant(.vector([10, 100]))
    let gradient = try tape.gradients(of: try x * x, seed: seed, wrt: [x])[0]
    #expect(gradient?.tensor == .vector([20, 400]))
  }

  @Test func finishedTapeLeavesConstants() throws {
    let tape = Tape()
    let x = tape.variable(2)
    tape.finish()
    #expect(x.depth == 0)
    #expect(try (x * x).depth == 0)
    #expect(try (x * x).tensor == Tensor(4))
  }

  @Test func stoppedQuantitiesAreConstant() throws {
    let slope = try gradient(of: { (x) throws(TensorError) in try x * x.stopped }, at: 3)
    #expect(slope.tensor == Tensor(3))
  }

  @Test func longTapesAreFreedWithoutRecursion() throws {
    let slope = try gradient(
      of: { (x) throws(TensorError) in
        var y = x
        for _ in 0..<300_000 { y = try y + 1 }
        return y
      }, at: 1)
    #expect(slope.tensor == Tensor(1))
  }

  @Test func kernelRunsOncePerPassAndReceivesTheCotangent() throws {
    let calls = Counter()
    let tape = Tape()
    let (a, b) = (tape.variable(2), tape.variable(3))
    let y = Quantity.custom([a, 4, b], value: Tensor(6)) { g throws(TensorError) in
      calls.count += 1
      return [try g * 3, try g * 100, nil]
    }
    let gradients = try tape.gradients(of: try y * 10, wrt: [a, b])
    #expect(gradients[0]?.tensor == Tensor(30))
    #expect(gradients[1] == nil)
    #expect(calls.count == 1)
  }

  @Test func kernelThatCapturesQuantitiesDifferentiatesAgain() throws {
    // x³ with its derivative written in terms of the captured x.
    let cube: Differentiable = { x throws(TensorError) in
      .custom([x], value: try Tensor.power(x.tensor, Tensor(3))) { g throws(TensorError) in
        [try g * 3 * x * x]
      }
    }
    let second = try gradient(
      of: { (x) throws(TensorError) in try gradient(of: cube, at: x) }, at: 2)
    #expect(second.tensor == Tensor(12))
  }

  /// `@unchecked`: the test runs on one thread.
  private final class Counter: @unchecked Sendable {
    var count = 0
  }
}
