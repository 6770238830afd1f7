extension Tensor {
  /// The most elements a tensor may have, 2²⁷ (1 GiB): larger requests fail before allocating.
  public static let largestCount = 1 << 27

  /// A tensor of `shape` with every element `value`.
  public static func full(
    _ shape: [Int], _ value: Double, dtype: DType = .float64
  ) throws(TensorError) -> Tensor {
    let count = try Shape.count(shape)
    if dtype == .float32 {
      return Tensor(shape: shape, singles: Array(repeating: Float(value), count: count))
    }
    return Tensor(shape: shape, elements: Array(repeating: value, count: count), dtype: dtype)
  }

  /// A tensor of zeros.
  public static func zeros(
    _ shape: [Int], dtype: DType = .float64
  ) throws(TensorError) -> Tensor {
    try full(shape, 0, dtype: dtype)
  }

  /// A tensor of ones.
  public static func ones(
    _ shape: [Int], dtype: DType = .float64
  ) throws(TensorError) -> Tensor {
    try full(shape, 1, dtype: dtype)
  }

  /// The `rows`×`columns` matrix (square if nil) with ones on its diagonal, or `offset` above it.
  public static func eye(
    _ rows: Int, columns: Int? = nil, offset: Int = 0
  ) throws(TensorError) -> Tensor {
    let columns = columns ?? rows
    var elements = try zeros([rows, columns]).elements
    // From the first row whose one lies within the columns; offsets may be as large as they like.
    var column = Swift.max(0, offset)
    var row = column.subtractingReportingOverflow(offset).partialValue
    while row >= 0, row < rows, column < columns {
      elements[row * columns + column] = 1
      (row, column) = (row + 1, column + 1)
    }
    return Tensor(shape: [rows, columns], elements: elements)
  }

  /// The numbers `start`, `start + step`, … before `stop`.
  ///
  /// - Throws: `zeroStep`; `tooLarge`, also for infinite ends; `notWhole` for a nan.
  public static func arange(
    _ start: Double, _ stop: Double, step: Double = 1
  ) throws(TensorError) -> Tensor {
    guard step != 0 else { throw .zeroStep }
    let length = ((stop - start) / step).rounded(.up)
    guard !length.isNaN else { throw .notWhole(length) }
    guard length <= Double(largestCount) else { throw .tooLarge(elements: length) }
    let count = Int(Swift.max(length, 0))
    return progression(from: start, step: step, count: count)
  }

  /// `start`, `start + step`, …, `count` numbers.
  package static func progression(from start: Double, step: Double, count: Int) -> Tensor {
    let elements = Buffer.array(of: Double.self, count: count) { numbers in
      Stopping.chunks(count) { range in
        for i in range { numbers.initializeElement(at: i, to: start + Double(i) * step) }
      }
    }
    return Tensor(shape: [count], elements: elements)
  }

  /// The numbers 0, 1, … before `stop`.
  public static func arange(_ stop: Double) throws(TensorError) -> Tensor {
    try arange(0, stop)
  }

  /// `count` evenly spaced numbers from `start` to `stop`, both included.
  public static func linspace(
    _ start: Double, _ stop: Double, count: Int = 50
  ) throws(TensorError) -> Tensor {
    _ = try Shape.count([count])
    let step = (stop - start) / Double(Swift.max(count - 1, 1))
    var tensor = progression(from: start, step: step, count: count)
    if count > 1 { tensor.elements[count - 1] = stop }
    return tensor
  }

  /// A vector of the given numbers.
  public static func vector(_ elements: [Double]) -> Tensor {
    Tensor(shape: [elements.count], elements: elements)
  }

  /// A mask without axes.
  public static func truth(_ value: Bool) -> Tensor {
    Tensor(shape: [], elements: [value ? 1 : 0], dtype: .bool)
  }
}
