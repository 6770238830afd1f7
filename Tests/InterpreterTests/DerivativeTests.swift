import Interpreter
import Testing

/// Derivatives of builtins, to second order, against central differences: run in the language.
@Suite struct DerivativeTests {
  /// Functions of a 2×3 matrix `x` with entries of either sign, away from kinks.
  static let expressions = [
    "exp(x)", "log(x^2 + 1)", "log1p(x^2)", "expm1(x)", "sqrt(x^2 + 0.5)", "abs(x)", "sin(x)",
    "cos(x)", "tan(x / 2)", "asin(x / 3)", "acos(x / 3)", "atan(x)", "tanh(x)", "sigmoid(x)",
    "relu(x)", "softplus(x)", "softmax(x)", "log_softmax(x)", "logsumexp(x)",
    "logsumexp(x, axis=0)",
    "radians(x)", "degrees(x)", "atan2(x, 2)", "maximum(x, 0.1)", "minimum(x, 0.1 * x^2)",
    "clip(x, -1, 1)", "where(x > 0, x^2, x^3)", "sum(x)", "sum(x^2, axis=1)", "mean(x^3)",
    "var(x)", "std(x)", "var(x, axis=0)", "std(x, axis=1, ddof=1)", "max(x)", "min(x, axis=0)",
    "prod(x)", "prod(x, axis=1)", "cumsum(x)", "cumsum(x, axis=1)", "sort(flatten(x))", "norm(x)",
    "norm(x, axis=1)", "normalize(x)", "reshape(x, 3, 2)", "flatten(x)", "transpose(x)", "x.T @ x",
    "x @ x.T", "concat([x, 2 * x])", "stack([x, x^2], axis=1)", "tile(x, [2, 1])",
    "repeat(x, 2, axis=1)",
    "squeeze(x[:, None])", "dot(x[0], x[1])", "outer(x[0], x[1])", "trace(x @ x.T)", "diag(x[0])",
    "diag(x @ x.T)", "det(x @ x.T)", "det(x.T @ x)", "inv(x @ x.T)", "solve(x @ x.T, x)",
    "solve(x @ x.T, x[:, 0])", "cholesky(x @ x.T)", "eigh(x @ x.T)[0]", "eigh(x @ x.T)[1]",
    "svd(x)[0]", "svd(x)[1]", "svd(x)[2]", "svd(x.T)[0]", "qr(x)[0]", "qr(x)[1]", "qr(x.T)[1]",
    "pinv(x)", "x[0]", "x[:, ::-1]", "x[[1, 0, 1]]", "x[x > 0]", "x[..., 1]", "x[None]",
    "sqdist_matrix(x)", "dist_matrix(x)", "cosine_matrix(x)", "gram(x)", "sqdist_matrix(x, w)",
    "cosine_matrix(x, w)", "class_means(x, [0, 0])", "class_means(x, [0, 1])", "x^3", "2^x",
    "(x^2 + 1)^x", "x / (x^2 + 1)", "1 / (x + 5)", "-x * x", "x // 1 * x", "x % 2 * x", "[x, x^2]",
    "[sum(x), prod(x)]", "map(r -> r * r, x)", "reduce((a, b) -> a * b, x)", "[r @ r for r in x]",
    "sum(x, axis=[0, 1])", "var(x, axis=[0, 1], keepdims=true)", "logsumexp(x, axis=[1])",
    "sort(x, axis=0)", "sort(x, axis=none)", "diag(x[0], 1)", "diag(x, 1)", "trace(x, -1)",
    "repeat(x, [1, 2], axis=0)", "bincount([0, 1, 0], x[0])", "round(x, 1) * x",
    "clip(x, none, 0.5)", "vmap(r -> r * r[0])(x)", "vmap((a, b) -> a @ b)(x, w)",
    "jvp(y -> y^3, x, w)", "vjp(y -> y^3, x, w)", "entropy_pairwise(x)",
    "linear(3, 2)(x)",
    "mlp([3, 4, 2])(x)", "normalized(linear(3, 2))(x)",
    "ms(x, [0, 1])", "contrastive(x, [0, 0])", "center(x, [0, 0])", "spce(x, [0, 1])",
    "softmax_ce(x, [0, 1], weights=w)", "softtriple(x, [0, 1], weights=w, centers=1)",
  ]

  private func value(_ text: String) throws -> String {
    let session = Session()
    let reply = session.run(
      "x0 = [[0.7, -1.2, 0.4], [-0.3, 0.9, 1.6]]; w = [[0.5, -0.2, 0.3], [0.1, 0.8, -0.6]]\n\(text)"
    )
    let error = reply.diagnostic.map { ReplyRenderer().diagnostic($0) }
    #expect(error == nil, "\(error ?? "")")
    return reply.shownText ?? ""
  }

  @Test(arguments: expressions)
  func gradientIsTheSlope(_ expression: String) throws {
    // Cosines keep every entry's derivative apart from the others'.
    let f = "f = x -> sum(cos(\(expression)))"
    #expect(try value("\(f)\ncheck_grad(f, x0).error < 1e-7") == "true")
  }

  @Test(arguments: expressions)
  func secondDerivativeIsTheSlopeOfTheGradient(_ expression: String) throws {
    let f = "f = x -> sum(cos(\(expression)))"
    #expect(
      try value("\(f)\ng = x -> sum(grad(f)(x) * cos(3 * x0))\ncheck_grad(g, x0).error < 1e-6")
        == "true")
  }

  @Test(arguments: [
    "x^2", "sum(x)", "x @ x.T", "x[0]", "softmax(x)", "x.T @ x", "sqdist_matrix(x)",
  ])
  func jacobianHasTheShapeOfOutputThenInput(_ expression: String) throws {
    let text = "f = x -> \(expression)\nlen(concat([shape(f(x0)), [2, 3]]))"
    let rank = try value(text)
    #expect(try value("f = x -> \(expression)\njacobian(f)(x0).ndim") == rank)
    #expect(
      try value(
        "f = x -> \(expression)\nall(jacobian(f)(x0).shape == concat([shape(f(x0)), [2, 3]]))")
        == "true")
  }

  @Test(arguments: ["sum(x^3)", "sum(exp(x[0] * x[1]))", "logsumexp(x)", "norm(x)^3"])
  func hessianIsTheJacobianOfTheGradient(_ expression: String) throws {
    #expect(
      try value(
        """
        f = x -> \(expression)
        max(abs(hessian(f)(x0) - jacobian(grad(f))(x0))) < 1e-12
        """) == "true")
  }

  @Test func thirdDerivativesNest() throws {
    #expect(try value("grad(grad(grad(x -> x^5)))(2)") == "240")
    #expect(try value("grad(x -> grad(y -> x * y^2)(3) * x)(2)") == "24")
    #expect(try value("hessian(x -> grad(t -> sum(sin(t * x)))(2))([1]).shape") == "[1, 1]")
  }
}
