import Cards
import Diagnostics
import Interpreter
import MetricLearning
import Tensors
import Testing

/// Derivatives of every builtin, to second order, against central differences: run in the language.
@Suite struct DerivativeLawTests {
  @Test(arguments: Slope.ofBuiltins) func gradientIsTheSlope(_ slope: Slope) throws {
    #expect(try slope.firstError() < Slope.firstTolerance)
  }

  @Test(arguments: Slope.ofBuiltins)
  func secondDerivativeIsTheSlopeOfTheGradient(_ slope: Slope) throws {
    #expect(try slope.secondError() < Slope.secondTolerance)
  }

  @Test func everyBuiltinIsDifferentiatedOrSaysWhyNot() {
    let classified = Set(Self.classified)
    for name in BuiltinCatalog.all.map(\.card.name) where LossCatalog.named(name) == nil {
      #expect(classified.contains(name), "\(name) needs an expression here, or a reason for none")
    }
  }

  @Test func noBuiltinIsClassifiedTwice() {
    for (name, entries) in Dictionary(grouping: Self.classified, by: \.self) {
      #expect(entries.count == 1, "\(name)")
      #expect(BuiltinCatalog.named(name) != nil, "\(name) is no builtin")
      #expect(LossCatalog.named(name) == nil, "losses need no entry: \(name)")
    }
  }

  @Test func everyExpressionCallsItsBuiltin() {
    for (name, expressions) in Self.differentiable {
      #expect(!expressions.isEmpty, "\(name)")
      for expression in expressions {
        #expect(expression.contains("\(name)("), "\(name): \(expression)")
      }
    }
  }

  @Test(arguments: onceDifferentiable.map(\.value))
  func halfOfALossHasOneDerivative(_ expression: String) throws {
    let slope = Slope(expression)
    #expect(try slope.firstError() < Slope.firstTolerance)
    let reply = slope.session.run("hessian(f)(x0)")
    let diagnostic = try #require(reply.diagnostic)
    #expect(diagnostic.message.hasSuffix("has no second derivative"))
  }

  @Test(arguments: refusing.map(\.value))
  func whatNobodyDifferentiatesIsRefused(_ expression: String) throws {
    let reply = Slope(expression).session.run("grad(f)(x0)")
    let diagnostic = try #require(reply.diagnostic)
    #expect(diagnostic.message.hasSuffix("cannot be differentiated"))
  }

  /// Rounding to float32 hides small steps, so that the slope is known otherwise.
  @Test func float32PassesItsDerivativeOn() throws {
    let session = Slope("float32(x)").session
    let reply = session.run(
      "max(abs(grad(f)(x0) + sin(x0))) < 1e-6 and max(abs(hvp(f, x0, w) + w * cos(x0))) < 1e-6")
    #expect(reply.shownText == "true")
  }

