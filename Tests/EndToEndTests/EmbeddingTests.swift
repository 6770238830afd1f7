import Testing

@Suite struct EmbeddingTests {
  @Test func aTenLineProgramRunsTheLanguage() throws {
    let result = try Program("embedding").run([])
    #expect(result.output == "13\n")
    #expect(result.status == 0)
  }
}
