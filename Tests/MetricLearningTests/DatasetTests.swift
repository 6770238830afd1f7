import Cards
import MetricLearning
import TestSupport
import Tensors
import Testing

@Suite struct DatasetTests {
  @Test func blobsSitOnACircleOfRadiusTwo() throws {
    let blobs = try Dataset.blobs([2, 1, 1], spread: 0)
    #expect(blobs.y == [0, 0, 1, 2])
    #expect(blobs.classes == 3)
    let expected: [[Double]] = [
      [2, 0], [2, 0], [-1, 3.0.squareRoot()], [-1, -(3.0.squareRoot())],
    ]
    #expect(isClose(blobs.x, Tensor(rows: expected), tolerance: 1e-15))
    #expect(try Dataset.blobs(3, d: 1, spread: 0).x.elements == [0, 2, 4])
  }

  @Test func remaindersGoToTheFirstClasses() throws {
    let labels = try #require(Dataset.blobs(11).y)
    #expect((0..<3).map { k in labels.filter { $0 == k }.count } == [4, 4, 3])
  }

  @Test func outliersAreTheLastOfTheirClass() throws {
    let blobs = try Dataset.blobs(9, spread: 0.1, outliers: 1)
    #expect(Array(blobs.x.elements[4..<6]) == [-6, 0])
    #expect(throws: DatasetError.outliers(given: 4, classes: 3)) {
      try Dataset.blobs(9, outliers: 4)
    }
  }

  /// scikit-learn: make_moons(5, noise=None), make_circles(4, factor=0.5, noise=None), class by class.
  @Test func moonsAndCirclesAreScikitLearns() throws {
    let half = 3.0.squareRoot() / 2
    let moons = try Dataset.moons([4, 3], noise: 0)
    let expected: [[Double]] = [
      [1, 0], [0.5, half], [-0.5, half], [-1, 0], [0, 0.5], [1, -0.5], [2, 0.5],
    ]
    #expect(isClose(moons.x, Tensor(rows: expected), tolerance: 1e-15))
    let circles = try Dataset.circles([4, 2], noise: 0)
    let rings: [[Double]] = [[1, 0], [0, 1], [-1, 0], [0, -1], [0.5, 0], [-0.5, 0]]
    #expect(isClose(circles.x, Tensor(rows: rings), tolerance: 1e-15))
  }

  @Test func modesOfAClassLieOppositeEachOther() throws {
    let modes = try Dataset.multimodal(8, spread: 0)
    let expected: [[Double]] = [
      [1, 0], [1, 0], [-1, 0], [-1, 0], [0, 1], [0, 1], [0, -1], [0, -1],
    ]
    #expect(isClose(modes.x, Tensor(rows: expected), tolerance: 1e-15))
    #expect(modes.y == [0, 0, 0, 0, 1, 1, 1, 1])
    #expect(try Dataset.multimodal([1, 5], modes: 3, spread: 0).x.shape == [6, 2])
  }

  @Test func noiseIsDrawnRowByRowFromANamedStream() throws {
    var random = Random(seed: 3, name: "moons")
    let clean = try Dataset.moons(6, noise: 0, seed: 3).x.elements
    let noisy = try Dataset.moons(6, noise: 0.5, seed: 3).x.elements
    #expect(noisy == zip(clean, random.normals(12)).map { $0 + 0.5 * $1 })
  }

  @Test func hypersphereHasUnitRows() throws {
    let sphere = try Dataset.hypersphere(30, classes: 4, d: 5)
    for i in 0..<30 {
      let square = sphere.x.elements[i * 5..<(i + 1) * 5].reduce(0) { $0 + $1 * $1 }
      #expect(isClose(square, 1, tolerance: 1e-14))
    }
  }

  @Test func everyShapeIsMadeAndEmptyOnesAreFine() throws {
    let full = [
      try Dataset.rings(), try .spirals(), try .xor(), try .pinwheel(), try .checkerboard(),
    ]
    #expect(full.map(\.x.shape[0]) == [300, 300, 200, 300, 400])
    #expect(full.allSatisfy { $0.x.elements.allSatisfy { $0.isFinite } })
    let empty = [try Dataset.moons(0), try .blobs(0), try .xor([0, 0]), try .multimodal(1)]
    #expect(empty.map(\.x.shape[0]) == [0, 0, 0, 1])
  }

  @Test func sizesAreCheckedBeforeAnythingIsMade() {
    #expect(throws: DatasetError.negativeSize(-1)) { try Dataset.moons(-1) }
    #expect(throws: DatasetError.classSizes(given: 3, classes: 2)) { try Dataset.moons([1, 2, 3]) }
    #expect(throws: DatasetError.self) { try Dataset.blobs(.each([.max, .max])) }
    #expect(throws: DatasetError.self) { try Dataset.blobs(.total(.max)) }
    #expect(throws: DatasetError.self) { try Dataset.blobs(10, classes: .max) }
    #expect(throws: DatasetError.self) { try Dataset.blobs(10, d: .max) }
    #expect(throws: DatasetError.self) { try Dataset.multimodal(10, modes: .max - 1, spread: -1) }
    #expect(throws: DatasetError.self) { try Dataset.checkerboard(.max) }
    #expect(throws: DatasetError.self) { try Dataset.moons(noise: .nan) }
  }

  @Test func shippedDataHasItsPublishedCounts() throws {
    let iris = try Dataset.iris()
    #expect(iris.x.shape == [150, 4] && iris.names == ["setosa", "versicolor", "virginica"])
    #expect(Array(iris.x.elements.prefix(4)) == [5.1, 3.5, 1.4, 0.2])
    let wine = try Dataset.wine()
    #expect(wine.x.shape == [178, 13] && wine.columns.first == "alcohol")
    let cultivars = try #require(wine.y)
    #expect((0..<3).map { k in cultivars.filter { $0 == k }.count } == [59, 71, 48])
    let digits = try Dataset.digits()
    #expect(digits.x.shape == [1797, 64] && digits.classes == 10)
  }
}

