import Cards
import Interpreter
import Tensors

/// Programs nobody would write: by the grammar, by chance, and by changing ones that run.
///
/// What came out of a program tells what to try next: one whose outcome was new is kept, and changed
/// in its turn. So the search goes where it has not been, without any instrumentation.
public struct ProgramGenerator {
  private var random: Random
  private var corpus: [String]
  private var outcomes: Set<String> = []
  /// Programs whose outcome was new, in the order they were found.
  public private(set) var discoveries: [String] = []

  /// Programs from a seed, beginning with those of `corpus`.
  public init(seed: UInt64, corpus: [String]) {
    random = Random(seed: seed)
    self.corpus = corpus.isEmpty ? ["x = 1"] : corpus
  }

  /// The next program.
  public mutating func next() -> String {
    switch pick(8) {
    case 0: (0..<1 + pick(12)).map { _ in token() }.joined(separator: " ")
    case 1: call()
    case 2, 3, 4:
      (0..<1 + pick(4)).map { _ in statement(3) }.joined(separator: chance(8) ? "; " : "\n")
    default: changed(corpus[pick(corpus.count)])
    }
  }

  /// Takes note of what a program led to.
  public mutating func learn(_ program: String, outcome: String) {
    guard program.utf8.count < 2000, discoveries.count < Self.most,
      outcomes.insert(outcome).inserted
    else { return }
    corpus.append(program)
    discoveries.append(program)
  }

  /// As many are kept: more would take memory, and hide whether a session does.
  private static let most = 5000

  // MARK: - By the grammar

  private mutating func block(_ depth: Int) -> String {
    "{ \((0..<pick(3)).map { _ in statement(depth - 1) }.joined(separator: chance(2) ? "\n" : "; ")) }"
  }

