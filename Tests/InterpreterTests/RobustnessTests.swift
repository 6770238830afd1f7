import Diagnostics
import Interpreter
import Tensors
import Testing

/// Nothing that is typed ends the session: an error is said, and the next cell runs.
@Suite struct RobustnessTests {
  /// Programs that ask for too much, or break off.
  static let programs: [(name: String, text: String)] = [
    ("parentheses", repeated("(", 5_000) + "1" + repeated(")", 5_000)),
    ("open parentheses", repeated("(", 5_000)),
    ("brackets", repeated("[", 5_000) + "1" + repeated("]", 5_000)),
    ("brackets within the limit", repeated("[", 900) + "1" + repeated("]", 900)),
    ("braces", repeated("if 1 {", 5_000)),
    ("minus signs", repeated("-", 5_000) + "1"),
    ("nots", repeated("not ", 5_000) + "1"),
    ("powers", repeated("2^", 5_000) + "1"),
    ("lambdas", repeated("x -> ", 5_000) + "x"),
    ("choices", repeated("1 if 0 else ", 5_000) + "1"),
    ("nested calls", repeated("abs(", 5_000) + "1" + repeated(")", 5_000)),
    ("nested strings", repeated("\"{", 5_000) + "1" + repeated("}\"", 5_000)),
    ("sums", "1" + repeated("+1", 15_000)),
    ("sums inside sums", repeated("(1", 900) + repeated("+1)", 900) + repeated("+1", 9_000)),
    ("rows inside rows", repeated("(", 500) + "1" + repeated(repeated("+1", 200) + ")", 500)),
    ("indices", "x = [1]\nx" + repeated("[0]", 5_000)),
    ("fields", "x = record()\nx" + repeated(".a", 5_000)),
    ("calls in a row", "f = x -> f\nf" + repeated("(1)", 5_000)),
    ("pipes", "1" + repeated(" |> abs", 5_000)),
    ("comparisons", "1" + repeated(" < 1", 5_000)),
    ("elses", "if 0 { 1 }" + repeated(" else if 0 { 1 }", 5_000)),
    ("targets", repeated("a = ", 5_000) + "1"),
    ("nested targets", repeated("(", 2_000) + "a" + repeated(")", 2_000) + " = 1"),
    ("endless recursion", "def f(x) = f(x)\nf(1)"),
    ("recursion in turns", "def f(x) = g(x)\ndef g(x) = f(x) + 1\nf(1)"),
    ("recursion through map", "def f(x) = map(f, [x])\nf(1)"),
    ("recursion through grad", "def f(x) = grad(f)(x)\nf(1)"),
    ("recursion through sorted", "def f(x) = sorted([2, 1], f)\nf(1)"),
    ("recursion of a default", "def f(x=0) = f()\nf()"),
    ("a billion zeros", "zeros(1e9)"),
    ("zeros without end", "zeros(inf)"),
    ("a huge square", "eye(1e6)"),
    ("sizes that overflow", "zeros(4e9, 4e9, 4e9)"),
    ("a long range as a tensor", "(0:1e15) + 1"),
    ("a long range in map", "map(abs, 0:1e15)"),
    ("a range of infinity", "(0:inf)[3]"),
    ("a stretched product", "zeros(1e5, 1) + zeros(1, 1e5)"),
    ("a repeated string", "\"abc\" * 1e9"),
    ("a doubled string", "s = \"abcdefgh\"\nwhile true { s = s + s }"),
    ("a string of strings", "s = \"abcdefgh\"\nwhile true { s = \"{s}{s}\" }"),
    ("a replaced string", "s = \"a\" * 1e6\nreplace(s, \"a\", s)"),
    ("a doubled list", "x = [\"a\"]\nwhile true { x = [x, x] }"),
    ("a doubled record", "r = record(a=\"\")\nwhile true { r = record(a=r, b=r) }"),
    ("a zipped list", "x = zip([1, 2], [3, 4])\nwhile true { x = zip(x, x) }"),
    ("a list in itself", "x = [\"a\"]\nwhile true { x[0] = x }"),
    ("a record in itself", "r = record(a=1)\nwhile true { r.a = r }"),
    (
      "a function that captures itself",
      "f = x -> x\nfor k in 0:5000 { g = f; f = (h -> (x -> h(x)))(g) }\nf = 0"
    ),
    ("functions in defaults", "f = x -> x\nfor k in 0:5000 { f = (x, g=f) -> g }\nprint(f)"),
    ("recursion through a lambda", "f = x -> f(x)\nf(1)"),
    (
      "recursion through a derivation", "def f(x) { derive \"a\" for k in [1] { f(k) == 1 } }\nf(1)"
    ),
    ("recursion through what is drawn", "def f(x) { refute \"a\" for k in f { k == 1 } }\nf(1)"),
    ("recursion through a check", "def f(x) { check f(x) == 1 }\nf(1)"),
    ("recursion through a jacobian", "def f(x) = jacobian(f)(x)\nf([1, 2])"),
    ("a hundred thousand brackets", repeated("(", 100_000) + "1" + repeated(")", 100_000)),
    ("a hundred thousand lists", repeated("[", 100_000) + "1" + repeated("]", 100_000)),
    ("a hundred thousand open calls", repeated("f(", 100_000)),
    ("a long sum", "x = 1" + repeated(" + 1", 100_000)),
    ("a long name", repeated("a", 1_000_000)),
    ("a long number", repeated("1", 1_000_000)),
    ("a long line of nonsense", repeated("@#$%^&*", 100_000)),
    ("a byte order mark inside", "x = 1\n\u{feff}print(x)"),
    ("batches of many rows", "random_batches(n=1e9)"),
    ("batches of many dimensions", "random_batches(d=1e9)"),
    ("batches of any size", "random_batches(n=1:1e15)"),
    ("batches without end", "derive \"a\" for z, y in random_batches(trials=1e15) { 0 == 0 }"),
    ("a large simplex", "simplex(1e9)"),
    ("many points of a simplex", "simplex(1e5, n=1e5)"),
    ("many numbers of uniform", "uniform(0, 1, shape=[1e9, 1e9])"),
    ("uniform without ends", "uniform(-inf, inf)"),
    ("uniform from nan", "uniform(nan, 1)"),
    ("uniform over everything", "uniform(-1e308, 1e308)"),
    ("uniform the other way", "refute \"a\" for x in uniform(3, 1) { x == 5 }"),
    ("no numbers of uniform", "derive \"a\" for x in uniform(0, 1, shape=[0]) { x == 5 }"),
    ("no points of a simplex", "derive \"a\" for x in simplex(3, n=0) { x == 5 }"),
    ("a simplex of one point", "refute \"a\" for x in simplex(1) { x == 5 }"),
    ("one row in one class", "refute \"a\" for z, y in random_batches(n=1, classes=1) { z == 5 }"),
    ("a function drawn", "refute \"a\" for f in [abs, exp] { f(1) == 5 }"),
    ("a derivation of nan", "refute \"a\" for x in [nan, nan] { x == x }"),
    ("constants of nan", "refute \"a\" for x in [nan, 1, inf] { x ≐ x }"),
    ("constants of words", "derive \"a\" for x in [\"a\", \"b\", \"c\"] { x ≐ x }"),
    ("constants of other shapes", "derive \"a\" for x in [1, 2, 3] { x ≐ [x, x] }"),
    ("constants of nothing", "derive \"a\" for x in [1, 2, 3] { [] ≐ [] }"),
    ("nul bytes", "x = 1\u{0}2"),
    ("control characters", "\u{1}\u{2}\u{7f}"),
    (
      "undecodable bytes",
      String(decoding: [0x78, 0xff, 0xfe, 0x3d, 0xc3, 0x28, 0x31], as: UTF8.self)
    ),
    ("an open string", "x = \"abc"),
    ("an open long string", "x = \"\"\"abc"),
    ("an open interpolation", "x = \"{abc"),
    ("an open escape", "x = \"\\"),
    ("an open unicode escape", "x = \"\\u{"),
    ("a huge unicode escape", "x = \"\\u{ffffffffffff}\""),
    ("an open format", "x = \"{1:"),
    ("an open derivation", "derive \"a\" for z in [1] { z =="),
    ("a huge format", "\"{1:99999999999999999999}\""),
    ("a huge precision", "\"{1:.1000f}\""),
    ("an exponent without digits", "1e"),
    ("a point alone", "."),
    ("emoji", "👩‍👩‍👧‍👦 = 1"),
    ("a combining mark alone", "\u{301}"),
    ("carriage returns", "x = 1\r\r\r\ny = 2"),
    (
      "a thousand parameters",
      "def f(" + (0..<1000).map { "a\($0)" }.joined(separator: ", ") + ") = 1\nf()"
    ),
    ("a derivation without samples", "derive \"a\" for x in [] { x == x }"),
    ("a derivation that never ends", "derive \"a\" for x in (k -> (0:1e15) + k) { x == x }"),
  ]

