import Diagnostics
import MetricLearning
import Tensors

/// The words for the facts that other modules throw: one place for all of them.
enum Wording {
  static func unknownName(_ name: String, among known: [String]) -> Failure {
    var details: [String] = []
    if name.hasSuffix("'"), known.contains(String(name.dropLast())) {
      details.append("A transpose is written \(name.dropLast()).T.")
    } else if let hint = Suggestion.sentence(for: name, among: known) {
      details.append(hint)
    } else {
      details.append("Give it a value first: \(name) = …")
    }
    return Failure("\(name) is not defined", details)
  }

  static func failure(_ error: TensorError) -> Failure {
    switch error {
    case .shapesDoNotBroadcast(let a, let b):
      return Failure(
        "shapes \(shapeText(a)) and \(shapeText(b)) do not fit together",
        ["From the right, axes must have equal lengths or one of them length 1."])
    case .innerLengthsDiffer(let a, let b):
      var details = ["In a @ b, the last axis of a (\(a.last ?? 0)) meets the first of b (\(b.first ?? 0))."]
      if a.count == 2, b.count == 2, a[1] == b[1] { details.append("Perhaps a @ b.T is meant.") }
      if a.count == 2, b.count == 2, a[0] == b[0] { details.append("Perhaps a.T @ b is meant.") }
      return Failure("\(shapeText(a)) @ \(shapeText(b)) has no matrix product", details)
    case .notAMatrix(let shape):
      return Failure(
        "a matrix is needed here, not \(described(shape))",
        ["@ joins vectors and matrices; for numbers write *."])
    case .axisOutOfRange(let axis, let rank):
      let axes = rank == 1 ? "axis 0" : "axes 0 to \(rank - 1)"
      return Failure(
        "there is no axis \(axis)", [rank == 0 ? "A number has no axes." : "There are \(axes)."])
    case .cannotReshape(let from, let to):
      let have = from.reduce(1, *)
      return Failure(
        "\(shapeText(from)) cannot take the shape \(shapeText(to))",
        ["It has \(have) \(have == 1 ? "element" : "elements"); the new shape must hold as many."])
    case .indexOutOfRange(let index, let axis, let length):
      return Failure(
        "index \(index) is out of range",
        [
          length == 0
            ? "Axis \(axis) is empty."
            : "Axis \(axis) has \(length) entries: 0 to \(length - 1), or -\(length) to -1 from the end."
        ])
    case .tooManyIndices(let given, let rank):
      return Failure(
        "\(given) indices for \(rank) \(rank == 1 ? "axis" : "axes")",
        rank == 0 ? ["A number has nothing to index."] : [])
    case .maskShape(let mask, let tensor):
      return Failure(
        "a mask of shape \(shapeText(mask)) does not fit \(shapeText(tensor))",
        ["A mask needs one truth value for each entry it chooses from."])
    case .zeroStep: return Failure("the step of a slice cannot be 0")
    case .cannotAssign(let value, let target):
      return Failure(
        "\(described(value)) does not fit into \(described(target))",
        ["The value must have the shape of the place, or stretch to it."])
    case .cannotJoin(let a, let b):
      return Failure(
        "\(shapeText(a)) and \(shapeText(b)) cannot be joined",
        ["They may differ only along the joined axis."])
    case .emptyReduction(let name):
      return Failure(
        "\(name) of nothing has no value", ["Ask len(x) > 0 first."])
    case .tooLarge(let elements):
      return Failure(
        "a tensor of \(Formatting.number(elements)) elements is too large",
        ["The most is \(Tensor.largestCount), 1 GB."])
    default: return Failure(sentence(error))
    }
  }

  private static func sentence(_ error: TensorError) -> String {
    if case .failure(let text) = error { return text }
    return "\(error)"
  }

  private static func described(_ shape: [Int]) -> String {
    shape.isEmpty ? "a number" : "a tensor of shape \(shapeText(shape))"
  }
}

extension Failure {
  /// What to tell of an error of any module.
  init(explaining error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as TensorError: self = Wording.failure(error)
    default: self = Failure("\(error)")
    }
  }
}
