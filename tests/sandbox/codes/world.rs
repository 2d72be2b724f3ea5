//! The means by which the table's codes are brought about.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::control::new_user;
use crate::harness::{
    Answer, Payer, Request, Sandbox, amounts, authorized, basic, is, sent_to_a_page, standard,
};

/// A sandbox where everything is as it should be, and two where it is not.
pub struct World {
    sandbox: Sandbox,
    pub damaged: Ruin,
    pub emptied: Ruin,
}

impl World {
    pub fn new() -> Self {
        Self {
            sandbox: Sandbox::start(),
            damaged: Ruin::after(
                "UPDATE payer SET network = 'x';
                 UPDATE session SET step = 'x';
                 UPDATE payment SET authorized_gross = 9900;",
            ),
            emptied: Ruin::after(
                "ALTER TABLE payer RENAME TO payer_gone;
                 ALTER TABLE session RENAME TO session_gone;
                 ALTER TABLE payment RENAME TO payment_gone;",
            ),
        }
    }

    pub fn without_credentials(&self, call: &str) -> Answer {
        let (method, path) = parts(call);
        self.sandbox
            .send(&Request::new(method, &format!("/v5/{path}")))
    }

    pub fn elsewhere(&self, call: &str) -> Answer {
        let (method, path) = parts(call);
        self.sandbox.bare(method, path)
    }

    /// The answer that stub headers ask for.
    pub fn forced(&self, call: &str, status: u16, code: &str) -> Answer {
        let (method, path) = parts(call);
        self.preferring(method, path, &format!("status={status}"), code)
    }

    /// Stub headers that say nothing.
    pub fn misforced(&self, method: &str, path: &str) -> Answer {
        self.preferring(method, path, "status=often", "OK")
    }

    fn preferring(&self, method: &str, path: &str, prefer: &str, code: &str) -> Answer {
        let request = Request::new(method, &format!("/v5/{path}"))
            .header("Authorization", &basic("sandbox", "sandbox"))
            .header("Prefer", prefer)
            .header("preference-extension", &format!("responseCode={code}"));
        self.sandbox.send(&request)
    }

    pub fn bare(&self, method: &str, path: &str) -> Answer {
        self.sandbox.bare(method, path)
    }

    pub fn identify(&self, body: &str) -> Answer {
        self.sandbox.text("POST", "identity", body)
    }

    fn begin(&self) -> (String, String) {
        sent_to_a_page(&self.identify("{}"))
    }

    /// Goes on with a session that has just begun.
    pub fn go_on(&self, body: &str) -> Answer {
        let (session, _) = self.begin();
        self.sandbox
            .text("POST", &format!("identity/{session}"), body)
    }

    pub fn goes_on_identified(&self) -> Answer {
        let (session, url) = self.begin();
        Payer::program().identifies(&url, "447710900120");
        self.sandbox.go_on(&session)
    }

    pub fn goes_on_cancelled(&self) -> Answer {
        let (session, url) = self.begin();
        Payer::program().cancels(&url);
        self.sandbox.go_on(&session)
    }

    /// A device that sends no SMS, whose user cannot see the pages.
    pub fn gives_up(&self) -> Answer {
        self.go_on(r#"{"action":"cancel","deviceCapabilitySendSms":"false"}"#)
    }

    /// The user with a number that ends so.
    fn user(&self, suffix: &str) -> String {
        new_user(&self.sandbox, &format!("447710900{suffix}"))
    }

    fn body(&self, suffix: &str) -> Value {
        let key = format!("t-{}", self.sandbox.numbered());
        standard(&self.user(suffix), &key)
    }

    pub fn of_user(&self, method: &str) -> Answer {
        let path = format!("identity/{}", self.user("199"));
        self.sandbox.bare(method, &path)
    }

    pub fn options(&self, suffix: &str) -> Answer {
        self.sandbox.options(&self.body(suffix))
    }

    /// The payment options of a user who was never issued.
    pub fn options_of_nobody(&self) -> Answer {
        self.sandbox.options(&standard("123456789", "t-0"))
    }

    pub fn start(&self, suffix: &str) -> Answer {
        self.sandbox.authorize(&self.body(suffix))
    }

    fn started(&self, suffix: &str) -> String {
        authorized(&self.start(suffix))
    }

    pub fn retrieve(&self) -> Answer {
        self.sandbox.retrieve(&self.started("120"))
    }

    pub fn capture(&self, suffix: &str) -> Answer {
        self.sandbox.capture(&self.started(suffix))
    }

    pub fn captures_too_much(&self) -> Answer {
        self.sandbox
            .capture_with(&self.started("120"), &amounts("1.00", "0.00"))
    }

    pub fn cancel(&self, suffix: &str) -> Answer {
        self.sandbox.delete(&self.started(suffix))
    }

    pub fn cancels_a_part(&self) -> Answer {
        self.sandbox
            .delete_with(&self.started("120"), &amounts("0.50", "0.00"))
    }

    fn captured(&self, suffix: &str) -> String {
        let transaction = self.started(suffix);
        is(&self.sandbox.capture(&transaction), "OK");
        transaction
    }

    pub fn refund(&self, suffix: &str) -> Answer {
        self.sandbox.delete(&self.captured(suffix))
    }

    pub fn refunds_what_is_refunded(&self) -> Answer {
        let transaction = self.captured("120");
        is(&self.sandbox.delete(&transaction), "REFUNDED");
        self.sandbox
            .delete_with(&transaction, &amounts("0.50", "0.00"))
    }
}

/// A sandbox to whose file something was done while it was running.
pub struct Ruin {
    sandbox: Sandbox,
    session: String,
    user: String,
    transaction: String,
    _folder: TempDir,
}

impl Ruin {
    fn after(sql: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("sandbox.db");
        let sandbox = Sandbox::on(&file);
        let (session, _) = sent_to_a_page(&sandbox.identity(&json!({})));
        let user = new_user(&sandbox, "447710900120");
        let transaction = authorized(&sandbox.authorize(&standard(&user, "t-1")));
        let ruin = Self {
            sandbox,
            session,
            user,
            transaction,
            _folder: folder,
        };
        for call in [
            "POST identity/{session}",
            "GET identity/{user}",
            "OPTIONS transaction",
            "POST transaction",
            "GET transaction/{transaction}",
        ] {
            assert_eq!(ruin.call(call).status, 200, "{call}, before");
        }
        let vandal = rusqlite::Connection::open(&file).expect("the file opens");
        vandal.execute_batch(sql).expect("it can be damaged");
        ruin
    }

    pub fn call(&self, call: &str) -> Answer {
        let (method, path) = parts(call);
        let path = path
            .replace("{session}", &self.session)
            .replace("{user}", &self.user)
            .replace("{transaction}", &self.transaction);
        if path == "transaction" {
            let body = standard(&self.user, "t-1");
            self.sandbox.json(method, &path, &body)
        } else {
            self.sandbox.bare(method, &path)
        }
    }
}

/// Method and path.
pub fn parts(call: &str) -> (&str, &str) {
    call.split_once(' ').expect("a method and a path")
}
