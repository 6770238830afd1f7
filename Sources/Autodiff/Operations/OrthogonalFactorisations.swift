public import Tensors

/// Factorisations with orthogonal vectors.
///
/// Every part of the result is an entry of its own on the tape: a program that uses values alone
/// never asks for the vectors' derivative, which does not always exist.
extension Quantity {
  /// The eigenvalues of a symmetric matrix, ascending, and its eigenvectors as columns.
  ///
  /// - Throws: what `Tensor.symmetricEigen` throws; on the way back `equalValues` where vectors of
  ///   equal eigenvalues are used.
  public func symmetricEigen() throws(TensorError) -> (values: Quantity, vectors: Quantity) {
    guard let tape = Tape.innermost(self) else {
      let (values, vectors) = try tensor.symmetricEigen()
      return (.constant(values), .constant(vectors))
    }
    let (w, v) = try tape.outside(self).symmetricEigen()
    let values = tape.record(w, from: self) { g throws(TensorError) in
      try .matmul(v * g, v.transposed())
    }
    let vectors = tape.record(v, from: self) { g throws(TensorError) in
      let turn = try Quantity.turning(v, g)
      let gaps = try SpectralGaps(w.tensor, usedBy: g.tensor, for: .eigh)
      return try .product(v, turn * gaps.reciprocals(of: w) * 0.5, v.transposed())
    }
    return (values, vectors)
  }

  /// U, s and Vᵗ with `self` = U·diag(s)·Vᵗ: of an m×n matrix and k = min(m, n), m×k, k and k×n.
  ///
  /// - Throws: what `Tensor.singularValues` throws; on the way back `equalValues` where vectors of
  ///   equal singular values are used, and `zeroValue` where one of the value 0 is free to turn.
  public func singularValues() throws(TensorError) -> (u: Quantity, s: Quantity, vt: Quantity) {
    guard let tape = Tape.innermost(self) else {
      let (u, s, vt) = try tensor.singularValues()
      return (.constant(u), .constant(s), .constant(vt))
    }
    let a = tape.outside(self)
    let (u, s, vt) = try a.singularValues()
    let v = vt.transposed()
    let values = tape.record(s, from: self) { g throws(TensorError) in try .matmul(u * g, vt) }
    let left = tape.record(u, from: self) { g throws(TensorError) in
      try Quantity.singularVectorCotangent(g, u, s, v)
    }
    // The right vectors of a matrix are the left ones of its transpose.
    let right = tape.record(vt, from: self) { g throws(TensorError) in
      try Quantity.singularVectorCotangent(g.transposed(), v, s, u).transposed()
    }
    return (left, values, right)
  }

  /// What a cotangent `g` of U comes to in U·diag(s)·Vᵗ.
  private static func singularVectorCotangent(
    _ g: Quantity, _ u: Quantity, _ s: Quantity, _ v: Quantity
  ) throws(TensorError) -> Quantity {
    let gaps = try SpectralGaps(s.tensor, usedBy: g.tensor, for: .svd)
    // 1 / (sⱼ² − sᵢ²)
    let total = try s.expanded(axis: 0) + s.expanded(axis: 1)
    let safe = try Quantity.where(gaps.isUsed, total, 1)
    let within = try turning(u, g) * gaps.reciprocals(of: s) / safe * s
    let inside = try product(u, within, v.transposed())
    guard u.shape[0] > u.shape[1] else { return inside }
    // Directions outside the columns of U.
    let isPositive = try gaps.positiveValues(s.tensor)
    let scaled = try g * Quantity.where(isPositive, 1 / Quantity.where(isPositive, s, 1), 0)
    let outside = try scaled - product(u, u.transposed(), scaled)
    return try inside + matmul(outside, v.transposed())
  }

  /// vᵗg − gᵗv: how `g` turns the columns of `v` against each other.
  private static func turning(_ v: Quantity, _ g: Quantity) throws(TensorError) -> Quantity {
    let product = try matmul(v.transposed(), g)
    return try product - product.transposed()
  }

