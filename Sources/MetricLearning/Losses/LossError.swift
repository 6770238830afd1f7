public import Cards

/// Why a loss cannot be computed: the facts, without the prose around them.
public enum LossError: Error, Sendable, Equatable {
  /// A parameter that does not exist or cannot have this value.
  case parameter(ParameterError)
  /// Something other than an n×d matrix of embeddings.
  case notAMatrix(shape: [Int])
  /// A nan or an infinity among the inputs.
  case notFinite(LossTensor, row: Int, column: Int)
  /// Another number of labels than of rows.
  case labelCount(labels: Int, rows: Int)
  /// A label that is not a whole number.
  case labelNotWhole(row: Int, label: Double)
  /// A label below 0.
  case labelNegative(row: Int, label: Int)
  /// A label that has no row of weights, column of probabilities, or number of the parameter named.
  case labelBeyondClasses(row: Int, label: Int, classes: Int, of: String = "weights")
  /// The loss compares with weights and none were given.
  case weightsMissing(loss: String)
  /// The loss has no weights, and some were given.
  case weightsUnused(loss: String)
  /// Weights that are not classes×d, nor classes×centers×d where the loss has several centers.
  case weightsShape(given: [Int], width: Int, centers: Int?)
  /// Weights that are not one number per class.
  case weightsNotAVector(given: [Int])
  /// The loss needs probabilities or weights, and neither was given.
  case probsMissing(loss: String)
  /// The loss takes no probabilities, and some were given.
  case probsUnused(loss: String)
  /// Probabilities that are not n×classes.
  case probsShape(given: [Int], rows: Int)
  /// Similarities that are not n×n.
  case similaritiesShape(given: [Int], labels: Int)
  /// Another view that is missing or not n×d like the embeddings.
  case viewShape(given: [Int]?, wanted: [Int])
  /// Fewer rows than the loss can be computed on.
  case tooFewRows(Int, least: Int)
  /// A result with more elements than a tensor may have.
  case tooLarge(elements: Double)
  /// More tuples than a table may hold; how many, where that is known.
  case tooManyTuples(Double?, most: Int)
  /// The loss is none of pairs or triplets, and some were given.
  case tuplesUnused(loss: String)
  /// Columns of tuples that are not of one length.
  case tupleColumns(lengths: [Int])
  /// A tuple that names a row there is not.
  case tupleRow(tuple: Int, row: Int, rows: Int)
  /// A tuple that names a row as its own partner.
  case tupleOfOneRow(tuple: Int, row: Int)
  /// A tuple that takes two rows for classmates, or for strangers, and the labels say otherwise.
  case tupleLabels(tuple: Int, anchor: Int, other: Int, same: Bool)
}

/// The inputs of a loss that hold numbers.
public enum LossTensor: String, Sendable {
  /// The n×d embeddings.
  case embeddings
  /// The class weights, proxies or centers.
  case weights
  /// The n×classes probabilities.
  case probs
  /// The other view, n×d.
  case view
  /// The n×n similarities.
  case similarities
}
