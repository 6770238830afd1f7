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

  @Test func descriptionsAreCalls() {
    #expect("\(Adam(learningRate: 0.01))" == "adam(0.01)")
    #expect(
      "\(StochasticGradientDescent(learningRate: 1, momentum: 0.9))" == "sgd(1, momentum=0.9)")
  }
}
