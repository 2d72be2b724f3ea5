//! Every window from nothing to large, under every pane and popup: no panic, and nothing out of place.

use bango_console::console::app::input::Input;
use bango_console::console::ui;
use bango_console::console::ui::theme::Theme;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::scenes;

const SIZES: [(u16, u16); 22] = [
    (0, 0),
    (1, 0),
    (0, 1),
    (1, 1),
    (2, 2),
    (5, 24),
    (80, 1),
    (80, 2),
    (80, 3),
    (23, 8),
    (24, 7),
    (24, 8),
    (25, 9),
    (30, 10),
    (79, 24),
    (80, 19),
    (80, 20),
    (80, 24),
    (81, 25),
    (500, 10),
    (24, 200),
    (200, 60),
];

/// Every size up to 40×16.
fn small() -> impl Iterator<Item = (u16, u16)> {
    (0..=40).flat_map(|width| (0..=16).map(move |height| (width, height)))
}

#[test]
fn every_scene_can_be_painted_at_every_size() {
    for scene in scenes::ALL {
        for (width, height) in SIZES {
            scene.at(width, height, "Zq7").paint(&Theme::terminal(true));
        }
    }
}

/// Where there is hardly room for a border there is a subtraction that can go wrong.
#[test]
fn every_scene_can_be_painted_at_each_small_size() {
    let theme = Theme::terminal(true);
    for scene in scenes::ALL {
        let mut stage = scene.with("Zq7");
        for (width, height) in small() {
            stage.input(Input::Resize { width, height });
            stage.terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            stage.paint(&theme);
        }
    }
}

/// Keys are taken at the size that they are typed at: what they open is laid out there too.
#[test]
fn every_popup_can_be_opened_at_each_small_size() {
    let theme = Theme::terminal(true);
    for (width, height) in small() {
        for keys in [
            "a", "y", "m", "E", "t", "?", ":", "i", "/", "+", "ac", "e", "R",
        ] {
            let mut stage = scenes::busy(width, height);
            stage.keys(keys).paint(&theme);
            stage.keys("<down><tab><enter>x").paint(&theme);
        }
    }
}

#[test]
fn every_pane_can_have_the_whole_window() {
    for pane in ["1", "2", "3", "4"] {
        for (width, height) in SIZES {
            let mut stage = scenes::busy(width, height);
            stage.keys(pane).keys("z").paint(&Theme::terminal(true));
        }
    }
}

/// A window may change its size between the event and the frame.
#[test]
fn a_frame_of_another_size_than_was_told_can_be_painted() {
    let theme = Theme::terminal(true);
    for scene in scenes::ALL {
        let stage = scene.with("Zq7");
        for (width, height) in SIZES {
            let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            terminal
                .draw(|frame| ui::view(&stage.state, &theme, frame))
                .unwrap();
        }
    }
}

#[test]
fn a_window_that_shrinks_and_grows_back_shows_the_same() {
    for scene in scenes::ALL {
        let mut stage = scene.with("Zq7");
        let before = stage.screen();
        for (width, height) in SIZES {
            stage.input(Input::Resize { width, height });
        }
        let (width, height) = (80, 24);
        stage.input(Input::Resize { width, height });
        assert_eq!(stage.screen(), before, "{}", scene.name);
    }
}

#[test]
fn every_popup_stays_inside_its_window() {
    for scene in scenes::ALL {
        for (width, height) in SIZES {
            let stage = scene.at(width, height, "Zq7");
            let popup = bango_console::console::app::layout::layout(&stage.state).overlay;
            assert!(
                popup.x + popup.width <= width && popup.y + popup.height <= height,
                "{} at {width}×{height}: {popup:?}",
                scene.name
            );
        }
    }
}
