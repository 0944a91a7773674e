// swift-tools-version: 6.2
import PackageDescription

/// Settings for all targets: Swift 6 language mode, and warnings are errors.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]

/// For targets that see hiredis through Observe. Its header includes <sys/time.h>, so a release build attributes `timespec`
/// to a module that cannot be imported, and MemberImportVisibility rejects its members.
let withoutMemberVisibility: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]

func systemModule(_ name: String, pkgConfig: String? = nil, package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

let package = Package(
    name: "gauntlet",
    products: [
        .executable(name: "todo-server", targets: ["todo-server"]),
        .executable(name: "gauntlet", targets: ["gauntlet"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // C libraries. CHiredis has no pkgConfig because SwiftPM rejects a flag in hiredis.pc, and its headers are in a
        // default path.
        systemModule("CHiredis", package: "libhiredis-dev"),
        systemModule("COpenSSL", pkgConfig: "openssl", package: "libssl-dev"),
        systemModule("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
        systemModule("CPostgres", pkgConfig: "libpq", package: "libpq-dev"),
        systemModule("CCrypt", pkgConfig: "libcrypt", package: "libcrypt-dev"),
        .target(name: "CEpoll"),

        // The version of both programs.
        .target(name: "Version", swiftSettings: strict),

        // The server under test. It shares only the version and the C modules with the harness.
        .target(
            name: "TodoServer",
            dependencies: [
                "CCrypt", "CHiredis", "COpenSSL", "CPostgres", "Version",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict + [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]
        ),
        .executableTarget(
            name: "todo-server",
            dependencies: [
                "TodoServer", "Version",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),

        // Libraries that do not know scenarios. The names are plural because a module cannot share the name of its main
        // type.
        .target(
            name: "JSONDocuments",
            dependencies: [.product(name: "OrderedCollections", package: "swift-collections")],
            swiftSettings: strict
        ),
        .target(name: "JSONQueries", dependencies: ["JSONDocuments", "Patterns"], swiftSettings: strict),
        .target(name: "Patterns", swiftSettings: strict),

        // The harness. The module graph is in docs/architecture.md.
        .target(
            name: "Scenario",
            dependencies: ["Audit", "COpenSSL", "JSONDocuments", "JSONQueries", "Patterns", "Trace"],
            swiftSettings: strict
        ),
        .target(
            name: "ScenarioRunner",
            dependencies: [
                "Audit", "CCurl", "Scenario", "Trace",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict
        ),
        // Reads the figures of processes, Redis and PostgreSQL, and estimates costs from them.
        .target(name: "Observe", dependencies: ["CHiredis", "CPostgres"], swiftSettings: strict),
        .target(
            name: "Load",
            dependencies: [
                "Audit", "CEpoll", "COpenSSL", "Observe", "Scenario", "ScenarioRunner", "Trace", "Version",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            swiftSettings: withoutMemberVisibility
        ),
        .target(name: "Trace", swiftSettings: strict),
        // Pure functions from a trace to verdicts.
        .target(
            name: "Audit",
            dependencies: ["Trace", .product(name: "HeapModule", package: "swift-collections")],
            swiftSettings: strict
        ),
        // Finds out what a limiter or a cache does, without I/O.
        .target(name: "Probe", swiftSettings: strict),
        // Sends what a probe asks for.
        .target(
            name: "ProbeRunner", dependencies: ["JSONDocuments", "Probe", "Scenario", "ScenarioRunner"],
            swiftSettings: strict),
        .target(
            name: "Report",
            dependencies: [
                "Audit", "Load", "Observe", "Probe", "Scenario", "ScenarioRunner", "Trace", "Version",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            // Embedded, so that the program is a single file.
            resources: [.embedInCode("Resources")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "gauntlet",
            dependencies: [
                "Audit", "Load", "Observe", "Probe", "ProbeRunner", "Report", "Scenario", "ScenarioRunner", "Trace",
                "Version",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),

        // Feeds mutated input to the parsers: `swift run -c release fuzz json`.
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Load", "Scenario", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Fuzz",
            swiftSettings: strict
        ),

        // One test target per library, and ConformanceTests, which checks the real server against the contract.
        .target(
            name: "TestSupport",
            dependencies: ["Scenario", "ScenarioRunner", .product(name: "SystemPackage", package: "swift-system")],
            path: "Tests/Support",
            swiftSettings: strict
        ),
        .testTarget(
            name: "ConformanceTests",
            dependencies: [
                "Audit", "Load", "Report", "Scenario", "ScenarioRunner", "TestSupport", "TodoServer", "todo-server",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/Conformance",
            swiftSettings: strict
        ),
        .testTarget(
            name: "TodoServerTests",
            dependencies: [
                "TestSupport", "TodoServer", "todo-server",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ObserveTests", dependencies: ["Observe", "ScenarioRunner", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "AuditTests", dependencies: ["Audit", "TestSupport", "Trace"], swiftSettings: strict),
        .testTarget(name: "ProbeTests", dependencies: ["Probe"], swiftSettings: strict),
        .testTarget(
            name: "ProbeRunnerTests",
            dependencies: ["JSONDocuments", "Probe", "ProbeRunner", "Scenario", "ScenarioRunner"],
            swiftSettings: strict),
        .testTarget(
            name: "JSONDocumentsTests", dependencies: ["JSONDocuments", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "JSONQueriesTests", dependencies: ["JSONDocuments", "JSONQueries", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "PatternsTests", dependencies: ["Patterns"], swiftSettings: strict),
        .testTarget(
            name: "ScenarioTests", dependencies: ["Audit", "Scenario", "TestSupport", "Trace"], swiftSettings: strict),
        .testTarget(
            name: "ScenarioRunnerTests",
            dependencies: ["Audit", "Report", "Scenario", "ScenarioRunner", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ReportTests",
            dependencies: ["Audit", "Probe", "Report", "Scenario", "ScenarioRunner", "TestSupport", "Trace"],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "LoadTests",
            dependencies: [
                "Audit", "Load", "Observe", "Report", "Scenario", "ScenarioRunner", "TestSupport", "Trace",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            swiftSettings: strict),
        // Tests the built program: exit codes, output, signals.
        .testTarget(
            name: "GauntletTests",
            dependencies: [
                "gauntlet", "todo-server", "Load", "Scenario", "ScenarioRunner", "TestSupport", "Version",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
    ]
)