  /// Q with orthonormal columns and R, zero below its diagonal, with `self` = Q·R.
  ///
  /// - Throws: what `Tensor.qr` throws; on the way back `dependentColumns`.
  public func qr() throws(TensorError) -> (q: Quantity, r: Quantity) {
    guard let tape = Tape.innermost(self) else {
      let (q, r) = try tensor.qr()
      return (.constant(q), .constant(r))
    }
    let shape = self.shape
    if shape.count == 2, shape[0] < shape[1] {
      let square = try subscripted([.all, .slice(start: 0, stop: shape[0], step: nil)])
      let rest = try subscripted([.all, .slice(start: shape[0], stop: shape[1], step: nil)])
      let (q, r) = try square.qr()
      return (q, try .concat([r, .matmul(q.transposed(), rest)], axis: 1))
    }
    let (q, r) = try tape.outside(self).qr()
    let n = r.shape[0]
    let orthogonal = tape.record(q, from: self) { g throws(TensorError) in
      let inner = try Quantity.mirrored(.matmul(g.transposed(), q))
      return try (g - Quantity.matmul(q, inner)).divided(byTransposeOf: r)
    }
    let triangular = tape.record(r, from: self) { g throws(TensorError) in
      let upper = try g * Quantity.constant(.triangle(n, diagonal: 1)).transposed()
      let inner = try Quantity.mirrored(.matmul(r, upper.transposed()))
      return try Quantity.matmul(q, inner).divided(byTransposeOf: r)
    }
    return (orthogonal, triangular)
  }

  /// The symmetric matrix with this one's entries on and below the diagonal.
  private static func mirrored(_ x: Quantity) throws(TensorError) -> Quantity {
    let half = try x * .constant(.triangle(x.shape[0], diagonal: 0.5))
    return try half + half.transposed()
  }

  /// self · r⁻ᵗ.
  private func divided(byTransposeOf r: Quantity) throws(TensorError) -> Quantity {
    let diagonal = try r.tensor.diagonal().elements
    let least = r.tensor.roundingOfValues * (diagonal.max() ?? 0)
    guard diagonal.allSatisfy({ $0 > least }) else {
      throw .factorisation(.qr, .dependentColumns, shape: [shape[0], r.shape[0]])
    }
    return try Quantity.solve(r, transposed()).transposed()
  }
}

/// The distances between eigenvalues or singular values, by which the derivative of their vectors
/// divides.
private struct SpectralGaps {
  /// Which pairs of different vectors take part.
  let isUsed: Tensor
  private let rounding: Double

  /// - Parameters:
  ///   - values: k values.
  ///   - cotangent: that of the vectors, a column for each.
  ///   - factorisation: what the values are of.
  /// - Throws: `equalValues` for two vectors of one value that are used.
  init(
    _ values: Tensor, usedBy cotangent: Tensor, for factorisation: Factorisation
  ) throws(TensorError) {
    let k = values.count
    let s = values.elements
    let largest = s.reduce(0) { Swift.max($0, $1.magnitude) }
    let rounding = 8 * Double(Swift.max(k, cotangent.shape[0])) * values.dtype.ulpOfOne * largest
    var isTouched = [Bool](repeating: false, count: k)
    for (i, x) in cotangent.elements.enumerated() where x != 0 { isTouched[i % k] = true }
    var used = [Double](repeating: 0, count: k * k)
    for i in 0..<k {
      for j in 0..<k where i != j {
        if (s[i] - s[j]).magnitude > rounding {
          used[i * k + j] = 1
        } else if isTouched[i] || isTouched[j] {
          throw .factorisation(
            factorisation, .equalValues(Swift.min(i, j), Swift.max(i, j)),
            shape: [cotangent.shape[0], k])
        }
      }
    }
    if factorisation == .svd, cotangent.shape[0] > k,
      let free = s.indices.first(where: { s[$0] <= rounding && isTouched[$0] })
    {
      throw .factorisation(.svd, .zeroValue(free), shape: [cotangent.shape[0], k])
    }
    self.rounding = rounding
    isUsed = Tensor(shape: [k, k], elements: used, dtype: .bool)
  }

  /// 1 / (valueⱼ − valueᵢ) for the pairs that take part, else 0.
  func reciprocals(of values: Quantity) throws(TensorError) -> Quantity {
    let gaps = try values.expanded(axis: 0) - values.expanded(axis: 1)
    return try Quantity.where(isUsed, 1 / Quantity.where(isUsed, gaps, 1), 0)
  }

  /// Which values are not 0.
  func positiveValues(_ values: Tensor) throws(TensorError) -> Tensor {
    try Tensor.greater(values, Tensor(rounding))
  }
}
