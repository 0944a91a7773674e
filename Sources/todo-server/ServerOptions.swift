import ArgumentParser
import TodoServer

/// The options: one for each setting.
///
/// ArgumentParser finds options by reflection. So a mirror that lists one for each setting takes the place of a property
/// for each.
struct ServerOptions: ParsableArguments, CustomReflectable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// The given options' texts, by name.
    private var texts: [String: String] = [:]

    init() {}

    init(from decoder: any Decoder) throws {
        let options = try decoder.container(keyedBy: Key.self)
        for setting in Setting.all {
            let option = try options.decode(Option<String?>.self, forKey: Key(stringValue: setting.name))
            texts[setting.name] = option.wrappedValue
        }
    }

    var customMirror: Mirror {
        Mirror(
            self,
            children: Setting.all.map { setting -> Mirror.Child in
                (setting.name, Option<String?>(name: .customLong(setting.name), help: ArgumentHelp(setting.help)))
            })
    }

    /// The configuration from the options and the environment.
    func configuration(environment: [String: String]) throws -> Configuration {
        var configuration = Configuration()
        for setting in Setting.all {
            let option = texts[setting.name]
            guard let text = option ?? environment[setting.variable] else { continue }
            do {
                try setting.set(text, in: &configuration)
            } catch {
                throw ValidationError("\(option == nil ? setting.variable : "--" + setting.name): \(error)")
            }
        }
        do {
            try configuration.validate()
        } catch {
            throw ValidationError(error.description)
        }
        return configuration
    }
}
