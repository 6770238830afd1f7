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

extension Wording {
  /// What to tell of a loss that cannot be computed, pointing at the guilty argument of `call`.
  static func failure(_ error: any Error, at call: Call) -> any Error {
    guard let error = error as? LossError else { return error }
    let name = call.name
    func place(_ parameter: String) -> Failure.Focus {
      guard let index = call.parameters.firstIndex(where: { $0.name == parameter }),
        let position = call.positions[index]
      else { return .whole }
      return .argument(position)
    }
    switch error {
    case .parameter(let problem): return failure(problem, name, place)
    case .notAMatrix(let shape):
      return Failure(
        "embeddings are a matrix, one row per point, not \(described(shape))", at: place("z"))
    case .notFinite(let what, let row, let column):
      return Failure(
        "the \(what.rawValue) are not all finite", ["The first bad entry is row \(row), column \(column)."],
        at: place(what == .embeddings ? "z" : what.rawValue))
    case .labelCount(let labels, let rows):
      let advice =
        labels > rows
        ? "Use the labels of the same rows, such as y[0:\(rows)]." : "Every row of z needs its label."
      return Failure(
        "\(name) needs one label per row",
        ["z has \(rows) \(rows == 1 ? "row" : "rows"), but these are \(labels) labels.", advice],
        at: place("y"))
    case .labelNotWhole(let row, let label):
      return Failure(
        "labels are whole numbers from 0", ["Label \(row) is \(Formatting.number(label))."],
        at: place("y"))
    case .labelNegative(let row, let label):
      return Failure(
        "labels are whole numbers from 0", ["Label \(row) is \(label)."], at: place("y"))
    case .labelBeyondClasses(let row, let label, let classes):
      return Failure(
        "label \(label) has no class", ["Row \(row) has it; the weights are for \(classes) classes."],
        at: place("y"))
    case .weightsMissing(let loss):
      return Failure(
        "\(loss) compares with class weights, and none are given",
        ["Pass weights=W, one row per class. \(loss)().init(classes, d) makes some."])
    case .weightsUnused(let loss):
      return Failure("\(loss) has no weights", at: place("weights"))
    case .weightsShape(let given, let width, let centers):
      let wanted =
        centers.map { "classes×\($0)×\(width) or (classes·\($0))×\(width)" } ?? "classes×\(width)"
      return Failure(
        "weights of shape \(shapeText(given)) do not fit", ["They should be \(wanted)."],
        at: place("weights"))
    case .probsMissing(let loss):
      return Failure(
        "\(loss) needs probs or weights",
        ["Pass probs=p, n×classes, or weights=W, whose softmax(z @ W.T) it then takes."])
    case .probsUnused(let loss):
      return Failure("\(loss) has no probs", at: place("probs"))
    case .probsShape(let given, let rows):
      return Failure(
        "probs of shape \(shapeText(given)) do not fit", ["They should be \(rows)×classes."],
        at: place("probs"))
    case .similaritiesShape(let given, let labels):
      return Failure(
        "similarities of shape \(shapeText(given)) do not fit",
        ["They should be \(labels)×\(labels), one row and column per label."], at: place("z"))
    }
  }

  private static func failure(
    _ problem: ParameterError, _ loss: String, _ place: (String) -> Failure.Focus
  ) -> Failure {
    switch problem {
    case .unknown(let name, let known):
      let hint = Suggestion.sentence(for: name, among: known)
      return Failure(
        "\(loss) has no parameter \(name)",
        [hint, "It has \(known.joined(separator: ", "))."].compactMap { $0 })
    case .wrongKind(let name, let given, let domain):
      let wanted =
        switch domain {
        case .number: "a number"
        case .whole: "a whole number"
        case .flag: "true or false"
        case .choice(let words): "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
        }
      return Failure("\(name) of \(loss) is \(wanted), not \(given)", at: place(name))
    case .outOfRange(let name, let given, let range):
      return Failure(
        "\(name) of \(loss) cannot be \(Formatting.number(given))", ["It must be \(range)."],
        at: place(name))
    case .notWhole(let name, let given):
      return Failure(
        "\(name) of \(loss) is a whole number, not \(Formatting.number(given))", at: place(name))
    case .unknownChoice(let name, let given, let known):
      let words = known.map { "\"\($0)\"" }.joined(separator: ", ")
      let hint = Suggestion.sentence(for: given, among: known)
      return Failure(
        "\(name) of \(loss) cannot be \"\(given)\"",
        [hint, "It is one of \(words)."].compactMap { $0 }, at: place(name))
    case .doubled(let name): return Failure("\(loss) gets \(name) twice", at: place(name))
    }
  }
}
