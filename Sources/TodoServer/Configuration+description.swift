extension Configuration: CustomStringConvertible, CustomDebugStringConvertible {
    /// Every setting with secrets masked, so that a logged configuration reveals none.
    package var description: String {
        "Configuration(" + Setting.all.map { "\($0.name): \($0.text(in: self))" }.joined(separator: ", ") + ")"
    }
    package var debugDescription: String { description }
}