  /// What every function is to `x`, a 2×3 matrix with entries of either sign, away from kinks.
  ///
  /// Functions with steps are here too: between them their slope is 0, and so must be their derivative.
  static let differentiable: KeyValuePairs<String, [String]> = [
    // Elementwise
    "exp": ["exp(x)"],
    "log": ["log(x^2 + 1)"],
    "log1p": ["log1p(x^2)"],
    "expm1": ["expm1(x)"],
    "sqrt": ["sqrt(x^2 + 0.5)"],
    "abs": ["abs(x)"],
    "sign": ["sign(x)", "sign(x) * x"],
    "sin": ["sin(x)"],
    "cos": ["cos(x)"],
    "tan": ["tan(x / 2)"],
    "asin": ["asin(x / 3)"],
    "acos": ["acos(x / 3)"],
    "atan": ["atan(x)"],
    "tanh": ["tanh(x)"],
    "sigmoid": ["sigmoid(x)"],
    "relu": ["relu(x)"],
    "softplus": ["softplus(x)"],
    "floor": ["floor(x)", "floor(x) * x"],
    "ceil": ["ceil(x)", "ceil(x) * x"],
    "radians": ["radians(x)"],
    "degrees": ["degrees(x)"],
    "isnan": ["isnan(x)"],
    "isfinite": ["isfinite(x) * x"],
    "round": ["round(x)", "round(x, 1) * x"],
    "atan2": ["atan2(x, 2)", "atan2(2, x)", "atan2(x, w)", "atan2(x[0], x[1])"],
    "maximum": ["maximum(x, 0.1)", "maximum(x[0], x[1])"],
    "minimum": ["minimum(x, 0.1 * x^2)", "minimum(x[0], x[1])"],
    "clip": ["clip(x, -1, 1)", "clip(x, none, 0.5)", "clip(w, x - 0.5, x)"],
    "where": ["where(x > 0, x^2, x^3)", "where(w > 0, x, x[:, :1])"],
    "isclose": ["isclose(x, 0.7) * x"],
    // Creation
    "full": ["full([2], x[0, 1])", "full([2, 2], x[0, :1]) * x[0, 0]"],
    "arange": ["arange(x[0, 0], 5)", "arange(0, 5, x[0, 0])", "arange(x[0, 0], 5, x[0, 2])"],
    "linspace": ["linspace(x[0, 0], x[0, 1], 4)", "linspace(x[0, 0], 2, 4, endpoint=false)"],
    "unique": ["unique(x)^2", "unique(concat([x, x]))"],
    // Reductions
    "sum": ["sum(x)", "sum(x^2, axis=1)", "sum(x, axis=[0, 1])"],
    "mean": ["mean(x^3)", "mean(x, axis=0, keepdims=true)"],
    "var": ["var(x)", "var(x, axis=0)", "var(x, axis=[0, 1], keepdims=true)"],
    "std": ["std(x)", "std(x, axis=1, ddof=1)"],
    "max": ["max(x)", "max(x, axis=1)"],
    "min": ["min(x)", "min(x, axis=0)"],
    "argmax": ["argmax(x, axis=0)", "x[:, argmax(x[0])]"],
    "argmin": ["argmin(x)"],
    "prod": ["prod(x)", "prod(x, axis=1)"],
    "any": ["any(x > 0, axis=0)"],
    "all": ["all(x > 0, axis=0)"],
    "count": ["count(x > 0) * x"],
    "cumsum": ["cumsum(x)", "cumsum(x, axis=1)"],
    "norm": ["norm(x)", "norm(x, axis=1)"],
    "logsumexp": ["logsumexp(x)", "logsumexp(x, axis=0)", "logsumexp(x, axis=[1])"],
    "softmax": ["softmax(x)", "softmax(x, axis=0)"],
    "log_softmax": ["log_softmax(x)", "log_softmax(x, axis=0)"],
    "sort": ["sort(flatten(x))", "sort(x, axis=0)", "sort(x, axis=none)"],
    "argsort": ["argsort(x)", "x[1][argsort(x[0])]"],
    "bincount": ["bincount([0, 1, 0], x[0])"],
    // Shapes
    "shape": ["shape(x)"],
    "reshape": ["reshape(x, 3, 2)"],
    "flatten": ["flatten(x)"],
    "transpose": ["transpose(x)", "transpose(x[None], [1, 2, 0])"],
    "concat": ["concat([x, 2 * x])", "concat([x, x^2], axis=1)"],
    "stack": ["stack([x, x^2], axis=1)"],
    "tile": ["tile(x, [2, 1])"],
    "repeat": ["repeat(x, 2, axis=1)", "repeat(x, 2)", "repeat(x, [1, 2], axis=0)"],
    "squeeze": ["squeeze(x[:, None])"],
    "assert_shape": ["assert_shape(x, [2, 3])"],
    "float64": ["float64(x)"],
    // Linear algebra
    "dot": ["dot(x[0], x[1])", "dot(x, w.T)"],
    "outer": ["outer(x[0], x[1])"],
    "normalize": ["normalize(x)", "normalize(x, axis=0)"],
    "trace": ["trace(x @ x.T)", "trace(x, -1)"],
    "diag": ["diag(x[0])", "diag(x @ x.T)", "diag(x[0], 1)", "diag(x, 1)"],
    "det": ["det(x @ x.T)", "det(x.T @ x)"],
    "inv": ["inv(x @ x.T)"],
    "solve": ["solve(x @ x.T, x)", "solve(x @ x.T, x[:, 0])"],
    "pinv": ["pinv(x)", "pinv(x.T)"],
    "rank": ["rank(x) * x"],
    "eigh": ["eigh(x @ x.T)[0]", "eigh(x @ x.T)[1]"],
    "svd": ["svd(x)[0]", "svd(x)[1]", "svd(x)[2]", "svd(x.T)[0]"],
    "qr": ["qr(x)[0]", "qr(x)[1]", "qr(x.T)[0]", "qr(x.T)[1]"],
    "cholesky": ["cholesky(x @ x.T)"],
    // Lists, records and functions
    "len": ["len(x) * x"],
    "record": ["record(a=x, b=x^2).b"],
    "append": ["append(x, x[0] * x[1])"],
    "zip": ["[r * s for r, s in zip(x, x[::-1])]"],
    "enumerate": ["[k + r^2 for k, r in enumerate(x)]"],
    "map": ["map(r -> r * r, x)"],
    "filter": ["filter(r -> r[1] > 0, x)"],
    "reduce": ["reduce((a, b) -> a * b, x)", "reduce((a, b) -> a * b, x, x[1])"],
    "sorted": ["sorted(x[0])", "sorted(x, key=r -> r[0])"],
    "shuffle": ["shuffle(x, seed=1) * w"],
    // Derivatives of derivatives
    "grad": ["grad(v -> sum(v^3 * x))(x)"],
    "value_and_grad": ["value_and_grad(v -> sum(v^3))(x)[1]"],
    "jacobian": ["jacobian(v -> v * v[::-1])(x[0])"],
    "hessian": ["hessian(v -> prod(v) + sum(v * w[0])^3)(x[0])"],
    "hvp": ["hvp(v -> sum(v^4), x, w)", "hvp(v -> sum(v^4), w, x)"],
    "jvp": ["jvp(v -> v^3, x, w)", "jvp(v -> v^3, w, x)"],
    "vjp": ["vjp(v -> v^3, x, w)", "vjp(v -> v^3, w, x)"],
    "vmap": ["vmap(r -> r * r[0])(x)", "vmap((a, b) -> a @ b)(x, w)"],
    // Embeddings
    "sqdist_matrix": ["sqdist_matrix(x)", "sqdist_matrix(x, w)"],
    "dist_matrix": ["dist_matrix(x)", "dist_matrix(w, x)"],
    "cosine_matrix": ["cosine_matrix(x)", "cosine_matrix(x, w)"],
    "gram": ["gram(x)", "gram(x, w)"],
    "class_means": ["class_means(x, [0, 0])", "class_means(x, [0, 1])"],
    "entropy_pairwise": ["entropy_pairwise(x)", "entropy_pairwise(x.T, form=\"eq7\")"],
    "entropy": ["entropy(x, k=1)", "entropy(x.T, k=2)"],
    "conditional_entropy": [
      "conditional_entropy(x.T, [0, 0, 0], k=1)",
      "conditional_entropy(concat([x, w]), [0, 0, 1, 1], estimator=\"meannn\")",
    ],
    "mutual_information": [
      "mutual_information(concat([x, w]), [0, 0, 1, 1], k=1)",
      "mutual_information(concat([x, w]), [0, 0, 1, 1], estimator=\"meannn\")",
      "mutual_information(concat([x, w]), [0, 1, 0, 1], estimator=\"kde\", sigma=0.5)",
    ],
    "majorize": [
      "majorize(v -> sum(v^3), at=x)(w)", "majorize(v -> sum(v^3), at=w, curvature=3)(x)",
      "majorize(v -> sum(v^3 * x), at=w).minimizer",
    ],
    "mm": [
      "mm(v -> sum((v - x)^4), w, curvature=20, steps=2).points[2]",
      "mm(v -> sum(v^2 / 3 - v * x), x, steps=1).values",
    ],
    "recall_at_k": ["recall_at_k(x, [0, 0]) * x"],
    "r_precision": ["r_precision(x, [0, 0]) * x"],
    "map_at_r": ["map_at_r(x, [0, 0]) * x"],
    "knn_accuracy": ["knn_accuracy(x, [0, 0], k=1) * x"],
    "parametric": [
      "parametric((p, v) -> tanh(v @ p.W), record(W=w.T))(x)",
      "parametric((p, v) -> tanh(v @ p.W), record(W=w.T)).with(record(W=x.T))(w)",
    ],
    "linear": ["linear(3, 2)(x)", "linear(2, 3, bias=false).with(record(W=x))(w.T)"],
    "mlp": ["mlp([3, 4, 2])(x)", "mlp([3, 4, 2], activation=\"sigmoid\")(x)"],
    "embedding_table": ["embedding_table(2, 3).with(record(rows=x))()"],
    "normalized": ["normalized(linear(3, 2))(x)"],
  ]

