public import Autodiff
public import Tensors

/// How a model is trained: steps of gradient descent on a criterion.
public struct Training {
  /// How parameters move.
  public var optimizer: any Optimizer
  /// How many updates are made.
  public var steps = 500
  /// Which rows every step sees.
  public var batches = BatchPlan.full
  /// The step size of the criterion's parameters; nil: the optimizer's.
  public var criterionRate: Double?
  /// What step sizes are multiplied by at a step; nil: 1.
  public var schedule: ((_ step: Int) throws -> Double)?
  /// The largest length of the gradient over all parameters; longer ones are scaled down to it.
  public var clip: Double?
  /// After how many steps without a new lowest loss the training ends.
  public var patience: Int?
  /// The seed of the batches.
  public var seed: UInt64 = 0
  /// Asked before every step: whether to stop.
  public var isInterrupted: () -> Bool = { false }
  /// Called after every update with what there is so far.
  public var observe: ((TrainingHistory) throws -> Void)?

  /// A training with all other settings at their defaults.
  public init(optimizer: any Optimizer = Adam(learningRate: 0.01)) { self.optimizer = optimizer }

  /// The factor that falls from 1 to 0 over `steps` steps along half a cosine.
  public static func cosineSchedule(steps: Int) -> (Int) -> Double {
    { step in 0.5 * (1 + Portable.cos(.pi * Double(step) / Double(max(1, steps)))) }
  }

  /// Trains `model` on `data`, an embedding table on the numbers of the points.
  ///
  /// - Throws: `TrainingError`, and what the model, the criterion or a callback throws.
  public func fit(
    _ model: Model, x: Tensor?, labels: [Int], _ criterion: Criterion
  ) throws -> TrainingHistory {
    var points = x
    if case .embeddingTable = model.architecture {
      points = Tensor(shape: [labels.count], elements: labels.indices.map(Double.init))
    }
    guard let points else { throw TrainingError.noPoints }
    return try fit(model.parameters, x: points, labels: labels, criterion) {
      try model.apply(parameters: $0, x: $1)
    }
  }

  /// Trains the parameters of any function from points to embeddings.
  ///
  /// - Parameters:
  ///   - start: the parameters before training.
  ///   - x: the points, as many rows as labels.
  ///   - labels: the class of every row.
  ///   - criterion: what is made small.
  ///   - embed: the embeddings of some rows of `x` as a function of the parameters.
  /// - Returns: the history, with the trained parameters.
  /// - Throws: `TrainingError`, and what `embed`, the criterion or a callback throws.
  public func fit(
    _ start: [Tensor], x: Tensor, labels: [Int], _ criterion: Criterion,
    embed: (_ parameters: [Quantity], _ x: Quantity) throws -> Quantity
  ) throws -> TrainingHistory {
    guard let rows = x.shape.first, rows == labels.count else {
      throw TrainingError.labelCount(labels: labels.count, rows: x.shape.first ?? 0)
    }
    guard rows > 0 else { throw TrainingError.noPoints }
    let began = ContinuousClock.now
    var sampler = try BatchSampler(
      batches, labels: labels, random: Random(seed: seed, name: "fit"))
    var movers = (model: optimizer, criterion: optimizer)
    if let criterionRate { movers.criterion.learningRate = criterionRate }
    let rates = (model: movers.model.learningRate, criterion: movers.criterion.learningRate)
    var history = TrainingHistory(
      parameters: start, criterionParameters: criterion.parameters)
    let interval = max(1, steps / 49)
    var lowest = (loss: Double.infinity, step: 0)

    for step in 0..<max(0, steps) {
      if isInterrupted() {
        history.stopped = .interrupted
        break
      }
      if step % interval == 0 { history.keepSnapshot() }
      let batch = sampler.next()
      let evaluated = try evaluate(
        history, x: batch.map { x.rows($0) } ?? x,
        labels: batch.map { $0.map { labels[$0] } } ?? labels, criterion, embed)
      // What kernels gave that were told to stop means nothing.
      if Stopping.isDue {
        _ = isInterrupted()
        history.stopped = .interrupted
        break
      }
      history.losses.append(evaluated.loss)
      guard evaluated.isFinite else {
        history.stopped = .diverged
        break
      }
      let factor = try schedule?(step) ?? 1
      movers.model.learningRate = factor * rates.model
      movers.criterion.learningRate = factor * rates.criterion
      let scale = clipFactor(evaluated.gradients + evaluated.criterionGradients)
      let gradients = evaluated.gradients.map { $0.scaled(scale) }
      let ofCriterion = evaluated.criterionGradients.map { $0.scaled(scale) }
      if criterionRate == nil {
        // One rule moves all, so that what it learns of one helps the other.
        history.moveTogether { parameters in
          movers.model.step(parameters: &parameters, gradients: gradients + ofCriterion)
        }
      } else {
        movers.model.step(parameters: &history.parameters, gradients: gradients)
        movers.criterion.step(
          parameters: &history.criterionParameters, gradients: ofCriterion)
      }
      // Those that follow a rule of their own do so, whatever the optimizer made of them.
      for (place, moved) in evaluated.movedCriterion.enumerated() {
        if let moved { history.criterionParameters[place] = moved }
      }
      history.steps = step + 1
      history.seconds = began.elapsedSeconds
      try observe?(history)
      if evaluated.loss < lowest.loss { lowest = (evaluated.loss, step) }
      if let patience, step - lowest.step >= patience { break }
    }
    history.keepSnapshot()
    history.seconds = began.elapsedSeconds
    return history
  }
}

