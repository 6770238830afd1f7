import Interpreter
import Testing

/// Derivatives of programs, to second order, against central differences: run in the language.
@Suite struct DerivativeTests {
  /// Functions of a 2×3 matrix `x` that are no builtins; those are in `DerivativeLawTests`.
  static let expressions = [
    "-x * x", "x / (x^2 + 1)", "1 / (x + 5)", "x^3", "2^x", "(x^2 + 1)^x", "x // 1 * x",
    "x % 2 * x", "1.3 % x", "x.T @ x", "x @ x.T", "x @ x[0]", "x[0]", "x[:, ::-1]",
    "x[[1, 0, 1]]", "x[x > 0]", "x[..., 1]", "x[None]", "[x, x^2]", "[sum(x), prod(x)]",
    "[r @ r for r in x]",
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

  @Test(arguments: expressions) func gradientIsTheSlope(_ expression: String) throws {
    #expect(try Slope(expression).firstError() < Slope.firstTolerance)
  }

  @Test(arguments: expressions)
  func secondDerivativeIsTheSlopeOfTheGradient(_ expression: String) throws {
    #expect(try Slope(expression).secondError() < Slope.secondTolerance)
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
