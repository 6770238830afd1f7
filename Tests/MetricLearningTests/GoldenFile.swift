import Foundation
import Tensors

/// The cases of one golden file, decoded as far as the tests read them.
struct GoldenFile: Decodable {
  let cases: [GoldenCase]

  /// The folder beside this source.
  static let committed = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden")

  /// The file `name` of the folder beside this source, or of `MLREPL_GOLDEN` where that is set.
  static func named(_ name: String) throws -> GoldenFile {
    let given = ProcessInfo.processInfo.environment["MLREPL_GOLDEN"]
    return try named(name, in: given.map { URL(fileURLWithPath: $0) } ?? committed)
  }

  /// The file `name` of a folder.
  static func named(_ name: String, in folder: URL) throws -> GoldenFile {
    try JSONDecoder().decode(
      GoldenFile.self, from: Data(contentsOf: folder.appending(path: name)))
  }
}

/// One case; what a file does not have is nil.
struct GoldenCase: Decodable, Sendable, CustomStringConvertible {
  let id: String
  let loss: String?
  let kind: String?
  let edge: String?
  let params: [String: Parameter]?
  let embeddings: [[Double]]?
  let labels: [Int]?
  let weights: [[Double]]?
  let centers: [[Double]]?
  let proxies: [[Double]]?
  let probs: [[Double]]?
  let reference: [[Double]]?
  let beta: [Double]?
  let gradBeta: [Double]?
  let value: Double?
  let formulaValue: Double?
  let gradEmbeddings: [[Double]]?
  let gradWeights: [[Double]]?
  let gradCenters: [[Double]]?
  let gradProxies: [[Double]]?
  let gradReference: [[Double]]?
  let formulaGradEmbeddings: [[Double]]?
  let formulaGradWeights: [[Double]]?
  let formulaGradCenters: [[Double]]?
  let centerUpdateDelta: [[Double]]?
  let similarities: [[Double]]?
  let sumLoss: Double?
  let pairWeights: [[Double]]?
  let distance: String?
  let recallAtK: [String: Double]?
  let recallAtKWithoutSingletons: [String: Double?]?
  let file: String?
  let tolerance: Double?
  let rPrecision: Double?
  let mapAtR: Double?
  let precisionAt1: Double?
  let clusters: [Int]?
  let nmiArithmetic: Double?
  let nmiGeometric: Double?
  let nmiMin: Double?
  let nmiMax: Double?
  let ami: Double?
  let ari: Double?
  let pairF1: Double?
  let k: Int?
  let initialCenters: [[Double]]?
  let inertia: Double?

  var description: String { id }

  /// A hyper-parameter.
  enum Parameter: Decodable, Sendable {
    case number(Double)
    case text(String)
    case flag(Bool)
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .other
      }
    }
  }

  enum CodingKeys: String, CodingKey {
    case id, loss, kind, edge, params, embeddings, labels, weights, centers, value
    case proxies, probs, reference, beta
    case gradBeta = "grad_beta"
    case similarities, distance, file, tolerance, clusters, ami, ari, k, inertia
    case rPrecision = "r_precision"
    case mapAtR = "map_at_r"
    case precisionAt1 = "precision_at_1"
    case nmiArithmetic = "nmi_arithmetic"
    case nmiGeometric = "nmi_geometric"
    case nmiMin = "nmi_min"
    case nmiMax = "nmi_max"
    case pairF1 = "pair_f1"
    case initialCenters = "initial_centers"
    case formulaValue = "formula_value"
    case gradEmbeddings = "grad_embeddings"
    case gradWeights = "grad_weights"
    case gradCenters = "grad_centers"
    case gradProxies = "grad_proxies"
    case gradReference = "grad_reference"
    case formulaGradEmbeddings = "formula_grad_embeddings"
    case formulaGradWeights = "formula_grad_weights"
    case formulaGradCenters = "formula_grad_centers"
    case centerUpdateDelta = "center_update_delta"
    case sumLoss = "sum_loss"
    case pairWeights = "pair_weights"
    case recallAtK = "recall_at_k"
    case recallAtKWithoutSingletons = "recall_at_k_without_singletons"
  }
}

extension Tensor {
  /// The matrix with these rows.
  init(rows: [[Double]]) {
    self.init(shape: [rows.count, rows.first?.count ?? 0], elements: rows.flatMap { $0 })
  }
}
