import Foundation
import Interpreter
import Tensors
import Testing

/// Expressions whose values NumPy computed: `NumPy/expressions.tsv`, recorded by `NumPy/record.py`.
@Suite struct NumPyTests {
  @Test(arguments: NumPyCase.all)
  func expressionHasTheValueOfNumPy(_ expression: NumPyCase) throws {
    let session = Session()
    for given in NumPyCase.givens {
      #expect(session.run(given).succeeded, "\(given)")
    }
    let reply = session.run(expression.code)
    let explanation = reply.diagnostic.map { ReplyRenderer().diagnostic($0) } ?? ""
    try #require(reply.succeeded, "\(explanation)")
    let found = try #require(reply.value.plainTensor, "\(reply.value.described)")
    let wanted = expression.value
    #expect(found.shape == wanted.shape)
    #expect(found.dtype == wanted.dtype)
    for (place, pair) in zip(found.elements, wanted.elements).enumerated() {
      #expect(
        NumPyCase.agree(pair.0, pair.1), "entry \(place): \(pair.0), NumPy has \(pair.1)")
    }
  }

  @Test func fourHundredExpressionsOfEveryFeature() {
    #expect(NumPyCase.all.count >= 400)
    let features = Dictionary(grouping: NumPyCase.all, by: \.feature)
    for (feature, cases) in features { #expect(cases.count >= 5, "\(feature)") }
  }

  @Test func agreementIsExactForWholeNumbersAndTheSignOfZero() {
    #expect(NumPyCase.agree(0.1 + 0.2, 0.3))
    #expect(!NumPyCase.agree(0.3 + 1e-11, 0.3))
    #expect(!NumPyCase.agree(3 + 1e-15, 3))
    #expect(!NumPyCase.agree(-0.0, 0))
    #expect(NumPyCase.agree(.nan, .nan))
    #expect(!NumPyCase.agree(.infinity, -.infinity))
  }
}

/// An expression of ours, what is written for it in NumPy, and what NumPy made of that.
struct NumPyCase: CustomTestStringConvertible, Sendable {
  let feature: String
  let code: String
  let value: Tensor

  var testDescription: String { code }

  /// The cells that run before every expression.
  static let givens = rows.filter { $0[0] == "given" }.map { $0[1] }
  static let all = rows.filter { $0[0] != "given" }.map(NumPyCase.init)

  /// The columns of every line: feature, expression, NumPy's expression, dtype and shape, elements.
  private static let rows: [[String]] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "NumPy/expressions.tsv")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }()

  private init(_ columns: [String]) {
    precondition(columns.count == 5, "five columns: \(columns)")
    feature = columns[0]
    code = columns[1]
    let header = columns[3].split(separator: " ")
    let words = columns[4].split(separator: " ")
    value = Tensor(
      shape: header.dropFirst().compactMap { Int($0) },
      elements: words.compactMap { Double($0) }, dtype: header[0] == "bool" ? .bool : .float64)
  }

  /// Whole numbers, infinities and zeros with their sign agree exactly, others to 1e-12 of
  /// themselves: room for another order of sums and another rounding of exp, not for a mistake.
  static func agree(_ found: Double, _ wanted: Double) -> Bool {
    if found.isNaN || wanted.isNaN { return found.isNaN && wanted.isNaN }
    if wanted == wanted.rounded() { return found == wanted && found.sign == wanted.sign }
    return abs(found - wanted) <= 1e-12 * abs(wanted)
  }
}
