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
          } else {
            byTiles(p, q, c)
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

  /// The product by OpenBLAS, tile by tile.
  ///
  /// The tiles depend on the lengths alone, each is computed on one thread, and threads share them
  /// out: so the bits do not depend on how many there are. Of a matrix times its own transpose only
  /// tiles on and below the diagonal are computed, and mirrored while they are in cache.
  private func byTiles<Number: ProductNumber>(
    _ a: UnsafePointer<Number>, _ b: UnsafePointer<Number>, _ c: UnsafeMutablePointer<Number>
  ) {
    Threads.prepare()
    let isSquare = m == n && transposed.first != transposed.second && a == b
    let (height, width) = isSquare ? (squareTile, squareTile) : (tileHeight, Self.tileWidth)
    let tops = Array(stride(from: 0, to: m, by: height))
    let lefts = Array(stride(from: 0, to: n, by: width))
    let tiles = tops.flatMap { top in
      lefts.filter { !isSquare || $0 <= top }.map { (top: top, left: $0) }
    }
    // Tiles are written once each, and the closure does not outlive this call.
    nonisolated(unsafe) let (a, b, c) = (a, b, c)
    let work: @Sendable (Int) -> Void = { [self] index in
      let (top, left) = tiles[index]
      let rows = top..<min(top + height, m)
      let columns = left..<min(left + width, n)
      Number.tile(self, a, b, rows, columns, c)
      if isSquare, top != left { mirror(c, rows, columns) }
    }
    if Threads.count > 1, tiles.count > 1 {
      DispatchQueue.concurrentPerform(iterations: tiles.count, execute: work)
    } else {
      for index in tiles.indices { work(index) }
    }
  }

  /// Rows of a tile: enough tiles to share out, each worth a call.
  private var tileHeight: Int { min(max((m / 4 + 31) / 32 * 32, 128), 512) }
  private static let tileWidth = 1024
  /// Rows and columns of a tile of a matrix times its own transpose.
  private var squareTile: Int { n > 1536 ? 256 : 128 }

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
  /// Some rows and columns of the product by OpenBLAS, into their place; lengths fit 32 bits: no
  /// tensor has more than 2²⁷ elements.
  static func tile(
    _ product: MatrixProduct, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    _ rows: Range<Int>, _ columns: Range<Int>, _ c: UnsafeMutablePointer<Self>)

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
  /// From one row of the first factor to the next, and from one column of the second.
  fileprivate var rowStep: Int { transposed.first ? 1 : k }
  fileprivate var columnStep: Int { transposed.second ? k : 1 }
}

extension Double: ProductNumber {
  static func tile(
    _ product: MatrixProduct, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    _ rows: Range<Int>, _ columns: Range<Int>, _ c: UnsafeMutablePointer<Double>
  ) {
    cblas_dgemm(
      CblasRowMajor, product.first, product.second, Int32(rows.count), Int32(columns.count),
      Int32(product.k), 1, a + rows.lowerBound * product.rowStep, product.widthOfFirst,
      b + columns.lowerBound * product.columnStep, product.widthOfSecond, 0,
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
  static func tile(
    _ product: MatrixProduct, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ rows: Range<Int>, _ columns: Range<Int>, _ c: UnsafeMutablePointer<Float>
  ) {
    cblas_sgemm(
      CblasRowMajor, product.first, product.second, Int32(rows.count), Int32(columns.count),
      Int32(product.k), 1, a + rows.lowerBound * product.rowStep, product.widthOfFirst,
      b + columns.lowerBound * product.columnStep, product.widthOfSecond, 0,
      c + rows.lowerBound * product.n + columns.lowerBound, Int32(product.n))
  }

  static func smallProduct(
    _ a: UnsafePointer<Float>, _ rowStep: Int, _ step: Int, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ m: Int, _ n: Int, _ k: Int
  ) {
    kernel_product_f32(a, rowStep, step, b, c, m, n, k)
  }
}
