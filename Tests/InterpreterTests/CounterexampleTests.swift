import Foundation
import Tensors
import Testing

@testable import Interpreter

/// A counterexample is small, the same every time, and fails when it is pasted.
@Suite struct CounterexampleTests {
  /// A link that fails, and what a reader would check after pasting its counterexample.
  struct FalseClaim: CustomTestStringConvertible, Sendable {
    let draws: String
    let chain: String
    let check: String
    /// What the counterexample should be at most as long as.
    let longest: Int
    var testDescription: String { "\(draws) { \(chain) }" }

    init(_ draws: String, _ chain: String, check: String? = nil, longest: Int = 200) {
      (self.draws, self.chain, self.check, self.longest) = (draws, chain, check ?? chain, longest)
    }

    static let all = [
      FalseClaim("z, y in random_batches()", "sum(z) == 0", longest: 20),
      FalseClaim("z, y in random_batches(d=3)", "norm(z[0]) <= 2", longest: 30),
      FalseClaim("z, y in random_batches(normalized=true)", "gram(z) >= -0.5", longest: 40),
      FalseClaim("z, y in random_batches(d=4, normalized=true)", "z[:, 2] <= 0.9", longest: 30),
      FalseClaim(
        "z, y in random_batches(n=9, classes=3, balanced=true)", "sum(z * z) <= len(y)",
        longest: 60),
      FalseClaim("x in uniform(0, 5)", "x <= 4.999", longest: 6),
      FalseClaim("x in uniform(0.1, 0.2)", "x < 0.123456789", longest: 20),
      FalseClaim("x in uniform(-1, 1, shape=[2, 3])", "sum(x) <= 2", longest: 60),
      FalseClaim("x in uniform(1, 2)", "x * 1e17 + 1 > x * 1e17", longest: 20),
      FalseClaim("p in simplex(4)", "p <= 0.6", longest: 24),
      FalseClaim("p in simplex(3, n=2)", "sum(p * p) >= 0.8", longest: 60),
      FalseClaim("x in [5, [1, 2, 3], 4]", "sum(x) < 4.5", longest: 12),
      FalseClaim("t in (k -> k)", "t < 41", longest: 12),
      FalseClaim("t in (k -> \"a\" * k)", "t == \"\"", longest: 12),
      FalseClaim("z in (k -> randn(30, 2, seed=k))", "norm(z) < 0", longest: 50),
      FalseClaim("r in (k -> record(a=[k, 1 / 3], b=\"x\"))", "r.a[1] == 0"),
      FalseClaim("f in [x -> x, x -> 2 * x]", "f(1) == 1", longest: 50),
      FalseClaim("x in uniform(0, 1), y in uniform(0, 1)", "x + y <= 1.5", longest: 20),
      FalseClaim("a, b in [[1, 2], [3, 1]]", "a < b", longest: 16),
      FalseClaim("m in (k -> [k > 3, true])", "m == [false, true]", longest: 24),
    ]
  }

  private static func derivation(_ text: String, in session: Session) throws -> DerivationReport {
    let reply = session.run(text)
    #expect(reply.diagnostic == nil)
    let report = reply.outputs.compactMap { output -> DerivationReport? in
      if case .derivation(let report) = output { report } else { nil }
    }
    return try #require(report.first)
  }

  @Test(arguments: FalseClaim.all.filter { !$0.check.isEmpty })
  func pastedCounterexampleStillFails(_ claim: FalseClaim) throws {
    let session = Session()
    let text = "derive \"claim\" for \(claim.draws) { \(claim.chain) }"
    let report = try Self.derivation(text, in: session)
    let code = try #require(report.links.last).counterexample
    #expect(!report.passed && !code.isEmpty)
    #expect(code.count <= claim.longest, "\(code)")
    let pasted = session.run(code + "\ncheck " + claim.check)
    #expect(pasted.diagnostic == nil, "\(code)")
    #expect(pasted.failures == 1, "\(code)")
    let again = try Self.derivation(text, in: Session())
    #expect(again.links.last?.counterexample == code)
  }

  @Test func pastedAtEveryWidthItIsTheSameProgram() throws {
    let session = Session()
    let report = try Self.derivation(
      """
      derive "definitions" for z, y in random_batches(n=8, d=2, classes=2) {
          far = [sum((z - z[k])^2) for k in range(len(z))]
          text = "a # b; {len(z)}"
          total = (sum(far)
              - 1)  # less one
          total + len(text) <= -1
      }
      """, in: session)
    let code = report.links[0].counterexample
    for width in [20, 30, 45, 80, 200] {
      let lines = CodeLines.fitting(code, width: width)
      let pasted = session.run(lines.joined(separator: "\n") + "\ncheck total + len(text) <= -1")
      #expect(pasted.diagnostic == nil, "\(lines)")
      #expect(pasted.failures == 1)
    }
  }

  @Test func valuesReadBackToTheSameBits() throws {
    let session = Session()
    for number in [
      0.1 + 0.2, 1e-7, -1e300, .leastNonzeroMagnitude, 1.0 / 3, 1e15, 123_456_789, -0.0, .infinity,
    ] {
      let value = session.run(number.shortestDecimal).value
      guard case .number(let read) = value else {
        Issue.record("\(number) reads back as \(value)")
        continue
      }
      #expect(read.bitPattern == number.bitPattern)
    }
    for code in [
      "[[1, 2], [3, 0.1]]", "zeros(0, 3)", "[true, false]", "\"a\\\"\\{ \\u{7} λ\"", "none",
      "[\"a\", [1, 2]]", "record(a=[1, 2], b=record(c=\"d\"))", "[]", "zeros(2, 1, 3)",
      "float32(0.1)", "float32([[0.1], [2]])", "float32(zeros(0, 3))",
    ] {
      let value = session.run(code).value
      let written = try #require(PastedCode.literal(value))
      #expect(session.run(written).value.plainTensor?.dtype == value.plainTensor?.dtype)
      #expect(session.run("json_like = \(written); (json_like == \(code))").diagnostic == nil)
      let again = try #require(PastedCode.literal(session.run(written).value))
      #expect(again == written)
    }
  }

