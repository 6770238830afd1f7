/// Loops over whole buffers, inlined into their callers so that each becomes one tight loop.
enum Elementwise {
  /// `f` of every element.
  @inline(__always)
  static func map<Number, Result>(_ a: [Number], _ f: (Number) -> Result) -> [Result] {
    let n = a.count
    return Buffer.array(count: n) { result in
      a.withUnsafeBufferPointer { a in
        Stopping.chunks(n) { range in
          for i in range { result.initializeElement(at: i, to: f(a[i])) }
        }
      }
    }
  }

  /// `f` of the elements of two arrays of one length.
  @inline(__always)
  static func zip<Number, Result>(
    _ a: [Number], _ b: [Number], _ f: (Number, Number) -> Result
  ) -> [Result] {
    let n = a.count
    return Buffer.array(count: n) { result in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          Stopping.chunks(n) { range in
            for i in range { result.initializeElement(at: i, to: f(a[i], b[i])) }
          }
        }
      }
    }
  }

  /// Adds an array of the same length in place.
  static func add<Number: Numeric>(_ a: [Number], to sum: inout [Number]) {
    a.withUnsafeBufferPointer { a in
      sum.withUnsafeMutableBufferPointer { sum in
        for i in a.indices { sum[i] += a[i] }
      }
    }
  }

  /// `f` of two operands, walked as `rows` says: a loop over the last axis of the common shape.
  @inline(__always)
  static func broadcast<Number, Result>(
    _ a: [Number], _ b: [Number], _ rows: BroadcastRows, _ f: (Number, Number) -> Result
  ) -> [Result] {
    let count = rows.count * rows.length
    return Buffer.array(count: count) { result in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          var next = 0
          rows.forEach { startA, startB in
            var (p, q) = (startA, startB)
            for _ in 0..<rows.length {
              result.initializeElement(at: next, to: f(a[p], b[q]))
              next += 1
              p += rows.stepA
              q += rows.stepB
            }
          }
        }
      }
    }
  }
}

/// Where the rows of two operands start when both are stretched to one shape.
struct BroadcastRows {
  /// The length of a row, the result's last axis.
  let length: Int
  /// How many rows there are.
  let count: Int
  /// From one element of a row to the next: 1, or 0 where the operand is stretched.
  let stepA: Int
  /// The same for the second operand.
  let stepB: Int
  private let outer: [Int]
  private let stridesA: [Int]
  private let stridesB: [Int]

  init(_ a: [Int], _ b: [Int], to shape: [Int]) {
    var stridesA = Shape.strides(a, stretchedTo: shape)
    var stridesB = Shape.strides(b, stretchedTo: shape)
    length = shape.last ?? 1
    stepA = stridesA.popLast() ?? 0
    stepB = stridesB.popLast() ?? 0
    outer = Array(shape.dropLast())
    count = outer.reduce(1, *)
    self.stridesA = stridesA
    self.stridesB = stridesB
  }

  /// Visits the rows in order, by an odometer over the outer axes.
  @inline(__always)
  func forEach(_ body: (Int, Int) -> Void) {
    var position = outer.map { _ in 0 }
    var (a, b) = (0, 0)
    for _ in 0..<count {
      body(a, b)
      var axis = outer.count - 1
      while axis >= 0 {
        position[axis] += 1
        a += stridesA[axis]
        b += stridesB[axis]
        if position[axis] < outer[axis] { break }
        a -= stridesA[axis] * outer[axis]
        b -= stridesB[axis] * outer[axis]
        position[axis] = 0
        axis -= 1
      }
    }
  }
}
