import CKernels

/// What a kernel that works in either precision computes with.
protocol StoredNumber: BinaryFloatingPoint, SIMDScalar, Codable {
  /// The number in float64, exactly.
  var widened: Double { get }

  /// y[i] = f(x[i]) for n numbers.
  static func map(
    _ f: kernel_function, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>, _ n: Int)

  /// y[i] = a[i] op b[i] for n numbers; a step is 1, or 0 where one number counts for all.
  static func combine(
    _ operation: kernel_operation, _ a: UnsafePointer<Self>, _ stepA: Int,
    _ b: UnsafePointer<Self>, _ stepB: Int, _ y: UnsafeMutablePointer<Self>, _ n: Int)

  /// y[i] = 1 where a[i] is related to b[i], else 0.
  static func compare(
    _ relation: kernel_relation, _ a: UnsafePointer<Self>, _ stepA: Int,
    _ b: UnsafePointer<Self>, _ stepB: Int, _ y: UnsafeMutablePointer<Double>, _ n: Int)

  /// y[i] = a[i] where mask[i] is not 0, else b[i].
  static func choose(
    _ mask: UnsafePointer<Double>, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Self>, _ n: Int)

  /// Adds rows of `n` numbers, `stride` numbers apart, to as many sums in float64, one row after the
  /// other.
  static func addRows(
    _ x: UnsafePointer<Self>, _ stride: Int, _ rows: Int, _ sums: UnsafeMutablePointer<Double>,
    _ n: Int)

  /// The largest of n > 0 numbers, or the smallest; nan if there is one.
  static func extreme(_ x: UnsafePointer<Self>, _ n: Int, isLargest: Bool) -> Self
}

extension Double: StoredNumber {
  var widened: Double { self }

  @inline(__always)
  static func map(
    _ f: kernel_function, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    kernel_map_f64(f, x, y, n)
  }

  @inline(__always)
  static func combine(
    _ operation: kernel_operation, _ a: UnsafePointer<Double>, _ stepA: Int,
    _ b: UnsafePointer<Double>, _ stepB: Int, _ y: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    kernel_combine_f64(operation, a, stepA, b, stepB, y, n)
  }

  @inline(__always)
  static func compare(
    _ relation: kernel_relation, _ a: UnsafePointer<Double>, _ stepA: Int,
    _ b: UnsafePointer<Double>, _ stepB: Int, _ y: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    kernel_compare_f64(relation, a, stepA, b, stepB, y, n)
  }

  static func choose(
    _ mask: UnsafePointer<Double>, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    _ y: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    kernel_choose_f64(mask, a, b, y, n)
  }

  static func addRows(
    _ x: UnsafePointer<Double>, _ stride: Int, _ rows: Int, _ sums: UnsafeMutablePointer<Double>,
    _ n: Int
  ) {
    kernel_add_rows_f64(x, stride, rows, sums, n)
  }

  static func extreme(_ x: UnsafePointer<Double>, _ n: Int, isLargest: Bool) -> Double {
    kernel_extreme_f64(x, n, isLargest ? 1 : 0)
  }
}

extension Float: StoredNumber {
  var widened: Double { Double(self) }

  @inline(__always)
  static func map(
    _ f: kernel_function, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ n: Int
  ) {
    kernel_map_f32(f, x, y, n)
  }

  @inline(__always)
  static func combine(
    _ operation: kernel_operation, _ a: UnsafePointer<Float>, _ stepA: Int,
    _ b: UnsafePointer<Float>, _ stepB: Int, _ y: UnsafeMutablePointer<Float>, _ n: Int
  ) {
    kernel_combine_f32(operation, a, stepA, b, stepB, y, n)
  }

  @inline(__always)
  static func compare(
    _ relation: kernel_relation, _ a: UnsafePointer<Float>, _ stepA: Int,
    _ b: UnsafePointer<Float>, _ stepB: Int, _ y: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    kernel_compare_f32(relation, a, stepA, b, stepB, y, n)
  }

  static func choose(
    _ mask: UnsafePointer<Double>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>, _ n: Int
  ) {
    kernel_choose_f32(mask, a, b, y, n)
  }

  static func addRows(
    _ x: UnsafePointer<Float>, _ stride: Int, _ rows: Int, _ sums: UnsafeMutablePointer<Double>,
    _ n: Int
  ) {
    kernel_add_rows_f32(x, stride, rows, sums, n)
  }