/// Why a training cannot start or go on.
public enum TrainingError: Error, Sendable, Equatable {
  /// Nothing to train on.
  case noPoints
  /// Another number of labels than of rows.
  case labelCount(labels: Int, rows: Int)
  /// A batch of less than one row.
  case batchSize(Int)
  /// A batch that is not a whole number of classes of `perClass` rows.
  case batchNotWholeClasses(batch: Int, perClass: Int)
  /// A criterion whose value is not one number.
  case notANumber(shape: [Int])
}

// One step.
extension Training {
  private struct Evaluation {
    var loss: Double
    var gradients: [Tensor]
    var criterionGradients: [Tensor]
    var movedCriterion: [Tensor?] = []

    var isFinite: Bool {
      loss.isFinite
        && (gradients + criterionGradients).allSatisfy { $0.elements.allSatisfy(\.isFinite) }
    }
  }

  private func evaluate(
    _ history: TrainingHistory, x: Tensor, labels: [Int], _ criterion: Criterion,
    _ embed: ([Quantity], Quantity) throws -> Quantity
  ) throws -> Evaluation {
    let tape = Tape()
    defer { tape.finish() }
    let parameters = history.parameters.map { tape.variable(.constant($0)) }
    let ofCriterion = history.criterionParameters.map { tape.variable(.constant($0)) }
    let embeddings = try embed(parameters, .constant(x))
    let value = try criterion.value(embeddings, labels, ofCriterion)
    guard value.count == 1 else { throw TrainingError.notANumber(shape: value.shape) }
    let loss = value.tensor.elements[0]
    guard loss.isFinite else {
      return Evaluation(loss: loss, gradients: [], criterionGradients: [])
    }
    let gradients = try tape.gradients(of: value, wrt: parameters + ofCriterion)
    let tensors = zip(gradients, history.parameters + history.criterionParameters).map {
      $0?.tensor
        ?? Tensor(
          shape: $1.shape, elements: [Double](repeating: 0, count: $1.count), dtype: $1.dtype)
    }
    let moved =
      ofCriterion.isEmpty
      ? [] : try criterion.moved(history.criterionParameters, embeddings.tensor, labels)
    return Evaluation(
      loss: loss, gradients: Array(tensors.prefix(parameters.count)),
      criterionGradients: Array(tensors.dropFirst(parameters.count)), movedCriterion: moved)
  }

  private func clipFactor(_ gradients: [Tensor]) -> Double {
    guard let clip else { return 1 }
    let square = gradients.reduce(0) { $1.elements.reduce($0) { $0 + $1 * $1 } }
    return square > clip * clip ? clip / square.squareRoot() : 1
  }
}

extension Tensor {
  /// The rows of these numbers along the first axis.
  fileprivate func rows(_ numbers: [Int]) -> Tensor {
    let width = shape.dropFirst().reduce(1, *)
    let elements = elements
    return Tensor(
      shape: [numbers.count] + shape.dropFirst(),
      elements: numbers.flatMap { elements[$0 * width..<($0 + 1) * width] }, dtype: dtype)
  }

  fileprivate func scaled(_ factor: Double) -> Tensor {
    guard factor != 1 else { return self }
    return Tensor(shape: shape, elements: elements.map { factor * $0 }, dtype: dtype)
  }
}

extension ContinuousClock.Instant {
  /// The seconds since this instant.
  fileprivate var elapsedSeconds: Double {
    let elapsed = (ContinuousClock.now - self).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }
}
