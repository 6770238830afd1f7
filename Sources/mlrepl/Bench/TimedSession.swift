import Foundation
import Interpreter
import Tensors

/// A session with the data of a benchmark, in which code is repeated and timed.
struct TimedSession {
  private let session = Session()

  /// Runs a program after what it is given.
  ///
  /// - Throws: what reading the file throws, and `BenchmarkFailure`.
  init(_ path: String, given: String = "") throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    _ = try run(given)
    _ = try run(text)
  }

  /// Runs a cell.
  private func run(_ code: String) throws -> Reply {
    let reply = session.run(code, isScript: true)
    guard let diagnostic = reply.diagnostic else { return reply }
    throw BenchmarkFailure(description: ReplyRenderer().diagnostic(diagnostic))
  }

  /// Runs code that is not timed.
  func prepare(_ code: String) throws { _ = try run(code) }

  /// What an expression gives as JSON.
  func json(_ code: String) throws -> String {
    let outputs = try run("print(json(\(code)))").outputs
    guard case .text(let text) = outputs.last else { return "" }
    return text.trimmingCharacters(in: .newlines)
  }

  /// All numbers of what an expression gives, one after the other.
  func numbers(_ code: String) throws -> [Double] {
    try json(code).split { "[]{}:, ".contains($0) }.compactMap { Double($0) }
  }

  /// The shape of a variable that is a tensor; nil for any other.
  func shape(of name: some StringProtocol) -> [Int]? {
    guard case .tensor(let box) = session.value(of: String(name)) else { return nil }
    return box.tensor.shape
  }

  /// A loop that evaluates an expression as often as it is told, and looks at what it gives.
  func loop(over expression: String) throws -> Loop {
    _ = try run("result = \(expression)")
    let look = shape(of: "result").map {
      "entry = result[\($0.map { _ in "0" }.joined(separator: ", "))]"
    }
    _ = try run(
      "def repeat(count) { for k in range(count) { result = \(expression); \(look ?? "") } }")
    return try loop(calling: "repeat")
  }

  /// A loop that is a function of how often to repeat it.
  func loop(calling function: String, atLeast least: Int = 1) throws -> Loop {
    _ = try run("\(function)(1)")
    return Loop(least: least) { count in
      ContinuousClock().measure { _ = session.run("\(function)(\(count))", isScript: true) }.seconds
    }
  }
}

/// Something that is repeated for at least 50 ms whenever it is timed.
struct Loop {
  private let count: Int
  private let elapsed: (Int) -> Double

  fileprivate init(least: Int, elapsed: @escaping (Int) -> Double) {
    self.elapsed = elapsed
    let enough = 0.05
    var count = least
    while count < 100_000_000 {
      let seconds = elapsed(count)
      if seconds >= enough { break }
      count = max(2 * count, Int(1.2 * Double(count) * min(enough / max(seconds, 1e-6), 1000)))
    }
    self.count = count
  }

  /// The seconds one repetition takes.
  func seconds() -> Double { elapsed(count) / Double(count) }
}

/// Why a benchmark cannot go on.
struct BenchmarkFailure: Error, CustomStringConvertible {
  let description: String
}
