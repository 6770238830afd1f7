import Diagnostics
import Interpreter
import Testing

/// `:trap nan on`: the operation that makes the first nan is an error.
@Suite struct NaNTrapTests {
  @Test(arguments: [
    ("x = 0; x / x", "0 / 0 is nan", 1, 8),
    ("inf - inf", "inf - inf is nan", 1, 1),
    ("y = 0\ny += 1\nlog([1, 2, -3])", "log gives the first nan, in entry [2]", 3, 1),
    ("z = [[1, 0], [2, 0]]; z / z", "/ gives the first nan, in entry [0, 1]", 1, 23),
    ("def f(x) {\n  y = x - 1\n  sqrt(y)\n}\nf(0)", "sqrt gives the first nan", 3, 3),
    ("def f(x) = sum(log(x)); grad(f)([1, -1])", "log gives the first nan, in entry [1]", 1, 16),
    ("x = [0, inf]; 2 * x + x * 0", "* gives the first nan, in entry [1]", 1, 23),
    ("(-8) ^ 0.5", "-8 ^ 0.5 is nan", 1, 1),
  ])
  func firstNaNIsAnErrorAtItsOperation(
    program: String, message: String, line: Int, column: Int
  ) throws {
    let session = Session()
    session.trapsNaN = true
    let reply = session.run(program)
    let diagnostic = try #require(reply.diagnostic)
    #expect(diagnostic.message == message)
    let span = try #require(diagnostic.span)
    let place = try #require(diagnostic.source).position(at: span.start)
    #expect(place.line == line)
    #expect(place.column == column)
  }

  @Test func operandsAreTold() throws {
    let session = Session()
    session.trapsNaN = true
    let diagnostic = try #require(session.run("atan2([1, 0], [2, 3]) - log([1, -4])").diagnostic)
    #expect(ReplyRenderer().diagnostic(diagnostic).contains("There x is -4."))
  }

  @Test func nanThatWasThereBeforePasses() {
    let session = Session()
    session.trapsNaN = true
    #expect(session.run("x = [1, nan]; sum(x * 2 + 1)").shownText == "nan")
    #expect(session.run("isnan(nan + 1)").shownText == "true")
  }

  @Test func nothingIsTrappedUnlessAsked() {
    let session = Session()
    #expect(session.run("0 / 0").shownText == "nan")
    session.trapsNaN = true
    #expect(!session.run("0 / 0").succeeded)
    session.trapsNaN = false
    #expect(session.run("0 / 0").shownText == "nan")
  }

  @Test func sessionGoesOnAfterATrap() {
    let session = Session()
    session.trapsNaN = true
    #expect(!session.run("a = 2; b = log(-a)").succeeded)
    #expect(session.run("a + 1").shownText == "3")
  }
}
