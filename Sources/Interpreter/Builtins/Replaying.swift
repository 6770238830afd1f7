import Glibc
import MetricLearning
import Plots
import Tensors

extension BuiltinCatalog {
  /// A training seen again.
  static let replaying: [Builtin] = [
    Builtin(
      "replay(history, fps=10)", "A training once more, from its first state to its last.",
      details: """
        In a terminal the states that the history kept, about 50, are drawn in place, fps of them a \
        second, 10 at most; Ctrl-C ends that. The value is a plot of the first, a middle and the last \
        state side by side.
        """,
      example: "replay(fit(linear(2, 2), blobs(30), contrastive, steps=5))",
      seeAlso: ["fit", "curve", "scatter"]
    ) { call in
      guard case .object(let object) = call[0], let history = object as? HistoryObject else {
        throw call.wrong(0, "a history of fit")
      }
      let rate = try call.number(1)
      guard rate > 0, rate.isFinite else { throw call.failure(1, "fps of replay is above 0") }
      try play(history, secondsPerFrame: max(0.1, 1 / rate), call.context)
      return try strip(history, call)
    }
  ]

  private static func play(
    _ history: HistoryObject, secondsPerFrame: Double, _ context: Context
  ) throws {
    guard let display = context.live, display.drawsInPlace else { return }
    let pictures = TrainingPictures(history)
    defer { display.show(.end(keepsFrame: false)) }
    for snapshot in history.history.snapshots {
      let next = ContinuousClock.now + .seconds(min(secondsPerFrame, 60))
      let losses = history.history.losses
      let loss = losses.isEmpty ? nil : losses[min(snapshot.step, losses.count - 1)]
      let words = loss.map { " · loss \(Formatting.number($0, precision: 4))" } ?? ""
      display.show(
        .frame(
          try pictures.frame(history, of: snapshot.parameters, upTo: snapshot.step),
          line: "step \(snapshot.step)/\(history.history.steps)\(words)"))
      while ContinuousClock.now < next {
        // Ctrl-C ends the film, not the cell.
        if context.interrupt.take() { return }
        try context.poll()
        usleep(10_000)
      }
    }
  }

  /// Three states side by side.
  private static func strip(_ history: HistoryObject, _ call: Call) throws -> Value {
    let all = history.history.snapshots
    let places = Array(Set([0, all.count / 2, all.count - 1])).filter(all.indices.contains).sorted()
    do {
      let plots = try places.map { place in
        let z = try history.embeddings(all[place].parameters).converted(to: .float64)
        let plane = try Projection(of: z)
        return Plot(
          try Scatter(
            points: plane.points(z), labels: history.labels, title: "step \(all[place].step)",
            note: plane.note))
      }
      return .object(PlotObject(try Plot.beside(plots)))
    } catch let error as PlotError {
      throw Wording.failure(error, call)
    }
  }
}
