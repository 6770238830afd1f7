import CKernels
import Tensors

/// A number that costs of pairs are computed in.
protocol PairNumber: TileNumber {
  /// A squared distance below this part of ‖a‖² + ‖b‖² is computed from the difference: from the
  /// inner product it would have lost digits.
  static var nearness: Double { get }

  /// Exponents whose powers, and sums of as many as there are rows, neither overflow nor vanish.
  static var safeExponents: ClosedRange<Double> { get }

  /// Sums of powers, some of them cut off at the ends of what there is, that have all their digits.
  static var safeSums: ClosedRange<Double> { get }

  /// Σ a[i]·b[i] in float64.
  static func product(_ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, _ n: Int) -> Double

  /// See `kernel_tile_within_f64`.
  static func within(
    _ limit: Self, _ x: UnsafePointer<Self>, levels: UnsafePointer<Self>, _ n: Int,
    keys: UnsafeMutablePointer<Self>, places: UnsafeMutablePointer<Int32>
  ) -> Int

  /// y[i] = scale·(g[i] − along·u[i]).
  static func setTangent(
    _ y: UnsafeMutablePointer<Self>, _ g: UnsafePointer<Self>, _ u: UnsafePointer<Self>, _ n: Int,
    along: Double, scale: Double)

  /// See `kernel_tile_measures_f64`.
  static func setMeasures(
    _ y: UnsafeMutablePointer<Double>, _ measure: kernel_measure, _ x: UnsafePointer<Self>,
    _ n: Int, square: Self, squares: UnsafePointer<Self>
  ) -> Bool

  /// See `kernel_tile_slopes_f64`.
  static func setSlopes(
    _ x: UnsafeMutablePointer<Self>, _ measure: kernel_measure, _ slopes: UnsafePointer<Double>,
    _ measures: UnsafePointer<Double>, _ n: Int
  ) -> Double

  /// See `kernel_tile_costs_f64`.
  static func costs(
    _ cost: inout kernel_pair_cost, _ x: UnsafeMutablePointer<Self>, _ n: Int, square: Self,
    squares: UnsafePointer<Self>, own: Self, others: UnsafePointer<Self>,
    sums: UnsafeMutablePointer<Self>, _ result: inout kernel_tile_sums)

  /// See `kernel_tile_exponentials_f64`.
  static func exponentials(
    _ exponent: inout kernel_exponent, _ x: UnsafeMutablePointer<Self>, _ n: Int,
    shifts: UnsafePointer<Self>?, sums: UnsafeMutablePointer<Self>
  ) -> Self

  /// See `kernel_tile_weights_f64`.
  static func weights(
    _ exponent: inout kernel_exponent, _ x: UnsafeMutablePointer<Self>, _ n: Int,
    shifts: UnsafePointer<Self>?, isExponential: Bool, own: Self, others: UnsafePointer<Self>,
    level: Self, levels: UnsafePointer<Self>)

  /// See `kernel_tile_own_f64`.
  static func own(_ x: UnsafePointer<Self>, _ n: Int, sums: UnsafeMutablePointer<Self>) -> Double

  /// See `kernel_tile_rivals_f64`.
  static func rivals(
    _ x: UnsafePointer<Self>, _ n: Int, slope: Self, own: Self, others: UnsafePointer<Self>,
    costs: UnsafeMutablePointer<Self>, shares: UnsafeMutablePointer<Self>,
    _ result: inout kernel_rival_sums)

  /// See `kernel_tile_rival_weights_f64`.
  static func rivalWeights(
    _ x: UnsafeMutablePointer<Self>, _ n: Int, slope: Self, own: Self, others: UnsafePointer<Self>,
    factor: Self, level: Self)
}

