import Mustache
import ScenarioRunner

extension RunReport {
    /// A single self-contained HTML page, without scripts or external resources.
    package static var html: RunReport { RunReport("html") { result, _ in try page(result) } }

    /// - Throws: if a template is malformed, which the tests would catch.
    private static func page(_ result: RunResult) throws -> String {
        let name = "MARKUP"
        MustacheContentTypes.register(MarkupText(), named: name)
        var library = MustacheLibrary()
        for (template, bytes) in [
            ("run", PackageResources.run_mustache), ("scenario", PackageResources.scenario_mustache),
            ("step", PackageResources.step_mustache), ("failure", PackageResources.failure_mustache),
            ("exchange", PackageResources.exchange_mustache), ("message", PackageResources.message_mustache),
        ] {
            // Every template needs this, since each partial starts with the library's default escaping.
            let text = "{{% CONTENT_TYPE:\(name)}}" + String(decoding: bytes, as: UTF8.self)
            try library.register(text, named: template)
        }
        let style = String(decoding: PackageResources.run_css, as: UTF8.self)
        let page = PageValues.reflect(RunPage(result, style: style)) ?? []
        return library.render(page, withTemplate: "run") ?? ""
    }
}
