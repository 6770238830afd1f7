import Autodiff
import Glibc
import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// Functions about values of any kind.
  static let language: [Builtin] = [
    Builtin(
      "print(values..., sep=\" \", end=\"\\n\", all=false)", "Writes values.",
      details: "all=true writes every entry of a large tensor.", example: "print(\"x is\", 3)"
    ) { call in
      let all = try call.bool(3)
      let shown = try call.list(0).map {
        Formatting.shown($0, precision: call.context.precision, all: all)
      }
      let end = try call.text(2).replacing("\\n", with: "\n")
      call.context.output(.text(shown.joined(separator: try call.text(1)) + end))
      return .nothing
    },
    Builtin(
      "show(x)", "Draws a plot, or writes a value, in the middle of a cell.", example: "show(3)"
    ) { call in
      if case .object(let object) = call[0], let plot = object as? PlotObject {
        call.context.output(.plot(plot.plot))
      } else {
        let text = Formatting.result(call[0], precision: call.context.precision)
        call.context.output(.text(text + "\n"))
      }
      return .nothing
    },
    Builtin("type(x)", "The kind of a value, as a word.", example: "type([1, 2])") {
      .text($0[0].typeName)
    },
    Builtin(
      "len(x)", "How many rows, elements, characters or fields.", example: "len([5, 6, 7])"
    ) { call in
      if case .object(let object) = call[0], let data = object as? DatasetObject {
        return .number(Double(data.dataset.x.shape[0]))
      }
      return .number(Double(try Iterating.length(of: call[0])))
    },
    Builtin("record(name=...)", "Named values together.", example: "record(x=1, y=2)") { $0[0] },
    Builtin("fields(r)", "The names of a record's fields.", example: "fields(record(x=1))") {
      call in
      switch call[0] {
      case .record(let record): return .list(record.names.map { .text($0) })
      case .object(let object): return .list(object.fieldNames.map { .text($0) })
      default: throw call.wrong(0, "a record")
      }
    },
    Builtin(
      "append(xs, value)", "The list with one more value.", example: "append([1, 2], 3)"
    ) { call in
      try Value.bracketed(try call.elements(0) + [call[1]])
    },
    Builtin(
      "zip(lists...)", "A list of the first elements together, the second ones, ….",
      example: "zip([1, 2], [\"a\", \"b\"])"
    ) { call in
      let lists = try call.list(0).enumerated().map { place, value in
        if case .number = value {
          throw Failure(
            "zip goes through lists and tensors, not a number", at: .argument(place))
        }
        return try Iterating.all(value)
      }
      let count = lists.map(\.count).min() ?? 0
      return .list((0..<count).map { index in .list(lists.map { $0[index] }) })
    },
    Builtin(
      "enumerate(xs, start=0)", "A list of positions with their elements.",
      example: "enumerate([\"a\", \"b\"])"
    ) { call in
      let start = try call.whole(1)
      return .list(
        try call.elements(0).enumerated().map {
          .list([.number(Double($0.offset + start)), $0.element])
        })
    },
    Builtin(
      "clock()", "Seconds that only ever go up; for measuring.", example: "clock() > 0"
    ) { _ in
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return .number(Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
    },
    Builtin(
      "assert_shape(x, shape)", "Fails unless x has this shape; gives x.",
      example: "assert_shape(zeros(2, 3), [2, 3])"
    ) { call in
      let shape = try call.wholes(1)
      let found = try call.tensor(0).shape
      guard shape == found else {
        throw call.failure(0, "the shape is \(shapeText(found)), not \(shapeText(shape))")
      }
      return call[0]
    },
  ]
}
