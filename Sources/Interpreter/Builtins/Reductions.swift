import Autodiff
import Tensors

extension BuiltinCatalog {
  /// Functions that make one of many, along an axis, along several, or over everything.
  static let reductions: [Builtin] =
    [
      reduction("sum", "The sum, along an axis or of everything.", "sum([[1, 2], [3, 4]], axis=0)")
      {
        try $0.sum(axis: $1, keepDims: $2)
      },
      reduction(
        "mean", "The mean, along an axis or of everything.", "mean([1, 2, 6])", notice: true
      ) {
        try $0.mean(axis: $1, keepDims: $2)
      },
      reduction("prod", "The product, along an axis or of everything.", "prod([1, 2, 6])") {
        try $0.prod(axis: $1, keepDims: $2)
      },
      reduction("any", "Whether some element is true.", "any([0, 0, 1])") {
        .constant(try $0.tensor.any(axis: $1, keepDims: $2))
      },
      reduction("all", "Whether every element is true.", "all([1, 2] > 0)") {
        .constant(try $0.tensor.all(axis: $1, keepDims: $2))
      },
      reduction("count", "How many elements are true.", "count([1, 2, 3] > 1)") {
        .constant(try $0.tensor.countTrue(axis: $1, keepDims: $2))
      },
      search("argmax", "Where the first largest element stands.", "argmax([3, 9, 9])") {
        try $0.argmax(axis: $1, keepDims: $2)
      },
      search("argmin", "Where the first smallest element stands.", "argmin([3, 1, 9])") {
        try $0.argmin(axis: $1, keepDims: $2)
      },
      reduction(
        "logsumexp", "log(sum(exp(x))), without overflow.", "logsumexp([1000, 1000]) - 1000"
      ) { try $0.logsumexp(axis: $1, keepDims: $2) },
      reduction(
        "norm", "The Euclidean (Frobenius) length; its gradient at 0 is taken as 0.",
        "norm([3, 4])"
      ) { try $0.norm(axis: $1, keepDims: $2) },
      extremum("max", "The largest element; ties share the gradient.", "max([3, 9, 2])") {
        try $0.max(axis: $1, keepDims: $2)
      },
      extremum("min", "The smallest element; ties share the gradient.", "min([3, 9, 2])") {
        try $0.min(axis: $1, keepDims: $2)
      },
      spread("var", "The variance, divided by n - ddof.", "var([1, 3])") {
        try $0.variance(axis: $1, keepDims: $3, ddof: $2)
      },
      spread("std", "The standard deviation: the root of var.", "std([1, 3])") {
        try $0.std(axis: $1, keepDims: $3, ddof: $2)
      },
    ] + [
      Builtin(
        "cumsum(x, axis=none)", "Running sums along an axis, or of everything in order.",
        example: "cumsum([1, 2, 3])"
      ) { Value(try $0.quantity(0).cumsum(axis: try axis($0, 1))) },
      Builtin(
        "softmax(x, axis=-1)", "exp(x) divided by its sum along an axis.",
        example: "softmax([0, 0])"
      ) { Value(try $0.quantity(0).softmax(axis: try $0.whole(1))) },
      Builtin(
        "log_softmax(x, axis=-1)", "The logarithm of softmax, without overflow.",
        example: "log_softmax([0, 0])"
      ) { Value(try $0.quantity(0).logSoftmax(axis: try $0.whole(1))) },
      Builtin(
        "sort(x, axis=-1)", "In ascending order along an axis; nan last.",
        details: "axis=none sorts all elements in one row.", example: "sort([3, 1, 2])",
        seeAlso: ["argsort", "sorted"]
      ) { call in
        if case .list = call[0] {
          throw call.failure(
            0, "sort is for tensors, and this is a list", ["Lists are ordered by sorted(xs)."])
        }
        return Value(try call.quantity(0).sorted(axis: try axis(call, 1)))
      },
      Builtin(
        "argsort(x, axis=-1)", "The positions that would put x in ascending order.",
        example: "argsort([3, 1, 2])"
      ) { .tensor(try $0.tensor(0).argsort(axis: try axis($0, 1))) },
      Builtin(
        "unique(x, return_inverse=false, return_counts=false)",
        "The different elements, ascending.",
        details: """
          return_inverse=true gives [values, where each element of x is among them], and \
          return_counts=true also how often each occurs.
          """,
        example: "unique([2, 1, 2])", seeAlso: ["bincount"]
      ) { call in
        let x = try call.tensor(0)
        let values = x.unique()
        let inverse = try values.searchsorted(x)
        var parts = [Value.tensor(values)]
        if call[0].isFollowed {
          var first = [Int](repeating: 0, count: values.count)
          for (place, number) in inverse.elements.enumerated().reversed() {
            first[Int(number)] = place
          }
          let places = Tensor.Index.gather(first, shape: [first.count])
          parts = [Value(try call.quantity(0).flattened().subscripted([places]))]
        }
        if try call.bool(1) { parts.append(.tensor(inverse)) }
        if try call.bool(2) {
          parts.append(.tensor(try inverse.flattened().bincount(minimumLength: values.count)))
        }
        return parts.count == 1 ? parts[0] : .list(parts)
      },
      Builtin(
        "bincount(x, weights=none, minlength=0)", "How often each whole number from 0 occurs.",
        details: "With weights, a number for each entry of x, the sums of these instead.",
        example: "bincount([0, 2, 2])", seeAlso: ["unique"]
      ) { call in
        let x = try call.tensor(0)
        let least = try call.whole(2, from: 0)
        _ = try call.at(2) { try Shape.count([least]) }
        let counts = try call.at(0) { try x.bincount(minimumLength: least) }
        guard !call.isNone(1) else { return .tensor(counts) }
        // Sums of weights are float64, as NumPy's.
        let weights = try call.quantity(1).converted(to: .float64)
        guard weights.shape == x.shape else {
          throw call.failure(
            1, "bincount needs a weight for each number",
            ["There are \(x.count) numbers; weights is \(call[1].described)."])
        }
        let places = x.elements.map { Int($0) }
        return Value(
          try weights.scattered(
            at: [.gather(places, shape: [places.count])], shape: counts.shape))
      },
    ]

