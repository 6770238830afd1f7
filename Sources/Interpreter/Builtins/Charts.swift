import Autodiff
import MetricLearning
import Plots
import Tensors

extension BuiltinCatalog {
  /// Plots: values that are drawn when shown.
  static let charts: [Builtin] = [
    Builtin(
      """
      scatter(z, y=none, unit_circle=false, centers=none, arrows=none, labels=none, title="", \
      xlim=none, ylim=none)
      """,
      "Points in the plane, a glyph and a colour per class.",
      details: """
        z: n×d or a data set; d = 1 lies on a line, d > 2 is shown by its two principal components. \
        centers: K×2 or K×m×2, drawn as letters. arrows: n×2, such as -grad(z -> ms(z, y))(z). labels: \
        a string per point. xlim and ylim are [low, high].
        """,
      example: "scatter(blobs(30))", seeAlso: ["curve", "heatmap"]
    ) { call in
      let chart = try ScatterCall(call)
      return try plot(call) { Plot(try chart.chart()) }
    },
    Builtin(
      "curve(ys, labels=none, levels=none, log=false, title=\"\", xlabel=\"\", ylabel=\"\")",
      "Values as lines over their position.",
      details: """
        ys: a vector, a list of vectors, a record of named vectors, or a history. levels: a record of \
        numbers, drawn as named lines, such as levels(L, y). A history of full batches brings those of \
        its loss; levels=none leaves them out.
        """,
      example: "curve([3, 2, 1.5, 1.2])", seeAlso: ["line"]
    ) { call in
      let series = try series(call)
      let levels = try levels(call, 2)
      let log = try call.bool(3)
      let title = try call.text(4)
      let xLabel = try call.text(5)
      let yLabel = try call.text(6)
      return try plot(call) {
        Plot(
          try Curve(
            series: series, levels: levels, logY: log, title: title,
            xLabel: xLabel.isEmpty && isHistory(call[0]) ? "step" : xLabel, yLabel: yLabel))
      }
    },
    Builtin(
      "line(x, y, labels=none, title=\"\", xlabel=\"\", ylabel=\"\")",
      "Lines through points (x, y).",
      details: "y: a vector, or a list or record of several.",
      example: "line([0, 1, 2], [0, 1, 4])", seeAlso: ["curve"]
    ) { call in
      let x = try call.tensor(0).flattened().elements
      let named = try vectors(call, 1, names: call.isNone(2) ? nil : try call.texts(2))
      let title = try call.text(3)
      let xLabel = try call.text(4)
      let yLabel = try call.text(5)
      return try plot(call) {
        Plot(
          try Curve(
            series: named.map { Curve.Series($0.0, x: x, y: $0.1) }, title: title, xLabel: xLabel,
            yLabel: yLabel))
      }
    },
    Builtin(
      "heatmap(M, y=none, title=\"\")",
      "A matrix as shades, sorted by class where labels are given.",
      details: "M: any matrix; y: a label per row. Small matrices show their numbers.",
      example: "heatmap(gram(normalize(blobs(6).x)))"
    ) { call in
      let matrix = try call.matrix(0)
      let labels = call.isNone(1) ? nil : try call.labels(1, rows: matrix.shape[0])
      let title = try call.text(2)
      let width = matrix.shape[1]
      let elements = matrix.elements
      let rows = (0..<matrix.shape[0]).map { row in
        Array(elements[row * width..<(row + 1) * width])
      }
      return try plot(call) { Plot(try Heatmap(rows: rows, labels: labels, title: title)) }
    },
    Builtin(
      "beside(plots...)", "Plots side by side; below each other in a narrow window.",
      example: "beside(curve([1, 2]), curve([2, 1]))", seeAlso: ["above"]
    ) { call in try plot(call) { try Plot.beside(try plots(call)) } },
    Builtin(
      "above(plots...)", "Plots below each other.", example: "above(curve([1, 2]), curve([2, 1]))",
      seeAlso: ["beside"]
    ) { call in try plot(call) { try Plot.above(try plots(call)) } },
    Builtin("describe(p)", "A plot in words.", example: "describe(curve([1, 2]))") { call in
      guard case .object(let object) = call[0], let plot = object as? PlotObject else {
        throw call.wrong(0, "a plot")
      }
      return .text(plot.plot.words)
    },
  ]