/// Parts of data sets: rows are shared out, none is lost and none made up.
@Suite struct DatasetPartTests {
  /// Row i is [i, −i]; labels are not in order.
  private let data = Dataset(
    x: Tensor(rows: (0..<10).map { [Double($0), -Double($0)] }),
    y: [0, 1, 2, 1, 0, 2, 1, 1, 0, 2], classes: 3, names: ["a", "b", "c"], name: "ten",
    columns: ["p", "q"])

  /// The original row numbers of a part.
  private func origins(_ part: Dataset) -> [Int] {
    stride(from: 0, to: part.x.count, by: 2).map { Int(part.x.elements[$0]) }
  }

  @Test func splitSharesOutEveryClass() throws {
    let (train, test) = try data.split(test: 0.5, seed: 4)
    #expect(Set(origins(train) + origins(test)) == Set(0..<10) && train.x.shape[0] == 4)
    let labels = try #require(test.y)
    #expect((0..<3).map { k in labels.filter { $0 == k }.count } == [2, 2, 2])
    #expect(origins(train) == origins(train).sorted() && train.names == data.names)
    #expect(try data.split(test: 1).train.x.shape == [0, 2])
    #expect(throws: DatasetError.noLabels) {
      try Dataset(x: data.x, y: nil, classes: 0).split(test: 0.5)
    }
  }

  @Test func splitClassesNumbersThemAnew() throws {
    let (seen, unseen) = try data.splitClasses(seen: [2, 0])
    #expect(seen.y == [1, 0, 1, 0, 1, 0] && origins(seen) == [0, 2, 4, 5, 8, 9])
    #expect(seen.names == ["c", "a"] && seen.classes == 2)
    #expect(unseen.y == [0, 0, 0, 0] && origins(unseen) == [1, 3, 6, 7])
    #expect(unseen.names == ["b"] && unseen.columns == ["p", "q"])
    #expect(try data.splitClasses(seen: []).unseen.y == data.y)
    #expect(throws: DatasetError.unknownClass(3, classes: 3)) { try data.splitClasses(seen: [3]) }
    #expect(throws: DatasetError.classTwice(1)) { try data.splitClasses(seen: [1, 1]) }
  }

  @Test func standardizedColumnsHaveMeanZeroAndDeviationOne() throws {
    let scaled = try data.standardized(like: data)
    #expect(isClose(try scaled.x.mean(axis: 0), try .zeros([2]), tolerance: 1e-15))
    #expect(isClose(try scaled.x.std(axis: 0), try .ones([2]), tolerance: 1e-15))
    #expect(scaled.y == data.y)
    let flat = Dataset(x: Tensor(rows: [[1, 2], [1, 4]]), y: nil, classes: 0)
    #expect(try flat.standardized(like: flat).x.elements == [0, -1, 0, 1])
    #expect(try flat.standardized(like: data).x.elements[0] == (1 - 4.5) / 8.25.squareRoot())
    let line = Dataset(x: Tensor(rows: [[1]]), y: nil, classes: 0)
    #expect(throws: DatasetError.widths(given: 2, expected: 1)) {
      try line.standardized(like: data)
    }
  }

  @Test func minibatchesAreOneEpoch() throws {
    let batches = try data.minibatches(4, seed: 1)
    #expect(batches.map(\.x.shape[0]) == [4, 4, 2])
    let rows = batches.flatMap(origins)
    #expect(Set(rows) == Set(0..<10) && rows != Array(0..<10))
    for batch in batches { #expect(batch.y == origins(batch).map { data.y?[$0] ?? -1 }) }
    #expect(try data.minibatches(100).map(\.x.shape[0]) == [10])
    #expect(throws: DatasetError.batchSize(0)) { try data.minibatches(0) }
  }

  @Test func minibatchesPerClassAreBalancedAndRepeatNoRow() throws {
    let batches = try data.minibatches(4, perClass: 2, seed: 1)
    for batch in batches {
      let counts = Dictionary(grouping: try #require(batch.y)) { $0 }.mapValues(\.count)
      #expect(counts.count == 2 && counts.values.allSatisfy { $0 == 2 })
    }
    // Two groups of two of class 1, one of each other class: two batches of two classes.
    #expect(batches.count == 2)
    let rows = batches.flatMap(origins)
    #expect(Set(rows).count == rows.count)
    // A class of fewer rows gives what it has.
    #expect(try data.minibatches(12, perClass: 4).map(\.x.shape[0]) == [10])
    #expect(throws: DatasetError.batchNotWholeClasses(batch: 5, perClass: 2)) {
      try data.minibatches(5, perClass: 2)
    }
    #expect(throws: DatasetError.tooFewClasses(wanted: 4, classes: 3)) {
      try data.minibatches(4, perClass: 1)
    }
  }

  @Test func pairsAlternateAndAreOfDifferentPoints() throws {
    let pairs = try PointPairs(of: data, count: 101, seed: 2)
    #expect(pairs.rows.shape == [101, 2])
    let labels = try #require(data.y)
    for pair in 0..<101 {
      let (i, j) = (Int(pairs.rows.elements[2 * pair]), Int(pairs.rows.elements[2 * pair + 1]))
      #expect(i != j)
      #expect((labels[i] == labels[j]) == (pair % 2 == 0))
      #expect(pairs.same.elements[pair] == (pair % 2 == 0 ? 1 : 0))
    }
    // Every row comes up, on either side.
    #expect(Set(pairs.rows.elements).count == 10)
    #expect(throws: DatasetError.noPairs(points: 2)) {
      try PointPairs(of: Dataset.moons([1, 1]), count: 2)
    }
    #expect(try PointPairs(of: Dataset.moons(0), count: 0).rows.shape == [0, 2])
    #expect(throws: DatasetError.self) { try PointPairs(of: data, count: .max) }
  }
}

