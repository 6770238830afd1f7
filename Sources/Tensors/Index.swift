extension Tensor {
  /// One entry of a subscript, by NumPy's rules.
  public enum Index: Sendable, Equatable {
    /// One position; the axis disappears. Negative positions count from the end.
    case at(Int)
    /// Every `step`-th position from `start` up to, not including, `stop`, clamped to the axis.
    case slice(start: Int?, stop: Int?, step: Int?)
    /// A new axis of length 1.
    case newAxis
    /// As many whole axes as the other entries leave; at most once.
    case ellipsis
    /// The positions where a mask is true, over as many axes as the mask has.
    case mask(Tensor)
    /// The given positions in the given shape.
    case gather([Int], shape: [Int])

    /// The whole axis.
    public static let all = Index.slice(start: nil, stop: nil, step: nil)

    /// What a tensor means as an index: a mask if it holds truth values, else positions.
    ///
    /// - Throws: `notWhole` for a fraction, nan or infinity.
    public init(_ tensor: Tensor) throws(TensorError) {
      if tensor.dtype == .bool {
        self = .mask(tensor)
        return
      }
      var positions: [Int] = []
      positions.reserveCapacity(tensor.count)
      for x in tensor.elements {
        guard let position = Int(exactly: x) else { throw .notWhole(x) }
        positions.append(position)
      }
      self = tensor.rank == 0 ? .at(positions[0]) : .gather(positions, shape: tensor.shape)
    }

    /// How many axes of the tensor the entry speaks about; nil for an ellipsis.
    var axes: Int? {
      switch self {
      case .at, .slice, .gather: 1
      case .newAxis: 0
      case .mask(let mask): mask.rank
      case .ellipsis: nil
      }
    }

    /// Whether the entry picks positions by a list, which switches NumPy's advanced rules on.
    package var isAdvanced: Bool {
      switch self {
      case .mask, .gather: true
      case .at, .slice, .newAxis, .ellipsis: false
      }
    }
  }
}
