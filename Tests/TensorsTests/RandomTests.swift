import Foundation
@testable import Tensors
import Testing

@Suite struct RandomTests {
  @Test func uniformsHaveTheirReferenceBits() {
    var random = Random(seed: 1)
    #expect(
      random.uniforms(3) == [0.8116121588818848, 0.7471047161582187, 0.10015090353378375])
  }

  @Test func normalsHaveTheirReferenceBits() {
    var random = Random(seed: 1)
    #expect(random.normals(3) == [0.8838527949761762, 0.6654064389170713, -1.2806921814836767])
  }

  @Test func wholeNumbersAreTheReference() {
    var random = Random(seed: 1)
    let draws = (0..<8).map { _ in random.whole(from: 0, below: 10) }
    #expect(draws == [8, 7, 1, 7, 1, 5, 9, 5])
  }

  @Test func permutationIsTheReference() {
    var random = Random(seed: 1)
    #expect(random.permutation(8) == [4, 2, 1, 7, 3, 0, 5, 6])
    #expect(random.permutation(0).isEmpty)
  }

  @Test func namesGiveStreamsOfTheirOwn() {
    #expect(fnv1a64("") == 0xcbf2_9ce4_8422_2325)
    #expect(fnv1a64("a") == 0xaf63_dc4c_8601_ec8c)
    var blobs = Random(seed: 1, name: "blobs")
    var linear = Random(seed: 1, name: "linear")
    #expect(blobs.word() != linear.word())
  }

  @Test func quantilesAreOddAndKnown() {
    #expect(normalQuantile(0.5) == 0)
    #expect(abs(normalQuantile(0.975) - 1.959963984540054) < 1e-15)
    #expect(abs(normalQuantile(1e-20) + 9.262340089798408) < 1e-14)
    #expect(normalQuantile(0.25) == -normalQuantile(0.75))
  }

  @Test func logarithmIsWithinOneUnitInTheLastPlace() {
    var random = Random(seed: 5)
    for _ in 0..<2000 {
      let x =
        random.uniform()
        * Double(sign: .plus, exponent: Int(random.word() % 60) - 55, significand: 1)
      guard x > 0 else { continue }
      #expect(abs(portableLog(x) - log(x)) <= log(x).ulp)
    }
    #expect(portableLog(1) == 0)
  }
}
