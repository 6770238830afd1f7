import MetricLearning
import Tensors

extension Call {
  /// A table of pairs or triplets, as a miner gives it; nil for none.
  func tuples(_ index: Int) throws -> LossTuples? {
    if isNone(index) { return nil }
    return try tuples(self[index], at: index, "\(parameters[index].name) of \(name) is")
  }

  /// A value that should be such a table, in a sentence that begins with `said`.
  func tuples(_ value: Value, at index: Int, _ said: String) throws -> LossTuples {
    guard case .record(let record) = value else {
      throw failure(
        index, "\(said) a miner's table, not \(value.described)", [TupleColumns.advice])
    }
    let columns = TupleColumns(record: record, call: self, index: index)
    do {
      if record.names.contains("positive") || record.names.contains("negative") {
        return try LossTuples(
          anchor: try columns.rows("anchor"), positive: try columns.rows("positive"),
          negative: try columns.rows("negative"))
      }
      return try LossTuples(
        anchor: try columns.rows("anchor"), other: try columns.rows("other"),
        same: try columns.flags("same"))
    } catch let error as LossError {
      throw Wording.failure(error, at: self)
    }
  }
}

extension LossTuples {
  /// The columns as fields.
  var record: Value {
    func rows(_ numbers: [Int]) -> Value { .vector(numbers.map(Double.init)) }
    switch kind {
    case .pairs(let same):
      let mask = Tensor(shape: [same.count], elements: same.map { $0 ? 1 : 0 }, dtype: .bool)
      return .record([
        ("anchor", rows(anchor)), ("other", rows(second)), ("same", .tensor(TensorBox(mask))),
      ])
    case .triplets(let negative):
      return .record([
        ("anchor", rows(anchor)), ("positive", rows(second)), ("negative", rows(negative)),
      ])
    }
  }
}

/// The columns of a table of tuples.
private struct TupleColumns {
  let record: RecordBox
  let call: Call
  let index: Int

  static let advice =
    "It has .anchor .positive .negative or .anchor .other .same, as mine(z, y, \"semihard\") gives."

  private func numbers(_ name: String) throws -> Tensor {
    guard let value = record[name] else {
      throw call.failure(index, "this table of tuples has no .\(name)", [Self.advice])
    }
    guard let tensor = value.plainTensor, tensor.rank == 1 else {
      throw call.failure(
        index, ".\(name) of a table of tuples is a vector, not \(value.described)", [Self.advice])
    }
    return tensor
  }

  /// Numbers of rows.
  func rows(_ name: String) throws -> [Int] {
    try numbers(name).elements.enumerated().map { place, number in
      guard let row = Int(exactly: number) else {
        throw call.failure(
          index, "tuples name rows by whole numbers",
          ["Entry \(place) of .\(name) is \(Formatting.number(number))."])
      }
      return row
    }
  }

  /// A mask.
  func flags(_ name: String) throws -> [Bool] {
    try numbers(name).elements.enumerated().map { place, number in
      guard number == 0 || number == 1 else {
        throw call.failure(
          index, ".\(name) of a table of tuples is true or false for every pair",
          ["Entry \(place) is \(Formatting.number(number))."])
      }
      return number == 1
    }
  }
}
