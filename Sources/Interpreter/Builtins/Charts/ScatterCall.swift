import MetricLearning
import Plots
import Tensors

/// One call of `scatter`, its arguments brought to the plane.
struct ScatterCall {
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

  func chart(_ captions: Captions) throws -> Scatter {
    try Scatter(
      points: plane.points(points), labels: labels, classNames: names, title: captions.title,
      note: plane.note, unitCircle: try call.flag("unit_circle"),
      centers: try prototypes("centers"), arrows: try arrows(),
      pointLabels: try call.names("labels"), regions: try regions(), links: try links(),
      xLabel: captions.xLabel, yLabel: captions.yLabel, xLimits: try call.limits("xlim", .x),
      yLimits: try call.limits("ylim", .y))
  }

  /// Centers or proxies, K×d or K×m×d, by class; empty for none.
  private func rows(_ name: String) throws -> [Tensor] {
    guard let index = call.index(of: name), !call.isNone(index) else { return [] }
    var tensor = try call.tensor(index).converted(to: .float64)
    let d = points.shape[1]
    if tensor.rank == 2 {
      tensor = try tensor.reshaped(to: [tensor.shape[0], 1, tensor.shape[1]])
    }
    guard tensor.rank == 3, tensor.shape[2] == d else {
      throw call.failure(
        index, "\(name) of scatter are K×\(d) or K×m×\(d), not \(call[index].described)")
    }
    return try (0..<tensor.shape[0]).map { try tensor.subscripted([.at($0)]) }
  }

  private func prototypes(_ name: String) throws -> [[Point]] {
    try rows(name).map { plane.points($0) }
  }

  private func arrows() throws -> [Point]? {
    guard let index = call.index(of: "arrows"), !call.isNone(index) else { return nil }
    let tensor = try call.matrix(index)
    guard tensor.shape == points.shape else {
      throw call.failure(
        index,
        "scatter has points of shape \(shapeText(points.shape)) and arrows of \(shapeText(tensor.shape))"
      )
    }
    return plane.directions(tensor)
  }

  /// Which class owns each place; distances are those of all dimensions.
  private func regions() throws -> Scatter.Regions? {
    guard let index = call.index(of: "regions"), !call.isNone(index) else { return nil }
    let word = try call.choice(index, ["neighbour", "centroid", "proxy"])
    if word == "proxy" {
      let weights = try rows("weights")
      guard !weights.isEmpty else {
        throw call.failure(
          index, "regions of proxies need weights=", ["weights is K×d or K×m×d, a row per class."])
      }
      let anchors = weights.enumerated().flatMap { number, rows in
        self.anchors(rows) { _ in number }
      }
      return try Scatter.Regions(anchors, name: "nearest proxy")
    }
    guard let labels else {
      throw call.failure(
        index, "regions of classes need labels", ["scatter(z, y, regions=\"\(word)\")"])
    }
    guard word == "centroid" else {
      return try Scatter.Regions(anchors(points) { labels[$0] }, name: "nearest neighbour")
    }
    let classes = Set(labels).sorted()
    let d = points.shape[1]
    let elements = points.elements
    let means = classes.flatMap { label -> [Double] in
      let members = labels.indices.filter { labels[$0] == label }
      return (0..<d).map { column in
        members.reduce(0) { $0 + elements[$1 * d + column] } / Double(members.count)
      }
    }
    let rows = Tensor(shape: [classes.count, d], elements: means)
    return try Scatter.Regions(anchors(rows) { classes[$0] }, name: "nearest centroid")
  }

  private func anchors(_ rows: Tensor, label: (Int) -> Int) -> [Scatter.Regions.Anchor] {
    zip(plane.points(rows), plane.squaredHeights(rows)).enumerated().map { row, place in
      Scatter.Regions.Anchor(place.0, squaredHeight: place.1, label: label(row))
    }
  }

  /// The pairs of a miner's table.
  private func links() throws -> [Scatter.Link] {
    guard let index = call.index(of: "mined"), let tuples = try call.tuples(index) else {
      return []
    }
    switch tuples.kind {
    case .pairs(let same):
      return tuples.anchor.indices.map {
        Scatter.Link(anchor: tuples.anchor[$0], other: tuples.second[$0], isPositive: same[$0])
      }
    case .triplets(let negative):
      return tuples.anchor.indices.flatMap {
        [
          Scatter.Link(anchor: tuples.anchor[$0], other: tuples.second[$0], isPositive: true),
          Scatter.Link(anchor: tuples.anchor[$0], other: negative[$0], isPositive: false),
        ]
      }
    }
  }
}
