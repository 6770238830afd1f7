import Foundation
import Testing

/// Training gives the same bits however many threads there are, whatever kernels OpenBLAS takes, and
/// however wide the processor's vectors are.
@Suite struct SameBitsTests {
  private let mlrepl: Program
  private static let training = "Tests/EndToEndTests/Programs/training.mlr"

  init() throws { mlrepl = try Program("mlrepl") }

  /// Ways in which a processor may differ.
  static let environments: [[String: String]] =
    [
      ["MLREPL_THREADS": "1"], ["MLREPL_THREADS": "2"], ["MLREPL_VECTORS": "1"],
      ["MLREPL_VECTORS": "2"], ["GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA"],
    ] + coreTypes.map { ["OPENBLAS_CORETYPE": $0] }

  /// Kernels of OpenBLAS that this processor can run.
  private static let coreTypes: [String] = {
    let flags = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    guard flags.contains(" avx2 "), flags.contains(" fma ") else { return [] }
    let wide = flags.contains(" avx512vl ") && flags.contains(" avx512bw ")
    return ["Sandybridge", "Haswell", "Zen"] + (wide ? ["SkylakeX"] : [])
  }()

  @Test(arguments: environments)
  func trainingGivesTheSameBits(_ environment: [String: String]) throws {
    let usual = try mlrepl.run([Self.training])
    try #require(usual.status == 0, "\(usual.error)")
    #expect(usual.output.count > 10_000)
    #expect(try mlrepl.run([Self.training], environment: environment).output == usual.output)
  }

  @Test(arguments: [
    "03-center-vs-contrastive", "07-multi-similarity", "08-cross-entropy-as-a-bound",
    "11-softtriple",
  ])
  func lessonGivesTheSameDigits(_ lesson: String) throws {
    let arguments = ["--precision", "17", "lessons/\(lesson).md"]
    var narrow = [
      "MLREPL_THREADS": "1", "MLREPL_VECTORS": "1",
      "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA",
    ]
    narrow["OPENBLAS_CORETYPE"] = Self.coreTypes.first
    let usual = try mlrepl.run(arguments)
    try #require(usual.status == 0, "\(usual.error)")
    #expect(try mlrepl.run(arguments, environment: narrow).output == usual.output)
  }
}
