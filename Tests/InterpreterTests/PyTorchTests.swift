import Foundation
import Interpreter
import Tensors
import Testing

/// Derivatives that PyTorch computed: `PyTorch/gradients.tsv`, recorded by `PyTorch/record.py`.
@Suite struct PyTorchTests {
  @Test(arguments: PyTorchCase.all)
  func derivativeIsThatOfPyTorch(_ derivative: PyTorchCase) throws {
    let session = Session()
    for given in PyTorchCase.givens {
      #expect(session.run(given).succeeded, "\(given)")
    }
    let reply = session.run(derivative.code)
    let explanation = reply.diagnostic.map { ReplyRenderer().diagnostic($0) } ?? ""
    try #require(reply.succeeded, "\(explanation)")
    let found = try leaves(of: reply.value)
    let wanted = derivative.tensors
    try #require(found.map(\.shape) == wanted.map(\.shape))
    #expect(found.allSatisfy { $0.dtype == .float64 })
    for (place, pair) in zip(found, wanted).enumerated() {
      let part = wanted.count > 1 ? " of tensor \(place)" : ""
      for entry in PyTorchCase.disagreements(pair.0, pair.1) {
        Issue.record(
          "entry \(entry)\(part): \(pair.0.elements[entry]), PyTorch has \(pair.1.elements[entry])")
      }
    }
  }

  @Test func sixHundredDerivativesOfEveryFeature() {
    let kinds = Dictionary(grouping: PyTorchCase.all, by: \.kind).mapValues(\.count)
    #expect(kinds[.gradient, default: 0] >= 440)
    #expect(kinds[.jacobian, default: 0] >= 50)
    #expect(kinds[.hessian, default: 0] >= 95)
    let features = Dictionary(grouping: PyTorchCase.all, by: \.feature)
    for (feature, cases) in features { #expect(cases.count >= 5, "\(feature)") }
  }

  @Test func agreementIsOfEveryEntryByItsSize() {
    func disagreements(_ found: [Double], _ wanted: [Double]) -> [Int] {
      PyTorchCase.disagreements(.vector(found), .vector(wanted))
    }
    #expect(disagreements([0.1 + 0.2, 1e8 + 1e-3], [0.3, 1e8]) == [])
    #expect(disagreements([0.3 + 1e-9, 1e8 + 1], [0.3, 1e8]) == [0, 1])
    // What is left where terms of size 1 cancel.
    #expect(disagreements([1, 1e-11], [1, 0]) == [])
    #expect(disagreements([1e8, 1e-9], [1e8, 0]) == [1])
    #expect(disagreements([1e-20, 2e-20], [1e-20, 2.1e-20]) == [1])
    #expect(disagreements([0, 1e-300], [0, 0]) == [1])
    #expect(disagreements([.nan, .infinity], [.nan, .infinity]) == [])
    #expect(disagreements([.nan, 1, -.infinity], [1, .nan, .infinity]) == [0, 1, 2])
  }

  /// The tensors of a result in order: its own, or those of its elements or fields.
  private func leaves(of value: Value) throws -> [Tensor] {
    switch value {
    case .list(let list): try list.values.flatMap(leaves)
    case .record(let record): try record.values.flatMap(leaves)
    default: [try #require(value.plainTensor, "\(value.described)")]
    }
  }
}

/// A program of ours that gives derivatives, what is written for it in PyTorch, and what came out there.
struct PyTorchCase: CustomTestStringConvertible, Sendable {
  let feature: String
  let code: String
  let kind: Kind
  let tensors: [Tensor]

  enum Kind: String {
    case gradient, jacobian, hessian
  }

  var testDescription: String { code }

  /// The cells that run before every program.
  static let givens = rows.filter { $0[0] == "given" }.map { $0[1] }
  static let all = rows.filter { $0[0] != "given" }.map(PyTorchCase.init)

  /// The columns of every line: feature, program, PyTorch's program, kind, shapes, elements.
  private static let rows: [[String]] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "PyTorch/gradients.tsv")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }()

  private init(_ columns: [String]) {
    precondition(columns.count == 6, "six columns: \(columns)")
    guard let kind = Kind(rawValue: columns[3]) else {
      preconditionFailure("a gradient, jacobian or hessian: \(columns)")
    }
    feature = columns[0]
    code = columns[1]
    self.kind = kind
    var elements = columns[5].split(separator: " ").compactMap { Double($0) }[...]
    tensors = columns[4].split(separator: ",").map { text in
      let shape = text.split(separator: " ").compactMap { Int($0) }
      let part = elements.prefix(shape.reduce(1, *))
      elements = elements.dropFirst(part.count)
      return Tensor(shape: shape, elements: Array(part))
    }
    precondition(elements.isEmpty, "more elements than the shapes have: \(columns)")
  }

  /// The entries that differ by more than 1e-10 of their size.
  ///
  /// A way back adds up cotangents, and the rounding of a sum is that of its largest term. An entry
  /// whose terms cancel is therefore known to the size of those, which is not written down: the largest
  /// entry of the tensor stands for it. But never more than 1, so that one large entry does not excuse
  /// all others, and never less than the entry itself; a tensor of zeros is exactly that. The two
  /// programs were found to differ by 1e-13 of this size; what is wrong differs by far more than 1e-10.
  static func disagreements(_ found: Tensor, _ wanted: Tensor) -> [Int] {
    let largest = wanted.elements.reduce(0) { max($0, $1.magnitude) }
    return found.elements.indices.filter { entry in
      let (a, b) = (found.elements[entry], wanted.elements[entry])
      guard a.isFinite, b.isFinite else { return a != b && !(a.isNaN && b.isNaN) }
      return abs(a - b) > 1e-10 * max(b.magnitude, min(1, largest))
    }
  }
}
