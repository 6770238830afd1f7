import Autodiff
import Foundation
import Interpreter
import MetricLearning
import Tensors

/// The speed of training and of measuring: the reality check against PyTorch with
/// pytorch-metric-learning, what `fit` and watching add to a step, neighbours against bare products,
/// and k-means against scikit-learn.
final class TrainingBenchmark: Benchmark {
  static let name = "training"

  private let folder: String
  private let rounds: Int
  private let metricLearning: PeerModule
  private let learn: PeerModule

  init(folder: String, rounds: Int) {
    self.folder = "\(folder)/training"
    self.rounds = rounds
    let peers = PythonPeer.withOneAndAllThreads(script: "\(self.folder)/peer.py")
    metricLearning = PeerModule(
      "pytorch-metric-learning", "pytorch_metric_learning", in: peers)
    learn = PeerModule("scikit-learn", "sklearn", in: peers)
  }

  func run() throws {
    try showRealityCheck()
    try showSteps()
    try showNeighbours()
    try showClusters()
    print("The peers run with \(PythonPeer.threadWords), the faster counts.\n")
  }

  /// Eight losses, one seed each, trained and measured.
  private func showRealityCheck() throws {
    var table = BenchmarkTable(
      columns: ["reality check, 8 losses, 300 steps", "mlrepl", metricLearning.title])
    for (title, seen, peer) in [
      ("images held out", "none", "reality"), ("classes held out", "range(5)", "unseen"),
    ] {
      let session = try TimedSession("\(folder)/reality.mlr")
      let loop = try session.loop(calling: "check_\(seen == "none" ? "closed" : "unseen")")
      let turns = Turns(
        rounds: max(1, rounds / 2), [loop.seconds] + metricLearning.seconds("\(peer) 1"))
      table.add([
        title, BenchmarkTable.seconds(turns.time(0)), BenchmarkTable.ratio(turns.ratios.min()),
      ])
    }
    table.show("")
  }

  /// A step of `fit` against its parts put together by hand, and watched against not.
  private func showSteps() throws {
    let parts = try StepParts()
    let quiet = try TimedSession("\(folder)/reality.mlr").loop(calling: "train")
    let watched = try Self.watchedSeconds("\(folder)/reality.mlr")
    let turns = Turns(rounds: rounds, [{ parts.seconds() }, { parts.seconds(byFit: true) }])
    let watching = Turns(rounds: rounds, [quiet.seconds, watched])
    var table = BenchmarkTable(columns: ["300 steps of ms, 200 rows", "time", "over the other"])
    table.add(["model, loss and optimiser by hand", BenchmarkTable.seconds(turns.time(0)), ""])
    table.add([
      "fit", BenchmarkTable.seconds(turns.time(1)), BenchmarkTable.ratio(turns.ratio(1)),
    ])
    table.add(["fit in the language, 3000 steps", BenchmarkTable.seconds(watching.time(0)), ""])
    table.add([
      "watched, ten frames a second", BenchmarkTable.seconds(watching.time(1)),
      BenchmarkTable.ratio(watching.ratio(1)),
    ])
    table.show("")
  }

  /// The same training with a display that draws every frame for nobody.
  private static func watchedSeconds(_ path: String) throws -> () -> Double {
    let session = Session()
    let renderer = ReplyRenderer()
    session.live = LiveDisplay(drawsInPlace: true) { update in
      if case .frame(let plot?, _) = update { _ = renderer.picture(plot) }
    }
    _ = session.run(try String(contentsOfFile: path, encoding: .utf8), isScript: true)
    return {
      ContinuousClock().measure { _ = session.run("watch(1)", isScript: true) }.seconds
    }
  }

  private func showNeighbours() throws {
    var table = BenchmarkTable(
      columns: ["n = 20,000, d = 128, 100 classes", "time", "÷ products"])
    for dtype in ["float32", "float64"] {
      let session = try TimedSession(
        "\(folder)/reality.mlr", given: "x = \(dtype)(randn(20000, 128, seed=1)); xt = -x.T")
      try session.prepare("y = range(20000) % 100")
      let products = try session.loop(calling: "products")
      for call in ["recall_at_k(x, y)", "map_at_r(x, y)"] {
        let loop = try session.loop(over: call)
        let turns = Turns(rounds: max(1, rounds / 2), [products.seconds, loop.seconds])
        table.add([
          "\(call), \(dtype)", BenchmarkTable.seconds(turns.time(1)),
          BenchmarkTable.ratio(turns.ratio(1)),
        ])
      }
    }
    let batch = "x = float32(randn(20000, 128, seed=1)); y = range(20000) % 100"
    if let peak = ChildMemory.peak(of: "\(batch); map_at_r(x, y);") {
      table.add(["memory of all, map_at_r, float32", "\(peak / 1_000_000) MB", ""])
    }
    table.show("")
  }

  private func showClusters() throws {
    var table = BenchmarkTable(columns: ["k-means from given centers", "mlrepl", learn.title])
    for (n, d, k) in [(1797, 64, 10), (20_000, 64, 50)] {
      let session = try TimedSession(
        "\(folder)/reality.mlr", given: "x = 0")
      try session.prepare("w = waves(\(n), \(d)); start = w[::\(n / k)][0:\(k)]")
      let call = "kmeans(w, \(k), init=start).inertia"
      learn.compare("kmeans \(n) \(d) \(k)", with: try session.numbers(call), tolerance: 1e-9)
      let loop = try session.loop(over: call)
      let turns = Turns(rounds: rounds, [loop.seconds] + learn.seconds("kmeans \(n) \(d) \(k)"))
      table.add([
        "n = \(n), d = \(d), k = \(k)", BenchmarkTable.seconds(turns.time(0)),
        BenchmarkTable.ratio(turns.ratios.min()),
      ])
    }
    table.show("")
  }
}

/// A training by the library's parts alone, and by `Training`.
private struct StepParts {
  private let model: Model
  private let x: Tensor
  private let labels: [Int]
  private let criterion: Criterion
  private let steps = 300

  init() throws {
    let digits = try Dataset.digits()
    model = try Model.mlp([64, 64, 8], activation: .relu)
    let rows = digits.rows(Array(0..<200))
    x = try rows.x / Tensor(16)
    labels = rows.y ?? []
    criterion = try Criterion(MultiSimilarity(), classes: 10, d: 8)
  }

  func seconds(byFit: Bool = false) -> Double {
    ContinuousClock().measure { byFit ? fit() : steps(steps) }.seconds
  }

  private func fit() {
    var training = Training(optimizer: Adam(learningRate: 0.003))
    training.steps = steps
    _ = try? training.fit(model, x: x, labels: labels, criterion)
  }

  private func steps(_ count: Int) {
    var optimizer = Adam(learningRate: 0.003)
    var parameters = model.parameters
    for _ in 0..<count {
      let tape = Tape()
      let followed = parameters.map { tape.variable(.constant($0)) }
      guard let z = try? model.apply(parameters: followed, x: .constant(x)),
        let value = try? criterion.value(z, labels, []),
        let gradients = try? tape.gradients(of: value, wrt: followed)
      else { return }
      optimizer.step(parameters: &parameters, gradients: gradients.compactMap { $0?.tensor })
      tape.finish()
    }
  }
}
