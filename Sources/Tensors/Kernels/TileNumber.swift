import COpenBLAS

/// A number that tiles of pairs are computed in: products of blocks of rows by OpenBLAS, on the
/// calling thread.
package protocol TileNumber: BinaryFloatingPoint, Sendable, SendableMetatype {
  /// c = a·bᵗ of an m×k and an n×k matrix. A row of `c` begins `stride` after the one before.
  static func setInnerProducts(
    _ c: UnsafeMutablePointer<Self>, stride: Int, _ a: UnsafePointer<Self>,
    _ b: UnsafePointer<Self>, m: Int, n: Int, k: Int)

  /// c += w·b of an m×n and an n×k matrix; with `turned`, wᵗ·b of an m×n and an m×k one. A row of
  /// `w` begins `stride` after the one before.
  static func addProduct(
    _ c: UnsafeMutablePointer<Self>, _ w: UnsafePointer<Self>, stride: Int,
    _ b: UnsafePointer<Self>, m: Int, n: Int, k: Int, turned: Bool)

  /// The elements of a tensor in this precision.
  static func elements(of tensor: Tensor) -> [Self]

  /// A tensor in this precision.
  static func tensor(shape: [Int], _ elements: [Self]) -> Tensor
}

extension TileNumber {
  /// c = a·bᵗ of an m×k and an n×k matrix, without gaps.
  package static func setInnerProducts(
    _ c: UnsafeMutablePointer<Self>, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, m: Int,
    n: Int, k: Int
  ) {
    setInnerProducts(c, stride: n, a, b, m: m, n: n, k: k)
  }
}

extension Double: TileNumber {
  package static func setInnerProducts(
    _ c: UnsafeMutablePointer<Double>, stride: Int, _ a: UnsafePointer<Double>,
    _ b: UnsafePointer<Double>, m: Int, n: Int, k: Int
  ) {
    Threads.prepare()
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(k), b,
      Int32(k), 0, c, Int32(stride))
  }

  package static func addProduct(
    _ c: UnsafeMutablePointer<Double>, _ w: UnsafePointer<Double>, stride: Int,
    _ b: UnsafePointer<Double>, m: Int, n: Int, k: Int, turned: Bool
  ) {
    Threads.prepare()
    cblas_dgemm(
      CblasRowMajor, turned ? CblasTrans : CblasNoTrans, CblasNoTrans, Int32(turned ? n : m),
      Int32(k), Int32(turned ? m : n), 1, w, Int32(stride), b, Int32(k), 1, c, Int32(k))
  }

  package static func elements(of tensor: Tensor) -> [Double] { tensor.elements }

  package static func tensor(shape: [Int], _ elements: [Double]) -> Tensor {
    Tensor(shape: shape, elements: elements)
  }
}

extension Float: TileNumber {
  package static func setInnerProducts(
    _ c: UnsafeMutablePointer<Float>, stride: Int, _ a: UnsafePointer<Float>,
    _ b: UnsafePointer<Float>, m: Int, n: Int, k: Int
  ) {
    Threads.prepare()
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(k), b,
      Int32(k), 0, c, Int32(stride))
  }

  package static func addProduct(
    _ c: UnsafeMutablePointer<Float>, _ w: UnsafePointer<Float>, stride: Int,
    _ b: UnsafePointer<Float>, m: Int, n: Int, k: Int, turned: Bool
  ) {
    Threads.prepare()
    cblas_sgemm(
      CblasRowMajor, turned ? CblasTrans : CblasNoTrans, CblasNoTrans, Int32(turned ? n : m),
      Int32(k), Int32(turned ? m : n), 1, w, Int32(stride), b, Int32(k), 1, c, Int32(k))
  }

  package static func elements(of tensor: Tensor) -> [Float] { tensor.singles }

  package static func tensor(shape: [Int], _ elements: [Float]) -> Tensor {
    Tensor(shape: shape, singles: elements)
  }
}
