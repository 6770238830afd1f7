import Glibc
import Tensors

/// Functions of the C library beside our own.
enum Reference {
  static let functions:
    [String: (ours: @Sendable (Tensor) -> Tensor, library: @Sendable (Double) -> Double)] = [
      "exp": ({ $0.exp() }, { Glibc.exp($0) }),
      "expm1": ({ $0.expm1() }, { Glibc.expm1($0) }),
      "log": ({ $0.log() }, { Glibc.log($0) }),
      "log1p": ({ $0.log1p() }, { Glibc.log1p($0) }),
      "tanh": ({ $0.tanh() }, { Glibc.tanh($0) }),
      "sin": ({ $0.sin() }, { Glibc.sin($0) }),
      "cos": ({ $0.cos() }, { Glibc.cos($0) }),
      "tan": ({ $0.tan() }, { Glibc.tan($0) }),
    ]
}