  private static func plot(_ call: Call, _ body: () throws -> Plot) throws -> Value {
    do {
      return .object(PlotObject(try body()))
    } catch let error as PlotError {
      throw Wording.failure(error, call)
    }
  }

  private static func plots(_ call: Call) throws -> [Plot] {
    try call.list(0).enumerated().map { place, value in
      guard case .object(let object) = value, let plot = object as? PlotObject else {
        throw Failure(
          "\(call.name) puts plots together, not \(value.described)", at: .argument(place))
      }
      return plot.plot
    }
  }

  private static func isHistory(_ value: Value) -> Bool {
    if case .object(let object) = value { object is HistoryObject } else { false }
  }

  private static func series(_ call: Call) throws -> [Curve.Series] {
    let names = call.isNone(1) ? nil : try call.texts(1)
    if case .object(let object) = call[0], let history = object as? HistoryObject {
      return [Curve.Series(names?.first ?? "loss", y: history.history.losses)]
    }
    return try vectors(call, 0, names: names).map { Curve.Series($0.0, y: $0.1) }
  }

  /// One vector, or several with names.
  private static func vectors(
    _ call: Call, _ index: Int, names: [String]?
  ) throws -> [(String, [Double])] {
    var found: [(String, Value)]
    switch call[index] {
    case .record(let record): found = Array(zip(record.names, record.values))
    case .list(let list): found = list.values.map { ("", $0) }
    case .tensor(let box) where box.tensor.rank == 2:
      found = try Iterating.all(call[index]).map { ("", $0) }
    default: found = [("", call[index])]
    }
    if let names {
      guard names.count == found.count else {
        throw Failure(
          "\(call.name) has \(counted(found.count, "line")) and \(counted(names.count, "label"))")
      }
      found = zip(names, found).map { ($0, $1.1) }
    }
    return try found.enumerated().map { place, entry in
      if case .object(let object) = entry.1, let history = object as? HistoryObject {
        return (entry.0, history.history.losses)
      }
      guard let tensor = entry.1.plainTensor, tensor.rank <= 1 else {
        throw call.failure(
          index, "line \(place) of \(call.name) is a vector, not \(entry.1.described)")
      }
      return (entry.0, tensor.elements)
    }
  }

  private static func levels(_ call: Call, _ index: Int) throws -> [Curve.Level] {
    guard !call.isNone(index) else {
      guard !call.isGiven(index), case .object(let object) = call[0] else { return [] }
      return (object as? HistoryObject)?.curveLevels ?? []
    }
    guard case .record(let record) = call[index] else {
      throw call.wrong(index, "a record of numbers")
    }
    return try zip(record.names, record.values).compactMap { name, value in
      if case .nothing = value { return nil }
      guard case .number(let number) = value.untraced else {
        throw call.failure(index, "level \(name) is a number, not \(value.described)")
      }
      return Curve.Level(name, number)
    }
  }
}

/// One call of `scatter`, its arguments brought to the plane.
private struct ScatterCall {
  private let call: Call
  private let labels: [Int]?
  private let names: [String]?
  private let plane: Projection
  private let points: Tensor

  init(_ original: Call) throws {
    var call = original
    var names: [String]?
    if case .object(let object) = call[0], let data = (object as? DatasetObject)?.dataset {
      names = data.names.isEmpty ? nil : data.names
      let y = data.y.map { Value.vector($0.map(Double.init)) } ?? .nothing
      call = call.replacing([.tensor(data.x), call.isGiven(1) ? call[1] : y])
    }
    self.call = call
    self.names = names
    points = try call.matrix(0).converted(to: .float64)
    if case .nothing = call[1] {
      labels = nil
    } else {
      labels = try call.labels(1, rows: points.shape[0])
    }
    plane = try Projection(of: points)
  }

