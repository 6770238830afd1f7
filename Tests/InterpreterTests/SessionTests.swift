import Diagnostics
import Interpreter
import Testing

/// What a cell shows, and what a session remembers.
@Suite struct SessionTests {
  @Test(arguments: [
    ("1 + 1", "2"), ("\"a\"", "\"a\""), ("x = 1", nil), ("1;", nil), ("x = 1; x", "1"),
    ("none", nil),
    ("if true { 5 }", "5"), ("if false { 5 }", nil), ("for k in 0:2 { k }", nil), ("print(1)", nil),
    ("def f() = 1", nil), ("[1, 2] |> sum", "3"), ("1\n2", "2"), ("true", "true"), ("0:3", "0:3"),
  ])
  func cellShowsItsLastValue(_ text: String, _ shown: String?) {
    #expect(Session().run(text).shownText == shown)
  }

  @Test func resultsAreKeptByNumber() {
    let session = Session()
    _ = session.run("41")
    #expect(session.run("_ + 1").shownText == "42")
    #expect(session.run("Out[1] + Out[2]").shownText == "83")
    #expect(session.run("y = 1").diagnostic == nil)
    for discarding in ["_ = 7", "for _ in 0:2 { 1 }", "_ += 1", "_, y = [8, 9]"] {
      #expect(session.run(discarding).diagnostic == nil)
    }
    #expect(session.run("_").shownText == "83")
    for index in ["4", "99", "nan", "1.5", "1e300", "\"a\""] {
      #expect(session.run("Out[\(index)]").diagnostic != nil)
    }
  }

  @Test func failedCellsKeepWhatCameBefore() {
    let session = Session()
    let reply = session.run("x = 1\nprint(x)\nx = nope\nx = 2")
    #expect(reply.diagnostic != nil && reply.outputs.count == 1)
    #expect(session.run("x").shownText == "1")
    #expect(session.run("x = (").diagnostic?.isIncomplete == true)
    #expect(session.count == 3)
  }

  @Test func failedChecksFailTheCellAfterItsEnd() {
    let reply = Session().run("check 1 == 2, \"no\"\nprint(3)")
    #expect(reply.failures == 1 && !reply.succeeded && reply.diagnostic == nil)
    #expect(reply.outputs.count == 2)
  }

  @Test func snapshotsBringVariablesAndDiceBack() {
    let session = Session()
    _ = session.run("x = [1, 2]")
    let snapshot = session.snapshot()
    let first = session.run("x[0] = 5; y = 1; rand(2)").shownText
    session.restore(snapshot)
    #expect(session.run("x").shownText == "[1, 2]")
    #expect(session.run("y").diagnostic != nil)
    #expect(session.run("rand(2)").shownText == first)
  }

  @Test func sessionsAreIndependent() {
    let one = Session()
    _ = one.run("sum = 5; x = 1")
    #expect(Session().run("sum([1, 2])").shownText == "3")
    #expect(Session().run("x").diagnostic != nil)
  }

  @Test func interruptionReachesThroughTheSearchForACounterexample() {
    let session = Session()
    var evaluations = 0
    session.onOutput = { [interrupt = session.interrupt] output in
      guard case .text = output else { return }
      evaluations += 1
      // The first evaluation is the sample's own; the second belongs to the search.
      if evaluations == 2 { interrupt.raise() }
    }
    let reply = session.run(
      """
      def told(z) { print("evaluated"); for i in 0:3 {}; sum(z) }
      derive "a false claim" for z, y in random_batches(trials=1) { told(z) == 1e9 }
      """)
    #expect(reply.isInterrupted)
    #expect(evaluations == 2)
    #expect(session.run("1 + 1").shownText == "2")
  }
}
