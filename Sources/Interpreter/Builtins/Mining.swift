import Cards
import MetricLearning
import Tensors

extension BuiltinCatalog {
  /// What is learned from: miners, one function for each of the catalog, and counts.
  static let mining: [Builtin] =
    MinerCatalog.all.map { kind in
      Builtin(
        card: kind.card,
        parameters: [.init(required: "z"), .init(optional: "y")]
          + kind.parameters.map { .init(optional: $0.name) }
      ) { call in
        let call = unpacked(call)
        let given = kind.parameters.enumerated().filter { call.isGiven(2 + $0.offset) }
        return try table(
          kind, call, try given.map { ($0.element.name, try setting(call, 2 + $0.offset)) })
      }
    } + [mine, countTuples]

  private static let mine = Builtin(
    """
    mine(z, y=none, miner="semihard", margin=none, epsilon=none, cutoff=none, upper=none, \
    distance=none, seed=none)
    """,
    "The tuples a miner chooses, by the miner's name.",
    details: """
      z: n×d, y: n labels, or a data set for both. miner: "all", "hard" and "ms" give pairs, "semihard", \
      "hardest" and "distance_weighted" triplets; each takes the parameters of its own function, such as \
      semihard_triplets. A table of pairs has .anchor .other .same .d, one of triplets .anchor .positive \
      .negative .d_ap .d_an .violation. A loss takes it as tuples=, fit a miner as miner=.
      """,
    example: "mine([[1, 0], [1, 0.3], [1, 0.4]], [0, 0, 1], \"semihard\").d_an",
    seeAlso: MinerCatalog.all.map(\.card.name) + ["count_tuples"], reference: "theory §8.5"
  ) { original in
    var call = unpacked(original)
    if case .text = original[1] { call = call.replacing([call[0], call[1], original[1]]) }
    let words = MinerCatalog.all.map(\.word)
    let word = try call.choice(2, words)
    guard let kind = MinerCatalog.named(word) else { throw call.wrong(2, "the name of a miner") }
    var arguments: [(String, ParameterValue)] = []
    for index in 3..<call.parameters.count where !call.isNone(index) {
      let name = call.parameters[index].name
      guard kind.parameters.contains(where: { $0.name == name }) else {
        let known = kind.parameters.map(\.name).joined(separator: ", ")
        throw call.failure(index, "the miner \"\(word)\" has no \(name)", ["It has \(known)."])
      }
      arguments.append((name, try setting(call, index)))
    }
    return try table(kind, call, arguments)
  }

  /// A parameter as the call sets it.
  private static func setting(_ call: Call, _ index: Int) throws -> ParameterValue {
    try call.refuseFollowed(index)
    switch call[index].untraced {
    case .number(let number): return .number(number)
    case .bool(let bool): return .bool(bool)
    case .text(let text): return .text(text.string)
    default: throw call.wrong(index, "a number or a word")
    }
  }

  /// The call with a data set taken apart.
  private static func unpacked(_ call: Call) -> Call {
    guard case .object(let object) = call[0], let parts = object.parts else { return call }
    return call.replacing(parts)
  }

  private static func table(
    _ kind: MinerKind, _ call: Call, _ arguments: [(String, ParameterValue)]
  ) throws -> Value {
    try call.refuseFollowed(
      0, ["Which tuples are chosen changes in steps: mine(stop_gradient(z), y)."])
    let z = try call.matrix(0)
    let labels = try call.labels(1, rows: z.shape[0])
    do {
      let miner = try kind.make(arguments)
      let table = try miner.mine(z, labels: labels, most: call.mostMined)
      return .record(TupleRecord(table, of: kind).box)
    } catch {
      throw Wording.failure(error, at: call)
    }
  }

  private static let countTuples = Builtin(
    "count_tuples(y)", "How many pairs and triplets labels make, and the memory they would take.",
    details: """
      y: n labels, or a data set. A record of .points .classes .positive_pairs .negative_pairs \
      .triplets, all tuples ordered, and of bytes: .matrix_bytes of an n×n matrix of float64, \
      .pair_table_bytes and .triplet_table_bytes of a miner's table of all of them, .cube_bytes of n×n×n \
      numbers. Counts are exact in what is shown; as numbers they are whole up to 2⁵³.
      """,
    example: "count_tuples([0, 0, 1, 1, 2, 2]).triplets", seeAlso: ["mine", "all_pairs", "pairs"],
    reference: "theory §1.1"
  ) { call in
    var call = call
    if case .object(let object) = call[0], let parts = object.parts, parts.count == 2 {
      call = call.replacing([parts[1]])
    }
    do {
      return .record(TupleCountRecord(try TupleCounts(try call.labels(0))).box)
    } catch let error as LossError {
      throw Wording.failure(error, at: call)
    }
  }
}

