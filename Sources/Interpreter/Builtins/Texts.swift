import Tensors

extension BuiltinCatalog {
  /// Functions of strings.
  static let texts: [Builtin] = [
    Builtin("str(x)", "A value as print writes it.", example: "str(1/4)") {
      .text(Formatting.shown($0[0], precision: $0.context.precision))
    },
    Builtin("num(text)", "The number a string writes.", example: "num(\"2.5\")") { call in
      if case .number = call[0].untraced { return call[0] }
      let text = try call.text(0)
      guard let number = Double(text.filter { $0 != " " && $0 != "_" }) else {
        throw call.failure(
          0, "\(Formatting.quoted(text)) is not a number",
          text.contains(",") ? ["The point is written as in 2.5."] : [])
      }
      return .number(number)
    },
    Builtin("upper(text)", "In capital letters.", example: "upper(\"abc\")") {
      .text(try $0.text(0).uppercased())
    },
    Builtin("lower(text)", "In small letters.", example: "lower(\"ABC\")") {
      .text(try $0.text(0).lowercased())
    },
    Builtin("strip(text)", "Without blanks at both ends.", example: "strip(\"  a \")") { call in
      let characters = try call.text(0)
      let head = characters.drop(while: \.isWhitespace)
      return .text(String(head.reversed().drop(while: \.isWhitespace).reversed()))
    },
    Builtin(
      "replace(text, old, new)", "Every old part made new.",
      example: "replace(\"a-b\", \"-\", \"+\")"
    ) { call in
      let old = try call.text(1)
      guard !old.isEmpty else { throw call.failure(1, "the part to replace is empty") }
      let parts = try call.text(0).split(separator: old, omittingEmptySubsequences: false)
      return .text(try Text.joined(parts.map(String.init), separator: try call.text(2)))
    },
    Builtin(
      "split(x, separator=none, test=0.3, seed=0)",
      "The parts of a string between separators; a data set in two.",
      details: "A data set is split by class: `test` of every class goes into the second part.",
      example: "split(\"a,b\", \",\")"
    ) { call in
      if case .object = call[0] { return try splitDataset(call) }
      guard case .text(let whole) = call[0] else { throw call.wrong(0, "a string or a data set") }
      let text = whole.string
      if call.isNone(1) {
        return .list(text.split(whereSeparator: \.isWhitespace).map { .text(String($0)) })
      }
      let separator = try call.text(1)
      guard !separator.isEmpty else { throw call.failure(1, "the separator is empty") }
      return .list(
        text.split(separator: separator, omittingEmptySubsequences: false).map {
          .text(String($0))
        })
    },
    Builtin(
      "join(parts, separator=\"\")", "Strings one after the other.",
      example: "join([\"a\", \"b\"], \", \")"
    ) { .text(try Text.joined(try $0.texts(0), separator: try $0.text(1))) },
    Builtin(
      "contains(text, part)", "Whether a string holds another.", example: "contains(\"abc\", \"b\")"
    ) { call in
      guard case .text(let whole) = call[0] else {
        throw call.failure(
          0, "contains asks a string, not \(call[0].described)", ["Write value in xs."])
      }
      let part = try call.text(1)
      let text = whole.string
      return .bool(part.isEmpty || text.contains(part))
    },
  ]
}
