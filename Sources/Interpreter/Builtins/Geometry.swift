import Autodiff
import Tensors

extension BuiltinCatalog {
  /// Distances, similarities and class bookkeeping of embeddings.
  static let geometry: [Builtin] = [
    Builtin(
      "sqdist_matrix(z, w=none)", "Squared Euclidean distances of rows.",
      details: "z: n×d; the result is n×n, or n×m against the m rows of w. Never below 0.",
      formula: "D²ᵢⱼ = ‖zᵢ − zⱼ‖²", example: "sqdist_matrix([[0, 0], [3, 4]])",
      seeAlso: ["dist_matrix", "gram"]
    ) { call in
      let (z, w) = try rows(call)
      return Value(try .squaredDistances(z, w))
    },
    Builtin(
      "dist_matrix(z, w=none)", "Euclidean distances of rows; the gradient at distance 0 is 0.",
      formula: "Dᵢⱼ = ‖zᵢ − zⱼ‖", example: "dist_matrix([[0, 0], [3, 4]])",
      seeAlso: ["sqdist_matrix"]
    ) { call in
      let (z, w) = try rows(call)
      return Value(try .distances(z, w))
    },
    Builtin(
      "cosine_matrix(z, w=none)", "Cosine similarities of rows; 0 for a zero row.",
      example: "cosine_matrix([[1, 0], [0, 2]])", seeAlso: ["gram"]
    ) { call in
      let (z, w) = try rows(call)
      return Value(try .cosineSimilarities(z, w))
    },
    Builtin(
      "gram(z, w=none)", "Inner products of rows: z @ z.T.", formula: "Sᵢⱼ = zᵢᵀzⱼ",
      example: "gram([[1, 0], [1, 1]])", seeAlso: ["cosine_matrix"]
    ) { call in
      let (z, w) = try rows(call)
      return Value(try .gram(z, w))
    },
    Builtin(
      "same_class(y)", "Which pairs share a label: an n×n mask, true on the diagonal.",
      example: "same_class([0, 0, 1])"
    ) { call in
      let labels = try call.labels(0)
      let count = labels.count
      var mask = try Tensor.zeros([count, count])
      for i in 0..<count {
        for j in 0..<count where labels[i] == labels[j] { mask.elements[i * count + j] = 1 }
      }
      return .tensor(mask.converted(to: .bool))
    },
    Builtin(
      "class_means(z, y)", "The mean row of every class.",
      details: "z: n×d, y: n labels. The result has max(y) + 1 rows, 0 where a class is absent.",
      example: "class_means([[0, 0], [2, 0], [5, 5]], [0, 0, 1])", seeAlso: ["class_counts"]
    ) { call in
      let z = try call.matrixQuantity(0)
      let labels = try call.labels(1, rows: z.shape[0])
      let counts = try counts(labels)
      var weights = try Tensor.zeros([counts.count, labels.count])
      for (row, label) in labels.enumerated() {
        weights.elements[label * labels.count + row] = 1 / counts[label]
      }
      return Value(try .matmul(.constant(weights.converted(to: z.dtype.arithmetic)), z))
    },
    Builtin(
      "class_counts(y)", "How many rows every class has.", example: "class_counts([0, 0, 2])",
      seeAlso: ["class_means"]
    ) { .vector(try counts(try $0.labels(0))) },
    Builtin(
      "pairs(y)", "Every pair i < j as a record of i, j and whether they share a label.",
      example: "pairs([0, 0, 1]).same"
    ) { call in
      let labels = try call.labels(0)
      _ = try Tensor.zeros([labels.count, labels.count])
      var table: (i: [Double], j: [Double], same: [Double]) = ([], [], [])
      for i in labels.indices {
        for j in labels.indices where j > i {
          table.i.append(Double(i))
          table.j.append(Double(j))
          table.same.append(labels[i] == labels[j] ? 1 : 0)
        }
      }
      let same = Tensor(shape: [table.same.count], elements: table.same, dtype: .bool)
      return .record([("i", .vector(table.i)), ("j", .vector(table.j)), ("same", .tensor(same))])
    },
  ]

  private static func counts(_ labels: [Int]) throws -> [Double] {
    var counts = try Tensor.zeros([(labels.max() ?? -1) + 1]).elements
    for label in labels { counts[label] += 1 }
    return counts
  }

  private static func rows(_ call: Call) throws -> (Quantity, Quantity) {
    let z = try call.matrixQuantity(0)
    let w = call.isNone(1) ? z : try call.matrixQuantity(1)
    guard z.shape[1] == w.shape[1] else {
      throw call.failure(
        1, "rows of \(z.shape[1]) and \(w.shape[1]) numbers cannot be compared",
        ["Both matrices need the same number of columns."])
    }
    _ = try Tensor.zeros([z.shape[0], w.shape[0]])
    return (z, w)
  }
}
