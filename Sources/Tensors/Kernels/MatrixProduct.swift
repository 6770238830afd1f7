import COpenBLAS

/// The product of an m×k and a k×n matrix, row-major.
enum MatrixProduct {
  /// Up to this many multiplications the loops below are used; above, OpenBLAS.
  ///
  /// OpenBLAS picks its kernels by processor, so its last bits differ between machines; the loops
  /// add in one fixed order, and at these sizes they are no slower than the call.
  static let ownKernelLimit = 64 * 64 * 64

  static func product(_ a: [Double], _ b: [Double], m: Int, n: Int, k: Int) -> [Double] {
    guard m > 0, n > 0, k > 0 else { return Array(repeating: 0, count: m * n) }
    if m * n <= ownKernelLimit / k { return small(a, b, m: m, n: n, k: k) }
    var c = [Double](repeating: 0, count: m * n)
    // Lengths fit 32 bits: no tensor has more than 2²⁷ elements.
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k),
      1, a, Int32(k), b, Int32(n), 0, &c, Int32(n))
    return c
  }

  private static func small(_ a: [Double], _ b: [Double], m: Int, n: Int, k: Int) -> [Double] {
    Array(unsafeUninitializedCapacity: m * n) { c, initialized in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          if n == 1 {
            for i in 0..<m { c[i] = dot(a, from: i * k, b, count: k) }
          } else {
            for i in 0..<m { row(i, of: a, times: b, into: c, n: n, k: k) }
          }
        }
      }
      initialized = m * n
    }
  }

  /// Row i of the result as a combination of the rows of `b`: a loop that vectorises over columns.
  @inline(__always)
  private static func row(
    _ i: Int, of a: UnsafeBufferPointer<Double>, times b: UnsafeBufferPointer<Double>,
    into c: UnsafeMutableBufferPointer<Double>, n: Int, k: Int
  ) {
    let start = i * n
    for j in 0..<n { c[start + j] = 0 }
    for p in 0..<k {
      let factor = a[i * k + p]
      for j in 0..<n { c[start + j] += factor * b[p * n + j] }
    }
  }

  /// The scalar product of a row of `a` and the vector `b`, in four interleaved sums.
  @inline(__always)
  private static func dot(
    _ a: UnsafeBufferPointer<Double>, from start: Int, _ b: UnsafeBufferPointer<Double>, count: Int
  ) -> Double {
    var sums = SIMD4<Double>.zero
    var p = 0
    while p + 4 <= count {
      let left = SIMD4(a[start + p], a[start + p + 1], a[start + p + 2], a[start + p + 3])
      sums += left * SIMD4(b[p], b[p + 1], b[p + 2], b[p + 3])
      p += 4
    }
    var total = (sums.x + sums.y) + (sums.z + sums.w)
    while p < count {
      total += a[start + p] * b[p]
      p += 1
    }
    return total
  }
}