  private typealias Reduce = @Sendable (Quantity, Int?, Bool) throws -> Quantity

  private static func reduction(
    _ name: String, _ summary: String, _ example: String, notice: Bool = false,
    _ body: @escaping Reduce
  ) -> Builtin {
    Builtin(
      "\(name)(x, axis=none, keepdims=false)", summary, details: severalAxes, example: example
    ) { call in
      if notice, try call.quantity(0).count == 0 {
        call.context.notice("the \(name) of nothing is nan")
      }
      return try reduced(call, keepDims: 2, body)
    }
  }

  /// `argmax` and `argmin`, whose answer counts along one axis or through everything.
  private static func search(
    _ name: String, _ summary: String, _ example: String,
    _ body: @escaping @Sendable (Tensor, Int?, Bool) throws -> Tensor
  ) -> Builtin {
    Builtin("\(name)(x, axis=none, keepdims=false)", summary, example: example) { call in
      .tensor(try body(try call.tensor(0), try axis(call, 1), try call.bool(2)))
    }
  }

  /// `max` and `min`: a second argument by position is nearly always meant as a second value.
  private static func extremum(
    _ name: String, _ summary: String, _ example: String, _ body: @escaping Reduce
  ) -> Builtin {
    Builtin(
      "\(name)(x, axis=none, keepdims=false)", summary, details: severalAxes, example: example,
      seeAlso: ["\(name)imum", "arg\(name)"]
    ) { call in
      if call.isGiven(1), !call.isNamed[1] {
        throw call.failure(
          1, "\(name) of two values is \(name)imum",
          ["Write \(name)imum(a, b), or \(name)(x, axis=0) for an axis."])
      }
      return try reduced(call, keepDims: 2, body)
    }
  }

  private static func spread(
    _ name: String, _ summary: String, _ example: String,
    _ body: @escaping @Sendable (Quantity, Int?, Int, Bool) throws -> Quantity
  ) -> Builtin {
    Builtin(
      "\(name)(x, axis=none, ddof=0, keepdims=false)", summary, details: severalAxes,
      example: example
    ) { call in
      let ddof = try call.whole(2, from: 0)
      return try reduced(call, keepDims: 3) { try body($0, $1, ddof, $2) }
    }
  }

  private static let severalAxes = "axis: a number, or several such as [0, 2]."

  /// `body` along the axis or axes of the call.
  private static func reduced(
    _ call: Call, keepDims index: Int, _ body: Reduce
  ) throws -> Value {
    if call.isGiven(1), !call.isNamed[1], try call.quantity(0).rank == 0 {
      throw call.failure(
        1, "\(call.name) takes one value", ["Put numbers into a list: \(call.name)([a, b])."])
    }
    return try reduced(call, axis: 1, keepDims: try call.bool(index), body)
  }
}
