import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// Values as text and as files.
  static let files: [Builtin] = [
    Builtin(
      "json(x)", "A value as JSON, exactly: read back, it has the same bits.",
      details: """
        Tensors are nested arrays, records objects, none null. Numbers have the fewest digits that tell \
        them apart in float64, those in float32 too; NaN, Infinity and -Infinity are written so.
        """,
      example: "json(record(x=[0.1, 2], ok=true))", seeAlso: ["parse_json", "write_json"]
    ) { call in
      let bytes = try jsonBytes(call, of: 0, limit: Text.longest, excess: Text.tooLong)
      return .text(String(decoding: bytes, as: UTF8.self))
    },
    Builtin(
      "parse_json(text)", "The value that JSON text stands for.",
      details: """
        Objects become records, arrays what a bracketed list of their elements is: a tensor or a list. \
        NaN, Infinity and -Infinity are numbers. A name that comes twice in an object is an error.
        """,
      example: "parse_json(\"[1, 2]\")", seeAlso: ["json", "read_json"]
    ) { call in try parsedJSON(Array(try call.text(0).utf8), "the text", call) },
    Builtin(
      "read_json(path)", "The value in a JSON file.", example: "type(read_json)",
      seeAlso: ["parse_json", "write_json"]
    ) { call in
      let path = try call.text(0)
      return try parsedJSON(Array(try call.context.files.read(path).utf8), path, call)
    },
    Builtin(
      "write_json(path, value)", "Writes a value to a JSON file, as json(value) has it.",
      example: "type(write_json)", seeAlso: ["json", "read_json"]
    ) { call in
      let path = try call.text(0)
      let excess = Failure("this file would be larger than 1 GB")
      let bytes = try jsonBytes(call, of: 1, limit: FileAccess.largestFile, excess: excess)
      try call.context.files.write(bytes + [UInt8(ascii: "\n")], to: path)
      return .nothing
    },
    Builtin(
      "write_csv(path, value)", "Writes a data set, a matrix or a record of columns to a CSV file.",
      details: """
        A data set's points go before a column label with the names of their classes. Columns \
        without a name are called x0, x1, …. A record has a column per field: numbers or strings, \
        equally many. read_csv reads the same numbers back.
        """,
      example: "type(write_csv)", seeAlso: ["read_csv", "write_npy"]
    ) { call in
      let path = try call.text(0)
      let text = try table(call, 1).text(limit: FileAccess.largestFile) {
        try call.context.poll()
      }
      guard let text else { throw call.failure(1, "this file would be larger than 1 GB") }
      try call.context.files.write(Array(text.utf8), to: path)
      return .nothing
    },
    Builtin(
      "read_npy(path)", "The tensor in a file of NumPy's save.",
      details: "32-bit floats stay float32, other numbers become float64, truth values a mask.",
      example: "type(read_npy)", seeAlso: ["write_npy", "read_csv"], reference: "NEP 1"
    ) { call in
      let path = try call.text(0)
      do {
        let contents = try NumpyFile.contents(of: try call.context.files.bytes(of: path))
        if !contents.isExact {
          call.context.notice("whole numbers from 2^53 on are rounded to 64-bit floats")
        }
        return .tensor(contents.tensor)
      } catch let error as NumpyFileError {
        let failure = Wording.failure(error, path: path)
        throw call.failure(0, failure.message, failure.details)
      }
    },
    Builtin(
      "write_npy(path, value)", "Writes a tensor to a file that NumPy's load reads.",
      example: "type(write_npy)", seeAlso: ["read_npy", "write_csv"], reference: "NEP 1"
    ) { call in
      let path = try call.text(0)
      try call.context.files.write(NumpyFile.bytes(of: try call.tensor(1)), to: path)
      return .nothing
    },
  ]

  private static let mostColumns = 1_000_000

  private static func jsonBytes(
    _ call: Call, of index: Int, limit: Int, excess: Failure
  ) throws -> [UInt8] {
    var writer = JSONWriter(limit: limit, excess: excess) { try call.context.poll() }
    do {
      try writer.write(call[index])
    } catch let failure as Failure {
      throw call.failure(index, failure.message, failure.details)
    }
    return writer.bytes
  }

  private static func parsedJSON(_ bytes: [UInt8], _ name: String, _ call: Call) throws -> Value {
    var reader = JSONReader(bytes) { try call.context.poll() }
    do {
      return try reader.value()
    } catch let error as JSONError {
      let failure = Wording.failure(error, in: name)
      throw call.failure(0, failure.message, failure.details)
    }
  }

  /// The table a value is.
  private static func table(_ call: Call, _ index: Int) throws -> CSVTable {
    let table: CSVTable
    switch call[index] {
    case .object(let object as DatasetObject): table = CSVTable(object.dataset)
    case .record(let record): table = CSVTable(try columns(of: record, call, index))
    default:
      guard let tensor = call[index].plainTensor, tensor.rank == 1 || tensor.rank == 2 else {
        throw call.wrong(index, "a data set, a matrix or a record of columns")
      }
      let matrix = tensor.rank == 2 ? tensor : try tensor.reshaped(to: [tensor.count, 1])
      // A matrix without rows may have any number of columns.
      guard matrix.shape[1] <= mostColumns else {
        throw call.failure(index, "a table has at most \(mostColumns) columns")
      }
      table = CSVTable(matrix)
    }
    let names = table.columnNames
    guard !names.isEmpty else {
      throw call.failure(index, "there are no columns to write")
    }
    guard Set(names).count == names.count else {
      let twice = names.first { name in names.filter { $0 == name }.count > 1 } ?? ""
      throw call.failure(
        index, "two columns would be called \(twice)", ["read_csv could not tell them apart."])
    }
    return table
  }

  private static func columns(
    of record: RecordBox, _ call: Call, _ index: Int
  ) throws -> [(name: String, column: CSVTable.Column)] {
    let columns = try zip(record.names, record.values).map { name, value in
      (name: name, column: try column(value, called: name, call, index))
    }
    if let first = columns.first,
      let other = columns.first(where: { $0.column.count != first.column.count })
    {
      throw call.failure(
        index, "the columns of a table are equally long",
        [
          "\(first.name) has \(first.column.count) entries and \(other.name) \(other.column.count)."
        ])
    }
    return columns
  }

  private static func column(
    _ value: Value, called name: String, _ call: Call, _ index: Int
  ) throws -> CSVTable.Column {
    if let tensor = value.plainTensor, tensor.rank == 1 { return .numbers(tensor.elements) }
    if case .list(let list) = value {
      let words = list.values.compactMap { value in
        if case .text(let text) = value { text.string } else { nil }
      }
      if words.count == list.values.count { return .words(words) }
    }
    throw call.failure(
      index, "a column is a vector of numbers or a list of strings",
      ["\(name) is \(value.described)."])
  }
}
