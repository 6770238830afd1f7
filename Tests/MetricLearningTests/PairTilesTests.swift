import Cards
@testable import MetricLearning
import Tensors
import TestSupport
import Testing

/// Losses computed in tiles, by BLAS and on all processors, give what a sweep in one fixed order does.
@Suite struct PairTilesTests {
  /// Every form and distance of the losses that look at pairs.
  private static let settings: [LossVariant] = LossCatalog.all
    .filter { !$0.comparesViews && !$0.operands.contains("weights") }
    .flatMap { kind in
      let words = kind.parameters.flatMap { parameter -> [[(String, ParameterValue)]] in
        switch parameter.domain {
        case .choice(let words): words.map { [(parameter.name, .text($0))] }
        case .flag: [[(parameter.name, .bool(parameter.defaultValue != .bool(true)))]]
        case .number, .whole: []
        }
      }
      return ([[]] + words).compactMap { arguments in
        (try? kind.make(arguments)).map { LossVariant(loss: $0, arguments: arguments) }
      }
    }

  private static let defaults = settings.filter(\.arguments.isEmpty)

  /// Two blocks and a half, two groups of anchors, rows that nearly meet, and one class of one row.
  private static let rows: Tensor = {
    var random = Random(seed: 21)
    var elements = random.normals(150 * 11)
    func copy(_ from: Int, to other: Int, _ change: (Double) -> Double) {
      for k in 0..<11 { elements[other * 11 + k] = change(elements[from * 11 + k]) }
    }
    copy(9, to: 7) { $0 + 1e-3 }
    copy(9, to: 8) { $0 - 1e-5 }
    copy(31, to: 31) { $0 * 1e-3 }
    return Tensor(shape: [150, 11], elements: elements)
  }()
  private static let labels = (0..<150).map { $0 == 40 ? 3 : $0 % 7 == 0 ? 0 : 1 + $0 % 2 }

  @Test(arguments: settings)
  func tilesGiveWhatASweepDoes(_ setting: LossVariant) throws {
    try compare(setting, LossInput(embeddings: Self.rows, labels: Self.labels))
  }

  /// One row, one class, no two of a class.
  @Test(arguments: defaults, [[0], [2, 2], [0, 1, 2], [1, 1, 1, 0]])
  func tilesOfAFewRowsToo(_ setting: LossVariant, _ labels: [Int]) throws {
    let rows = Tensor(
      shape: [labels.count, 11], elements: Array(Self.rows.elements.prefix(11 * labels.count)))
    try compare(setting, LossInput(embeddings: rows, labels: labels))
  }

  @Test(arguments: defaults)
  func tilesInFloat32ComeNear(_ setting: LossVariant) throws {
    let singles = Self.rows.converted(to: .float32)
    var input = LossInput(embeddings: singles.converted(to: .float64), labels: Self.labels)
    input.tiling = .never
    let wide = try setting.loss.evaluate(input)
    input.embeddings = singles
    input.tiling = .always
    let narrow = try setting.loss.evaluate(input)
    #expect(isClose(narrow.value, wide.value, tolerance: 2e-3))
    // Single gradients may hang on a hinge or on rows that nearly meet; most do not.
    let scale = wide.embeddingGradient.elements.reduce(1e-6) { max($0, abs($1)) }
    let far = zip(narrow.embeddingGradient.elements, wide.embeddingGradient.elements)
      .filter { abs($0 - $1) > 1e-3 * scale }
    #expect(far.count < 6 * 11, "\(far.prefix(3))")
  }

  /// Exponents that are moved to where their powers have digits, and some that cannot be.
  @Test(arguments: [
    ("nca", "scale", 40), ("nca", "scale", 4000), ("ntxent", "temperature", 0.002),
    ("supcon", "temperature", 0.0005), ("snca", "sigma", 0.001), ("circle", "gamma", 3000),
  ])
  func sharpExponentsToo(_ name: String, _ parameter: String, _ value: Double) throws {
    let loss = try #require(LossCatalog.named(name)).make([(parameter, .number(value))])
    let setting = LossVariant(loss: loss, arguments: [])
    var input = LossInput(embeddings: Self.rows, labels: Self.labels)
    try compare(setting, input)
    let wide = try loss.evaluate(input).value
    input.embeddings = Self.rows.converted(to: .float32)
    input.tiling = .always
    #expect(isClose(try loss.evaluate(input).value, wide, tolerance: 1e-4))
  }

  @Test(arguments: defaults)
  func threadsDoNotMatter(_ setting: LossVariant) throws {
    var input = LossInput(embeddings: Self.rows, labels: Self.labels)
    input.tiling = .always
    let before = Threads.count
    defer { Threads.use(before) }
    let results = try [1, 2, 3].map { threads in
      Threads.use(threads)
      return try setting.loss.evaluate(input)
    }
    for result in results.dropFirst() {
      #expect(result.value == results[0].value)
      #expect(result.embeddingGradient == results[0].embeddingGradient)
    }
  }

  private func compare(_ setting: LossVariant, _ input: LossInput) throws {
    var input = input
    input.tiling = .never
    let sweep = try setting.loss.evaluate(input)
    input.tiling = .always
    let tiles = try setting.loss.evaluate(input)
    #expect(isClose(tiles.value, sweep.value, tolerance: 1e-11))
    #expect(tiles.notices == sweep.notices)
    let scale = sweep.embeddingGradient.elements.reduce(1e-9) { max($0, abs($1)) }
    for (a, b) in zip(tiles.embeddingGradient.elements, sweep.embeddingGradient.elements) {
      #expect(abs(a - b) <= 1e-8 * scale)
    }
    for half in LossHalf.allCases {
      guard let tiled = try setting.loss.evaluate(half, of: input)?.value else { continue }
      input.tiling = .never
      let swept = try #require(try setting.loss.evaluate(half, of: input)?.value)
      input.tiling = .always
      #expect(tiled == swept || isClose(tiled, swept, tolerance: 1e-10))
    }
  }
}

/// A loss at one choice of its words.
struct LossVariant: CustomTestStringConvertible, Sendable {
  let loss: any Loss
  let arguments: [(String, ParameterValue)]
  var testDescription: String { loss.description }
}
