import Syntax

extension BuiltinCatalog {
  /// Functions that take functions.
  static let functional: [Builtin] = [
    Builtin(
      "map(f, xs)", "f of every element.", example: "map(x -> x^2, [1, 2, 3])", seeAlso: ["filter"]
    ) { call in
      try Value.bracketed(try call.elements(1).map { try call.invoke(0, [$0]) })
    },
    Builtin(
      "filter(f, xs)", "The elements of which f is true.", example: "filter(x -> x > 1, [1, 2, 3])",
      seeAlso: ["map"]
    ) { call in
      try Value.bracketed(
        try call.elements(1).filter { try Comparing.truth(try call.invoke(0, [$0])) })
    },
    Builtin(
      "reduce(f, xs, initial=none)", "f of a running value and the next element, to the end.",
      example: "reduce((a, b) -> a * b, [1, 2, 3], 1)"
    ) { call in
      var values = try call.elements(1)[...]
      var total: Value
      if call.isGiven(2) {
        total = call[2]
      } else {
        guard let first = values.popFirst() else {
          throw call.failure(1, "reduce of nothing needs an initial value")
        }
        total = first
      }
      for value in values { total = try call.invoke(0, [total, value]) }
      return total
    },
    Builtin(
      "sorted(xs, key=none)", "In ascending order, of the elements or of key(element).",
      example: "sorted([\"b\", \"a\"])"
    ) { call in
      let values = try call.elements(0)
      let keys = call.isNone(1) ? values : try values.map { try call.invoke(1, [$0]) }
      let order = try values.indices.sorted { a, b in
        let isLess = try Comparing.truth(try Comparing.compare(.less, keys[a], keys[b]))
        let isMore = try Comparing.truth(try Comparing.compare(.less, keys[b], keys[a]))
        return isLess || (!isMore && a < b)
      }
      return try Value.bracketed(order.map { values[$0] })
    },
  ]
}
