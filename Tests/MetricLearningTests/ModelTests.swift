import Autodiff
import MetricLearning
import TestSupport
import Tensors
import Testing

@Suite struct ModelTests {
  @Test func linearIsAProductAndABias() throws {
    let model = try Model.linear(2, 1).with([
      Tensor(rows: [[2], [3]]), Tensor(shape: [1], elements: [1]),
    ])
    #expect(try model(Tensor(rows: [[1, 1], [0, 2]])) == Tensor(rows: [[6], [7]]))
    #expect(try Model.linear(3, 2, bias: false).names == ["W"])
  }

  @Test func weightsStartWithinTheirBound() throws {
    let model = try Model.mlp([4, 8, 2], seed: 1)
    #expect(model.names == ["W1", "b1", "W2", "b2"])
    #expect(model.parameters.map(\.shape) == [[4, 8], [8], [8, 2], [2]])
    let (first, second) = (model.parameters[0].elements, model.parameters[2].elements)
    #expect(first.allSatisfy { abs($0) <= 0.5 } && first.contains { abs($0) > 0.4 })
    #expect(second.allSatisfy { abs($0) <= 1 / 8.0.squareRoot() })
    var random = Random(seed: 1, name: "mlp")
    #expect(first[0] == 0.5 * (2 * random.uniform() - 1))
  }

  @Test func activationsStandBetweenLayers() throws {
    let one = Tensor(rows: [[1]])
    let zero = Tensor(shape: [1], elements: [0])
    let relu = try Model.mlp([1, 1, 1], activation: .relu).with([one, zero, one, zero])
    #expect(try relu(Tensor(rows: [[-3], [3]])) == Tensor(rows: [[0], [3]]))
  }

  @Test func tableGivesItsRows() throws {
    let rows = Tensor(rows: [[1, 2], [3, 4], [5, 6]])
    let table = try Model.embeddingTable(3, 2, initial: rows)
    #expect(try table() == rows)
    #expect(try table(Tensor(shape: [2], elements: [2, 0])) == Tensor(rows: [[5, 6], [1, 2]]))
    #expect(throws: TensorError.self) { try table(Tensor(shape: [1], elements: [3])) }
    #expect(throws: TensorError.self) { try table(Tensor(shape: [1], elements: [0.5])) }
  }

  @Test func normalizedModelsGiveUnitRows() throws {
    let table = try Model.embeddingTable(1, 2, initial: Tensor(rows: [[3, 4]])).normalized()
    #expect(isClose(try table(), Tensor(rows: [[0.6, 0.8]]), tolerance: 1e-15))
    #expect("\(table)" == "normalized(embedding_table(1, 2))")
  }

  @Test func sizesAndShapesAreChecked() throws {
    #expect(throws: ModelError.widthBelowOne(0)) { try Model.linear(0, 2) }
    #expect(throws: ModelError.tooFewWidths(1)) { try Model.mlp([3]) }
    #expect(throws: ModelError.self) { try Model.linear(.max, .max) }
    #expect(throws: ModelError.self) { try Model.embeddingTable(-1, 2) }
    #expect(throws: ModelError.initialShape(given: [1, 2], expected: [2, 2])) {
      try Model.embeddingTable(2, 2, initial: Tensor(rows: [[1, 2]]))
    }
    #expect(throws: ModelError.parameterShape(name: "W", given: [1], expected: [1, 1])) {
      try Model.linear(1, 1).with([
        Tensor(shape: [1], elements: [0]), Tensor(shape: [1], elements: [0]),
      ])
    }
    #expect("\(try Model.mlp([2, 3, 1]))" == "mlp([2, 3, 1], activation=\"tanh\")")
  }
}