  // MARK: - Constants that do not fit

  @Test(arguments: [
    ("z, y in random_batches(n=12, d=2, classes=3)", "tightness(contrastive, z, y) ≐ center(z, y)"),
    ("z, y in random_batches()", "sum(z^2) ≐ sum(abs(z))"),
    ("z, y in random_batches(normalized=true)", "sum(gram(z)^3) ≐ sum(gram(z))"),
    ("z, y in random_batches(n=4, d=1, classes=1)", "-sum(z^2) ≐ sum(z^2)"),
    ("x in uniform(0, 1), p in simplex(3)", "x * p ≐ x + p"),
    ("x in [1, 2, 3, 4]", "x^2 ≐ x"),
  ])
  func misfitsShowThatNoConstantsFit(_ draws: String, _ chain: String) throws {
    let session = Session()
    let report = try Self.derivation("derive \"c\" for \(draws) { \(chain) }", in: session)
    let code = report.links[0].counterexample
    #expect(!report.passed)
    #expect(code.count < 400, "\(code)")
    let pasted = session.run(code)
    #expect(pasted.diagnostic == nil, "\(code)")
    var points = pasted.outputs.compactMap { output -> ConstantFit.Point? in
      guard case .text(let text) = output else { return nil }
      let numbers = text.split { " ,[]\n".contains($0) }.compactMap { Double($0) }
      return .init(
        a: Array(numbers.prefix(numbers.count / 2)), b: Array(numbers.suffix(numbers.count / 2)))
    }
    if points.isEmpty {
      // One sample shows it by its entries: it is assigned, not gone through.
      let sides = chain.components(separatedBy: " ≐ ")
      let values = sides.compactMap { session.run($0).value.plainTensor?.elements }
      points = [.init(a: values[0], b: values[1])]
    }
    #expect((1...3).contains(points.count))
    #expect(ConstantFit(points).verdict >= .faint, "\(code)")
  }

  @Test func constantsFitLinesThatRise() {
    func fit(_ pairs: [(Double, Double)]) -> Outcome.Verdict {
      ConstantFit(pairs.map { .init(a: [$0.0], b: [$0.1]) }).verdict
    }
    #expect(fit([(3, 1), (5, 2), (7, 3)]) == .holds)
    #expect(fit([(1, 1), (1, 1), (1, 1)]) == .holds)
    #expect(fit([(3e9 + 3, 1), (3e9 + 5, 2), (3e9 + 7, 3)]) == .holds)
    #expect(fit([(3, 1), (5, 2), (7, 4)]) == .clear)
    #expect(fit([(3, 1), (2, 2)]) == .clear)
    #expect(fit([(1, 1), (1, 2), (1, 3)]) == .clear)
    #expect(fit([(1, 1), (2, 1)]) == .clear)
    #expect(fit([(1, 1), (2, 2), (3.001, 3)]) == .faint)
    #expect(fit([(.nan, 1), (2, 2), (3, 3)]) == .undefined)
  }

  @Test func lastShortGroupIsNoError() throws {
    let text = "derive \"c\" for z, y in random_batches(trials=21) { 2 * sum(z) ≐ sum(z) }"
    #expect(try Self.derivation(text, in: Session()).passed)
  }

  // MARK: - The search

  @Test func searchStopsWhereAskedTo() {
    let flag = InterruptFlag()
    let session = Session(interrupt: flag)
    var prints = 0
    session.onOutput = { output in
      guard case .text = output else { return }
      prints += 1
      if prints == 205 { flag.raise() }
    }
    let reply = session.run(
      """
      def told(x) { print(x); x }
      derive "c" for z, y in random_batches() { told(sum(z)) == 0 }
      """)
    #expect(reply.isInterrupted)
    #expect(prints == 205)
  }

  @Test func searchEndsThoughTheChainTakesLong() {
    let session = Session()
    session.maxSeconds = 60
    let reply = session.run(
      """
      def slow(x) { for k in 0:20000 { x = x + 0 }; x }
      derive "c" for z, y in random_batches(n=60, trials=3) { slow(sum(z)) == 0 }
      """)
    #expect(reply.diagnostic == nil && reply.failures == 1)
  }

  @Test func linksThatHeldStillHoldOnTheCounterexample() throws {
    let session = Session()
    let report = try Self.derivation(
      """
      derive "chain" for z, y in random_batches(n=20) {
          len(z) >= 5 >= 0 <= sum(z)
      }
      """, in: session)
    let outcomes = report.links.map { if case .held = $0.outcome { true } else { false } }
    #expect(outcomes == [true, true, false])
    #expect(session.run(report.links[2].counterexample + "\ncheck len(z) >= 5").succeeded)
  }

  @Test func numbersArePreferredToNoNumbers() throws {
    let report = try Self.derivation(
      "derive \"c\" for x in [0, 1, 2] { x / x == 2 }", in: Session())
    #expect(report.links[0].counterexample == "x = 1")
  }
}
