import COpenBLAS

extension Tensor {
  /// The eigenvalues of a symmetric matrix, ascending, and its eigenvectors as columns.
  ///
  /// - Throws: `notAMatrix` unless it is n×n, `failure` for nan, inf, or no convergence.
  public func symmetricEigen() throws(TensorError) -> (values: Tensor, vectors: Tensor) {
    guard rank == 2, shape[0] == shape[1] else { throw .notAMatrix(shape) }
    guard elements.allSatisfy(\.isFinite) else {
      throw .failure("a matrix with nan or inf has no eigenvalues")
    }
    var size = Int32(shape[0])
    guard size > 0 else { return (Tensor(shape: [0], elements: []), self) }
    var matrix = elements
    var values = [Double](repeating: 0, count: shape[0])
    var work = [Double](repeating: 0, count: 34 * shape[0])
    var workSize = Int32(work.count)
    var leading = size
    var status: Int32 = 0
    dsyev_("V", "U", &size, &matrix, &leading, &values, &work, &workSize, &status)
    guard status == 0 else { throw .failure("the eigenvalues did not converge") }
    // LAPACK stores columns one after the other: the transpose of what is wanted.
    let vectors = Tensor(shape: shape, elements: matrix, dtype: dtype.arithmetic).transposed()
    return (Tensor(shape: [shape[0]], elements: values, dtype: dtype.arithmetic), vectors)
  }
}
