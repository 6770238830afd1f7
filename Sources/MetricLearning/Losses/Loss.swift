public import Cards
public import Tensors

/// A function of embeddings and labels that is small when classes lie as they should.
///
/// A conformer's stored properties are its hyper-parameters, with their defaults. Everything that
/// help, completion and checks need is derived from `card`, `parameters` and the properties.
public protocol Loss: Sendable, CustomStringConvertible {
  /// The loss with all defaults.
  init()

  /// What the world knows of it.
  static var card: Card { get }

  /// Its hyper-parameters, in the order of the signature.
  static var parameters: [Parameter<Self>] { get }

  /// The body of the textbook definition in the language, a function of `z`, `y`, every parameter
  /// and the tensors of `operands`.
  static var formula: String { get }

  /// The same over the pairs or triplets of `tuples` alone; nil where that is not written down.
  static var tupleFormula: String? { get }

  /// The tensors it takes beside embeddings and labels: `weights`, `probs`.
  static var operands: [String] { get }

  /// Whether another view of the points stands in the place of labels.
  static var comparesViews: Bool { get }

  /// Whether it sums over pairs or triplets, of which some may be listed.
  static var takesTuples: Bool { get }

  /// The parameters its description shows; the rest is said in `terms`.
  var shownParameters: [String] { get }

  /// What is measured, over which terms, and how they are summed up: the words of `description`.
  var terms: [String] { get }

  /// Whether it needs weights, unless given what stands for them: training then makes some.
  var needsWeights: Bool { get }

  /// Whether the gradient leaves out part of the slope on purpose: something in the value is held
  /// constant.
  var holdsConstants: Bool { get }

  /// Whether the order of a class's rows matters.
  var dependsOnOrder: Bool { get }

  /// The value and its gradients, in one pass.
  func evaluate(_ input: LossInput) throws(LossError) -> LossResult

  /// Throws when parameters that are allowed one by one do not go together.
  func validate() throws(LossError)

  /// The shape of trained weights for `classes` classes of embeddings of width `d`.
  func weightShape(classes: Int, d: Int) -> [Int]

  /// Weights to start training from.
  func initialWeights(classes: Int, d: Int, seed: UInt64) throws(TensorError) -> Tensor

  /// The parameter that may be given as weights instead, one number per class.
  static var weightParameter: String? { get }

  /// Weights after one step of the loss's own rule; nil when the optimizer trains them.
  func movedWeights(_ input: LossInput) throws(LossError) -> Tensor?

  /// One half of the value with its gradients, theory §4.1; nil where there is no exact split.
  func evaluate(_ half: LossHalf, of input: LossInput) throws(LossError) -> LossResult?

  /// The signed ∂L/∂S_ij, n×n, diagonal 0, by similarities taken as independent (theory §6.1); nil
  /// where the loss is not one of pairs.
  func pairWeights(_ input: LossInput) throws(LossError) -> Tensor?

  /// The same at given similarities of unit rows, n×n.
  func pairWeights(similarities: Tensor, labels: [Int]) throws(LossError) -> Tensor?

  /// Which similarities the weight of a pair depends on (theory §6.2); nil where the loss is not one
  /// of pairs.
  var usedSimilarities: UsedSimilarities? { get }

  /// How low the value can get.
  var floor: LossFloor { get }
}

extension Loss {
  /// No tensors beside embeddings and labels.
  public static var operands: [String] { [] }

  /// Not a loss of tuples.
  public static var tupleFormula: String? { nil }

  /// Labels, not views.
  public static var comparesViews: Bool { false }

  /// Not a loss of tuples.
  public static var takesTuples: Bool { false }

  /// No weights to train.
  public var needsWeights: Bool { false }

  /// The gradient is the slope of the value.
  public var holdsConstants: Bool { false }

  /// The rows of a class may be exchanged.
  public var dependsOnOrder: Bool { false }

  /// Every combination is allowed.
  public func validate() throws(LossError) {}

