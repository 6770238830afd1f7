import Cards
import Interpreter
import Testing

/// Laws that every builtin obeys.
@Suite struct BuiltinCatalogTests {
  @Test func namesAreUnique() {
    let names = BuiltinCatalog.all.map(\.card.name)
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: BuiltinCatalog.all.map(\.card))
  func cardSaysWhatItIsAndShowsIt(_ card: Card) {
    #expect(!card.summary.isEmpty && card.summary.hasSuffix("."))
    #expect(!card.example.isEmpty)
    #expect(card.signature.hasPrefix("\(card.name)("))
    #expect(card.example.contains(card.name))
  }

  @Test(arguments: BuiltinCatalog.all.map(\.card))
  func exampleRunsInAFreshSession(_ card: Card) throws {
    let reply = Session().run(card.example)
    #expect(reply.succeeded, "\(reply.diagnostic.map { ReplyRenderer().diagnostic($0) } ?? "")")
  }

  @Test(arguments: BuiltinCatalog.all.map(\.card))
  func nonsenseGivesAnErrorAndNoTrap(_ card: Card) throws {
    let folder = try Scratch()
    let session = folder.session()
    let odd = [
      "none", "\"a\"", "nan", "inf", "-1", "1e300", "2.5", "[]", "[[]]", "zeros(0, 3)", "[nan]",
      "[1e300, -5]", "[[1, 2], [3]]", "x -> x", "record(a=1)", "0:1e12", "[[nan, inf]]", "ms",
      "[\"a\", none]",
    ]
    _ = session.run("\(card.name)()")
    for (place, value) in odd.enumerated() {
      _ = session.run("\(card.name)(\(value))")
      guard place % 2 == 0 else { continue }
      _ = session.run("\(card.name)([[1, 2], [3, 4]], \(value))")
    }
    #expect(session.run("1 + 1").shownText == "2")
  }
}
