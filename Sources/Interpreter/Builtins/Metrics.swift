import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// How well an embedding serves.
  static let metrics: [Builtin] = [
    Builtin(
      "recall_at_k(z, y=none, k=1, distance=\"euclidean\", singletons=\"skip\")",
      "The share of points with a classmate among their k nearest others.",
      details: """
        z: n×d, y: n labels; k a number or a list. The point itself is left out by its number, ties go \
        to the lower number. Points whose class has no other member are skipped, or count as misses \
        with singletons="miss".
        """,
      example: "recall_at_k([[0, 0], [0, 1], [5, 5], [5, 6]], [0, 0, 1, 1])", reference: "theory §9"
    ) { call in
      var call = call
      if case .object(let object) = call[0], let parts = object.parts {
        call = call.replacing(parts)
      }
      let z = try call.matrix(0)
      let labels = try call.labels(1, rows: z.shape[0])
      let ks = try call.wholes(2)
      let distance = try call.choice(3, Distance.allCases.map(\.rawValue))
      let singletons = try call.choice(4, Retrieval.Singletons.allCases.map(\.rawValue))
      do {
        let recall = try Retrieval.recall(
          z, labels, at: ks, distance: Distance(rawValue: distance) ?? .euclidean,
          singletons: Retrieval.Singletons(rawValue: singletons) ?? .skip)
        if recall.skipped > 0 {
          let points = counted(recall.skipped, "point")
          call.context.notice(
            "\(points) without a classmate \(recall.skipped == 1 ? "was" : "were") left out")
        }
        if case .number = call[2].untraced { return .number(recall.values[0]) }
        return .vector(recall.values)
      } catch {
        throw Wording.failure(error, at: call)
      }
    }
  ]
}