  /// Functions whose second derivative is refused.
  static let onceDifferentiable: KeyValuePairs<String, String> = [
    "tightness": "tightness(contrastive, x, [0, 0])",
    "contrast": "contrast(contrastive(margin=5), x, [0, 1])",
  ]

  /// Functions whose first derivative is refused.
  static let refusing: KeyValuePairs<String, String> = [
    "pair_weights": "pair_weights(ms, x, [0, 1])",
    "range": "sum(range(x[0, 0]))",
    "dataset": "contrastive(dataset(x, [0, 1]))",
    "fit": "fit(linear(3, 2), [x, [0, 1]], contrastive, steps=1).loss[0]",
    "check_grad": "check_grad(v -> sum(v * x), w).gradient",
    "mine": "sum(mine(x, [0, 0], \"all\").d)",
    "all_pairs": "sum(all_pairs(x, [0, 1]).d)",
    "hard_pairs": "sum(hard_pairs(x, [0, 1]).d)",
    "semihard_triplets": "sum(semihard_triplets(x, [0, 1]).d_ap)",
    "hardest_triplets": "sum(hardest_triplets(x, [0, 1]).d_ap)",
    "ms_miner": "sum(ms_miner(x, [0, 1]).d)",
    "distance_weighted": "sum(distance_weighted(x, [0, 1]).d_ap)",
    "kmeans": "kmeans(x, 1).inertia",
    "silhouette": "silhouette(x, [0, 1])",
    "alignment": "alignment(x, [0, 0])",
    "uniformity": "uniformity(x)",
    "effective_rank": "effective_rank(x)",
    "evaluate": "evaluate(x, [0, 0]).nmi",
    "explain": "explain(ms, x, [0, 1]).value",
    "diagnose": "len(diagnose(ms, x, [0, 1]).findings)",
    "levels": "levels(x[0, 0] * triplet(), [0, 1]).collapse",
  ]

