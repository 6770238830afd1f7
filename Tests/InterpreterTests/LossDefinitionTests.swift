import Cards
import Interpreter
import MetricLearning
import Tensors
import TestSupport
import Testing

/// Every loss's kernel equals its textbook definition, run in the language.
@Suite struct LossDefinitionTests {
  /// Kernel and definition add the same terms in different orders; exponentials of scores up to 100
  /// magnify a last bit to 1e-13 or so.
  private static let valueTolerance = 1e-9
  private static let gradientTolerance = 1e-7

  @Test(arguments: LossSetting.all)
  func kernelIsItsDefinition(_ setting: LossSetting) throws {
    try compare(
      setting, on: Batch.all.filter { !setting.kind.comparesViews || $0.labels.count > 1 })
  }

  /// Kernels work in tiles, of which small batches fill but one.
  @Test(arguments: LossSetting.defaults)
  func kernelOfManyRowsIsItsDefinition(_ setting: LossSetting) throws {
    try compare(setting, on: [.large])
  }

  /// Over listed tuples too: mined ones, and some that no miner would choose.
  @Test(arguments: LossSetting.all.filter { $0.kind.takesTuples && $0.tupleHeader != nil })
  func kernelOfTuplesIsItsDefinition(_ setting: LossSetting) throws {
    let kernel = try setting.session(of: .kernel)
    let definition = try setting.session(of: .tupleDefinition)
    for batch in [Batch.plain, Batch.all[1]] {
      for table in [
        "hard_pairs(z, y)", "semihard_triplets(z, y, margin=1)",
        "record(anchor=t.anchor[k], other=t.other[k], same=t.same[k])",
        "record(anchor=[], other=[], same=[])",
      ] {
        var found: [[Tensor]] = []
        for session in [kernel, definition] {
          session.take(batch)
          let reply = session.run(
            """
            t = all_pairs(z, y)
            k = 2 * t.anchor + 3 * t.other < 2.5 * len(y)
            tuples = \(table)
            value = \(try setting.call("L", "z", tuples: true))
            byZ = grad(v -> \(try setting.call("L", "v", tuples: true)))(z)
            """)
          #expect(
            reply.diagnostic == nil,
            "\(table): \(reply.diagnostic.map { ReplyRenderer().diagnostic($0) } ?? "")")
          found.append(["value", "byZ"].compactMap { session.value(of: $0)?.plainTensor })
        }
        for (ours, theirs) in zip(found[0], found[1]) {
          let scale = theirs.elements.reduce(1) { max($0, abs($1)) }
          #expect(
            ours.shape == theirs.shape
              && zip(ours.elements, theirs.elements).allSatisfy {
                isClose($0 / scale, $1 / scale, tolerance: Self.gradientTolerance)
              }, "\(table) of \(batch.name): \(ours.elements) and \(theirs.elements)")
        }
      }
    }
  }

  /// Sums of powers that are too small to be numbers are taken one by one.
  @Test func angularKnowsRowsThatAreFarOut() throws {
    let kind = try #require(LossCatalog.named("angular"))
    let setting = LossSetting(kind: kind, arguments: [])
    var batch = Batch.large
    batch.rows = batch.rows.map { $0.map { 60 * $0 } }
    try compare(setting, on: [batch])
  }

  /// With many classes rows are compared with them in tiles.
  @Test(arguments: LossSetting.ofClasses)
  func kernelOfManyClassesIsItsDefinition(_ setting: LossSetting) throws {
    try compare(setting, on: [.tiled], width: 27, classes: 120)
  }

  /// In float32 all is computed in it, so that the last digits differ.
  @Test(arguments: LossSetting.ofClasses)
  func kernelOfManyClassesInFloat32IsThatInFloat64(_ setting: LossSetting) throws {
    try compareDTypes(
      setting, in: setting.session(of: .kernel, width: 27, classes: 120), tolerance: 1e-5)
  }

  private func compareDTypes(
    _ setting: LossSetting, in session: Session, tolerance: Double
  ) throws {
    let batch = Batch.tiled
    let wide = try setting.results(on: batch, in: session)
    #expect(session.run("z = float32(z); r = float32(r)").succeeded)
    if setting.isWeighted { #expect(session.run("w = float32(w)").succeeded) }
    let single = try setting.results(on: nil, in: session)
    for (name, value) in single {
      #expect(value.dtype == .float32)
      let other = try #require(wide[name])
      let scale = other.elements.reduce(1e-3) { max($0, abs($1)) }
      #expect(
        zip(value.elements, other.elements).allSatisfy { abs($0 - $1) <= tolerance * scale },
        "\(name): \(value.elements.prefix(5)) and \(other.elements.prefix(5))")
    }
  }

  private func compare(
    _ setting: LossSetting, on batches: [Batch], width: Int = 2, classes: Int = 3
  ) throws {
    let kernel = try setting.session(of: .kernel, width: width, classes: classes)
    let definition = try setting.session(of: .definition, width: width, classes: classes)
    for batch in batches {
      let found = try setting.results(on: batch, in: kernel)
      let wanted = try setting.results(on: batch, in: definition)
      #expect(found.count == wanted.count)
      for (name, value) in found {
        let other = try #require(wanted[name])
        let tolerance = name == "value" ? Self.valueTolerance : Self.gradientTolerance
        let scale = other.elements.reduce(1) { max($0, $1.isFinite ? abs($1) : 0) }
        #expect(
          value.shape == other.shape
            && zip(value.elements, other.elements).allSatisfy {
              isClose($0 / scale, $1 / scale, tolerance: tolerance)
            },
          "\(name) on \(batch.name): \(value.elements) and \(other.elements)")
      }
    }
  }

  @Test(arguments: LossSetting.defaults.filter(\.hasSlope))
  func secondDerivativesAreThoseOfTheDefinition(_ setting: LossSetting) throws {
    let call = try setting.call("L", "v")
    let text = """
      h1 = hessian(v -> \(call))(z)
      p = hvp(v -> \(call), z, ones(len(z), 2))
      """
    let session = try setting.session(of: .kernel)
    session.take(Batch.plain)
    let reply = session.run(text)
    #expect(
      reply.diagnostic == nil, "\(reply.diagnostic.map { ReplyRenderer().diagnostic($0) } ?? "")")
    let hessian = try #require(session.value(of: "h1")?.plainTensor)
    let n = Batch.plain.labels.count
    #expect(hessian.shape == [n, 2, n, 2])
    let product = try #require(session.value(of: "p")?.plainTensor)
    let size = n * 2
    for row in 0..<size {
      let sum = hessian.elements[row * size..<(row + 1) * size].reduce(0, +)
      #expect(isClose(product.elements[row], sum, tolerance: 1e-8))
    }
    for row in 0..<size {
      for column in 0..<row {
        #expect(
          isClose(
            hessian.elements[row * size + column], hessian.elements[column * size + row],
            tolerance: 1e-7))
      }
    }
  }
}