  func chart() throws -> Scatter {
    try Scatter(
      points: plane.points(points), labels: labels, classNames: names, title: try call.text(6),
      note: plane.note, unitCircle: try call.bool(2), centers: try centers(), arrows: try arrows(),
      pointLabels: call.isNone(5) ? nil : try call.texts(5), xLimits: try limits(7, .x),
      yLimits: try limits(8, .y))
  }

  private func centers() throws -> [[Point]] {
    guard !call.isNone(3) else { return [] }
    var tensor = try call.tensor(3)
    let d = points.shape[1]
    if tensor.rank == 2 {
      tensor = try tensor.reshaped(to: [tensor.shape[0], 1, tensor.shape[1]])
    }
    guard tensor.rank == 3, tensor.shape[2] == d else {
      throw call.failure(3, "centers of scatter are K×\(d) or K×m×\(d), not \(call[3].described)")
    }
    return try (0..<tensor.shape[0]).map { plane.points(try tensor.subscripted([.at($0)])) }
  }

  private func arrows() throws -> [Point]? {
    guard !call.isNone(4) else { return nil }
    let tensor = try call.matrix(4)
    guard tensor.shape == points.shape else {
      throw call.failure(
        4,
        "scatter has points of shape \(shapeText(points.shape)) and arrows of \(shapeText(tensor.shape))"
      )
    }
    return plane.directions(tensor)
  }

  private func limits(_ index: Int, _ axis: PlotError.Axis) throws -> Limits? {
    guard !call.isNone(index) else { return nil }
    let ends = try call.tensor(index)
    guard ends.shape == [2] else {
      throw call.wrong(index, "[low, high]")
    }
    return try Limits(ends[position: 0], ends[position: 1], axis: axis)
  }
}

/// How points of any dimension come to the plane: as they are, or by their principal components.
struct Projection {
  /// What to say under the plot.
  let note: String
  private let mean: [Double]
  /// The two directions, each of d numbers; nil where the points are shown as they are.
  private let directions: [[Double]]?

  init(of points: Tensor) throws {
    let d = points.shape[1]
    guard d > 2, points.shape[0] > 0, points.elements.allSatisfy(\.isFinite) else {
      note = d > 2 ? "the first two of \(d) coordinates" : ""
      mean = [Double](repeating: 0, count: d)
      directions = nil
      return
    }
    let center = try points.mean(axis: 0)
    let centered = try Tensor.subtract(points, center)
    let covariance = try Tensor.matmul(centered.transposed(), centered)
    let (values, vectors) = try covariance.symmetricEigen()
    let total = values.elements.reduce(0, +)
    let kept = values.elements.suffix(2).reduce(0, +)
    let percent = total > 0 ? Formatting.number((100 * kept / total).rounded()) : "100"
    note = "PCA of \(d) dimensions, \(percent)% of the variance"
    mean = center.elements
    let components = vectors.elements
    directions = [d - 1, d - 2].map { column in
      let direction = (0..<d).map { components[$0 * d + column] }
      // A component's sign is arbitrary: the largest entry is made positive.
      let largest = direction.max { abs($0) < abs($1) } ?? 1
      return largest < 0 ? direction.map { -$0 } : direction
    }
  }

  func points(_ rows: Tensor) -> [Point] { project(rows, from: mean) }

  /// Differences of points: arrows.
  func directions(_ rows: Tensor) -> [Point] {
    project(rows, from: [Double](repeating: 0, count: mean.count))
  }

  private func project(_ rows: Tensor, from origin: [Double]) -> [Point] {
    let d = rows.shape[1]
    let elements = rows.elements
    return (0..<rows.shape[0]).map { row in
      let entries = elements[row * d..<(row + 1) * d]
      guard let directions else {
        return Point(entries.first ?? 0, d > 1 ? entries[entries.startIndex + 1] : 0)
      }
      let shifted = zip(entries, origin).map { $0 - $1 }
      func coordinate(_ direction: [Double]) -> Double {
        zip(shifted, direction).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return Point(coordinate(directions[0]), coordinate(directions[1]))
    }
  }
}
