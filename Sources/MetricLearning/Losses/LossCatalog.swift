public import Cards

/// Every loss there is: the table of contents of this folder.
public enum LossCatalog {
  /// The losses in the order of the manual.
  public static let all: [LossKind] = [
    LossKind(Contrastive.self),
    LossKind(Triplet.self),
    LossKind(NPair.self),
    LossKind(NPairOneVersusOne.self),
    LossKind(LiftedStructure.self),
    LossKind(BinomialDeviance.self),
    LossKind(MarginLoss.self),
    LossKind(NeighbourhoodComponents.self),
    LossKind(ScalableNeighbourhoodComponents.self),
    LossKind(SupervisedContrastive.self),
    LossKind(NormalizedTemperatureCrossEntropy.self),
    LossKind(Circle.self),
    LossKind(MultiSimilarity.self),
    LossKind(Angular.self),
    LossKind(TupletMargin.self),
    LossKind(FastAveragePrecision.self),
    LossKind(SignalToNoiseContrastive.self),
    LossKind(IntraPairVariance.self),
    LossKind(SoftmaxCrossEntropy.self),
    LossKind(NormalizedSoftmax.self),
    LossKind(CenterLoss.self),
    LossKind(ProxyNeighbourhoodComponents.self),
    LossKind(ProxyNeighbourhoodComponentsPlus.self),
    LossKind(ProxyAnchor.self),
    LossKind(SoftTriple.self),
    LossKind(SphereFace.self),
    LossKind(CosFace.self),
    LossKind(ArcFace.self),
    LossKind(SubcenterArcFace.self),
    LossKind(PairwiseCrossEntropy.self),
    LossKind(SimplifiedPairwiseCrossEntropy.self),
    LossKind(DualPairwiseCrossEntropy.self),
    LossKind(VarianceInvarianceCovariance.self),
  ]

  /// The loss a user calls `name`.
  public static func named(_ name: String) -> LossKind? {
    all.first { $0.name == name }
  }
}

/// One entry of the catalog: a loss before its parameters are chosen.
public struct LossKind: Sendable {
  /// The word a user types.
  public let name: String
  /// What the world knows of it.
  public let card: Card
  /// Its parameters with their defaults.
  public let parameters: [ParameterDescription]
  /// The tensors it takes beside embeddings and labels: `weights`, `probs`.
  public let operands: [String]
  /// Whether another view of the points stands in the place of labels.
  public let comparesViews: Bool
  /// Whether it sums over pairs or triplets, of which some may be listed.
  public let takesTuples: Bool
  /// The parameter that may be given as weights instead, one number per class.
  public let weightParameter: String?
  /// The textbook definition with all defaults, as source in the language.
  public let definition: String
  /// The name of the type, and of the file that holds it.
  let typeName: String
  private let maker: @Sendable ([(String, ParameterValue)]) throws(LossError) -> any Loss

  init<Kind: Loss>(_ type: Kind.Type) {
    let defaults = Kind()
    name = Kind.card.name
    card = Kind.takesTuples ? Kind.card.adding(details: LossTuples.details) : Kind.card
    parameters = Kind.parameters.map { $0.description(defaultIn: defaults) }
    operands = Kind.operands
    comparesViews = Kind.comparesViews
    takesTuples = Kind.takesTuples
    weightParameter = Kind.weightParameter
    definition = Kind.definition
    typeName = String(describing: type)
    maker = { (arguments) throws(LossError) in try made(Kind.self, arguments) }
  }

  /// The loss with these parameters and the defaults of all others.
  ///
  /// - Throws: `LossError.parameter` with what is unknown, doubled or out of range.
  public func make(_ arguments: [(String, ParameterValue)] = []) throws(LossError) -> any Loss {
    try maker(arguments)
  }
}

private func made<Kind: Loss>(
  _ type: Kind.Type, _ arguments: [(String, ParameterValue)]
) throws(LossError) -> Kind {
  var loss = Kind()
  do throws(ParameterError) {
    try Kind.parameters.apply(arguments, to: &loss)
  } catch {
    throw .parameter(error)
  }
  try loss.validate()
  return loss
}
