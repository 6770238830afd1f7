import Cards
import MetricLearning
import Tensors
import TestSupport
import Testing

/// Values and gradients from independent implementations: Golden/losses.json.
@Suite struct GoldenLossTests {
  @Test(arguments: GoldenMapping.all)
  func valuesAndGradientsAgree(_ mapping: GoldenMapping) throws {
    let cases = try goldenLosses.get().cases.filter { $0.loss == mapping.golden }
    #expect(!cases.isEmpty, "no case of \(mapping.golden)")
    for golden in cases { try compare(golden, by: mapping) }
  }

  /// Every name in the file is compared by some test; entropies of points are by `InformationTests`.
  @Test func noNameIsLeftOut() throws {
    let names = Set(try goldenLosses.get().cases.compactMap(\.loss))
    let read = Set(GoldenMapping.all.map(\.golden)).union(["entropy_pairwise"])
    #expect(names.subtracting(read).isEmpty)
  }

  private func compare(_ golden: GoldenCase, by mapping: GoldenMapping) throws {
    let kind = try #require(LossCatalog.named(mapping.loss))
    let loss = try kind.make(mapping.arguments(golden))
    let embeddings = try #require(golden.embeddings)
    let labels = try #require(golden.labels)
    let input = LossInput(
      embeddings: Tensor(rows: embeddings),
      labels: labels,
      weights: golden.beta.map { Tensor(shape: [$0.count], elements: $0) }
        ?? (golden.weights ?? golden.centers ?? golden.proxies).map { Tensor(rows: $0) },
      probs: golden.probs.map { Tensor(rows: $0) },
      view: golden.reference.map { Tensor(rows: $0) })
    let steep = golden.edge?.hasPrefix("confident") ?? false
    let name = Comment(rawValue: golden.id)

    if kind.comparesViews, labels.count < 2 {
      #expect(throws: LossError.tooFewRows(1, least: 2), name) { try loss.evaluate(input) }
      return
    }
    let result: LossResult
    if let half = mapping.half {
      let split = try loss.evaluate(half, of: mapping.completed(input))
      result = try #require(split)
    } else {
      result = try loss.evaluate(input)
    }
    if let value = golden.value ?? golden.formulaValue {
      #expect(isClose(result.value, value, tolerance: steep ? 1e-8 : 1e-9), name)
    }
    #expect(result.value.isFinite, name)
    #expect(result.embeddingGradient.elements.allSatisfy { $0.isFinite }, name)
    #expect(result.weightGradient?.elements.allSatisfy { $0.isFinite } ?? true, name)
    let tolerance = steep ? 1e-6 : 1e-7
    if let gradient = golden.gradEmbeddings ?? golden.formulaGradEmbeddings {
      #expect(agree(result.embeddingGradient.elements, gradient, tolerance), name)
    }
    let byWeights =
      golden.gradWeights ?? golden.gradCenters ?? golden.gradProxies ?? golden.formulaGradWeights
    if let gradient = byWeights ?? golden.formulaGradCenters {
      let ours = try #require(result.weightGradient)
      #expect(agree(ours.elements, gradient, tolerance), name)
    }
    if let gradient = golden.gradBeta {
      let ours = try #require(result.weightGradient)
      #expect(agree(ours.elements, [gradient], tolerance), name)
    }
    if let gradient = golden.gradReference {
      let ours = try #require(result.viewGradient)
      #expect(agree(ours.elements, gradient, tolerance), name)
    }
    if let delta = golden.centerUpdateDelta {
      #expect(agree(try CenterLoss().centerUpdate(input), delta, 1e-9), name)
    }
  }

  /// Whether every entry agrees, relative to the larger of 1 and the largest entry.
  private func agree(_ ours: [Double], _ golden: [[Double]], _ tolerance: Double) -> Bool {
    let theirs = golden.flatMap { $0 }
    let scale = theirs.reduce(1) { max($0, abs($1)) }
    return ours.count == theirs.count
      && zip(ours, theirs).allSatisfy { abs($0 - $1) <= tolerance * scale }
  }