/// Tables are read back as they were written.
@Suite struct CSVTableTests {
  @Test func numbersAndNamesSurvive() throws {
    let data = Dataset(
      x: Tensor(rows: [[0.1, 1e300], [-2, 1.0 / 3]]), y: [1, 0], classes: 2,
      names: ["a, b", "\"q\""], columns: ["first", "second, really"])
    let text = try #require(try CSVTable(data).text())
    let read = try CSVReader.read(text)
    #expect(read.x == data.x && read.columns == data.columns)
    #expect(read.y?.map { read.names[$0] } == ["\"q\"", "a, b"])
  }

  @Test func columnsWithoutNamesAreNumbered() throws {
    #expect(try CSVTable(Tensor(rows: [[1, 2.5]])).text() == "x0,x1\n1,2.5\n")
    let words = CSVTable([("k", .words(["", " a", "b"])), ("n", .numbers([.nan, -.infinity, 0]))])
    #expect(try words.text() == "k,n\n\"\",nan\n\" a\",-inf\nb,0\n")
    #expect(try words.text(limit: 8) == nil)
  }
}

@Suite struct CSVReaderTests {
  @Test func labelsAreNumberedInSortedOrder() throws {
    let table = try CSVReader.read("a,label,b\n1,10,2\n3,9,4\n5,10,-1e3\n")
    #expect(table.x == Tensor(rows: [[1, 2], [3, 4], [5, -1000]]))
    #expect(table.y == [1, 0, 1])
    #expect(table.names == ["9", "10"])
    #expect(table.columns == ["a", "b"])
  }

  @Test func quotesBlanksAndCarriageReturnsAreRead() throws {
    let text = "\u{feff}\"x, y\", label\r\n 1 ,\"a \"\"b\"\"\"\r\n\r\n2,c"
    let table = try CSVReader.read(text)
    #expect(table.columns == ["x, y"])
    #expect(table.x.elements == [1, 2])
    #expect(table.names == ["a \"b\"", "c"])
  }

  @Test func tableWithoutLabelsHasNone() throws {
    let table = try CSVReader.read("a,b\n1,2\n", label: .absent)
    #expect(table.y == nil)
    #expect(table.x.shape == [1, 2])
  }

  @Test func labelColumnMayBeANumber() throws {
    #expect(try CSVReader.read("k,a\nu,1\n", label: .at(0)).names == ["u"])
    #expect(try CSVReader.read("a,k\n1,u\n", label: .at(-1)).names == ["u"])
    #expect(throws: CSVError.labelColumnOutOfRange(2, columns: 2)) {
      try CSVReader.read("a,k\n1,u\n", label: .at(2))
    }
  }

  @Test func faultsAreNamedWithTheirPlace() {
    expect("", .emptyFile)
    expect("\n\n", .emptyFile)
    expect("a,label\n1,0\n1,0,5\n", .raggedRow(row: 3, fields: 3, columns: 2))
    expect("a,label\n\n1,0\nx,0\n", .notANumber(row: 4, column: "a", text: "x"))
    expect("a,label\n,0\n", .notANumber(row: 2, column: "a", text: ""))
    expect("a,a,label\n", .duplicateColumn("a"))
    expect("a,b\n1,2\n", .noLabelColumn(name: "label", columns: ["a", "b"]))
    expect("a,label\n1,\"x\n", .openQuote(row: 2))
  }

  private func expect(
    _ text: String, _ error: CSVError, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: error, sourceLocation: sourceLocation) { try CSVReader.read(text) }
  }
}
