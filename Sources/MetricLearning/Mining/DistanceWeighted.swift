public import Cards
import Tensors

/// Every positive pair with one negative, drawn so that all distances are met about as often.
///
/// Random points of the sphere lie nearly all at distance √2. The chance of a negative at distance D
/// is therefore proportional to 1/q(D), with the density q(D) ∝ D^{d−2} (1 − D²/4)^{(d−3)/2} of such
/// points (theory §8.9), D taken as `cutoff` where it is less, and 0 beyond `upper`.
public struct DistanceWeighted: Miner {
  /// Distances below this are taken for it: the nearest would be drawn all the time.
  public var cutoff = 0.5
  /// Negatives beyond this are never drawn.
  public var upper = 1.4
  /// What the table measures pairs by; what is drawn goes by distances on the unit sphere.
  public var distance = Distance.euclideanNormalized
  /// The seed of the draws.
  public var seed = 0
  private var random: Random?

  /// The miner with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "distance_weighted", "Every positive pair with one negative, drawn evenly over distances.",
    signature: signature("distance_weighted"),
    formula: "chance of n ∝ 1/q(max(Dₐₙ, cutoff)), q(D) ∝ D^{d−2} (1 − D²/4)^{(d−3)/2}",
    details: """
      z: n×d, y: n labels, or a data set; cutoff > 0, upper ≤ 2. D is the Euclidean distance on the unit \
      sphere, negatives beyond upper are never drawn, and an anchor with no other has no triplets. The \
      table has a triplet for every ordered positive pair: .anchor .positive .negative .d_ap .d_an \
      .violation, the last d_ap − d_an; distance= says what these are measured by.
      """,
    reference: "Wu et al. 2017; theory §8.9",
    example: "distance_weighted(normalize(blobs(12).x), blobs(12).y).anchor",
    seeAlso: ["mine", "margin_loss", "hardest_triplets"])

  /// The word for it where miners are named.
  public static let word = "distance_weighted"

  /// The parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("cutoff", \.cutoff, .positive, "what smaller distances are taken for"),
      Parameter("upper", \.upper, .positive, "beyond which no negative is drawn"),
      Parameter("distance", \.distance, "what the table measures pairs by"),
      Parameter("seed", \.seed, .nonNegative, "the seed of the draws"),
    ]
  }

  /// The density is that of points on the sphere.
  public static let goesByTheSphere = true

  /// Adds a triplet for every positive of an anchor.
  public mutating func choose(from anchor: MinedAnchor, into table: inout TupleTable) {
    table.holdTriplets()
    var random = random ?? Random(seed: UInt64(clamping: seed), name: Self.card.name)
    defer { self.random = random }
    let near = anchor.negatives.filter { anchor.onSphere[$0] <= upper }
    guard !near.isEmpty, !anchor.positives.isEmpty else { return }
    let exponents = near.map { -logDensity(anchor.onSphere[$0], width: anchor.width) }
    let largest = exponents.max() ?? 0
    var chances: [Double] = []
    var total = 0.0
    for exponent in exponents {
      total += Portable.exp(exponent - largest)
      chances.append(total)
    }
    for positive in anchor.positives {
      let target = random.uniform() * total
      let place = chances.firstIndex { $0 > target } ?? near.count - 1
      table.addTriplets(anchor, positive, [near[place]], margin: 0)
    }
  }

  /// log q(D) up to a constant, without the infinities at its ends.
  private func logDensity(_ distance: Double, width: Int) -> Double {
    let d = Double(width)
    let far = max(distance, cutoff)
    let rest = max(1 - far * far / 4, 1e-12)
    return (d - 2) * Portable.log(far) + (d - 3) / 2 * Portable.log(rest)
  }
}
