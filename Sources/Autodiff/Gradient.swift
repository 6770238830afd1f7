public import Tensors

/// A differentiable function of one tensor.
public typealias Differentiable = (Quantity) throws(TensorError) -> Quantity

/// The value of `function` at `x` and its gradient, of x's shape and dtype; zeros if it does not depend
/// on x.
///
/// Inside another derivative the result can be differentiated again.
/// - Throws: `failure` unless the value has exactly one element.
public func valueAndGradient(
  of function: Differentiable, at x: Quantity
) throws(TensorError) -> (value: Quantity, gradient: Quantity) {
  let tape = Tape()
  defer { tape.finish() }
  let variable = tape.variable(x)
  let y = try function(variable)
  guard y.count == 1 else {
    throw .failure("a gradient wants a function with one result, not one of shape \(y.shape)")
  }
  let gradient = try tape.gradients(of: y, wrt: [variable])[0]
  return (tape.outside(y), try orZeros(gradient, like: x))
}

/// The gradient of `function` at `x`, of x's shape.
public func gradient(of function: Differentiable, at x: Quantity) throws(TensorError) -> Quantity {
  try valueAndGradient(of: function, at: x).gradient
}

/// The derivative of every element of the result in every element of `x`: result shape + x's shape.
public func jacobian(of function: Differentiable, at x: Quantity) throws(TensorError) -> Quantity {
  let tape = Tape()
  defer { tape.finish() }
  let variable = tape.variable(x)
  let y = try function(variable)
  _ = try Shape.count(y.shape + x.shape)
  var rows: [Quantity] = []
  for i in 0..<y.count {
    var seed = try Tensor.zeros([y.count])
    seed[position: i] = 1
    let unit = Quantity.constant(try seed.reshaped(to: y.shape))
    let row = try tape.gradients(of: y, seed: unit, wrt: [variable])[0]
    rows.append(try orZeros(row, like: x))
  }
  guard !rows.isEmpty else {
    return .constant(try .zeros(y.shape + x.shape, dtype: x.dtype.arithmetic))
  }
  return try Quantity.stack(rows).reshaped(to: y.shape + x.shape)
}

/// The second derivatives of a function with one result: x's shape twice.
public func hessian(of function: Differentiable, at x: Quantity) throws(TensorError) -> Quantity {
  try jacobian(of: { (x) throws(TensorError) in try gradient(of: function, at: x) }, at: x)
}

/// The cotangent `u` of the result carried back to `x`: uᵀJ, of x's shape.
public func vectorJacobianProduct(
  of function: Differentiable, at x: Quantity, _ u: Quantity
) throws(TensorError) -> Quantity {
  let tape = Tape()
  defer { tape.finish() }
  let variable = tape.variable(x)
  let y = try function(variable)
  let product = try tape.gradients(of: y, seed: u, wrt: [variable])[0]
  return try orZeros(product, like: x)
}

/// How the result changes when `x` moves along `v`: Jv, of the result's shape.
///
/// uᵀJ is linear in u, and its derivative in u along v is Jv: two passes back instead of one forth.
public func jacobianVectorProduct(
  of function: Differentiable, at x: Quantity, _ v: Quantity
) throws(TensorError) -> Quantity {
  guard x.shape == v.shape else { throw .shapesDoNotBroadcast(v.shape, x.shape) }
  let y = try function(x)
  let u = Quantity.constant(try .zeros(y.shape, dtype: y.dtype.arithmetic))
  return try vectorJacobianProduct(
    of: { (u) throws(TensorError) in try vectorJacobianProduct(of: function, at: x, u) }, at: u, v)
}

/// The Hessian of a function with one result times `v`, without the Hessian.
public func hessianVectorProduct(
  of function: Differentiable, at x: Quantity, _ v: Quantity
) throws(TensorError) -> Quantity {
  guard x.shape == v.shape else { throw .shapesDoNotBroadcast(v.shape, x.shape) }
  return try gradient(
    of: { (x) throws(TensorError) in try (gradient(of: function, at: x) * v).sum() }, at: x)
}

/// The gradient, or zeros of x's shape and dtype where the result does not depend on x.
private func orZeros(_ gradient: Quantity?, like x: Quantity) throws(TensorError) -> Quantity {
  if let gradient { return gradient }
  return .constant(try .zeros(x.shape, dtype: x.dtype.arithmetic))
}
