import TestSupport
import Tensors
import Testing

/// Arithmetic and functions of one number against NumPy, at the edges above all.
@Suite struct ElementwiseTests {
  static let a = Tensor.vector(
    [7, -7, 7, -7, 0, -0.0, 1, 5, -5, .infinity, 3, 1e+300, 5.5, -5.5, .nan, 0, 0.3])
  static let b = Tensor.vector(
    [3, 3, -3, -3, 2, 2, 0, .infinity, .infinity, 2, -0.0, 1e-10, -2.5, 2.5, 1, 0, 0.1])

  @Test func quotientsFloor() throws {
    expect(
      try Tensor.floorDivide(Self.a, Self.b),
      [2, -3, -3, 2, 0, -0.0, .infinity, 0, -1, .nan, -.infinity, .infinity, -3, -3, .nan, .nan, 2])
  }

  @Test func remaindersHaveTheSignOfTheDivisor() throws {
    expect(
      try Tensor.remainder(Self.a, Self.b),
      [
        1, 2, -2, -1, 0, 0, .nan, 5, .infinity, .nan, .nan, 5.476641984772742e-11, -2, 2, .nan,
        .nan, 0.09999999999999998,
      ])
  }

  @Test func powersFollowIEEE() throws {
    expect(
      try Tensor.power(Self.a, Self.b),
      [
        343, -343, 0.0029154518950437317, -0.0029154518950437317, 0, 0, 1, .infinity, .infinity,
        .infinity, 1, 1.0000000690775552, 0.01409591513094945, .nan, .nan, 1, 0.8865681505652133,
      ])
    #expect(try Tensor.power(.vector([-2, .nan]), Tensor(0)).elements == [1, 1])
    #expect(try Tensor.power(.vector([-3, 4]), Tensor(2)).elements == [9, 16])
  }

  @Test func anglesKnowTheirQuadrant() throws {
    expect(
      try Tensor.arctangent2(Self.a, Self.b),
      [
        1.1659045405098132, -1.1659045405098132, 1.97568811307998, -1.97568811307998, 0, -0.0,
        1.5707963267948966, 0, -0.0, 1.5707963267948966, 1.5707963267948966, 1.5707963267948966,
        1.9974238199217726, -1.1441688336680205, .nan, 0, 1.2490457723982544,
      ])
  }

  static let u = Tensor.vector([
    -.infinity, -750, -2.5, -1.5, -0.5, -0.0, 0.5, 1.5, 2.5, 30, 750, .infinity, .nan,
  ])

  @Test func halvesRoundToEven() {
    expect(
      Self.u.round(), [-.infinity, -750, -2, -2, -0.0, -0.0, 0, 2, 2, 30, 750, .infinity, .nan])
  }

  @Test func signsAreThree() {
    expect(Self.u.sign(), [-1, -1, -1, -1, -1, 0, 1, 1, 1, 1, 1, 1, .nan])
  }

  @Test func softplusNeverOverflows() {
    expect(
      Self.u.softplus(),
      [
        0, 0, 0.07888973429254963, 0.2014132779827524, 0.4740769841801067, 0.6931471805599453,
        0.9740769841801067, 1.7014132779827524, 2.5788897342925496, 30.000000000000092, 750,
        .infinity, .nan,
      ])
  }

  @Test func sigmoidNeverOverflows() {
    expect(
      Self.u.sigmoid(),
      [
        0, 0, 0.07585818002124356, 0.18242552380635632, 0.37754066879814546, 0.5,
        0.6224593312018546, 0.8175744761936437, 0.9241418199787566, 0.9999999999999065, 1, 1, .nan,
      ])
  }

  @Test func tanhSaturates() {
    expect(
      Self.u.tanh(),
      [
        -1, -1, -0.9866142981514303, -0.9051482536448665, -0.46211715726000974, -0.0,
        0.46211715726000974, 0.9051482536448665, 0.9866142981514303, 1, 1, 1, .nan,
      ])
  }

  @Test func kindsOfNumbersAreTold() {
    let x = Tensor.vector([0, .nan, -.infinity])
    #expect(x.isnan() == mask([3], [0, 1, 0]))
    #expect(x.isfinite() == mask([3], [1, 0, 0]))
    #expect(x.isinf() == mask([3], [0, 0, 1]))
  }

