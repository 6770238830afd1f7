public import Cards

/// Every miner there is: the table of contents of this folder.
public enum MinerCatalog {
  /// The miners in the order of the manual.
  public static let all: [MinerKind] = [
    MinerKind(AllPairs.self),
    MinerKind(HardPairs.self),
    MinerKind(SemihardTriplets.self),
    MinerKind(HardestTriplets.self),
    MinerKind(MultiSimilarityMiner.self),
    MinerKind(DistanceWeighted.self),
  ]

  /// The miner a user calls `word`, by its short name or its function's.
  public static func named(_ word: String) -> MinerKind? {
    all.first { $0.word == word || $0.card.name == word }
  }
}

/// One entry of the catalog: a miner before its parameters are chosen.
public struct MinerKind: Sendable {
  /// What the world knows of it.
  public let card: Card
  /// The word for it where miners are named.
  public let word: String
  /// Its parameters with their defaults.
  public let parameters: [ParameterDescription]
  /// The name of the type, and of the file that holds it.
  let typeName: String
  private let maker: @Sendable ([(String, ParameterValue)]) throws(LossError) -> any Miner

  init<Kind: Miner>(_ type: Kind.Type) {
    let defaults = Kind()
    card = Kind.card
    word = Kind.word
    typeName = String(describing: type)
    parameters = Kind.parameters.map { $0.description(defaultIn: defaults) }
    maker = { (arguments) throws(LossError) in
      var miner = Kind()
      do throws(ParameterError) {
        try Kind.parameters.apply(arguments, to: &miner)
      } catch {
        throw .parameter(error)
      }
      return miner
    }
  }

  /// The miner with these parameters and the defaults of all others.
  ///
  /// - Throws: `LossError.parameter` with what is unknown, doubled or out of range.
  public func make(_ arguments: [(String, ParameterValue)] = []) throws(LossError) -> any Miner {
    try maker(arguments)
  }
}
