import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// Data: toy sets that are drawn, real sets that are shipped, files that are read.
  static let datasets: [Builtin] = [
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
    Builtin(
      "iris()", "Fisher's iris: 150 flowers, 4 lengths in cm, 3 species.",
      example: "shape(iris().x)",
      reference: "Fisher 1936, UCI, CC BY 4.0"
    ) { try made($0) { try Dataset.iris() } },
    Builtin(
      "wine()", "178 wines, 13 measurements, 3 cultivars; standardise them first.",
      example: "wine().classes", reference: "Aeberhard, Forina 1992, UCI, CC BY 4.0"
    ) { try made($0) { try Dataset.wine() } },
    Builtin(
      "digits()", "1797 handwritten digits, 8×8 images of 0 to 16.", example: "digits().classes",
      reference: "Alpaydin, Kaynak 1998, UCI, CC BY 4.0"
    ) { try made($0) { try Dataset.digits() } },
    Builtin(
      "dataset(x, y=none, name=\"\")", "Your own points and labels as a data set.",
      example: "dataset([[0, 1], [2, 3]], [0, 1]).classes"
    ) { call in
      let x = try call.matrix(0)
      let y = call.isNone(1) ? nil : try call.labels(1, rows: x.shape[0])
      return .object(
        DatasetObject(
          Dataset(x: x, y: y, classes: (y?.max() ?? -1) + 1, name: try call.text(2))))
    },
    Builtin(
      "read_csv(path, label=\"label\")", "A data set from a CSV file with a header line.",
      details: """
        label is a column's name or number, or none. All other columns must be numbers. Labels become \
        0 … K−1 in sorted order; .names keeps them.
        """,
      example: "type(read_csv)"
    ) { call in
      let path = try call.text(0)
      let column: CSVReader.LabelColumn
      switch call[1] {
      case .nothing: column = .absent
      case .text(let name): column = .named(name.string)
      default: column = .at(try call.whole(1))
      }
      do {
        let text = try call.context.files.read(path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return .object(
          DatasetObject(
            try CSVReader.read(
              text, label: column, name: name.hasSuffix(".csv") ? String(name.dropLast(4)) : name)))
      } catch let error as CSVError {
        let failure = Wording.failure(error, path: path)
        throw call.failure(
          Wording.isAboutLabel(error) && call.isGiven(1) ? 1 : 0, failure.message, failure.details)
      }
    },
  ]

  private static func sizes(_ call: Call) throws -> ClassSizes {
    if case .number = call[0].untraced { return .total(try call.whole(0, from: 0)) }
    return .each(try call.wholes(0))
  }

  private static func made(_ call: Call, _ body: () throws -> Dataset) throws -> Value {
    do {
      return .object(DatasetObject(try body()))
    } catch let error as DatasetError {
      throw Wording.failure(error, call)
    }
  }

  /// A stratified split of a data set, `test` of every class in the second part.
  static func splitDataset(_ call: Call) throws -> Value {
    guard case .object(let object) = call[0], let data = object as? DatasetObject,
      let labels = data.dataset.y
    else { throw call.wrong(0, "a string or a data set with labels") }
    let share = call.isGiven(1) ? try call.number(1) : try call.number(2)
    guard share >= 0, share <= 1 else { throw call.failure(2, "test of split is between 0 and 1") }
    var random = Random(seed: try call.seed(3), name: "split")
    var train: [Int] = []
    var test: [Int] = []
    for (_, members) in Dictionary(grouping: labels.indices, by: { labels[$0] })
      .sorted(by: { $0.key < $1.key })
    {
      let order = random.permutation(members.count).map { members[$0] }
      let cut = Int((share * Double(members.count)).rounded())
      test += order.prefix(cut)
      train += order.dropFirst(cut)
    }
    let parts = try [train.sorted(), test.sorted()].map { rows -> Value in
      let x = try data.dataset.x.subscripted([.gather(rows, shape: [rows.count])])
      return .object(
        DatasetObject(
          Dataset(
            x: x, y: rows.map { labels[$0] }, classes: data.dataset.classes,
            names: data.dataset.names, name: data.dataset.name, columns: data.dataset.columns)))
    }
    return .list(parts)
  }
}