  @Test func nanPassesThroughChoices() throws {
    let x = Tensor.vector([.nan, 1])
    #expect(try Tensor.maximum(x, Tensor(0)).elements[0].isNaN)
    #expect(try Tensor.minimum(Tensor(0), x).elements[0].isNaN)
    #expect(x.relu().elements[0].isNaN)
    #expect(try x.clip(low: Tensor(0), high: Tensor(0.5)).elements[1] == 0.5)
  }

  @Test func operandsStretch() throws {
    let column = Tensor(shape: [2, 1], elements: [10, 20])
    let row = Tensor.vector([1, 2, 3])
    let sum = Tensor(shape: [2, 3], elements: [11, 12, 13, 21, 22, 23])
    #expect(try column + row == sum)
    #expect(try row + column == sum)
    #expect(try Tensor(1) - row == .vector([0, -1, -2]))
    let deep = counting([2, 1, 2])
    let wide = counting([3, 1])
    #expect(
      try deep * wide
        == Tensor(shape: [2, 3, 2], elements: [0, 0, 0, 1, 0, 2, 0, 0, 2, 3, 4, 6]))
    #expect(try Tensor.zeros([0, 3]) + Tensor.ones([1]) == Tensor.zeros([0, 3]))
    #expect(try Tensor.zeros([0]) + Tensor.ones([1, 1]) == Tensor.zeros([1, 0]))
  }

  @Test func shapesThatDoNotStretchAreNamed() {
    #expect(throws: TensorError.shapesDoNotBroadcast([2], [3])) {
      try Tensor.zeros([2]) + Tensor.zeros([3])
    }
    #expect(throws: TensorError.shapesDoNotBroadcast([0], [2])) {
      try Tensor.zeros([0]) + Tensor.zeros([2])
    }
  }

  @Test func resultsTooLargeAreRefusedBeforeTheyAreMade() {
    #expect(throws: TensorError.tooLarge(elements: 1e10)) {
      try Tensor.zeros([100_000, 1]) + Tensor.zeros([100_000])
    }
  }

  @Test func masksCountAsNumbersInArithmetic() throws {
    let truth = mask([2], [1, 0])
    #expect(try truth + truth == .vector([2, 0]))
    #expect(try Tensor.maximum(truth, truth).dtype == .bool)
    #expect(try Tensor.where(truth, truth, truth).dtype == .bool)
  }

  @Test func comparisonsGiveMasks() throws {
    let x = Tensor.vector([1, 2, .nan])
    let two = Tensor(2)
    #expect(try Tensor.equal(x, two) == mask([3], [0, 1, 0]))
    #expect(try Tensor.notEqual(x, two) == mask([3], [1, 0, 1]))
    #expect(try Tensor.less(x, two) == mask([3], [1, 0, 0]))
    #expect(try Tensor.lessOrEqual(x, two) == mask([3], [1, 1, 0]))
    #expect(try Tensor.greater(two, x) == mask([3], [1, 0, 0]))
    #expect(try Tensor.greaterOrEqual(two, x) == mask([3], [1, 1, 0]))
    #expect(try Tensor.and(x, Tensor.vector([0, 1, 1])) == mask([3], [0, 1, 1]))
    #expect(try Tensor.or(Tensor(0), x) == mask([3], [1, 1, 1]))
    #expect(Tensor.not(x) == mask([3], [0, 0, 0]))
  }

  @Test func closenessIsRelativeAndKnowsInfinity() throws {
    let a = Tensor.vector([1, 1, .infinity, .infinity, .nan, 0, 1])
    let b = Tensor.vector([1 + 9e-6, 1 + 2e-5, .infinity, -.infinity, .nan, 9e-9, .infinity])
    #expect(try Tensor.isclose(a, b) == mask([7], [1, 0, 1, 0, 0, 1, 0]))
  }

  @Test func choicesStretchAllThree() throws {
    let chosen = try Tensor.where(
      mask([2, 1], [1, 0]), .vector([1, 2]), Tensor(shape: [1, 2], elements: [-1, -2]))
    #expect(chosen == Tensor(shape: [2, 2], elements: [1, 2, -1, -2]))
  }

  private func expect(
    _ actual: Tensor, _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      isClose(actual, .vector(expected), tolerance: rounding), sourceLocation: sourceLocation)
  }
}
