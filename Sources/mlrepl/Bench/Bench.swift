import ArgumentParser
import Glibc
import Terminal

/// Times the program on this machine, where it can against its peers in the same run.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time the program on this machine, against its peers where they are installed.")

  @Argument(help: "What to time; everything without a name.")
  var name: String?

  @Option(help: "How often each program runs; the medians count.")
  var rounds = 5

  @Option(help: "The folder of the programs and their peers.")
  var folder: String?

  /// What can be timed.
  static var all: [any Benchmark.Type] {
    [
      LanguageBenchmark.self, TensorsBenchmark.self, DerivativesBenchmark.self,
      LossesBenchmark.self, TrainingBenchmark.self,
    ]
  }

  func validate() throws {
    let names = Self.all.map { $0.name }
    if let name, !names.contains(name) {
      throw ValidationError(
        "There is no benchmark \(name). There is: \(names.joined(separator: ", ")).")
    }
    guard (1...1000).contains(rounds) else {
      throw ValidationError("--rounds is a number from 1 to 1000.")
    }
  }

  func run() throws {
    guard let folder = BenchmarkFolder.find(named: folder) else {
      Streams.error("error: the folder Benchmarks is not here\n  Name it with --folder.\n")
      throw ExitCode(1)
    }
    for benchmark in Self.all where name == nil || name == benchmark.name {
      try benchmark.init(folder: folder, rounds: rounds).run()
    }
  }
}

/// Something to time.
protocol Benchmark {
  static var name: String { get }
  init(folder: String, rounds: Int)
  func run() throws
}

/// Finds the programs to time.
enum BenchmarkFolder {
  /// The named folder, `Benchmarks` in the working folder, or that of the installed program.
  static func find(named option: String?) -> String? {
    ([option].compactMap { $0 } + (option == nil ? LessonFolder.beside("Benchmarks") : []))
      .first { access("\($0)/language/fib.mlr", R_OK) == 0 }
  }
}

/// The middle of some measurements.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The mean that suits ratios.
func geometricMean(_ ratios: [Double]) -> Double {
  exp(ratios.reduce(0) { $0 + log($1) } / Double(ratios.count))
}
