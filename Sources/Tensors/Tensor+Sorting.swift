/// Order and counting. nan sorts after everything else.
extension Tensor {
  /// The elements in ascending order along `axis`; without one, of the flattened tensor.
  public func sorted(axis: Int? = -1) throws(TensorError) -> Tensor {
    try rewritten(axis: rank == 0 ? nil : axis, dtype: dtype) { line in
      Tensor.sort(&line, by: Tensor.precedes)
    }
  }

  /// The positions that sort the tensor along `axis`, equal elements in their order.
  public func argsort(axis: Int? = -1) throws(TensorError) -> Tensor {
    try rewritten(axis: rank == 0 ? nil : axis, dtype: .float64) { line in
      let keys = line
      // Swift's sort is stable in practice, not by contract: the position decides among equals.
      var order = Array(line.indices)
      Tensor.sort(&order) { i, j in
        Tensor.precedes(keys[i], keys[j]) || (!Tensor.precedes(keys[j], keys[i]) && i < j)
      }
      for (place, position) in order.enumerated() { line[place] = Double(position) }
    }
  }

  /// The flat positions whose elements, in this order, are the tensor sorted along `axis`.
  package func sortingPositions(axis: Int?) throws(TensorError) -> [Int] {
    let axis = rank == 0 ? nil : axis
    let order = try argsort(axis: axis)
    let lanes = try Lanes(shape, axis: axis)
    let places = order.elements
    var positions = [Int](repeating: 0, count: count)
    lanes.forEach { _, start in
      for i in 0..<lanes.length {
        let place = start + i * lanes.inner
        positions[place] = start + Int(places[place]) * lanes.inner
      }
    }
    return positions
  }

  /// The distinct elements in ascending order, as a vector; at most one nan.
  public func unique() -> Tensor {
    var distinct: [Double] = []
    for x in elements.sorted(by: Tensor.precedes) {
      guard let last = distinct.last, last == x || (last.isNaN && x.isNaN) else {
        distinct.append(x)
        continue
      }
    }
    return Tensor(shape: [distinct.count], elements: distinct, dtype: dtype)
  }

  /// How often 0, 1, 2, … occur in a vector of whole numbers.
  ///
  /// The result has at least `minimumLength` entries.
  /// - Throws: `notAVector`, `notWhole` for a negative or broken number, `tooLarge`.
  public func bincount(minimumLength: Int = 0) throws(TensorError) -> Tensor {
    guard rank == 1 else { throw .notAVector(shape) }
    var length = Swift.max(0, minimumLength)
    let elements = elements
    for x in elements {
      guard x >= 0, x.rounded(.down) == x else { throw .notWhole(x) }
      guard x < Double(Tensor.largestCount) else { throw .tooLarge(elements: x) }
      length = Swift.max(length, Int(x) + 1)
    }
    var counts = [Double](repeating: 0, count: try Shape.count([length]))
    for x in elements { counts[Int(x)] += 1 }
    return Tensor(shape: [length], elements: counts)
  }

  /// Whether `number`, rounded to float32 if they are, is among the elements; nan never is.
  public func contains(_ number: Double) -> Bool {
    switch storage {
    case .float64(let numbers), .bool(let numbers): numbers.contains(number)
    case .float32(let numbers): numbers.contains(Float(number))
    }
  }

  /// The positions of the true elements: a matrix with a row for each and a column per axis.
  public func nonzero() -> Tensor {
    let strides = Shape.strides(shape)
    var rows: [Double] = []
    var found = 0
    for (i, element) in elements.enumerated() where element != 0 {
      found += 1
      for axis in shape.indices { rows.append(Double(i / strides[axis] % shape[axis])) }
    }
    return Tensor(shape: [found, rank], elements: rows)
  }

  /// Where every element of `values` would have to be inserted into this ascending vector.
  ///
  /// Before equal elements, or after them if `right`.
  /// - Throws: `notAVector`.
  public func searchsorted(_ values: Tensor, right: Bool = false) throws(TensorError) -> Tensor {
    guard rank == 1 else { throw .notAVector(shape) }
    let common = DType.common(self, values)
    let (sorted, wanted) = (converted(to: common).elements, values.converted(to: common).elements)
    let places = wanted.map { value in
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        let before =
          right
          ? !Tensor.precedes(value, sorted[middle]) : Tensor.precedes(sorted[middle], value)
        if before { low = middle + 1 } else { high = middle }
      }
      return Double(low)
    }
    return Tensor(shape: values.shape, elements: places)
  }

  /// Sorts in place; half sorted where it is to stop.
  private static func sort<Element>(
    _ elements: inout [Element], by precedes: (Element, Element) -> Bool
  ) {
    guard elements.count > Stopping.chunk else { return elements.sort(by: precedes) }
    var comparisons = 0
    try? elements.sort { a, b throws in
      comparisons &+= 1
      if comparisons % Stopping.chunk == 0, Stopping.isDue { throw TensorError.failure("stopped") }
      return precedes(a, b)
    }
  }

  /// Ascending order with nan last.
  private static func precedes(_ a: Double, _ b: Double) -> Bool {
    a < b || (b.isNaN && !a.isNaN)
  }
}
