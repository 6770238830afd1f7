import Interpreter
import Plots
import Testing

/// What `check` and `derive` print, at several widths and in ASCII.
@Suite struct CheckPrintingTests {
  private static func printed(
    _ code: String, columns: Int = 80, _ characters: RenderOptions.Characters = .braille
  ) -> String {
    let renderer = ReplyRenderer(RenderOptions(columns: columns, characters: characters))
    let reply = Session().run(code)
    let error = reply.diagnostic.map { renderer.diagnostic($0) + "\n" } ?? ""
    return reply.outputs.map { renderer.text($0) }.joined() + error
  }

  @Test(arguments: [
    ("check 1 == 1 + 1e-12, \"rounding\"", "✓ rounding   max |Δ| 1e-12\n"),
    ("check 1 < 2 <= 2 < 5, \"chain\"", "✓ chain   margin 0\n"),
    ("check 0.1 == 0.1 + 1e-8, \"digits\"", "✗ digits   0.1 == 0.10000001 fails\n"),
    (
      "check 1 < 1 - 1e-15, \"many digits\"",
      "✗ many digits   1 < 0.999999999999999 fails\n"
    ),
    ("check [1, nan, 7] <= 5, \"nan\"", "✗ nan   nan <= 5 fails at [1]\n"),
    (
      "check [[1, 2], [3, 9]] == [[1, 2], [3, 4]]",
      "✗ [[1, 2], [3, 9]] == [[1, 2], [3, 4]]   9 == 4 fails at [1, 1]\n"
    ),
    ("check [true, false] == [true, true], \"mask\"", "✗ mask   false == true fails at [1]\n"),
    (
      "check [3, 5, 5] == 3, \"first of the worst\"", "✗ first of the worst   5 == 3 fails at [1]\n"
    ),
    ("check \"a\" == \"b\", \"text\"", "✗ text   \"a\" against \"b\"\n"),
    ("check \"a\" < \"b\", \"order\"", "✓ order\n"),
    (
      "check record(a=[1, 2]) == record(a=[1, 2 + 1e-13]), \"leaves\"", "✓ leaves   max |Δ| 1e-13\n"
    ),
    (
      "check record(a=[1, 2]) == record(a=[1, 3]), \"leaf\"", "✗ leaf   2 == 3 fails at [1] of .a\n"
    ),
    ("check record(a=1) == record(b=1), \"fields\"", "✗ fields   fields a against b\n"),
    ("check [\"a\", [1, 2]] == [\"a\", [1, 2]], \"lists\"", "✓ lists   max |Δ| 0\n"),
    ("check [\"a\", 1] == [\"a\", 2], \"list\"", "✗ list   1 == 2 fails of [1]\n"),
    ("check [\"a\"] == [\"a\", \"b\"], \"length\"", "✗ length   1 against 2 entries\n"),
    ("check [\"a\", 1] != [\"a\", 1], \"same\"", "✗ same   both are [\"a\", 1]\n"),
    ("check none == none, \"none\"", "✓ none\n"),
    ("check zeros(0) == 1, \"empty\"", "✓ empty   nothing to compare\n"),
    ("check 1 == 1.001, \"loose\", tol=0.01", "✓ loose   max |Δ| 0.001\n"),
    ("check 1 ≈ 1.1, \"close\"", "✗ close   1 ≈ 1.1 fails\n"),
  ])
  func checkPrints(_ code: String, _ line: String) {
    #expect(Self.printed(code) == line)
  }

  @Test func shapesThatDoNotFitAreAnError() {
    #expect(Self.printed("check zeros(2, 3) == zeros(2)").hasPrefix("error: shapes 2×3 and (2)"))
    #expect(Self.printed("check zeros(2, 3) == zeros(3)").hasPrefix("✓"))
    #expect(
      Self.printed("check 1 == 1, \"m\", tol=-1").hasPrefix("error: tol of check is a number"))
    #expect(Self.printed("check 1 == 1, \"m\", tol=nan").hasPrefix("error: tol of check"))
  }

  private static let failing = """
    derive "the mean is small" for z, y in random_batches(n=8, d=2, classes=2) {
        total = sum(z)
           total * total
        <= sum(z^2) * len(z) * 2  because "Cauchy-Schwarz over all the entries of the batch"
        <  100                    because "wishful thinking"
    }
    """

  @Test func derivationFitsEightyColumns() {
    #expect(
      Self.printed(Self.failing) == """
        derive the mean is small   200 batches · n=8 d=2
             total * total
          <= sum(z^2) * len(z) * 2
               ✓ margin ≥ 0  Cauchy-Schwarz over all the entries of the batch
          <  100                    ✗ 104 < 100 fails  wishful thinking
               smallest counterexample found:
                 z = [[0, 0], [0, 0], [2, 3], [0, 0]]; y = [0, 0, 1, 1]; total = sum(z)

        """)
  }

  @Test func derivationFitsFortyColumnsInASCII() {
    #expect(
      Self.printed(Self.failing, columns: 40, .ascii) == """
        derive the mean is small   200 batches * n=8 d=2
             total * total
          <= sum(z^2) * len(z) * 2
               ok margin >= 0
                 Cauchy-Schwarz over all the
                 entries of the batch
          <  100
               FAILED 104 < 100 fails
                 wishful thinking
               smallest counterexample found:
                 z = [[0, 0], [0, 0], [2, 3],
                   [0, 0]]
                 y = [0, 0, 1, 1]
                 total = sum(z)

        """)
  }

  @Test(arguments: [20, 30, 40, 60, 100])
  func misfitsAreCodeAtEveryWidth(_ columns: Int) {
    let text = Self.printed(
      "refute \"c\" for z, y in random_batches(n=12, d=2, classes=3) {\n"
        + "  tightness(contrastive, z, y) ≐ center(z, y)\n}", columns: columns, .ascii)
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    let lines = text.split(separator: "\n").drop { !$0.contains("smallest counterexample") }
    let code = lines.dropFirst().filter { $0.hasPrefix("         ") }.joined(separator: "\n")
    let reply = Session().run(code)
    #expect(reply.diagnostic == nil, "\(text)")
    #expect((2...3).contains(reply.outputs.count))
  }
}