  private mutating func statement(_ depth: Int) -> String {
    guard depth > 0 else { return "\(name()) = \(expression(1))" }
    return switch pick(20) {
    case 0: "def \(name())(\(parameters())) = \(expression(depth))"
    case 1: "def \(name())(\(parameters())) \(block(depth))"
    case 2: "if \(expression(depth - 1)) \(block(depth))"
    case 3: "if \(expression(depth - 1)) \(block(depth)) else \(block(depth))"
    case 4: "for \(target(1)) in \(expression(depth - 1)) \(block(depth))"
    case 5: "while \(expression(depth - 1)) \(block(depth))"
    case 6:
      "\(target(2)) \(any("+=", "-=", "*=", "/=", "//=", "%=", "^=", "@=")) \(expression(depth))"
    case 7: "\(target(2)), \(target(2)) = \(expression(depth)), \(expression(depth))"
    case 8:
      "check \(expression(depth))\(chance(2) ? ", \"claim\"" : "")\(chance(4) ? ", tol=0.1" : "")"
    case 9:
      "\(any("derive", "refute")) \"d\" for \(name()), y in random_batches(n=4, trials=4) { "
        + "\(expression(1)) \(any("==", "<=", ">=", "<", ">", "≐", "=c")) \(expression(1)) }"
    case 10: any("return \(expression(1))", "break", "continue", "nonlocal \(name())")
    case 11, 12: expression(depth)
    default: "\(target(2)) = \(expression(depth))"
    }
  }

  private mutating func parameters() -> String {
    (0..<pick(3)).map { _ in chance(3) ? "\(name())=\(expression(0))" : name() }
      .joined(separator: ", ")
  }

  private mutating func target(_ depth: Int) -> String {
    guard depth > 0 else { return name() }
    return switch pick(6) {
    case 0: "\(name())[\(items(1))]"
    case 1: "\(name()).\(any("a", "b", "x"))"
    case 2: "(\(target(depth - 1)), \(target(depth - 1)))"
    default: name()
    }
  }

  private mutating func items(_ depth: Int) -> String {
    (0..<1 + pick(2)).map { _ in
      switch pick(6) {
      case 0: ":"
      case 1: "\(expression(0)):\(expression(0))"
      case 2: "::\(expression(0))"
      case 3: "..."
      default: expression(depth)
      }
    }.joined(separator: ", ")
  }

  private mutating func expression(_ depth: Int) -> String {
    guard depth > 0 else { return atom() }
    let next = depth - 1
    return switch pick(18) {
    case 0, 1, 2:
      "\(expression(next)) \(any("+", "-", "*", "/", "//", "%", "^", "@")) \(expression(next))"
    case 3: "\(expression(next)) \(comparison()) \(expression(next))"
    case 4:
      "\(expression(next)) \(comparison()) \(expression(next)) \(comparison()) \(expression(next))"
    case 5: "\(expression(next)) \(any("and", "or", "&", "|")) \(expression(next))"
    case 6: "\(any("not ", "-", "+"))\(expression(next))"
    case 7: "(\(expression(next)) if \(expression(next)) else \(expression(next)))"
    case 8: "\(expression(next)) |> \(any(builtin(), "x -> x", name()))"
    case 9: "(\(any("x", "(x, y)", "()")) -> \(expression(next)))"
    case 10:
      "[\(expression(next)) for \(name()) in \(expression(next))\(chance(3) ? " if \(expression(0))" : "")]"
    case 11: "(\(expression(next)))[\(items(next))]"
    case 12: "\"t{\(expression(0))\(any("", ":.3f", ":>8", ":e", ":%"))}\""
    case 13: "[\((0..<pick(4)).map { _ in expression(next) }.joined(separator: ", "))]"
    case 14:
      "\(any("grad", "value_and_grad", "jacobian", "hessian", "vmap"))(\(expression(next)))(\(expression(next)))"
    case 15: "(\(expression(next))).\(any("T", "shape", "a", "x", "size", "dtype"))"
    default: "\(builtin())(\((0..<pick(4)).map { _ in expression(next) }.joined(separator: ", ")))"
    }
  }

  private mutating func comparison() -> String {
    any("==", "!=", "<", "<=", ">", ">=", "≈", "in", "not in")
  }

  private mutating func atom() -> String {
    chance(3) ? name() : Self.values[pick(Self.values.count)]
  }

  private mutating func name() -> String { any("x", "y", "z", "f", "g", "r", "xs", "_", "θ") }

  private mutating func builtin() -> String {
    BuiltinCatalog.all[pick(BuiltinCatalog.all.count)].card.name
  }

  private static let values = [
    "0", "1", "2", "-1", "0.5", "1e300", "inf", "nan", "1e9", "3", "\"a\"", "\"\"", "true", "false",
    "none", "[]", "[1, 2, 3]", "[[1, 2], [3, 4]]", "[0, 0, 1]", "record(a=1, b=[1, 2])",
    "[\"a\", 1]", "0:3", "zeros(2, 3)", "zeros(0, 2)", "float32([1, 2])", "x -> sum(x * x)",
    "blobs(6)", "linear(2, 2)", "ms", "contrastive(margin=0.5)", "(0:6:2)", "[1.5, 2] > 1",
  ]

  // MARK: - By chance

  private static let tokens: [String] =
    values + [
      "(", ")", "[", "]", "{", "}", ",", ",", "=", "=", "+", "-", "*", "/", "//", "%", "@", "^",
      "==", "<", ">=", "≈", "~=", "|>", "->", "x ->", "(x, y) ->", ":", ":", "...", ".", ".T",
      "and", "or", "not", "in", "if", "else", "for", "while", "def", "f(x) =", "return", "break",
      "continue", "nonlocal", "check", "derive \"d\"", "refute \"d\"", "because", "≐", "=c", "+=",
      "\n", "\n", ";", "for k in 0:3 {", "if x {", "axis=0", "keepdims=true", "seed=1", "\u{3bb}",
      "²", "'", "#", "\\", "\u{0}", "\u{202e}", "👍", "\"\"\"", "\"{", "}\"", "1e", "x[0] = 1",
    ]

  private mutating func token() -> String {
    switch pick(4) {
    case 0: name()
    case 1: builtin() + (chance(2) ? "(" : "")
    default: Self.tokens[pick(Self.tokens.count)]
    }
  }

  private mutating func call() -> String {
    "\(builtin())(\((0..<pick(4)).map { _ in expression(2) }.joined(separator: ", ")))"
  }

  // MARK: - By change

  /// The text with a few tokens or characters put in, taken out, doubled, or taken from another.
  private mutating func changed(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<1 + pick(4) where !scalars.isEmpty {
      let place = pick(scalars.count)
      let end = min(scalars.count, place + 1 + pick(6))
      switch pick(6) {
      case 0: scalars.removeSubrange(place..<end)
      case 1: scalars.insert(contentsOf: scalars[place..<end], at: place)
      case 2: scalars.insert(contentsOf: token().unicodeScalars, at: place)
      case 3: scalars.insert(contentsOf: expression(2).unicodeScalars, at: place)
      case 4:
        let other = Array(corpus[pick(corpus.count)].unicodeScalars)
        let start = pick(max(1, other.count))
        scalars.insert(contentsOf: other[start..<min(other.count, start + 40)], at: place)
      default: scalars.swapAt(place, pick(scalars.count))
      }
    }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
  }

  private mutating func any(_ choices: String...) -> String { choices[pick(choices.count)] }
  private mutating func chance(_ n: Int) -> Bool { pick(n) == 0 }

  private mutating func pick(_ count: Int) -> Int {
    min(count - 1, Int(random.uniform() * Double(count)))
  }
}
