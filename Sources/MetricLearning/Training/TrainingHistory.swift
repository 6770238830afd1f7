public import Tensors

/// What happened in a training: nothing was changed in place, the trained parameters are here.
public struct TrainingHistory: Sendable {
  /// The loss of every step, before its update.
  public internal(set) var losses: [Double] = []
  /// How long the training took.
  public internal(set) var seconds = 0.0
  /// The model's parameters at the end.
  public internal(set) var parameters: [Tensor]
  /// The criterion's parameters at the end.
  public internal(set) var criterionParameters: [Tensor]
  /// About 50 states along the way, the first before any update and the last at the end.
  public internal(set) var snapshots: [Snapshot] = []
  /// Why the training ended.
  public internal(set) var stopped = Stop.done

  /// The state after `step` updates.
  public struct Snapshot: Sendable {
    /// How many updates had been made.
    public let step: Int
    /// The model's parameters.
    public let parameters: [Tensor]
    /// The criterion's parameters.
    public let criterionParameters: [Tensor]
  }

  /// Why a training ended.
  public enum Stop: String, Sendable {
    /// All steps were made, or the loss no longer fell for as long as was asked.
    case done
    /// It was interrupted; what had been reached is kept.
    case interrupted
    /// The loss or a gradient was no longer finite; the parameters are those before that step.
    case diverged
  }

  /// How many updates were made.
  public internal(set) var steps = 0

  /// The last snapshot at or before `step` updates.
  public func snapshot(at step: Int) -> Snapshot? {
    snapshots.last { $0.step <= step } ?? snapshots.first
  }

  /// Changes the parameters of the model and those of the criterion as one list.
  mutating func moveTogether(_ body: (inout [Tensor]) -> Void) {
    let count = parameters.count
    var all = parameters + criterionParameters
    // Held once, they are changed in place.
    parameters = []
    criterionParameters = []
    body(&all)
    parameters = Array(all.prefix(count))
    criterionParameters = Array(all.dropFirst(count))
  }

  mutating func keepSnapshot() {
    if snapshots.last?.step == steps { return }
    snapshots.append(
      Snapshot(step: steps, parameters: parameters, criterionParameters: criterionParameters))
  }
}
