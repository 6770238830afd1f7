import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// What embeddings look like as a whole, and all metrics at once.
  static let evaluations: [Builtin] = [
    Builtin(
      "evaluate(z, y=none, distance=\"euclidean\", seed=0)",
      "Every metric of embeddings, in one table.",
      details: """
        z: n×d, y: n labels, or a data set for both. A record of numbers that prints as a table: recall \
        at 1, 2, 4 and 8, r_precision, map_at_r, agreement of k-means clusters with the classes (as \
        many clusters as classes, seed), silhouette, alignment, uniformity, effective_rank. \
        explain(evaluate, z, y, query=i) shows the arithmetic of one point.
        """,
      example: "evaluate(blobs(30)).map_at_r",
      seeAlso: MetricCatalog.shown + ["compare", "explain"],
      reference: "Musgrave et al. 2020; theory §9"
    ) { call in
      try call.refuseFollowed(0)
      let asked = try RetrievalCall(call, distance: 2)
      let seed = try call.seed(3)
      return try asked.measured {
        let evaluation = try Evaluation(
          asked.z, asked.labels, distance: asked.distance, seed: seed)
        asked.notice(skipped: evaluation.lonely)
        let values = try MetricCatalog.all.map { try $0.value(of: evaluation) }
        let classes = Set(asked.labels).count
        let title =
          "\(counted(asked.labels.count, "point")), \(counted(classes, "class", "classes")), "
          + counted(asked.z.shape[1], "dimension")
        return .record(
          RecordBox(
            names: MetricCatalog.all.map(\.name), values: values.map { .number($0) },
            page: ([title] + rows(values)).joined(separator: "\n")))
      }
    },
    Builtin(
      "alignment(z, y=none, alpha=2)", "How far classmates are apart on the unit sphere.",
      details: """
        z: n×d, normalised here; y: n labels, or a data set for both. The mean of the distance to the \
        power alpha over pairs of classmates: 0 where every class is one point.
        """,
      formula: "E ‖u − u⁺‖^α", example: "alignment([[1, 0], [0, 1]], [0, 0])",
      seeAlso: ["uniformity"], reference: "Wang, Isola 2020"
    ) { call in
      try call.refuseFollowed(0)
      let asked = try RetrievalCall(call)
      let alpha = try positive(call, 2)
      return .number(
        try asked.measured {
          try EmbeddingShape.alignment(asked.z, asked.labels, exponent: alpha)
        })
    },
    Builtin(
      "uniformity(z, t=2)", "How unevenly points use the unit sphere: the lower, the more evenly.",
      details: "z: n×d, normalised here. Over all pairs; 0 where all points are one.",
      formula: "log E exp(−t‖u − v‖²)", example: "uniformity([[1, 0], [0, 1], [-1, 0]])",
      seeAlso: ["alignment"], reference: "Wang, Isola 2020"
    ) { call in
      try call.refuseFollowed(0)
      var call = call
      if case .object(let object) = call[0], let parts = object.parts {
        call = call.replacing([parts[0]])
      }
      let z = try call.matrix(0)
      let t = try positive(call, 1)
      do { return .number(try EmbeddingShape.uniformity(z, scale: t)) } catch {
        throw Wording.failure(error, at: call)
      }
    },
    Builtin(
      "effective_rank(z)", "In how many directions embeddings vary.",
      details: """
        z: n×d, as it is: subtract mean(z, axis=0) to look around the mean, as diagnose does. e to the \
        entropy of the shares of the singular values, from 1 to the rank; 0 for zeros.
        """,
      formula: "exp(−Σ pᵢ log pᵢ), pᵢ = σᵢ/Σσ", example: "effective_rank(eye(3))",
      seeAlso: ["svd", "diagnose"], reference: "Roy, Vetterli 2007"
    ) { call in
      try call.refuseFollowed(0)
      let z = try call.matrix(0)
      do { return .number(try EmbeddingShape.effectiveRank(z)) } catch {
        throw Wording.failure(error, at: call)
      }
    },
  ]

  /// The lines of a table of all metrics.
  private static func rows(_ values: [Double]) -> [String] {
    let numbers = values.map { Formatting.number($0, precision: 4) }
    let names = MetricCatalog.all.map(\.name.count).max() ?? 0
    let width = numbers.map(\.count).max() ?? 0
    return zip(MetricCatalog.all, numbers).map { metric, number in
      "  \(metric.name.padding(to: names))  \(number.padding(to: width))  \(metric.words)"
        + (metric.isBetter == .lower ? "; lower is better" : "")
    }
  }

  private static func positive(_ call: Call, _ index: Int) throws -> Double {
    let number = try call.number(index)
    guard number > 0, number.isFinite else {
      throw call.failure(
        index,
        "\(call.parameters[index].name) of \(call.name) is above 0, not \(Formatting.number(number))"
      )
    }
    return number
  }
}

extension MetricCatalog {
  /// The names of metrics that are functions of their own.
  static var shown: [String] {
    ["recall_at_k"] + all.map(\.name).filter { !$0.hasPrefix("recall_at_") }
  }
}
