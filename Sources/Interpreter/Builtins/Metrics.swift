import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// How well the nearest points serve.
  static let retrievalMetrics: [Builtin] = [
    Builtin(
      "recall_at_k(z, y=none, k=1, distance=\"euclidean\", singletons=\"skip\")",
      "The share of points with a classmate among their k nearest others.",
      details: """
        z: n×d, y: n labels, or a data set for both; k a number or a list. The point itself is left out \
        by its number, ties go to the lower number. Points whose class has no other member are \
        skipped, or count as misses with singletons="miss". Exact; time n²d, memory of a few rows.
        """,
      formula: "1/n Σᵢ [a classmate of i among the k nearest]",
      example: "recall_at_k([[0, 0], [0, 1], [5, 5], [5, 6]], [0, 0, 1, 1])",
      seeAlso: ["map_at_r", "evaluate"], reference: "theory §9"
    ) { call in
      let asked = try RetrievalCall(call, distance: 3, singletons: 4)
      let ks = try call.wholes(2)
      let recall = try asked.measured {
        try Retrieval.recall(
          asked.z, asked.labels, at: ks, distance: asked.distance, singletons: asked.singletons)
      }
      asked.notice(skipped: recall.skipped)
      if case .number = call[2].untraced { return .number(recall.values[0]) }
      return .vector(recall.values)
    },
    Builtin(
      "r_precision(z, y=none, distance=\"euclidean\", singletons=\"skip\")",
      "The share of classmates among the R nearest others, R the number of classmates.",
      details: """
        z: n×d, y: n labels, or a data set for both. The mean over points; a point's own R is the size \
        of its class less one. Points without classmates are skipped, or count 0 with \
        singletons="miss".
        """,
      formula: "1/Rᵢ Σ_{t≤Rᵢ} relᵢ(t)",
      example: "r_precision([[0, 0], [0, 1], [5, 5], [5, 6]], [0, 0, 1, 1])",
      seeAlso: ["map_at_r", "recall_at_k"], reference: "Musgrave et al. 2020; theory §9"
    ) { call in .number(try precision(call).atR) },
    Builtin(
      "map_at_r(z, y=none, distance=\"euclidean\", singletons=\"skip\")",
      "R-precision in which classmates that come early count more.",
      details: """
        z: n×d, y: n labels, or a data set for both. Of the R nearest of a point the precision at every \
        classmate is added up and divided by R; the mean over points. Never above r_precision. \
        Recall can be perfect while classes overlap: this sees it.
        """,
      formula: "1/Rᵢ Σ_{t≤Rᵢ} relᵢ(t)·(1/t) Σ_{u≤t} relᵢ(u)",
      example: "map_at_r([[0, 0], [0, 1], [5, 5], [5, 6]], [0, 0, 1, 1])",
      seeAlso: ["r_precision", "recall_at_k", "explain"],
      reference: "Musgrave et al. 2020; theory §9"
    ) { call in .number(try precision(call).meanAverageAtR) },
    Builtin(
      "knn_accuracy(z, y=none, k=5, distance=\"euclidean\")",
      "The share of points whose label most of their k nearest others have.",
      details: """
        z: n×d, y: n labels, or a data set for both. Every point is left out in turn; of labels with as \
        many votes that of the nearest point wins. A point without a classmate is a miss.
        """,
      example: "knn_accuracy(blobs(30), k=3)", seeAlso: ["recall_at_k"],
      reference: "Cover, Hart 1967"
    ) { call in
      let asked = try RetrievalCall(call, distance: 3)
      let k = try call.whole(2)
      return .number(
        try asked.measured {
          try Retrieval.neighbourAccuracy(
            asked.z, asked.labels, count: k, distance: asked.distance)
        })
    },
  ]

  private static func precision(_ call: Call) throws -> Retrieval.Precision {
    let asked = try RetrievalCall(call, distance: 2, singletons: 3)
    let precision = try asked.measured {
      try Retrieval.precision(
        asked.z, asked.labels, distance: asked.distance, singletons: asked.singletons)
    }
    asked.notice(skipped: precision.skipped)
    return precision
  }
}

/// One call that measures embeddings with their labels.
struct RetrievalCall {
  let call: Call
  let z: Tensor
  let labels: [Int]
  private(set) var distance = Distance.euclidean
  private(set) var singletons = Retrieval.Singletons.skip

  /// Reads `z` and `y` from the first two arguments, or a data set from the first.
  init(_ original: Call, distance: Int? = nil, singletons: Int? = nil) throws {
    call = original.unpacked
    z = try call.matrix(0)
    labels = try call.labels(1, rows: z.shape[0])
    if let distance {
      let word = try call.choice(distance, Distance.allCases.map(\.rawValue))
      self.distance = Distance(rawValue: word) ?? .euclidean
    }
    if let singletons {
      let word = try call.choice(singletons, Retrieval.Singletons.allCases.map(\.rawValue))
      self.singletons = Retrieval.Singletons(rawValue: word) ?? .skip
    }
  }

  /// What `body` gives; its errors in words.
  func measured<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      throw Wording.failure(error, at: call)
    }
  }

  /// Tells how many points asked for nothing.
  func notice(skipped: Int) {
    guard skipped > 0 else { return }
    call.context.notice(
      "\(counted(skipped, "point")) without a classmate \(skipped == 1 ? "was" : "were") left out")
  }
}

extension Call {
  /// The call with the points and labels of a data set, where it has one for both.
  var unpacked: Call {
    guard case .object(let object) = self[0], let parts = object.parts, !isGiven(1) else {
      return self
    }
    return replacing(parts)
  }
}
