import MetricLearning
import TestSupport
import Tensors
import Testing

/// Three steps on ½(x² + 4y²) from (1, −2), against PyTorch's update rules worked by hand.
@Suite struct OptimizerTests {
  private func threeSteps(_ optimizer: some Optimizer) -> [Double] {
    var optimizer = optimizer
    var parameters = [Tensor(shape: [2], elements: [1, -2])]
    for _ in 0..<3 {
      let x = parameters[0].elements
      let gradient = Tensor(shape: [2], elements: [x[0], 4 * x[1]])
      optimizer.step(parameters: &parameters, gradients: [gradient])
    }
    return parameters[0].elements
  }

  private func expect(
    _ ours: [Double], _ reference: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      zip(ours, reference).allSatisfy { isClose($0, $1, tolerance: 1e-13) },
      sourceLocation: sourceLocation)
  }

  @Test func momentumAndDecayAreAddedUpLikePyTorch() {
    expect(
      threeSteps(
        StochasticGradientDescent(learningRate: 0.05, momentum: 0.9, weightDecay: 0.1)),
      [0.7058036249999999, -0.08610974999999998])
  }

  @Test func adamCorrectsItsBiasLikePyTorch() {
    expect(threeSteps(Adam(learningRate: 0.1)), [0.701586274504415, -1.7006233916636408])
  }

  @Test func decayOfAdamStaysApartFromTheGradient() {
    expect(
      threeSteps(Adam(learningRate: 0.1, weightDecay: 0.01)),
      [0.6989111847156934, -1.694944514002364])
  }

  /// Five steps on ½(x² + 4y²) + ¼x⁴ from (1, −2); PyTorch 2.15.0, max_iter=1, history_size=10.
  @Test func quasiNewtonStepsAreThoseOfPyTorch() {
    var optimizer = LimitedMemoryBFGS()
    var parameters = [
      Tensor(shape: [1], elements: [1]), Tensor(shape: [1], elements: [-2]),
    ]
    for expected in [
      [0.8, -1.2], [0.42838537137996574, 0.00210285484669237],
      [0.2891729339653495, 0.015876897136833705], [0.06332230062892616, -0.002039532927727107],
      [0.0056743372403416925, 0.0005643835307705377],
    ] {
      let (x, y) = (parameters[0].elements[0], parameters[1].elements[0])
      optimizer.step(
        parameters: &parameters,
        gradients: [
          Tensor(shape: [1], elements: [x + x * x * x]), Tensor(shape: [1], elements: [4 * y]),
        ])
      expect(parameters.flatMap(\.elements), expected)
    }
  }

  @Test func quasiNewtonStandsStillWhereNothingPulls() {
    var optimizer = LimitedMemoryBFGS()
    var parameters = [Tensor(shape: [2], elements: [1, 2])]
    optimizer.step(parameters: &parameters, gradients: [Tensor(shape: [2], elements: [0, 0])])
    #expect(parameters[0].elements == [1, 2])
  }

  @Test func descriptionsAreCalls() {
    #expect("\(LimitedMemoryBFGS())" == "lbfgs(history=10)")
    #expect("\(Adam(learningRate: 0.01))" == "adam(0.01)")
    #expect(
      "\(StochasticGradientDescent(learningRate: 1, momentum: 0.9))" == "sgd(1, momentum=0.9)")
  }
}
