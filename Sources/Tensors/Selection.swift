/// Which elements of a row-major buffer a subscript means, as a shape and a way to walk.
struct Selection {
  /// One or more axes of the result and how they walk through the buffer.
  enum Axis {
    /// Evenly spaced.
    case strided(count: Int, stride: Int)
    /// Anywhere: a block of result axes, flattened, given by its offsets.
    case table([Int])

    var count: Int {
      switch self {
      case .strided(let count, _): count
      case .table(let offsets): offsets.count
      }
    }
  }

  /// The shape of what is selected.
  let shape: [Int]
  /// The position all walks start from.
  let offset: Int
  /// The walks, outermost first.
  let axes: [Axis]

  /// Visits the selected positions in the order of the result.
  @inline(__always)
  func forEach(_ body: (Int) -> Void) {
    guard let last = axes.last else {
      body(offset)
      return
    }
    if axes.contains(where: { $0.count == 0 }) { return }
    let outer = axes.dropLast()
    var position = outer.map { _ in 0 }
    while true {
      var start = offset
      for (axis, i) in Swift.zip(outer, position) {
        switch axis {
        case .strided(_, let stride): start += i * stride
        case .table(let offsets): start += offsets[i]
        }
      }
      switch last {
      case .strided(let count, let stride):
        for i in 0..<count { body(start + i * stride) }
      case .table(let offsets):
        for i in offsets.indices { body(start + offsets[i]) }
      }
      var axis = outer.count - 1
      while axis >= 0 {
        position[axis] += 1
        if position[axis] < outer[axis].count { break }
        position[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }

  /// The selected elements of `tensor`.
  func read(_ tensor: Tensor) -> Tensor {
    let storage: Tensor.Storage =
      switch tensor.storage {
      case .float64(let numbers): .float64(read(numbers))
      case .float32(let numbers): .float32(read(numbers))
      case .bool(let numbers): .bool(read(numbers))
      }
    return Tensor(shape: shape, storage: storage)
  }

  private func read<Number>(_ numbers: [Number]) -> [Number] {
    let count = shape.reduce(1, *)
    return Buffer.array(count: count) { result in
      numbers.withUnsafeBufferPointer { x in
        var next = 0
        forEach { position in
          result.initializeElement(at: next, to: x[position])
          next += 1
        }
      }
    }
  }

  /// Writes one element of `source` after the other to the selected positions.
  func write<Number>(_ source: [Number], into target: inout [Number]) {
    target.withUnsafeMutableBufferPointer { target in
      source.withUnsafeBufferPointer { source in
        var next = 0
        forEach { position in
          target[position] = source[next]
          next += 1
        }
      }
    }
  }

  /// Adds one element of `source` after the other at the selected positions.
  func add<Number: Numeric>(_ source: [Number], to target: inout [Number]) {
    target.withUnsafeMutableBufferPointer { target in
      source.withUnsafeBufferPointer { source in
        var next = 0
        forEach { position in
          target[position] += source[next]
          next += 1
        }
      }
    }
  }
}

extension Selection {
  /// What `indices` select from a tensor of `shape`.
  ///
  /// - Throws: `tooManyIndices`, `indexOutOfRange`, `zeroStep`, `maskShape`, `secondEllipsis`,
  ///   `shapesDoNotBroadcast` for lists of positions that do not fit together, `tooLarge`.
  init(_ indices: [Tensor.Index], of shape: [Int]) throws(TensorError) {
    var builder = Builder(shape: shape, isAdvanced: indices.contains { $0.isAdvanced })
    var used = 0
    for index in indices { used += index.axes ?? 0 }
    guard used <= shape.count else {
      if let error = builder.maskError(indices) { throw error }
      throw .tooManyIndices(given: used, rank: shape.count)
    }
    var ellipses = 0
    for index in indices {
      if index == .ellipsis {
        ellipses += 1
        guard ellipses == 1 else { throw .secondEllipsis }
        builder.skip(shape.count - used)
      } else {
        try builder.add(index)
      }
    }
    if ellipses == 0 { builder.skip(shape.count - used) }
    self = try builder.selection()
  }

  /// Collects the entries of a subscript, axis by axis.
  private struct Builder {
    let shape: [Int]
    let strides: [Int]
    /// Whether a list or mask is present, so that single positions join its broadcasting.
    let isAdvanced: Bool
    private var axis = 0
    private var offset = 0
    private var basic: [(count: Int, stride: Int)] = []
    /// The lists of offsets that are broadcast together.
    private var lists: [(offsets: [Int], shape: [Int])] = []
    /// How many basic result axes precede the first list.
    private var place: Int?
    /// Whether a slice, new axis or ellipsis stands between two lists.
    private var isApart = false
    private var isInterrupted = false

    init(shape: [Int], isAdvanced: Bool) {
      self.shape = shape
      self.strides = Shape.strides(shape)
      self.isAdvanced = isAdvanced
    }

    mutating func skip(_ count: Int) {
      for _ in 0..<count {
        basic.append((shape[axis], strides[axis]))
        axis += 1
      }
      isInterrupted = place != nil
    }

    mutating func add(_ index: Tensor.Index) throws(TensorError) {
      switch index {
      case .at(let position):
        let position = try checked(position, axis: axis)
        if isAdvanced {
          addList([position * strides[axis]], shape: [])
        } else {
          offset += position * strides[axis]
        }
        axis += 1
      case .slice(let start, let stop, let step):
        let range = try SliceRange(start: start, stop: stop, step: step, length: shape[axis])
        if range.count > 0 { offset += range.start * strides[axis] }
        basic.append((range.count, range.step * strides[axis]))
        axis += 1
        isInterrupted = place != nil
      case .newAxis:
        basic.append((1, 0))
        isInterrupted = place != nil
      case .ellipsis:
        break
      case .gather(let positions, let listShape):
        guard positions.count == (try Shape.count(listShape)) else {
          throw .cannotReshape(from: [positions.count], to: listShape)
        }
        var offsets: [Int] = []
        offsets.reserveCapacity(positions.count)
        for position in positions {
          offsets.append(try checked(position, axis: axis) * strides[axis])
        }
        addList(offsets, shape: listShape)
        axis += 1
      case .mask(let mask):
        guard mask.shape == Array(shape[axis..<(axis + mask.rank)]) else {
          throw .maskShape(mask: mask.shape, tensor: shape)
        }
        // The mask's axes are neighbours, so its position times its last stride is the offset.
        let stride = mask.rank == 0 ? 0 : strides[axis + mask.rank - 1]
        var offsets: [Int] = []
        for (i, truth) in mask.elements.enumerated() where truth != 0 {
          offsets.append(i * stride)
        }
        addList(offsets, shape: [offsets.count])
        axis += mask.rank
      }
    }

    /// The result's axes: the lists stand where they stood if neighbours, else in front.
    func selection() throws(TensorError) -> Selection {
      var axes = basic.map { Axis.strided(count: $0.count, stride: $0.stride) }
      var result = basic.map(\.count)
      if let place {
        let list = try combinedList()
        let front = isApart ? 0 : place
        axes.insert(.table(list.offsets), at: front)
        result.insert(contentsOf: list.shape, at: front)
      }
      _ = try Shape.count(result)
      return Selection(shape: result, offset: offset, axes: axes)
    }

    /// The sums of the lists' offsets, all stretched to one shape.
    private func combinedList() throws(TensorError) -> (offsets: [Int], shape: [Int]) {
      if lists.count == 1 { return lists[0] }
      var total = Tensor(0)
      for list in lists {
        // Offsets are whole numbers far below 2⁵³, so tensors add them exactly.
        let offsets = Tensor(shape: list.shape, elements: list.offsets.map(Double.init))
        total = try Tensor.add(total, offsets)
      }
      return (total.elements.map { Int($0) }, total.shape)
    }

    /// A mask that fits nowhere is a better explanation than too many indices.
    func maskError(_ indices: [Tensor.Index]) -> TensorError? {
      for case .mask(let mask) in indices where mask.rank > shape.count {
        return .maskShape(mask: mask.shape, tensor: shape)
      }
      return nil
    }

    private mutating func addList(_ offsets: [Int], shape: [Int]) {
      if place == nil { place = basic.count }
      isApart = isApart || isInterrupted
      lists.append((offsets, shape))
    }

    private func checked(_ position: Int, axis: Int) throws(TensorError) -> Int {
      let length = shape[axis]
      guard position >= -length, position < length else {
        throw .indexOutOfRange(index: position, axis: axis, length: length)
      }
      return position < 0 ? position + length : position
    }
  }
}

/// A slice on an axis of known length, its ends clamped as Python does.
struct SliceRange {
  /// The first position.
  let start: Int
  /// The distance of neighbours, never 0.
  let step: Int
  /// How many positions there are.
  let count: Int

  init(start: Int?, stop: Int?, step: Int?, length: Int) throws(TensorError) {
    let step = step ?? 1
    guard step != 0 else { throw .zeroStep }
    // With a negative step the ends lie between −1 (before the first) and length − 1.
    let (low, high) = step > 0 ? (0, length) : (-1, length - 1)
    func clamped(_ end: Int) -> Int {
      let position = end < 0 ? Swift.max(end, -length - 1) + length : end
      return Swift.min(Swift.max(position, low), high)
    }
    let first = start.map(clamped) ?? (step > 0 ? low : high)
    let last = stop.map(clamped) ?? (step > 0 ? high : low)
    let distance = step > 0 ? last - first : first - last
    // Longer steps than the axis reach nothing more, and their products do not overflow.
    let longest = Swift.max(length, 1)
    self.start = first
    self.step = Swift.min(Swift.max(step, -longest), longest)
    self.count = distance <= 0 ? 0 : (distance - 1) / abs(self.step) + 1
  }
}
