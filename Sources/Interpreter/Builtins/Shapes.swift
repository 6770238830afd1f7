import Autodiff
import Tensors

extension BuiltinCatalog {
  /// Functions that rearrange, join and choose.
  static let shapes: [Builtin] = [
    Builtin("shape(x)", "The length of every axis.", example: "shape(zeros(2, 3))") {
      .vector(try $0.tensor(0).shape.map(Double.init))
    },
    Builtin(
      "reshape(x, shape...)", "The same elements in another shape; -1 is worked out.",
      example: "reshape(0:6, 2, 3)"
    ) { call in Value(try call.quantity(0).reshaped(to: try call.shape(1, open: true))) },
    Builtin("flatten(x)", "All elements in one row.", example: "flatten([[1, 2], [3, 4]])") {
      Value(try $0.quantity(0).flattened())
    },
    Builtin(
      "transpose(x, axes=none)", "Axes in reverse, or in the given order.",
      example: "transpose([[1, 2], [3, 4]])"
    ) { call in
      guard !call.isNone(1) else { return Value(try call.quantity(0).transposed()) }
      return Value(try call.quantity(0).permuted(try call.wholes(1)))
    },
    Builtin(
      "concat(parts, axis=0)", "Joins tensors along an axis they have; plain lists too.",
      details: "axis=none joins all elements in one row.", example: "concat([[1, 2], [3]])",
      seeAlso: ["stack"]
    ) { call in
      try requireOneList(call)
      let parts = try call.list(0)
      let quantities = parts.compactMap(\.quantity)
      guard quantities.count == parts.count else {
        return .list(try parts.flatMap { try Iterating.all($0) })
      }
      if call.isNone(1) {
        return Value(try call.at(0) { try .concat(try quantities.map { try $0.flattened() }) })
      }
      return Value(try call.at(0) { try Quantity.concat(quantities, axis: try call.whole(1)) })
    },
    Builtin(
      "stack(parts, axis=0)", "Joins tensors of one shape along a new axis.",
      example: "stack([[1, 2], [3, 4]], axis=1)", seeAlso: ["concat"]
    ) { call in
      try requireOneList(call)
      let quantities = try call.list(0).map { value in
        guard let quantity = value.quantity else {
          throw call.failure(0, "stack joins numbers and tensors, not \(value.described)")
        }
        return quantity
      }
      return Value(try call.at(0) { try Quantity.stack(quantities, axis: try call.whole(1)) })
    },
    Builtin(
      "tile(x, reps)", "x repeated as a whole.",
      details: "reps: how often, or how often along each axis.", example: "tile([1, 2], 2)",
      seeAlso: ["repeat"]
    ) { call in
      Value(try call.quantity(0).tiled(try call.wholes(1, from: 0)))
    },
    Builtin(
      "repeat(x, repeats, axis=none)", "Each element so many times in a row.",
      details: "repeats: a number, or one for every element of the axis.",
      example: "repeat([1, 2], 2)", seeAlso: ["tile"]
    ) { call in
      guard let counts = call[1].plainTensor, counts.rank == 1, counts.count != 1 else {
        return Value(
          try call.quantity(0).repeated(try call.whole(1, from: 0), axis: try axis(call, 2)))
      }
      return Value(try repeated(call))
    },
    Builtin(
      "squeeze(x, axis=none)", "Without the axes of length 1.", example: "squeeze([[1, 2]])"
    ) { call in
      let x = try call.quantity(0)
      guard let list = call[1].plainTensor, list.rank == 1 else {
        return Value(try x.squeezed(axis: try axis(call, 1)))
      }
      // From the last axis on: the places of the others stay as they are.
      return Value(
        try axes(call, 1, rank: x.rank).reversed().reduce(x) { try $0.squeezed(axis: $1) })
    },
    Builtin(
      "one_hot(y, classes=none)", "A row for every label, 1 at its class.",
      details: "y: n labels from 0. The result is n×classes.", example: "one_hot([0, 2], 3)"
    ) { call in
      let labels = try call.labels(0)
      let classes = try call.optionalWhole(1, from: 0) ?? (labels.max() ?? -1) + 1
      var rows = try Tensor.zeros([labels.count, classes])
      for (row, label) in labels.enumerated() {
        guard label < classes else {
          throw call.failure(
            0, "label \(label) needs \(label + 1) classes", ["Here are \(classes)."])
        }
        rows.elements[row * classes + label] = 1
      }
      return .tensor(rows)
    },
  ]

  /// Refuses `concat(a, b)`: what is to be joined stands in one list.
  private static func requireOneList(_ call: Call) throws {
    switch call[1] {
    case .tensor, .list, .range, .text:
      throw call.failure(
        1, "\(call.name) takes its parts in one list", ["Write \(call.name)([a, b])."])
    default: return
    }
  }

  /// `repeat` with a count for every element of an axis.
  private static func repeated(_ call: Call) throws -> Quantity {
    let counts = try call.wholes(1, from: 0)
    let axis = try axis(call, 2)
    let x = try axis == nil ? call.quantity(0).flattened() : call.quantity(0)
    let position = try Shape.axis(axis ?? 0, rank: x.rank)
    let length = x.shape[position]
    guard counts.count == length else {
      throw call.failure(
        1, "repeat needs one count for every element",
        ["There are \(length) elements and \(counts.count) counts."])
    }
    let total = counts.reduce(0.0) { $0 + Double($1) }
    guard total <= Double(Tensor.largestCount) else { throw TensorError.tooLarge(elements: total) }
    let places = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
    let before = Array(repeating: Tensor.Index.all, count: position)
    return try x.subscripted(before + [.gather(places, shape: [places.count])])
  }
}
