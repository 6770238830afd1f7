import Foundation
import Interpreter
import Testing

/// The programs that `mlrepl bench` times run, and their peers have the same names.
@Suite struct BenchmarkProgramTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Benchmarks")

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  private static func run(_ code: String, in session: Session) {
    let diagnostic = session.run(code).diagnostic
    #expect(diagnostic == nil, "\(diagnostic.map { ReplyRenderer().diagnostic($0) } ?? "")")
  }

  @Test(arguments: ["fib", "sum", "mandelbrot", "sieve", "lines"])
  func languageProgramCompiles(name: String) throws {
    #expect(Session().compile(try Self.text("language/\(name).mlr")) == nil)
  }

  @Test func trainingProgramRuns() throws {
    let session = Session()
    Self.run("x = randn(300, 4, seed=1); xt = -x.T", in: session)
    Self.run(try Self.text("training/reality.mlr"), in: session)
    Self.run("kmeans(waves(20, 3), 4, init=waves(20, 3)[::5][0:4]).inertia", in: session)
    for call in ["check_closed(0)", "check_unseen(0)", "train(0)", "products(0)"] {
      Self.run(call, in: session)
    }
  }

  @Test(
    arguments: [
      ("vectors", "moving"), ("vectors", "computing"), ("matrices", "products"),
    ], ["float64", "float32"])
  func expressionsRunAndHavePeers(files: (data: String, lines: String), dtype: String) throws {
    let session = Session()
    Self.run("n = 9; d = 3; dtype = \(dtype)", in: session)
    Self.run(try Self.text("tensors/\(files.data).mlr"), in: session)
    let peers = try Self.text("tensors/peer.py")
    let lines = try Self.text("tensors/\(files.lines).mlr").split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
    #expect(!lines.isEmpty)
    for line in lines {
      Self.run(String(line), in: session)
      #expect(peers.contains("\"\(line)\": lambda"), "peer.py has no \(line)")
    }
  }

  @Test(arguments: ["training", "regression", "curvature", "cost"])
  func derivativesRunAndHavePeers(name: String) throws {
    let session = Session()
    let text = try Self.text("derivatives/\(name).mlr")
    Self.run(text, in: session)
    Self.run("json(data)", in: session)
    let peers = try Self.text("derivatives/\(name).py")
    let functions = text.matches(of: /def (\w+)\(count\)/).map(\.1)
    #expect(!functions.isEmpty)
    for function in functions {
      Self.run("\(function)(2)", in: session)
      #expect(peers.contains("def \(function)(data)"), "\(name).py has no \(function)")
    }
  }
}
