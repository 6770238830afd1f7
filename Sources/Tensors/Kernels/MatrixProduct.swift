import COpenBLAS

/// The product of an m×k and a k×n matrix, row-major.
enum MatrixProduct {
  /// Up to this many multiplications the loops below are used; above, OpenBLAS.
  ///
  /// OpenBLAS picks its kernels by processor, so its last bits differ between machines; the loops
  /// add in one fixed order, and at these sizes take a tenth of a millisecond at most.
  static let ownKernelLimit = 64 * 64 * 64

  static func product(_ a: [Double], _ b: [Double], m: Int, n: Int, k: Int) -> [Double] {
    if let c = small(a, b, m: m, n: n, k: k) { return c }
    var c = [Double](repeating: 0, count: m * n)
    // Lengths fit 32 bits: no tensor has more than 2²⁷ elements.
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k),
      1, a, Int32(k), b, Int32(n), 0, &c, Int32(n))
    return c
  }

  /// The same in float32.
  static func product(_ a: [Float], _ b: [Float], m: Int, n: Int, k: Int) -> [Float] {
    if let c = small(a, b, m: m, n: n, k: k) { return c }
    var c = [Float](repeating: 0, count: m * n)
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k),
      1, a, Int32(k), b, Int32(n), 0, &c, Int32(n))
    return c
  }

  /// The product by the loops below; nil where it is large enough for OpenBLAS.
  private static func small<Number: StoredNumber>(
    _ a: [Number], _ b: [Number], m: Int, n: Int, k: Int
  ) -> [Number]? {
    guard m > 0, n > 0, k > 0 else { return Array(repeating: 0, count: m * n) }
    guard m * n <= ownKernelLimit / k else { return nil }
    return Array(unsafeUninitializedCapacity: m * n) { c, initialized in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          if n == 1 {
            for i in 0..<m { c[i] = dot(a, from: i * k, b, count: k) }
          } else {
            tiles(a, b, into: c, m: m, n: n, k: k)
          }
        }
      }
      initialized = m * n
    }
  }

  /// Tiles of 4×4 entries held in registers; at the edges 1×4, then single entries.
  ///
  /// Every entry is the sum of its k products in order, in whichever tile it lies.
  private static func tiles<Number: StoredNumber>(
    _ a: UnsafeBufferPointer<Number>, _ b: UnsafeBufferPointer<Number>,
    into c: UnsafeMutableBufferPointer<Number>, m: Int, n: Int, k: Int
  ) {
    let rows = m / 4 * 4
    let columns = n / 4 * 4
    for j in stride(from: 0, to: columns, by: 4) {
      for i in stride(from: 0, to: rows, by: 4) {
        var (c0, c1) = (SIMD4<Number>.zero, SIMD4<Number>.zero)
        var (c2, c3) = (SIMD4<Number>.zero, SIMD4<Number>.zero)
        let (a0, a1, a2, a3) = (i * k, (i + 1) * k, (i + 2) * k, (i + 3) * k)
        var position = j
        // Positions lie inside the buffers; unchecked sums keep the loop free of traps.
        for p in 0..<k {
          let four = b.four(at: position)
          c0 += a[a0 &+ p] * four
          c1 += a[a1 &+ p] * four
          c2 += a[a2 &+ p] * four
          c3 += a[a3 &+ p] * four
          position &+= n
        }
        c.set(four: c0, at: i * n + j)
        c.set(four: c1, at: (i + 1) * n + j)
        c.set(four: c2, at: (i + 2) * n + j)
        c.set(four: c3, at: (i + 3) * n + j)
      }
      for i in rows..<m {
        var sum = SIMD4<Number>.zero
        for p in 0..<k { sum += a[i * k + p] * b.four(at: p * n + j) }
        c.set(four: sum, at: i * n + j)
      }
    }
    for i in 0..<m {
      for j in columns..<n {
        var sum: Number = 0
        for p in 0..<k { sum += a[i * k + p] * b[p * n + j] }
        c[i * n + j] = sum
      }
    }
  }

  /// The scalar product of a row of `a` and the vector `b`, in four interleaved sums.
  @inline(__always)
  private static func dot<Number: StoredNumber>(
    _ a: UnsafeBufferPointer<Number>, from start: Int, _ b: UnsafeBufferPointer<Number>, count: Int
  ) -> Number {
    var sums = SIMD4<Number>.zero
    var p = 0
    while p + 4 <= count {
      sums += a.four(at: start + p) * b.four(at: p)
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
