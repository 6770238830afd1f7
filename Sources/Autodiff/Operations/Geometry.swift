public import Tensors

/// Lengths, distances and similarities of rows, with derivatives that stay finite everywhere.
extension Quantity {
  /// The Euclidean norm along `axis`, or of all elements; its derivative at 0 is 0.
  public func norm(axis: Int? = nil, keepDims: Bool = false) throws(TensorError) -> Quantity {
    guard let scale = try squareScale(axis: axis) else {
      return try (self * self).sum(axis: axis, keepDims: keepDims).sqrt()
    }
    // |x| = s·|x / s| for every constant s, so that the squares neither overflow nor vanish.
    let scaled = try self / .constant(scale)
    let length = try (scaled * scaled).sum(axis: axis, keepDims: keepDims).sqrt()
    return try length * .constant(scale.reshaped(to: length.shape))
  }

  /// x / |x| along `axis`; lines of zeros stay zero, with derivative zero.
  public func normalize(axis: Int = -1) throws(TensorError) -> Quantity {
    // x / s has the direction of x for every constant s.
    let scaled = try squareScale(axis: axis).map { (s) throws(TensorError) in
      try self / .constant(s)
    }
    let x = scaled ?? self
    let length = try (x * x).sum(axis: axis, keepDims: true).sqrt()
    return try x * length.reciprocalOrZero()
  }

  /// What to divide by before squaring; nil if squares neither overflow nor vanish as they are.
  private func squareScale(axis: Int?) throws(TensorError) -> Tensor? {
    let value = tensor
    let range = value.dtype == .float32 ? 1e-15...1e15 : 1e-140...1e140
    let safe = value.elements.allSatisfy {
      $0 == 0 || !$0.isFinite || range.contains($0.magnitude)
    }
    if safe { return nil }
    let largest = try value.abs().max(axis: axis, keepDims: true)
    let usable = try Tensor.and(
      largest.isfinite(), Tensor.greater(largest, Tensor(0)))
    return try Tensor.where(usable, largest, Tensor(1))
  }

  /// The squared Euclidean distances of the rows of `z` (n×d) to those of `w` (m×d): n×m, never negative.
  ///
  /// Equal rows have distance 0 exactly.
  /// - Throws: `notAMatrix`, `innerLengthsDiffer`, `tooLarge`.
  public static func squaredDistances(
    _ z: Quantity, _ w: Quantity
  ) throws(TensorError) -> Quantity {
    guard let tape = Tape.innermost(z, w) else {
      return .constant(try Tensor.squaredDistances(z.tensor, w.tensor))
    }
    let (p, q) = (tape.outside(z), tape.outside(w))
    return tape.record(
      try squaredDistances(p, q),
      from: z,
      { g throws(TensorError) in
        try squaredDistanceCotangent(g, p, q)
      },
      from: w,
      { g throws(TensorError) in
        try squaredDistanceCotangent(g.transposed(), q, p)
      })
  }

  /// 2 Σⱼ gᵢⱼ (aᵢ − bⱼ), with the sum taken apart into a product.
  ///
  /// Both sides are moved by the same constant first, which changes nothing but the rounding: far
  /// from the origin no digits are lost, and where all rows are equal the result is exactly 0.
  private static func squaredDistanceCotangent(
    _ g: Quantity, _ a: Quantity, _ b: Quantity
  ) throws(TensorError) -> Quantity {
    var (a, b) = (a, b)
    if b.shape[0] > 0 {
      let origin = try b.tensor.subscripted([.at(0)])
      if origin.elements.allSatisfy({ $0.isFinite }) {
        a = try a - .constant(origin)
        b = try b - .constant(origin)
      }
    }
    return try 2 * (g.sum(axis: 1, keepDims: true) * a - matmul(g, b))
  }

  /// The Euclidean distances of the rows of `z` to those of `w`; the derivative at distance 0 is 0.
  public static func distances(_ z: Quantity, _ w: Quantity) throws(TensorError) -> Quantity {
    try squaredDistances(z, w).sqrt()
  }

  /// The scalar products of the rows of `z` with those of `w`: n×m.
  public static func gram(_ z: Quantity, _ w: Quantity) throws(TensorError) -> Quantity {
    try matmul(z, transposed: false, w, transposed: true)
  }

  /// The cosines of the angles between the rows of `z` and of `w`: n×m; 0 with a zero row.
  public static func cosineSimilarities(
    _ z: Quantity, _ w: Quantity
  ) throws(TensorError) -> Quantity {
    try gram(z.normalize(axis: -1), w.normalize(axis: -1))
  }
}
