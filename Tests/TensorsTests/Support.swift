import Tensors

/// A mask of the given shape.
func mask(_ shape: [Int], _ elements: [Double]) -> Tensor {
  Tensor(shape: shape, elements: elements, dtype: .bool)
}

/// 0, 1, 2, … in the given shape.
func counting(_ shape: [Int]) -> Tensor {
  Tensor(shape: shape, elements: (0..<shape.reduce(1, *)).map(Double.init))
}

/// Two roundings of the last bit, and a little more: what orders of summation may differ by.
let rounding = 4e-16