  static func extreme(_ x: UnsafePointer<Float>, _ n: Int, isLargest: Bool) -> Float {
    kernel_extreme_f32(x, n, isLargest ? 1 : 0)
  }
}

extension kernel_function {
  /// About how long it takes for one element, in nanoseconds.
  fileprivate var cost: Double {
    switch self {
    case KERNEL_EXP, KERNEL_EXPM1, KERNEL_LOG, KERNEL_LOG1P, KERNEL_TANH, KERNEL_SIGMOID: 1.5
    case KERNEL_SIN, KERNEL_COS, KERNEL_TAN: 2
    case KERNEL_SOFTPLUS: 3
    default: Elementwise.arithmeticCost
    }
  }
}

/// Loops by the kernels of `CKernels`.
extension Elementwise {
  /// About how long simple arithmetic takes for one element, in nanoseconds.
  fileprivate static let arithmeticCost = 0.3
  /// The same for powers.
  private static let powerCost = 5.0
  /// Below this many neighbours a call of a kernel costs more than it saves.
  private static let shortRow = 8
  /// A row shorter than this that meets every row of a matrix is first repeated up to it.
  private static let patternLength = 256

  /// A function of one number.
  static func number(_ x: Double, by f: kernel_function) -> Double { Portable.number(x, by: f) }

  /// A function of every element.
  static func map<Number: StoredNumber>(_ a: [Number], by f: kernel_function) -> [Number] {
    Buffer.filled(count: a.count) { y in
      a.withUnsafeBufferPointer { a in
        guard let x = a.baseAddress else { return }
        Threads.chunks(a.count, cost: f.cost) { range in
          Number.map(f, x + range.lowerBound, y + range.lowerBound, range.count)
        }
      }
    }
  }

  /// An operation on the elements of two operands of one length; a single number meets all.
  static func combine<Number: StoredNumber>(
    _ a: [Number], _ b: [Number], by operation: kernel_operation
  ) -> [Number] {
    paired(a, b) { p, stepP, q, stepQ, y, n in
      Number.combine(operation, p, stepP, q, stepQ, y, n)
    }
  }

  /// Powers of the elements of two operands of one length; a single number meets all.
  static func power(_ a: [Double], _ b: [Double]) -> [Double] {
    paired(a, b, cost: powerCost) { p, stepP, q, stepQ, y, n in
      kernel_power_f64(p, stepP, q, stepQ, y, n)
    }
  }