  @Test(arguments: ["contrastive", "triplet", "lifted", "binomial", "ms"])
  func pairWeightsAgree(_ name: String) throws {
    let cases = try GoldenFile.named("weights.json").cases.filter { $0.loss == name }
    #expect(!cases.isEmpty)
    for golden in cases {
      var arguments = try GoldenMapping.rename(
        golden, ["pos_margin": "pos_margin", "neg_margin": "margin"])
      if name == "contrastive" { arguments.append(("form", .text("pml"))) }
      if name == "lifted" {
        // Its one margin is that of the positives.
        arguments = arguments.map { ("pos_margin", $0.1) }
        arguments += [("margin", .number(0)), ("form", .text("generalized"))]
      }
      arguments += [("distance", .text("cosine")), ("reduction", .text("sum"))]
      let kind = try #require(LossCatalog.named(name))
      let similarities = try #require(golden.similarities)
      let labels = try #require(golden.labels)
      let theirs = try #require(golden.pairWeights)
      let ours = try kind.make(arguments).pairWeights(
        similarities: Tensor(rows: similarities), labels: labels)
      let weights = try #require(ours)
      #expect(
        agree(weights.elements.map { abs($0) }, theirs, 1e-9),
        Comment(rawValue: golden.id))
    }
  }
}

/// The file, read once.
private let goldenLosses = Result { try GoldenFile.named("losses.json") }

/// How a golden name reads in the catalog.
struct GoldenMapping: Sendable, CustomTestStringConvertible {
  /// The name in the file.
  let golden: String
  /// The name in the catalog.
  let loss: String
  var fixed: [(String, ParameterValue)] = []
  /// Golden parameter to ours; equal names need no entry, `1/` stands
  /// for the inverse, and nothing for what we say otherwise.
  var renamed: [String: String] = [:]
  /// The half of the loss that the golden value is; nil for the whole.
  var half: LossHalf?

  var testDescription: String { golden }

  func arguments(_ golden: GoldenCase) throws -> [(String, ParameterValue)] {
    try fixed + Self.rename(golden, renamed)
  }

  /// The input with constants for what a half does not use but the whole needs.
  func completed(_ input: LossInput) -> LossInput {
    guard loss == "pce", input.probs == nil else { return input }
    var input = input
    let classes = (input.labels.max() ?? 0) + 1
    let n = input.labels.count
    input.probs = Tensor(
      shape: [n, classes], elements: [Double](repeating: 1 / Double(classes), count: n * classes))
    return input
  }

  static func rename(
    _ golden: GoldenCase, _ names: [String: String]
  ) throws -> [(String, ParameterValue)] {
    try (golden.params ?? [:]).filter { names[$0.key] != "" }.map { name, value in
      let ours = names[name] ?? name
      return switch value {
      case .number(let number) where ours.hasPrefix("1/"):
        (String(ours.dropFirst(2)), .number(1 / number))
      case .number(let number) where ours.hasSuffix("_degrees"):
        (String(ours.dropLast(8)), .number(number / 180 * .pi))
      case .number(let number): (ours, .number(number))
      case .text(let text): (ours, .text(text))
      case .flag(let flag) where ours == "normalize": ("distance", .text(flag ? "cosine" : "dot"))
      case .flag(let flag): (ours, .bool(flag))
      case .other: throw UnreadParameter(name: name)
      }
    }
  }

  private struct UnreadParameter: Error { let name: String }

  private static let softTripleNames = ["la": "scale", "centers_per_class": "centers"]

  private static let margins = ["neg_margin": "margin"]

  private static let nonzero: [(String, ParameterValue)] = [("reduction", .text("mean_nonzero"))]

  /// Every golden name of a loss in the catalog.
  static let all = pairs + triplets + anchors + weighted

