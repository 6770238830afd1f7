import Interpreter
import Plots
import Testing

/// What a session shows of something while it goes on.
@Suite struct LiveDisplayTests {
  /// The updates of a session, one after the other.
  private final class Log {
    var lines: [String] = []
    var plots = 0
    var ends: [Bool] = []

    func take(_ update: LiveUpdate) {
      switch update {
      case .frame(let plot, let line):
        lines.append(line)
        if plot != nil { plots += 1 }
      case .end(let keepsFrame): ends.append(keepsFrame)
      }
    }
  }

  private func session(inPlace: Bool, _ log: Log) -> Session {
    let session = Session()
    session.live = LiveDisplay(drawsInPlace: inPlace, show: log.take)
    return session
  }

  private let training = "h = fit(linear(2, 2), blobs(30), ms, steps=20, watch=8)"

  @Test func linesOfATrainingComeEveryFewStepsAndAtItsEnd() {
    let log = Log()
    let reply = session(inPlace: false, log).run(training)
    #expect(reply.succeeded && reply.outputs.isEmpty)
    #expect(
      log.lines.map { $0.prefix { $0 != "·" } } == ["step 8/20 ", "step 16/20 ", "step 20/20 "])
    #expect(log.plots == 0)
  }

  @Test func lastPictureOfATrainingStays() throws {
    let log = Log()
    _ = session(inPlace: true, log).run(training)
    let last = try #require(log.lines.last)
    #expect(last.hasPrefix("step 20/20 [####################] · loss "))
    #expect(log.plots == log.lines.count)
    #expect(log.ends == [true])
  }

  @Test func watchingChangesNothing() {
    let watched = session(inPlace: true, Log())
    let quiet = Session()
    for session in [watched, quiet] { _ = session.run(training) }
    let code = "json(h.loss)"
    #expect(watched.run(code).shownText == quiet.run(code).shownText)
  }

  @Test func shortWorkShowsNothingUnasked() {
    let log = Log()
    _ = session(inPlace: true, log).run("fit(linear(2, 2), blobs(30), ms, steps=5)")
    #expect(log.lines.isEmpty && log.ends.isEmpty)
  }

  @Test func interruptKeepsWhatWasReached() throws {
    let log = Log()
    let session = session(inPlace: false, log)
    let flag = session.interrupt
    session.live = LiveDisplay(drawsInPlace: false) { update in
      log.take(update)
      if case .frame = update, log.lines.count == 2 { flag.raise() }
    }
    let reply = session.run("h = fit(linear(2, 2), blobs(30), ms, steps=500, watch=5)")
    #expect(reply.succeeded)
    #expect(session.run("[h.steps, len(h.loss)]").shownText == "[10, 10]")
    #expect(session.run("h.stopped").shownText == "\"interrupted\"")
  }

  @Test func replayShowsEveryStateAndGivesAPlot() {
    let log = Log()
    let session = session(inPlace: true, log)
    _ = session.run("h = fit(linear(2, 2), blobs(30), ms, steps=4)")
    let reply = session.run("replay(h)")
    #expect(log.lines.count == 5)
    #expect(log.lines.first?.hasPrefix("step 0/4 · loss ") == true)
    #expect(log.ends == [false])
    #expect(reply.shownPlot?.words.hasPrefix("3 plots side by side") == true)
  }
}
