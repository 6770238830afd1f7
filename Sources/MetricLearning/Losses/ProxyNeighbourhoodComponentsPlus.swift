public import Cards

/// Proxy-NCA as a softmax over all proxies, with a low temperature.
///
///     L = 1/n Σᵢ −log( e^{−d(zᵢ, p_y)/T} / Σₖ e^{−d(zᵢ, pₖ)/T} )     theory §8.2; Teh et al. 2020
///
/// d is the squared distance of unit vectors, T `temperature`. `z` is n×d, `weights` K×d.
public struct ProxyNeighbourhoodComponentsPlus: ClassWeightLoss {
  /// The temperature T.
  public var temperature = 1.0 / 9
  /// How the rows are summed up.
  public var reduction = Reduction.paper

  /// The loss with all defaults.
  public init() {}

  /// What help shows.
  public static let card = Card(
    "proxy_nca_pp", "ProxyNCA++: a softmax over proxies with a low temperature.",
    signature: signature("proxy_nca_pp"),
    formula: "L = 1/n Σᵢ −log( e^{−d(zᵢ, p_y)/T} / Σₖ e^{−d(zᵢ, pₖ)/T} )",
    details: """
      z: n×d, y: n labels, weights: K×d, one proxy per class; T = temperature > 0. It is \
      proxy_nca(form="softmax", scale=1/T), and norm_softmax with scale 2/T. Defaults: temperature \
      is the paper's.
      """,
    reference: "Teh et al. 2020; theory §8.2",
    example: "proxy_nca_pp([[1, 0], [0, 1]], [0, 1], weights=[[2, 0], [1, 2]])",
    seeAlso: ["proxy_nca", "norm_softmax", "proxy_anchor"])

  /// The hyper-parameters, in the order of the signature.
  public static var parameters: [Parameter<Self>] {
    [
      Parameter("temperature", \.temperature, .positive, "how evenly proxies are compared"),
      Parameter("reduction", \.reduction, "how the rows are summed up"),
    ]
  }

  /// The body of the textbook definition, in the language.
  public static let formula = """
    \(LogitCost.formula)
    terms = cross_entropy(-sqdist_matrix(normalize(z), normalize(weights)) / temperature, y)
    reduced(terms, "mean" if reduction == "paper" else reduction)
    """

  /// The parameters the description shows.
  public var shownParameters: [String] { ["temperature"] }

  /// How low the value can get.
  public var floor: LossFloor {
    how == .meanNonzero ? .zero : .simplex
  }

  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] { proxies.terms }

  var how: Reduction { proxies.how }

  /// The loss it is a case of.
  private var proxies: ProxyNeighbourhoodComponents {
    var loss = ProxyNeighbourhoodComponents()
    loss.form = .softmax
    loss.scale = 1 / temperature
    loss.reduction = reduction
    return loss
  }
}

extension ProxyNeighbourhoodComponentsPlus {
  var usesDistance: Bool { true }

  var hasHalves: Bool { true }

  var rate: Double { proxies.rate }
}