  private static let triplets: [GoldenMapping] = [
    GoldenMapping(golden: "triplet_mean", loss: "triplet"),
    GoldenMapping(golden: "triplet_pml", loss: "triplet", fixed: nonzero),
    GoldenMapping(
      golden: "triplet_semihard_pml", loss: "triplet",
      fixed: nonzero + [("mining", .text("semihard"))], renamed: ["miner_margin": "mining_margin"]),
    GoldenMapping(
      golden: "triplet_batch_hard_mean", loss: "triplet", fixed: [("mining", .text("hard"))]),
    GoldenMapping(
      golden: "triplet_batch_hard_pml", loss: "triplet",
      fixed: nonzero + [("mining", .text("hard"))]),
    GoldenMapping(golden: "margin_wu17_pairs", loss: "margin_loss"),
    GoldenMapping(
      golden: "margin_learned_beta_pml", loss: "margin_loss", fixed: [("form", .text("triplets"))]),
    GoldenMapping(
      golden: "margin_pml", loss: "margin_loss", fixed: [("form", .text("triplets"))]),
  ]

  private static let anchors: [GoldenMapping] = [
    GoldenMapping(golden: "npair_mc", loss: "npair"),
    GoldenMapping(golden: "npair_mc_pml", loss: "npair"),
    GoldenMapping(golden: "npair_ovo", loss: "npair_ovo"),
    GoldenMapping(golden: "binomial_deviance", loss: "binomial"),
    GoldenMapping(
      golden: "binomial_deviance_mean", loss: "binomial", fixed: [("reduction", .text("mean"))]),
    GoldenMapping(golden: "lifted_structure_pml", loss: "lifted", renamed: margins),
    GoldenMapping(
      golden: "generalized_lifted_structure_pml", loss: "lifted",
      fixed: [("form", .text("generalized"))], renamed: margins),
    GoldenMapping(
      golden: "lifted_structure_similarity", loss: "lifted",
      fixed: [("form", .text("similarity"))]),
    GoldenMapping(golden: "nca_expected_neighbours", loss: "nca"),
    GoldenMapping(
      golden: "nca_pml", loss: "nca", fixed: [("form", .text("log"))],
      renamed: ["softmax_scale": "scale"]),
    GoldenMapping(golden: "snca", loss: "snca"),
    GoldenMapping(golden: "boudiaf_snca_tightness", loss: "snca", half: .tightness),
    GoldenMapping(golden: "boudiaf_snca_contrast", loss: "snca", half: .contrast),
    GoldenMapping(golden: "supcon_paper", loss: "supcon"),
    GoldenMapping(golden: "supcon_pml", loss: "supcon", fixed: [("form", .text("pml"))]),
    GoldenMapping(golden: "ntxent_pml", loss: "ntxent"),
    GoldenMapping(golden: "circle_pml", loss: "circle", renamed: ["m": "margin"]),
    GoldenMapping(
      golden: "circle_full_gradient", loss: "circle", fixed: [("detach", .bool(false))],
      renamed: ["m": "margin"]),
    GoldenMapping(golden: "angular_pml", loss: "angular"),
    GoldenMapping(golden: "tuplet_margin_pml", loss: "tuplet_margin"),
    GoldenMapping(golden: "fast_ap_pml", loss: "fastap", renamed: ["num_bins": "bins"]),
    GoldenMapping(
      golden: "snr_contrastive_pml", loss: "snr_contrastive",
      renamed: ["neg_margin": "margin", "distance": ""]),
    GoldenMapping(
      golden: "vicreg_pml", loss: "vicreg",
      renamed: [
        "invariance_lambda": "invariance", "variance_mu": "variance", "covariance_v": "covariance",
      ]),
    GoldenMapping(golden: "intra_pair_variance_pml", loss: "intra_pair_variance"),
    GoldenMapping(golden: "ms_pml", loss: "ms"),
    GoldenMapping(golden: "ms_pml_mined", loss: "ms", fixed: [("mining", .bool(true))]),
    GoldenMapping(golden: "ms_authors", loss: "ms", fixed: [("form", .text("authors"))]),
    GoldenMapping(golden: "boudiaf_ms_tightness", loss: "ms", half: .tightness),
    GoldenMapping(golden: "boudiaf_ms_contrast", loss: "ms", half: .contrast),
  ]

