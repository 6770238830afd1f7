import Foundation

/// The speed of derivatives in the language against PyTorch: training loops, second derivatives, and
/// what a gradient costs beside its value.
struct DerivativesBenchmark: Benchmark {
  static let name = "derivatives"

  private let folder: String
  private let rounds: Int
  private let torch: PeerModule
  private let metricLearning: PeerModule

  /// One function of a program in the folder; the peer's has the same name.
  private struct Case {
    let title: String
    let program: String
    let function: String
    /// Whether pytorch-metric-learning is the peer, instead of PyTorch alone.
    var isMetricLearning = false

    var request: String { "\(program) \(function)" }
  }

  private static let cases = [
    Case(title: "training step, squares", program: "training", function: "dense"),
    Case(
      title: "training step, hinges", program: "training", function: "pml",
      isMetricLearning: true),
    Case(title: "regression step, by points", program: "regression", function: "points"),
    Case(title: "regression step, on vectors", program: "regression", function: "vectors"),
    Case(title: "hessian of 10 parameters", program: "curvature", function: "hessian_matrix"),
    Case(title: "hvp of 82 parameters", program: "curvature", function: "hessian_product"),
  ]
  private static let costs = [
    (title: "network 32-64-10, 256 rows", function: "network"),
    (title: "sum(exp(x @ w)), 1000×100", function: "formula"),
  ]
  /// A training step counts as the mean of so many.
  private static let steps = 200

  init(folder: String, rounds: Int) {
    self.folder = "\(folder)/derivatives"
    self.rounds = rounds
    let peers = PythonPeer.withOneAndAllThreads(script: "\(self.folder)/peer.py")
    torch = PeerModule("PyTorch", "torch", in: peers)
    metricLearning = PeerModule(
      "pytorch-metric-learning", "pytorch_metric_learning", in: peers)
  }

  func run() throws {
    var table = BenchmarkTable(columns: ["", "mlrepl", torch.title, metricLearning.title])
    for item in Self.cases {
      let session = try session(of: item.program)
      let peer = item.isMetricLearning ? metricLearning : torch
      peer.compare(
        "\(item.request) 3", with: try session.numbers("\(item.function)(3)"), tolerance: 1e-7)
      let loop = try session.loop(calling: item.function, atLeast: Self.steps)
      let turns = Turns(
        rounds: rounds, [loop.seconds] + peer.seconds("\(item.request) \(Self.steps)"))
      // Of the processes, which differ in their threads, the fastest one counts.
      let ratio = BenchmarkTable.ratio(turns.ratios.min())
      table.add(
        [item.title, BenchmarkTable.seconds(turns.time(0))]
          + (item.isMetricLearning ? ["", ratio] : [ratio, ""]))
    }
    table.show("")
    try showCosts()
    print(
      """
      × is how many times faster mlrepl is: the median over \(rounds) rounds, in turns.
      The peers run with \(PythonPeer.threadWords), and each program in several ways; the fastest \
      counts.

      """)
  }

  /// A session that ran a program, whose data the peers have now too.
  private func session(of program: String) throws -> TimedSession {
    let session = try TimedSession("\(folder)/\(program).mlr")
    torch.give("\(program) \(try session.json("data"))")
    return session
  }

  /// What a gradient costs, as a multiple of what the value costs.
  private func showCosts() throws {
    var table = BenchmarkTable(
      columns: ["", "value", "gradient", torch.title, "gradient / value", "theirs"])
    let session = try session(of: "cost")
    for (title, function) in Self.costs {
      let (value, gradient) = ("\(function)_value", "\(function)_gradient")
      for part in [value, gradient] {
        torch.compare(
          "cost \(part) 1", with: try session.numbers("\(part)(1)"), tolerance: 1e-9)
      }
      let theirs = torch.seconds("cost \(gradient)") + torch.seconds("cost \(value)")
      let turns = Turns(
        rounds: rounds,
        [
          try session.loop(calling: gradient).seconds, try session.loop(calling: value).seconds,
        ] + theirs)
      // Gradients first, then values, of as many processes.
      let processes = theirs.count / 2
      let best = (2..<2 + processes).min {
        turns.time($0) ?? .infinity < turns.time($1) ?? .infinity
      }
      table.add([
        title, BenchmarkTable.seconds(turns.time(1)), BenchmarkTable.seconds(turns.time(0)),
        BenchmarkTable.ratio(best.flatMap { turns.ratio($0) }),
        BenchmarkTable.ratio(turns.ratio(0, to: 1)),
        BenchmarkTable.ratio(best.flatMap { turns.ratio($0, to: $0 + processes) }),
      ])
    }
    table.show("")
  }
}
