import Tensors

/// Reads a table of numbers: one header line, then a line per row.
///
/// Fields are separated by commas and may stand in double quotes, a quote inside doubled. Lines end
/// with LF or CRLF; empty lines and a leading byte order mark are passed over.
public enum CSVReader {
  /// Which column holds the labels.
  public enum LabelColumn: Sendable, Equatable {
    /// The column of this name.
    case named(String)
    /// The column at this place, from 0; negative ones count from the end.
    case at(Int)
    /// There is none.
    case absent
  }

  /// The data set that `text` holds.
  ///
  /// Labels become 0 … K−1 in sorted order: by number if all are numbers, else as text. Their words
  /// become the names of the classes.
  /// - Throws: `CSVError`; rows are counted as lines of the file, the header being line 1.
  public static func read(
    _ text: String, label: LabelColumn = .named("label"), name: String = ""
  ) throws(CSVError) -> Dataset {
    var lines = try CSVLines(text).lines
    guard let header = lines.first else { throw .emptyFile }
    lines.removeFirst()
    var seen: Set<String> = []
    for column in header.fields where !seen.insert(column).inserted {
      throw .duplicateColumn(column)
    }
    let labelColumn = try place(of: label, in: header.fields)

    var elements: [Double] = []
    var words: [String] = []
    for line in lines {
      guard line.fields.count == header.fields.count else {
        throw .raggedRow(
          row: line.number, fields: line.fields.count, columns: header.fields.count)
      }
      for (place, field) in line.fields.enumerated() {
        if place == labelColumn {
          words.append(field)
        } else if let number = Double(field) {
          elements.append(number)
        } else {
          throw .notANumber(row: line.number, column: header.fields[place], text: field)
        }
      }
    }
    let columns = header.fields.indices.filter { $0 != labelColumn }.map { header.fields[$0] }
    let x = Tensor(shape: [lines.count, columns.count], elements: elements)
    guard labelColumn != nil else {
      return Dataset(x: x, y: nil, classes: 0, names: [], name: name, columns: columns)
    }
    let names = sortedNames(words)
    let number = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    return Dataset(
      x: x, y: words.map { number[$0, default: 0] }, classes: names.count, names: names,
      name: name, columns: columns)
  }

  private static func place(
    of label: LabelColumn, in columns: [String]
  ) throws(CSVError) -> Int? {
    switch label {
    case .absent: return nil
    case .named(let name):
      guard let place = columns.firstIndex(of: name) else {
        throw .noLabelColumn(name: name, columns: columns)
      }
      return place
    case .at(let number):
      guard number < columns.count, number >= -columns.count else {
        throw .labelColumnOutOfRange(number, columns: columns.count)
      }
      return number < 0 ? number + columns.count : number
    }
  }

  private static func sortedNames(_ words: [String]) -> [String] {
    let distinct = Set(words)
    let numbers = distinct.compactMap { word in Double(word).map { (number: $0, word: word) } }
    guard numbers.count == distinct.count else { return distinct.sorted() }
    return numbers.sorted { ($0.number, $0.word) < ($1.number, $1.word) }.map(\.word)
  }
}

/// Why a table cannot be read; rows are lines of the file, from 1.
public enum CSVError: Error, Sendable, Equatable {
  /// No header line.
  case emptyFile
  /// Two columns of one name.
  case duplicateColumn(String)
  /// No column of the labels' name.
  case noLabelColumn(name: String, columns: [String])
  /// No column of the labels' number.
  case labelColumnOutOfRange(Int, columns: Int)
  /// A line with another number of fields than the header.
  case raggedRow(row: Int, fields: Int, columns: Int)
  /// A field that is not a number, outside the label column.
  case notANumber(row: Int, column: String, text: String)
  /// A quote that is opened in this row and never closed.
  case openQuote(row: Int)
}

/// The lines of a table, cut into fields.
private struct CSVLines {
  struct Line {
    let number: Int
    let fields: [String]
  }

  private(set) var lines: [Line] = []
  private var fields: [String] = []
  private var field: [UInt8] = []
  private var wasQuoted = false

  private static let quote = UInt8(ascii: "\"")

  init(_ text: String) throws(CSVError) {
    var number = 1
    var openedAt: Int?
    let bytes = Array(text.utf8)
    var i = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    while i < bytes.count {
      let byte = bytes[i]
      i += 1
      if openedAt != nil {
        if byte == Self.quote {
          if i < bytes.count, bytes[i] == Self.quote {
            field.append(byte)
            i += 1
          } else {
            openedAt = nil
          }
        } else {
          field.append(byte)
        }
      } else if byte == Self.quote, field.allSatisfy({ $0 == UInt8(ascii: " ") }) {
        openedAt = number
        wasQuoted = true
        field = []
      } else if byte == UInt8(ascii: ",") {
        endField()
      } else if byte == UInt8(ascii: "\n") {
        endLine(number)
      } else {
        field.append(byte)
      }
      if byte == UInt8(ascii: "\n") { number += 1 }
    }
    if let openedAt { throw .openQuote(row: openedAt) }
    endLine(number)
  }

  private mutating func endField() {
    fields.append(trimmed(field))
    field = []
    wasQuoted = false
  }

  private mutating func endLine(_ number: Int) {
    if fields.isEmpty, !wasQuoted, trimmed(field).isEmpty {
      field = []
      return
    }
    endField()
    lines.append(Line(number: number, fields: fields))
    fields = []
  }

  /// The text of a field without the blanks and the carriage return around it.
  private func trimmed(_ bytes: [UInt8]) -> String {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }),
      let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }
}
