import MetricLearning
import Plots
import Tensors

/// A training as it goes on: a picture every few steps, or a line; a bar where it takes long.
final class TrainingDisplay {
  private let progress: ProgressLine
  private let every: Int
  private let steps: Int
  private let object: (TrainingHistory) -> HistoryObject
  private var pictures: TrainingPictures?
  /// The last step that was shown.
  private var shown = 0

  /// A display of `steps` steps, with a picture after every `watch` of them; nil where nobody looks.
  init?(
    _ context: Context, steps: Int, watch: Int,
    object: @escaping (TrainingHistory) -> HistoryObject
  ) {
    guard
      let progress = ProgressLine(context, "step", of: steps, isAwaited: watch > 0)
    else { return nil }
    self.progress = progress
    self.steps = steps
    self.object = object
    every = watch
  }

  /// Shows a training after another of its steps, if it is time.
  func show(_ history: TrainingHistory) throws {
    guard every > 0 else {
      return progress.advance(to: history.steps, note(history))
    }
    let isLast = history.steps == steps
    guard history.steps % every == 0 || isLast else { return }
    guard progress.drawsInPlace else {
      return progress.frame(history.steps, note(history))
    }
    guard isLast || progress.isDue else { return }
    let history = object(history)
    let start = ContinuousClock.now
    let pictures = self.pictures ?? TrainingPictures(history)
    self.pictures = pictures
    progress.frame(
      history.history.steps, note(history.history),
      try pictures.frame(history, of: history.history.parameters), since: start)
  }

  /// Ends the display; a picture stays.
  func end() { progress.end(keepsFrame: every > 0) }

  private func note(_ history: TrainingHistory) -> String {
    "loss \(history.losses.last.map { Formatting.number($0, precision: 4) } ?? "–")"
  }
}

/// Pictures of a training: the embedding beside the loss so far, with the levels it is measured by.
struct TrainingPictures {
  private let levels: [Curve.Level]

  /// Pictures with the levels of the loss of a history.
  init(_ history: HistoryObject) {
    levels = history.curveLevels
  }

  /// The embedding by some parameters, and the losses up to a step.
  func frame(
    _ history: HistoryObject, of parameters: [Tensor], upTo step: Int? = nil, title: String = ""
  ) throws -> Plot? {
    let z = try history.embeddings(parameters).converted(to: .float64)
    let losses = step.map { Array(history.history.losses.prefix($0 + 1)) } ?? history.history.losses
    guard z.rank == 2, z.elements.allSatisfy(\.isFinite) else { return nil }
    do {
      let plane = try Projection(of: z)
      let scatter = try Scatter(
        points: plane.points(z), labels: history.labels, title: title, note: plane.note)
      let curve = try Curve(
        series: [Curve.Series("loss", y: losses)], levels: levels, xLabel: "step")
      return try Plot.beside([Plot(scatter), Plot(curve)])
    } catch is PlotError {
      // What cannot be drawn is left out of the picture; the training goes on.
      return nil
    }
  }
}
