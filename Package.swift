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
    .library(name: "MetricLearning", targets: ["MetricLearning", "Autodiff", "Tensors", "Plots"])
  ],
  targets: [
    // Numbers: a numeric library that knows nothing of the language.
    .target(name: "Cards", swiftSettings: settings),
    .target(name: "Tensors", dependencies: ["COpenBLAS"], swiftSettings: settings),
    .target(name: "Autodiff", dependencies: ["Tensors"], swiftSettings: settings),
    .target(
      name: "MetricLearning",
      dependencies: ["Autodiff", "Cards", "CShippedData", "Tensors"],
      swiftSettings: settings),
    .target(name: "Plots", dependencies: ["Cards"], swiftSettings: settings),

    // Language: text to tokens to tree to program to value.
    .target(name: "Diagnostics", swiftSettings: settings),
    .target(name: "Syntax", dependencies: ["Diagnostics"], swiftSettings: settings),
    .target(
      name: "Interpreter",
      dependencies: [
        "Autodiff", "Cards", "Diagnostics", "MetricLearning", "Plots", "Syntax", "Tensors",
      ],
      swiftSettings: settings),

    // Front ends.
    .executableTarget(
      name: "mlrepl", dependencies: ["Interpreter", "Plots"], swiftSettings: settings),

    // C libraries.
    // OpenBLAS: every large product; no hand-written kernel comes near it.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    // The data sets of Sources/CShippedData/data, inside the binary.
    .target(name: "CShippedData", exclude: ["data"]),

    // Tests.
    .target(
      name: "TestSupport", dependencies: ["Tensors"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "TensorsTests", dependencies: ["Tensors", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "AutodiffTests", dependencies: ["Autodiff", "Tensors", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "MetricLearningTests",
      dependencies: ["Autodiff", "Cards", "MetricLearning", "Tensors", "TestSupport"],
      exclude: ["Golden"],
      swiftSettings: settings),
    .testTarget(
      name: "PlotsTests", dependencies: ["Cards", "Plots"], exclude: ["Golden"],
      swiftSettings: settings),
  ]
)