  /// The elements of `a` where a mask of the same length is not 0, else those of `b`.
  static func choose<Number: StoredNumber>(
    _ mask: [Double], _ a: [Number], _ b: [Number]
  ) -> [Number] {
    Buffer.filled(count: mask.count) { y in
      mask.withUnsafeBufferPointer { mask in
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            guard let m = mask.baseAddress, let p = a.baseAddress, let q = b.baseAddress else {
              return
            }
            Threads.chunks(mask.count, cost: arithmeticCost) { range in
              let start = range.lowerBound
              Number.choose(m + start, p + start, q + start, y + start, range.count)
            }
          }
        }
      }
    }
  }

  /// A relation of the elements of two operands of one length; a single number meets all.
  static func compare<Number: StoredNumber>(
    _ a: [Number], _ b: [Number], by relation: kernel_relation
  ) -> [Double] {
    paired(a, b) { p, stepP, q, stepQ, y, n in
      Number.compare(relation, p, stepP, q, stepQ, y, n)
    }
  }

  /// An operation in place of its first operand; the second has its length, or is a single number.
  static func combine<Number: StoredNumber>(
    _ a: inout [Number], _ b: [Number], by operation: kernel_operation
  ) {
    let step = b.count == a.count ? 1 : 0
    a.withUnsafeMutableBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let y = a.baseAddress, let q = b.baseAddress else { return }
        Threads.chunks(a.count, cost: arithmeticCost) { range in
          let start = range.lowerBound
          Number.combine(operation, y + start, 1, q + start * step, step, y + start, range.count)
        }
      }
    }
  }

  /// An operation in place of its second operand; the first has its length, or is a single number.
  static func combine<Number: StoredNumber>(
    _ a: [Number], _ b: inout [Number], by operation: kernel_operation
  ) {
    let step = a.count == b.count ? 1 : 0
    b.withUnsafeMutableBufferPointer { b in
      a.withUnsafeBufferPointer { a in
        guard let y = b.baseAddress, let p = a.baseAddress else { return }
        Threads.chunks(b.count, cost: arithmeticCost) { range in
          let start = range.lowerBound
          Number.combine(operation, p + start * step, step, y + start, 1, y + start, range.count)
        }
      }
    }
  }

  /// A product and a sum of operands with `count` elements each, or a single number.
  static func productSum(
    _ form: kernel_product_sum, _ a: [Double], _ b: [Double], _ c: [Double], isSingle: [Bool],
    count: Int
  ) -> [Double] {
    let steps = isSingle.map { $0 ? 0 : 1 }
    return Buffer.filled(count: count) { y in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          c.withUnsafeBufferPointer { c in
            guard let p = a.baseAddress, let q = b.baseAddress, let r = c.baseAddress else {
              return
            }
            Threads.chunks(count, cost: arithmeticCost) { range in
              let start = range.lowerBound
              kernel_product_sum_f64(
                form, p + start * steps[0], steps[0], q + start * steps[1], steps[1],
                r + start * steps[2], steps[2], y + start, range.count)
            }
          }
        }
      }
    }
  }

  /// An operation on two operands, walked as `rows` says.
  static func broadcast<Number: StoredNumber>(
    _ a: [Number], _ b: [Number], _ rows: BroadcastRows, by operation: kernel_operation
  ) -> [Number] {
    let count = rows.count * rows.length
    if rows.length < patternLength, a.count == count, b.count == rows.length, rows.stepB == 1 {
      return patterned(a, b, by: operation)
    }
    guard rows.length >= shortRow else {
      return broadcast(a, b, rows) { x, y in
        switch operation {
        case KERNEL_ADD: x + y
        case KERNEL_SUBTRACT: x - y
        case KERNEL_MULTIPLY: x * y
        case KERNEL_DIVIDE: x / y
        case KERNEL_MINIMUM: x < y || x.isNaN ? x : y
        default: x > y || x.isNaN ? x : y
        }
      }
    }
    return Buffer.filled(count: count) { y in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          guard let p = a.baseAddress, let q = b.baseAddress else { return }
          var next = y
          rows.forEach { startA, startB in
            Number.combine(
              operation, p + startA, rows.stepA, q + startB, rows.stepB, next, rows.length)
            next += rows.length
          }
        }
      }
    }
  }

  /// An operation on a matrix and a short row that meets every row of it.
  private static func patterned<Number: StoredNumber>(
    _ a: [Number], _ row: [Number], by operation: kernel_operation
  ) -> [Number] {
    let repetitions = Swift.max(1, Swift.min(a.count, patternLength) / Swift.max(1, row.count))
    let pattern = Array(repeatElement(row, count: repetitions).joined())
    return Buffer.filled(count: a.count) { y in
      a.withUnsafeBufferPointer { a in
        pattern.withUnsafeBufferPointer { pattern in
          guard let p = a.baseAddress, let q = pattern.baseAddress else { return }
          var start = 0
          while start < a.count {
            let length = Swift.min(pattern.count, a.count - start)
            Number.combine(operation, p + start, 1, q, 1, y + start, length)
            start += length
          }
        }
      }
    }
  }

  /// A loop over two operands side by side, of one length or a single number.
  @inline(__always)
  private static func paired<Number, Result>(
    _ a: [Number], _ b: [Number], cost: Double = arithmeticCost,
    _ loop: (
      UnsafePointer<Number>, Int, UnsafePointer<Number>, Int, UnsafeMutablePointer<Result>, Int
    ) -> Void
  ) -> [Result] {
    let n = a.count == 1 ? b.count : a.count
    let (stepA, stepB) = (a.count == n ? 1 : 0, b.count == n ? 1 : 0)
    return Buffer.filled(count: n) { y in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          guard let p = a.baseAddress, let q = b.baseAddress else { return }
          Threads.chunks(n, cost: cost) { range in
            let start = range.lowerBound
            loop(p + start * stepA, stepA, q + start * stepB, stepB, y + start, range.count)
          }
        }
      }
    }
  }
}
