import Autodiff
import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// Training.
  static let training: [Builtin] = [
    Builtin(
      """
      fit(model, data, loss, optimizer=none, steps=500, batch=none, per_class=none, miner=none, \
      loss_lr=none, schedule=none, clip=none, patience=none, watch=0, seed=0)
      """,
      "Trains a model by gradient descent on a loss; gives the history.",
      details: """
        data is a data set, [x, y], or the labels alone for an embedding table. loss is a loss object, \
        a bare name such as ms, a sum such as softmax_ce() + 0.01*center(), or a function (z, y) -> \
        number. The optimizer is adam(0.01) unless \
        given. miner chooses the pairs or triplets of every batch that the losses of such sum over: a word \
        of mine such as "semihard", a miner such as ms_miner, or a function (z, y) -> table; no derivative \
        follows the choice, and where nothing is chosen the loss is 0. Nothing is changed in place: the \
        trained model is h.model, the loss with its trained weights h.criterion, the losses of all steps \
        h.loss. A batch is `batch` rows of a fresh permutation each epoch; with per_class=m, m rows each \
        of batch/m classes (of every class without batch). loss_lr is the step size of the loss's own \
        parameters; schedule is "cosine" or a function step -> factor; clip the largest length of the \
        gradient; the training ends after `patience` steps without a new lowest loss. watch=k shows the \
        embedding and the loss every k steps, in place, ten times a second at most; without a terminal \
        a line every k steps. Ctrl-C ends the training and keeps its history.
        """,
      example: "fit(linear(2, 2), blobs(30), contrastive, steps=5).steps",
      seeAlso: ["sgd", "adam", "curve", "replay", "diagnose", "compare"]
    ) { call in try Fitting(call).run() }
  ]
}

/// One call of `fit`.
private struct Fitting {
  private let call: Call
  private let model: ModelObject
  private let x: Tensor?
  private let labels: [Int]
  private let miner: FitMiner?
  private var training = Training()
  /// Steps between pictures; 0 for none.
  private var watch = 0

  init(_ call: Call) throws {
    self.call = call
    for index in [0, 1, 2] { try call.refuseFollowed(index) }
    guard case .object(let object) = call[0], let model = object as? ModelObject else {
      throw call.wrong(0, "a model such as linear(4, 2)")
    }
    self.model = model
    (x, labels) = try Self.data(call)
    miner = try FitMiner(call, 7)
    try configure()
  }

  private static func data(_ call: Call) throws -> (Tensor?, [Int]) {
    switch call[1] {
    case .object(let object):
      guard let data = (object as? DatasetObject)?.dataset else { break }
      guard let labels = data.y else {
        throw call.failure(1, "this data set has no labels to learn from")
      }
      return (data.x, labels)
    case .list(let list) where list.values.count == 2:
      guard let x = list.values[0].plainTensor, let y = list.values[1].plainTensor else { break }
      let inner = call.replacing([call[0], .tensor(TensorBox(y))])
      return (x, try inner.labels(1, rows: x.shape.first))
    case .tensor(let box) where box.tensor.rank == 2:
      throw call.failure(
        1, "these points have no labels to learn from", ["Give both: fit(model, [x, y], loss)."])
    case .tensor, .range: return (nil, try call.labels(1))
    default: break
    }
    throw call.wrong(1, "a data set, [x, y], or the labels for an embedding table")
  }

  private mutating func configure() throws {
    if case .object(let object) = call[3], let optimizer = object as? OptimizerObject {
      training.optimizer = optimizer.optimizer
    } else if !call.isNone(3) {
      throw call.wrong(3, "an optimizer such as adam(0.01)")
    }
    training.steps = try call.whole(4, from: 0)
    let batch = try call.optionalWhole(5, from: 1)
    if let perClass = try call.optionalWhole(6, from: 1) {
      training.batches = .perClass(perClass, rows: batch)
    } else if let batch {
      training.batches = .rows(batch)
    }
    training.criterionRate = try positive(8)
    try configureSchedule()
    training.clip = try positive(10)
    training.patience = try call.optionalWhole(11, from: 1)
    watch = try call.whole(12, from: 0)
    training.seed = try call.seed(13)
    let interrupt = call.context.interrupt
    training.isInterrupted = { interrupt.take() }
  }

  /// A number above 0, or none.
  private func positive(_ index: Int) throws -> Double? {
    if call.isNone(index) { return nil }
    let number = try call.number(index)
    guard number > 0, number.isFinite else {
      throw call.failure(index, "\(call.parameters[index].name) of fit is above 0")
    }
    return number
  }

  private mutating func configureSchedule() throws {
    switch call[9] {
    case .nothing: break
    case .text:
      _ = try call.choice(9, ["cosine"])
      training.schedule = Training.cosineSchedule(steps: training.steps)
    default:
      let call = call
      training.schedule = { step in
        guard case .number(let factor) = try call.invoke(9, [.number(Double(step))]).untraced else {
          throw call.failure(9, "schedule gives a number for every step")
        }
        return factor
      }
    }
  }

