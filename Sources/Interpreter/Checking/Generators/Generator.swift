import Glibc
import Tensors

/// Something `derive` draws its samples from.
class Generator: FieldObject, @unchecked Sendable {
  let trials: Int
  override var typeName: String { "generator" }

  init(trials: Int) { self.trials = trials }

  /// The sample of one trial.
  ///
  /// `stream` tells the generators of one derivation apart: two alike do not draw the same.
  func draw(_ trial: Int, stream: Int) throws -> Value { .nothing }

  /// Trials that share everything but the embeddings, so that constants may be fitted over them.
  func group(of trial: Int) -> Int { 0 }

  /// What is drawn, for the derivation's head line.
  var scope: String { "\(trials) samples" }

  // MARK: - Shrinking

  /// How many kinds of simplification there are, the most welcome first.
  var passCount: Int { 0 }

  /// Whether a pass changes what the samples of one group share.
  func isShared(_ pass: Int) -> Bool { false }

  /// One step of a pass over a sample; a simpler one still keeps the generator's promises.
  ///
  /// Taking a step and asking for it again comes to an end.
  func simplification(of drawn: Drawn, pass: Int, step: Int) throws -> Simplification { .end }

  /// The sample as code; `text` is the generator's own in the program.
  func code(for drawn: Drawn, from text: String) -> String? { PastedCode.literal(drawn.value) }

  /// One part of a sample as code, where the program gives its parts names of their own.
  func code(forPart index: Int, _ part: Value, of drawn: Drawn) -> String? {
    PastedCode.literal(part)
  }
}

/// The dice of one trial.
///
/// A generator's trials are independent of each other, so that one can be drawn alone.
struct TrialDice {
  private(set) var random: Random

  init(_ name: String, seed: UInt64, trial: Int, stream: Int) {
    let number = UInt64(truncatingIfNeeded: trial) &* 0x85eb_ca6b
    let place = UInt64(truncatingIfNeeded: stream) &* 0xc2b2_ae35_07f1
    random = Random(seed: seed &+ number &+ place, name: name)
  }

  mutating func uniform() -> Double { random.uniform() }
  mutating func normals(_ count: Int) -> [Double] { random.normals(count) }
  mutating func isHeads() -> Bool { random.uniform() < 0.5 }
  mutating func sign() -> Double { isHeads() ? 1 : -1 }

  /// A whole number from 0 below `count`, which is at least 1.
  mutating func below(_ count: Int) -> Int {
    min(count - 1, Int(random.uniform() * Double(count)))
  }

  /// One of several.
  mutating func one<T>(of choices: [T]) -> T { choices[below(choices.count)] }

  /// A power of ten whose exponent is even between two numbers.
  mutating func tenTo(from low: Double, to high: Double) -> Double {
    pow(10, low + random.uniform() * (high - low))
  }

  /// A small change of either sign: 1e-6 to `largest`.
  mutating func nudge(upTo largest: Double = -2) -> Double { sign() * tenTo(from: -6, to: largest) }
}
