import Cards
import Diagnostics
import MetricLearning
import Plots
import Tensors

/// The words for the facts that other modules throw: one place for all of them.
enum Wording {
  static func unknownName(_ name: String, among known: [String]) -> Failure {
    if name.count > 2, name.allSatisfy({ $0 == "_" }) {
      return Failure("there is still a blank \(name) here", ["Put your code in its place."])
    }
    var details: [String] = []
    if name.hasSuffix("'") || name.hasSuffix("ᵀ"), known.contains(String(name.dropLast())) {
      details.append("A transpose is written \(name.dropLast()).T.")
    } else if let advice = ForeignNames.advice(for: name) {
      details.append(advice)
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
      let (axis, met) = b.count > 2 ? ("last but one", b[b.count - 2]) : ("first", b.first ?? 0)
      var details = [
        "In a @ b, the last axis of a (\(a.last ?? 0)) meets the \(axis) of b (\(met))."
      ]
      if a.count == 2, b.count == 2, a[1] == b[1] { details.append("Perhaps a @ b.T is meant.") }
      if a.count == 2, b.count == 2, a[0] == b[0] { details.append("Perhaps a.T @ b is meant.") }
      return Failure("\(shapeText(a)) @ \(shapeText(b)) has no matrix product", details)
    case .notAMatrix(let shape):
      return Failure(
        "a matrix is needed here, not \(described(shape))")
    case .axisOutOfRange(let axis, let rank):
      let axes = rank == 1 ? "There is axis 0 only." : "There are axes 0 to \(rank - 1)."
      return Failure(
        "there is no axis \(axis)", [rank == 0 ? "A number has no axes." : axes])
    case .cannotReshape(let from, let to):
      let have = from.reduce(1, *)
      return Failure(
        "\(shapeText(from)) cannot take the shape \(shapeText(to))",
        [
          to.count { $0 == -1 } > 1
            ? "Only one length may be -1, to be worked out."
            : "It has \(counted(have, "element")); the new shape must hold as many."
        ])
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
        rank == 0 ? ["A number has nothing to index."] : ["Write one index for an axis at most."])
    case .maskShape(let mask, let tensor):
      return Failure(
        "a mask of shape \(shapeText(mask)) does not fit \(shapeText(tensor))",
        ["A mask needs one truth value for each entry it chooses from."])
    case .zeroStep: return Failure("a step cannot be 0")
    case .cannotAssign(let value, let target):
      return Failure(
        "\(described(value)) does not fit into \(described(target))",
        ["The value must have the shape of the place, or stretch to it."])
    case .cannotJoin(let a, let b):
      return Failure(
        a.isEmpty || b.isEmpty
          ? "\(described(a)) and \(described(b)) cannot be joined"
          : "shapes \(shapeText(a)) and \(shapeText(b)) cannot be joined",
        [
          a.count == b.count
            ? "They may differ only along the joined axis."
            : "They need the same number of axes: [x] is one more than x."
        ])
    case .emptyReduction(let name):
      return Failure(
        "\(name) of nothing has no value", ["Ask len(x) > 0 first."])
    case .tooLarge(let elements):
      return Failure(
        "a tensor of \(Formatting.number(elements)) elements is too large",
        ["The most is \(Tensor.largestCount), 1 GB."])
    case .notAVector(let shape):
      return Failure("a vector is needed here, not \(described(shape))")
    case .notAPermutation(let axes, let rank):
      return Failure(
        "\(Formatting.inline(.vector(axes.map(Double.init)))) does not order \(rank) axes",
        ["Each of 0 to \(max(0, rank - 1)) stands there once."])
    case .cannotSqueeze(let axis, let shape):
      return Failure("axis \(axis) of \(described(shape)) is not of length 1")
    case .negativeLength(let shape):
      return Failure("a shape cannot have negative lengths: \(shapeText(shape))")
    case .notWhole(let number):
      return Failure("a whole number from 0 is needed, not \(Formatting.number(number))")
    case .secondEllipsis:
      return Failure("an index can have only one ...")
    case .factorisation(let factorisation, let problem, let shape):
      return failure(factorisation, problem, shape)
    case .failure(let text): return Failure(text)
    }
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
        "embeddings are a matrix, one row per point, not \(described(shape))",
        shape.count == 1 ? ["reshape(z, [-1, 1]) makes rows of one number each."] : [],
        at: place("z"))
    case .notFinite(let what, let row, let column):
      return Failure(
        "the \(what.rawValue) are not all finite",
        ["The first bad entry is row \(row), column \(column)."],
        at: place(what == .embeddings ? "z" : what.rawValue))
    case .labelCount(let labels, let rows):
      let advice =
        labels > rows
        ? "Use the labels of the same rows, such as y[0:\(rows)]."
        : "Every row of z needs its label."
      return Failure(
        "\(name) needs one label per row",
        ["z has \(counted(rows, "row")), but these are \(counted(labels, "label")).", advice],
        at: place("y"))
    case .labelNotWhole(let row, let label):
      return Failure(
        "labels are whole numbers from 0", ["Label \(row) is \(Formatting.number(label))."],
        at: place("y"))
    case .labelNegative(let row, let label):
      return Failure(
        "labels are whole numbers from 0", ["Label \(row) is \(label)."], at: place("y"))
    case .labelBeyondClasses(let row, let label, let classes, let what):
      let reach =
        what == "weights" ? "the weights are" : what == "probs" ? "probs are" : "\(what) is"
      return Failure(
        "label \(label) has no class",
        ["Row \(row) has it; \(reach) for \(counted(classes, "class", "classes"))."],
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
    case .weightsNotAVector(let given):
      return Failure(
        "weights of shape \(shapeText(given)) do not fit", ["They should be one number per class."],
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
    case .tooLarge(let elements): return failure(TensorError.tooLarge(elements: elements))
    case .tooManyTuples(let count, let most):
      let most = counted(most, "tuple")
      return Failure(
        "\(name) would give \(count.map { "\(Formatting.number($0))" } ?? "more than \(most)")"
          + (count == nil ? "" : " tuples"),
        [
          "A table holds \(most) at most here; count_tuples(y) tells beforehand.",
          "Mine a batch, or take a miner that keeps few per anchor: hardest_triplets, ms_miner.",
        ])
    case .tuplesUnused(let loss):
      return Failure(
        "\(loss) takes no tuples",
        ["It is no sum over listed pairs or triplets, as ms, contrastive and triplet are."],
        at: place("tuples"))
    case .tupleColumns(let lengths):
      return Failure(
        "the columns of tuples differ in length",
        ["They have \(lengths.map { "\($0)" }.joined(separator: ", ")) entries."],
        at: place("tuples"))
    case .tupleRow(let tuple, let row, let rows):
      return Failure(
        "tuple \(tuple) names row \(row), and z has \(counted(rows, "row"))",
        ["Rows are counted from 0. Mine what the loss is given: \(name)(z, y, tuples=mine(z, y))."],
        at: place("tuples"))
    case .tupleOfOneRow(let tuple, let row):
      return Failure(
        "tuple \(tuple) pairs row \(row) with itself", ["A pair has two rows."],
        at: place("tuples"))
    case .tupleLabels(let tuple, let anchor, let other, let same):
      return Failure(
        "tuple \(tuple) does not agree with the labels",
        [
          "It takes rows \(anchor) and \(other) for \(same ? "classmates" : "strangers"), and their "
            + "labels \(same ? "differ" : "are the same").",
          "Mine with the labels the loss is given: \(name)(z, y, tuples=mine(z, y)).",
        ], at: place("tuples"))
    case .viewShape(let given, let wanted):
      return Failure(
        "\(name) compares z with another view of the same points",
        [
          given.map { "The other view has shape \(shapeText($0)), and z \(shapeText(wanted))." }
            ?? "It takes the other view, \(shapeText(wanted)), in the place of labels."
        ], at: place("y"))
    case .tooFewRows(let rows, let least):
      return Failure(
        "\(name) needs \(least) rows at least", ["z has \(counted(rows, "row"))."],
        at: place("z"))
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
        "\(name) of \(loss) cannot be \"\(given)\"", [hint ?? "It is one of \(words)."],
        at: place(name))
    case .doubled(let name): return Failure("\(loss) gets \(name) twice", at: place(name))
    }
  }
}

