import Tensors

extension Wording {
  /// What to tell of text that is not JSON; `name` is the file's, or what else holds the text.
  static func failure(_ error: JSONError, in name: String) -> Failure {
    let place = "line \(error.line), column \(error.column) of \(name)"
    let found = error.found.isEmpty ? [] : ["There stands: \(error.found)"]
    switch error.problem {
    case .endsEarly:
      return Failure("\(name) ends before its JSON does", ["Its end is \(place)."])
    case .noValue:
      var details = found
      if error.found.hasPrefix("'") { details.append("Strings stand in double quotes: \"text\".") }
      for (word, meant) in [("None", "null"), ("True", "true"), ("False", "false"), ("nan", "NaN")]
      where error.found.hasPrefix(word) {
        details.append("JSON writes \(meant).")
      }
      return Failure("\(place): a value is missing", details)
    case .noComma(let isObject):
      return Failure("\(place): a comma or \(isObject ? "}" : "]") is missing", found)
    case .commaBeforeTheEnd:
      return Failure("\(place): nothing follows the comma", ["JSON has no comma after the last."])
    case .noName:
      return Failure(
        "\(place): a name in double quotes is missing",
        found + ["An object is written {\"name\": value}."])
    case .noColon: return Failure("\(place): a colon is missing after the name", found)
    case .nameTwice(let field):
      return Failure(
        "\(place): the name \(Formatting.quoted(field)) comes twice",
        ["A record has one value under each name."])
    case .notANumber(let text):
      return Failure("\(place): \(text) is not a number", ["JSON writes 0.5, -3, 1e-6."])
    case .numberTooLarge(let text):
      return Failure(
        "\(place): \(text) is too large for a number",
        ["The largest is 1.8e308; Infinity is written so."])
    case .stringNotClosed: return Failure("\(place): this string is not closed", found)
    case .controlCharacter(let byte):
      let code = String(byte, radix: 16)
      let zeros = String(repeating: "0", count: 4 - code.count)
      return Failure(
        "\(place): a string holds a control character", ["JSON writes \\u\(zeros)\(code) for it."])
    case .unknownEscape:
      return Failure(
        "\(place): this escape is unknown",
        found + ["There are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits."])
    case .tooDeep:
      return Failure(
        "\(place): brackets nest more than \(Extent.deepest) levels deep",
        ["A value may be nested as deep, and no deeper."])
    case .textAfterTheEnd:
      return Failure("\(place): something follows the value", found)
    }
  }

  /// What to tell of a file that is no array.
  static func failure(_ error: NumpyFileError, path: String) -> Failure {
    switch error {
    case .notNumpy:
      let advice = "numpy.save writes such files; of an .npz archive, save the arrays one by one."
      return Failure("\(path) is not a file of numpy.save", [advice])
    case .version(let version):
      return Failure(
        "\(path) has version \(version) of NumPy's format", ["Known are versions 1, 2 and 3."])
    case .headerEndsEarly:
      return Failure("\(path) ends within its header", ["It may be damaged, or cut short."])
    case .header(let part):
      return Failure(
        "the header of \(path) is not as NumPy writes it", ["It stumbles at \(part)."])
    case .elementType(let type):
      return Failure(
        "\(path) holds elements of type \(type)",
        ["Read are numbers and truth values: float32, float64, int8 to uint64, bool."])
    case .tooLarge(let elements):
      return failure(TensorError.tooLarge(elements: elements))
    case .length(let wanted, let found):
      return Failure(
        "\(path) holds \(found) bytes of numbers instead of \(wanted)",
        [
          found < wanted
            ? "It may be cut short." : "It may be damaged, or hold more than one array."
        ])
    }
  }
}
