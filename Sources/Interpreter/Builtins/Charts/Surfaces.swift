import Plots
import Tensors

/// Functions of the plane, asked at the nodes of a grid.
extension Call {
  /// The nodes each way of a field of arrows.
  static let fieldNodes = 11
  /// The nodes each way of a surface, and along each line of a warped grid.
  static let surfaceNodes = 41

  /// Places that divide the stretch between limits evenly, both ends included.
  static func places(_ limits: Limits, _ count: Int) -> [Double] {
    (0..<count).map {
      limits.lower + Double($0) / Double(count - 1) * (limits.upper - limits.lower)
    }
  }

  /// A function's numbers at the nodes of a grid, the lowest row first.
  func surface(_ x: Limits, _ y: Limits, _ value: (Point) throws -> Value) throws -> [[Double]] {
    try Self.places(y, Self.surfaceNodes).map { up in
      try Self.places(x, Self.surfaceNodes).map { across in
        try context.poll()
        let result = try context.quietly { try value(Point(across, up)) }
        guard let tensor = result.untraced.plainTensor, tensor.count == 1 else {
          throw failure(0, "\(name) needs a function that gives a number, not \(result.described)")
        }
        return tensor[position: 0]
      }
    }
  }

  /// A function's vectors at the middles of equal parts of the plane.
  func vectorField(_ x: Limits, _ y: Limits) throws -> [Point] {
    try VectorField.nodes(Self.fieldNodes, x: x, y: y).map { node in
      try context.poll()
      let result = try context.quietly { try invoke(0, [.vector([node.x, node.y])]) }
      guard let tensor = result.untraced.plainTensor, tensor.shape == [2] else {
        throw failure(0, "\(name) needs a function that gives two numbers, not \(result.described)")
      }
      return Point(tensor[position: 0], tensor[position: 1])
    }
  }

  /// The lines of a grid as a model carries them.
  func warpedGrid(_ x: Limits, _ y: Limits) throws -> (
    upright: [[Point]], level: [[Point]], note: String
  ) {
    let (lines, samples) = (Self.fieldNodes, Self.surfaceNodes)
    let upright = Self.places(x, lines).flatMap { column in
      Self.places(y, samples).flatMap { [column, $0] }
    }
    let level = Self.places(y, lines).flatMap { row in
      Self.places(x, samples).flatMap { [$0, row] }
    }
    let count = 2 * lines * samples
    let result = try invoke(
      0, [.tensor(Tensor(shape: [count, 2], elements: upright + level))])
    guard let image = result.untraced.plainTensor, image.rank == 2, image.shape[0] == count,
      image.shape[1] > 0
    else {
      throw failure(
        0, "\(name) needs a model that carries n×2 points to n×d, not to \(result.described)")
    }
    let plane = try Projection(of: image)
    let points = plane.points(image.converted(to: .float64))
    let carried = (0..<2 * lines).map { Array(points[$0 * samples..<($0 + 1) * samples]) }
    return (Array(carried[..<lines]), Array(carried[lines...]), plane.note)
  }
}

/// One call of `landscape`: a loss as one point moves over the plane.
struct Landscape {
  private let values: [[Double]]
  private let x: Limits
  private let y: Limits
  private let points: [Point]
  private let labels: [Int]
  private let moving: Int

  init(_ original: Call) throws {
    var call = original
    if case .object(let object) = call[1], let parts = object.parts, parts.count == 2 {
      call = call.replacing([call[0]] + parts)
    }
    let (loss, labelsValue) = (call[0], call[2])
    let machine = call.machine
    let z = try call.matrix(1).converted(to: .float64)
    guard z.shape[1] == 2, z.shape[0] > 0 else {
      throw call.failure(
        1, "landscape moves a point of the plane: z is n×2, not \(call[1].described)")
    }
    let elements = z.elements
    labels = try call.labels(2, rows: z.shape[0])
    points = (0..<z.shape[0]).map { Point(elements[2 * $0], elements[2 * $0 + 1]) }
    let row = try call.whole(3)
    moving = row < 0 ? row + points.count : row
    guard points.indices.contains(moving) else {
      throw call.failure(
        3, "move of landscape is a row of z, and z has \(counted(points.count, "row"))")
    }
    do {
      x = try call.limits("xlim", .x) ?? Self.around(points.map(\.x), .x)
      y = try call.limits("ylim", .y) ?? Self.around(points.map(\.y), .y)
    } catch let error as PlotError {
      throw Wording.failure(error, call)
    }
    let moved = 2 * moving
    _ = try call.function(0)
    values = try call.surface(x, y) { place in
      var elements = elements
      (elements[moved], elements[moved + 1]) = (place.x, place.y)
      return try machine.call(
        loss, [.tensor(Tensor(shape: z.shape, elements: elements)), labelsValue])
    }
  }

  func chart(_ captions: Captions) throws -> Contour {
    try Contour(
      values: values, x: x, y: y, points: points, labels: labels, moving: moving,
      captions: captions)
  }

  /// Limits a quarter beyond the numbers at both ends.
  private static func around(_ numbers: [Double], _ axis: PlotError.Axis) throws -> Limits {
    let usable = numbers.filter(\.isFinite)
    guard let low = usable.min(), let high = usable.max() else {
      return try Limits(-1, 1, axis: axis)
    }
    let reach = high > low ? (high - low) / 4 : 1
    return try Limits(low - reach, high + reach, axis: axis)
  }
}
