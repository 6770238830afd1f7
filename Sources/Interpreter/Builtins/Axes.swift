import Autodiff
import Tensors

/// Several axes that are reduced together, as NumPy's `axis=(0, 2)`: taken for one, the last.
struct Axes {
  /// The axes, from 0, in ascending order.
  private let places: [Int]
  private let shape: [Int]

  init(_ places: [Int], of shape: [Int]) {
    self.places = places
    self.shape = shape
  }

  private var others: [Int] { shape.indices.filter { !places.contains($0) } }

  /// `x` with its axes in the given places put together as the last one.
  func joined(_ x: Quantity) throws(TensorError) -> Quantity {
    let order = others + places
    let length = places.reduce(1) { $0 * shape[$1] }
    return try (order == Array(shape.indices) ? x : x.permuted(order))
      .reshaped(to: others.map { shape[$0] } + [length])
  }

  /// A result without these axes, with them again, of length 1.
  func kept(_ y: Quantity) throws(TensorError) -> Quantity {
    try y.reshaped(to: shape.indices.map { places.contains($0) ? 1 : shape[$0] })
  }
}

extension BuiltinCatalog {
  /// An axis argument: a whole number, or nil for none.
  static func axis(_ call: Call, _ index: Int) throws -> Int? { try call.optionalWhole(index) }

  /// A list of axes, from 0 and in ascending order, of a tensor with `rank` axes.
  static func axes(_ call: Call, _ index: Int, rank: Int) throws -> [Int] {
    let axes = try call.wholes(index).map { try Shape.axis($0, rank: rank) }.sorted()
    for (axis, next) in zip(axes, axes.dropFirst()) where axis == next {
      throw call.failure(
        index, "\(call.parameters[index].name) of \(call.name) names axis \(axis) twice")
    }
    return axes
  }

  /// A reduction along no axis, one, or several given as a list.
  static func reduced(
    _ call: Call, axis index: Int, keepDims: Bool,
    _ body: (Quantity, Int?, Bool) throws -> Quantity
  ) throws -> Value {
    let x = try call.quantity(0)
    if call.isNone(index) { return Value(try body(x, nil, keepDims)) }
    guard let list = call[index].plainTensor, list.rank == 1 else {
      return Value(try body(x, try axis(call, index), keepDims))
    }
    let axes = Axes(try axes(call, index, rank: x.rank), of: x.shape)
    let y = try body(try axes.joined(x), -1, false)
    return Value(keepDims ? try axes.kept(y) : y)
  }
}
