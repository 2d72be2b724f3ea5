//! Whether there are colours, and how many.

use super::Environment;

/// What the flag `--color` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    #[default]
    Auto,
    Always,
    Never,
}

/// The colours that may be painted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colors {
    /// Only bold, underlined, reversed.
    None,
    /// The terminal's sixteen, and of others the nearest of its table of 256.
    Indexed,
    /// 24 bits each.
    True,
}

/// Terminals that know 24 bits and do not always say so in `COLORTERM`.
const TRUE: [&str; 6] = [
    "-direct",
    "alacritty",
    "foot",
    "ghostty",
    "kitty",
    "wezterm",
];

impl Colors {
    /// The flag decides, then `NO_COLOR`, then `CLICOLOR_FORCE` and `FORCE_COLOR`, then `CLICOLOR`, then
    /// what the terminal is.
    pub fn decide(choice: ColorChoice, environment: &Environment) -> Self {
        let wanted = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if environment.is_set("NO_COLOR") => false,
            ColorChoice::Auto if forced(environment) => true,
            ColorChoice::Auto if is(environment, "CLICOLOR", "0") => false,
            ColorChoice::Auto => !is_monochrome(environment),
        };
        match wanted {
            false => Self::None,
            true if knows_24_bits(environment) => Self::True,
            true => Self::Indexed,
        }
    }
}

fn forced(environment: &Environment) -> bool {
    ["CLICOLOR_FORCE", "FORCE_COLOR"]
        .into_iter()
        .any(|name| environment.is_set(name) && !is(environment, name, "0"))
}

fn is(environment: &Environment, name: &str, value: &str) -> bool {
    environment.get(name).is_some_and(|found| found == value)
}

fn is_monochrome(environment: &Environment) -> bool {
    let term = environment.text("TERM").unwrap_or_default();
    term.starts_with("vt1") || term.starts_with("vt2") || term.ends_with("-m")
}

fn knows_24_bits(environment: &Environment) -> bool {
    let term = environment.text("TERM").unwrap_or_default();
    is(environment, "COLORTERM", "truecolor")
        || is(environment, "COLORTERM", "24bit")
        || TRUE.iter().any(|name| term.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<const N: usize>(
        choice: ColorChoice,
        variables: [(&'static str, &'static str); N],
        expected: Colors,
    ) {
        let environment = Environment::from(variables);
        assert_eq!(Colors::decide(choice, &environment), expected);
    }

    #[test]
    fn the_first_that_says_something_decides() {
        use ColorChoice::{Always, Auto, Never};
        let term = ("TERM", "xterm-256color");
        check(Auto, [term], Colors::Indexed);
        check(Auto, [term, ("CLICOLOR", "0")], Colors::None);
        let forced = [term, ("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")];
        check(Auto, forced, Colors::Indexed);
        check(
            Auto,
            [("TERM", "vt220"), ("FORCE_COLOR", "1")],
            Colors::Indexed,
        );
        check(
            Auto,
            [term, ("CLICOLOR", "0"), ("FORCE_COLOR", "0")],
            Colors::None,
        );
        check(
            Auto,
            [term, ("NO_COLOR", "1"), ("FORCE_COLOR", "1")],
            Colors::None,
        );
        check(Auto, [term, ("NO_COLOR", "")], Colors::Indexed);
        check(Always, [term, ("NO_COLOR", "1")], Colors::Indexed);
        check(Never, [term, ("CLICOLOR_FORCE", "1")], Colors::None);
    }

    #[test]
    fn the_terminal_says_how_many() {
        let auto = ColorChoice::Auto;
        check(auto, [("TERM", "xterm-kitty")], Colors::True);
        let direct = [("TERM", "xterm-256color"), ("COLORTERM", "truecolor")];
        check(auto, direct, Colors::True);
        check(auto, [("TERM", "vt100")], Colors::None);
        check(auto, [("TERM", "screen-256color")], Colors::Indexed);
    }
}