extension Builtin.Parameter {
  /// A parameter that must be given.
  fileprivate init(required name: String) {
    self.init(name: name, defaultValue: nil, isRest: false, isNamedRest: false)
  }

  /// A parameter that need not.
  fileprivate init(optional name: String) {
    self.init(name: name, defaultValue: .nothing, isRest: false, isNamedRest: false)
  }
}

/// A table of tuples as a record of its columns.
struct TupleRecord {
  let box: RecordBox

  init(_ table: TupleTable, of kind: MinerKind) {
    func rows(_ numbers: [Int]) -> Value { .vector(numbers.map(Double.init)) }
    let same = Tensor(
      shape: [table.same.count], elements: table.same.map { $0 ? 1 : 0 }, dtype: .bool)
    let columns: [(String, Value)] =
      table.isOfTriplets
      ? [
        ("anchor", rows(table.anchor)), ("positive", rows(table.second)),
        ("negative", rows(table.negative)), ("d_ap", .vector(table.distance)),
        ("d_an", .vector(table.negativeDistance)), ("violation", .vector(table.violation)),
      ]
      : [
        ("anchor", rows(table.anchor)), ("other", rows(table.second)),
        ("same", .tensor(TensorBox(same))), ("d", .vector(table.distance)),
      ]
    let what = table.isOfTriplets ? counted(table.count, "triplet") : counted(table.count, "pair")
    box = RecordBox(
      names: columns.map(\.0), values: columns.map(\.1),
      page: TextTable("\(kind.card.name) · \(what)", columns: columns, count: table.count).text)
  }
}

/// What counts of tuples show.
private struct TupleCountRecord {
  let box: RecordBox

  init(_ counts: TupleCounts) {
    let fields: [(name: String, value: Int128)] = [
      ("points", Int128(counts.points)), ("classes", Int128(counts.classSizes.count)),
      ("positive_pairs", counts.positivePairs), ("negative_pairs", counts.negativePairs),
      ("triplets", counts.triplets), ("matrix_bytes", counts.matrixBytes),
      ("pair_table_bytes", counts.pairTableBytes),
      ("triplet_table_bytes", counts.tripletTableBytes), ("cube_bytes", counts.cubeBytes),
    ]
    let smallest = counts.classSizes.min() ?? 0
    let largest = counts.classSizes.max() ?? 0
    let sizes = smallest == largest ? "\(smallest)" : "\(smallest) to \(largest)"
    var lines = [
      "\(counted(counts.points, "point")) · "
        + "\(counted(counts.classSizes.count, "class", "classes")) of \(sizes)"
    ]
    let rows: [(String, Int128, String)] = [
      ("positive pairs", counts.positivePairs, ""), ("negative pairs", counts.negativePairs, ""),
      ("triplets", counts.triplets, ""),
      ("n×n matrix", counts.matrixBytes, "bytes"),
      ("table of all pairs", counts.pairTableBytes, "bytes"),
      ("table of all triplets", counts.tripletTableBytes, "bytes"),
      ("n×n×n numbers", counts.cubeBytes, "bytes"),
    ]
    let texts = rows.map { Self.grouped($0.1) }
    let width = texts.map(\.count).max() ?? 0
    for (row, text) in zip(rows, texts) {
      let label = row.0.padding(to: 22)
      let size = row.2.isEmpty ? "" : " bytes\(Self.rounded(row.1))"
      lines.append(
        "  \(label)\(String(repeating: " ", count: width - text.count))\(text)\(size)")
    }
    box = RecordBox(
      names: fields.map(\.name), values: fields.map { .number(Double($0.value)) },
      page: lines.joined(separator: "\n"))
  }

  /// The digits in threes.
  private static func grouped(_ number: Int128) -> String {
    let digits = Array(String(number))
    return digits.enumerated().map { place, digit in
      (place > 0 && (digits.count - place) % 3 == 0 ? " " : "") + String(digit)
    }.joined()
  }

  /// A number of bytes in words, where that is shorter.
  private static func rounded(_ bytes: Int128) -> String {
    let units = [(1e18, "EB"), (1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
    guard let (size, unit) = units.first(where: { Double(bytes) >= $0.0 }) else { return "" }
    return " (\(Formatting.number(Double(bytes) / size, precision: 3)) \(unit))"
  }
}

extension String {
  /// The text with blanks after it, `width` characters in all.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