  private static let pairs: [GoldenMapping] = [
    GoldenMapping(
      golden: "contrastive_pml", loss: "contrastive", fixed: [("form", .text("pml"))],
      renamed: ["neg_margin": "margin"]),
    GoldenMapping(
      golden: "contrastive_pml_mean", loss: "contrastive",
      fixed: [("form", .text("pml")), ("reduction", .text("mean"))],
      renamed: ["neg_margin": "margin"]),
    GoldenMapping(
      golden: "contrastive_hadsell", loss: "contrastive", fixed: [("form", .text("hadsell"))]),
    GoldenMapping(
      golden: "contrastive_hadsell_mean", loss: "contrastive",
      fixed: [("form", .text("hadsell")), ("reduction", .text("mean"))]),
    GoldenMapping(golden: "contrastive_boudiaf", loss: "contrastive"),
    GoldenMapping(
      golden: "contrastive_cosine_pairs", loss: "contrastive", fixed: [("form", .text("cosine"))],
      renamed: ["neg_margin": "margin"]),
    GoldenMapping(
      golden: "boudiaf_contrastive_eq8", loss: "contrastive", fixed: [("form", .text("eq8"))]),
    GoldenMapping(
      golden: "boudiaf_contrastive_tightness", loss: "contrastive", half: .tightness),
    GoldenMapping(golden: "boudiaf_contrastive_contrast", loss: "contrastive", half: .contrast),
  ]

  private static let weighted: [GoldenMapping] = [
    GoldenMapping(golden: "boudiaf_center_tightness", loss: "center"),
    GoldenMapping(golden: "center_wen16", loss: "center"),
    GoldenMapping(golden: "softmax_ce", loss: "softmax_ce"),
    GoldenMapping(
      golden: "smooth_ce_authors", loss: "softmax_ce", renamed: ["epsilon": "smoothing"]),
    GoldenMapping(golden: "boudiaf_ce_tightness", loss: "softmax_ce", half: .tightness),
    GoldenMapping(golden: "boudiaf_ce_contrast", loss: "softmax_ce", half: .contrast),
    GoldenMapping(
      golden: "normalized_softmax_pml", loss: "norm_softmax", renamed: ["temperature": "1/scale"]),
    GoldenMapping(
      golden: "proxy_nca_paper", loss: "proxy_nca", renamed: ["softmax_scale": "scale"]),
    GoldenMapping(
      golden: "proxy_nca_pml", loss: "proxy_nca", fixed: [("form", .text("softmax"))],
      renamed: ["softmax_scale": "scale"]),
    GoldenMapping(
      golden: "proxy_nca_pml", loss: "proxy_nca_pp", renamed: ["softmax_scale": "1/temperature"]),
    GoldenMapping(golden: "proxy_anchor_pml", loss: "proxy_anchor"),
    GoldenMapping(golden: "proxy_anchor_authors", loss: "proxy_anchor"),
    GoldenMapping(golden: "sphereface_pml", loss: "sphereface"),
    GoldenMapping(
      golden: "large_margin_softmax_pml", loss: "sphereface",
      fixed: [("normalize_weights", .bool(false))]),
    GoldenMapping(golden: "cosface_pml", loss: "cosface"),
    GoldenMapping(golden: "arcface_pml", loss: "arcface"),
    GoldenMapping(
      golden: "subcenter_arcface_pml", loss: "subcenter_arcface",
      renamed: ["sub_centers": "centers"]),
    GoldenMapping(golden: "soft_triple_pml", loss: "softtriple", renamed: softTripleNames),
    GoldenMapping(
      golden: "soft_triple_authors", loss: "softtriple", fixed: [("form", .text("authors"))],
      renamed: softTripleNames),
    GoldenMapping(golden: "pce", loss: "pce", renamed: ["lambda": "lam"]),
    GoldenMapping(golden: "pce_softmax", loss: "pce", renamed: ["lambda": "lam"]),
    GoldenMapping(
      golden: "boudiaf_pce_tightness", loss: "pce", renamed: ["lambda": "lam"], half: .tightness),
    GoldenMapping(
      golden: "boudiaf_pce_contrast", loss: "pce", renamed: ["lambda": "lam"], half: .contrast),
    GoldenMapping(golden: "spce", loss: "spce"),
    GoldenMapping(golden: "boudiaf_spce_tightness", loss: "spce", half: .tightness),
    GoldenMapping(golden: "boudiaf_spce_contrast", loss: "spce", half: .contrast),
  ]
}
