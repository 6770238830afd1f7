import Diagnostics
@testable import Syntax
import Testing

/// What scripts cannot reach: when a text asks for more, and the limits of nesting.
@Suite struct ParserTests {
  private func failure(_ text: String) -> Diagnostic? {
    do throws(Diagnostic) {
      _ = try Parser.parse(Source(name: "test", text: text))
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    "f(1,", "[1, 2", "{", "x = (1 +", "\"\"\"open", "x = \"\"\"\n  two", "def f(x)", "def f(x) {",
    "if x > 1", "if x > 1 { y }  else", "if x { 1 } else if y", "for k in 0:3", "while true",
    "for k", "for k in", "x =", "x +", "1 +\n", "not", "x and", "f = x ->", "z |>", "z.", "x, ",
    "derive \"a\" for x in [1]", "derive \"a\" {", "derive \"a\" { 1 ==", "check", "map(x -> {\n y",
    "nonlocal", "def", "def f", "def f(x) =", "r = record(x=1,\n",
  ])
  func unfinishedTextAsksForMore(_ text: String) throws {
    let error = try #require(failure(text))
    #expect(error.isIncomplete)
  }

  @Test(arguments: [
    "1", "x = 1", "f(1)", "if x { 1 }", "def f(x) = x", "", "# only a comment", "x = 1;", "break",
    "return", "\"text\"", "[1, 2]",
  ])
  func wholeTextIsComplete(_ text: String) {
    #expect(failure(text) == nil)
  }

  @Test(arguments: [
    "x = )", "f(1))", "\"open", "1 2", "x = 'a'", "[1, (2]", "a b", "2x",
    "x = 1 +* 2 )", "\"{1 + }\"", "x = \"{f(1,}\"", "\"{x.}\"",
    "\"\"\"a } b\"\"\"",
  ])
  func wrongTextIsNotUnfinished(_ text: String) throws {
    let error = try #require(failure(text))
    #expect(!error.isIncomplete)
  }

  @Test(arguments: ["(", "[", "-", "not ", "f(", "2^", "x -> ", "if x { ", "{", "1 if 1 else "])
  func deepNestingIsRefused(_ opening: String) throws {
    let text = String(repeating: opening, count: 5_000) + "1"
    let refusal = onLargeStack { failure(text) } ?? nil
    let error = try #require(refusal)
    #expect(
      error.message.contains("nested") || error.isIncomplete || error.message.contains("block"))
  }

  @Test func rightAssociativePowerBindsTighterThanMinus() throws {
    let program = try Parser.parse(Source(name: "test", text: "-2^-3^2"))
    guard case .expression(let value) = try #require(program.statements.first).kind,
      case .negation(let power) = value.kind,
      case .binary(.power, _, let exponent) = power.kind,
      case .negation(let inner) = exponent.kind, case .binary(.power, _, _) = inner.kind
    else {
      Issue.record("the tree is \(program.statements)")
      return
    }
  }

  @Test func spansCoverTheTextOfEveryStatement() throws {
    let source = Source(name: "test", text: "x = 1\n  if x { y }\nf(x, 2) ; z")
    let program = try Parser.parse(source)
    let texts = program.statements.map { source.text(of: $0.span) }
    #expect(texts == ["x = 1", "if x { y }", "f(x, 2)", "z"])
  }
}
