//! Everything that a key can ask for, each with a stable id and a sentence for the help.

macro_rules! commands {
    ($($name:ident, $id:literal, $words:literal;)*) => {
        /// What the user wants done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Command { $($name),* }

        impl Command {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name for configuration and documentation. It never changes.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id),* }
            }

            /// What it does, for the help.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words),* }
            }
        }
    };
}

commands! {
    OpenActions, "view.actions", "what can be done with the selected thing";
    OpenCopyMenu, "view.copy", "copy ids, bodies, curl or shell exports";
    Export, "view.export", "share: write a file";
    NewPayment, "session.new", "identify a payer";
    ChooseProfile, "endpoint.choose", "go to another endpoint (profile)";
    RetrieveSelected, "transaction.retrieve", "retrieve the transaction (only reads)";
    PlayPayer, "payer.play", "be the payer: walk the waiting pages here";
    OpenFilter, "find.filter", "narrow this list as you type";
    OpenPalette, "find.palette", "find a command, and do it";
    OpenGoTo, "find.id", "go to whatever has an id (or paste it)";
    Accept, "find.accept", "take what was typed";
    Earlier, "find.earlier", "the filter used before this one";
    Later, "find.later", "the filter used after this one";
    Zoom, "view.zoom", "this pane alone, and back";
    OpenHelp, "view.help", "every key";
    FocusSessions, "focus.sessions", "go to the sessions";
    FocusTransactions, "focus.transactions", "go to the transactions";
    FocusInspector, "focus.inspector", "go to the inspector";
    FocusTimeline, "focus.timeline", "go to the timeline";
    FocusNext, "focus.next", "next pane";
    FocusPrevious, "focus.previous", "previous pane";
    Up, "move.up", "up";
    Down, "move.down", "down";
    PageUp, "move.page_up", "a page up";
    PageDown, "move.page_down", "a page down";
    HalfPageUp, "move.half_page_up", "half a page up";
    HalfPageDown, "move.half_page_down", "half a page down";
    First, "move.first", "to the first";
    Last, "move.last", "to the last";
    Previous, "move.left", "the one to the left";
    Next, "move.right", "the one to the right";
    Open, "view.open", "open, or do what is selected";
    Leave, "view.leave", "leave; or stop waiting for an answer";
    Submit, "form.submit", "send";
    SendAnyway, "form.send_anyway", "send it anyway, though it is refused";
    NameAnswer, "form.stub", "name the answer (Prefer): nothing happens";
    TurnForm, "form.json", "the body as JSON, and back to the fields";
    PreviewCall, "form.preview", "exactly what will be sent, and as curl";
    CopyAsCurl, "form.curl", "copy what will be sent as a curl command";
    SendAgain, "exchange.resend", "send it again: same, new key or edited";
    EditAndSend, "exchange.edit", "edit what is shown, and send it";
    Undo, "text.undo", "undo";
    Redo, "text.redo", "do it again";
    NextField, "form.next", "next field";
    PreviousField, "form.previous", "previous field";
    OpenInBrowser, "payer.browser", "open the page in a browser";
    CopyPage, "payer.copy", "copy the page's address";
    ShowCode, "payer.code", "the page's address as a QR code, and back";
    CancelAsPayer, "payer.cancel", "cancel, as the payer would";
    CancelStep, "session.cancel_step", "it cannot be done: try another way";
    SmsArrives, "sandbox.sms", "let the SMS arrive now (sandbox)";
    CopySms, "session.copy_sms", "copy the SMS text";
    DeletePayment, "journal.delete", "delete a payment from the journal";
    ShowMoney, "view.money", "the money of this payment, and of all";
    Search, "inspector.search", "search in what is shown";
    NextMatch, "inspector.next_match", "to the next match";
    PreviousMatch, "inspector.previous_match", "to the match before";
    ToggleFold, "inspector.fold", "fold or unfold what the cursor is in";
    FoldMore, "inspector.fold_more", "fold one level more";
    FoldLess, "inspector.fold_less", "fold one level less";
    AskQuery, "inspector.query", "a jq filter over the body";
    TurnRaw, "inspector.raw", "the body as it came, and laid out again";
    ToggleWrap, "inspector.wrap", "long lines go on below, or are cut";
    ToggleNumbers, "inspector.numbers", "line numbers";
    CopyValue, "inspector.copy_value", "copy the value under the cursor";
    Mark, "timeline.mark", "mark an exchange of the timeline, or not";
    Compare, "view.compare", "what differs between the two marked";
    ToggleMasks, "compare.masks", "ids and times too, or not";
    ShowLastCopied, "view.copied", "show what was copied last";
    Redraw, "view.redraw", "draw anew, and read theme and keys again";
    ChooseTheme, "view.theme", "choose a theme";
    ToggleMouse, "view.mouse", "mouse off, to select text (or hold shift)";
    NarrowLeft, "view.narrower", "a narrower left column";
    WidenLeft, "view.wider", "a wider left column";
    Suspend, "app.suspend", "back to the shell for a while";
    Quit, "app.quit", "quit";
    QuitAtOnce, "app.quit_at_once", "quit without asking";
    Interrupt, "app.interrupt", "stop what is running; again: quit";
}
