import Autodiff
import Tensors

/// Several axes that are reduced together, as NumPy's `axis=(0, 2)`: taken for one, the last.
struct Axes {
  /// The axes, from 0, in ascending order.
  private let places: [Int]
  private let shape: [Int]

  /// - Throws: `axisOutOfRange`, or a `Failure` for an axis that comes twice.
  init(_ axes: [Int], of shape: [Int]) throws {
    self.shape = shape
    places = try axes.map { try Shape.axis($0, rank: shape.count) }.sorted()
    for (place, next) in zip(places, places.dropFirst()) where place == next {
      throw Failure("axis \(place) comes twice")
    }
  }

  private var others: [Int] { shape.indices.filter { !places.contains($0) } }

  /// `x` with its axes in the given places put together as the last one.
  func joined(_ x: Quantity) throws -> Quantity {
    let order = others + places
    let length = places.reduce(1) { $0 * shape[$1] }
    return try (order == Array(shape.indices) ? x : x.permuted(order))
      .reshaped(to: others.map { shape[$0] } + [length])
  }

  /// A result without these axes, with them again, of length 1.
  func kept(_ y: Quantity) throws -> Quantity {
    try y.reshaped(to: shape.indices.map { places.contains($0) ? 1 : shape[$0] })
  }
}

extension BuiltinCatalog {
  /// An axis argument: a whole number, or nil for none.
  static func axis(_ call: Call, _ index: Int) throws -> Int? { try call.optionalWhole(index) }

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
    return try call.at(index) {
      let axes = try Axes(try call.wholes(index), of: x.shape)
      let y = try body(try axes.joined(x), -1, false)
      return Value(keepDims ? try axes.kept(y) : y)
    }
  }
}
