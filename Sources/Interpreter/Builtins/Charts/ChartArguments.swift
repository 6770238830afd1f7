import MetricLearning
import Plots
import Tensors

/// What the functions of plots ask their calls for, by the names of parameters.
extension Call {
  /// Where a parameter stands; nil where the function has none of that name.
  func index(of name: String) -> Int? { parameters.firstIndex { $0.name == name } }

  /// The plot that `body` makes with the captions given, in the size and style given.
  func plot(_ body: (Captions) throws -> Plot) throws -> Value {
    do {
      let plot = try body(
        Captions(
          title: try caption("title"), xLabel: try caption("xlabel"), yLabel: try caption("ylabel"))
      )
      return .object(
        PlotObject(try plot.formed(size: try size(), characters: try characters())))
    } catch let error as PlotError {
      throw Wording.failure(error, self)
    }
  }

  private func caption(_ name: String) throws -> String {
    try index(of: name).map { try text($0) } ?? ""
  }

  private func size() throws -> (columns: Int, rows: Int)? {
    guard let index = index(of: "size"), !isNone(index) else { return nil }
    let numbers = try wholes(index, from: 1)
    guard numbers.count == 2 else { throw wrong(index, "[columns, rows]") }
    return (numbers[0], numbers[1])
  }

  private func characters() throws -> RenderOptions.Characters? {
    guard let index = index(of: "style"), !isNone(index) else { return nil }
    let word = try choice(index, RenderOptions.Characters.allCases.map(\.rawValue))
    return RenderOptions.Characters(rawValue: word)
  }

  /// A truth value by its parameter's name; false where there is no such parameter.
  func flag(_ name: String) throws -> Bool { try index(of: name).map { try bool($0) } ?? false }

  /// Strings by their parameter's name; nil for none.
  func names(_ name: String) throws -> [String]? {
    guard let index = index(of: name), !isNone(index) else { return nil }
    return try texts(index)
  }

  /// The ends of an axis, `[low, high]`; nil for none.
  func limits(_ name: String, _ axis: PlotError.Axis) throws -> Limits? {
    guard let index = index(of: name), !isNone(index) else { return nil }
    let ends = try tensor(index)
    guard ends.shape == [2] else { throw wrong(index, "[low, high]") }
    return try Limits(ends[position: 0], ends[position: 1], axis: axis)
  }

  /// The ends of an axis that must have some.
  func square(_ name: String, _ axis: PlotError.Axis) throws -> Limits {
    do {
      guard let limits = try limits(name, axis) else {
        throw wrong(index(of: name) ?? 0, "[low, high]")
      }
      return limits
    } catch let error as PlotError {
      throw Wording.failure(error, self)
    }
  }

  /// An argument that is a plot.
  func plotArgument(_ index: Int) throws -> Plot {
    guard case .object(let object) = self[index], let plot = object as? PlotObject else {
      throw wrong(index, "a plot")
    }
    return plot.plot
  }

  /// All arguments, each a plot.
  func plots() throws -> [Plot] {
    try list(0).enumerated().map { place, value in
      guard case .object(let object) = value, let plot = object as? PlotObject else {
        throw Failure("\(name) puts plots together, not \(value.described)", at: .argument(place))
      }
      return plot.plot
    }
  }

  /// The call with a data set taken apart into points and labels.
  var unpackingDataset: Call {
    guard case .object(let object) = self[0], let parts = object.parts, !isGiven(1) else {
      return self
    }
    return replacing(parts)
  }
}

extension Call {
  /// An argument that is the history of a training; nil for anything else.
  func history(_ index: Int) -> HistoryObject? {
    guard case .object(let object) = self[index] else { return nil }
    return object as? HistoryObject
  }

  /// The lines of a curve.
  func series(_ index: Int, names: [String]?) throws -> [Curve.Series] {
    if let history = history(index) {
      return [Curve.Series(names?.first ?? "loss", y: history.history.losses)]
    }
    return try vectors(index, names: names).map { Curve.Series($0.0, y: $0.1) }
  }

  /// One vector, or several with names.
  func vectors(_ index: Int, names: [String]?) throws -> [(String, [Double])] {
    var found: [(String, Value)]
    switch self[index] {
    case .record(let record): found = Array(zip(record.names, record.values))
    case .list(let list): found = list.values.map { ("", $0) }
    case .tensor(let box) where box.tensor.rank == 2:
      found = try Iterating.all(self[index]).map { ("", $0) }
    default: found = [("", self[index])]
    }
    if let names {
      guard names.count == found.count else {
        throw Failure(
          "\(name) has \(counted(found.count, "line")) and \(counted(names.count, "label"))")
      }
      found = zip(names, found).map { ($0, $1.1) }
    }
    return try found.enumerated().map { place, entry in
      if case .object(let object) = entry.1, let history = object as? HistoryObject {
        return (entry.0, history.history.losses)
      }
      guard let tensor = entry.1.plainTensor, tensor.rank <= 1 else {
        throw failure(index, "line \(place) of \(name) is a vector, not \(entry.1.described)")
      }
      return (entry.0, tensor.elements)
    }
  }

  /// The named levels of a curve: those given, or those that a history brings.
  func levels() throws -> [Curve.Level] {
    guard let index = index(of: "levels") else { return [] }
    guard !isNone(index) else {
      return isGiven(index) ? [] : history(0)?.curveLevels ?? []
    }
    return try namedNumbers(index, "level").map { Curve.Level($0, $1) }
  }

  /// The values of a bar chart, and their names where they have any.
  func namedValues() throws -> (values: [Double], names: [String]?) {
    let labels = try names("labels")
    if case .record = self[0] {
      let named = try namedNumbers(0, "bar")
      return (named.map(\.1), labels ?? named.map(\.0))
    }
    let tensor = try tensor(0)
    guard tensor.rank == 1 else { throw wrong(0, "a vector, or a record of numbers") }
    return (tensor.elements, labels)
  }

  /// A record of numbers; fields that are none are passed over.
  private func namedNumbers(_ index: Int, _ what: String) throws -> [(String, Double)] {
    guard case .record(let record) = self[index] else {
      throw wrong(index, "a record of numbers")
    }
    return try zip(record.names, record.values).compactMap { name, value in
      if case .nothing = value { return nil }
      guard case .number(let number) = value.untraced else {
        throw failure(index, "\(what) \(name) is a number, not \(value.described)")
      }
      return (name, number)
    }
  }
}
