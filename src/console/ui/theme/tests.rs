//! Every theme is whole and can be read: by this program, and by eyes.

use std::path::Path;

use ratatui::style::{Color, Modifier};

use super::*;

/// The themes with colours of their own. The terminal's are whatever its user has made of them.
const COLOURED: [(&str, f64); 3] = [("dark", 4.5), ("light", 4.5), ("high-contrast", 7.0)];

/// What is no text: lines and areas, which need less.
const SHAPES: [&str; 4] = ["border", "bar_filled", "bar_refunded", "bar_empty"];
const SHAPE: f64 = 3.0;

#[test]
fn without_colour_no_role_has_one() {
    for (name, _) in OURS {
        for (role, style) in Theme::ours(name, Colors::None).unwrap().roles() {
            assert_eq!((style.fg, style.bg), (None, None), "{name}: {role}");
        }
    }
}

#[test]
fn selection_and_focus_show_without_colour() {
    let theme = Theme::terminal(false);
    for style in [
        theme.selected,
        theme.border_focused,
        theme.button_focused,
        theme.field_fresh,
        theme.cursor,
        theme.badge,
    ] {
        assert!(!style.add_modifier.is_empty());
    }
}

#[test]
fn every_theme_defines_every_role_and_nothing_else() {
    for (name, toml) in OURS {
        let (_, warnings) = Theme::read(Path::new(name), toml, Colors::True);
        assert_eq!(warnings, [], "{name}");
        for role in Theme::ROLES {
            let defined = toml
                .lines()
                .filter(|line| line.starts_with(&format!("{role} = ")));
            assert_eq!(defined.count(), 1, "{name}: {role}");
        }
    }
}

/// The relative luminance of WCAG 2.
fn luminance(color: Color) -> f64 {
    let (red, green, blue) = match color {
        Color::Rgb(red, green, blue) => (red, green, blue),
        Color::Indexed(index) => palette::of_index(index),
        other => panic!("{other} is what its user has made of it"),
    };
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn contrast(left: Color, right: Color) -> f64 {
    let (left, right) = (luminance(left), luminance(right));
    (left.max(right) + 0.05) / (left.min(right) + 0.05)
}

/// The pairs of a text and what it may stand on that are harder to read than `least`.
fn too_faint(theme: &Theme, least: f64) -> Vec<String> {
    let (text, ground) = (theme.text.fg.unwrap(), theme.ground.bg.unwrap());
    let rows = [theme.selected, theme.selected_elsewhere].map(|row| row.bg.unwrap_or(ground));
    let mut faint = Vec::new();
    for (role, style) in theme.roles() {
        let is_shape = SHAPES.contains(&role);
        // What colours its own words would leave holes in a selected row.
        assert!(role != "text" || style.bg.is_none());
        let grounds = match style.bg {
            Some(own) => vec![own],
            None if is_shape => vec![ground],
            None => vec![ground, rows[0], rows[1]],
        };
        let least = if is_shape { SHAPE } else { least };
        for ground in grounds {
            let found = contrast(style.fg.unwrap_or(text), ground);
            if found < least {
                faint.push(format!("{role} on {ground}: {found:.2}"));
            }
        }
    }
    faint
}

#[test]
fn every_pair_of_text_and_background_can_be_read() {
    for (name, least) in COLOURED {
        for colors in [Colors::True, Colors::Indexed] {
            let theme = Theme::ours(name, colors).unwrap();
            let faint = too_faint(&theme, least);
            assert_eq!(faint, Vec::<String>::new(), "{name}, {colors:?}");
        }
    }
}

/// The control of the test above: one role that is as faint as a careless grey.
#[test]
fn a_faint_role_is_noticed_also_on_a_selected_row() {
    let mut theme = Theme::ours("dark", Colors::True).unwrap();
    theme.dim = theme.dim.fg(Color::Rgb(0x6b, 0x74, 0x86));
    assert_eq!(
        too_faint(&theme, 4.5).len(),
        3,
        "{:?}",
        too_faint(&theme, 4.5)
    );
    assert!((contrast(Color::Rgb(255, 255, 255), Color::Rgb(0, 0, 0)) - 21.0).abs() < 0.01);
}

#[test]
fn a_terminal_of_256_colours_gets_no_other() {
    for (name, _) in COLOURED {
        for (role, style) in Theme::ours(name, Colors::Indexed).unwrap().roles() {
            for color in [style.fg, style.bg].into_iter().flatten() {
                assert!(matches!(color, Color::Indexed(16..)), "{name}: {role}");
            }
        }
    }
}

fn told(toml: &str) -> (Theme, Vec<String>) {
    let (theme, warnings) = Theme::read(Path::new("mine.toml"), toml, Colors::True);
    (theme, warnings.iter().map(ToString::to_string).collect())
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_the_rest_is_used() {
    let (theme, told) = told(
        "text = { fg = '#ffffff', bold = true }\n\
         succes = { fg = 'green', bold = true }\n\
         refused = { fg = 'mauve', underlined = true }\n\
         waiting = { fg = 'yelow', bolt = true }\n\
         dim = 'grey'\n\
         key = { bold = 'yes' }\n\
         [error]\nfg = 'light-red'\n",
    );
    assert_eq!(
        told,
        [
            "mine.toml, line 2, column 1: unknown role \"succes\"; did you mean \"success\"?",
            "mine.toml, line 3, column 13: fg is \"mauve\" and must be a colour such as \"light-red\" or \
             \"#ff8040\"",
            "mine.toml, line 4, column 13: fg is \"yelow\" and must be a colour such as \"light-red\" or \
             \"#ff8040\"; did you mean \"yellow\"?",
            "mine.toml, line 4, column 27: unknown part of a look \"bolt\"; did you mean \"bold\"?",
            "mine.toml, line 5, column 1: dim is \"grey\" and must be a table such as { fg = \"red\", \
             bold = true }",
            "mine.toml, line 6, column 9: bold is \"yes\" and must be true or false",
        ]
    );
    assert_eq!(theme.text.fg, Some(Color::Rgb(255, 255, 255)));
    assert!(theme.refused.add_modifier.contains(Modifier::UNDERLINED));
    assert_eq!(theme.error.fg, Some(Color::LightRed));
    assert_eq!(theme.success, Theme::terminal(true).success);
}

#[test]
fn a_damaged_file_is_told_and_what_can_be_read_of_it_used() {
    let (theme, told) = told("success = { fg = 'blue' }\nwaiting = {\n");
    assert_eq!(theme.success.fg, Some(Color::Blue));
    assert!(told[0].starts_with("mine.toml, line 2, "), "{told:?}");
}

#[test]
fn roles_left_out_are_as_in_the_theme_that_is_named() {
    let (theme, told) = told("base = 'light'\nkey = { fg = 'red' }\n");
    assert_eq!(told, Vec::<String>::new());
    let light = Theme::ours("light", Colors::True).unwrap();
    assert_eq!(theme.text, light.text);
    assert_eq!(theme.key.fg, Some(Color::Red));
    let (_, told) = self::told("base = 'lihgt'\n");
    assert!(told[0].ends_with("did you mean \"light\"?"), "{told:?}");
}
