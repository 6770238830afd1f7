import Autodiff
import Cards
import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// Entropies of points, and what they say about their labels.
  static let information: [Builtin] = [
    Builtin(
      "entropy(z, k=3)",
      "The differential entropy of points by their k-th nearest neighbours, in nats.",
      details: """
        z: n×d with n > k; εₖ(i) is the distance from point i to its k-th nearest other, V_d the \
        volume of the unit ball. entropy(a * z) is entropy(z) + d log a; -inf where k + 1 points \
        coincide. Points on a circle or sphere have no density in the space around it: give their \
        angles. Time n²d, memory of a few rows.
        """,
      formula: "H = ψ(n) − ψ(k) + log V_d + d/n Σᵢ log εₖ(i)",
      example: "entropy(randn(200, 2, seed=1))",
      seeAlso: ["entropy_pairwise", "conditional_entropy", "mutual_information"],
      reference: "Kozachenko, Leonenko 1987; theory §10"
    ) { call in
      let z = try call.matrixQuantity(0)
      let k = try call.whole(1, from: 1)
      return try estimate(call) { Value(try DifferentialEntropy.nearestNeighbour(z, k: k)) }
    },
    Builtin(
      "entropy_pairwise(z, form=\"meannn\")",
      "The differential entropy of points by all pair distances, in nats.",
      details: """
        z: n×d with n > 1. The mean of entropy(z, k) over every k: smooth, but biased (by 0.1159 for \
        a Gaussian in the plane). form="eq7" is the published form, d/(n(n−1)) Σ log D²ᵢⱼ: twice the \
        part that depends on distances (theory §3.5). -inf where two points coincide.
        """,
      formula: "H = d/(n(n−1)) Σᵢ Σ_{j≠i} log Dᵢⱼ + log V_d + 1",
      example: "entropy_pairwise([[0, 0], [1, 0], [0, 1]])",
      seeAlso: ["entropy", "conditional_entropy"],
      reference: "Faivishevsky, Goldberger 2008; Boudiaf et al. 2020, eq. 7; theory §3.5"
    ) { call in
      let z = try call.matrixQuantity(0)
      let form = try call.choice(1, DifferentialEntropy.PairwiseForm.allCases.map(\.rawValue))
      return try estimate(call) {
        Value(
          try DifferentialEntropy.pairwise(
            z, form: .init(rawValue: form) ?? .meanNearestNeighbour))
      }
    },
    Builtin(
      "conditional_entropy(z, y=none, k=3, estimator=\"kl\")",
      "The entropy that is left in points whose class is known, in nats.",
      details: """
        z: n×d, y: n labels. Each class counts by its share of the points. estimator="kl" is entropy \
        and "meannn" is entropy_pairwise within every class. In a class of k points or fewer all \
        others are neighbours; points without a classmate are left out, with a notice.
        """,
      formula: "H(Z|Y) = Σₖ nₖ/n H(Z | Y=k)",
      example: "conditional_entropy(blobs(60))",
      seeAlso: ["entropy", "mutual_information"], reference: "theory §3.3, §10"
    ) { call in
      let call = unpacked(call)
      let z = try call.matrixQuantity(0)
      let labels = try call.labels(1, rows: z.shape[0])
      let k = try call.whole(2, from: 1)
      let estimator = entropyEstimator(try call.choice(3, entropyEstimators))
      return try estimate(call) {
        value(
          try DifferentialEntropy.conditional(z, labels: labels, by: estimator, k: k), call)
      }
    },
    Builtin(
      "mutual_information(z, y=none, view=\"generative\", estimator=none, k=3, sigma=0.05)",
      "What points say about their labels, I(Z; Y), in nats.",
      details: """
        z: n×d, y: n labels. Both views are one number (theory §2.1), so that the view only chooses \
        the estimator that is used if none is named. "kl" (generative): entropy(z, k) − \
        conditional_entropy(z, y, k). "meannn": the same by all pairs. "kde" (discriminative): \
        log(n−1) − mean log(n_y−1) − snca(z, y, sigma=sigma), exactly; it sees directions only. \
        "ross": by ranks of distances, never below 0, unchanged by scaling z, without a derivative. \
        Points without a classmate are left out, with a notice. Values of different estimators do not \
        compare.
        """,
      formula: "I(Z; Y) = H(Z) − H(Z|Y) = H(Y) − H(Y|Z)",
      example: "mutual_information(blobs(60), estimator=\"ross\")",
      seeAlso: ["entropy", "conditional_entropy", "snca"],
      reference: "Boudiaf et al. 2020; Ross 2014; theory §2, §4.3, §10"
    ) { call in
      let call = unpacked(call)
      let z = try call.matrixQuantity(0)
      let labels = try call.labels(1, rows: z.shape[0])
      let view = try call.choice(2, ["generative", "discriminative"])
      let words = entropyEstimators + ["kde", "ross"]
      let word =
        call.isNone(3) ? view == "generative" ? "kl" : "kde" : try call.choice(3, words)
      let k = try call.whole(4, from: 1)
      let sigma = try call.number(5)
      return try estimate(call) {
        switch word {
        case "kde":
          try call.refuseFollowed(5)
          return try kernelInformation(call, labels, sigma: sigma)
        case "ross":
          try call.refuseFollowed(
            0,
            ["Its value is made of counts. estimator=\"kl\", \"meannn\" and \"kde\" have slopes."])
          return value(try MutualInformation.ross(z, labels: labels, k: k), call)
        default:
          return value(
            try MutualInformation.generative(z, labels: labels, by: entropyEstimator(word), k: k),
            call)
        }
      }
    },
  ]

  /// The kernel density estimate: what SNCA leaves of its ceiling.
  private static func kernelInformation(
    _ call: Call, _ labels: [Int], sigma: Double
  ) throws -> Value {
    guard call[1].quantity != nil, let kind = LossCatalog.named("snca") else { return .nothing }
    let (ceiling, leftOut) = try MutualInformation.kernelCeiling(labels: labels)
    noticeLeftOut(leftOut, call)
    let loss = try kind.make([("sigma", .number(sigma))])
    let value = try LossCall(loss: loss).value(call[0], call[1], at: call)
    guard let quantity = value.quantity else { return .nothing }
    return Value(try .scalar(ceiling) - quantity)
  }

  /// The call with a data set in the place of `z` and `y` taken apart.
  private static func unpacked(_ call: Call) -> Call {
    guard case .object(let object) = call[0], let parts = object.parts else { return call }
    return call.replacing(parts)
  }

  private static let entropyEstimators = DifferentialEntropy.Estimator.allCases.map(\.rawValue)

  private static func entropyEstimator(_ word: String) -> DifferentialEntropy.Estimator {
    .init(rawValue: word) ?? .nearestNeighbour
  }

  private static func value(_ estimate: Estimate, _ call: Call) -> Value {
    noticeLeftOut(estimate.leftOut, call)
    return Value(estimate.value)
  }

  private static func noticeLeftOut(_ count: Int, _ call: Call) {
    guard count > 0 else { return }
    call.context.notice(
      "\(counted(count, "point")) without a classmate \(count == 1 ? "was" : "were") left out")
  }

  /// Runs `body` and words what an estimate cannot be made of.
  private static func estimate(_ call: Call, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as EstimateError {
      throw failure(error, call)
    } catch let error as LossError {
      throw Wording.failure(error, at: call)
    }
  }

  private static func failure(_ error: EstimateError, _ call: Call) -> Failure {
    switch error {
    case .tooFewPoints(let count, let least):
      call.failure(
        0, "\(call.name) needs \(least) points at least, and these are \(count)",
        call.parameters.contains { $0.name == "k" }
          ? ["A point has n − 1 neighbours; k=1 asks for the nearest alone."] : [])
    case .noCoordinates: call.failure(0, "points without coordinates have no entropy")
    case .neighbours(let k): call.failure(0, "there is no neighbour number \(k)")
    case .noClassmates:
      call.failure(
        1, "\(call.name) needs a class of two points at least",
        ["No two rows share a label."])
    case .coincidence:
      call.failure(
        0, "some points coincide, so that their entropy is -inf",
        [
          "Move them apart a little, z + 1e-9 * randn(shape(z)),",
          "or use an estimator that knows no entropies: \"ross\" or \"kde\".",
        ])
    }
  }
}
