import COpenBLAS
import Foundation

/// The speed of tensors in the language: products of matrices against PyTorch, expressions on a
/// million numbers against NumPy and against what moving the numbers alone would take.
final class TensorsBenchmark: Benchmark {
  static let name = "tensors"

  private let folder: String
  private let rounds: Int
  private let numpy: PeerModule
  private let torch: PeerModule
  /// The bytes a second that were measured on the way, by pattern.
  private var bandwidths: [MemoryBandwidth.Pattern: [Double]] = [:]

  private static let count = 1_000_000

  /// The rows and columns of `x` in products.
  private static let sizes = [
    (256, 256), (1024, 1024), (2048, 2048), (1024, 128), (2048, 128), (4096, 128),
  ]

  /// What numbers are stored as, their bytes, and how near other programs come to the results.
  private static let dtypes = [
    (name: "float64", bytes: 8, tolerance: 1e-9), (name: "float32", bytes: 4, tolerance: 1e-4),
  ]

  init(folder: String, rounds: Int) {
    self.folder = "\(folder)/tensors"
    self.rounds = rounds
    let peers = PythonPeer.withOneAndAllThreads(script: "\(self.folder)/peer.py")
    numpy = PeerModule("NumPy", "numpy", in: Array(peers.prefix(1)))
    torch = PeerModule("PyTorch", "torch", in: peers)
  }

  func run() throws {
    try checkValues()
    try showProducts()
    try showMoving()
    try showComputing()
    print(
      """
      × is how many times faster mlrepl is: the median over \(rounds) rounds, in turns.
      memory is how many times longer it takes than its numbers take to move, which they do at
      \(words(for: .read)) GB/s read, \(words(for: .copy)) copied and \(words(for: .triad)) \
      added, with 1 or 2 threads, whichever is faster.
      PyTorch runs with \(PythonPeer.threadWords), the faster of them counts; NumPy's expressions \
      have 1.
      OpenBLAS has \(openblas_get_num_threads()) and is made for \
      \(String(cString: openblas_get_corename())).

      """)
  }

  /// The middle of the bandwidths that were measured, in 10⁹ bytes a second.
  private func words(for pattern: MemoryBandwidth.Pattern) -> String {
    String(format: "%.1f", median(bandwidths[pattern] ?? []) / 1e9)
  }

  // MARK: - What is timed

  /// The expressions of a file, one a line.
  private func expressions(_ file: String) throws -> [String] {
    try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      .split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
  }

  private func vectors(_ dtype: String, _ count: Int) throws -> TimedSession {
    try TimedSession("\(folder)/vectors.mlr", given: "n = \(count); dtype = \(dtype)")
  }

  private func matrices(_ dtype: String, _ rows: Int, _ columns: Int) throws -> TimedSession {
    try TimedSession(
      "\(folder)/matrices.mlr", given: "n = \(rows); d = \(columns); dtype = \(dtype)")
  }

  /// Compares everything with the peers at a size that takes no time.
  private func checkValues() throws {
    for dtype in Self.dtypes {
      let vectors = try vectors(dtype.name, 9)
      for code in try expressions("moving.mlr") + expressions("computing.mlr") {
        numpy.compare(
          "\(dtype.name) 9 \(code)", with: try vectors.numbers(code), tolerance: dtype.tolerance)
      }
      let matrices = try matrices(dtype.name, 4, 3)
      for code in try expressions("products.mlr") {
        torch.compare(
          "\(dtype.name) 4x3 \(code)", with: try matrices.numbers(code),
          tolerance: dtype.tolerance)
      }
    }
  }

  // MARK: - Tables

  private func showProducts() throws {
    var table = BenchmarkTable(
      columns: ["x is n×d, w is d×n"] + Self.dtypes.flatMap { [$0.name, torch.title] })
    for code in try expressions("products.mlr") {
      for (rows, columns) in Self.sizes {
        var cells = ["\(code), \(rows)×\(columns)"]
        for dtype in Self.dtypes {
          let loop = try matrices(dtype.name, rows, columns).loop(over: code)
          let turns = Turns(
            rounds: rounds,
            [loop.seconds] + torch.seconds("\(dtype.name) \(rows)x\(columns) \(code)"))
          cells += [
            BenchmarkTable.seconds(turns.time(0)), BenchmarkTable.ratio(turns.ratios.min()),
          ]
        }
        table.add(cells)
      }
    }
    table.show("")
  }

  private func showComputing() throws {
    var table = BenchmarkTable(
      columns: ["10⁶ numbers computed"] + Self.dtypes.flatMap { [$0.name, numpy.title] })
    try addRows(to: &table, of: "computing.mlr") { dtype, session, code in
      let loop = try session.loop(over: code)
      let turns = Turns(
        rounds: rounds, [loop.seconds] + numpy.seconds("\(dtype) \(Self.count) \(code)"))
      return [BenchmarkTable.seconds(turns.time(0)), BenchmarkTable.ratio(turns.ratio(1))]
    }
    table.show("")
  }

  private func showMoving() throws {
    var table = BenchmarkTable(
      columns: ["10⁶ numbers moved"] + Self.dtypes.flatMap { [$0.name, numpy.title, "memory"] })
    let memory = Dictionary(
      uniqueKeysWithValues: Self.dtypes.map {
        ($0.name, (MemoryBandwidth(bytes: Self.count * $0.bytes), $0.bytes))
      })
    try addRows(to: &table, of: "moving.mlr") { dtype, session, code in
      let loop = try session.loop(over: code)
      guard let (memory, width) = memory[dtype] else { return [] }
      let (pattern, count) = traffic(of: code, in: session)
      let move: () -> Double? = {
        let seconds = memory.secondsPerByte(pattern)
        self.bandwidths[pattern, default: []].append(1 / seconds)
        return seconds * Double(count * width)
      }
      let turns = Turns(
        rounds: rounds,
        [loop.seconds, move] + numpy.seconds("\(dtype) \(Self.count) \(code)"))
      return [
        BenchmarkTable.seconds(turns.time(0)), BenchmarkTable.ratio(turns.ratio(2)),
        BenchmarkTable.ratio(turns.ratio(0, to: 1)),
      ]
    }
    table.show("")
  }

  /// A row for every expression of a file, with the cells that a dtype gives it.
  private func addRows(
    to table: inout BenchmarkTable, of file: String,
    cells: (_ dtype: String, TimedSession, _ code: String) throws -> [String]
  ) throws {
    let sessions = try Self.dtypes.map { ($0.name, try vectors($0.name, Self.count)) }
    for code in try expressions(file) {
      table.add([code] + (try sessions.flatMap { try cells($0.0, $0.1, code) }))
    }
  }

  /// How many numbers an expression cannot do without moving: every variable it reads once, and its
  /// result.
  private func traffic(
    of code: String, in session: TimedSession
  ) -> (pattern: MemoryBandwidth.Pattern, count: Int) {
    let names = Set(code.split { !$0.isLetter })
    let reads = names.compactMap { session.shape(of: $0)?.reduce(1, *) }
    let written = session.shape(of: "result")?.reduce(1, *) ?? 1
    let read = reads.reduce(0, +)
    let pattern: MemoryBandwidth.Pattern =
      written < read / 100 ? .read : reads.count == 1 ? .copy : .triad
    return (pattern, read + written)
  }
}
