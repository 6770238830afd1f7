import CKernels
import Tensors

/// A number that rows are compared with classes in.
protocol ClassNumber: PairNumber {
  /// The largest of n > 0 numbers.
  static func largest(_ x: UnsafePointer<Self>, _ n: Int) -> Self

  /// Every x[j] becomes exp(rate·(x[j] − origin)); gives their sum.
  static func setPowers(
    _ x: UnsafeMutablePointer<Self>, _ n: Int, rate: Self, origin: Self
  ) -> Double

  /// Every x[j] ≥ 0 becomes factor·x[j] + level.
  static func setShares(_ x: UnsafeMutablePointer<Self>, _ n: Int, factor: Double, level: Double)

  /// See `kernel_tile_nearest_f64`.
  static func setNearest(
    _ y: UnsafeMutablePointer<Self>, _ x: UnsafePointer<Self>, _ n: Int, centers: Int)

  /// See `kernel_tile_to_nearest_f64`.
  static func carryToNearest(
    _ x: UnsafeMutablePointer<Self>, _ n: Int, centers: Int, nearest: UnsafeMutablePointer<Self>,
    slopes: UnsafePointer<Self>)

  /// See `kernel_tile_relaxed_f64`.
  static func setRelaxed(
    _ y: UnsafeMutablePointer<Self>, _ x: UnsafeMutablePointer<Self>, _ n: Int, centers: Int,
    rate: Self, powers: UnsafeMutablePointer<Self>)

  /// See `kernel_tile_to_centers_f64`.
  static func carryToCenters(
    _ x: UnsafeMutablePointer<Self>, _ n: Int, centers: Int, slopes: UnsafePointer<Self>)
}

extension ClassNumber {
  /// A number smaller than all others that are finite: no exponential of it counts.
  static var lowest: Self { -greatestFiniteMagnitude }
}

extension Double: ClassNumber {
  static func largest(_ x: UnsafePointer<Double>, _ n: Int) -> Double {
    kernel_extreme_f64(x, n, 1)
  }

  static func setPowers(
    _ x: UnsafeMutablePointer<Double>, _ n: Int, rate: Double, origin: Double
  ) -> Double {
    kernel_tile_powers_f64(x, n, rate, origin)
  }

  static func setShares(
    _ x: UnsafeMutablePointer<Double>, _ n: Int, factor: Double, level: Double
  ) {
    kernel_tile_shares_f64(x, n, factor, level)
  }

  static func setNearest(
    _ y: UnsafeMutablePointer<Double>, _ x: UnsafePointer<Double>, _ n: Int, centers: Int
  ) {
    kernel_tile_nearest_f64(x, n, centers, y)
  }

  static func carryToNearest(
    _ x: UnsafeMutablePointer<Double>, _ n: Int, centers: Int,
    nearest: UnsafeMutablePointer<Double>, slopes: UnsafePointer<Double>
  ) {
    kernel_tile_to_nearest_f64(x, n, centers, nearest, slopes)
  }

  static func setRelaxed(
    _ y: UnsafeMutablePointer<Double>, _ x: UnsafeMutablePointer<Double>, _ n: Int, centers: Int,
    rate: Double, powers: UnsafeMutablePointer<Double>
  ) {
    kernel_tile_relaxed_f64(x, n, centers, rate, y, powers)
  }

  static func carryToCenters(
    _ x: UnsafeMutablePointer<Double>, _ n: Int, centers: Int, slopes: UnsafePointer<Double>
  ) {
    kernel_tile_to_centers_f64(x, n, centers, slopes)
  }
}

extension Float: ClassNumber {
  static func largest(_ x: UnsafePointer<Float>, _ n: Int) -> Float {
    kernel_extreme_f32(x, n, 1)
  }

  static func setPowers(
    _ x: UnsafeMutablePointer<Float>, _ n: Int, rate: Float, origin: Float
  ) -> Double {
    kernel_tile_powers_f32(x, n, rate, origin)
  }

  static func setShares(
    _ x: UnsafeMutablePointer<Float>, _ n: Int, factor: Double, level: Double
  ) {
    kernel_tile_shares_f32(x, n, factor, level)
  }

  static func setNearest(
    _ y: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ n: Int, centers: Int
  ) {
    kernel_tile_nearest_f32(x, n, centers, y)
  }

  static func carryToNearest(
    _ x: UnsafeMutablePointer<Float>, _ n: Int, centers: Int,
    nearest: UnsafeMutablePointer<Float>, slopes: UnsafePointer<Float>
  ) {
    kernel_tile_to_nearest_f32(x, n, centers, nearest, slopes)
  }

  static func setRelaxed(
    _ y: UnsafeMutablePointer<Float>, _ x: UnsafeMutablePointer<Float>, _ n: Int, centers: Int,
    rate: Float, powers: UnsafeMutablePointer<Float>
  ) {
    kernel_tile_relaxed_f32(x, n, centers, rate, y, powers)
  }

  static func carryToCenters(
    _ x: UnsafeMutablePointer<Float>, _ n: Int, centers: Int, slopes: UnsafePointer<Float>
  ) {
    kernel_tile_to_centers_f32(x, n, centers, slopes)
  }
}
