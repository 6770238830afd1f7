import Foundation
import Tensors
import Testing

@testable import Interpreter

/// What `derive` draws from keeps its promises, and finds what plain draws miss.
@Suite struct GeneratorTests {
  // MARK: - Promises

  @Test(
    arguments: [false, true], [false, true])
  func batchesKeepTheirOptions(isNormalized: Bool, isBalanced: Bool) throws {
    for (d, classes) in [(1, 1), (2, 3), (5, 4)] {
      var options = BatchGenerator.Options()
      (options.smallest, options.largest, options.d, options.classes) = (7, 13, d, classes)
      (options.isNormalized, options.isBalanced) = (isNormalized, isBalanced)
      let generator = BatchGenerator(options, trials: 300)
      var counts: Set<Int> = []
      for trial in 0..<300 {
        let batch = try #require(DrawnBatch(try generator.draw(trial, stream: 0)))
        counts.insert(batch.count)
        #expect(Set(batch.labels) == Set(0..<classes))
        #expect((7...13).contains(batch.count))
        #expect(batch.rows.allSatisfy { $0.count == d && $0.allSatisfy(\.isFinite) })
        if isBalanced { #expect(Set(batch.members.map(\.count)).count == 1) }
        guard isNormalized else { continue }
        for row in batch.rows {
          let square = row.reduce(0) { $0 + $1 * $1 }
          #expect(abs(square.squareRoot() - 1) <= 1e-15)
        }
      }
      #expect(counts.count >= (isBalanced && classes > 1 ? 2 : 7))
    }
  }

  @Test func trialsOfOneGroupShareTheirLabels() throws {
    let generator = BatchGenerator(BatchGenerator.Options(), trials: 200)
    for trial in 0..<200 {
      let first = trial / BatchGenerator.trialsPerLabels * BatchGenerator.trialsPerLabels
      let batch = try #require(DrawnBatch(try generator.draw(trial, stream: 0)))
      #expect(batch.labels == DrawnBatch(try generator.draw(first, stream: 0))?.labels)
    }
  }

  @Test func equalGeneratorsOfOneDerivationDrawDifferently() {
    let reply = Session().run(
      """
      refute "two are one" for a in uniform(0, 1), b in uniform(0, 1) { a == b }
      refute "three are two" for p in simplex(3), q in simplex(3) { p == q }
      """)
    #expect(reply.succeeded)
  }

  @Test func pointsOfTheSimplexSumToOne() throws {
    let generator = SimplexGenerator(k: 4, n: 3, trials: 200, seed: 5)
    for trial in 0..<200 {
      let points = try #require(try generator.draw(trial, stream: 1).plainTensor)
      #expect(points.shape == [3, 4])
      for row in 0..<3 {
        let point = points.elements[row * 4..<row * 4 + 4]
        #expect(point.allSatisfy { $0 >= 0 })
        #expect(abs(point.reduce(0, +) - 1) <= 1e-15)
      }
    }
  }

  @Test func uniformStaysBetweenItsEnds() throws {
    let generator = UniformGenerator(low: -3, high: 0.25, shape: [2, 3], trials: 200, seed: 1)
    for trial in 0..<200 {
      let numbers = try #require(try generator.draw(trial, stream: 0).plainTensor)
      #expect(numbers.shape == [2, 3])
      #expect(numbers.elements.allSatisfy { (-3...0.25).contains($0) })
    }
  }

  @Test func simplerSamplesKeepThePromisesToo() throws {
    var options = BatchGenerator.Options()
    (options.d, options.isDimensionGiven, options.isClassCountGiven) = (3, true, true)
    (options.isNormalized, options.isBalanced) = (true, true)
    let generator = BatchGenerator(options, trials: 10)
    let drawn = Drawn(value: try generator.draw(4, stream: 0), trial: 4)
    var seen = 0
    for pass in 0..<generator.passCount {
      for step in 0..<40 {
        let move = try generator.simplification(of: drawn, pass: pass, step: step)
        guard case .simpler(let simpler) = move else { continue }
        let batch = try #require(DrawnBatch(simpler.value))
        seen += 1
        #expect(batch.d == 3)
        #expect(Set(batch.members.map(\.count)).count == 1 && batch.members.count == 3)
        for row in batch.rows {
          #expect(abs(row.reduce(0) { $0 + $1 * $1 }.squareRoot() - 1) <= 1e-15)
        }
      }
    }
    #expect(seen > 50)
  }

  // MARK: - What they find

  /// A claim that is false only in a corner: about one plain sample in 10,000 or fewer shows it.
  struct RareClaim: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// Whether the sample of one trial shows the claim to be false, drawn with the edges or without.
    let isBroken: @Sendable (_ trial: Int, _ seed: UInt64, _ isPlain: Bool) throws -> Bool

    /// A claim about batches.
    init(
      _ name: String, n: Int, d: Int = 2, classes: Int = 2, normalized: Bool = false,
      _ shows: @escaping @Sendable (DrawnBatch) -> Bool
    ) {
      testDescription = name
      isBroken = { trial, seed, isPlain in
        var options = BatchGenerator.Options()
        (options.smallest, options.largest, options.d, options.classes) = (n, n, d, classes)
        (options.isNormalized, options.seed) = (normalized, seed)
        let generator = BatchGenerator(options, trials: 200)
        let value = isPlain ? try generator.plain(trial) : try generator.draw(trial, stream: 0)
        return try shows(#require(DrawnBatch(value)))
      }
    }

    init(
      _ name: String, _ isBroken: @escaping @Sendable (Int, UInt64, Bool) throws -> Bool
    ) {
      testDescription = name
      self.isBroken = isBroken
    }
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  private static func cosine(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func pairs(_ batch: DrawnBatch) -> [(Int, Int)] {
    batch.rows.indices.flatMap { i in (0..<i).map { ($0, i) } }
  }

  private static func mean(_ batch: DrawnBatch, ofClass label: Int) -> [Double] {
    let rows = batch.members[label].map { batch.rows[$0] }
    return (0..<batch.d).map { column in
      rows.reduce(0.0) { $0 + $1[column] } / Double(rows.count)
    }
  }

  static let rareClaims = [
    RareClaim("two points closer than 1e-3, yet apart", n: 24) { batch in
      pairs(batch).contains { i, j in
        let gap = distance(batch.rows[i], batch.rows[j])
        return gap > 0 && gap < 1e-3
      }
    },
    RareClaim("a distance in [1, 1.0001]", n: 2) { batch in
      (1...1.0001).contains(distance(batch.rows[0], batch.rows[1]))
    },
    RareClaim("a distance just below 2", n: 3) { batch in
      pairs(batch).contains {
        (2 - 1e-4..<2).contains(distance(batch.rows[$0], batch.rows[$1]))
      }
    },
    RareClaim("a class with one member", n: 24) { $0.members.contains { $0.count == 1 } },
    RareClaim("all similarities above 0.99", n: 6, normalized: true) { batch in
      pairs(batch).allSatisfy { cosine(batch.rows[$0], batch.rows[$1]) > 0.99 }
    },
    RareClaim("a similarity of 1/2 within 1e-5", n: 3, d: 3, normalized: true) { batch in
      pairs(batch).contains { abs(cosine(batch.rows[$0], batch.rows[$1]) - 0.5) < 1e-5 }
    },
    RareClaim("two opposite points within 1e-3", n: 4, d: 3, normalized: true) { batch in
      pairs(batch).contains { cosine(batch.rows[$0], batch.rows[$1]) < -1 + 1e-6 }
    },
    RareClaim("a tie of two distances within 1e-5", n: 3) { batch in
      let (a, b, c) = (batch.rows[0], batch.rows[1], batch.rows[2])
      let gap = abs(distance(a, b) - distance(a, c))
      return gap > 0 && gap < 1e-5 && distance(b, c) > 0.1
    },
    RareClaim("a row of nearly nothing", n: 12) { batch in
      batch.rows.contains { distance($0, $0.map { _ in 0 }) < 1e-3 }
    },
    RareClaim("all points on a line through 0", n: 4, d: 3) { batch in
      let unit = batch.rows.map { row in row.map { $0 / distance(row, row.map { _ in 0 }) } }
      return unit.allSatisfy { abs(abs(cosine($0, unit[0])) - 1) < 1e-9 }
    },
    RareClaim("class means that coincide", n: 12) { batch in
      distance(mean(batch, ofClass: 0), mean(batch, ofClass: 1)) < 1e-3
    },
    RareClaim("a point twenty times as far out as the next", n: 8) { batch in
      let sizes = batch.rows.map { distance($0, $0.map { _ in 0 }) }.sorted()
      return sizes[6] > 0.01 && sizes[7] > 20 * sizes[6]
    },
    RareClaim("a corner of the simplex within 1e-3") { trial, seed, isPlain in
      let generator = SimplexGenerator(k: 3, n: nil, trials: 200, seed: seed)
      let value = isPlain ? generator.plain(trial) : try generator.draw(trial, stream: 0)
      let largest = try #require(value.plainTensor).elements.max() ?? 0
      return largest < 1 && largest > 1 - 1e-3
    },
    RareClaim("the low end of uniform within 1e-4") { trial, seed, isPlain in
      let generator = UniformGenerator(low: 0, high: 5, shape: [], trials: 200, seed: seed)
      let value = isPlain ? generator.plain(trial) : try generator.draw(trial, stream: 0)
      let number = try #require(value.plainTensor).elements[0]
      return number > 0 && number < 1e-4
    },
    RareClaim("two of uniform's numbers equal within 1e-4") { trial, seed, isPlain in
      let generator = UniformGenerator(low: 0, high: 5, shape: [2], trials: 200, seed: seed)
      let value = isPlain ? generator.plain(trial) : try generator.draw(trial, stream: 0)
      let numbers = try #require(value.plainTensor).elements
      return numbers[0] != numbers[1] && abs(numbers[0] - numbers[1]) < 1e-4
    },
  ]

  /// With `MLREPL_TABLE=1` the test prints how often each claim is caught.
  @Test func edgesCatchWhatPlainDrawsMiss() throws {
    let seeds: [UInt64] = [0, 1, 2, 3, 4]
    var caught = (edges: 0, plain: 0)
    var table = "share of 1000 samples that break the claim: with edges, plain\n"
    for claim in Self.rareClaims {
      var hits = (edges: 0, plain: 0)
      for seed in seeds {
        var found = (edges: 0, plain: 0)
        for trial in 0..<200 {
          if try claim.isBroken(trial, seed, false) { found.edges += 1 }
          if try claim.isBroken(trial, seed, true) { found.plain += 1 }
        }
        caught.edges += found.edges > 0 ? 1 : 0
        caught.plain += found.plain > 0 ? 1 : 0
        hits.edges += found.edges
        hits.plain += found.plain
      }
      table += String(
        format: "  %6.3f  %6.3f  %@\n", Double(hits.edges) / 1000, Double(hits.plain) / 1000,
        claim.testDescription as NSString)
    }
    table += "derivations of 200 trials, of \(Self.rareClaims.count * seeds.count), that catch it: "
    table += "\(caught.edges) with edges, \(caught.plain) plain"
    if ProcessInfo.processInfo.environment["MLREPL_TABLE"] == "1" { print(table) }
    #expect(caught.edges >= Self.rareClaims.count * seeds.count * 9 / 10, "\(table)")
    #expect(caught.plain <= Self.rareClaims.count * seeds.count / 4, "\(table)")
  }
}
