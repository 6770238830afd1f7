import Tensors

/// The rows of a matrix, ready for fast products: padded with zeros to whole SIMD vectors, and
/// divided by their length where a distance asks for it.
///
/// A gradient by these rows is gathered in a buffer of the same layout, one slice of `stride`
/// vectors per row, and carried back to the matrix as given by `gradient(_:)`.
struct Rows {
  /// How many rows there are.
  let count: Int
  /// How many numbers a row has.
  let width: Int
  /// How many vectors a row takes.
  let stride: Int
  /// Row i is `vectors[i * stride ..< (i + 1) * stride]`.
  let vectors: [Vector]
  /// The length every row had, nil when rows are as given.
  private let divisors: [Double]?

  /// Whether rows are those of the matrix, divided by nothing.
  var isAsGiven: Bool { divisors == nil }

  /// Four numbers of a row.
  typealias Vector = SIMD4<Double>

  /// The rows of `matrix`, of `width` numbers each, in another order if one is given.
  init(_ matrix: [Double], width: Int, normalized: Bool, order: [Int]? = nil) {
    let count = width > 0 ? matrix.count / width : 0
    let stride = (width + 3) / 4
    let places = order ?? Array(0..<count)
    let lengths =
      normalized ? places.map { length(matrix[$0 * width..<($0 + 1) * width]) } : nil
    var vectors = [Vector](repeating: .zero, count: count * stride)
    for row in 0..<count {
      let divisor = lengths.map { $0[row] > 0 ? $0[row] : 1 } ?? 1
      for column in 0..<width {
        vectors[row * stride + column / 4][column % 4] =
          matrix[places[row] * width + column] / divisor
      }
    }
    self.count = count
    self.width = width
    self.stride = stride
    self.vectors = vectors
    divisors = lengths
  }

  /// Rows over vectors in the layout of `other`, as given.
  init(vectors: [Vector], like other: Rows) {
    count = other.stride > 0 ? vectors.count / other.stride : 0
    width = other.width
    stride = other.stride
    self.vectors = vectors
    divisors = nil
  }

  /// The rows as a matrix again.
  var elements: [Double] {
    (0..<count * width).map { vectors[$0 / width * stride + $0 % width / 4][$0 % width % 4] }
  }

  /// A buffer of zeros for a gradient by these rows.
  var zeroGradient: [Vector] { [Vector](repeating: .zero, count: vectors.count) }

  /// The inner product of row `i` with row `j` of `other`.
  func dot(_ i: Int, _ other: Rows, _ j: Int) -> Double {
    var sum = Vector.zero
    for k in 0..<stride { sum += vectors[i * stride + k] * other.vectors[j * stride + k] }
    return sum.sum()
  }

  /// The squared distance of row `i` from row `j` of `other`.
  func squaredDistance(_ i: Int, _ other: Rows, _ j: Int) -> Double {
    var sum = Vector.zero
    for k in 0..<stride {
      let difference = vectors[i * stride + k] - other.vectors[j * stride + k]
      sum += difference * difference
    }
    return sum.sum()
  }

  /// The lengths of the rows: 1 or 0 where they are normalised.
  var lengths: [Double] {
    if let divisors { return divisors.map { $0 > 0 ? 1 : 0 } }
    let elements = elements
    return (0..<count).map { length(elements[$0 * width..<($0 + 1) * width]) }
  }

  /// Adds `factor` times row `i` to row `target` of `buffer`.
  func add(_ i: Int, times factor: Double, to buffer: inout [Vector], row target: Int) {
    for k in 0..<stride { buffer[target * stride + k] += factor * vectors[i * stride + k] }
  }

  /// The gradient by the matrix as given, from `factor` times one by these rows.
  ///
  /// With `u = z/‖z‖` it is `(I − uuᵀ)∇ᵤ/‖z‖` (theory §1.2, T12); 0 for a zero row.
  func gradient(_ buffer: [Vector], times factor: Double = 1) -> [Double] {
    var result = [Double](repeating: 0, count: count * width)
    for row in 0..<count {
      var along = 0.0
      var scale = factor
      if let divisors {
        guard divisors[row] > 0 else { continue }
        scale = factor / divisors[row]
        var sum = Vector.zero
        for k in row * stride..<(row + 1) * stride { sum += buffer[k] * vectors[k] }
        along = sum.sum()
      }
      for column in 0..<width {
        let k = row * stride + column / 4
        let across = buffer[k][column % 4] - along * vectors[k][column % 4]
        result[row * width + column] = scale * across
      }
    }
    return result
  }
}

/// The Euclidean length of a row, without overflow on the way.
private func length(_ row: ArraySlice<Double>) -> Double {
  let largest = row.reduce(0) { max($0, abs($1)) }
  guard largest > 0 else { return 0 }
  if largest > 1e-100, largest < 1e100 {
    return row.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
  return largest * row.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
}
