import CKernels
import COpenBLAS
import Dispatch

/// The product of an m×k and a k×n matrix, either of which may lie transposed in memory, row by row.
struct MatrixProduct {
  let m: Int
  let n: Int
  let k: Int
  /// Whether the first factor lies as k×m, and the second as n×k.
  let transposed: (first: Bool, second: Bool)

  /// Up to this many multiplications the loops of `CKernels` are used; above, OpenBLAS.
  ///
  /// OpenBLAS picks its kernels by processor, so its last bits differ between machines; the loops
  /// add in one fixed order, and at these sizes take a tenth of a millisecond at most.
  static let ownKernelLimit = 64 * 64 * 64

  func callAsFunction<Number: ProductNumber>(_ a: [Number], _ b: [Number]) -> [Number] {
    guard m > 0, n > 0, k > 0 else { return Array(repeating: 0, count: m * n) }
    return Buffer.filled(count: m * n) { c in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          guard let p = a.baseAddress, let q = b.baseAddress else { return }
          if m * n <= Self.ownKernelLimit / k {
            small(p, q, c)
          } else if m == n, transposed.first != transposed.second, p == q {
            square(p, c)
          } else {
            Number.product(self, p, q, c)
          }
        }
      }
    }
  }

  /// The product by the loops of `CKernels`.
  private func small<Number: ProductNumber>(
    _ a: UnsafePointer<Number>, _ b: UnsafePointer<Number>, _ c: UnsafeMutablePointer<Number>
  ) {
    let (rowStep, step) = transposed.first ? (1, m) : (k, 1)
    if transposed.second, n > 1 {
      withUnsafeTemporaryAllocation(of: Number.self, capacity: k * n) { turned in
        for j in 0..<n {
          for p in 0..<k { turned.initializeElement(at: p * n + j, to: b[j * k + p]) }
        }
        guard let turned = turned.baseAddress else { return }
        Number.smallProduct(a, rowStep, step, turned, c, m, n, k)
      }
    } else {
      Number.smallProduct(a, rowStep, step, b, c, m, n, k)
    }
  }

  /// Rows of a tile of a matrix times its own transpose: it stays in cache while it is mirrored, and
  /// there are enough tiles to share out.
  private var tile: Int { n > 1536 ? 256 : 128 }

  /// A matrix times its own transpose: tiles on and below the diagonal, each mirrored while it is
  /// in cache.
  private func square<Number: ProductNumber>(
    _ x: UnsafePointer<Number>, _ c: UnsafeMutablePointer<Number>
  ) {
    let count = (n + tile - 1) / tile
    let pairs = (0..<count).flatMap { i in (0...i).map { (i, $0) } }
    // Tiles are written once each, and the closure does not outlive this call.
    nonisolated(unsafe) let (x, c) = (x, c)
    let work: @Sendable (Int) -> Void = { [self] index in
      let (top, left) = (pairs[index].0 * tile, pairs[index].1 * tile)
      let rows = top..<min(top + tile, n)
      let columns = left..<min(left + tile, n)
      Number.tile(self, x, rows, columns, c)
      if top != left { mirror(c, rows, columns) }
    }
    let threads = Threads.count
    guard threads > 1, pairs.count > 1 else {
      for index in pairs.indices { work(index) }
      return
    }
    // Tiles are shared out among our own threads, so each product stays on one.
    let before = openblas_get_num_threads()
    openblas_set_num_threads(1)
    DispatchQueue.concurrentPerform(iterations: pairs.count, execute: work)
    openblas_set_num_threads(before)
  }

  /// Copies a tile below the diagonal to its place above.
  private func mirror<Number: ProductNumber>(
    _ c: UnsafeMutablePointer<Number>, _ rows: Range<Int>, _ columns: Range<Int>
  ) {
    let block = 16
    for top in stride(from: rows.lowerBound, to: rows.upperBound, by: block) {
      for left in stride(from: columns.lowerBound, to: columns.upperBound, by: block) {
        let right = min(left + block, columns.upperBound)
        let bottom = min(top + block, rows.upperBound)
        for j in left..<right {
          for i in top..<bottom { c[j &* n &+ i] = c[i &* n &+ j] }
        }
      }
    }
  }
}

