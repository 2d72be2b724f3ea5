//! Themes tried, kept and left.

use bango_console::console::app::effect::Effect;
use bango_console::console::app::event::Done;
use bango_console::console::app::input::Input;
use bango_console::record::transaction::State as Payment;

use crate::cast::{identified, payment};
use crate::stage::Stage;

pub fn with_themes() -> Stage {
    let mut stage = Stage::new(80, 24);
    let names = [
        "terminal",
        "auto",
        "dark",
        "light",
        "high-contrast",
        "paper",
    ];
    stage.done(Done::Themes(names.map(str::to_owned).to_vec()));
    stage.effects();
    stage
}

fn theme(name: &str) -> Effect {
    Effect::Theme { name: name.into() }
}

#[test]
fn a_theme_is_shown_at_once_and_goes_with_esc() {
    let mut stage = with_themes();
    stage.keys("t");
    assert_eq!(stage.effects(), []);
    stage.keys("<down>");
    assert_eq!(stage.effects(), [theme("auto")]);
    stage.keys("<up><up>");
    assert_eq!(stage.effects(), [theme("terminal"), theme("paper")]);
    stage.keys("<esc>");
    assert_eq!(stage.effects(), [theme("terminal")]);
    assert_eq!(stage.state.look.theme.now, "terminal");
    stage.keys("t<esc>");
    assert_eq!(stage.effects(), []);
}

#[test]
fn a_theme_that_is_kept_is_remembered_with_the_setting_that_it_stands_in_for() {
    let mut stage = with_themes();
    stage.keys("t<end><enter>");
    let kept = Effect::Remember {
        name: "look.theme",
        value: "paper instead of terminal".into(),
    };
    assert_eq!(stage.effects(), [theme("paper"), kept]);
    assert!(stage.footer().contains("the theme is paper from now on"));
    stage.keys("t<up><esc>");
    assert_eq!(stage.effects(), [theme("high-contrast"), theme("paper")]);
}

/// The times at which the console wants to be woken.
fn wakes(stage: &mut Stage) -> usize {
    let effects = stage.effects();
    let wakes = effects
        .iter()
        .filter(|effect| matches!(effect, Effect::WakeAt(_)));
    wakes.count()
}

#[test]
fn without_motion_no_seconds_are_counted() {
    for still in [false, true] {
        let mut stage = Stage::new(80, 24);
        stage.state.look.still = still;
        stage.sessions(vec![identified(1, "120")]);
        let mut payment = payment(3, 1099, Payment::Authorized);
        payment.id = Some("2006721253".into());
        stage.transactions(vec![payment]).keys("2r");
        assert_eq!(wakes(&mut stage), usize::from(!still));
        stage.pass(3).input(Input::Wake);
        assert_eq!(wakes(&mut stage), usize::from(!still));
        let waiting = stage.footer();
        assert!(waiting.contains("waiting for the answer"), "{waiting}");
        assert_eq!(waiting.contains("3 s"), !still, "{waiting}");
    }
}
