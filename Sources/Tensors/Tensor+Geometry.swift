/// Distances between rows.
extension Tensor {
  /// The squared Euclidean distances of the rows of `z` (n×d) to those of `w` (m×d): n×m.
  ///
  /// Never negative, and exactly 0 for equal rows. In float32 they are those of float64, rounded.
  /// - Throws: `notAMatrix`, `innerLengthsDiffer`, `tooLarge`.
  public static func squaredDistances(_ z: Tensor, _ w: Tensor) throws(TensorError) -> Tensor {
    guard z.rank == 2 else { throw .notAMatrix(z.shape) }
    guard w.rank == 2 else { throw .notAMatrix(w.shape) }
    let d = z.shape[1]
    guard d == w.shape[1] else { throw .innerLengthsDiffer(z.shape, w.shape) }
    let shape = [z.shape[0], w.shape[0]]
    let count = try Shape.count(shape)
    let isLarge = d >= 16 && count > (1 << 22) / d
    let dtype = DType.common(z, w).arithmetic
    let (z, w) = (z.converted(to: .float64), w.converted(to: .float64))
    let elements =
      isLarge
      ? try expandedSquaredDistances(z, w)
      : directSquaredDistances(z, w, rows: shape[0], columns: shape[1], d: d)
    return Tensor(shape: shape, elements: elements, dtype: dtype)
  }

  /// Σ (a − b)², four entries of a row at a time.
  private static func directSquaredDistances(
    _ z: Tensor, _ w: Tensor, rows: Int, columns: Int, d: Int
  ) -> [Double] {
    let turned = w.transposed().elements
    return Buffer.array(of: Double.self, count: rows * columns) { result in
      turned.withUnsafeBufferPointer { w in
        z.elements.withUnsafeBufferPointer { z in
          for i in 0..<rows {
            let start = i * columns
            let whole = columns / 4 * 4
            for j in stride(from: 0, to: whole, by: 4) {
              var sum = SIMD4<Double>.zero
              var position = j
              for k in (i * d)..<(i * d + d) {
                let difference = z[k] - w.four(at: position)
                sum += difference * difference
                position &+= columns
              }
              result.set(four: sum, at: start + j)
            }
            for j in whole..<columns {
              var sum = 0.0
              for k in 0..<d {
                let difference = z[i * d + k] - w[k * columns + j]
                sum += difference * difference
              }
              result[start + j] = sum
            }
          }
        }
      }
    }
  }

  /// |a|² + |b|² − 2a·b from one matrix product; what cancels is computed again, directly.
  private static func expandedSquaredDistances(
    _ z: Tensor, _ w: Tensor
  ) throws(TensorError) -> [Double] {
    let (rows, columns, d) = (z.shape[0], w.shape[0], z.shape[1])
    let squaresZ = try z.map { $0 * $0 }.sum(axis: 1).elements
    let squaresW = try w.map { $0 * $0 }.sum(axis: 1).elements
    var result = try matmul(z, w.transposed()).elements
    result.withUnsafeMutableBufferPointer { result in
      z.elements.withUnsafeBufferPointer { z in
        w.elements.withUnsafeBufferPointer { w in
          for i in 0..<rows {
            for j in 0..<columns {
              let scale = squaresZ[i] + squaresW[j]
              let distance = scale - 2 * result[i * columns + j]
              // Below a thousandth of the terms, three digits and more would be lost.
              let isAccurate = distance > scale * 1e-3 && scale < .infinity
              result[i * columns + j] =
                isAccurate ? distance : squaredDistance(z, from: i * d, w, from: j * d, count: d)
            }
          }
        }
      }
    }
    return result
  }

  private static func squaredDistance(
    _ a: UnsafeBufferPointer<Double>, from startA: Int,
    _ b: UnsafeBufferPointer<Double>, from startB: Int, count: Int
  ) -> Double {
    var total = 0.0
    for k in 0..<count {
      let difference = a[startA + k] - b[startB + k]
      total += difference * difference
    }
    return total
  }
}
