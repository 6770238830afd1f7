import Tensors

/// Numbers drawn evenly between two ends, the ends and their surroundings more often.
final class UniformGenerator: Generator, @unchecked Sendable {
  private let low: Double
  private let high: Double
  private let shape: [Int]
  private let seed: UInt64

  init(low: Double, high: Double, shape: [Int], trials: Int, seed: UInt64) {
    self.low = low
    self.high = high
    self.shape = shape
    self.seed = seed
    super.init(trials: trials)
  }

  override var display: String {
    "uniform(\(Formatting.number(low)), \(Formatting.number(high)))"
  }

  // MARK: - Drawing

  private enum Edge: CaseIterable {
    case low, high, nearEnds, landmarks, equal, nearLandmarks, nearTies, mixed
  }

  override func draw(_ trial: Int, stream: Int) throws -> Value {
    var dice = TrialDice("uniform", seed: seed, trial: trial, stream: stream)
    // Not in step with the edge cases of a generator beside it.
    let turn = trial + stream
    let edge = turn % 2 == 1 ? Edge.allCases[(turn / 2) % Edge.allCases.count] : nil
    return value(numbers(edge, &dice))
  }

  /// Numbers drawn evenly, to compare with.
  func plain(_ trial: Int) -> Value {
    var dice = TrialDice("plain uniform", seed: seed, trial: trial, stream: 0)
    return value(numbers(nil, &dice))
  }

  private func numbers(_ edge: Edge?, _ dice: inout TrialDice) -> [Double] {
    let count = shape.reduce(1, *)
    let plain = (0..<count).map { _ in low + dice.uniform() * (high - low) }
    let first = plain.first ?? low
    return plain.map { number in
      let changed: Double
      switch edge {
      case nil: changed = number
      case .low: changed = low
      case .high: changed = high
      case .nearEnds: changed = nearEnd(&dice)
      case .landmarks: changed = dice.one(of: landmarks)
      case .nearLandmarks: changed = dice.one(of: landmarks) + dice.nudge() * (high - low)
      case .equal: changed = first
      case .nearTies: changed = first + dice.nudge(upTo: -3) * (high - low)
      case .mixed:
        changed = dice.one(of: [low, high, number, nearEnd(&dice), dice.one(of: landmarks)])
      }
      return inside(changed)
    }
  }

  private func nearEnd(_ dice: inout TrialDice) -> Double {
    let step = dice.tenTo(from: -6, to: -1) * (high - low)
    return dice.isHeads() ? low + step : high - step
  }

  /// Numbers where claims change: whole ones, halves and usual margins inside the ends, and those.
  private var landmarks: [Double] {
    [low, high] + [0, 1, -1, 0.5, 2, -0.5, 0.2, (low + high) / 2].filter { low < $0 && $0 < high }
  }

  private func inside(_ number: Double) -> Double {
    min(max(number, min(low, high)), max(low, high))
  }

  private func value(_ numbers: [Double]) -> Value {
    .tensor(Tensor(shape: shape, elements: numbers))
  }

  // MARK: - Shrinking

  override var passCount: Int { 3 }

  /// All numbers alike, all with few decimals, then each by itself; always between the ends.
  override func simplification(of drawn: Drawn, pass: Int, step: Int) throws -> Simplification {
    guard let tensor = drawn.value.plainTensor else { return .end }
    let numbers = tensor.elements
    let simpler: [Double]
    switch pass {
    case 0:
      guard step < landmarks.count else { return .end }
      simpler = numbers.map { _ in landmarks[step] }
    case 1:
      guard step < RoundNumber.decimals.count else { return .end }
      simpler = numbers.map {
        inside(RoundNumber.rounded($0, decimals: RoundNumber.decimals[step]))
      }
    default:
      let choices = RoundNumber.choiceCount + 2
      guard step / choices < numbers.count else { return .end }
      let place = step / choices
      let ends = [low, high]
      let choice = step % choices
      let wanted =
        choice < 2 ? ends[choice] : RoundNumber.choice(choice - 2, for: numbers[place])
      guard let wanted, inside(wanted) == wanted else { return .unchanged }
      var changed = numbers
      changed[place] = wanted
      simpler = changed
    }
    guard RoundNumber.cost([simpler]) < RoundNumber.cost([numbers]) else { return .unchanged }
    return .simpler(Drawn(value: value(simpler), trial: drawn.trial))
  }
}
