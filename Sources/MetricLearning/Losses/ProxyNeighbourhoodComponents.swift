public import Cards

/// NCA with one trained proxy per class in the place of the other rows.
///
///     L = 1/n Σᵢ −log( e^{−s·d(zᵢ, p_y)} / Σ_{k≠y} e^{−s·d(zᵢ, pₖ)} )
///
/// Theory §8.2; Movshovitz-Attias et al. 2017. d is the squared distance of unit vectors, s `scale`.
/// The own proxy is not in the denominator, so that the loss can be negative. `z` is n×d, `weights`
/// K×d.
public struct ProxyNeighbourhoodComponents: ClassWeightLoss {
  /// How sharply near proxies are preferred.
  public var scale = 1.0
  /// Whether the own proxy is in the denominator.
  public var form = Form.paper
  /// How the rows are summed up.
  public var reduction = Reduction.paper

  /// The versions of the loss.
  public enum Form: String, CaseIterable, Sendable {
    /// The own proxy is left out of the denominator.
    case paper
    /// All proxies are in the denominator: a softmax.
    case softmax
  }

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "proxy_nca", "NCA with one trained proxy per class in the place of the other rows.",
    signature: signature("proxy_nca"),
    formula: "L = 1/n Σᵢ −log( e^{−s·d(zᵢ, p_y)} / Σ_{k≠y} e^{−s·d(zᵢ, pₖ)} )",
    details: """
      z: n×d, y: n labels, weights: K×d, one proxy per class; s = scale > 0, d the squared \
      distance of unit vectors. form="softmax" has the own proxy in the denominator too. Defaults: \
      form is the paper's, where nothing is scaled: scale is 1, as in pytorch-metric-learning.
      """,
    reference: "Movshovitz-Attias et al. 2017; theory §8.2",
    example: "proxy_nca([[1, 0], [0, 1]], [0, 1], weights=[[2, 0], [1, 2]])",
    seeAlso: ["proxy_nca_pp", "proxy_anchor", "norm_softmax", "nca"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("scale", \.scale, .positive, "how sharply near proxies are preferred"),
      Parameter("form", \.form, "whether the own proxy is in the denominator"),
      Parameter("reduction", \.reduction, "how the rows are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(LogitCost.formula)
    logits = -scale * sqdist_matrix(normalize(z), normalize(weights))
    own = one_hot(y, len(weights)) > 0
    terms = logsumexp(where(own, -inf, logits), axis=1) - sum(own * logits, axis=1)
    if form == "softmax" { terms = cross_entropy(logits, y) }
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["scale"] + (form == .softmax ? ["form"] : []) }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    ["squared Euclidean distance to proxies on the unit sphere, [0, 4]", "rows", how.words]
  }

  var how: Reduction { reduction.resolved(paper: .mean) }
}

extension ProxyNeighbourhoodComponents {
  var usesDistance: Bool { true }

  var hasHalves: Bool { true }

  var rate: Double { -scale }

  func cost(_ logits: LogitSums, _ halves: Halves) -> LogitCost? {
    guard form == .paper else { return .crossEntropy(logits, halves) }
    // A lone proxy has nothing to be compared with.
    guard logits.classes > 1 else { return nil }
    return LogitCost(
      term: logits.others - logits.own, shown: halves.sum(-logits.own, logits.others),
      byOwn: -halves.pull, factor: halves.push)
  }
}