extension Wording {
  static func failure(_ error: PlotError, _ call: Call) -> Failure {
    switch error {
    case .countMismatch(.barNames, let expected, let found, _):
      return Failure(
        "\(call.name) needs one label per value",
        ["There are \(counted(expected, "value")) and \(counted(found, "label"))."],
        at: place(of: "labels", in: call))
    case .countMismatch(let part, let expected, let found, let row):
      return Failure(
        "\(call.name) needs \(expected) \(part.rawValue), and here are \(found)",
        part == .coordinates
          ? ["x has \(counted(found, "number")), and y \(expected) in line \(row ?? 0)."] : [])
    case .limitsNotIncreasing(let axis, let lower, let upper):
      let name = "\(axis.rawValue)lim"
      return Failure(
        "\(name) of \(call.name) runs from \(Formatting.number(lower)) to \(Formatting.number(upper))",
        ["Write \(name)=[low, high], low below high."], at: place(of: name, in: call))
    case .binsOutOfRange(let bins, let most):
      return Failure(
        "bins of \(call.name) are from 1 to \(most), not \(bins)", at: place(of: "bins", in: call))
    case .sizeOutOfRange(let columns, let rows):
      return Failure(
        "size of \(call.name) is [columns, rows], 20 to 1000 and 5 to 1000, not [\(columns), \(rows)]",
        at: place(of: "size", in: call))
    case .tooManyForRegions(let count, let most):
      return Failure(
        "regions by \(count) points are too many to compute: up to \(most)",
        ["regions=\"centroid\" compares each place with the class means alone."],
        at: place(of: "regions", in: call))
    case .linkOutOfRange(let row, let points):
      return Failure(
        "\(call.name) has \(counted(points, "point")), and mined names row \(row)",
        ["The table is of other points: mine(z, y) of the same z goes with scatter(z, y)."],
        at: place(of: "mined", in: call))
    case .pictureTooLarge(let width, let height):
      return Failure(
        "a picture of \(width)×\(height) is too large",
        ["Save it as .svg, or the plots one by one, or give them size=[columns, rows]."])
    case .gridTooSmall: return Failure("\(error)")
    case .nothingToCompose: return Failure("\(call.name) needs a plot at least")
    case .nestedTooDeeply: return Failure("\(error)")
    }
  }

