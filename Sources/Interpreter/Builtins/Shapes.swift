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
    ) { call in
      var ends = try call.list(1)
      if ends.count == 1 {
        if case .number = ends[0] {} else { ends = try Iterating.all(ends[0]) }
      }
      let shape = try ends.map { value -> Int in
        guard case .number(let number) = value, number == number.rounded(), abs(number) < 9e15
        else { throw call.wrong(1, "made of whole numbers") }
        return Int(number)
      }
      return Value(try call.quantity(0).reshaped(to: shape))
    },
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
      example: "concat([[1, 2], [3]])", seeAlso: ["stack"]
    ) { call in
      let parts = try call.list(0)
      let quantities = parts.compactMap(\.quantity)
      guard quantities.count == parts.count else {
        return .list(try parts.flatMap { try Iterating.all($0) })
      }
      return Value(try call.at(0) { try Quantity.concat(quantities, axis: try call.whole(1)) })
    },
    Builtin(
      "stack(parts, axis=0)", "Joins tensors of one shape along a new axis.",
      example: "stack([[1, 2], [3, 4]], axis=1)", seeAlso: ["concat"]
    ) { call in
      let quantities = try call.list(0).compactMap(\.quantity)
      return Value(try call.at(0) { try Quantity.stack(quantities, axis: try call.whole(1)) })
    },
    Builtin("tile(x, counts)", "x repeated as a whole.", example: "tile([1, 2], 2)") { call in
      Value(try call.quantity(0).tiled(try call.wholes(1)))
    },
    Builtin(
      "repeat(x, n, axis=none)", "Each element n times in a row.", example: "repeat([1, 2], 2)"
    ) { Value(try $0.quantity(0).repeated(try $0.whole(1, from: 0), axis: try axis($0, 2))) },
    Builtin(
      "squeeze(x, axis=none)", "Without the axes of length 1.", example: "squeeze([[1, 2]])"
    ) { Value(try $0.quantity(0).squeezed(axis: try axis($0, 1))) },
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
}
