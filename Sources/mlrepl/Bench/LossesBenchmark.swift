import Foundation

/// The speed of losses, value and gradient together, against the two matrix products that a dense
/// computation takes, against pytorch-metric-learning and against PyTorch's own operations.
final class LossesBenchmark: Benchmark {
  static let name = "losses"

  private let folder: String
  private let rounds: Int
  private let torch: PeerModule
  private let metricLearning: PeerModule

  /// A batch of pairs.
  private struct Size {
    let n: Int
    let d: Int
    let classes: Int
    /// Whether it is as it is for the peers; others are compared with the limit alone.
    var isForPeers: Bool { classes == 8 && n <= 8192 }
    /// Rounds that are enough for what takes long.
    var mostRounds: Int { n > 4096 ? 1 : n > 2048 ? 3 : .max }

    var request: String { "\(n) \(d) \(classes)" }
    var title: String { "n = \(n), d = \(d), \(classes) classes" }
  }

  private static let sizes = [
    Size(n: 128, d: 64, classes: 8), Size(n: 512, d: 128, classes: 8),
    Size(n: 2048, d: 128, classes: 8), Size(n: 4096, d: 128, classes: 8),
    Size(n: 8192, d: 128, classes: 8), Size(n: 20_000, d: 128, classes: 8),
    Size(n: 512, d: 128, classes: 64), Size(n: 2048, d: 128, classes: 256),
    Size(n: 8192, d: 128, classes: 1024),
  ]

  /// What computes the same here as the peers do.
  private static let paired = [
    (title: "ms", here: "ms()", peer: "ms"),
    (title: "contrastive", here: "contrastive()", peer: nil),
    (title: "contrastive, form=\"pml\"", here: "contrastive(form=\"pml\")", peer: "contrastive"),
  ]

  /// The other losses of pairs and triplets.
  private static let others = [
    "binomial()", "snca()", "supcon()", "ntxent()", "nca(form=\"log\")", "lifted()",
    "lifted(form=\"generalized\")", "circle()", "margin_loss()", "fastap()", "tuplet_margin()",
    "intra_pair_variance()", "snr_contrastive()", "ms(mining=true)", "triplet()",
    "triplet(mining=\"semihard\")", "triplet(mining=\"hard\")", "margin_loss(form=\"triplets\")",
    "angular()", "npair()",
  ]

  /// Losses of 1000 classes.
  private static let classified = [
    (here: "softmax_ce()", peer: nil, centers: 1),
    (here: "norm_softmax(scale=20)", peer: "norm_softmax", centers: 1),
    (here: "proxy_nca(form=\"softmax\")", peer: "proxy_nca", centers: 1),
    (here: "proxy_anchor()", peer: "proxy_anchor", centers: 1),
    (here: "cosface()", peer: "cosface", centers: 1),
    (here: "arcface()", peer: "arcface", centers: 1),
    (here: "softtriple(tau=0)", peer: "softtriple", centers: 10),
  ]

  init(folder: String, rounds: Int) {
    self.folder = "\(folder)/losses"
    self.rounds = rounds
    let peers = PythonPeer.withOneAndAllThreads(script: "\(self.folder)/peer.py")
    torch = PeerModule("PyTorch", "torch", in: peers)
    metricLearning = PeerModule("pytorch-metric-learning", "pytorch_metric_learning", in: peers)
  }

  func run() throws {
    let session = try TimedSession("\(folder)/batches.mlr")
    for item in Self.paired {
      guard let peer = item.peer else { continue }
      for kind in ["pml", "dense"] {
        metricLearning.compare(
          "\(kind) \(peer) float64 128 64 8",
          with: try session.numbers("\(item.here)(waves(128, 64), range(128) % 8)"),
          tolerance: 1e-6)
      }
    }
    // A process that is started counts the memory of the one that starts it, which is little so far.
    try showMemory()
    for dtype in ["float32", "float64"] {
      for item in Self.paired { try showPairs(item, dtype) }
    }
    try showOthers()
    try showClasses()
    print(
      """
      Value and gradient together, normalisation included, called from the language.
      ÷ limit is the time over that of the products x @ y.T and w @ x, n×d and n×n; for losses of \
      classes, over z @ w.T, g @ w and g.T @ z.
      × is how many times faster mlrepl is. All are medians over \(rounds) rounds, in turns, of three at \
      n = 4096 and of one beyond; the peers run with \(PythonPeer.threadWords), the faster counts.

      """)
  }

  private func showPairs(
    _ item: (title: String, here: String, peer: String?), _ dtype: String
  ) throws {
    var table = BenchmarkTable(
      columns: ["\(dtype), \(item.title)", "mlrepl", "÷ limit", metricLearning.title, torch.title])
    for size in Self.sizes where dtype == "float32" || size.n <= 2048 {
      let limit = try limit(size, dtype)
      let loop = try loop(item.here, size, dtype)
      let request = item.peer.flatMap { size.isForPeers ? "\($0) \(dtype) \(size.request)" : nil }
      let library = request.map { metricLearning.seconds("pml \($0)") } ?? []
      let dense = request.map { torch.seconds("dense \($0)") } ?? []
      let turns = Turns(
        rounds: min(rounds, size.mostRounds), [loop.seconds] + limit + library + dense)
      table.add([
        size.title, BenchmarkTable.seconds(turns.time(0)), share(turns, of: 1...2),
        fastest(turns, 3..<3 + library.count),
        fastest(turns, 3 + library.count..<3 + library.count + dense.count),
      ])
    }
    table.show("")
  }