  /// Where the argument of this name stands in a call.
  private static func place(of name: String, in call: Call) -> Failure.Focus {
    call.index(of: name).flatMap { call.positions[$0] }.map { .argument($0) } ?? .whole
  }
}

/// Such as `1 point`, `3 points`.
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}

extension Wording {
  static func isAboutLabel(_ error: CSVError) -> Bool {
    switch error {
    case .noLabelColumn, .labelColumnOutOfRange: true
    case .emptyFile, .duplicateColumn, .raggedRow, .notANumber, .openQuote: false
    }
  }

  static func failure(_ error: CSVError, path: String) -> Failure {
    switch error {
    case .emptyFile:
      return Failure("\(path) is empty", ["A CSV file starts with a header line of column names."])
    case .duplicateColumn(let name):
      return Failure("\(path) has two columns called \(name)", ["Rename one in its header line."])
    case .noLabelColumn(let name, let columns):
      let hint = Suggestion.sentence(for: name, among: columns)
      return Failure(
        "\(path) has no column \(name)",
        [
          hint, "Its columns are \(columns.prefix(12).joined(separator: ", ")).",
          "Choose one with label=\"…\", or label=none for no labels.",
        ].compactMap { $0 })
    case .labelColumnOutOfRange(let number, let columns):
      return Failure(
        "\(path) has no column number \(number)", ["There are \(columns), counted from 0."])
    case .raggedRow(let row, let fields, let columns):
      return Failure(
        "line \(row) of \(path) has \(fields) \(fields == 1 ? "field" : "fields") instead of \(columns)",
        ["Every line needs as many fields as the header. Mend that line of the file."])
    case .notANumber(let row, let column, let text):
      return Failure(
        "line \(row) of \(path): \(Formatting.quoted(text)) in column \(column) is not a number",
        [
          "All columns but the labels must be numbers.",
          "If \(column) holds the labels, write label=\"\(column)\".",
        ])
    case .openQuote(let row):
      return Failure("line \(row) of \(path) opens a quote that is never closed")
    }
  }