/// A number that OpenBLAS and our own loops multiply.
protocol ProductNumber: StoredNumber, SendableMetatype {
  /// The product by OpenBLAS; lengths fit 32 bits: no tensor has more than 2²⁷ elements.
  static func product(
    _ product: MatrixProduct, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    _ c: UnsafeMutablePointer<Self>)

  /// The scalar products of some rows of `x` with some others, into their place.
  static func tile(
    _ product: MatrixProduct, _ x: UnsafePointer<Self>, _ rows: Range<Int>, _ columns: Range<Int>,
    _ c: UnsafeMutablePointer<Self>)

  /// The product by the loops of `CKernels`.
  static func smallProduct(
    _ a: UnsafePointer<Self>, _ rowStep: Int, _ step: Int, _ b: UnsafePointer<Self>,
    _ c: UnsafeMutablePointer<Self>, _ m: Int, _ n: Int, _ k: Int)
}

extension MatrixProduct {
  fileprivate var first: CBLAS_TRANSPOSE { transposed.first ? CblasTrans : CblasNoTrans }
  fileprivate var second: CBLAS_TRANSPOSE { transposed.second ? CblasTrans : CblasNoTrans }
  fileprivate var widthOfFirst: Int32 { Int32(transposed.first ? m : k) }
  fileprivate var widthOfSecond: Int32 { Int32(transposed.second ? k : n) }
  /// From one row of a matrix that meets itself to the next: k, or 1 where it lies as k×n.
  fileprivate var rowStep: Int { transposed.first ? 1 : k }
}

extension Double: ProductNumber {
  static func product(
    _ product: MatrixProduct, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    _ c: UnsafeMutablePointer<Double>
  ) {
    cblas_dgemm(
      CblasRowMajor, product.first, product.second, Int32(product.m), Int32(product.n),
      Int32(product.k), 1, a, product.widthOfFirst, b, product.widthOfSecond, 0, c,
      Int32(product.n))
  }

  static func tile(
    _ product: MatrixProduct, _ x: UnsafePointer<Double>, _ rows: Range<Int>,
    _ columns: Range<Int>, _ c: UnsafeMutablePointer<Double>
  ) {
    cblas_dgemm(
      CblasRowMajor, product.first, product.second, Int32(rows.count), Int32(columns.count),
      Int32(product.k), 1, x + rows.lowerBound * product.rowStep, product.widthOfFirst,
      x + columns.lowerBound * product.rowStep, product.widthOfSecond, 0,
      c + rows.lowerBound * product.n + columns.lowerBound, Int32(product.n))
  }

  static func smallProduct(
    _ a: UnsafePointer<Double>, _ rowStep: Int, _ step: Int, _ b: UnsafePointer<Double>,
    _ c: UnsafeMutablePointer<Double>, _ m: Int, _ n: Int, _ k: Int
  ) {
    kernel_product_f64(a, rowStep, step, b, c, m, n, k)
  }
}

extension Float: ProductNumber {
  static func product(
    _ product: MatrixProduct, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) {
    cblas_sgemm(
      CblasRowMajor, product.first, product.second, Int32(product.m), Int32(product.n),
      Int32(product.k), 1, a, product.widthOfFirst, b, product.widthOfSecond, 0, c,
      Int32(product.n))
  }

  static func tile(
    _ product: MatrixProduct, _ x: UnsafePointer<Float>, _ rows: Range<Int>,
    _ columns: Range<Int>, _ c: UnsafeMutablePointer<Float>
  ) {
    cblas_sgemm(
      CblasRowMajor, product.first, product.second, Int32(rows.count), Int32(columns.count),
      Int32(product.k), 1, x + rows.lowerBound * product.rowStep, product.widthOfFirst,
      x + columns.lowerBound * product.rowStep, product.widthOfSecond, 0,
      c + rows.lowerBound * product.n + columns.lowerBound, Int32(product.n))
  }

  static func smallProduct(
    _ a: UnsafePointer<Float>, _ rowStep: Int, _ step: Int, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ m: Int, _ n: Int, _ k: Int
  ) {
    kernel_product_f32(a, rowStep, step, b, c, m, n, k)
  }
}
