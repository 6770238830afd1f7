import Testing

/// Memory stays flat where a program keeps nothing; a sanitizer would take its own beside it.
@Suite(.enabled(if: !Program.isSanitized)) struct FlatMemoryTests {
  private let mlrepl: Program

  init() throws { mlrepl = try Program("mlrepl") }

  /// A little more than the program takes by itself.
  private static let limit = ["--max-memory", "60MB"]

  @Test func tenThousandStepsOfTrainingTakeFlatMemory() throws {
    let result = try mlrepl.run(
      Self.limit + ["Tests/EndToEndTests/Programs/ten_thousand_steps.mlr"])
    #expect(result.error == "")
    #expect(result.output.hasPrefix("0.5030"))
  }

  @Test func tenThousandTensorsThatAreKeptDoNotFit() throws {
    let result = try mlrepl.run(
      Self.limit + ["-e", "r = record(); for k in range(10_000) { r[\"a{k}\"] = zeros(1000) }"])
    #expect(result.status == 1)
    #expect(result.error.contains("more than 0.0629 GB of memory"))
  }
}
