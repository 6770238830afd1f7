import Autodiff
import TestSupport
import Tensors
import Testing

/// Derivatives have the dtype of what they are derivatives in.
@Suite struct DTypeTests {
  /// Roundings of the arguments' order add up to this over the longest of the operations.
  static let tolerance = 2e-5

  @Test(arguments: Operation.all) func gradientHasTheDtypeOfItsArgument(
    _ operation: Operation
  ) throws {
    let x = operation.x.converted(to: .float32)
    let wide = Quantity.constant(x.converted(to: .float64))
    for function in [operation.weighted, operation.slope] {
      let single = try gradient(of: function, at: .constant(x)).tensor
      #expect(single.dtype == .float32)
      let expected = try gradient(of: function, at: wide).tensor
      #expect(expected.dtype == .float64)
      #expect(isClose(single, expected, tolerance: Self.tolerance), "\(single) \(expected)")
    }
  }

  @Test func everyOperandGetsItsOwnDtype() throws {
    let tape = Tape()
    let z = tape.variable(.constant(Tensor(shape: [2], elements: [1, 2], dtype: .float32)))
    let w = tape.variable(.constant(.vector([3, 4])))
    let scale = tape.variable(2)
    let single = tape.variable(.constant(Tensor(0.5, dtype: .float32)))
    let y = try (scale * z * w).sum() + single * scale
    // A number never widens float32, and a sum is one.
    #expect(y.dtype == .float32)
    let gradients = try tape.gradients(of: y, wrt: [z, w, scale, single])
    let tensors = gradients.compactMap { $0?.tensor }
    #expect(tensors.map(\.dtype) == [.float32, .float64, .float64, .float32])
    #expect(tensors.map(\.elements) == [[6, 8], [2, 4], [11.5], [2]])
  }

  @Test func conversionIsFollowed() throws {
    let x = Quantity.constant(.vector([0.1, 0.2]))
    let slope = try gradient(
      of: { (x) throws(TensorError) in
        try (x.converted(to: .float32) * x.converted(to: .float32)).sum()
      }, at: x
    ).tensor
    #expect(slope.dtype == .float64)
    #expect(slope.elements == [Double(Float(0.2)), Double(Float(0.4))])
    let curvature = try hessian(
      of: { (x) throws(TensorError) in
        try Quantity.power(x.converted(to: .float32), 3).sum().converted(to: .float64)
      }, at: 2
    ).tensor
    #expect(curvature == Tensor(12))
    let mask = try gradient(
      of: { (x) throws(TensorError) in try (x.converted(to: .bool) * x).sum() }, at: x)
    #expect(mask.tensor.elements == [1, 1])
  }

  @Test func otherDerivativesKeepTheDtypeToo() throws {
    let x = Quantity.constant(Tensor(shape: [2], elements: [1, 2], dtype: .float32))
    let v = Quantity.constant(.vector([1, -1]))
    let square: Differentiable = { (x) throws(TensorError) in try x * x }
    let cube: Differentiable = { (x) throws(TensorError) in try Quantity.power(x, 3).sum() }
    #expect(
      try jacobian(of: square, at: x).tensor
        == Tensor(shape: [2, 2], elements: [2, 0, 0, 4], dtype: .float32))
    #expect(
      try hessian(of: cube, at: x).tensor
        == Tensor(shape: [2, 2], elements: [6, 0, 0, 12], dtype: .float32))
    #expect(
      try vectorJacobianProduct(of: square, at: x, v).tensor
        == Tensor(shape: [2], elements: [2, -4], dtype: .float32))
    #expect(
      try jacobianVectorProduct(of: square, at: x, v).tensor
        == Tensor(shape: [2], elements: [2, -4], dtype: .float32))
    #expect(
      try hessianVectorProduct(of: cube, at: x, v).tensor
        == Tensor(shape: [2], elements: [6, -12], dtype: .float32))
    let constant = try gradient(of: { _ in 1 }, at: x).tensor
    #expect(constant == Tensor(shape: [2], elements: [0, 0], dtype: .float32))
  }

  @Test func checkToleratesRoundingToSingles() throws {
    let x = Tensor(shape: [3], elements: [0.3, -1.2, 2], dtype: .float32)
    let check = try GradientCheck(
      of: { (x) throws(TensorError) in try Quantity.power(x, 3).sum() }, at: x)
    #expect(check.gradient.dtype == .float32)
    #expect(check.error < 1e-6)
    let rounding = try GradientCheck(
      of: { (x) throws(TensorError) in try Quantity.power(x.converted(to: .float32), 3).sum() },
      at: x)
    #expect(rounding.error < 1e-4)
    let wrong = try GradientCheck(
      of: { (x) throws(TensorError) in try (x.stopped * x.converted(to: .float32)).sum() }, at: x)
    #expect(wrong.error > 0.1)
  }
}
