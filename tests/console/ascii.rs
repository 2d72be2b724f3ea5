//! With `--ascii` our own words, lines and signs are ASCII, everywhere and at every size.

use bango_console::console::app::input::Input;
use bango_console::console::ui::theme::Theme;
use insta::assert_snapshot;

use crate::scenes;
use crate::screens::larger::full;
use crate::screens::rows::{every_line, every_payment, every_session};
use crate::stage::Stage;

/// Every cell that is not ASCII, with what stands around it.
fn strange(stage: &mut Stage) -> Vec<String> {
    let buffer = stage.paint(&Theme::terminal(true));
    let cells = buffer.content.iter().map(ratatui::buffer::Cell::symbol);
    let mut strange: Vec<_> = cells
        .filter(|symbol| !symbol.is_ascii())
        .map(|symbol| symbol.escape_unicode().to_string())
        .collect();
    strange.sort();
    strange.dedup();
    strange
}

#[test]
fn no_scene_holds_anything_else() {
    for scene in scenes::ALL {
        for (width, height) in [(20, 5), (60, 20), (80, 24), (120, 40)] {
            let mut stage = scene.at(width, height, "Zq7");
            stage.state.look.ascii = true;
            let found = strange(&mut stage);
            assert_eq!(
                found,
                Vec::<String>::new(),
                "{} at {width}×{height}",
                scene.name
            );
        }
    }
}

#[test]
fn no_state_of_a_row_and_no_page_of_the_help_holds_anything_else() {
    let mut stage = Stage::new(200, 60);
    stage
        .sessions(every_session())
        .transactions(every_payment())
        .lines(every_line());
    stage.state.look.ascii = true;
    assert_eq!(strange(&mut stage), Vec::<String>::new());
    stage.keys("?");
    for _ in 0..10 {
        assert_eq!(strange(&mut stage), Vec::<String>::new());
        stage.keys("<pgdn>");
    }
}

/// The control of the tests above: without it there is plenty.
#[test]
fn otherwise_every_scene_holds_signs() {
    for scene in scenes::ALL {
        assert!(
            !strange(&mut scene.with("Zq7")).is_empty(),
            "{}",
            scene.name
        );
    }
}

#[test]
fn the_whole_screen() {
    let mut stage = full(80, 24);
    stage.state.look.ascii = true;
    stage.input(Input::Wake);
    assert_snapshot!(stage.screen());
}