/// A batch of points in the plane.
struct Batch: Sendable {
  let name: String
  var rows: [[Double]]
  let labels: [Int]

  static let plain = Batch(
    name: "random",
    rows: {
      var random = Random(seed: 11)
      return (0..<7).map { _ in random.normals(2).map { 0.8 * $0 } }
    }(), labels: [0, 1, 2, 0, 1, 2, 0])

  static let large = Batch(
    name: "large",
    rows: {
      var random = Random(seed: 13)
      return (0..<41).map { _ in random.normals(2) }
    }(), labels: (0..<41).map { $0 % 5 == 0 ? 1 : 0 })

  /// Of a size at which tiles are used.
  static let tiled: Batch = {
    var random = Random(seed: 14)
    let rows = (0..<100).map { _ in random.normals(27) }
    return Batch(name: "tiled", rows: rows, labels: (0..<100).map { $0 % 7 == 0 ? 0 : 1 + $0 % 2 })
  }()

  static let all: [Batch] = [
    plain,
    Batch(
      name: "unbalanced",
      rows: {
        var random = Random(seed: 12)
        return (0..<6).map { _ in random.normals(2) }
      }(), labels: [1, 1, 1, 1, 0, 2]),
    Batch(name: "one class", rows: [[1, 0], [0.5, 1], [-1, 0.3]], labels: [1, 1, 1]),
    Batch(name: "all different", rows: [[1, 0], [0.5, 1], [-1, 0.3]], labels: [0, 1, 2]),
    Batch(name: "a pair", rows: [[1, 0.2], [0.6, 0.8]], labels: [0, 0]),
    Batch(name: "one point", rows: [[0.3, -1]], labels: [2]),
    Batch(
      name: "far apart", rows: [[10, 0], [0, 12], [-9, -7], [8, 8]], labels: [0, 1, 0, 1]),
  ]
}

/// A loss at one choice of its parameters.
struct LossSetting: CustomTestStringConvertible, Sendable {
  let kind: LossKind
  let arguments: [(String, ParameterValue)]
  /// Whether weights are given.
  let isWeighted: Bool

  init(kind: LossKind, arguments: [(String, ParameterValue)], isWeighted: Bool? = nil) {
    (self.kind, self.arguments) = (kind, arguments)
    self.isWeighted = isWeighted ?? kind.operands.contains("weights")
  }

  enum Form { case kernel, definition, tupleDefinition }

  /// How the definition over tuples begins; nil where there is none.
  var tupleHeader: String? {
    (try? kind.make(arguments))?.tupleDefinition == nil ? nil : "def \(kind.name)("
  }

  var testDescription: String {
    "\(kind.name)(\(arguments.map { "\($0.0)=\($0.1)" }.joined(separator: ", ")))"
      + (isWeighted ? " with weights" : "")
  }

  /// Whether the gradient is the slope, nothing in the value being held constant.
  var hasSlope: Bool { (try? kind.make(arguments))?.holdsConstants == false }

  static let defaults = LossCatalog.all.map { LossSetting(kind: $0, arguments: []) }

