import Foundation
import Interpreter
import Tensors

/// The speed of the language itself: calls, loops, arithmetic, elements, compilation, and what a
/// call of a builtin costs beside the work it does.
struct LanguageBenchmark: Benchmark {
  static let name = "language"

  private let folder: String
  private let rounds: Int
  private let python: Peer?
  private let lua: Peer?

  /// The programs, and how they are called in the table.
  private static let programs = [
    (file: "fib", title: "fib(27)"), (file: "sum", title: "sum to 10⁷"),
    (file: "mandelbrot", title: "mandelbrot 200×200×100"), (file: "sieve", title: "sieve of 10⁶"),
  ]
  private static let lines = 10_000

  init(folder: String, rounds: Int) {
    self.folder = "\(folder)/language"
    self.rounds = rounds
    python = Peer(
      programs: Peer.pythons(["python3.11", "python3"]), version: "--version",
      script: "\(self.folder)/peer.py")
    lua = Peer(
      programs: ["lua5.4", "lua"], version: "-v", script: "\(self.folder)/peer.lua")
  }

  func run() throws {
    var table = BenchmarkTable(
      columns: ["", "mlrepl", python?.name ?? "Python: none", lua?.name ?? "Lua: none"])
    var ratios: (python: [Double], lua: [Double]) = ([], [])
    for program in Self.programs {
      let text = try String(contentsOfFile: "\(folder)/\(program.file).mlr", encoding: .utf8)
      let turns = Turns(
        rounds: rounds,
        [
          { Session().time(text) }, { python?.seconds(program.file) },
          { lua?.seconds(program.file) },
        ])
      table.add([program.title] + cells(turns))
      if let ratio = turns.ratio(1) { ratios.python.append(ratio) }
      if let ratio = turns.ratio(2) { ratios.lua.append(ratio) }
    }
    func mean(_ ratios: [Double]) -> String {
      BenchmarkTable.ratio(ratios.isEmpty ? nil : geometricMean(ratios))
    }
    table.add(["geometric mean", "", mean(ratios.python), mean(ratios.lua)])
    let block = try String(contentsOfFile: "\(folder)/lines.mlr", encoding: .utf8)
    let count = Self.lines / block.count { $0 == "\n" }
    let source = String(repeating: block, count: count)
    let compiling = Turns(
      rounds: rounds,
      [
        { Session().secondsToCompile(source) }, { python?.seconds("compile", "\(Self.lines)") },
        { nil },
      ])
    table.add(["compile 10,000 lines"] + cells(compiling))
    table.show("× is how many times faster mlrepl is: the median over \(rounds) rounds, in turns.")
    showCalls()
    try showMemory()
  }

  private func cells(_ turns: Turns) -> [String] {
    [
      BenchmarkTable.seconds(turns.time(0)), BenchmarkTable.ratio(turns.ratio(1)),
      BenchmarkTable.ratio(turns.ratio(2)),
    ]
  }

  // MARK: - Calls of builtins

  /// What a call from the language costs beyond the work on the numbers.
  private func showCalls() {
    let x = Tensor(shape: [8], elements: (0..<8).map { Double($0) / 8 })
    let kernels: [(code: String, kernel: () -> Tensor)] = [
      ("exp(x)", { x.exp() }), ("sum(x)", { (try? x.sum(axis: nil)) ?? x }),
      ("x + x", { (try? .add(x, x)) ?? x }),
      ("maximum(x, 0)", { (try? .maximum(x, Tensor(0))) ?? x }),
    ]
    let calls = 200_000
    var table = BenchmarkTable(columns: ["8 numbers", "in the language", "the kernel", "the call"])
    for (code, kernel) in kernels {
      var inside: [Double] = []
      var outside: [Double] = []
      for _ in 0..<rounds {
        let loop = "x = range(8) / 8; def run(n) { for k in range(n) { y = \(code) } }; run"
        let empty = "x = range(8) / 8; def run(n) { for k in range(n) { y = x } }; run"
        inside.append(
          Session().time("\(loop)(\(calls))") - Session().time("\(empty)(\(calls))"))
        let clock = ContinuousClock()
        var total = 0.0
        outside.append(
          clock.measure { for _ in 0..<calls { total += kernel().elements[0] } }.seconds)
        if total.isNaN { return }
      }
      let each = (median(inside) / Double(calls), median(outside) / Double(calls))
      table.add(
        [
          code, BenchmarkTable.seconds(each.0), BenchmarkTable.seconds(each.1),
          BenchmarkTable.seconds(max(0, each.0 - each.1)),
        ])
    }
    table.show("")
  }

  // MARK: - Memory

  /// What the process takes before and after a loop that makes ten million tensors.
  private func showMemory() throws {
    let session = Session()
    let before = Memory.inUse
    let seconds = session.time("def run(n) { for k in range(n) { x = [k, k] } }; run(10_000_000)")
    let after = Memory.inUse
    print(
      "10⁷ tensor assignments: \(BenchmarkTable.seconds(seconds)), "
        + "memory \(before / 1_000_000) MB before, \(after / 1_000_000) MB after\n")
  }
}

extension Session {
  /// The seconds a program takes to run.
  fileprivate func time(_ text: String) -> Double {
    ContinuousClock().measure {
      let reply = run(text)
      if let diagnostic = reply.diagnostic { print(ReplyRenderer().diagnostic(diagnostic)) }
    }.seconds
  }

  /// The seconds a program takes to become instructions.
  fileprivate func secondsToCompile(_ text: String) -> Double {
    ContinuousClock().measure { _ = compile(text) }.seconds
  }
}
