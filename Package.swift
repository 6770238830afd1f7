// swift-tools-version: 6.1
import PackageDescription

/// What every Swift target is compiled with.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "mlrepl",
  products: [
    // The numbers alone, usable from any Swift program.
    .library(name: "MetricLearning", targets: ["MetricLearning", "Autodiff", "Tensors", "Plots"]),
    // The language, embeddable: `Session().run("1 + 1")`.
    .library(name: "MLReplKit", targets: ["Interpreter", "Lessons"]),
    .executable(name: "mlrepl", targets: ["mlrepl"]),
  ],
  dependencies: [
    // Options, subcommands and their help pages.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // YAML: the front matter of lessons, with line numbers for every key.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Numbers: a numeric library that knows nothing of the language.
    .target(name: "Cards", swiftSettings: settings),
    .target(name: "Tensors", dependencies: ["CKernels", "COpenBLAS"], swiftSettings: settings),
    .target(name: "Autodiff", dependencies: ["Tensors"], swiftSettings: settings),
    .target(
      name: "MetricLearning",
      dependencies: ["Autodiff", "Cards", "CKernels", "CShippedData", "Tensors"],
      swiftSettings: settings),
    .target(
      name: "Plots", dependencies: ["CCairo", "Cards", "Typography"], swiftSettings: settings),

    // Language: text to tokens to tree to program to value.
    // How wide text is on a terminal: whoever lays out text needs it.
    .target(name: "Typography", swiftSettings: settings),
    .target(name: "Diagnostics", dependencies: ["Typography"], swiftSettings: settings),
    .target(name: "Syntax", dependencies: ["Diagnostics"], swiftSettings: settings),
    .target(
      name: "Interpreter",
      dependencies: [
        "Autodiff", "CKernels", "Cards", "Diagnostics", "MetricLearning", "Plots", "Syntax",
        "Tensors", "Typography",
      ],
      swiftSettings: settings),
    // Yams reads the front matter of lessons, cmark-gfm the Markdown a Git host would show.
    .target(
      name: "Lessons",
      dependencies: [
        "CCMarkGFM", "Diagnostics", "Interpreter", "Plots", "Typography",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),

    // Front ends: commands without a terminal, a terminal without commands, and the program.
    .target(
      name: "Shell", dependencies: ["Cards", "Diagnostics", "Interpreter", "Lessons", "Plots"],
      swiftSettings: settings),
    .target(name: "Terminal", dependencies: ["CReadline"], swiftSettings: settings),
    .executableTarget(
      name: "mlrepl",
      dependencies: [
        "Autodiff", "COpenBLAS", "Diagnostics", "Interpreter", "Lessons", "MetricLearning", "Plots",
        "Shell", "Tensors", "Terminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "embedding", dependencies: ["Interpreter"], path: "examples/embedding",
      swiftSettings: settings),

    // C libraries.
    // OpenBLAS: every large product and the factorisations; no hand-written kernel comes near it.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    // cairo: plots as PNG pictures, with the text set in the machine's fonts.
    .systemLibrary(name: "CCairo", providers: [.apt(["libcairo2-dev"])]),
    // cmark-gfm: CommonMark exactly as Git hosts read it, so lessons look the same in both. Its
    // pkg-config file also asks for the extensions library; the module map links what is used.
    .systemLibrary(name: "CCMarkGFM", providers: [.apt(["libcmark-gfm-dev"])]),
    // GNU readline: line editing, history and the user's own key bindings. Its pkg-config flags
    // make the package manager warn, so the module map links it.
    .systemLibrary(name: "CReadline", providers: [.apt(["libreadline-dev"])]),
    // Element-wise loops for whatever vectors the processor has. In C, since Swift compiles for one
    // kind of processor: the same loops in Swift take twice as long.
    .target(name: "CKernels", exclude: ["loops.h", "pairs.h", "products.h"]),
    // The data sets of Sources/CShippedData/data, inside the binary.
    .target(name: "CShippedData", exclude: ["data"]),

    // Tests.
    .target(
      name: "TestSupport", dependencies: ["Tensors"], path: "Tests/TestSupport",
      swiftSettings: settings),
    // Random programs: a few in every test run, millions with `swift run -c release fuzz`.
    .target(
      name: "Fuzzing", dependencies: ["Cards", "Diagnostics", "Interpreter", "Tensors"],
      path: "Tests/Fuzzing",
      swiftSettings: settings),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Fuzzing", "Interpreter",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/fuzz", swiftSettings: settings),
    .testTarget(
      name: "TensorsTests", dependencies: ["CKernels", "Tensors", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "AutodiffTests", dependencies: ["Autodiff", "Tensors", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "MetricLearningTests",
      dependencies: ["Autodiff", "Cards", "MetricLearning", "Tensors", "TestSupport"],
      exclude: ["Golden"],
      swiftSettings: settings),
    .testTarget(
      name: "PlotsTests", dependencies: ["Cards", "Plots", "Typography"],
      exclude: ["Golden", "Styles"],
      swiftSettings: settings),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal"], swiftSettings: settings),
    .testTarget(
      name: "SyntaxTests", dependencies: ["Diagnostics", "Syntax"], swiftSettings: settings),
    .testTarget(
      name: "InterpreterTests",
      dependencies: [
        "Autodiff", "Cards", "Diagnostics", "Fuzzing", "Interpreter", "MetricLearning", "Plots",
        "Tensors", "TestSupport", "Typography",
      ],
      exclude: ["Corpus", "Fixtures", "Messages", "NumPy", "PyTorch", "Scripts", "Theory"],
      swiftSettings: settings),
    .testTarget(
      name: "LessonsTests", dependencies: ["Interpreter", "Lessons", "Typography"],
      exclude: ["Samples"],
      swiftSettings: settings),
    .testTarget(
      name: "EndToEndTests", dependencies: ["embedding", "mlrepl"], exclude: ["Programs"],
      swiftSettings: settings),
  ]
)
