import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// Toy sets that are drawn.
  static let toySets: [Builtin] = [
    Builtin(
      "blobs(n=150, classes=3, d=2, spread=0.4, outliers=0, seed=0)",
      "Gaussian clouds around centers on a circle of radius 2.",
      details: "n is a number of points or a list of class sizes.", example: "blobs(30).classes",
      seeAlso: ["moons", "multimodal"]
    ) { call in
      let sizes = try sizes(call)
      let classes = try call.whole(1, from: 1)
      let d = try call.whole(2, from: 1)
      let spread = try call.number(3)
      let outliers = try call.whole(4, from: 0)
      return try made(call) {
        try Dataset.blobs(
          sizes, classes: classes, d: d, spread: spread, outliers: outliers, seed: try call.seed(5))
      }
    },
    Builtin(
      "moons(n=200, noise=0.1, seed=0)", "Two half circles that reach into each other.",
      example: "shape(moons(20).x)"
    ) { call in
      let sizes = try sizes(call)
      let noise = try call.number(1)
      return try made(call) { try Dataset.moons(sizes, noise: noise, seed: try call.seed(2)) }
    },
    Builtin(
      "circles(n=200, noise=0.05, factor=0.5, seed=0)", "A circle inside another.",
      example: "circles(20).classes"
    ) { call in
      let sizes = try sizes(call)
      let noise = try call.number(1)
      let factor = try call.number(2)
      return try made(call) {
        try Dataset.circles(sizes, noise: noise, factor: factor, seed: try call.seed(3))
      }
    },
    Builtin(
      "rings(n=300, classes=3, noise=0.05, seed=0)",
      "Circles around the origin, class k at radius k + 1.", example: "rings(30).classes",
      seeAlso: ["circles", "spirals"]
    ) { call in
      let sizes = try sizes(call)
      let (classes, noise) = (try call.whole(1, from: 1), try call.number(2))
      return try made(call) {
        try Dataset.rings(sizes, classes: classes, noise: noise, seed: try call.seed(3))
      }
    },
    Builtin(
      "spirals(n=300, classes=3, turns=1, noise=0.05, seed=0)",
      "Spiral arms from radius 0.2 to 2, one for each class.",
      details: "turns is how often an arm goes round on its way from 0 to 2.",
      example: "shape(spirals(30).x)", seeAlso: ["rings", "pinwheel"]
    ) { call in
      let sizes = try sizes(call)
      let classes = try call.whole(1, from: 1)
      let (turns, noise) = (try call.number(2), try call.number(3))
      return try made(call) {
        try Dataset.spirals(
          sizes, classes: classes, turns: turns, noise: noise, seed: try call.seed(4))
      }
    },
    Builtin(
      "xor(n=200, spread=0.3, seed=0)",
      "Gaussians in the corners of a square; opposite corners are one class.",
      details: "Class 0 is at (1, 1) and (-1, -1), class 1 at (1, -1) and (-1, 1).",
      example: "xor(20).classes", seeAlso: ["checkerboard", "multimodal"]
    ) { call in
      let sizes = try sizes(call)
      let spread = try call.number(1)
      return try made(call) { try Dataset.xor(sizes, spread: spread, seed: try call.seed(2)) }
    },
    Builtin(
      "pinwheel(n=300, classes=5, seed=0)", "Blades that bend as they go out, one for each class.",
      formula: "(a, b) = (1 + 0.3·g₁, 0.05·g₂), turned by 2πk/K + 0.25·eᵃ",
      example: "pinwheel(30).classes", seeAlso: ["spirals"]
    ) { call in
      let sizes = try sizes(call)
      let classes = try call.whole(1, from: 1)
      return try made(call) {
        try Dataset.pinwheel(sizes, classes: classes, seed: try call.seed(2))
      }
    },
    Builtin(
      "checkerboard(n=400, cells=4, seed=0)",
      "Points drawn evenly from a square, labelled by the colour of their cell.",
      details: "The square is [0, cells]²; rows are as drawn, not ordered by class.",
      example: "shape(checkerboard(30).x)", seeAlso: ["xor"]
    ) { call in
      let (n, cells) = (try call.whole(0, from: 0), try call.whole(1, from: 1))
      return try made(call) {
        try Dataset.checkerboard(n, cells: cells, seed: try call.seed(2))
      }
    },
    Builtin(
      "hypersphere(n=200, classes=3, d=3, spread=0.2, seed=0)",
      "Clouds on the unit sphere: normalize(direction + spread·randn).",
      details: "Directions are at equal angles for d = 2, else drawn first.",
      example: "norm(hypersphere(30).x[0])", seeAlso: ["blobs"]
    ) { call in
      let sizes = try sizes(call)
      let (classes, d) = (try call.whole(1, from: 1), try call.whole(2, from: 1))
      let spread = try call.number(3)
      return try made(call) {
        try Dataset.hypersphere(
          sizes, classes: classes, d: d, spread: spread, seed: try call.seed(4))
      }
    },
    Builtin(
      "two_moons_pairs(n=200, pairs=400, noise=0.1, seed=0)",
      "moons with pairs of points, alternately of one class and of two.",
      details: "pairs is pairs×2 row numbers, and same a mask of the pairs of one class.",
      example: "two_moons_pairs(20, 4).same", seeAlso: ["moons"]
    ) { call in
      let sizes = try sizes(call)
      let (count, noise) = (try call.whole(1, from: 0), try call.number(2))
      do {
        let seed = try call.seed(3)
        let moons = try Dataset.moons(sizes, noise: noise, seed: seed)
        return .object(
          DatasetObject(moons, pairs: try PointPairs(of: moons, count: count, seed: seed)))
      } catch let error as DatasetError {
        throw Wording.failure(error, call)
      }
    },
    Builtin(
      "multimodal(n=200, classes=2, modes=2, spread=0.1, seed=0)",
      "Classes made of several separate clusters on the unit circle.",
      details: "Cluster j belongs to class j mod classes; two classes of two modes are antipodal.",
      example: "multimodal(40).classes", seeAlso: ["softtriple"], reference: "theory §12, lesson 11"
    ) { call in
      let sizes = try sizes(call)
      let classes = try call.whole(1, from: 1)
      let modes = try call.whole(2, from: 1)
      let spread = try call.number(3)
      return try made(call) {
        try Dataset.multimodal(
          sizes, classes: classes, modes: modes, spread: spread, seed: try call.seed(4))
      }
    },
  ]

  static func sizes(_ call: Call) throws -> ClassSizes {
    if case .number = call[0].untraced { return .total(try call.whole(0, from: 0)) }
    return .each(try call.wholes(0))
  }

  static func made(_ call: Call, _ body: () throws -> Dataset) throws -> Value {
    do {
      return .object(DatasetObject(try body()))
    } catch let error as DatasetError {
      throw Wording.failure(error, call)
    }
  }
}