  /// One row per class.
  public func weightShape(classes: Int, d: Int) -> [Int] { [classes, d] }

  /// No parameter is.
  public static var weightParameter: String? { nil }

  /// The optimizer trains the weights.
  public func movedWeights(_ input: LossInput) throws(LossError) -> Tensor? { nil }

  /// No exact split.
  public func evaluate(_ half: LossHalf, of input: LossInput) throws(LossError) -> LossResult? {
    nil
  }

  /// Not a loss of pairs.
  public func pairWeights(_ input: LossInput) throws(LossError) -> Tensor? { nil }

  /// Not a loss of pairs.
  public func pairWeights(similarities: Tensor, labels: [Int]) throws(LossError) -> Tensor? { nil }

  /// Not a loss of pairs.
  public var usedSimilarities: UsedSimilarities? { nil }

  /// Nothing is known.
  public var floor: LossFloor { .unknown }

  /// Weights to start training from: rows of unit length, drawn from the normal distribution by a
  /// generator named after the loss.
  ///
  /// - Throws: `negativeLength` or `tooLarge`.
  public func initialWeights(
    classes: Int, d: Int, seed: UInt64
  ) throws(TensorError) -> Tensor {
    let shape = weightShape(classes: classes, d: d)
    var random = Random(seed: seed, name: Self.card.name)
    let draws = random.normals(try Shape.count(shape))
    return Tensor(shape: shape, elements: Rows(draws, width: d, normalized: true).elements)
  }

  /// Weights to start training from, drawn with seed 0.
  ///
  /// - Throws: `negativeLength` or `tooLarge`.
  public func initialWeights(classes: Int, d: Int) throws(TensorError) -> Tensor {
    try initialWeights(classes: classes, d: d, seed: 0)
  }
}

extension Loss {
  /// The textbook definition with all defaults, as source in the language.
  public static var definition: String { Self().definition }

  /// The textbook definition with this loss's parameters as defaults, as source in the language.
  public var definition: String { definition(of: Self.formula, Self.operands) }

  /// The same over the tuples it is given; nil where that is not written down.
  public var tupleDefinition: String? {
    Self.tupleFormula.map { definition(of: $0, Self.operands + ["tuples"]) }
  }

  private func definition(of formula: String, _ operands: [String]) -> String {
    let header = Self.parameters.map { "\($0.name)=\($0.value(self))" }
    let names = ["z", "y"] + header + operands.map { "\($0)=none" }
    let body = formula.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
    return "def \(Self.card.name)(\(names.joined(separator: ", "))) {\n\(body)\n}"
  }

  /// The parameters and what they are set to, in the order of the signature.
  public var settings: [(name: String, value: ParameterValue)] {
    Self.parameters.map { ($0.name, $0.value(self)) }
  }

  /// What the loss computes, nothing hidden: `ms(alpha=2, beta=50, base=0.5) · cosine …`.
  public var description: String {
    let shown = settings.filter { shownParameters.contains($0.name) }
      .map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
    return (["\(Self.card.name)(\(shown))"] + terms).joined(separator: " · ")
  }

  /// The call with its parameters and defaults, for the card.
  static func signature(_ name: String) -> String {
    let loss = Self()
    let parameters = parameters.map { "\($0.name)=\($0.value(loss))" }
    let others = (operands + (takesTuples ? ["tuples"] : [])).map { "\($0)=none" }
    return "\(name)(\((["z", "y"] + parameters + others).joined(separator: ", ")))"
  }

  /// Throws when the input has weights or probabilities that the loss would ignore.
  func requireNoneUnused(_ input: LossInput) throws(LossError) {
    if input.weights != nil, !Self.operands.contains("weights") {
      throw .weightsUnused(loss: Self.card.name)
    }
    if input.probs != nil, !Self.operands.contains("probs") {
      throw .probsUnused(loss: Self.card.name)
    }
    if input.tuples != nil, !Self.takesTuples { throw .tuplesUnused(loss: Self.card.name) }
  }
}
