import TestSupport
import Tensors
import Testing

/// Creation and rearrangement against NumPy.
@Suite struct ShapesTests {
  @Test func rangesCountFromTheirStart() throws {
    #expect(try Tensor.arange(0, 1, step: 0.3).elements == [0, 0.3, 0.6, 0.8999999999999999])
    #expect(try Tensor.arange(5, 0, step: -2).elements == [5, 3, 1])
    #expect(try Tensor.arange(3, 1).shape == [0])
    #expect(try Tensor.arange(-.infinity).shape == [0])
    #expect(throws: TensorError.zeroStep) { try Tensor.arange(0, 1, step: 0) }
    #expect(throws: TensorError.tooLarge(elements: .infinity)) { try Tensor.arange(.infinity) }
    #expect(throws: TensorError.self) { try Tensor.arange(.nan) }
  }

  @Test func evenSpacingReachesBothEnds() throws {
    #expect(
      try Tensor.linspace(0, 1, count: 4).elements == [
        0, 0.3333333333333333, 0.6666666666666666, 1,
      ])
    #expect(try Tensor.linspace(2, 3, count: 1).elements == [2])
    #expect(try Tensor.linspace(2, 3, count: 0).shape == [0])
    #expect(try Tensor.linspace(0.1, 0.7, count: 7).elements.last == 0.7)
    #expect(throws: TensorError.negativeLength([-1])) { try Tensor.linspace(0, 1, count: -1) }
  }

  @Test func sizesAreCheckedBeforeAllocating() {
    #expect(throws: TensorError.tooLarge(elements: 1e12)) {
      try Tensor.zeros([1_000_000, 1_000_000])
    }
    #expect(throws: TensorError.self) { try Tensor.zeros([Int.max, Int.max, 0]) }
    #expect(throws: TensorError.negativeLength([2, -1])) { try Tensor.ones([2, -1]) }
    #expect(throws: TensorError.self) { try Tensor.eye(1 << 40) }
  }

  @Test func identityMayBeOblong() throws {
    #expect(try Tensor.eye(2, columns: 3).elements == [1, 0, 0, 0, 1, 0])
  }

  @Test func minusOneTakesWhatRemains() throws {
    #expect(try counting([2, 3]).reshaped(to: [3, -1]).shape == [3, 2])
    #expect(try counting([0, 3]).reshaped(to: [3, -1]).shape == [3, 0])
    for shape in [[4, -1], [-1, -1], [7], [0, -1], [-2, -3]] {
      #expect(throws: TensorError.self) { try counting([2, 3]).reshaped(to: shape) }
    }
    #expect(throws: TensorError.cannotReshape(from: [2, 3], to: [4, -1])) {
      try counting([2, 3]).reshaped(to: [4, -1])
    }
  }

  @Test func axesExchange() throws {
    let x = counting([2, 3, 4])
    #expect(
      x.transposed().elements == [
        0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23,
      ])
    let turned = try x.permuted([1, -1, 0])
    #expect(turned.shape == [3, 4, 2])
    #expect(
      turned.elements == [
        0, 12, 1, 13, 2, 14, 3, 15, 4, 16, 5, 17, 6, 18, 7, 19, 8, 20, 9, 21, 10, 22, 11, 23,
      ])
    #expect(counting([20, 33]).transposed().transposed() == counting([20, 33]))
    #expect(throws: TensorError.notAPermutation(axes: [0, 0, 1], rank: 3)) {
      try x.permuted([0, 0, 1])
    }
  }

  @Test func tilesLieSideBySide() throws {
    let x = counting([2, 3])
    #expect(try x.tiled([2]).elements == [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5])
    let block = try x.tiled([2, 1, 2])
    #expect(block.shape == [2, 2, 6])
    #expect(try block.subscripted([.at(0)]) == block.subscripted([.at(1)]))
    #expect(try x.tiled([0, 1]).shape == [0, 3])
    #expect(throws: TensorError.self) { try x.tiled([-1]) }
    #expect(throws: TensorError.self) { try x.tiled([1 << 40]) }
  }

  @Test func elementsRepeat() throws {
    let x = counting([2, 3])
    #expect(try x.repeated(2).elements == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    #expect(try x.repeated(2, axis: 0).elements == [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5])
    #expect(try x.repeated(2, axis: -1).elements == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    #expect(try x.repeated(0, axis: 1).shape == [2, 0])
  }

  @Test func unitAxesComeAndGo() throws {
    let x = counting([1, 3, 1])
    #expect(try x.squeezed().shape == [3])
    #expect(try x.squeezed(axis: -1).shape == [1, 3])
    #expect(throws: TensorError.cannotSqueeze(axis: 1, shape: [1, 3, 1])) {
      try x.squeezed(axis: 1)
    }
    #expect(try x.expanded(axis: -1).shape == [1, 3, 1, 1])
    #expect(try x.expanded(axis: 0).shape == [1, 1, 3, 1])
    #expect(throws: TensorError.axisOutOfRange(axis: 4, rank: 4)) { try x.expanded(axis: 4) }
  }

  @Test func partsJoin() throws {
    let (x, y) = (counting([2, 2]), try Tensor.full([2, 1], 9))
    #expect(try Tensor.concat([x, y], axis: 1).elements == [0, 1, 9, 2, 3, 9])
    #expect(try Tensor.concat([x, x]).shape == [4, 2])
    #expect(try Tensor.stack([x, x], axis: -1).elements == [0, 0, 1, 1, 2, 2, 3, 3])
    #expect(try Tensor.concat([Tensor.zeros([0, 2]), x]) == x)
    #expect(try Tensor.concat([mask([1], [1]), mask([1], [0])]) == mask([2], [1, 0]))
    #expect(throws: TensorError.cannotJoin([2, 2], [2, 1])) { try Tensor.concat([x, y]) }
    #expect(throws: TensorError.cannotJoin([2, 2], [2])) { try Tensor.concat([x, counting([2])]) }
    #expect(throws: TensorError.axisOutOfRange(axis: 0, rank: 0)) { try Tensor.concat([Tensor(1)]) }
    #expect(throws: TensorError.self) { try Tensor.concat([]) }
  }

  @Test func sumToUndoesStretching() throws {
    let x = counting([2, 3, 4])
    #expect(try x.sum(to: [3, 1]).elements == [60, 92, 124])
    #expect(try x.sum(to: []) == Tensor(276))
    #expect(throws: TensorError.self) { try x.sum(to: [2]) }
    #expect(throws: TensorError.self) { try x.broadcast(to: [3, 4]) }
  }
}