  /// Functions without a derivative, by the reason.
  static let notDifferentiable: KeyValuePairs<String, [String]> = [
    "a constant by definition": ["stop_gradient", "float32"],
    "takes sizes, shapes and labels": [
      "zeros", "ones", "eye", "one_hot", "same_class", "class_counts", "pairs",
      "count_tuples", "nmi", "ami", "ari", "pairwise_f1",
    ],
    "takes a data set, in which nothing is followed": [
      "standardize", "compare", "split", "split_classes", "minibatches",
    ],
    "draws": [
      "rand", "randn", "randint", "permutation", "seed", "blobs", "moons", "circles", "rings",
      "spirals", "xor", "pinwheel", "checkerboard", "hypersphere", "two_moons_pairs", "multimodal",
      "random_batches", "simplex", "uniform",
    ],
    "gives or takes text": [
      "str", "num", "upper", "lower", "strip", "replace", "join", "contains", "type", "fields",
      "definition", "json", "parse_json", "print", "show", "describe",
    ],
    "reads, writes or measures": [
      "read_csv", "write_csv", "read_npy", "write_npy", "read_json", "write_json", "save", "clock",
      "iris", "wine", "digits",
    ],
    "gives a plot, an optimizer or a truth value": [
      "scatter", "curve", "line", "heatmap", "hist", "pairs_hist", "bar", "contour", "field",
      "landscape", "warp", "bound_plot", "beside", "above", "replay", "sgd", "adam", "adamw",
      "lbfgs", "close", "shape_is", "same_function", "grad_ok", "similarities",
    ],
  ]

