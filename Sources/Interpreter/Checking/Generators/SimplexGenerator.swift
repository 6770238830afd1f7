import Glibc
import Tensors

/// Points of the probability simplex, its corners and sides among them.
final class SimplexGenerator: Generator, @unchecked Sendable {
  private let k: Int
  private let n: Int?
  private let seed: UInt64

  init(k: Int, n: Int?, trials: Int, seed: UInt64) {
    self.k = k
    self.n = n
    self.seed = seed
    super.init(trials: trials)
  }

  override var display: String { "simplex(\(k))" }
  override var scope: String { "\(trials) points of the simplex" }

  // MARK: - Drawing

  /// Where on the simplex points lie that break claims.
  private enum Edge: CaseIterable {
    case corner, middle, nearCorner, side, nearSide, nearMiddle, skewed, equalPair
  }

  override func draw(_ trial: Int, stream: Int) throws -> Value {
    var dice = TrialDice("simplex", seed: seed, trial: trial, stream: stream)
    // Not in step with the edge cases of a generator beside it.
    let turn = trial + stream
    let edge = turn % 2 == 1 ? Edge.allCases[(turn / 2) % Edge.allCases.count] : nil
    return value((0..<(n ?? 1)).map { _ in point(edge, &dice) })
  }

  /// Points drawn evenly, to compare with.
  func plain(_ trial: Int) -> Value {
    var dice = TrialDice("plain simplex", seed: seed, trial: trial, stream: 0)
    return value((0..<(n ?? 1)).map { _ in point(nil, &dice) })
  }

  private func point(_ edge: Edge?, _ dice: inout TrialDice) -> [Double] {
    var weights = (0..<k).map { _ in -log(1 - dice.uniform()) }
    let chosen = dice.below(k)
    switch edge {
    case nil: break
    case .corner: weights = weights.indices.map { $0 == chosen ? 1 : 0 }
    case .middle: weights = weights.map { _ in 1 }
    case .nearCorner:
      let size = dice.tenTo(from: -6, to: -1)
      weights = Self.shares(weights).map { size * $0 }
      weights[chosen] += 1 - size
    case .side: weights[chosen] = 0
    case .nearSide: weights[chosen] *= dice.tenTo(from: -6, to: -2)
    case .nearMiddle:
      let size = dice.tenTo(from: -6, to: -2)
      weights = weights.map { 1 + size * $0 }
    case .skewed: weights = weights.map { $0 * $0 * $0 * $0 }
    case .equalPair: weights[chosen] = weights[(chosen + 1) % k]
    }
    return Self.shares(weights)
  }

  /// Numbers from 0 as shares of their sum; even shares of nothing.
  private static func shares(_ weights: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    return weights.map { total > 0 ? $0 / total : 1 / Double(weights.count) }
  }

  private func value(_ points: [[Double]]) -> Value {
    .tensor(Tensor(shape: n.map { [$0, k] } ?? [k], elements: points.flatMap { $0 }))
  }

  // MARK: - Shrinking

  override var passCount: Int { 1 }

  /// One point after the other: a corner, the middle, shares with few decimals.
  override func simplification(of drawn: Drawn, pass: Int, step: Int) throws -> Simplification {
    guard let elements = drawn.value.plainTensor?.elements else { return .end }
    let choices = k + 1 + RoundNumber.decimals.count
    let place = step / choices
    guard k > 0, place < elements.count / k else { return .end }
    var points = (0..<elements.count / k).map { Array(elements[$0 * k..<($0 + 1) * k]) }
    let simpler = simpler(points[place], step % choices)
    guard let simpler, RoundNumber.cost([simpler]) < RoundNumber.cost([points[place]]) else {
      return .unchanged
    }
    points[place] = simpler
    return .simpler(Drawn(value: value(points), trial: drawn.trial))
  }

  private func simpler(_ point: [Double], _ choice: Int) -> [Double]? {
    if choice < k { return point.indices.map { $0 == choice ? 1 : 0 } }
    if choice == k { return point.map { _ in 1 / Double(k) } }
    let decimals = RoundNumber.decimals[choice - k - 1]
    guard let largest = point.indices.max(by: { point[$0] < point[$1] }) else { return nil }
    var rounded = point.map { RoundNumber.rounded($0, decimals: decimals) }
    rounded[largest] = 0
    rounded[largest] = RoundNumber.rounded(1 - rounded.reduce(0, +), decimals: decimals)
    return rounded[largest] >= 0 ? rounded : nil
  }
}
