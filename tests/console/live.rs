//! The whole console but its terminal: real journal, real sandbox over real HTTP, keys in, state out.

use bango_console::config::Environment;
use bango_console::console::app::effect::Effect;
use bango_console::console::app::event::{Event, What};
use bango_console::console::app::input::Input;
use bango_console::console::app::payer::Step;
use bango_console::console::app::state::{Overlay, State};
use bango_console::console::app::update::{start, update};
use bango_console::console::runtime::{Opened, Opening, open};
use bango_console::record::Transaction;
use bango_console::record::transaction::Status;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::line::Line;
use crate::pty::{DEADLINE, Home};
use crate::stage;

pub struct Live {
    runtime: Runtime,
    opened: Option<Opened>,
}

impl Live {
    /// A console whose calls go along `line` to its sandbox.
    pub fn on(home: &Home, line: &Line) -> Self {
        let new = Self::through(home, line.base());
        line.leads_to(new.opened.as_ref().unwrap().sandbox.address());
        new
    }

    /// A console that calls this address instead of its sandbox's own.
    pub fn through(home: &Home, base: String) -> Self {
        let runtime = Runtime::new().unwrap();
        let variables: [_; 8] = home.environment().try_into().unwrap();
        let opening = Opening {
            through: Some(base),
            ..Opening::default()
        };
        let opened = runtime
            .block_on(open(&opening, &Environment::from(variables)))
            .unwrap();
        let opened = Some(opened);
        let mut new = Self { runtime, opened };
        let (width, height) = (80, 24);
        new.take(What::Input(Input::Resize { width, height }));
        for effect in start() {
            new.perform(effect);
        }
        new
    }

    pub fn state(&self) -> &State {
        &self.opened.as_ref().unwrap().state
    }

    pub fn base(&self) -> String {
        self.opened.as_ref().unwrap().sandbox.base_url()
    }

    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in stage::named_keys(keys) {
            self.take(What::Input(Input::Key(key)));
        }
        self
    }

    #[track_caller]
    pub fn wait_until(&mut self, what: &str, holds: impl Fn(&State) -> bool) -> &mut Self {
        while !holds(self.state()) {
            let opened = self.opened.as_mut().unwrap();
            let next = async { timeout(DEADLINE, opened.events.recv()).await };
            match self.runtime.block_on(next) {
                Ok(Some(what)) => self.take(what),
                _ => panic!("waited for {what}, with {:#?}", self.state().toast),
            }
        }
        self
    }

    /// Waits until the selected payment stands like this and nothing is under way.
    #[track_caller]
    pub fn wait_for(&mut self, status: Status) -> &mut Self {
        let stands = |payment: &Transaction| payment.status() == status;
        self.wait_until(status.word(), |state| {
            state.calls.is_empty() && state.transactions.selected().is_some_and(stands)
        })
    }

    pub fn payment(&self) -> &Transaction {
        self.state().transactions.selected().unwrap()
    }

    /// Identifies 447710900120 on the pages.
    pub fn identify(&mut self) -> &mut Self {
        self.keys("+900120<enter><enter>");
        self.wait_until("the first page", |state| asks_for(state, "msisdn"));
        self.keys("<enter>");
        self.wait_until("the second page", |state| asks_for(state, "pin"));
        self.keys("1234<enter>");
        self.wait_until("the payer", |state| {
            let known = state.sessions.selected().and_then(|session| session.user());
            known.is_some() && state.calls.is_empty() && state.overlay.is_none()
        })
    }

    fn take(&mut self, what: What) {
        let opened = self.opened.as_mut().unwrap();
        opened.outside.notice(&what);
        let at = opened.clock.now();
        for effect in update(&mut opened.state, Event { at, what }) {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::WakeAt(_)
            | Effect::ToTerminal { .. }
            | Effect::Redraw
            | Effect::Suspend
            | Effect::Quit => {}
            other => {
                let _inside = self.runtime.enter();
                self.opened.as_mut().unwrap().outside.perform(other);
            }
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let _inside = self.runtime.enter();
        drop(self.opened.take());
    }
}

fn asks_for(state: &State, field: &str) -> bool {
    match &state.overlay {
        Some(Overlay::Payer(payer)) => match &payer.step {
            Step::Page(shown) => shown.page.fields.iter().any(|known| known.name == field),
            _ => false,
        },
        _ => false,
    }
}
