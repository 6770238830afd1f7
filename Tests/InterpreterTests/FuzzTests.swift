import Cards
import Foundation
import Interpreter
import Tensors
import Testing

/// Random programs: whatever they say, the session survives them.
///
/// `MLREPL_FUZZ=100000 swift test --filter FuzzTests` tries as many, from a seed of its own.
@Suite struct FuzzTests {
  private static let asked = ProcessInfo.processInfo.environment["MLREPL_FUZZ"].flatMap { Int($0) }
  private static let count = asked ?? 800
  private static let seed = asked == nil ? 1 : UInt64.random(in: 0..<1_000_000)

  @Test func randomProgramsNeverTrap() throws {
    var programs = ProgramGenerator(seed: Self.seed)
    let folder = try Scratch()
    var session = folder.session()
    for trial in 0..<Self.count {
      if trial % 50 == 0 {
        session = folder.session()
        session.maxSeconds = 0.2
      }
      let text = programs.next()
      if Self.asked != nil {
        FileHandle.standardError.write(Data("\n=== \(trial)\n\(text)\n".utf8))
      }
      let reply = session.run(text)
      _ = ReplyRenderer().transcript(reply)
      if let diagnostic = reply.diagnostic { _ = ReplyRenderer().diagnostic(diagnostic) }
    }
    session.maxSeconds = nil
    #expect(session.run("1 + 1").diagnostic == nil)
  }
}

/// Makes programs of random tokens, and small changes to programs that run.
private struct ProgramGenerator {
  private var random: Random
  private let scripts: [String]

  init(seed: UInt64) {
    random = Random(seed: seed)
    scripts = Script.all.compactMap { try? $0.text() }
  }

  private static let tokens: [String] =
    [
      "x", "y", "z", "f", "r", "xs", "0", "1", "2", "-1", "0.5", "1e300", "inf", "nan", "1e9", "3",
      "\"a\"", "\"{x}\"", "\"\"", "true", "false", "none", "[]", "[1, 2, 3]", "[[1, 2], [3, 4]]",
      "[1]",
      "record(a=1, b=[1, 2])", "[\"a\", 1]", "0:3", "zeros(2, 3)", "(", ")", "[", "]", "{", "}",
      ",",
      ",", "=", "=", "+", "-", "*", "/", "//", "%", "@", "^", "==", "<", ">=", "≈", "~=", "|>",
      "->",
      "x ->", "(x, y) ->", ":", ":", "...", ".", ".T", ".shape", ".a", "and", "or", "not", "in",
      "if",
      "else", "for", "while", "def", "f(x) =", "return", "break", "continue", "nonlocal", "check",
      "derive \"d\"", "refute \"d\"", "because", "≐", "=c", "+=", "@=", "\n", "\n", ";",
      "for k in 0:3",
      "for k in 0:3 {", "if x {", "axis=0", "keepdims=true", "seed=1", "z, y = blobs(6)",
      "grad(f)(x)",
      "f = x -> sum(x * x)", "x = [1.5, 2]", "\u{3bb}", "²", "'", "#", "\\", "\u{0}", "\u{202e}",
      "👍",
      "random_batches(n=4, trials=3)", "x[0] = 1", "x[:, None]", "xs[1:2] = 3", "r.a.b = 2",
    ] + BuiltinCatalog.all.map { "\($0.card.name)(" }

  mutating func next() -> String {
    switch pick(4) {
    case 0:
      (0..<1 + pick(12)).map { _ in Self.tokens[pick(Self.tokens.count)] }.joined(separator: " ")
    case 1: call()
    default: changed(scripts[pick(scripts.count)])
    }
  }

  private mutating func call() -> String {
    let card = BuiltinCatalog.all[pick(BuiltinCatalog.all.count)].card
    let arguments = (0..<pick(4)).map { _ in operand(2) }
    return "\(card.name)(\(arguments.joined(separator: ", ")))"
  }

  private mutating func operand(_ depth: Int) -> String {
    let plain = Self.tokens[pick(30)]
    guard depth > 0 else { return plain }
    return switch pick(8) {
    case 0: "[\(operand(depth - 1)), \(operand(depth - 1))]"
    case 1:
      "\(operand(depth - 1)) \(["+", "*", "@", "/", "^", "==", "%", "//", "<"][pick(9)]) \(operand(depth - 1))"
    case 2: "\(BuiltinCatalog.all[pick(BuiltinCatalog.all.count)].card.name)(\(operand(depth - 1)))"
    case 3: "x -> \(operand(depth - 1))"
    case 4: "(\(operand(depth - 1)))[\(operand(depth - 1))]"
    default: plain
    }
  }

  /// The text with a few tokens or characters put in, taken out or doubled.
  private mutating func changed(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<1 + pick(4) where !scalars.isEmpty {
      let place = pick(scalars.count)
      let end = min(scalars.count, place + 1 + pick(6))
      switch pick(4) {
      case 0: scalars.removeSubrange(place..<end)
      case 1: scalars.insert(contentsOf: scalars[place..<end], at: place)
      case 2:
        scalars.insert(contentsOf: Self.tokens[pick(Self.tokens.count)].unicodeScalars, at: place)
      default: scalars.swapAt(place, pick(scalars.count))
      }
    }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
  }

  private mutating func pick(_ count: Int) -> Int {
    min(count - 1, Int(random.uniform() * Double(count)))
  }
}
