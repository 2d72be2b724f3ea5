//! What is pasted into fields.

use bango_console::console::app::input::Input;
use bango_console::console::app::state::Overlay;

use crate::stage::Stage;

/// What stands in the filter of the picker after a paste.
fn pasted(text: String) -> (usize, String) {
    let mut stage = Stage::new(80, 24);
    stage.keys("<enter>").input(Input::Paste(text));
    let Some(Overlay::Picker(picker)) = &stage.state.overlay else {
        panic!("{}", stage.screen());
    };
    (picker.filter.value().len(), stage.footer())
}

#[test]
fn what_no_body_could_hold_is_not_taken_and_its_size_is_said() {
    let (length, _) = pasted("7".repeat(65_536));
    assert_eq!(length, 65_536);
    let (length, footer) = pasted("7".repeat(10_000_000));
    assert_eq!(length, 0);
    assert!(footer.contains("not pasted: 10000000 bytes"), "{footer}");
}