  private static let classified =
    differentiable.map(\.key) + onceDifferentiable.map(\.key) + refusing.map(\.key)
    + notDifferentiable.flatMap(\.value)
}

/// Derivatives of every loss against central differences, at each choice of its parameters.
@Suite struct LossDerivativeLawTests {
  /// In every entry, with one parameter changed at a time: at all settings the kernel's gradient is
  /// compared with its definition's.
  @Test(arguments: LossSetting.all.filter { $0.arguments.count < 2 && $0.hasSlope })
  func gradientIsTheSlope(_ setting: LossSetting) throws {
    let session = try setting.session(of: .kernel)
    session.take(Batch.plain)
    for (function, point) in try functions(of: setting) {
      #expect(
        try session.number("check_grad(\(function), \(point)).error") < Slope.firstTolerance,
        "in \(point)")
    }
  }

  /// Along a line on which every entry moves: weights may have many entries, and central differences
  /// want two gradients for each.
  @Test(arguments: LossSetting.all.filter(\.hasSlope))
  func secondDerivativeIsTheSlopeOfTheGradient(_ setting: LossSetting) throws {
    let session = try setting.session(of: .kernel)
    session.take(Batch.plain)
    for (function, point) in try functions(of: setting) {
      let moved = "\(point) + t * cos(5 * \(point))"
      let slope = "t -> sum(grad(\(function))(\(moved)) * cos(3 * \(point)))"
      #expect(
        try session.number("check_grad(\(slope), 0).error") < Slope.secondTolerance, "in \(point)")
    }
  }

  /// The loss as a function of every tensor it is differentiated in, with that tensor's name.
  private func functions(of setting: LossSetting) throws -> [(function: String, point: String)] {
    try setting.points.map { ("\($0) -> \(try setting.call("L", "z"))", $0) }
  }
}

/// An expression in `x`, to be differentiated in a session of its own.
struct Slope: CustomTestStringConvertible, Sendable {
  let expression: String

  init(_ expression: String) { self.expression = expression }

  /// One for every expression of the table.
  static let ofBuiltins = DerivativeLawTests.differentiable.flatMap { $0.value.map(Slope.init) }

  /// Central differences come within 1e-9 or so of a derivative of size 1.
  static let firstTolerance = 1e-7
  /// A gradient has larger derivatives than the function, and so larger errors of the formula.
  static let secondTolerance = 1e-6

  var testDescription: String { expression }

  /// `f` of a matrix, the point `x0` and another matrix `w`.
  ///
  /// The cosines of f keep every entry's derivative apart from the others'.
  var session: Session {
    let session = Session()
    _ = session.run(
      """
      x0 = [[0.7, -1.2, 0.4], [-0.3, 0.9, 1.6]]; w = [[0.5, -0.2, 0.3], [0.1, 0.8, -0.6]]
      f = x -> sum(cos(\(expression)))
      """)
    return session
  }

  /// How far the gradient of f is from central differences.
  func firstError() throws -> Double { try session.number("check_grad(f, x0).error") }

  /// How far the derivative of the gradient's entries, weighted, is from central differences.
  func secondError() throws -> Double {
    try session.number("check_grad(x -> sum(grad(f)(x) * cos(3 * x0)), x0).error")
  }
}

extension Session {
  /// The number that a program ends with.
  fileprivate func number(_ program: String) throws -> Double {
    let reply = run(program)
    let explanation = reply.diagnostic.map { ReplyRenderer().diagnostic($0) } ?? ""
    let tensor = try #require(reply.value.plainTensor, "\(explanation)")
    try #require(tensor.count == 1)
    return tensor.elements[0]
  }
}