extension PairNumber {
  /// The Euclidean length of a row, without overflow on the way.
  static func length(_ row: UnsafePointer<Self>, _ width: Int) -> Double {
    let square = product(row, row, width)
    if square > 1e-200, square < 1e200 { return square.squareRoot() }
    let row = UnsafeBufferPointer(start: row, count: width).map { Double($0) }
    let largest = row.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return 0 }
    return largest * row.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
  }
}

extension Double: PairNumber {
  static var nearness: Double { 1e-3 }
  static var safeExponents: ClosedRange<Double> { -690...600 }
  static var safeSums: ClosedRange<Double> { 1e-280...1e300 }

  static func product(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ n: Int
  ) -> Double {
    kernel_tile_product_f64(a, b, n)
  }

  static func within(
    _ limit: Double, _ x: UnsafePointer<Double>, levels: UnsafePointer<Double>, _ n: Int,
    keys: UnsafeMutablePointer<Double>, places: UnsafeMutablePointer<Int32>
  ) -> Int {
    kernel_tile_within_f64(x, levels, n, limit, keys, places)
  }

  static func setTangent(
    _ y: UnsafeMutablePointer<Double>, _ g: UnsafePointer<Double>, _ u: UnsafePointer<Double>,
    _ n: Int,
    along: Double, scale: Double
  ) {
    kernel_tile_tangent_f64(g, u, y, n, along, scale)
  }

  static func setMeasures(
    _ y: UnsafeMutablePointer<Double>, _ measure: kernel_measure, _ x: UnsafePointer<Double>,
    _ n: Int, square: Double, squares: UnsafePointer<Double>
  ) -> Bool {
    kernel_tile_measures_f64(measure, x, n, square, squares, nearness, y) != 0
  }

  static func setSlopes(
    _ x: UnsafeMutablePointer<Double>, _ measure: kernel_measure, _ slopes: UnsafePointer<Double>,
    _ measures: UnsafePointer<Double>, _ n: Int
  ) -> Double {
    kernel_tile_slopes_f64(measure, slopes, measures, n, x)
  }

  static func costs(
    _ cost: inout kernel_pair_cost, _ x: UnsafeMutablePointer<Double>, _ n: Int, square: Double,
    squares: UnsafePointer<Double>, own: Double, others: UnsafePointer<Double>,
    sums: UnsafeMutablePointer<Double>, _ result: inout kernel_tile_sums
  ) {
    kernel_tile_costs_f64(&cost, x, n, square, squares, own, others, sums, &result)
  }

  static func exponentials(
    _ exponent: inout kernel_exponent, _ x: UnsafeMutablePointer<Double>, _ n: Int,
    shifts: UnsafePointer<Double>?, sums: UnsafeMutablePointer<Double>
  ) -> Double {
    kernel_tile_exponentials_f64(&exponent, x, n, shifts, sums)
  }

  static func weights(
    _ exponent: inout kernel_exponent, _ x: UnsafeMutablePointer<Double>, _ n: Int,
    shifts: UnsafePointer<Double>?, isExponential: Bool, own: Double, others: UnsafePointer<Double>,
    level: Double, levels: UnsafePointer<Double>
  ) {
    kernel_tile_weights_f64(
      &exponent, x, n, shifts, isExponential ? 1 : 0, own, others, level, levels)
  }

  static func own(
    _ x: UnsafePointer<Double>, _ n: Int, sums: UnsafeMutablePointer<Double>
  ) -> Double {
    kernel_tile_own_f64(x, n, sums)
  }

  static func rivals(
    _ x: UnsafePointer<Double>, _ n: Int, slope: Double, own: Double, others: UnsafePointer<Double>,
    costs: UnsafeMutablePointer<Double>, shares: UnsafeMutablePointer<Double>,
    _ result: inout kernel_rival_sums
  ) {
    kernel_tile_rivals_f64(x, n, slope, own, others, costs, shares, &result)
  }

  static func rivalWeights(
    _ x: UnsafeMutablePointer<Double>, _ n: Int, slope: Double, own: Double,
    others: UnsafePointer<Double>, factor: Double, level: Double
  ) {
    kernel_tile_rival_weights_f64(x, n, slope, own, others, factor, level)
  }
}