  private static func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  @Test(arguments: programs.map(\.name))
  func sessionGoesOnAfter(_ name: String) throws {
    let program = try #require(Self.programs.first { $0.name == name })
    let session = Session()
    _ = session.run("kept = 41")
    session.maxSeconds = 0.5
    let reply = session.run(program.text)
    if let diagnostic = reply.diagnostic {
      #expect(!ReplyRenderer().diagnostic(diagnostic).isEmpty)
    }
    #expect(session.run("kept + 1").shownText == "42")
    _ = session.isComplete(program.text)
  }

  @Test(arguments: ["", " ", "\n\n", "# only a comment", ";;;", "\u{feff}", "\r\n"])
  func emptyInputShowsNothing(_ text: String) {
    let reply = Session().run(text)
    #expect(reply.succeeded && !reply.isShown)
  }

  @Test(arguments: [("(", ")"), ("[", "]"), ("abs(", ")"), ("-", ""), ("not ", ""), ("1^", "")])
  func nestingUpToTheLimitRuns(_ opening: String, _ closing: String) {
    func nest(_ depth: Int) -> Reply {
      Session().run(
        String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth))
    }
    #expect(nest(999).diagnostic == nil)
    #expect(nest(1001).diagnostic != nil)
  }

  @Test func longLineRuns() {
    let session = Session()
    let numbers = repeatElement("1", count: 50_000).joined(separator: ", ")
    #expect(session.run("len([\(numbers)])").shownText == "50000")
    let text = String(repeating: "a", count: 500_000)
    #expect(session.run("len(\"\(text)\")").shownText == "500000")
  }

  @Test func programsHaveALargestSize() throws {
    let session = Session()
    let blanks = String(repeating: " ", count: 64 << 20)
    let reply = session.run(blanks + "1")
    let message = try #require(reply.diagnostic).message
    #expect(message == "this program is larger than 64 MB")
    #expect(session.run("1").shownText == "1")
  }

  @Test func messagesOfLongNamesAreShort() throws {
    let reply = Session().run(String(repeating: "a", count: 100_000))
    let diagnostic = try #require(reply.diagnostic)
    #expect(ReplyRenderer().diagnostic(diagnostic).count < 5000)
  }

  @Test func memoryHasALimit() throws {
    var options = Session.Options()
    options.maxMemory = 1
    let session = Session(options)
    let reply = session.run("for k in 0:100000 { x = k }")
    #expect(try #require(reply.diagnostic).message.contains("memory"))
    #expect(session.run("3").shownText == "3")
  }

  /// What a kernel gives that was told to stop never becomes a value.
  @Test(arguments: [
    "y = rand(30000000)", "y = sort(x)", "y = exp(x)", "y = -x", "y = x > 0.5", "y = x * 2",
    "y = (0:30000000) + 1", "check x == x",
  ])
  func longKernelsStop(_ code: String) {
    let session = Session()
    #expect(session.run("x = rand(2000000)").diagnostic == nil)
    // The time is over before the first chunk is.
    session.maxSeconds = 1e-6
    let reply = session.run(code)
    #expect(reply.diagnostic?.message.contains("took longer") == true)
    #expect(reply.outputs.isEmpty)
    session.maxSeconds = nil
    #expect(session.run("y").diagnostic != nil)
  }

  @Test func interruptStopsALoop() {
    let flag = InterruptFlag()
    let session = Session(interrupt: flag)
    session.onOutput = { _ in flag.raise() }
    #expect(session.run("while true { print(1) }").isInterrupted)
    session.onOutput = { _ in flag.raise() }
    #expect(session.run("map(x -> print(x), 0:1000000)").isInterrupted)
    session.onOutput = nil
    #expect(session.run("1").shownText == "1")
  }

  @Test func timeHasALimit() {
    let session = Session()
    session.maxSeconds = 0.05
    #expect(session.run("while true { }").diagnostic != nil)
    session.maxSeconds = nil
    #expect(session.run("1").shownText == "1")
  }
}
