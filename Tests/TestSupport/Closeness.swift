public import Tensors

/// Whether `a` and `b` agree to `tolerance`, relative to the larger of 1 and `|b|`; nan equals nan.
public func isClose(_ a: Double, _ b: Double, tolerance: Double) -> Bool {
  if a.isNaN || b.isNaN { return a.isNaN && b.isNaN }
  return a == b || abs(a - b) <= tolerance * max(1, abs(b))
}

/// Whether two tensors have one shape and agree entry by entry.
public func isClose(_ a: Tensor, _ b: Tensor, tolerance: Double) -> Bool {
  a.shape == b.shape
    && zip(a.elements, b.elements).allSatisfy { isClose($0, $1, tolerance: tolerance) }
}
