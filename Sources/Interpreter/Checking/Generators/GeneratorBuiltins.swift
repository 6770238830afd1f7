import Tensors

extension BuiltinCatalog {
  /// Numbers of one sample at most: hundreds of samples are drawn, and counterexamples are small.
  private static let largestSample = 1_000_000

  private static func requireDrawable(_ shape: [Int], _ call: Call) throws {
    let size = shape.reduce(1.0) { $0 * Double($1) }
    guard size > Double(largestSample) else { return }
    throw call.failure(
      0, "\(Formatting.number(size)) numbers are too many for one sample of \(call.name)",
      ["The most is \(largestSample). A claim that is false fails on small samples too."])
  }

  /// What `derive` draws from.
  static let generators: [Builtin] = [
    Builtin(
      "random_batches(n=24, d=2, classes=3, normalized=false, balanced=false, trials=200, seed=0)",
      "Random embeddings and labels for derive: z, y in random_batches().",
      details: """
        z: n×d, y: n labels, every class with a member. n may be a range. Every other batch is an edge \
        case: points that coincide or nearly do, collapsed, antipodal, tiny and huge ones, distances \
        and angles that meet common margins, and classes of one member, as far as the options allow. \
        A counterexample is shrunk to fewer rows; d and classes stay as given.
        """,
      example: "type(random_batches())", seeAlso: ["simplex", "uniform"]
    ) { call in
      var options = BatchGenerator.Options()
      if case .range(let range) = call[0] {
        let sizes = try call.at(0) { try range.vector() }.elements
        options.smallest = Int(exactly: sizes.min() ?? 0) ?? 0
        options.largest = Int(exactly: sizes.max() ?? 0) ?? 0
      } else {
        options.smallest = try call.whole(0, from: 1)
        options.largest = options.smallest
      }
      options.d = try call.whole(1, from: 1)
      options.isDimensionGiven = call.isGiven(1)
      options.classes = try call.whole(2, from: 1)
      options.isClassCountGiven = call.isGiven(2)
      options.isNormalized = try call.bool(3)
      options.isBalanced = try call.bool(4)
      options.seed = try call.seed(6)
      guard options.smallest >= options.classes, options.smallest <= options.largest else {
        throw call.failure(
          0, "\(options.smallest) rows are too few for \(options.classes) classes")
      }
      try requireDrawable([options.largest, options.d], call)
      if options.isBalanced,
        options.largest / options.classes * options.classes < options.smallest
      {
        let sizes = options.smallest == options.largest ? "" : "\(options.smallest) to "
        throw call.failure(
          0,
          "\(sizes)\(options.largest) rows cannot be balanced over \(options.classes) classes",
          ["n must be a multiple of classes."])
      }
      return .object(BatchGenerator(options, trials: try call.whole(5, from: 1)))
    },
    Builtin(
      "simplex(k, n=none, trials=200, seed=0)",
      "Random points of the probability simplex for derive.",
      details: """
        k numbers from 0 that sum to 1, or n rows of them. Every other draw is an edge case: corners, \
        sides, the middle, and points close to them.
        """, example: "type(simplex(3))"
    ) { call in
      let k = try call.whole(0, from: 1)
      let n = try call.optionalWhole(1, from: 0)
      try requireDrawable([n ?? 1, k], call)
      return .object(
        SimplexGenerator(k: k, n: n, trials: try call.whole(2, from: 1), seed: try call.seed(3)))
    },
    Builtin(
      "uniform(low, high, shape=[], trials=200, seed=0)", "Random numbers for derive.",
      details: """
        Every other draw is an edge case: the ends, numbers close to them, ties, whole numbers and \
        common margins between the ends.
        """,
      example: "type(uniform(0, 1))"
    ) { call in
      let shape = try call.wholes(2, from: 0)
      try requireDrawable(shape, call)
      let (low, high) = (try call.number(0), try call.number(1))
      guard low.isFinite, high.isFinite, (high - low).isFinite else {
        throw call.failure(1, "the ends of uniform are finite numbers")
      }
      return .object(
        UniformGenerator(
          low: low, high: high, shape: shape, trials: try call.whole(3, from: 1),
          seed: try call.seed(4)))
    },
  ]
}