  static func failure(_ error: ModelError) -> Failure {
    switch error {
    case .widthBelowOne(let width):
      return Failure("a layer needs at least 1 input and output, not \(width)")
    case .tooFewWidths(let count):
      return Failure(
        "an mlp needs two widths at least, not \(count)", ["Write mlp([2, 16, 2])."])
    case .initialShape(let given, let expected):
      return Failure("init has shape \(shapeText(given)), not \(shapeText(expected))")
    case .parameterCount(let given, let expected):
      return Failure("this model has \(expected) parameters, not \(given)")
    case .parameterShape(let name, let given, let expected):
      return Failure(
        "the parameter \(name) has shape \(shapeText(expected)), not \(shapeText(given))")
    case .size(let error): return failure(error)
    }
  }

  static func failure(_ error: TrainingError, _ call: Call) -> Failure {
    switch error {
    case .noPoints: return call.failure(1, "there is nothing to train on")
    case .labelCount(let labels, let rows):
      return call.failure(1, "fit has \(rows) points and \(labels) labels")
    case .batchSize(let size): return call.failure(5, "a batch has at least 1 row, not \(size)")
    case .batchNotWholeClasses(let batch, let perClass):
      return call.failure(
        5, "a batch of \(batch) is not a whole number of classes of \(perClass) rows")
    case .notANumber(let shape):
      return call.failure(2, "the loss gives a tensor of shape \(shapeText(shape)), not a number")
    }
  }
}

extension Wording {
  static func failure(_ error: DatasetError, _ call: Call) -> any Error {
    switch error {
    case .parameter(let problem): return failure(LossError.parameter(problem), at: call)
    case .classSizes(let given, let classes):
      return call.failure(0, "\(call.name) has \(classes) classes, and here are \(given) sizes")
    case .negativeSize(let size): return call.failure(0, "a class cannot have \(size) points")
    case .outliers(let given, let classes):
      return Failure("\(given) outliers need as many classes; here are \(classes)")
    case .noLabels: return call.failure(0, "\(call.name) needs a data set with labels")
    case .unknownClass(let label, let classes):
      return call.failure(
        1, "there is no class \(label)",
        ["The data set has \(classes) \(classes == 1 ? "class" : "classes"), counted from 0."])
    case .classTwice(let label): return call.failure(1, "class \(label) is named twice")
    case .widths(let given, let expected):
      return call.failure(
        1, "the data sets have points of different dimensions",
        ["Those of the first have \(expected) coordinates, those of like \(given)."])
    case .batchSize(let size):
      return call.failure(1, "a batch has at least 1 row, not \(size)")
    case .batchNotWholeClasses(let batch, let perClass):
      return call.failure(
        1, "a batch of \(batch) is not a whole number of classes of \(perClass) rows")
    case .tooFewClasses(let wanted, let classes):
      return call.failure(
        1, "this batch wants rows of \(wanted) classes",
        ["The data set has \(classes). A batch has size / per_class classes."])
    case .noPairs(let points):
      return call.failure(
        0, "\(points) \(points == 1 ? "point makes" : "points make") no pairs of both kinds",
        ["It takes two of one class and one of the other."])
    case .tooLarge(let elements): return failure(TensorError.tooLarge(elements: elements))
    }
  }
}
