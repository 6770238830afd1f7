import Foundation

/// The times of some things that were measured in turns, so that a busy moment of the machine is
/// everybody's.
struct Turns {
  /// The seconds of every participant in every round, NaN where it had none.
  private let seconds: [[Double]]

  /// Lets every participant run once in each round, in their order.
  init(rounds: Int, _ participants: [() -> Double?]) {
    var seconds = participants.map { _ in [Double]() }
    for _ in 0..<rounds {
      for (index, participant) in participants.enumerated() {
        seconds[index].append(participant() ?? .nan)
        // Threads of a numeric library wait busily for a moment before they sleep.
        if participants.count > 1 { Thread.sleep(forTimeInterval: 0.03) }
      }
    }
    self.seconds = seconds
  }

  /// The median time of a participant; nil where it had none.
  func time(_ participant: Int) -> Double? {
    middle(seconds[participant])
  }

  /// How many times longer a participant took than another: the median over the rounds.
  func ratio(_ participant: Int, to other: Int = 0) -> Double? {
    guard seconds.indices.contains(participant) else { return nil }
    return middle(zip(seconds[participant], seconds[other]).map { $0 / $1 })
  }

  /// How many times longer each of the others took than the first one, of those that took part.
  var ratios: [Double] { seconds.indices.dropFirst().compactMap { ratio($0) } }

  private func middle(_ values: [Double]) -> Double? {
    let measured = values.filter(\.isFinite)
    return measured.isEmpty ? nil : median(measured)
  }
}

extension Duration {
  /// The same as a number.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
