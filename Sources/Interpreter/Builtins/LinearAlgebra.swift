import Autodiff
import Tensors

extension BuiltinCatalog {
  /// Products and what belongs to matrices.
  static let linearAlgebra: [Builtin] = [
    Builtin(
      "dot(a, b)", "The inner product of two vectors, or a @ b.", example: "dot([1, 2], [3, 4])"
    ) { Value(try .matmul(try $0.quantity(0), try $0.quantity(1))) },
    Builtin(
      "outer(a, b)", "All products of an element of a and one of b.",
      example: "outer([1, 2], [3, 4])"
    ) { Value(try .outer(try $0.quantity(0), try $0.quantity(1))) },
    Builtin(
      "normalize(x, axis=-1)", "Rows of unit length; a zero row stays zero.",
      example: "normalize([3, 4])"
    ) { Value(try $0.quantity(0).normalize(axis: try $0.whole(1))) },
    Builtin("trace(x)", "The sum of the diagonal.", example: "trace(eye(3))") {
      Value(try $0.quantity(0).trace())
    },
    Builtin(
      "diag(x)", "The diagonal of a matrix, or the matrix with this diagonal.",
      example: "diag([1, 2])"
    ) { Value(try $0.quantity(0).diagonal()) },
  ]
}