  /// The settings of losses that compare rows with weights of classes, one word or flag changed at a
  /// time.
  static let ofClasses =
    all.filter {
      $0.arguments.count < 2
        && !$0.arguments.contains { if case .number = $0.1 { true } else { false } }
        && !$0.kind.comparesViews && $0.isWeighted && (try? $0.kind.make().needsWeights) == true
    }
    + [("softmax_ce", "smoothing", 0.1), ("softtriple", "gamma", 0.01)].compactMap {
      name, parameter, value in
      LossCatalog.named(name).map {
        LossSetting(kind: $0, arguments: [(parameter, .number(value))])
      }
    }

  /// Every loss at each of its forms with every other word and flag, and with every number changed.
  static let all: [LossSetting] = LossCatalog.all.flatMap { kind -> [LossSetting] in
    let forms = kind.parameters.filter { $0.name == "form" }.flatMap { choices(of: $0) }
    let others = kind.parameters.filter { $0.name != "form" }.flatMap { choices(of: $0) }
    let combined = forms.flatMap { form in [[form]] + others.map { [form, $0] } }
    return ([[]] + others.map { [$0] } + combined).flatMap { arguments in
      guard let loss = try? kind.make(arguments) else { return [LossSetting]() }
      let setting = LossSetting(kind: kind, arguments: arguments)
      guard setting.isWeighted, !loss.needsWeights else { return [setting] }
      return [setting, LossSetting(kind: kind, arguments: arguments, isWeighted: false)]
    }
  }

  private static func choices(of parameter: ParameterDescription) -> [(String, ParameterValue)] {
    switch parameter.domain {
    case .choice(let words): return words.map { (parameter.name, .text($0)) }
    case .flag: return [(parameter.name, .bool(parameter.defaultValue != .bool(true)))]
    case .number, .whole:
      guard case .number(let value) = parameter.defaultValue else { return [] }
      return [(parameter.name, .number(value * 0.5)), (parameter.name, .number(value + 1))]
    }
  }

  /// A session with weights `w` where the loss takes them, and `L`: the loss object, or its
  /// definition as a function.
  func session(of form: Form, width: Int = 2, classes: Int = 3) throws -> Session {
    let session = Session()
    let loss = try kind.make(arguments)
    if isWeighted {
      let weights = try loss.initialWeights(classes: classes, d: width, seed: 3)
      session.define(
        "w", .tensor(Tensor(shape: weights.shape, elements: weights.elements.map { 1.3 * $0 })))
    }
    switch form {
    case .kernel:
      let settings = arguments.map { "\($0.0)=\($0.1)" }.joined(separator: ", ")
      _ = session.run("L = \(kind.name)(\(settings))")
    case .definition, .tupleDefinition:
      let header = "def \(kind.name)("
      let definition =
        form == .definition ? loss.definition : try #require(loss.tupleDefinition)
      #expect(definition.hasPrefix(header))
      let reply = session.run("def L(" + definition.dropFirst(header.count))
      #expect(reply.succeeded)
    }
    return session
  }

  func call(
    _ function: String, _ z: String, weights: String = "w", tuples: Bool = false
  ) throws -> String {
    let more = (isWeighted ? ", weights=\(weights)" : "") + (tuples ? ", tuples=tuples" : "")
    return "\(function)(\(z), \(other)\(more))"
  }

  /// The second argument: labels, or another view of the points.
  var other: String { kind.comparesViews ? "r" : "y" }

  /// The tensors it is differentiated in.
  var points: [String] {
    ["z"] + (isWeighted ? ["w"] : []) + (kind.comparesViews ? ["r"] : [])
  }

  /// The value, the gradient by z, and that by the weights.
  func results(on batch: Batch?, in session: Session) throws -> [String: Tensor] {
    if let batch { session.take(batch) }
    var text = "value = \(try call("L", "z"))\nbyZ = grad(v -> \(try call("L", "v")))(z)\n"
    var names = ["value", "byZ"]
    if isWeighted {
      text += "byW = grad(v -> \(try call("L", "z", weights: "v")))(w)\n"
      names.append("byW")
    }
    if kind.comparesViews {
      text += "byR = grad(v -> L(z, v))(r)\n"
      names.append("byR")
    }
    let reply = session.run(text)
    let error = reply.diagnostic.map { ReplyRenderer().diagnostic($0) } ?? ""
    #expect(reply.diagnostic == nil, "on \(batch?.name ?? "the same"): \(error)")
    return Dictionary(
      uniqueKeysWithValues: names.compactMap { name in
        session.value(of: name)?.plainTensor.map { (name, $0) }
      })
  }
}

extension Session {
  /// Gives the program a batch as `z` and `y`.
  func take(_ batch: Batch) {
    define(
      "z",
      .tensor(
        Tensor(
          shape: [batch.rows.count, batch.rows.first?.count ?? 0],
          elements: batch.rows.flatMap { $0 })))
    define("y", .vector(batch.labels.map(Double.init)))
    _ = run("r = 0.7 * z + 0.2 * cos(5 * z)")
  }
}