  func run() throws -> Value {
    do {
      let start = try model.tensors()
      let (criterion, loss) = try criterion(d: try width(start))
      let display = TrainingDisplay(call.context, steps: training.steps, watch: watch) {
        object($0, loss)
      }
      var training = training
      training.observe = display.map { display in { try display.show($0) } }
      defer { display?.end() }
      let history = try training.fit(
        start, x: model.points(x, count: labels.count), labels: labels, criterion
      ) { try model.embed($0, $1) }
      notice(history)
      return .object(object(history, loss))
    } catch let error as TrainingError {
      throw Wording.failure(error, call)
    } catch let error as TensorError {
      let failure = Wording.failure(error)
      throw call.failure(1, "the model does not fit the data: \(failure.message)", failure.details)
    }
  }

  private func object(_ history: TrainingHistory, _ loss: LossObject?) -> HistoryObject {
    HistoryObject(
      history, model: model, criterion: trained(loss, history), data: (x, labels),
      isFullBatch: call.isNone(5) && call.isNone(6) && miner == nil)
  }

  /// Says why a training ended early.
  private func notice(_ history: TrainingHistory) {
    switch history.stopped {
    case .done: break
    case .diverged:
      call.context.notice(
        "the loss or its gradient was no longer finite at step \(history.steps); the model is the one "
          + "before it, and diagnose(h) says more")
    case .interrupted:
      call.context.notice("interrupted after \(history.steps) steps; the history is kept")
    }
  }

  /// The width of the embeddings, from a row of the data.
  private func width(_ start: [Tensor]) throws -> Int {
    if let table = model.table {
      guard table.rows == labels.count else {
        throw call.failure(
          1, "the embedding table has \(table.rows) rows, the data \(labels.count)")
      }
      return table.width
    }
    guard let x else { throw call.failure(1, "this model needs points, not labels alone") }
    if x.rank == 2, let wanted = model.inputs, x.shape[1] != wanted {
      throw call.failure(
        1, "the model takes rows of \(counted(wanted, "number")), and these have \(x.shape[1])")
    }
    let row = try x.subscripted([.slice(start: 0, stop: 1, step: nil)])
    return try model.embed(start.map { .constant($0) }, .constant(row)).shape.last ?? 0
  }

  private func criterion(d: Int) throws -> (Criterion, LossObject?) {
    switch call[2] {
    case .function: break
    case .builtin(let builtin) where LossCatalog.named(builtin.name) == nil: break
    default:
      let object = try BuiltinCatalog.lossArgument(call, 2)
      try checkTuples(of: object)
      let criterion = try Criterion(
        object.sum, classes: (labels.max() ?? -1) + 1, d: d, miner: miner.map { $0.tuples })
      let call = call
      return (
        Criterion(
          parameters: criterion.parameters,
          value: {
            do { return try criterion.value($0, $1, $2) } catch {
              throw Wording.failure(error, at: call)
            }
          }, moved: criterion.moved), object
      )
    }
    guard miner == nil else {
      throw call.failure(
        7, "a miner chooses for losses of the catalog, and this loss is a function",
        ["Let it mine: (z, y) -> ms(z, y, tuples=mine(stop_gradient(z), y, \"ms\"))."])
    }
    let call = call
    return (
      Criterion { embeddings, labels, _ in
        let value = try call.invoke(2, [Value(embeddings), .vector(labels.map(Double.init))])
        guard let quantity = value.quantity, quantity.count == 1 else {
          throw call.failure(2, "loss of fit gives a number, not \(value.described)")
        }
        return quantity
      }, nil
    )
  }

  /// Throws where a miner has nothing to choose for, and where tuples number other rows than those of
  /// a batch.
  private func checkTuples(of object: LossObject) throws {
    if miner != nil, !object.terms.contains(where: { type(of: $0.loss).takesTuples }) {
      throw call.failure(
        7, "\(object.name) takes no tuples: there is nothing to mine for",
        ["It is no sum over listed pairs or triplets, as ms, contrastive and triplet are."])
    }
    let isWhole = call.isNone(5) && call.isNone(6)
    if miner == nil, !isWhole, object.terms.contains(where: { $0.tuples != nil }) {
      throw call.failure(
        2, "the tuples of this loss number the rows of all data, not of a batch",
        ["miner= chooses tuples of every batch: fit(model, data, loss, miner=\"ms\")."])
    }
  }

  private func trained(_ loss: LossObject?, _ history: TrainingHistory) -> Value {
    guard let loss else { return call[2] }
    let trained = zip(loss.terms, loss.sum.weightPlaces).map { term, place in
      var term = term
      if let place {
        term.weights = .tensor(TensorBox(history.criterionParameters[place]))
      }
      return term
    }
    return .object(LossObject(trained))
  }
}
