import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// Data: real sets that are shipped, your own, files that are read, and their parts.
  static let datasets: [Builtin] = [
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
      try call.refuseFollowed(0)
      let x = try call.matrix(0)
      let y = call.isNone(1) ? nil : try call.labels(1, rows: x.shape[0])
      // Every class up to the largest label gets a name.
      guard (y?.max() ?? 0) < mostClasses else {
        throw call.failure(
          1, "a data set has at most \(mostClasses) classes",
          [
            "The largest label is \(y?.max() ?? 0); unique(y, return_inverse=true)[1] numbers them anew."
          ])
      }
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
    Builtin(
      "split_classes(ds, seen=[0, 1, 2])",
      "[seen, unseen]: the points of some classes, and those of all others.",
      details:
        "For training on some classes and testing on others. Labels are numbered anew from 0.",
      example: "split_classes(blobs(30, classes=4), [0, 1])[1].classes", seeAlso: ["split"]
    ) { call in
      let data = try labelled(call, 0).dataset
      let classes = try call.wholes(1)
      return try parts(call) {
        let (seen, unseen) = try data.splitClasses(seen: classes)
        return [seen, unseen]
      }
    },
    Builtin(
      "standardize(ds, like=none)", "The data set with columns of mean 0 and standard deviation 1.",
      details: """
        With like, the means and deviations are those of another data set: a test set is standardised \
        like its training set. Columns that do not vary are only moved.
        """,
      example: "std(standardize(wine()).x[:, 0])", seeAlso: ["split"]
    ) { call in
      let data = try object(call, 0).dataset
      let model = call.isNone(1) ? data : try object(call, 1).dataset
      return try made(call) { try data.standardized(like: model) }
    },
    Builtin(
      "minibatches(ds, size, per_class=none, seed=0)",
      "The rows in random order, in small data sets.",
      details: """
        One epoch: every row is in one batch, the last batch may be smaller. With per_class=m a batch \
        has m rows each of size / m classes, and rows that fill no such batch are left out.
        """,
      example: "len(minibatches(blobs(30), 10))", seeAlso: ["fit"]
    ) { call in
      let data = try object(call, 0).dataset
      let size = try call.whole(1)
      let perClass = try call.optionalWhole(2, from: 1)
      let seed = try call.seed(3)
      return try parts(call) { try data.minibatches(size, perClass: perClass, seed: seed) }
    },
  ]

  private static let mostClasses = 1_000_000

  /// A stratified split of a data set, `test` of every class in the second part.
  static func splitDataset(_ call: Call) throws -> Value {
    let data = try labelled(call, 0).dataset
    // `split(ds, 0.2)`: of a data set the second argument is the share.
    let place = call.isGiven(1) ? 1 : 2
    let share = try call.number(place)
    guard share >= 0, share <= 1 else {
      throw call.failure(place, "test of split is between 0 and 1")
    }
    let seed = try call.seed(3)
    return try parts(call) {
      let (train, test) = try data.split(test: share, seed: seed)
      return [train, test]
    }
  }

  private static func object(_ call: Call, _ index: Int) throws -> DatasetObject {
    guard case .object(let object as DatasetObject) = call[index] else {
      throw call.wrong(index, "a data set")
    }
    return object
  }

  private static func labelled(_ call: Call, _ index: Int) throws -> DatasetObject {
    guard case .object(let object as DatasetObject) = call[index], object.dataset.y != nil else {
      throw call.wrong(index, "a data set with labels")
    }
    return object
  }

  private static func parts(_ call: Call, _ body: () throws -> [Dataset]) throws -> Value {
    do {
      return .list(try body().map { .object(DatasetObject($0)) })
    } catch let error as DatasetError {
      throw Wording.failure(error, call)
    }
  }
}
