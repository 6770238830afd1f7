import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// Clusters, and how well they agree with classes.
  static let clusterings: [Builtin] = [
    Builtin(
      "kmeans(z, k, init=none, restarts=10, seed=0)",
      "Clusters around k means: each point at its nearest center.",
      details: """
        z: n×d, n ≥ k. A record .clusters (n numbers below k) .centers (k×d) .inertia (the sum of \
        squared distances from the centers) .iterations. The best of `restarts` runs that start from \
        points drawn far apart, k-means++; or the run from init, k×d. The inertia never rises on the \
        way. Ties go to the lower number.
        """,
      example: "kmeans([[0, 0], [0, 1], [5, 5], [5, 6]], 2).inertia",
      seeAlso: ["nmi", "silhouette"],
      reference: "Lloyd 1982; Arthur, Vassilvitskii 2007; theory §9"
    ) { call in
      for index in [0, 2] {
        try call.refuseFollowed(index, ["Points change their clusters in steps."])
      }
      let z = try call.matrix(0)
      let k = try call.whole(1)
      let initial = call.isNone(2) ? nil : try call.matrix(2)
      if let initial, initial.shape != [k, z.shape[1]] {
        throw call.failure(
          2,
          "init of kmeans is \(k)×\(z.shape[1]), a row for every center, not "
            + shapeText(initial.shape))
      }
      guard k <= z.shape[0] else {
        throw call.failure(
          1, "kmeans cannot make \(counted(k, "cluster")) of \(counted(z.shape[0], "point"))")
      }
      let restarts = try call.whole(3)
      let seed = try call.seed(4)
      do {
        let found = try KMeans.fit(
          z, clusters: k, initial: initial, restarts: restarts, seed: seed)
        return .record([
          ("clusters", .vector(found.clusters.map(Double.init))),
          ("centers", .tensor(found.centers)), ("inertia", .number(found.inertia)),
          ("iterations", .number(Double(found.iterations))),
        ])
      } catch {
        throw Wording.failure(error, at: call)
      }
    },
    Builtin(
      "nmi(y, clusters, average=\"arithmetic\")",
      "Normalised mutual information of two labellings: 1 where they agree.",
      details: """
        y and clusters: n labels each; what they are called does not matter. Divided by the mean of \
        both entropies: "arithmetic", "geometric" (never less), "min" or "max". 1 where both entropies \
        are 0. Many clusters raise it without any merit: ami corrects that.
        """,
      formula: "I(Ω; Y) / ½(H(Ω) + H(Y))", example: "nmi([0, 0, 1, 1], [1, 1, 0, 2])",
      seeAlso: ["ami", "ari", "kmeans"], reference: "Strehl, Ghosh 2002; theory §9"
    ) { call in
      let word = try call.choice(2, LabelAgreement.Average.allCases.map(\.rawValue))
      return .number(
        try agreement(call).normalizedMutualInformation(
          LabelAgreement.Average(rawValue: word) ?? .arithmetic))
    },
    Builtin(
      "ami(y, clusters)", "Mutual information of two labellings above chance.",
      details: """
        y and clusters: n labels each. 0 on average for labels thrown at random, 1 where both agree; \
        by the arithmetic mean of the entropies.
        """,
      formula: "(I − E[I]) / (½(H(Ω) + H(Y)) − E[I])", example: "ami([0, 0, 1, 1], [1, 1, 0, 2])",
      seeAlso: ["nmi", "ari"], reference: "Vinh, Epps, Bailey 2010; theory §9"
    ) { call in .number(try agreement(call).adjustedMutualInformation()) },
    Builtin(
      "ari(y, clusters)", "The share of pairs that two labellings see alike, above chance.",
      details: "y and clusters: n labels each. 0 on average at random, 1 where both agree.",
      example: "ari([0, 0, 1, 1], [1, 1, 0, 2])", seeAlso: ["ami", "pairwise_f1"],
      reference: "Hubert, Arabie 1985; theory §9"
    ) { call in .number(try agreement(call).adjustedRandIndex) },
    Builtin(
      "pairwise_f1(y, clusters)", "Precision and recall of pairs that share a cluster, in one.",
      details: """
        y and clusters: n labels each. Over unordered pairs: right are those of one class in one \
        cluster. nan where neither has two points together.
        """,
      formula: "2·TP / (2·TP + FP + FN)", example: "pairwise_f1([0, 0, 1, 1], [1, 1, 0, 2])",
      seeAlso: ["ari", "nmi"], reference: "theory §9"
    ) { call in .number(try agreement(call).pairwiseF1) },
    Builtin(
      "silhouette(z, y=none)", "How much nearer points are to their class than to the next.",
      details: """
        z: n×d, y: n labels, or a data set for both. The mean of (b − a)/max(a, b) over points: a the \
        mean distance to classmates, b the least mean distance to another class; from -1 to 1. A point \
        without classmates counts 0; nan for a single class.
        """,
      example: "silhouette(blobs(30))", seeAlso: ["kmeans", "evaluate"],
      reference: "Rousseeuw 1987"
    ) { call in
      try call.refuseFollowed(0)
      let asked = try RetrievalCall(call)
      let value = try asked.measured { try EmbeddingShape.silhouette(asked.z, asked.labels) }
      if !asked.labels.isEmpty, Set(asked.labels).count < 2 {
        call.context.notice("all points are of one class: there is no next one")
      }
      return .number(value)
    },
  ]

  private static func agreement(_ call: Call) throws -> LabelAgreement {
    let labels = try call.labels(0)
    let clusters = try call.labels(1)
    guard labels.count == clusters.count else {
      throw call.failure(
        1, "\(call.name) compares labels of the same points",
        ["There are \(labels.count) of the one and \(clusters.count) of the other."])
    }
    do {
      return try LabelAgreement(labels, clusters)
    } catch {
      throw Wording.failure(error, at: call)
    }
  }
}