  private func showOthers() throws {
    let size = Self.sizes[2]
    var table = BenchmarkTable(columns: ["float32, \(size.title)", "mlrepl", "÷ limit"])
    let limit = try limit(size, "float32")
    for here in Self.others {
      let loop = try loop(here, size, "float32")
      let turns = Turns(rounds: rounds, [loop.seconds] + limit)
      table.add([here, BenchmarkTable.seconds(turns.time(0)), share(turns, of: 1...2)])
    }
    table.show("")
  }

  private func showClasses() throws {
    let (n, d, classes) = (512, 128, 1000)
    var table = BenchmarkTable(
      columns: [
        "float32, n = \(n), d = \(d), \(classes) classes", "mlrepl", "÷ products",
        metricLearning.title,
      ])
    for item in Self.classified {
      let rows = classes * item.centers
      let batch = """
        z = float32(waves(\(n), \(d))); y = range(\(n)) % \(classes)
        w = float32(waves(\(rows), \(d), shift=0.5)); g = float32(waves(\(n), \(rows)))
        L = \(item.here)
        """
      let loop = try loop(
        over: "value_and_grad((z, w) -> L(z, y, weights=w), wrt=[0, 1])(z, w)", after: batch)
      let products = try ["z @ w.T", "g @ w", "g.T @ z"].map {
        try self.loop(over: $0, after: batch)
      }
      let peer =
        item.peer.map { metricLearning.seconds("pml \($0) float32 \(n) \(d) \(classes)") } ?? []
      let turns = Turns(rounds: rounds, [loop.seconds] + products.map { $0.seconds } + peer)
      table.add([
        item.here, BenchmarkTable.seconds(turns.time(0)), share(turns, of: 1...3),
        fastest(turns, 4..<4 + peer.count),
      ])
    }
    table.show("")
  }

  /// The memory of whole processes, over that of one that only makes the batch.
  private func showMemory() throws {
    var table = BenchmarkTable(
      columns: ["float32, d = 128, 8 classes", "the data alone", "ms", "contrastive", "triplet"])
    for n in [8192, 20_000] {
      let batch = "x = float32(randn(\(n), 128, seed=1)); y = range(\(n)) % 8"
      let peaks =
        ["0"]
        + ["ms", "contrastive", "triplet"].map { "value_and_grad(z -> \($0)(z, y))(x)" }
      let bytes = peaks.map { ChildMemory.peak(of: "\(batch); \($0);") }
      table.add(
        ["peak of the process, n = \(n)"]
          + bytes.enumerated().map { index, value in
            guard let value, let least = bytes[0] else { return "" }
            let megabytes = { (bytes: Int) in "\((bytes + 500_000) / 1_000_000) MB" }
            return index == 0 ? megabytes(value) : "+ \(megabytes(value - least))"
          })
    }
    table.show("")
  }

  // MARK: - Loops

  /// A loop in a session of its own.
  private func loop(over expression: String, after code: String) throws -> Loop {
    let session = try TimedSession("\(folder)/batches.mlr")
    try session.prepare(code)
    return try session.loop(over: expression)
  }

  private func loop(_ loss: String, _ size: Size, _ dtype: String) throws -> Loop {
    try loop(
      over: "value_and_grad(z -> L(z, y))(x)",
      after: """
        x = \(dtype)(waves(\(size.n), \(size.d))); y = range(\(size.n)) % \(size.classes)
        L = \(loss)
        """)
  }

  /// The two products of the size of a batch.
  ///
  /// The first is of a matrix and another, since one by its own transpose takes half the work. Of very
  /// many rows they are timed on a part of the rows.
  private func limit(_ size: Size, _ dtype: String) throws -> [() -> Double?] {
    let rows = min(size.n, 4096)
    let batch = """
      a = \(dtype)(waves(\(size.n), \(size.d))); b = \(dtype)(waves(\(rows), \(size.n)))
      c = -a.T; a = a[0:\(rows)]; d = -c.T
      """
    let parts = Double(size.n) / Double(rows)
    return try ["a @ c", "b @ d"].map { product -> () -> Double? in
      let timed = try loop(over: product, after: batch)
      return { timed.seconds() * parts }
    }
  }

  /// The first one's time over what others take together.
  private func share(_ turns: Turns, of others: ClosedRange<Int>) -> String {
    guard let own = turns.time(0) else { return "" }
    let sum = others.reduce(0.0) { $0 + (turns.time($1) ?? .nan) }
    return String(format: "%.2f", own / sum)
  }

  private func fastest(_ turns: Turns, _ peers: Range<Int>) -> String {
    BenchmarkTable.ratio(peers.compactMap { turns.ratio($0) }.min())
  }
}