extension Float: PairNumber {
  static var nearness: Double { 1.0 / 64 }
  static var safeExponents: ClosedRange<Double> { -86...70 }
  static var safeSums: ClosedRange<Double> { 1e-26...1e36 }

  static func product(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ n: Int
  ) -> Double {
    kernel_tile_product_f32(a, b, n)
  }

  static func within(
    _ limit: Float, _ x: UnsafePointer<Float>, levels: UnsafePointer<Float>, _ n: Int,
    keys: UnsafeMutablePointer<Float>, places: UnsafeMutablePointer<Int32>
  ) -> Int {
    kernel_tile_within_f32(x, levels, n, limit, keys, places)
  }

  static func setTangent(
    _ y: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>, _ u: UnsafePointer<Float>,
    _ n: Int,
    along: Double, scale: Double
  ) {
    kernel_tile_tangent_f32(g, u, y, n, along, scale)
  }

  static func setMeasures(
    _ y: UnsafeMutablePointer<Double>, _ measure: kernel_measure, _ x: UnsafePointer<Float>,
    _ n: Int, square: Float, squares: UnsafePointer<Float>
  ) -> Bool {
    kernel_tile_measures_f32(measure, x, n, square, squares, nearness, y) != 0
  }

  static func setSlopes(
    _ x: UnsafeMutablePointer<Float>, _ measure: kernel_measure, _ slopes: UnsafePointer<Double>,
    _ measures: UnsafePointer<Double>, _ n: Int
  ) -> Double {
    kernel_tile_slopes_f32(measure, slopes, measures, n, x)
  }

  static func costs(
    _ cost: inout kernel_pair_cost, _ x: UnsafeMutablePointer<Float>, _ n: Int, square: Float,
    squares: UnsafePointer<Float>, own: Float, others: UnsafePointer<Float>,
    sums: UnsafeMutablePointer<Float>, _ result: inout kernel_tile_sums
  ) {
    kernel_tile_costs_f32(&cost, x, n, square, squares, own, others, sums, &result)
  }

  static func exponentials(
    _ exponent: inout kernel_exponent, _ x: UnsafeMutablePointer<Float>, _ n: Int,
    shifts: UnsafePointer<Float>?, sums: UnsafeMutablePointer<Float>
  ) -> Float {
    kernel_tile_exponentials_f32(&exponent, x, n, shifts, sums)
  }

  static func weights(
    _ exponent: inout kernel_exponent, _ x: UnsafeMutablePointer<Float>, _ n: Int,
    shifts: UnsafePointer<Float>?, isExponential: Bool, own: Float, others: UnsafePointer<Float>,
    level: Float, levels: UnsafePointer<Float>
  ) {
    kernel_tile_weights_f32(
      &exponent, x, n, shifts, isExponential ? 1 : 0, own, others, level, levels)
  }

  static func own(
    _ x: UnsafePointer<Float>, _ n: Int, sums: UnsafeMutablePointer<Float>
  ) -> Double {
    kernel_tile_own_f32(x, n, sums)
  }

  static func rivals(
    _ x: UnsafePointer<Float>, _ n: Int, slope: Float, own: Float, others: UnsafePointer<Float>,
    costs: UnsafeMutablePointer<Float>, shares: UnsafeMutablePointer<Float>,
    _ result: inout kernel_rival_sums
  ) {
    kernel_tile_rivals_f32(x, n, slope, own, others, costs, shares, &result)
  }

  static func rivalWeights(
    _ x: UnsafeMutablePointer<Float>, _ n: Int, slope: Float, own: Float,
    others: UnsafePointer<Float>, factor: Float, level: Float
  ) {
    kernel_tile_rival_weights_f32(x, n, slope, own, others, factor, level)
  }
}
